//! Files named by options, with `-` for standard input.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::file_path::FilePath;
use haul_command::redaction::named;
use haul_core::text::encoding;
use wasip2::cli::stdin::get_stdin;
use wasip2::io::streams::StreamError;

use crate::shell::read_file;

/// Longest document, in bytes, so that a wrong file name does not fill the component's memory; a list of 500,000 URLs is shorter.
const MAX_LENGTH: usize = 64 << 20;

/// # Errors
///
/// The file's name if it cannot be read.
pub fn bytes(path: &FilePath) -> Result<Vec<u8>, String> {
    let bytes = if path.is_standard_stream() { read_stdin() } else { read_file(&path.to_text(), MAX_LENGTH) };
    bytes.ok_or_else(|| format!("{} cannot be read; is it there, and its directory granted with --dir?", title(path)))
}

/// # Errors
///
/// The file's name if it cannot be read or is not text.
pub fn text(path: &FilePath) -> Result<String, String> {
    let text = encoding::of_document(&bytes(path)?).map(Cow::into_owned);
    text.ok_or_else(|| format!("{} is no text in UTF-8 or UTF-16", title(path)))
}

/// The name of a document in messages.
pub fn title(path: &FilePath) -> String {
    if path.is_standard_stream() { "standard input".into() } else { named(&path.to_text()) }
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
