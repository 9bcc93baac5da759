//! URLs and their target files, from the command line and from lists.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use haul::{DescribedFile, Engine, Error, ExpectedDigest, Pieces};
use haul_queue::redaction::{quoted, redact, titled};

use crate::arguments::Get;
use crate::exit::Refusal;
use crate::{documents, standard_input};

/// A file to download, with the name it was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub url: String,
    pub mirrors: Vec<String>,
    pub name: Option<PathBuf>,
    pub checksums: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    pub length: Option<u64>,
}

/// The items of the command line and the list; [`describe`] adds those of documents.
///
/// # Errors
///
/// [`Refusal::Misuse`] if the command line or the list is wrong.
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

/// Refuses options that standard output cannot support.
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

/// Adds the contents of the documents on the command line, which the engine parses.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a document or a mirror is wrong, or if an option for one file is given with several.
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
        // Standard output takes each byte once, so a wrong piece could not be replaced. Digests of the whole file are still verified.
        item.pieces = None;
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

/// Parses a list: one URL on each line, with a name after a tab. Empty lines and lines that start with `#` are ignored.
fn parse(text: &str) -> Result<Vec<Item>, String> {
    if let Some((_, number)) = text.lines().zip(1..).find(|(line, _)| is_aria2_option(line)) {
        let advice = "use 'haul jobs add -i', which reads that format";
        return Err(format!("line {number} of the list is indented, as options in aria2's format are; {advice}"));
    }
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

/// Whether a line is indented as an option for the URL above it, such as ` header=Authorization: ...`. It may be a secret, so no
/// message shows it.
fn is_aria2_option(line: &str) -> bool {
    let text = line.trim_start();
    line.starts_with([' ', '\t']) && !text.is_empty() && !text.starts_with('#') && !text.contains("://")
}

/// The facts that decide the path of a file.
pub struct Goal<'a> {
    pub dir: &'a Path,
    /// Below `dir`; `None` if the URL gives the name.
    pub name: Option<&'a Path>,
    pub url: &'a str,
}

impl Item {
    pub fn goal<'a>(&'a self, get: &'a Get) -> Goal<'a> {
        let name = get.files.output.as_deref().or(self.name.as_deref());
        Goal { dir: &get.files.dir, name, url: &self.url }
    }
}

/// The path of each file. If names from URLs collide, also with side files of another download, a number makes them distinct.
///
/// # Errors
///
/// Those of the engine, and if a given name is that of another file's partial file or journal.
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
        // The engine refuses two files of one name. A file with the name of another's partial file would be lost.
        if beside.contains(&path) || files_of(&path).skip(1).any(|file| taken.contains(&file)) {
            return Err(format!("{} lies where another file of this run is kept", path.display()));
        }
        beside.extend(files_of(&path).skip(1));
        taken.insert(path.clone());
        paths.push(path);
    }
    Ok(paths)
}

/// Suffixes of the side files that the engine keeps beside an unfinished download.
const SIDE_FILES: [&str; 4] = [".part", ".haul", ".haul.new", ".haul.plain"];

/// Whether a component of this name looks like a side file that haul keeps for another download. A list must not choose such a name. The
/// engine's component has the same rule for names from URLs, origins and documents.
pub fn is_side_file(name: &Path) -> bool {
    let mut components = name.components().map(|part| part.as_os_str().to_string_lossy().to_ascii_lowercase());
    components.any(|component| SIDE_FILES.iter().any(|ending| component.ends_with(ending)))
}

/// A file and its side files.
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
    fn options_of_aria2_are_refused_without_their_values() {
        for line in [" header=Authorization: Bearer secret", "\thttp-passwd=secret", " Authorization: Basic secret"] {
            let told = parse(&format!("http://h/a\n{line}\n")).unwrap_err();
            let expected = "line 2 of the list is indented, as options in aria2's format are; use 'haul jobs add -i', which reads that format";
            assert_eq!(told, expected, "{line}");
        }
        let items = parse("http://h/a\n  http://h/b?c=d\n").unwrap();
        assert_eq!(items.iter().map(|item| item.url.as_str()).collect::<Vec<_>>(), ["http://h/a", "http://h/b?c=d"]);
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
