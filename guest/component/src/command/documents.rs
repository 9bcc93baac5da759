//! Files named by options, with `-` for standard input.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use wasip2::cli::stdin::get_stdin;
use wasip2::io::streams::StreamError;

use super::titled;
use crate::shell::read_file;

/// Longest document, in bytes, so that a wrong file name does not fill the component's memory; a list of 500,000 URLs is shorter.
const MAX_LENGTH: usize = 64 << 20;

/// # Errors
///
/// The file's name if it cannot be read.
pub fn bytes(path: &str) -> Result<Vec<u8>, String> {
    let bytes = if path == "-" { read_stdin() } else { read_file(path, MAX_LENGTH) };
    bytes.ok_or_else(|| format!("{} cannot be read; is it there, and its directory granted with --dir?", titled(path)))
}

/// # Errors
///
/// The file's name if it cannot be read or is not UTF-8.
pub fn text(path: &str) -> Result<String, String> {
    String::from_utf8(bytes(path)?).map_err(|_| format!("{} is no text in UTF-8", titled(path)))
}

fn read_stdin() -> Option<Vec<u8>> {
    let stdin = get_stdin();
    let mut bytes = Vec::new();
    loop {
        match stdin.blocking_read(64 << 10) {
            Ok(part) => bytes.extend(part),
            Err(StreamError::Closed) => return Some(bytes),
            Err(StreamError::LastOperationFailed(_)) => return None,
        }
        if bytes.len() > MAX_LENGTH {
            return None;
        }
    }
}
