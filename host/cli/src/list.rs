//! URLs and their target files, from the command line and from lists.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use haul::{DescribedFile, Engine, Error, ExpectedDigest, Pieces, RefusedFile};
use haul_command::file_path::FilePath;
use haul_command::list::{self, Entry};
use haul_command::targets;
use haul_command::{glob, sums};
use haul_queue::redaction::{named, redact, titled};

use crate::arguments::{Get, digest};
use crate::documents::{self, path};
use crate::exit::Refusal;
use crate::output;

/// A file to download, with the name it was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub url: String,
    pub mirrors: Vec<String>,
    /// Relative to the directory of the command.
    pub dir: Option<PathBuf>,
    pub name: Option<PathBuf>,
    pub checksums: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    pub length: Option<u64>,
    /// The file's own request headers.
    pub headers: Vec<String>,
    pub connections: Option<u32>,
    pub max_rate: Option<u64>,
    pub min_rate: Option<u64>,
    pub retries: Option<u32>,
    pub overwrite: bool,
}

impl From<Entry> for Item {
    fn from(entry: Entry) -> Self {
        Self {
            url: entry.url,
            mirrors: entry.mirrors,
            dir: entry.directory.as_ref().map(path),
            name: entry.name.as_ref().map(path),
            checksums: entry.digests.into_iter().map(digest).collect(),
            headers: entry.headers,
            connections: entry.connections,
            max_rate: entry.max_rate,
            min_rate: entry.min_rate,
            retries: entry.retries,
            overwrite: entry.overwrite,
            ..Self::default()
        }
    }
}

/// The items of the command line and of lists, and whether every line of the lists was right; [`describe`] adds the items of documents.
///
/// # Errors
///
/// [`Refusal::Misuse`] if the command line or a list cannot be used.
pub fn items(get: &Get) -> Result<(Vec<Item>, bool), Refusal> {
    let (entries, sound) = entries(&get.urls, get.files.glob, get.files.input.as_deref())?;
    if entries.is_empty() && sound && get.files.metalink.is_none() {
        return Err(Refusal::Misuse("the list names no URL".into()));
    }
    Ok((entries.into_iter().map(Item::from).collect(), sound))
}

/// The entries of URLs and lists, and whether every line of the lists was right. Wrong lines are printed.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a URL is empty or a list cannot be read.
pub fn entries(urls: &[String], glob: bool, input: Option<&Path>) -> Result<(Vec<Entry>, bool), Refusal> {
    let mut entries = Vec::new();
    let mut sound = true;
    for url in urls {
        match url.trim() {
            "" => return Err(Refusal::Misuse("a URL is empty; give an absolute http or https URL".into())),
            "-" => sound &= listed(Path::new("-"), &mut entries)?,
            _ if glob => entries.extend(glob::expanded(url)?.into_iter().map(Entry::new)),
            _ => entries.push(Entry::new(url)),
        }
    }
    if let Some(path) = input {
        sound &= listed(path, &mut entries)?;
    }
    Ok((entries, sound))
}

/// Adds the entries of a list; `false` if one of its lines is wrong.
fn listed(path: &Path, entries: &mut Vec<Entry>) -> Result<bool, Refusal> {
    let list = list::parse(&documents::text(path)?);
    list.remarks(&documents::title(path)).for_each(|remark| output::say(&format!("haul: {remark}")));
    entries.extend(list.entries);
    Ok(list.wrong.is_empty())
}

/// Adds the contents of the documents on the command line, which the engine parses. Returns whether all files that they describe can be
/// used.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a document or a mirror is wrong, or if an option for one file is given with several.
pub async fn describe(engine: &Engine, get: &Get, items: &mut Vec<Item>) -> Result<bool, Refusal> {
    let mut all_usable = true;
    let unusable = |path: &Path, error: &Error| Refusal::Misuse(format!("{}: {error}", titled(path)));
    if let Some(path) = &get.files.metalink {
        let described = engine.read_metalink_document(&documents::bytes(path)?).await;
        let described = described.map_err(|error| unusable(path, &error))?;
        tell_refused(path, &described.refused);
        all_usable = described.refused.is_empty();
        items.extend(described.files.into_iter().map(Item::from));
    }
    let [item] = &mut items[..] else {
        return get.only_for_one.clone().map_or(Ok(all_usable), |wrong| Err(Refusal::Misuse(wrong)));
    };
    item.checksums.extend(get.proof.checksum.iter().cloned());
    check_mirrors(engine, &get.files.mirror).await?;
    item.mirrors.extend(get.files.mirror.iter().cloned());
    if let Some(path) = &get.proof.pieces {
        let described = engine.read_piece_hash_file(&documents::bytes(path)?).await;
        let described = described.map_err(|error| unusable(path, &error))?;
        (item.pieces, item.length) = (Some(described.pieces), Some(described.length));
    }
    if get.to_standard_output() {
        // Standard output takes each byte once, so a wrong piece could not be replaced. Digests of the whole file are still verified.
        item.pieces = None;
    }
    Ok(all_usable)
}

