//! Which URLs go to which files: from the command line, and from a list.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use haul_core::file_name;
use wasip2::cli::stdin::get_stdin;
use wasip2::io::streams::StreamError;

use super::arguments::Get;
use crate::shell::read_file;

/// Longest list, in bytes.
const MAX_LENGTH: usize = 64 << 20;

/// A URL, and the path of its file.
pub struct Item {
    pub url: String,
    pub path: String,
}

/// # Errors
///
/// What is wrong with the command line or the list.
pub fn items(get: &Get) -> Result<Vec<Item>, String> {
    let mut items: Vec<(String, Option<String>)> = get.urls.iter().map(|url| (url.clone(), None)).collect();
    if let Some(input) = &get.input {
        let bytes = if input == "-" { read_stdin() } else { read_file(input, MAX_LENGTH) };
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let text =
            text.ok_or_else(|| format!("the list {input} cannot be read; is its directory granted with --dir?"))?;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            items.push(parse_line(line)?);
        }
    }
    match items.len() {
        0 => return Err("the list names no URL".into()),
        1 => {}
        _ if get.output.is_some() => return Err("--output takes one URL; use --dir for several".into()),
        _ if !get.checksums.is_empty() => return Err("--checksum takes one URL".into()),
        _ => {}
    }
    Ok(with_paths(get, items))
}

fn parse_line(line: &str) -> Result<(String, Option<String>), String> {
    let Some((url, name)) = line.split_once('\t') else { return Ok((line.into(), None)) };
    let name = name.trim();
    let inside = !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    inside
        .then(|| (url.trim().to_string(), Some(name.into())))
        .ok_or_else(|| format!("the name {name} in the list leads out of the directory"))
}

/// Names taken from URLs are made different where they are the same.
fn with_paths(get: &Get, items: Vec<(String, Option<String>)>) -> Vec<Item> {
    let directory = get.directory.trim_end_matches('/');
    let mut paths: Vec<Item> = Vec::with_capacity(items.len());
    for (url, name) in items {
        let given = get.output.clone().or(name);
        let path = given.map(|name| inside(directory, &name)).unwrap_or_else(|| {
            let plain = format!("{directory}/{}", file_name::from_text(&url));
            let numbered = (2u32..).map(|number| format!("{plain}.{number}"));
            let free = |path: &String| paths.iter().all(|item| item.path != *path);
            [plain.clone()].into_iter().chain(numbered).find(free).unwrap_or(plain)
        });
        paths.push(Item { url, path });
    }
    paths
}

fn inside(directory: &str, name: &str) -> String {
    if name.starts_with('/') { name.into() } else { format!("{directory}/{name}") }
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
