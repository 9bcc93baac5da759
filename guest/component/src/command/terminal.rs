//! Text on standard output and standard error.

use alloc::string::String;

use haul_core::text::terminal::{escaped, escaped_json};
use serde::Serialize;
use wasip2::cli::{stderr, stdout};
use wasip2::io::streams::OutputStream;

/// Most bytes that one blocking write takes: the limit of `wasi:io/streams`.
const MOST: usize = 4096;

/// Writes text of haul's own, with its line ends.
pub fn out(text: &str) {
    write(&stdout::get_stdout(), text);
}

/// Writes a line to standard output.
pub fn line(text: &str) {
    write(&stdout::get_stdout(), &(String::from(escaped(text)) + "\n"));
}

/// Writes a line of JSON to standard output.
pub fn json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        write(&stdout::get_stdout(), &(String::from(escaped_json(&text)) + "\n"));
    }
}

/// Writes a line to standard error.
pub fn tell(text: &str) {
    write(&stderr::get_stderr(), &(String::from(escaped(text)) + "\n"));
}

/// Stops if the stream is closed. That is no error, because a reader may close it early.
fn write(stream: &OutputStream, text: &str) {
    for part in text.as_bytes().chunks(MOST) {
        if stream.blocking_write_and_flush(part).is_err() {
            return;
        }
    }
}
