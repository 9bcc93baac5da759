//! Text for standard output and standard error, the one way to both.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use crate::terminal_text::{escaped, escaped_json, escaped_lines};

/// Why something could not be written.
static FAILED: OnceLock<String> = OnceLock::new();

/// Lines and columns; cells that hold text of others are escaped before.
pub fn write(text: &str) {
    write_all(&escaped_lines(text));
}

/// A line of JSON.
pub fn json(text: &str) {
    write_all(&(escaped_json(text) + "\n"));
}

/// A line on standard error.
pub fn say(line: &str) {
    eprintln!("{}", escaped(line));
}

/// Why standard output does not take what is written to it. A reader that leaves early is no failure.
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
