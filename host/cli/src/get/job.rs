//! One file of a run: URL, target and counts.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use haul::{Download, DownloadState, DownloadStatus, Property, PropertyId, Report};

use crate::list::Item;
use crate::standard_output::Trouble;

pub struct Job {
    pub item: Item,
    pub target: Target,
    pub started: Instant,
    /// The error of the last attempt.
    pub last_try: RefCell<Option<String>>,
    /// The error of standard output, if the bytes go there.
    pub trouble: Trouble,
}

/// The destination of the bytes.
pub enum Target {
    File(PathBuf),
    StandardOutput,
}

impl Target {
    /// The path of the file; `-` for standard output, as on the command line.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::StandardOutput => Path::new("-"),
        }
    }

    /// The name without the directory.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::StandardOutput => self.to_string(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::StandardOutput => f.write_str("standard output"),
        }
    }
}

impl Job {
    pub fn new(item: Item, target: Target) -> Self {
        Self { item, target, started: Instant::now(), last_try: RefCell::default(), trouble: Trouble::default() }
    }

    /// Takes the file's name from the engine, because the origin may have chosen it.
    pub async fn learn_name(&mut self, download: &Download) {
        if let Target::File(path) = &mut self.target
            && let Ok(Property::LocalPath(known)) = download.property(PropertyId::LocalPath).await
            && let Some(name) = Path::new(&known).file_name()
        {
            path.set_file_name(name);
        }
    }
}

/// The progress of a file.
#[derive(Default)]
pub struct Counts {
    pub status: Option<DownloadStatus>,
    pub report: Report,
}

impl Counts {
    pub async fn of(download: &Download) -> Self {
        Self { status: download.status().await.ok(), report: download.report().await.unwrap_or_default() }
    }

    /// Transferred bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.status.as_ref().map_or(0, |status| status.bytes_transferred)
    }

    pub fn is_finalized(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state == DownloadState::Finalized)
    }
}
