//! A daemon: it runs the queue of a directory, completes jobs, and serves other processes until it is interrupted.
//!
//! `cargo run --example daemon -- DIRECTORY`; beside it, `haul jobs add --state-dir DIRECTORY URL`.

use std::error::Error;

use haul_queue::vocabulary::JobState;
use haul_queue::{Action, Answer, Event, Location, Queue, Request, Selection, Server};
use tokio::task::LocalSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: daemon DIRECTORY")?;
    let location = Location::new(directory);
    let queue = haul_queue::acquire(&location, |builder| builder.max_running(5)).await?;
    LocalSet::new().run_until(serve(&queue, &location)).await?;
    queue.close().await;
    Ok(())
}

async fn serve(queue: &Queue, location: &Location) -> Result<(), Box<dyn Error>> {
    let mut events = queue.subscribe();
    let server = Server::open(queue.clone(), location)?;
    complete(queue, Selection::All).await?;
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            interrupted = tokio::signal::ctrl_c() => break interrupted?,
        };
        match event {
            Some(Event::Job { job, .. }) => complete(queue, Selection::Named(vec![job])).await?,
            Some(Event::Missed { .. }) => complete(queue, Selection::All).await?,
            None => break,
        }
    }
    server.close().await;
    Ok(())
}

/// Completes those of the jobs that are transferred. A job that is gone in the meantime is no error.
async fn complete(queue: &Queue, jobs: Selection) -> Result<(), Box<dyn Error>> {
    for answer in queue.execute(Request::Describe { jobs }).await.jobs()? {
        let Answer::Job(job) = answer else { continue };
        println!("{}: {}, {} bytes", job.title(), job.state, job.bytes);
        if job.state == JobState::Transferred {
            let jobs = Selection::Named(vec![job.id]);
            queue.execute(Request::Act { jobs, action: Action::Complete }).await.jobs()?;
        }
    }
    Ok(())
}
