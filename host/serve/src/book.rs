//! The list of all downloads: the one durable truth of the daemon.
//!
//! It changes by [`Change`]s only. Each is appended to the journal and applied to the memory by the same function that replays the
//! journal, so that a daemon which starts again has the same list in the same order.

mod entry;
mod journal;
mod lists;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use self::entry::{Entry, JobLink, Metadata, Stage, State, Stop};
use self::journal::Journal;
pub use self::journal::Unwritten;
pub use self::lists::{List, Lists};
use crate::gid::Gid;

/// One change of the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Adds a download, or replaces what is known of it. Its state decides its list.
    Put {
        /// The download.
        entry: Box<Entry>,
        /// Its place among the waiting downloads; without one, a new download goes to the end, and a waiting one keeps its place.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        at: Option<usize>,
    },
    /// Removes a download without a trace.
    Forget(Gid),
    /// Sets global options. `None` is the default again.
    Global(BTreeMap<String, Option<String>>),
}

/// The list of all downloads.
pub struct Book {
    journal: Journal,
    content: Content,
}

/// The part of the list that is replayed.
#[derive(Debug, Default)]
pub struct Content {
    entries: BTreeMap<Gid, Entry>,
    by_job: BTreeMap<String, Gid>,
    lists: Lists,
    global: BTreeMap<String, String>,
}

/// Why a text names no download.
#[derive(Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// It begins no name.
    Invalid,
    /// No download has it.
    Unknown,
    /// Several downloads have it.
    Ambiguous,
}

impl Book {
    /// Opens the list in `directory`, which must exist and belong to the user alone.
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or it is damaged before its end.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let mut content = Content::default();
        let mut journal = Journal::read(directory, |change| content.apply(change))?;
        journal.replacement(&content.changes())?.write()?;
        Ok(Self { journal, content })
    }

    /// Changes the list. The change is durable after the next [`write`](Self::write).
    pub fn change(&mut self, change: Change) {
        self.journal.append(&change);
        self.content.apply(change);
    }

    /// The changes that are not durable yet.
    ///
    /// # Errors
    ///
    /// After [`distrust`](Self::distrust): no new file can be created.
    pub fn unwritten(&mut self) -> io::Result<Option<Unwritten>> {
        if self.journal.needs_replacement(self.content.entries.len()) {
            return self.journal.replacement(&self.content.changes()).map(Some);
        }
        Ok(self.journal.unwritten())
    }

    /// Has the next write replace the whole file, because one has failed and may have left a part of a line.
    pub const fn distrust(&mut self) {
        self.journal.distrust();
    }
}

impl std::ops::Deref for Book {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.content
    }
}

impl Content {
    fn apply(&mut self, change: Change) {
        match change {
            Change::Put { entry, at } => self.put(*entry, at),
            Change::Forget(gid) => {
                if let Some(entry) = self.entries.remove(&gid) {
                    self.lists.remove(gid, entry.state.list());
                    self.unlink(&entry);
                }
            }
            Change::Global(options) => {
                for (name, value) in options {
                    match value {
                        Some(value) => self.global.insert(name, value),
                        None => self.global.remove(&name),
                    };
                }
            }
        }
    }

    fn put(&mut self, entry: Entry, at: Option<usize>) {
        let (gid, list) = (entry.gid, entry.state.list());
        let before = self.entries.remove(&gid);
        self.lists.place(gid, before.as_ref().map(|before| before.state.list()), list, at);
        if let Some(before) = before {
            self.unlink(&before);
        }
        if let Some(id) = entry.job_id() {
            self.by_job.insert(id.into(), gid);
        }
        self.entries.insert(gid, entry);
    }

    /// Forgets that the download's job leads to it, unless another download has taken the job over.
    fn unlink(&mut self, entry: &Entry) {
        if let Some(id) = entry.job_id()
            && self.by_job.get(id) == Some(&entry.gid)
        {
            self.by_job.remove(id);
        }
    }

    /// The changes that make this list out of an empty one.
    fn changes(&self) -> Vec<Change> {
        let global = self.global.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
        let entries = self.lists.all().filter_map(|gid| self.entries.get(&gid));
        let put = entries.map(|entry| Change::Put { entry: Box::new(entry.clone()), at: None });
        std::iter::once(Change::Global(global)).chain(put).collect()
    }

    /// The download with this name.
    pub fn entry(&self, gid: Gid) -> Option<&Entry> {
        self.entries.get(&gid)
    }

    /// All downloads, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The number of downloads.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The download that a job works for.
    pub fn of_job(&self, id: &str) -> Option<&Entry> {
        self.by_job.get(id).and_then(|gid| self.entries.get(gid))
    }

    /// The lists by state.
    pub const fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The downloads of a list, in its order.
    pub fn listed(&self, list: List) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        // Both indexes change together, in `apply`.
        self.lists.of(list).iter().map(|gid| &self.entries[gid])
    }

    /// The global options that differ from the defaults.
    pub const fn global(&self) -> &BTreeMap<String, String> {
        &self.global
    }

    /// The download whose name is `text`, or begins with it.
    ///
    /// # Errors
    ///
    /// It is the name of none, or of several.
    pub fn find(&self, text: &str) -> Result<&Entry, Unnamed> {
        let mut found = self.entries.range(Gid::beginning_with(text).ok_or(Unnamed::Invalid)?);
        match (found.next(), found.next()) {
            (None, _) => Err(Unnamed::Unknown),
            (Some((_, entry)), None) => Ok(entry),
            (Some(_), Some(_)) => Err(Unnamed::Ambiguous),
        }
    }
}

#[cfg(test)]
mod tests;
