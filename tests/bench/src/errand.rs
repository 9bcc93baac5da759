//! The task of a program.

use std::fs;
use std::path::{Path, PathBuf};

use haul_lab::process::built;
use haul_tests::component;

use crate::source::Source;
use crate::workload::Transfers;

/// The files of a row, from a stage to a folder.
pub struct Errand {
    /// Scheme and authority of all URLs.
    pub base: String,
    /// The target folder, which is empty.
    pub folder: PathBuf,
    /// A folder for lists and settings.
    pub scratch: PathBuf,
    pub files: usize,
    pub length: u64,
    pub transfers: Transfers,
    pub durable: bool,
    /// The digest to verify.
    pub sha256: Option<String>,
    pub certificate: Option<PathBuf>,
}

impl Errand {
    pub fn url(&self, file: usize) -> String {
        format!("{}/{}", self.base, Source::name(file))
    }

    pub fn path(&self, file: usize) -> PathBuf {
        self.folder.join(Source::name(file))
    }

    /// Whether it has a single file, which programs take on the command line.
    pub fn is_single(&self) -> bool {
        self.files == 1
    }

    /// Writes a file called `name` with an entry for each URL and file name; returns its path.
    pub fn list(&self, name: &str, entry: impl Fn(&str, &str) -> String) -> PathBuf {
        let text: String = (0..self.files).map(|file| entry(&self.url(file), &Source::name(file))).collect();
        self.write(name, &text)
    }

    /// Writes the input of `sha256sum -c`; returns its path.
    pub fn sums(&self, digest: &str) -> PathBuf {
        self.write("sums", &format!("{digest}  {}\n", self.path(0).display()))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.scratch.join(name);
        fs::write(&path, text).expect("room for a list");
        path
    }

    /// The command without the parts that differ between runs.
    pub fn typed(&self, command: &str) -> String {
        let text = |path: &Path| path.display().to_string();
        let programs = built("haul").parent().map(|folder| text(folder) + "/").unwrap_or_default();
        let names = [
            (text(&self.folder), "DIR"),
            (text(&self.scratch), "TMP"),
            (self.base.clone(), "ORIGIN"),
            (text(&component()), "haul.wasm"),
            (programs, ""),
        ];
        let certificate = self.certificate.iter().map(|path| (text(path), "CA"));
        let digest = self.sha256.iter().map(|digest| (digest.clone(), "DIGEST"));
        let names = names.into_iter().chain(certificate).chain(digest);
        names.fold(command.to_owned(), |typed, (found, name)| typed.replace(&found, name))
    }
}
