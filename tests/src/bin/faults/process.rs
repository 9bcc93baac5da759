//! One process: it ends by itself, something happens on its way, or it is killed for taking too long.

use std::io;
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use haul_tests::origin::{Origin, RecordedRequest};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::time::sleep;

use crate::stage::{Act, Moment, PATH};

/// How long a process may take.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Success,
    Failure,
    /// By SIGKILL, at the moment that was set for it.
    Killed,
    /// Not within the limit.
    Hung,
}

/// What there is to know of a process that has ended.
#[derive(Debug)]
pub struct Run {
    pub end: End,
    /// The last line that it wrote.
    pub said: String,
}

/// Runs `command` to its end. When the moment comes, if there is one, what belongs to it is done.
pub async fn run(mut command: Command, origin: &Origin, moment: Option<&Moment>) -> Run {
    let (reader, writer) = io::pipe().expect("a pipe");
    let stdout = writer.try_clone().expect("a pipe");
    let mut child = command.stdin(Stdio::null()).stdout(stdout).stderr(writer).spawn().expect("the program runs");
    // It holds ends for writing; without them the pipe ends when the child does.
    drop(command);
    let mut output = Receiver::from_owned_fd(reader.into()).expect("a pipe");
    let mut said = Vec::new();
    let end = until_the_end(&mut child, output.read_to_end(&mut said), origin, moment).await;
    Run { end, said: last_line(&said) }
}

async fn until_the_end(
    child: &mut Child,
    output: impl Future<Output = io::Result<usize>>,
    origin: &Origin,
    mut moment: Option<&Moment>,
) -> End {
    let (mut output, mut limit) = (pin!(output), pin!(sleep(LIMIT)));
    let end = loop {
        tokio::select! {
            // The limit first: the patience of the origin is as long, and ends in a panic.
            biased;
            () = &mut limit => break End::Hung,
            _ = &mut output => break exit(child),
            act = reached(origin, moment) => match act {
                Act::Kill => break End::Killed,
                Act::Serve(resource) => origin.put(PATH, resource.clone()),
            }
        }
        moment = None;
    };
    // What has ended is neither killed nor waited for again.
    child.kill().and_then(|()| child.wait()).expect("a child of this process");
    end
}

/// What is to be done, as soon as the origin has sent enough for that.
async fn reached<'a>(origin: &Origin, moment: Option<&'a Moment>) -> &'a Act {
    let Some(moment) = moment else {
        return std::future::pending().await;
    };
    origin.until(|requests| sent(requests) >= moment.sent).await;
    &moment.act
}

fn sent(requests: &[RecordedRequest]) -> u64 {
    requests.iter().map(|request| request.body_sent).sum()
}

fn exit(child: &mut Child) -> End {
    match child.wait().expect("a child of this process").success() {
        true => End::Success,
        false => End::Failure,
    }
}

fn last_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    said.trim_end().lines().next_back().unwrap_or_default().trim().to_string()
}
