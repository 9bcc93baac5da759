//! A page of the documentation, followed as its reader would: writes the files that it shows, and runs its commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::component;
use crate::origin::{Content, Fault, Origin, Resource, Site, When};
use crate::process::built;
use crate::scene::version;

/// The address of the origin on all pages.
const ORIGIN: &str = "http://localhost:8080";

/// The content of `/image.iso`, which the pages download.
pub fn image() -> Content {
    Content::new(1, 3_000_000)
}

/// An origin that serves the image, with faults.
pub fn origin(faults: Vec<(When, Fault)>) -> Origin {
    let resource = Resource::new(version(&image(), "v1"));
    let resource = faults.into_iter().fold(resource, |resource, (when, fault)| resource.fault(when, fault));
    Origin::start(Site::new().resource("/image.iso", resource))
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_owned()
}

pub struct Page {
    text: String,
}

/// A file on a page: its path in the repository, and its content.
pub struct Shown {
    pub path: String,
    pub text: String,
}

impl Page {
    /// # Panics
    ///
    /// If there is no such page.
    pub fn read(path: &str) -> Self {
        Self { text: fs::read_to_string(repository().join(path)).expect("the page") }
    }

    /// The fenced blocks in `language`.
    pub fn blocks(&self, language: &str) -> Vec<String> {
        let opening = format!("```{language}\n");
        let fenced = self.text.split(&opening).skip(1);
        fenced.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
    }

    /// The blocks after a line that consists of the path of a file and a colon.
    pub fn files(&self) -> Vec<Shown> {
        let lines = self.text.split("\n\n").zip(self.text.split("\n\n").skip(1));
        let shown = lines.filter_map(|(line, block)| {
            let path = line.strip_prefix('`')?.strip_suffix("`:")?;
            let start = self.text.find(block)?;
            let (_, rest) = self.text[start..].strip_prefix("```")?.split_once('\n')?;
            Some(Shown { path: path.into(), text: rest.split("```").next()?.into() })
        });
        shown.collect()
    }

    /// Asserts that the page shows the files at `paths`, and that each is identical to the file of the repository.
    ///
    /// # Panics
    ///
    /// If one differs.
    pub fn assert_shows(&self, paths: &[&str]) {
        let shown = self.files();
        assert_eq!(shown.iter().map(|file| &file.path[..]).collect::<Vec<_>>(), paths);
        for file in shown {
            let own = fs::read_to_string(repository().join(&file.path)).expect("the file");
            assert!(own == file.text, "{} is not what the page shows", file.path);
        }
    }

    /// Runs the commands of the page in a folder like a built clone of the repository, except that of the examples it has only
    /// the files on the page.
    ///
    /// `beside`: other files to link, and their places in the folder.
    ///
    /// # Panics
    ///
    /// If a command fails.
    pub fn follow(&self, origin: &Origin, beside: &[(PathBuf, &str)]) -> (TempDir, Output) {
        let folder = clone_with(beside);
        for file in self.files() {
            write(folder.path(), &file);
        }
        let script = self.blocks("sh").join("\n").replace(ORIGIN, origin.url("").trim_end_matches('/'));
        let output = shell(&script, folder.path()).output().expect("the shell runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
        (folder, output)
    }
}

/// The folder of the programs that were built beside this test.
fn programs() -> PathBuf {
    built("page-cargo").parent().expect("a folder").to_owned()
}

/// A folder with the interfaces, the component, the programs built beside this test, and links to the files in `beside`. Programs
/// are on the path as `bin`.
fn clone_with(beside: &[(PathBuf, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = folder.path().join("target/component");
    fs::create_dir_all(&target).expect("a folder");
    fs::copy(component(), target.join("haul.wasm")).expect("the component");
    let own = [(repository().join("wit"), "wit"), (programs(), "target/release"), (built("page-cargo"), "bin/cargo")];
    for (from, to) in own.iter().chain(beside) {
        link(from, &folder.path().join(to));
    }
    folder
}

fn link(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("a folder")).expect("the folder");
    std::os::unix::fs::symlink(from, to).expect("a link");
}

/// Writes a file of the page. Crates share their build directory with other tests.
fn write(folder: &Path, file: &Shown) {
    let path = folder.join(&file.path);
    let parent = path.parent().expect("a folder");
    fs::create_dir_all(parent).expect("the folder");
    fs::write(&path, &file.text).expect("the file");
    if path.ends_with("Cargo.toml") {
        let crates = programs().with_file_name("pages");
        fs::create_dir_all(&crates).expect("the folder");
        link(&crates, &parent.join("target"));
    }
}

/// A shell whose path has the built programs, and a cargo that can build components.
fn shell(script: &str, folder: &Path) -> Command {
    let given = std::env::var_os("PATH").unwrap_or_default();
    let paths = [folder.join("bin"), programs()].into_iter().chain(std::env::split_paths(&given));
    let mut shell = Command::new("bash");
    shell.args(["-euc", script]).current_dir(folder).env("PATH", std::env::join_paths(paths).expect("a path"));
    shell.env("CARGO", env!("CARGO")).env("RUSTC", "rustc").env("HOST", env!("HAUL_TEST_HOST"));
    shell
}
