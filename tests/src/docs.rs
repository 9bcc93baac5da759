//! The pages in `docs/` that are made from the sources: what they say, and whether the files still say it.

pub mod calls;
mod interface;
mod markdown;
mod signature;
mod types;
mod wit;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

pub use markdown::{head, row};
pub use wit::Wit;

/// A file of the repository that is not written by hand.
pub struct Page {
    /// Relative to the root of the repository.
    pub path: &'static str,
    pub text: String,
}

/// The root of the repository that this crate was built in.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above this crate").to_owned()
}

/// All pages that can be made without running a download.
pub fn pages(root: &Path) -> Vec<Page> {
    let wit = Wit::read(&root.join("wit"));
    vec![
        Page { path: "docs/reference/interfaces.md", text: interfaces(&wit) },
        Page { path: "docs/reference/calls.md", text: calls::page() },
    ]
}

impl Page {
    /// # Panics
    ///
    /// When the file cannot be written.
    pub fn write(&self, root: &Path) {
        let path = root.join(self.path);
        fs::write(&path, &self.text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// # Panics
    ///
    /// When the file says something else, with the first line that differs.
    #[track_caller]
    pub fn assert_current(&self, root: &Path) {
        let found = fs::read_to_string(root.join(self.path)).unwrap_or_default();
        if found == self.text {
            return;
        }
        let mut lines = found.lines().zip(self.text.lines()).enumerate();
        let differing = lines.find(|(_, (found, expected))| found != expected);
        let place = differing.map_or("its length".into(), |(number, (found, expected))| {
            format!("line {}:\n  the file  {found}\n  expected  {expected}", number + 1)
        });
        panic!("{} is not current, run `make docs`; it differs in {place}", self.path);
    }
}

/// All interfaces and worlds, in the order of the files.
fn interfaces(wit: &Wit) -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str(&format!("\nPackage `{}`.\n\n", wit.package_name()));
    for name in wit.interfaces() {
        page.push_str(&markdown::contents_line(name, wit.interface(name).docs.contents.as_deref()));
    }
    for name in wit.worlds() {
        page.push_str(&markdown::contents_line(name, wit.world(name).docs.contents.as_deref()));
    }
    page.push('\n');
    page.push_str(&markdown::paragraphs(wit.docs()));
    for name in wit.interfaces() {
        page.push_str(&interface::section(wit, name));
    }
    for name in wit.worlds() {
        page.push_str(&world::section(wit, name));
    }
    page
}

const INTRODUCTION: &str = "\
# Interfaces

All declarations of `wit/`, in the order of its files. `make docs` writes this page. [calls.md](calls.md) maps each COM call to WIT and
Rust, and [conformance.md](conformance.md) lists the tested statements.
";
