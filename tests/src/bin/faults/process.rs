//! One process: it exits by itself, reaches a moment of the scenario, or is killed at its time limit.

use std::io;
use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use haul_tests::origin::{Origin, RecordedRequest};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::time::sleep;

use crate::stage::{Act, Moment, PATH};

/// The time limit of a process.
pub const LIMIT: Duration = Duration::from_secs(30);

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Success,
    Failure,
    /// By SIGKILL, at the moment set for it.
    Killed,
    /// Not within the time limit.
    Hung,
}

/// The result of a process.
#[derive(Debug)]
pub struct Run {
    pub end: End,
    /// The last line of its output.
    pub said: String,
}

/// Runs `command` to its end. At the moment, if any, carries out its act.
pub async fn run(mut command: Command, origin: &Origin, moment: Option<&Moment>) -> Run {
    let (reader, writer) = io::pipe().expect("a pipe");
    let stdout = writer.try_clone().expect("a pipe");
    let mut child = command.stdin(Stdio::null()).stdout(stdout).stderr(writer).spawn().expect("the program runs");
    // The command holds write ends of the pipe; without them the pipe closes with the child.
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
            // The limit comes first: the origin's wait is as long, and it ends in a panic.
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
    // If the child has been waited for, these do nothing.
    child.kill().and_then(|()| child.wait()).expect("a child of this process");
    end
}

/// The act of the moment, once the origin has sent enough bytes.
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
