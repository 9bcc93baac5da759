//! The files of the repository, found by their extension.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crates::repository;

/// Folders without files of the project: packages, and inputs of fuzz targets. So are hidden folders and build outputs.
const SKIPPED: [&str; 3] = ["node_modules", "corpus", "artifacts"];

/// Every file of the repository with this extension, sorted. Symbolic links to folders are not followed.
///
/// # Panics
///
/// If a folder cannot be read.
pub fn with_extension(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(repository(), extension, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !name.starts_with('.') && !name.starts_with("target") && !SKIPPED.contains(&name.as_str()) {
                collect(&path, extension, found);
            }
        } else if path.extension().is_some_and(|its| its == extension) {
            found.push(path);
        }
    }
}
