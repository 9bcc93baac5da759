//! Request headers from files. Arguments can be read by other processes of the machine, and stay in a shell's history; a file is a place
//! for secrets.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::documents;
use super::values::is_header;

/// The headers, with the lines of a file in the place of each `@FILE`.
///
/// # Errors
///
/// A file that cannot be read, or the number of a line that is no header; the line may be a secret.
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
