//! Escaped text on standard output and standard error.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use crate::terminal_text::{escaped, escaped_json, escaped_lines};

/// The first error of standard output.
static FAILED: OnceLock<String> = OnceLock::new();

/// Writes lines and columns. Line ends and tabs stay, so callers escape cells that hold text from outside.
pub fn write(text: &str) {
    write_all(&escaped_lines(text));
}

/// Writes a line of JSON.
pub fn json(text: &str) {
    write_all(&(escaped_json(text) + "\n"));
}

/// Writes a line to standard error.
pub fn say(line: &str) {
    eprintln!("{}", escaped(line));
}

/// The error of standard output, if a write failed. If the reader closed it early, that is no failure.
pub fn failure() -> Option<&'static str> {
    FAILED.get().map(String::as_str)
}

fn write_all(text: &str) {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => drop(FAILED.set(error.to_string())),
        _ => {}
    }
}
