//! Where other processes are answered by the one that runs the queue.

use std::io;
use std::time::Duration;

use haul::Engine;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::execute::execute;
use super::problem::Problem;
use super::protocol::Reply;
use super::socket::{Asker, Socket};

/// Who is talked to at the same time; others wait.
const MOST: usize = 64;

/// Time until the next try where nobody could be let in.
const PAUSE: Duration = Duration::from_millis(100);

pub struct Desk {
    closing: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Desk {
    /// Serves whoever asks, on the local set that it is called in.
    pub fn open(engine: Engine, socket: Socket) -> Self {
        let closing = watch::Sender::new(false);
        let serving = tokio::task::spawn_local(serve(engine, socket, closing.subscribe()));
        Self { closing, serving }
    }

    /// Answers what has been asked, and nothing more.
    pub async fn close(self) {
        self.closing.send_replace(true);
        let _ = self.serving.await;
    }
}

async fn serve(engine: Engine, socket: Socket, mut closing: watch::Receiver<bool>) {
    let mut conversations = JoinSet::new();
    let told = closing.clone();
    loop {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            Some(_) = conversations.join_next() => {}
            asker = socket.accept(), if conversations.len() < MOST => match asker {
                Ok(asker) => drop(conversations.spawn_local(converse(asker, engine.clone(), told.clone()))),
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
        }
    }
    drop(socket);
    while conversations.join_next().await.is_some() {}
}

/// Answers one process until it leaves, or the desk closes.
async fn converse(mut asker: Asker, engine: Engine, mut closing: watch::Receiver<bool>) -> io::Result<()> {
    asker.greet().await?;
    loop {
        let request = tokio::select! {
            biased;
            _ = closing.wait_for(|closing| *closing) => return asker.reply(&Reply::Closing).await,
            request = asker.request() => request,
        };
        match request {
            Ok(Some(request)) => asker.reply(&execute(&engine, request).await).await?,
            Ok(None) => return Ok(()),
            Err(error) => {
                let problem = Problem::failed(format!("the request was not understood: {error}"));
                return asker.reply(&Reply::Refused { problem }).await;
            }
        }
    }
}
