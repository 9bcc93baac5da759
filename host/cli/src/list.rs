//! Which URLs go to which files: from the command line, and from a list.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use haul::{DescribedFile, Engine, Error, ExpectedDigest, Pieces};
use haul_queue::redaction::{quoted, redact, titled};

use crate::arguments::Get;
use crate::exit::Refusal;
use crate::{documents, standard_input};

/// What is to be fetched, and the name that it was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub url: String,
    pub mirrors: Vec<String>,
    pub name: Option<PathBuf>,
    pub checksums: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    pub length: Option<u64>,
}

/// What the command line and the list name; what documents describe is added by [`describe`].
///
/// # Errors
///
/// What is wrong with the command line or the list.
pub fn items(get: &Get) -> Result<Vec<Item>, Refusal> {
    standard_input::share(get)?;
    let mut items: Vec<Item> = get.urls.iter().map(|url| Item { url: url.clone(), ..Item::default() }).collect();
    if let Some(path) = &get.files.input {
        items.extend(parse(&documents::text(path)?).map_err(Refusal::Misuse)?);
    }
    if items.is_empty() && get.files.metalink.is_none() {
        return Err(Refusal::Misuse("the list names no URL".into()));
    }
    if items.iter().any(|item| item.url.trim().is_empty()) {
        return Err(Refusal::Misuse("a URL is empty; give an absolute http or https URL".into()));
    }
    if get.to_standard_output() {
        refuse_options_for_files(get).map_err(Refusal::Misuse)?;
    }
    Ok(items)
}

/// What standard output cannot be.
fn refuse_options_for_files(get: &Get) -> Result<(), String> {
    if get.said.json {
        return Err("--json and --output - both want standard output; leave out one of them".into());
    }
    let with_pieces = [("--pieces", &get.proof.pieces), ("--integrity-info", &get.proof.integrity_info)];
    match with_pieces.into_iter().find(|(_, given)| given.is_some()) {
        Some((option, _)) => {
            Err(format!("{option} needs a file, of which pieces can be fetched again; use --checksum"))
        }
        None => Ok(()),
    }
}

/// Adds what the documents of the command line say, which the engine reads.
///
/// # Errors
///
/// What is wrong with the documents, with mirrors, or with options that are for one file.
pub async fn describe(engine: &Engine, get: &Get, items: &mut Vec<Item>) -> Result<(), Refusal> {
    let unusable = |path: &Path, error: &Error| Refusal::Misuse(format!("{}: {error}", titled(path)));
    if let Some(path) = &get.files.metalink {
        let described = engine.read_metalink(&documents::bytes(path)?).await;
        let described = described.map_err(|error| unusable(path, &error))?;
        items.extend(described.into_iter().map(from_description));
    }
    let [item] = &mut items[..] else { return refuse_options_for_one(get).map_err(Refusal::Misuse) };
    item.checksums.extend(get.proof.checksum.iter().cloned());
    check_mirrors(engine, &get.files.mirror).await?;
    item.mirrors.extend(get.files.mirror.iter().cloned());
    if let Some(path) = &get.proof.pieces {
        let described = engine.read_piece_hash_file(&documents::bytes(path)?).await;
        let described = described.map_err(|error| unusable(path, &error))?;
        (item.pieces, item.length) = (Some(described.pieces), Some(described.length));
    }
    if get.to_standard_output() {
        // Nothing could be fetched again; digests of the whole are verified all the same.
        item.pieces = None;
    }
    Ok(())
}

/// A download would not say which of its URLs is wrong.
async fn check_mirrors(engine: &Engine, mirrors: &[String]) -> Result<(), Refusal> {
    let failed = |error: Error| Refusal::Failed(error.to_string());
    let trial = engine.create_download().await.map_err(failed)?;
    for mirror in mirrors {
        let set = trial.set_uri(mirror).await;
        set.map_err(|error| Refusal::Misuse(format!("--mirror '{}': {error}", redact(mirror))))?;
    }
    trial.abort().await.map_err(failed)
}

fn from_description(file: DescribedFile) -> Item {
    let mut urls = file.urls.into_iter();
    Item {
        url: urls.next().unwrap_or_default(),
        mirrors: urls.collect(),
        name: Some(file.name.into()),
        checksums: file.digests,
        pieces: file.pieces,
        length: file.length,
    }
}

