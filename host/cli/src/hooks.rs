//! Programs that run after a file.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use haul_queue::Outcome;

use crate::output;

/// The programs of the options, each with its arguments between spaces.
#[derive(Debug)]
pub struct Hooks {
    pub on_complete: Option<String>,
    pub on_error: Option<String>,
}

/// The facts of a file, for a program.
pub struct Facts<'a> {
    pub url: &'a str,
    pub path: &'a OsStr,
    pub bytes: u64,
    pub error: Option<String>,
}

impl Hooks {
    pub const fn are_set(&self) -> bool {
        self.on_complete.is_some() || self.on_error.is_some()
    }

    /// Runs the program for the outcome of a file, and waits for it. Standard output stays the command's own: a program writes to
    /// standard error.
    pub async fn run(&self, outcome: Outcome, facts: Facts<'_>) {
        let program = if outcome == Outcome::AllTransferred { &self.on_complete } else { &self.on_error };
        let Some(mut command) = program.as_deref().and_then(command) else { return };
        command.env("HAUL_URL", facts.url).env("HAUL_PATH", facts.path).env("HAUL_BYTES", facts.bytes.to_string());
        if let Some(error) = facts.error {
            command.env("HAUL_ERROR", error);
        }
        let ended = tokio::task::spawn_blocking(move || command.status()).await;
        let name = program.as_deref().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        match ended {
            Ok(Ok(status)) if status.success() => {}
            Ok(Ok(status)) => output::say(&format!("haul: the program {name} failed: {status}")),
            Ok(Err(error)) => output::say(&format!("haul: the program {name} cannot be started: {error}")),
            Err(_) => {}
        }
    }
}

/// The program and its arguments. No shell reads them.
fn command(line: &str) -> Option<Command> {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words).stdin(Stdio::null()).stdout(std::io::stderr());
    Some(command)
}
