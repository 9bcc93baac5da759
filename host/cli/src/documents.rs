//! Files named by options, with `-` for standard input.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use haul_command::document::of_document;
use haul_command::file_path::FilePath;
use haul_command::headers;
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
    read.map_err(|error| Refusal::Misuse(format!("{} cannot be read: {error}", title(path))))
}

/// # Errors
///
/// [`Refusal::Misuse`] with the file's name if it cannot be read or is not text.
pub fn text(path: &Path) -> Result<String, Refusal> {
    let text = of_document(&bytes(path)?).map(Cow::into_owned);
    text.ok_or_else(|| Refusal::Misuse(format!("{} is no text in UTF-8 or UTF-16", title(path))))
}

/// Replaces each `@FILE` of an option by the headers of the file.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a file cannot be used.
pub fn headers(option: &str, given: Vec<String>) -> Result<Vec<String>, Refusal> {
    headers::read(option, given, |path| text(Path::new(path)))
}

/// A path of the command line.
pub fn path(path: &FilePath) -> PathBuf {
    OsStr::from_bytes(path.as_bytes()).into()
}

/// The name of a document in messages.
pub fn title(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".into() } else { titled(path) }
}
