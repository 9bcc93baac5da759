//! The target paths of files, and the files beside them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::parse::file_name::from_text;
use haul_core::parse::side_files::SIDE_FILES;

use crate::file_path::FilePath;

/// The facts that decide the path of a file.
pub struct Goal<'a> {
    pub directory: &'a FilePath,
    /// Below the directory; `None` if the URL gives the name.
    pub name: Option<&'a FilePath>,
    pub url: &'a str,
}

/// The name of a file that its URL gives.
pub fn name_of(url: &str) -> String {
    from_text(url)
}

/// The path of each file. If names from URLs collide, also with side files of another download, a number makes them distinct. The time is
/// linear in the number of files.
///
/// # Errors
///
/// If a given name is that of another file's side file.
pub fn paths<'a>(goals: impl IntoIterator<Item = Goal<'a>>) -> Result<Vec<FilePath>, String> {
    let mut taken = Taken::default();
    goals.into_iter().map(|goal| taken.path(&goal)).collect()
}

#[derive(Default)]
struct Taken {
    targets: BTreeSet<FilePath>,
    side_files: BTreeSet<FilePath>,
    /// The next number for a name that was taken.
    numbers: BTreeMap<FilePath, u32>,
}

impl Taken {
    fn path(&mut self, goal: &Goal<'_>) -> Result<FilePath, String> {
        let path = match goal.name {
            Some(name) => goal.directory.join(name),
            None => self.free(goal.directory.join(&from_text(goal.url).into())),
        };
        // The engine refuses two files of one name. A file with the name of another's partial file would be lost.
        if self.side_files.contains(&path) || side_files(&path).any(|file| self.targets.contains(&file)) {
            return Err(format!("{} lies where another file of this run is kept", path.to_text()));
        }
        self.side_files.extend(side_files(&path));
        self.targets.insert(path.clone());
        Ok(path)
    }

    /// The path, with a number if it or one of its side files is taken.
    fn free(&mut self, path: FilePath) -> FilePath {
        if self.is_free(&path) {
            return path;
        }
        let mut number = self.numbers.get(&path).copied().unwrap_or(2);
        let numbered = loop {
            let numbered = path.with_ending(&format!(".{number}"));
            number = number.saturating_add(1);
            if number == u32::MAX || self.is_free(&numbered) {
                break numbered;
            }
        };
        self.numbers.insert(path, number);
        numbered
    }

    fn is_free(&self, path: &FilePath) -> bool {
        let own = [path.clone()].into_iter().chain(side_files(path));
        own.into_iter().all(|file| !self.targets.contains(&file) && !self.side_files.contains(&file))
    }
}

/// The files that the engine keeps beside an unfinished one.
fn side_files(path: &FilePath) -> impl Iterator<Item = FilePath> {
    SIDE_FILES.iter().map(|ending| path.with_ending(ending))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn of(files: &[(&str, Option<&str>)]) -> Result<Vec<String>, String> {
        let directory = FilePath::from("d");
        let names: Vec<_> = files.iter().map(|(_, name)| name.map(FilePath::from)).collect();
        let goals = files.iter().zip(&names);
        let goals = goals.map(|((url, _), name)| Goal { directory: &directory, name: name.as_ref(), url });
        paths(goals).map(|paths| paths.iter().map(|path| path.to_text().to_string()).collect())
    }

    #[test]
    fn names_come_from_urls_and_lists() {
        let paths = of(&[("http://h/a.iso?x", None), ("http://h/", Some("sub/b")), ("http://h/c", Some("/abs/c"))]);
        assert_eq!(paths.unwrap(), ["d/a.iso", "d/sub/b", "/abs/c"]);
    }

    #[test]
    fn a_number_makes_a_taken_name_distinct() {
        let paths = of(&[("http://h/a", None), ("http://m/a", None), ("http://n/a", None), ("http://h/a.2", None)]);
        assert_eq!(paths.unwrap(), ["d/a", "d/a.2", "d/a.3", "d/a.2.2"]);
        let beside = of(&[("http://h/x", Some("a.part")), ("http://h/a", None)]);
        assert_eq!(beside.unwrap(), ["d/a.part", "d/a.2"]);
    }

    #[test]
    fn a_given_name_is_no_side_file_of_another() {
        for ending in SIDE_FILES {
            let name = format!("a{ending}");
            let told = of(&[("http://h/a", None), ("http://h/x", Some(&name))]).unwrap_err();
            assert_eq!(told, format!("d/a{ending} lies where another file of this run is kept"));
            assert!(of(&[("http://h/x", Some(&name)), ("http://h/y", Some("a"))]).is_err(), "{ending}");
        }
    }

    /// Quadratic time would take minutes.
    #[test]
    fn the_same_name_may_come_a_hundred_thousand_times() {
        let files = alloc::vec![("http://h/a", None); 100_000];
        assert_eq!(of(&files).unwrap().last().unwrap(), "d/a.100000");
    }
}
