//! Text to the standard streams.

use wasip2::cli::{stderr, stdout};
use wasip2::io::streams::OutputStream;

/// Most bytes that one blocking write takes.
const MOST: usize = 4096;

pub fn out(text: &str) {
    write(&stdout::get_stdout(), text);
}

pub fn error(text: &str) {
    write(&stderr::get_stderr(), text);
}

/// A closed stream is nobody's fault: a reader may leave early.
fn write(stream: &OutputStream, text: &str) {
    for part in text.as_bytes().chunks(MOST) {
        if stream.blocking_write_and_flush(part).is_err() {
            return;
        }
    }
}
