//! URLs and their target files, from the command line and from lists.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_command::file_path::FilePath;
use haul_command::list::{self, Entry};
use haul_command::redaction::{named, redact};
use haul_command::targets::{self, Goal};
use haul_command::{glob, sums};
use haul_core::content::pieces::Pieces;
use haul_core::failure::Cause;
use haul_core::parse::url::Url;
use haul_core::parse::{metalink, piece_hash_file};

use super::{coded, documents, fail};

/// A file to download, and its target.
#[derive(Debug, Default)]
pub struct Item {
    pub entry: Entry,
    /// The path of the target, or `standard output`.
    pub path: String,
    pub pieces: Option<Pieces>,
    pub length: Option<u64>,
}

/// The items of the command line, the lists and the documents, and whether every line of a list and every described file can be used.
///
/// # Errors
///
/// If the command line or a document is wrong, or no file is left.
pub fn items(arguments: &Arguments) -> Result<(Vec<Item>, bool), String> {
    arguments.share_standard_input()?;
    arguments.check_standard_output()?;
    let (entries, all_right) = entries(arguments)?;
    let (described, all_usable) = described_files(arguments)?;
    let sound = all_right && all_usable;
    let mut items: Vec<_> = entries.into_iter().map(|entry| Item { entry, ..Item::default() }).collect();
    items.extend(described);
    match &mut items[..] {
        [] if sound => return Err("the list names no URL".into()),
        [item] => complete(item, arguments)?,
        _ => arguments.refuse_options_for_one()?,
    }
    add_sums(arguments, items.iter_mut().map(|item| &mut item.entry))?;
    with_paths(arguments, &mut items)?;
    Ok((items, sound))
}

/// The entries of the command line and of lists, and whether every line was right. Wrong lines are reported.
pub fn entries(arguments: &Arguments) -> Result<(Vec<Entry>, bool), String> {
    let mut entries = Vec::new();
    let mut sound = true;
    let standard_input = FilePath::from("-");
    for url in &arguments.urls {
        match url.trim() {
            "" => return Err("a URL is empty; give an absolute http or https URL".into()),
            "-" => sound &= listed(&standard_input, &mut entries)?,
            _ if arguments.glob => entries.extend(glob::expanded(url)?.into_iter().map(Entry::new)),
            _ => entries.push(Entry::new(url.as_str())),
        }
    }
    if let Some(path) = &arguments.input {
        sound &= listed(path, &mut entries)?;
    }
    Ok((entries, sound))
}

/// Adds the entries of a list, and reports wrong lines and options that haul ignores; `false` if a line is wrong.
fn listed(path: &FilePath, entries: &mut Vec<Entry>) -> Result<bool, String> {
    let list = list::parse(&documents::text(path)?);
    let title = documents::title(path);
    for remark in list.remarks(&title) {
        let _ = fail(&remark);
    }
    entries.extend(list.entries);
    Ok(list.wrong.is_empty())
}

/// Adds the digests of files of digests, by the names of the files.
pub fn add_sums<'a>(arguments: &Arguments, entries: impl Iterator<Item = &'a mut Entry>) -> Result<(), String> {
    let texts = arguments.sums.iter().map(|path| Ok((path, documents::text(path)?)));
    let texts: Vec<_> = texts.collect::<Result<_, String>>()?;
    for entry in entries {
        for (path, text) in &texts {
            let name = entry.name.as_ref().map(|name| String::from(name.to_text()));
            let name = name.unwrap_or_else(|| targets::name_of(&entry.url));
            let name = name.rsplit('/').next().unwrap_or_default();
            let found = sums::find(text, name);
            entry
                .digests
                .push(found.ok_or_else(|| format!("{} has no line for {}", documents::title(path), named(name)))?);
        }
    }
    Ok(())
}

/// Adds the values of the options that are for one file.
fn complete(item: &mut Item, arguments: &Arguments) -> Result<(), String> {
    if let Some(wrong) = arguments.mirrors.iter().find(|mirror| Url::parse(mirror).is_none()) {
        return Err(format!("--mirror '{}': {}", redact(wrong), coded(Cause::InvalidUrl)));
    }
    item.entry.digests.extend(arguments.checksums.iter().cloned());
    item.entry.mirrors.extend(arguments.mirrors.iter().cloned());
    if let Some(document) = &arguments.pieces {
        let read = piece_hash_file::parse(&documents::text(document)?);
        let wrong = |wrong| format!("{}: {}", documents::title(document), coded(Cause::PieceHashFile(wrong)));
        let read = read.map_err(wrong)?;
        (item.pieces, item.length) = (Some(read.pieces), Some(read.length));
    }
    if arguments.to_standard_output() {
        // Standard output takes each byte once, so a wrong piece could not be replaced. Digests of the whole file are still verified.
        item.pieces = None;
    }
    Ok(())
}

/// The files of the Metalink document, if one is given, and whether all that it describes can be used. The others are reported.
pub fn described_files(arguments: &Arguments) -> Result<(Vec<Item>, bool), String> {
    let Some(document) = &arguments.metalink else { return Ok((Vec::new(), true)) };
    let title = documents::title(document);
    let read = metalink::parse(&documents::text(document)?);
    let read = read.map_err(|wrong| format!("{title}: {}", coded(Cause::Metalink(wrong))))?;
    for metalink::Refused { name, cause } in &read.refused {
        let _ = fail(&format!("{title}: '{}' is left out: {}", named(name), cause.description()));
    }
    Ok((read.files.into_iter().map(described).collect(), read.refused.is_empty()))
}

fn described(file: metalink::File) -> Item {
    let mut urls = file.urls.into_iter();
    let mut entry = Entry::new(urls.next().unwrap_or_default());
    entry.mirrors = urls.collect();
    entry.digests = file.digests;
    entry.name = Some(file.name.into());
    Item { entry, path: String::new(), pieces: file.pieces, length: file.size }
}

fn with_paths(arguments: &Arguments, items: &mut [Item]) -> Result<(), String> {
    if arguments.to_standard_output() {
        items.iter_mut().for_each(|item| item.path = "standard output".into());
        return Ok(());
    }
    let paths = paths(arguments, items.iter().map(|item| &item.entry))?;
    items.iter_mut().zip(paths).for_each(|(item, path)| item.path = path);
    Ok(())
}

/// The path of each file.
pub fn paths<'a>(arguments: &Arguments, entries: impl Iterator<Item = &'a Entry>) -> Result<Vec<String>, String> {
    let directory = |entry: &Entry| match &entry.directory {
        Some(directory) => arguments.directory.join(directory),
        None => arguments.directory.clone(),
    };
    let (entries, directories): (Vec<_>, Vec<_>) = entries.map(|entry| (entry, directory(entry))).unzip();
    let goals = entries.into_iter().zip(&directories).map(|(entry, directory)| Goal {
        directory,
        name: arguments.output.as_ref().or(entry.name.as_ref()),
        url: &entry.url,
    });
    Ok(targets::paths(goals)?.iter().map(|path| path.to_text().into()).collect())
}
