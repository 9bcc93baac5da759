//! The history: jobs that ended, in a file of the state directory, one JSON object on each line.
//!
//! The engine forgets a job that ended, as BITS does. A lost or damaged history loses no download, so the file is written without a sync,
//! and lines that cannot be read are ignored.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::file::Digest;
use crate::view::JobView;

/// The most jobs that a history shows, so that the file stays small. It is cut to this number once it has twice as many.
const MOST_JOBS: usize = 1000;

/// The most bytes of the file that are read, so that a damaged file takes no memory. 2000 lines with names of 256 characters, the
/// limit of BITS, fit in it.
const MOST_BYTES: u64 = 4 << 20;

/// A job that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedJob {
    /// The id of the job.
    pub id: String,
    /// The name for people; may be empty.
    pub display_name: String,
    /// How it ended.
    pub ending: Ending,
    /// The number of files.
    pub files: u32,
    /// The number of files that got their names.
    pub files_transferred: u32,
    /// Bytes of these files.
    pub bytes: u64,
    /// The first expected digest of a job with one file, which is verified if the file was transferred.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// The time of its creation.
    pub created: Timestamp,
    /// The time at which it ended.
    pub ended: Timestamp,
    /// Seconds from its creation to the arrival of its last file; to its end if a file is missing.
    pub seconds: u64,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Its files have their names.
    Completed,
    /// It was dropped.
    Cancelled,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        })
    }
}

impl FinishedJob {
    /// `job` as it was before its end.
    pub(crate) fn new(job: &JobView, ending: Ending, digest: Option<Digest>, now: Timestamp) -> Self {
        let whole = ending == Ending::Completed && job.files_transferred == job.files;
        let seconds = job.transferred.filter(|_| whole).unwrap_or(now).duration_since(job.created).as_secs();
        let (files_transferred, bytes) = match ending {
            Ending::Completed => (job.files_transferred, job.bytes),
            Ending::Cancelled => (0, 0),
        };
        Self {
            id: job.id.clone(),
            display_name: job.display_name.clone(),
            ending,
            files: job.files,
            files_transferred,
            bytes,
            digest,
            created: job.created,
            ended: now,
            seconds: seconds.max(0).unsigned_abs(),
        }
    }
}

/// The file of a history.
pub struct History {
    path: PathBuf,
}

impl History {
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Adds a job.
    pub fn add(&self, job: &FinishedJob) -> io::Result<()> {
        let before = self.text();
        // A full disk may have cut the last line off.
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        let line = serde_json::to_string(job)?;
        open(&self.path)?.write_all(format!("{gap}{line}\n").as_bytes())?;
        let lines: Vec<_> = before.lines().chain([line.as_str()]).collect();
        if lines.len() < 2 * MOST_JOBS {
            return Ok(());
        }
        let shorter = self.path.with_extension("new");
        let _ = fs::remove_file(&shorter);
        open(&shorter)?.write_all((lines[lines.len() - MOST_JOBS..].join("\n") + "\n").as_bytes())?;
        fs::rename(shorter, &self.path)
    }

    /// The last jobs, the newest first.
    pub fn read(&self) -> Vec<FinishedJob> {
        self.text().lines().rev().filter_map(|line| serde_json::from_str(line).ok()).take(MOST_JOBS).collect()
    }

    /// The content of the file; empty if there is none.
    fn text(&self) -> String {
        let mut bytes = Vec::new();
        let read = File::open(&self.path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
        read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Opens a file at its end. Names of jobs concern its owner only.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: usize) -> FinishedJob {
        FinishedJob {
            id: number.to_string(),
            display_name: "maps".into(),
            ending: Ending::Completed,
            files: 1,
            files_transferred: 1,
            bytes: 7,
            digest: None,
            created: Timestamp::UNIX_EPOCH,
            ended: Timestamp::UNIX_EPOCH,
            seconds: 3,
        }
    }

    #[test]
    fn the_newest_jobs_come_first_and_the_oldest_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path().join("history.jsonl"));
        assert_eq!(history.read(), []);
        for number in 0..2 * MOST_JOBS + 5 {
            history.add(&job(number)).unwrap();
        }
        let read = history.read();
        assert_eq!((read.len(), &read[0], &read[999]), (MOST_JOBS, &job(2004), &job(1005)));
        assert!(history.text().lines().count() < 2 * MOST_JOBS);
    }

    #[test]
    fn a_damaged_line_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path().join("history.jsonl"));
        history.add(&job(1)).unwrap();
        fs::write(&history.path, history.text() + "{\"id\":").unwrap();
        history.add(&job(2)).unwrap();
        assert_eq!(history.read(), [job(2), job(1)]);
    }
}
