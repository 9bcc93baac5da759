//! Text for standard output, and whether that took it.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use crate::exit::Outcome;

/// Why something could not be written.
static FAILED: OnceLock<String> = OnceLock::new();

/// A reader that leaves early is no failure; [`end`] tells of others.
pub fn write(text: &str) {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => drop(FAILED.set(error.to_string())),
        _ => {}
    }
}

/// What the process ends with, where it would end with `code` had everything been written.
pub fn end(code: ExitCode) -> ExitCode {
    match FAILED.get() {
        Some(error) => {
            eprintln!("haul: standard output: {error}");
            Outcome::Failed.into()
        }
        None => code,
    }
}
