//! Which file of a job is next: in the order in which they were added, those that come back before those that have not had a turn.

use alloc::collections::{BTreeMap, BTreeSet};

use super::file::JobFile;
use crate::failure::Cause;
use crate::time::Instant;

/// A file that waits to be tried again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retry {
    pub cause: Cause,
    pub at: Instant,
    /// When the last byte came, or the first request went out.
    pub silent_since: Instant,
    /// Failures since then.
    pub failures: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Line {
    /// No file from here on has left the line since the engine was opened.
    next: u32,
    /// Files before that which are back.
    back: BTreeSet<u32>,
    retries: BTreeMap<u32, Retry>,
    by_time: BTreeSet<(Instant, u32)>,
    /// What is known of the last tries of files that are to be tried once more.
    tried: BTreeMap<u32, Retry>,
}

impl Line {
    /// The file whose turn it is.
    pub fn first(&mut self, files: &[JobFile]) -> Option<u32> {
        while files.get(self.next as usize).is_some_and(|file| !file.stage.is_wanted()) {
            self.next += 1;
        }
        let fresh = Some(self.next).filter(|next| (*next as usize) < files.len());
        self.back.first().copied().into_iter().chain(fresh).min()
    }

    /// Whether a file waits for a place.
    pub fn has(&self, files: &[JobFile]) -> bool {
        !self.back.is_empty() || files.get(self.next as usize).is_some_and(|file| file.stage.is_wanted())
    }

    /// `index`, which is first, leaves the line; gives what its last try has told.
    pub fn leave(&mut self, index: u32) -> Option<Retry> {
        if !self.back.remove(&index) && index == self.next {
            self.next += 1;
        }
        self.tried.remove(&index)
    }

    /// `index` is to be fetched again.
    pub fn come_back(&mut self, index: u32) {
        self.forget(index);
        if index < self.next {
            self.back.insert(index);
        }
    }

    pub fn retry(&mut self, index: u32, retry: Retry) {
        self.forget(index);
        self.by_time.insert((retry.at, index));
        self.retries.insert(index, retry);
    }

    fn forget(&mut self, index: u32) {
        self.tried.remove(&index);
        if let Some(retry) = self.retries.remove(&index) {
            self.by_time.remove(&(retry.at, index));
        }
    }

    /// Those whose time has come are back.
    pub fn wake(&mut self, now: Instant) {
        while let Some((at, index)) = self.by_time.first().copied().filter(|(at, _)| *at <= now) {
            self.by_time.remove(&(at, index));
            if let Some(retry) = self.retries.remove(&index) {
                self.tried.insert(index, retry);
                self.back.insert(index);
            }
        }
    }

    /// All that wait are back at once, and nothing is known of their last tries.
    pub fn retry_all(&mut self) {
        self.by_time.clear();
        self.tried.clear();
        let all = core::mem::take(&mut self.retries);
        self.back.extend(all.into_keys());
    }

    pub fn next_retry(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// The file that is tried again first, and why it failed.
    pub fn first_retry(&self) -> Option<(u32, Cause)> {
        let (_, index) = self.by_time.first()?;
        Some((*index, self.retries.get(index)?.cause))
    }

    pub fn retry_of(&self, index: u32) -> Option<Cause> {
        self.retries.get(&index).map(|retry| retry.cause)
    }
}
