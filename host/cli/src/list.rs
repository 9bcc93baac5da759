//! Which URLs go to which files: from the command line, and from a list.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use haul::{DescribedFile, Engine, ExpectedDigest, Pieces};

use crate::arguments::Get;

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
/// What is wrong with the list.
pub fn items(get: &Get) -> Result<Vec<Item>, String> {
    let mut items: Vec<Item> = get.urls.iter().map(|url| Item { url: url.clone(), ..Item::default() }).collect();
    if let Some(path) = &get.input {
        items.extend(parse(&read(path)?)?);
    }
    if items.is_empty() && get.metalink.is_none() {
        return Err("the list names no URL".into());
    }
    Ok(items)
}

/// Adds what the documents of the command line say, which the engine reads.
///
/// # Errors
///
/// What is wrong with the documents, or with options that are for one file.
pub async fn describe(engine: &Engine, get: &Get, items: &mut Vec<Item>) -> Result<(), String> {
    if let Some(path) = &get.metalink {
        let described = engine.read_metalink(read(path)?.as_bytes()).await;
        let described = described.map_err(|error| format!("{}: {error}", path.display()))?;
        items.extend(described.into_iter().map(from_description));
    }
    let [item] = &mut items[..] else { return refuse_options_for_one(get) };
    item.checksums.extend(get.checksum.iter().cloned());
    item.mirrors.extend(get.mirror.iter().cloned());
    if let Some(path) = &get.pieces {
        let described = engine.read_piece_hash_file(read(path)?.as_bytes()).await;
        let described = described.map_err(|error| format!("{}: {error}", path.display()))?;
        (item.pieces, item.length) = (Some(described.pieces), Some(described.length));
    }
    Ok(())
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
        ("--output", get.output.is_some()),
        ("--checksum", !get.checksum.is_empty()),
        ("--mirror", !get.mirror.is_empty()),
        ("--pieces", get.pieces.is_some()),
        ("--refresh", get.refresh),
    ];
    match for_one.into_iter().find(|(_, given)| *given) {
        Some(("--output", _)) => Err("--output takes one URL; use --dir for several".into()),
        Some((option, _)) => Err(format!("{option} takes one URL")),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().read_to_string(&mut text).map(|_| text),
        _ => fs::read_to_string(path),
    };
    read.map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// One URL a line, and a name after a tab; empty lines and lines that start with `#` do not count.
fn parse(text: &str) -> Result<Vec<Item>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once('\t') {
            None => Ok(Item { url: line.into(), ..Item::default() }),
            Some((url, name)) => {
                let name = PathBuf::from(name.trim());
                let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
                let sound = inside && name.components().next().is_some();
                sound
                    .then(|| Item { url: url.trim().into(), name: Some(name.clone()), ..Item::default() })
                    .ok_or_else(|| format!("the name {} in the list leads out of the directory", name.display()))
            }
        })
        .collect()
}

/// Where each item goes. Names taken from URLs are made different where they, or the files beside them, are the same.
///
/// # Errors
///
/// The engine's, or a given name that is that of another file's partial file or journal.
pub async fn paths(engine: &Engine, get: &Get, items: &[Item]) -> Result<Vec<PathBuf>, String> {
    let mut taken = HashSet::new();
    let mut paths = Vec::with_capacity(items.len());
    for item in items {
        let path = match (&get.output, &item.name) {
            (Some(output), _) => get.dir.join(output),
            (None, Some(name)) => get.dir.join(name),
            (None, None) => {
                let name = engine.suggest_file_name(&item.url).await.map_err(|error| error.to_string())?;
                let numbered = (2u32..).map(|number| get.dir.join(format!("{name}.{number}")));
                let mut candidates = [get.dir.join(&name)].into_iter().chain(numbered);
                let free = candidates.find(|path| files_of(path).all(|file| !taken.contains(&file)));
                free.unwrap_or_else(|| get.dir.join(&name))
            }
        };
        // Two of one name are refused by the engine; one that is the other's partial file would be lost.
        let beside = files_of(&path).skip(1).any(|file| paths.contains(&file));
        if beside || (taken.contains(&path) && !paths.contains(&path)) {
            return Err(format!("{} lies where another file of this run is kept", path.display()));
        }
        taken.extend(files_of(&path));
        paths.push(path);
    }
    Ok(paths)
}

/// A file and what lies beside it while it is fetched.
fn files_of(path: &Path) -> impl Iterator<Item = PathBuf> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    ["", ".part", ".haul", ".haul.new"].map(beside).into_iter()
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
    fn names_stay_in_the_directory() {
        for bad in ["http://h/a\t../x", "http://h/a\t/etc/x", "http://h/a\ta/../../x", "http://h/a\t "] {
            let trimmed_away = bad.trim_end().split_once('\t').is_none();
            assert!(parse(bad).is_err() || trimmed_away, "{bad}");
        }
    }
}
