//! Request headers from files. Other processes of the machine can read arguments, and shells keep them in their history, so secrets belong
//! in files.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::documents;
use super::values::is_header;

/// Replaces each `@FILE` by the lines of the file.
///
/// # Errors
///
/// If a file cannot be read or a line is not a header. The message gives the line's number only, because the line may be a secret.
pub fn read(option: &str, given: Vec<String>) -> Result<Vec<String>, String> {
    let read = given.into_iter().map(|header| match header.strip_prefix('@') {
        Some(path) => lines(option, path),
        None => Ok(vec![header]),
    });
    read.collect::<Result<Vec<_>, _>>().map(|read| read.concat())
}

fn lines(option: &str, path: &str) -> Result<Vec<String>, String> {
    let text = documents::text(path)?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let header = |(line, number): (&str, u32)| match is_header(line) {
        true => Ok(line.into()),
        false => Err(format!("{option} @{path}: line {number} is not 'Name: value'")),
    };
    lines.map(header).collect()
}
