//! The file behind the list: one line of JSON for each change, after the digest of the line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::Change;

const NAME: &str = "downloads.journal";

/// The first line. Another version of the format gets another one.
const HEADER: &str = "haul serve, list of downloads, format 1\n";

/// Only the user may read the file, because it holds whole URLs and passwords.
const MODE: u32 = 0o600;

/// A journal that is shorter is never rewritten, in bytes, because rewriting costs two syncs.
const SMALL: u64 = 1 << 20;

/// Bytes for each download from which on the journal is rewritten: the lines of its life take less, because a line has about 500.
const WASTE: u64 = 4 << 10;

/// The hexadecimal digits of a line's digest. They are enough, because a torn or damaged line is no attack.
const CHECK: usize = 16;

/// The open journal.
pub struct Journal {
    path: PathBuf,
    file: Arc<File>,
    length: u64,
    unwritten: Vec<u8>,
    /// A write has failed.
    broken: bool,
}

/// Changes on their way to the disk.
pub struct Unwritten {
    bytes: Vec<u8>,
    target: Target,
}

enum Target {
    Append(Arc<File>),
    Replace { path: PathBuf, file: Arc<File> },
}

impl Journal {
    /// Replays the journal in `directory`, if there is one. A torn line at its end belongs to no acknowledged change and is dropped.
    pub fn read(directory: &Path, mut apply: impl FnMut(Change)) -> io::Result<Self> {
        let path = directory.join(NAME);
        let mut text = String::new();
        let mut bytes = Vec::new();
        match File::open(&path) {
            Ok(mut file) => drop(file.read_to_end(&mut bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        // A torn write may have cut a character.
        text.push_str(&String::from_utf8_lossy(&bytes));
        let damaged = |line: usize| {
            let message =
                format!("{} is damaged in line {line}; move it away to start with an empty list", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        if let Some(lines) = text.strip_prefix(HEADER) {
            let lines: Vec<&str> = lines.split_inclusive('\n').collect();
            for (number, line) in lines.iter().enumerate() {
                match decode(line) {
                    Some(change) => apply(change),
                    None if number + 1 == lines.len() => break,
                    None => return Err(damaged(number + 2)),
                }
            }
        } else if !HEADER.starts_with(&*text) {
            return Err(damaged(1));
        }
        let file = open(&path, OpenOptions::new().create(true).append(true))?;
        Ok(Self { path, file: Arc::new(file), length: 0, unwritten: Vec::new(), broken: false })
    }

    /// Adds a change to those that are not written yet.
    pub fn append(&mut self, change: &Change) {
        encode(change, &mut self.unwritten);
    }

    /// The changes that are not written yet.
    pub fn unwritten(&mut self) -> Option<Unwritten> {
        if self.unwritten.is_empty() {
            return None;
        }
        let bytes = std::mem::take(&mut self.unwritten);
        self.length = self.length.saturating_add(bytes.len() as u64);
        Some(Unwritten { bytes, target: Target::Append(self.file.clone()) })
    }

    /// Whether the file is damaged, or most of it is about changes that later ones have replaced.
    pub fn needs_replacement(&self, entries: usize) -> bool {
        self.broken || self.length > SMALL.max(WASTE.saturating_mul(entries as u64))
    }

    /// See [`Book::distrust`](super::Book::distrust).
    pub const fn distrust(&mut self) {
        self.broken = true;
    }

    /// A new file with these changes, in the place of all others.
    pub fn replacement(&mut self, changes: &[Change]) -> io::Result<Unwritten> {
        let new = self.path.with_extension("new");
        let file = Arc::new(open(&new, OpenOptions::new().create(true).write(true).truncate(true))?);
        let mut bytes = HEADER.as_bytes().to_vec();
        changes.iter().for_each(|change| encode(change, &mut bytes));
        self.unwritten.clear();
        self.file = file.clone();
        self.length = bytes.len() as u64;
        self.broken = false;
        Ok(Unwritten { bytes, target: Target::Replace { path: self.path.clone(), file } })
    }
}

impl Unwritten {
    /// Makes the changes durable.
    ///
    /// # Errors
    ///
    /// The disk's.
    pub fn write(&self) -> io::Result<()> {
        match &self.target {
            Target::Append(file) => {
                (&**file).write_all(&self.bytes)?;
                file.sync_data()
            }
            Target::Replace { path, file } => {
                (&**file).write_all(&self.bytes)?;
                file.sync_all()?;
                fs::rename(path.with_extension("new"), path)?;
                path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
            }
        }
    }
}

fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.mode(MODE).custom_flags(libc::O_NOFOLLOW).open(path)
}

fn encode(change: &Change, bytes: &mut Vec<u8>) {
    // Entries are made of texts and numbers, which JSON can always express.
    let json = serde_json::to_string(change).unwrap_or_default();
    bytes.extend_from_slice(check(&json).as_bytes());
    bytes.push(b' ');
    bytes.extend_from_slice(json.as_bytes());
    bytes.push(b'\n');
}

fn decode(line: &str) -> Option<Change> {
    let (digest, json) = line.strip_suffix('\n')?.split_once(' ')?;
    if digest == check(json) { serde_json::from_str(json).ok() } else { None }
}

fn check(json: &str) -> String {
    let digest = Sha256::digest(json);
    digest.iter().take(CHECK / 2).map(|byte| format!("{byte:02x}")).collect()
}
