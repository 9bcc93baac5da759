//! The files of a crate, from its root along `mod` declarations.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crates::repository;
use crate::tokens::{shipped, starts_with};

/// A module with a file of its own.
#[derive(Debug)]
pub struct Module {
    /// Names from the root on; empty for the root.
    pub path: Vec<String>,
    /// From the repository on.
    pub file: PathBuf,
    pub source: String,
}

/// The modules of the crate whose root is `root`, without those that only tests have.
///
/// # Panics
///
/// If a file cannot be read.
pub fn of(root: &Path) -> Vec<Module> {
    let mut found = Vec::new();
    add(root.to_owned(), root.parent().expect("a root is in a folder").to_owned(), Vec::new(), &mut found);
    found
}

/// Adds the module in `file`, whose children are in `folder`, and its children.
fn add(file: PathBuf, folder: PathBuf, path: Vec<String>, found: &mut Vec<Module>) {
    let source = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for name in declared(&source) {
        let child = [folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")];
        // A module in a file that is named otherwise, or of another crate, is no part of the structure.
        if let Some(child) = child.into_iter().find(|child| child.exists()) {
            add(child, folder.join(&name), [&path[..], &[name]].concat(), found);
        }
    }
    let file = file.strip_prefix(repository()).unwrap_or(&file).to_owned();
    found.push(Module { path, file, source });
}

/// Names of the modules that `source` declares and does not contain.
fn declared(source: &str) -> Vec<String> {
    let tokens = shipped(source);
    let windows = tokens.windows(3).filter(|window| starts_with(window, &["mod"]) && window[2].text == ";");
    windows.map(|window| window[1].text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declarations_without_a_body_lead_to_files() {
        assert_eq!(declared("pub(crate) mod a; mod b { c } #[cfg(test)] mod d; // mod e;"), ["a"]);
    }
}
