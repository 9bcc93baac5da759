//! The crates of the repository, found by their manifests.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders without crates of the repository: build outputs, and inputs of fuzz targets. So are hidden folders.
const SKIPPED: [&str; 3] = ["target", "corpus", "artifacts"];

#[derive(Debug)]
pub struct Crate {
    /// Folder, relative to the repository.
    pub name: String,
    pub folder: PathBuf,
    /// Folders of the crates that it depends on by path, relative to the repository.
    pub dependencies: Vec<String>,
}

impl Crate {
    /// The file that the modules begin in; `None` if the crate has binaries of other names only.
    pub fn root(&self) -> Option<PathBuf> {
        ["src/lib.rs", "src/main.rs"].into_iter().map(|root| self.folder.join(root)).find(|root| root.exists())
    }
}

pub fn repository() -> &'static Path {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR"));
    rules.ancestors().nth(2).expect("the crate is in tests/rules")
}

/// Every package of the repository, by name.
///
/// # Panics
///
/// If a folder or a manifest cannot be read.
pub fn all() -> Vec<Crate> {
    let mut found = Vec::new();
    collect(repository(), &mut found);
    found.sort_by(|one: &Crate, other| one.name.cmp(&other.name));
    found
}

fn collect(folder: &Path, found: &mut Vec<Crate>) {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if manifest.lines().any(|line| line.trim() == "[package]") {
        let dependencies = dependencies(&manifest).map(|path| relative(&folder.join(path))).collect();
        found.push(Crate { name: relative(folder), folder: folder.to_owned(), dependencies });
    }
    for entry in fs::read_dir(folder).expect("a folder can be listed").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_skipped = name.starts_with('.') || SKIPPED.contains(&name.as_str());
        if !is_skipped && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), found);
        }
    }
}

/// `folder` from the repository on.
fn relative(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let repository = repository().canonicalize().expect("the repository is there");
    folder.strip_prefix(&repository).unwrap_or(&folder).to_string_lossy().replace('\\', "/")
}

/// The paths of a manifest's dependencies: `name = { path = "..." }`.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut in_dependencies = false;
    manifest.lines().filter_map(move |line| {
        if let Some(section) = line.strip_prefix('[') {
            in_dependencies = section.contains("dependencies");
        }
        let (_, path) = line.split_once("path = \"").filter(|_| in_dependencies)?;
        path.split_once('"').map(|(path, _)| path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_dependencies_are_found() {
        let manifest = "[lib]\npath = \"a\"\n[dependencies]\nb = { path = \"../b\", version = \"1\" }\nc = \"1\"\n\
            [target.'cfg(unix)'.dev-dependencies]\nd = { path = \"d\" }\n";
        assert_eq!(dependencies(manifest).collect::<Vec<_>>(), ["../b", "d"]);
    }

    #[test]
    fn this_crate_is_found() {
        assert!(all().iter().any(|known| known.name == "tests/rules"));
    }
}
