//! Files named by options, with `-` for standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use haul_queue::redaction::titled;

use crate::exit::Refusal;

/// # Errors
///
/// [`Refusal::Misuse`] with the file's name if it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        _ => fs::read(path),
    };
    read.map_err(|error| Refusal::Misuse(format!("{} cannot be read: {error}", titled(path))))
}

/// # Errors
///
/// [`Refusal::Misuse`] with the file's name if it cannot be read or is not UTF-8.
pub fn text(path: &Path) -> Result<String, Refusal> {
    String::from_utf8(bytes(path)?).map_err(|_| Refusal::Misuse(format!("{} is no text in UTF-8", titled(path))))
}
