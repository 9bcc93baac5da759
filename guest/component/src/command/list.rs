//! URLs and their target files, from the command line and from lists.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use haul_core::content::digest::ExpectedDigest;
use haul_core::content::pieces::Pieces;
use haul_core::failure::Cause;
use haul_core::parse::file_name::{self, SIDE_FILES};
use haul_core::parse::url::{Url, redact};
use haul_core::parse::{metalink, piece_hash_file};

use super::arguments::Get;
use super::{coded, documents, quoted, titled};

/// A file to download, and its target.
#[derive(Debug, Default)]
pub struct Item {
    pub url: String,
    pub mirrors: Vec<String>,
    /// The path of the target, or `standard output`.
    pub path: String,
    pub checksums: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    pub length: Option<u64>,
}

/// # Errors
///
/// If the command line, the list or a document is wrong.
pub fn items(get: &Get) -> Result<Vec<Item>, String> {
    let plain = |(url, name): (String, Option<String>)| (Item { url, ..Item::default() }, name);
    let mut items: Vec<_> = get.urls.iter().map(|url| plain((url.clone(), None))).collect();
    if let Some(input) = &get.input {
        let text = documents::text(input)?;
        if let Some((_, number)) = text.lines().zip(1..).find(|(line, _)| is_aria2_option(line)) {
            let advice = "use 'haul jobs add -i', which reads that format";
            return Err(format!("line {number} of the list is indented, as options in aria2's format are; {advice}"));
        }
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            items.push(plain(parse_line(line)?));
        }
    }
    if let Some(document) = &get.metalink {
        let files = metalink::parse(&documents::text(document)?);
        let files = files.map_err(|unusable| format!("{}: {}", titled(document), coded(Cause::Metalink(unusable))))?;
        items.extend(files.into_iter().map(described));
    }
    if items.iter().any(|(item, _)| item.url.trim().is_empty()) {
        return Err("a URL is empty; give an absolute http or https URL".into());
    }
    match &mut items[..] {
        [] => return Err("the list names no URL".into()),
        [(item, _)] => complete(item, get)?,
        _ => refuse_options_for_one(get)?,
    }
    with_paths(get, items)
}

/// Adds the values of the options that are for one file.
fn complete(item: &mut Item, get: &Get) -> Result<(), String> {
    if let Some(wrong) = get.mirrors.iter().find(|mirror| Url::parse(mirror).is_none()) {
        return Err(format!("--mirror '{}': {}", redact(wrong), coded(Cause::InvalidUrl)));
    }
    item.checksums.extend(get.checksums.iter().cloned());
    item.mirrors.extend(get.mirrors.iter().cloned());
    if let Some(document) = &get.pieces {
        let read = piece_hash_file::parse(&documents::text(document)?);
        let read =
            read.map_err(|unusable| format!("{}: {}", titled(document), coded(Cause::PieceHashFile(unusable))))?;
        (item.pieces, item.length) = (Some(read.pieces), Some(read.length));
    }
    if get.to_standard_output() {
        // Standard output takes each byte once, so a wrong piece could not be replaced. Digests of the whole file are still verified.
        item.pieces = None;
    }
    Ok(())
}

fn refuse_options_for_one(get: &Get) -> Result<(), String> {
    let for_one = [
        ("--output", get.output.is_some()),
        ("--checksum", !get.checksums.is_empty()),
        ("--mirror", !get.mirrors.is_empty()),
        ("--pieces", get.pieces.is_some()),
        ("--integrity-info", get.integrity_info.is_some()),
        ("--decrypt", get.decrypt.is_some()),
        ("--refresh", get.refresh),
    ];
    match for_one.into_iter().find(|(_, given)| *given) {
        Some(("--output", _)) if get.to_standard_output() => {
            Err("--output - takes one URL: several would run into each other".into())
        }
        Some(("--output", _)) => Err("--output takes one URL; use --dir for several".into()),
        Some((option, _)) => Err(format!("{option} takes one URL")),
        None => Ok(()),
    }
}

fn described(file: metalink::File) -> (Item, Option<String>) {
    let mut urls = file.urls.into_iter();
    let item = Item {
        url: urls.next().unwrap_or_default(),
        mirrors: urls.collect(),
        path: String::new(),
        checksums: file.digests,
        pieces: file.pieces,
        length: file.size,
    };
    (item, Some(file.name))
}

/// Whether a line is indented as an option for the URL above it, such as ` header=Authorization: ...`. It may be a secret, so no
/// message shows it.
fn is_aria2_option(line: &str) -> bool {
    let text = line.trim_start();
    line.starts_with([' ', '\t']) && !text.is_empty() && !text.starts_with('#') && !text.contains("://")
}

fn parse_line(line: &str) -> Result<(String, Option<String>), String> {
    let Some((url, name)) = line.split_once('\t') else { return Ok((line.into(), None)) };
    let name = name.trim();
    if name.contains("//") {
        return Err(format!("the name {} in the list is a URL; write a URL a line", quoted(name)));
    }
    if name.is_empty() || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(format!("the name {} in the list leads out of the directory", titled(name)));
    }
    if file_name::is_side_file(name) {
        return Err(format!("the name {} in the list is that of a partial file or journal", titled(name)));
    }
    Ok((url.trim().to_string(), Some(name.into())))
}

/// Adds the paths. If names from URLs collide, also with side files of another download, a number makes them distinct.
///
/// # Errors
///
/// If a given name is that of another file's partial file or journal.
fn with_paths(get: &Get, items: Vec<(Item, Option<String>)>) -> Result<Vec<Item>, String> {
    let directory = get.directory.trim_end_matches('/');
    let mut paths: Vec<Item> = Vec::with_capacity(items.len());
    for (mut item, name) in items {
        if get.to_standard_output() {
            item.path = "standard output".into();
            paths.push(item);
            continue;
        }
        let given = get.output.clone().or(name);
        let path = given.map(|name| inside(directory, &name)).unwrap_or_else(|| {
            let plain = format!("{directory}/{}", file_name::from_text(&item.url));
            let numbered = (2u32..).map(|number| format!("{plain}.{number}"));
            let free = |path: &String| paths.iter().all(|item| item.path != *path && !lie_together(&item.path, path));
            [plain.clone()].into_iter().chain(numbered).find(free).unwrap_or(plain)
        });
        if paths.iter().any(|item| lie_together(&item.path, &path)) {
            return Err(format!("{path} lies where another file of this run is kept"));
        }
        item.path = path;
        paths.push(item);
    }
    Ok(paths)
}

/// Whether one is the other's partial file or journal.
fn lie_together(a: &str, b: &str) -> bool {
    let beside = |file: &str, other: &str| file.strip_prefix(other).is_some_and(|ending| SIDE_FILES.contains(&ending));
    beside(a, b) || beside(b, a)
}

fn inside(directory: &str, name: &str) -> String {
    if name.starts_with('/') { name.into() } else { format!("{directory}/{name}") }
}
