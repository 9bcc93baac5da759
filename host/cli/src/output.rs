//! Escaped text on standard output and standard error.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use haul_command::terminal::{escaped, escaped_json, escaped_lines};

/// The first error of standard output.
static FAILED: OnceLock<String> = OnceLock::new();

/// Writes lines and columns. Line ends and tabs stay, so callers escape cells that hold text from outside.
pub fn write(text: &str) {
    write_all(&escaped_lines(text));
}

/// The version of the lines of JSON, in the first one of each command. It changes if a field is removed or has another meaning, so that a
/// script can refuse a form that it does not know.
const SCHEMA: u32 = 1;

/// Writes an object as a line of JSON.
pub fn json(object: &str) {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    let version = format!("{{\"schema\":{SCHEMA},");
    let line = match object.strip_prefix('{') {
        Some(rest) if !BEGUN.swap(true, Ordering::Relaxed) => version + rest,
        _ => object.into(),
    };
    write_all(&(escaped_json(&line) + "\n"));
}

/// Writes a line to standard error.
pub fn say(line: &str) {
    // The terminal may be gone, as after SIGHUP; eprintln! would panic then.
    let _ = writeln!(io::stderr(), "{}", escaped(line));
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
