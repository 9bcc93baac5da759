//! The files to add: from the command line, from lists, and from documents.

use std::path::PathBuf;

use haul::{Engine, Error};
use haul_queue::file::Options;
use haul_queue::redaction::{quoted, titled};
use haul_queue::{Cause, CommandError, NewFile, Outcome};

use crate::arguments::jobs::Files;
use crate::documents::{self, title};
use crate::list::{self, Goal, Item};

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
    let mut items = items(reader, urls, files).await?;
    list::add_sums(&files.sums, &mut items)?;
    only_one(&mut items, files).map_err(CommandError::misuse)?;
    check(reader, &items).await?;
    let paths = paths(&items, files)?;
    let wanted = items.into_iter().zip(paths).map(|(item, path)| Wanted {
        file: NewFile { url: item.url.clone(), path, ranges: files.ranges.clone(), options: options(&item, files) },
        headers: item.headers,
    });
    Ok(wanted.collect())
}

/// All files, or none: the lines of a list that are wrong are printed, and nothing is added.
async fn items(reader: &Engine, urls: &[String], files: &Files) -> Result<Vec<Item>, CommandError> {
    let (entries, sound) = list::entries(urls, files.glob, files.input_file.as_deref())?;
    if !sound {
        return Err(CommandError::misuse("nothing was added, because of the wrong lines"));
    }
    let mut items: Vec<_> = entries.into_iter().map(Item::from).collect();
    if let Some(path) = &files.metalink {
        let document = documents::bytes(path)?;
        let described = reader.read_metalink_document(&document).await;
        let described = described.map_err(|error| unusable(error, title(path)))?;
        list::tell_refused(path, &described.refused);
        items.extend(described.files.into_iter().map(Item::from));
    }
    if items.is_empty() {
        return Err(CommandError::misuse("the list names no URL"));
    }
    Ok(items)
}

/// Applies the options that are for one file.
fn only_one(items: &mut [Item], files: &Files) -> Result<(), String> {
    let [item] = items else { return files.only_for_one.clone().map_or(Ok(()), Err) };
    item.mirrors.extend(files.mirror.iter().cloned());
    item.checksums.extend(files.checksum.iter().cloned());
    Ok(())
}

/// The options of a file. If a list has an option that the command line has too, the list wins.
fn options(item: &Item, files: &Files) -> Options {
    Options {
        mirrors: item.mirrors.clone(),
        digests: item.checksums.iter().cloned().map(Into::into).collect(),
        pieces: item.pieces.clone().map(Into::into),
        length: item.length,
        connections: item.connections.or(files.connections),
        max_rate: item.max_rate.or(files.limit_rate_per_file),
        min_rate: item.min_rate,
        retries: item.retries,
        overwrite: item.overwrite || files.overwrite,
        origin_names: files.content_disposition,
        no_sync: files.no_sync,
        ..Options::default()
    }
}

/// Checks the URLs one at a time, because the error of a job does not name the wrong one.
async fn check(reader: &Engine, items: &[Item]) -> Result<(), CommandError> {
    let trial = reader.create_download().await?;
    for url in items.iter().flat_map(|item| [&item.url].into_iter().chain(&item.mirrors)) {
        trial.set_uri(url).await.map_err(|error| unusable(error, quoted(url)))?;
    }
    Ok(trial.abort().await?)
}

/// The absolute paths of the files.
fn paths(items: &[Item], files: &Files) -> Result<Vec<PathBuf>, CommandError> {
    let base = std::path::absolute(&files.dir)
        .map_err(|error| CommandError::misuse(format!("the directory {}: {error}", titled(&files.dir))))?;
    let goals = items.iter().map(|item| Goal {
        dir: item.directory(&base),
        name: files.output.as_deref().or(item.name.as_deref()),
        url: &item.url,
    });
    list::paths(&goals.collect::<Vec<_>>()).map_err(CommandError::misuse)
}

/// The error for a document or URL that cannot be used.
fn unusable(error: Error, what: String) -> CommandError {
    let outcome = if matches!(error, Error::Failed(_)) { Outcome::Misuse } else { Outcome::Failed };
    let cause = Cause { outcome, ..Cause::from(&error) };
    CommandError::from(cause).about(what)
}
