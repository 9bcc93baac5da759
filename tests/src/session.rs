//! A page for users of the command `haul`, followed as its reader would: runs the server of the examples, and pastes the
//! commands.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::component;
use crate::page::{Page, repository};
use crate::process::built;

/// The address on all pages.
const ADDRESS: &str = "http://localhost:8080";

/// A placeholder for the reader's folder; the pages use one below `/tmp`.
const READER: &str = "/tmp/reader";

/// `docs/recording/server` on a free port.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// `rate`: bytes per second of each connection.
    fn start(rate: Option<&str>) -> Self {
        let mut server = Command::new(repository().join("docs/recording/server"));
        let mut process = server.arg("0").args(rate).stdout(Stdio::piped()).spawn().expect("python3 runs");
        let mut url = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut url).expect("the server prints its address");
        Self { process, url: url.trim_end().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The result after all commands of a page have run.
pub struct Session {
    pub folder: TempDir,
    /// Lines of standard output and standard error, in the form of [`words`].
    lines: BTreeSet<String>,
}

impl Session {
    /// Runs the `sh` blocks of the page as one script, in a folder with only the component.
    ///
    /// # Panics
    ///
    /// If a command fails.
    pub fn of(page: &Page, rate: Option<&str>) -> Self {
        let (server, folder) = (Server::start(rate), tempfile::tempdir().expect("a temporary folder"));
        let target = folder.path().join("target/component");
        fs::create_dir_all(&target).expect("a folder");
        fs::copy(component(), target.join("haul.wasm")).expect("the component");
        let script = page.blocks("sh").join("\n").replace(ADDRESS, &server.url);
        let output = shell(&script, folder.path()).output().expect("the shell runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script}\n{text}");
        let text = text.replace(&server.url, ADDRESS).replace(&*folder.path().to_string_lossy(), READER);
        let lines = text.lines().map(words).collect();
        Self { folder, lines }
    }

    /// Asserts that each line of the page's `text` blocks is a line of the output, except for numbers and ids.
    ///
    /// # Panics
    ///
    /// If one is not.
    #[track_caller]
    pub fn assert_printed(&self, blocks: &[String]) {
        for line in blocks.iter().flat_map(|block| block.lines()) {
            assert!(self.lines.contains(&words(line)), "{line}\nis not in {:#?}", self.lines);
        }
    }
}

/// A line with `#` in place of each word that has a digit or is a path of the reader: numbers, times and ids differ between runs.
fn words(line: &str) -> String {
    let varies = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || word.starts_with("/tmp/");
    let words = line.split_whitespace().map(|word| if !word.starts_with("http") && varies(word) { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn shell(script: &str, folder: &Path) -> Command {
    let programs = built("haul").parent().expect("a folder").to_owned();
    let given = std::env::var_os("PATH").unwrap_or_default();
    let paths = [programs].into_iter().chain(std::env::split_paths(&given));
    let mut shell = Command::new("bash");
    shell.args(["-euc", script]).current_dir(folder).env("PATH", std::env::join_paths(paths).expect("a path"));
    shell.env("XDG_STATE_HOME", folder);
    shell
}