fn refuse_options_for_one(get: &Get) -> Result<(), String> {
    let for_one = [
        ("--output", get.files.output.is_some()),
        ("--checksum", !get.proof.checksum.is_empty()),
        ("--mirror", !get.files.mirror.is_empty()),
        ("--pieces", get.proof.pieces.is_some()),
        ("--integrity-info", get.proof.integrity_info.is_some()),
        ("--decrypt", get.proof.decrypt.is_some()),
        ("--refresh", get.files.refresh),
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

/// One URL a line, and a name after a tab; empty lines and lines that start with `#` do not count.
fn parse(text: &str) -> Result<Vec<Item>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once('\t') {
            None => Ok(Item { url: line.into(), ..Item::default() }),
            Some((url, name)) => {
                if name.contains("//") {
                    return Err(format!("the name {} in the list is a URL; write a URL a line", quoted(name.trim())));
                }
                let name = PathBuf::from(name.trim());
                let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
                if !inside || name.components().next().is_none() {
                    return Err(format!("the name {} in the list leads out of the directory", titled(&name)));
                }
                if is_side_file(&name) {
                    let shown = titled(&name);
                    return Err(format!("the name {shown} in the list is that of a partial file or journal"));
                }
                Ok(Item { url: url.trim().into(), name: Some(name), ..Item::default() })
            }
        })
        .collect()
}

/// What is known of where a file goes.
pub struct Goal<'a> {
    pub dir: &'a Path,
    /// Below `dir`; `None` for one that the URL gives it.
    pub name: Option<&'a Path>,
    pub url: &'a str,
}

impl Item {
    pub fn goal<'a>(&'a self, get: &'a Get) -> Goal<'a> {
        let name = get.files.output.as_deref().or(self.name.as_deref());
        Goal { dir: &get.files.dir, name, url: &self.url }
    }
}

/// Where each file goes. Names taken from URLs are made different where they, or the files beside them, are the same.
///
/// # Errors
///
/// The engine's, or a given name that is that of another file's partial file or journal.
pub async fn paths(engine: &Engine, goals: &[Goal<'_>]) -> Result<Vec<PathBuf>, String> {
    let nameless = goals.iter().filter(|goal| goal.name.is_none()).map(|goal| goal.url);
    let suggested = engine.suggest_file_names(nameless).await.map_err(|error| error.to_string())?;
    let mut suggested = suggested.into_iter();
    let (mut taken, mut beside) = (HashSet::new(), HashSet::new());
    let mut paths = Vec::with_capacity(goals.len());
    for goal in goals {
        let path = match goal.name {
            Some(name) => goal.dir.join(name),
            None => {
                let name = suggested.next().unwrap_or_default();
                let numbered = (2u32..).map(|number| goal.dir.join(format!("{name}.{number}")));
                let mut candidates = [goal.dir.join(&name)].into_iter().chain(numbered);
                let free =
                    |path: &PathBuf| files_of(path).all(|file| !taken.contains(&file) && !beside.contains(&file));
                candidates.find(free).unwrap_or_else(|| goal.dir.join(&name))
            }
        };
        // Two of one name are refused by the engine; one that is the other's partial file would be lost.
        if beside.contains(&path) || files_of(&path).skip(1).any(|file| taken.contains(&file)) {
            return Err(format!("{} lies where another file of this run is kept", path.display()));
        }
        beside.extend(files_of(&path).skip(1));
        taken.insert(path.clone());
        paths.push(path);
    }
    Ok(paths)
}

/// Endings of the files that lie beside a download on its way, as the engine names them.
const SIDE_FILES: [&str; 4] = [".part", ".haul", ".haul.new", ".haul.plain"];

/// Whether a component of this name would pass for a file that haul kept of another download. A list must not choose such a name.
/// The component has the same rule for names from URLs, origins and documents.
pub fn is_side_file(name: &Path) -> bool {
    let mut components = name.components().map(|part| part.as_os_str().to_string_lossy().to_ascii_lowercase());
    components.any(|component| SIDE_FILES.iter().any(|ending| component.ends_with(ending)))
}

/// A file and what lies beside it while it is fetched.
fn files_of(path: &Path) -> impl Iterator<Item = PathBuf> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    [""].into_iter().chain(SIDE_FILES).map(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_urls_and_names() {
        let items = parse("# mirror\nhttp://h/a\n\nhttp://h/b\tsub/b.iso\n").unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[1], Item { url: "http://h/b".into(), name: Some("sub/b.iso".into()), ..Item::default() });
    }

    #[test]
    fn a_list_names_no_side_file() {
        for bad in ["x.part", "sub/x.haul", ".haul/key", "x.HAUL.New", "x.haul.plain"] {
            let told = parse(&format!("http://h/a\t{bad}")).unwrap_err();
            assert_eq!(told, format!("the name {bad} in the list is that of a partial file or journal"));
        }
        assert!(parse("http://h/a\tx.party").is_ok());
    }

    #[test]
    fn names_stay_in_the_directory() {
        assert_eq!(
            parse("http://h/a\thttp://user:secret@m/a?b").unwrap_err(),
            "the name 'http://m/a?...' in the list is a URL; write a URL a line"
        );
        for bad in ["http://h/a\t../x", "http://h/a\t/etc/x", "http://h/a\ta/../../x", "http://h/a\t "] {
            let trimmed_away = bad.trim_end().split_once('\t').is_none();
            assert!(parse(bad).is_err() || trimmed_away, "{bad}");
        }
    }
}