/// Names the files of a document that are left out.
pub fn tell_refused(document: &Path, refused: &[RefusedFile]) {
    for RefusedFile { name, cause, .. } in refused {
        let line = format!("{}: '{}' is left out: {}", titled(document), named(name), cause.description);
        output::say(&format!("haul: {line}"));
    }
}

/// Adds the digests of files of digests, by the names of the files.
///
/// # Errors
///
/// [`Refusal::Misuse`] if such a file cannot be read, or has no line for a file.
pub fn add_sums(paths: &[PathBuf], items: &mut [Item]) -> Result<(), Refusal> {
    for path in paths {
        let text = documents::text(path)?;
        for item in &mut *items {
            let name = match item.name.as_deref().and_then(Path::file_name) {
                Some(name) => name.to_string_lossy().into_owned(),
                None => targets::name_of(&item.url),
            };
            let found = sums::find(&text, &name);
            let missing =
                || Refusal::Misuse(format!("{} has no line for {}", documents::title(path), titled(Path::new(&name))));
            item.checksums.push(digest(found.ok_or_else(missing)?));
        }
    }
    Ok(())
}

/// Checks the mirrors one at a time, because the error of a download does not name the wrong URL.
async fn check_mirrors(engine: &Engine, mirrors: &[String]) -> Result<(), Refusal> {
    let failed = |error: Error| Refusal::Failed(error.to_string());
    let trial = engine.create_download().await.map_err(failed)?;
    for mirror in mirrors {
        let set = trial.set_uri(mirror).await;
        set.map_err(|error| Refusal::Misuse(format!("--mirror '{}': {error}", redact(mirror))))?;
    }
    trial.abort().await.map_err(failed)
}

impl From<DescribedFile> for Item {
    fn from(file: DescribedFile) -> Self {
        let mut urls = file.urls.into_iter();
        Self {
            url: urls.next().unwrap_or_default(),
            mirrors: urls.collect(),
            name: Some(file.name.into()),
            checksums: file.digests,
            pieces: file.pieces,
            length: file.length,
            ..Self::default()
        }
    }
}

/// The facts that decide the path of a file.
pub struct Goal<'a> {
    pub dir: PathBuf,
    /// Below `dir`; `None` if the URL gives the name.
    pub name: Option<&'a Path>,
    pub url: &'a str,
}

impl Item {
    pub fn goal<'a>(&'a self, get: &'a Get) -> Goal<'a> {
        let name = get.files.output.as_deref().or(self.name.as_deref());
        Goal { dir: self.directory(&get.files.dir), name, url: &self.url }
    }

    /// The directory of the file, if `dir` is that of the command.
    pub fn directory(&self, dir: &Path) -> PathBuf {
        self.dir.as_ref().map_or_else(|| dir.to_owned(), |own| dir.join(own))
    }
}

/// The path of each file. If names from URLs collide, also with side files of another download, a number makes them distinct.
///
/// # Errors
///
/// If a given name is that of another file's side file.
pub fn paths(goals: &[Goal<'_>]) -> Result<Vec<PathBuf>, String> {
    let bytes = |path: &Path| FilePath::from(path.as_os_str().as_bytes());
    let given: Vec<_> = goals.iter().map(|goal| (bytes(&goal.dir), goal.name.map(bytes), goal.url)).collect();
    let goals = given.iter().map(|(directory, name, url)| targets::Goal { directory, name: name.as_ref(), url });
    let paths = targets::paths(goals)?;
    Ok(paths.iter().map(path).collect())
}
