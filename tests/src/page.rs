//! A page of the documentation, as its reader follows it: the files that it shows are written, its commands run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::origin::{Content, Fault, Origin, Resource, Site, When};
use crate::process::{built, component};
use crate::scene::version;

/// The address of the origin on every page.
const ORIGIN: &str = "http://localhost:8080";

/// What pages fetch from the address that they name, as `/image.iso`.
pub fn image() -> Content {
    Content::new(1, 3_000_000)
}

/// An origin that has the image.
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

/// What a page shows as a file: its path in the repository, and what is in it.
pub struct Shown {
    pub path: String,
    pub text: String,
}

impl Page {
    /// # Panics
    ///
    /// Where there is no such page.
    pub fn read(path: &str) -> Self {
        Self { text: fs::read_to_string(repository().join(path)).expect("the page") }
    }

    /// The fenced blocks in `language`.
    pub fn blocks(&self, language: &str) -> Vec<String> {
        let opening = format!("```{language}\n");
        let fenced = self.text.split(&opening).skip(1);
        fenced.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
    }

    /// The blocks below a line that is nothing but the path of a file and a colon.
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

    /// Every shown file is that of the repository.
    ///
    /// # Panics
    ///
    /// Where one is not.
    pub fn assert_shows(&self, paths: &[&str]) {
        let shown = self.files();
        assert_eq!(shown.iter().map(|file| &file.path[..]).collect::<Vec<_>>(), paths);
        for file in shown {
            let own = fs::read_to_string(repository().join(&file.path)).expect("the file");
            assert!(own == file.text, "{} is not what the page shows", file.path);
        }
    }

    /// Has the commands run, in a folder that has what a built clone of the repository has, but of the examples only the files that
    /// the page shows.
    ///
    /// `beside`: what else is there, and where.
    ///
    /// # Panics
    ///
    /// Where one fails.
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

/// The folder of what was built beside this test.
fn programs() -> PathBuf {
    built("page-cargo").parent().expect("a folder").to_owned()
}

/// A folder with the interfaces, the component, what was built beside this test, and links to what is `beside`. Programs are found in
/// `bin`.
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

/// Writes a file of a crate, or of something else. Crates share what they are built of with other tests.
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

/// A shell that finds what was built, and a cargo that can build components.
fn shell(script: &str, folder: &Path) -> Command {
    let given = std::env::var_os("PATH").unwrap_or_default();
    let paths = [folder.join("bin"), programs()].into_iter().chain(std::env::split_paths(&given));
    let mut shell = Command::new("bash");
    shell.args(["-euc", script]).current_dir(folder).env("PATH", std::env::join_paths(paths).expect("a path"));
    shell.env("CARGO", env!("CARGO")).env("RUSTC", "rustc").env("HOST", env!("HAUL_TEST_HOST"));
    shell
}
