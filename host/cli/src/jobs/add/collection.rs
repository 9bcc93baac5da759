//! The files to add: from the command line, from lists, and from documents.

use std::path::{Path, PathBuf};

use haul::{DescribedFile, Engine, Error};
use haul_queue::file::Options;
use haul_queue::redaction::{quoted, titled};
use haul_queue::{CommandError, NewFile, Outcome};

use crate::arguments::jobs::{Add, Files};
use crate::documents;
use crate::jobs::input_file::{self, Entry};
use crate::jobs::settings;
use crate::list::{self, Goal};
use crate::output;

/// A file and the request headers that it needs.
pub struct Wanted {
    pub headers: Vec<String>,
    pub file: NewFile,
}

/// Collects all files with their target paths.
///
/// # Errors
///
/// If an option, a list, a document or a URL is wrong.
pub async fn collect(reader: &Engine, urls: &[String], files: &Files) -> Result<Vec<Wanted>, CommandError> {
    let mut entries = entries(reader, urls, files).await?;
    only_one(&mut entries, files).map_err(CommandError::misuse)?;
    entries.iter_mut().for_each(|entry| for_all(entry, files));
    check(reader, &entries).await?;
    let paths = paths(reader, &entries, &files.dir).await?;
    let wanted = entries.into_iter().zip(paths).map(|(entry, path)| {
        let Entry { url, headers, options, .. } = entry;
        let file = NewFile { url, path, ranges: files.ranges.clone(), options };
        Wanted { headers, file }
    });
    Ok(wanted.collect())
}

async fn entries(reader: &Engine, urls: &[String], files: &Files) -> Result<Vec<Entry>, CommandError> {
    let mut entries = Vec::new();
    for url in urls {
        match url.as_str() {
            "-" => entries.extend(listed(Path::new("-"))?),
            url => entries.push(Entry::new(url)),
        }
    }
    if let Some(path) = &files.input_file {
        entries.extend(listed(path)?);
    }
    if let Some(path) = &files.metalink {
        let document = documents::bytes(path)?;
        let described = reader.read_metalink(&document).await;
        let described = described.map_err(|error| unusable(error, title(path)))?;
        entries.extend(described.into_iter().map(from_description));
    }
    if entries.is_empty() {
        return Err(CommandError::misuse("the list names no URL"));
    }
    Ok(entries)
}

/// Refuses a second reader of standard input, which can be read only once.
pub fn share_standard_input(add: &Add) -> Result<(), CommandError> {
    let documents = [&add.files.input_file, &add.files.metalink];
    let named = documents.into_iter().flatten().filter(|path| path.as_os_str() == "-").count();
    let lists = add.urls.iter().filter(|url| *url == "-").count();
    match named + lists + settings::count_from_standard_input(&add.settings) {
        0 | 1 => Ok(()),
        _ => Err(CommandError::misuse("standard input can be read once only; name a file in the place of one -")),
    }
}

/// Reads a list, and names the options that haul ignores.
fn listed(path: &Path) -> Result<Vec<Entry>, CommandError> {
    let name = title(path);
    let text = documents::text(path)?;
    let list = input_file::parse(&text).map_err(|wrong| CommandError::misuse(wrong).about(name.clone()))?;
    for (option, line) in &list.passed_over {
        output::say(&format!("haul: {name}: line {line}: the option {option} is passed over; haul has none like it"));
    }
    Ok(list.entries)
}

fn from_description(file: DescribedFile) -> Entry {
    let mut urls = file.urls.into_iter();
    let mut entry = Entry::new(urls.next().unwrap_or_default());
    entry.out = Some(file.name.into());
    entry.options = Options {
        mirrors: urls.collect(),
        digests: file.digests.into_iter().map(Into::into).collect(),
        pieces: file.pieces.map(Into::into),
        length: file.length,
        ..Options::default()
    };
    entry
}

/// Applies the options that are for one file.
fn only_one(entries: &mut [Entry], files: &Files) -> Result<(), String> {
    let given = [
        ("--output", files.output.is_some()),
        ("--mirror", !files.mirror.is_empty()),
        ("--ranges", !files.ranges.is_empty()),
        ("--checksum", !files.checksum.is_empty()),
    ];
    let Some((option, _)) = given.into_iter().find(|(_, given)| *given) else { return Ok(()) };
    let [entry] = entries else { return Err(format!("{option} takes one URL")) };
    entry.out = files.output.clone().or(entry.out.take());
    entry.options.mirrors.extend(files.mirror.iter().cloned());
    entry.options.digests.extend(files.checksum.iter().cloned().map(Into::into));
    Ok(())
}

/// Applies the options that are for all files. If a list has the option for a file, the list wins.
fn for_all(entry: &mut Entry, files: &Files) {
    let options = &mut entry.options;
    options.connections = options.connections.or(files.connections);
    options.max_rate = options.max_rate.or(files.limit_rate_per_file);
    options.overwrite |= files.overwrite;
    options.origin_names |= files.content_disposition;
    options.no_sync |= files.no_sync;
}

/// Checks the URLs one at a time, because the error of a job does not name the wrong one.
async fn check(reader: &Engine, entries: &[Entry]) -> Result<(), CommandError> {
    let trial = reader.create_download().await?;
    for url in entries.iter().flat_map(|entry| [&entry.url].into_iter().chain(&entry.options.mirrors)) {
        trial.set_uri(url).await.map_err(|error| unusable(error, quoted(url)))?;
    }
    Ok(trial.abort().await?)
}

/// The absolute paths of the files.
async fn paths(reader: &Engine, entries: &[Entry], dir: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let absolute = |path: &Path| {
        let known = std::path::absolute(path);
        known.map_err(|error| CommandError::misuse(format!("the directory {}: {error}", titled(path))))
    };
    let base = absolute(dir)?;
    let dirs: Vec<_> =
        entries.iter().map(|entry| entry.dir.as_ref().map_or_else(|| base.clone(), |dir| base.join(dir))).collect();
    let goals = entries.iter().zip(&dirs).map(|(entry, dir)| Goal { dir, name: entry.out.as_deref(), url: &entry.url });
    list::paths(reader, &goals.collect::<Vec<_>>()).await.map_err(CommandError::misuse)
}

/// The error for a document or URL that cannot be used.
fn unusable(error: Error, what: String) -> CommandError {
    let outcome = if matches!(error, Error::Failed(_)) { Outcome::Misuse } else { Outcome::Failed };
    CommandError { outcome, ..CommandError::from(error).about(what) }
}

/// The name of a document in messages.
fn title(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".into() } else { titled(path) }
}
