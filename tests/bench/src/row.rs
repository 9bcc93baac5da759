//! A row of the benchmark.

use std::path::{Path, PathBuf};

use crate::contender::Contender;
use crate::errand::Errand;
use crate::group::Group;
use crate::place::Place;
use crate::source::Source;
use crate::target::Target;
use crate::workload::{Files, Server, Transfers};

/// A workload, its programs, and the targets.
pub struct Row {
    pub name: String,
    pub title: String,
    pub group: Group,
    pub files: Files,
    pub place: Place,
    pub server: Server,
    pub transfers: Transfers,
    /// The files must survive a loss of power.
    pub durable: bool,
    /// The files must be verified by their SHA-256.
    pub verified: bool,
    pub contenders: Vec<Contender>,
    pub targets: Vec<Target>,
}

impl Row {
    /// The errand of a program: the files of this row from `base` to the first of `folders`; the second takes lists and settings.
    pub fn errand(&self, source: &Source, base: String, certificate: Option<PathBuf>, folders: [&Path; 2]) -> Errand {
        Errand {
            base,
            folder: folders[0].to_owned(),
            scratch: folders[1].to_owned(),
            files: self.files.count,
            length: self.files.length,
            transfers: self.transfers,
            durable: self.durable,
            sha256: self.verified.then(|| source.sha256()),
            certificate,
        }
    }
}
