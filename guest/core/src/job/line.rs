//! The order of a job's files: by index, except that a file that waits for a retry is skipped until its time.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::time::Duration;

use super::file::JobFile;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::pacing::retry::Wait;

#[derive(Debug, Default)]
pub(crate) struct Line {
    /// No file with this index or a higher one has left the line since the engine was opened.
    next: u32,
    /// Files below `next` that are back in line.
    back: BTreeSet<u32>,
    /// Files that wait for their retry.
    waits: BTreeMap<u32, Wait>,
    by_time: BTreeSet<(Instant, u32)>,
    /// Last failures of files that are back in line.
    tried: BTreeMap<u32, Wait>,
}

impl Line {
    /// The first file in line.
    pub fn first(&mut self, files: &[JobFile]) -> Option<u32> {
        while files.get(self.next as usize).is_some_and(|file| !file.is_due()) {
            self.next += 1;
        }
        let fresh = Some(self.next).filter(|next| (*next as usize) < files.len());
        self.back.first().copied().into_iter().chain(fresh).min()
    }

    /// Whether any file is in line. Call [`Self::first`] before.
    pub fn has(&self, files: &[JobFile]) -> bool {
        !self.back.is_empty() || files.get(self.next as usize).is_some_and(JobFile::is_due)
    }

    /// Removes `index`, the first in line, at `now`, and returns its last failures. Time in line does not count as silence of its origin.
    pub fn leave(&mut self, index: u32, now: Instant) -> Option<Wait> {
        if !self.back.remove(&index) && index == self.next {
            self.next += 1;
        }
        let tried = self.tried.remove(&index)?;
        Some(Wait { silent_since: tried.silent_since + now.since(tried.at), ..tried })
    }

    /// Puts `index` back in line.
    pub fn come_back(&mut self, index: u32) {
        self.forget(index);
        if index < self.next {
            self.back.insert(index);
        }
    }

    /// Takes `index` out of line until it comes back.
    pub fn withdraw(&mut self, index: u32) {
        self.forget(index);
        self.back.remove(&index);
    }

    /// Schedules a retry of `index` at `wait.at`, or at the end of the no-progress `timeout` if that is earlier.
    pub fn retry(&mut self, index: u32, wait: Wait, now: Instant, timeout: Duration) {
        self.forget(index);
        let at = wait.at.min(wait.silent_since + timeout);
        let wait = Wait { at, ..wait };
        if at > now {
            self.by_time.insert((at, index));
            self.waits.insert(index, wait);
        } else {
            self.come_back(index);
            self.tried.insert(index, wait);
        }
    }

    fn forget(&mut self, index: u32) {
        self.tried.remove(&index);
        if let Some(wait) = self.waits.remove(&index) {
            self.by_time.remove(&(wait.at, index));
        }
    }

    /// Forgets files with the index `from` and higher.
    pub fn cut(&mut self, from: u32) {
        self.next = self.next.min(from);
        self.back.split_off(&from);
        self.tried.split_off(&from);
        for (index, wait) in self.waits.split_off(&from) {
            self.by_time.remove(&(wait.at, index));
        }
    }

    /// Puts files whose retry is due back in line. Returns, with their causes, those that were silent for `timeout`; they are not put back.
    pub fn wake(&mut self, now: Instant, timeout: Duration) -> Vec<(u32, Cause)> {
        let mut silent = Vec::new();
        while let Some((at, index)) = self.by_time.first().copied().filter(|(at, _)| *at <= now) {
            self.by_time.remove(&(at, index));
            match self.waits.remove(&index) {
                Some(wait) if at >= wait.silent_since + timeout => silent.push((index, wait.cause)),
                Some(wait) => {
                    self.tried.insert(index, wait);
                    self.back.insert(index);
                }
                None => {}
            }
        }
        silent
    }

    /// Puts all waiting files back in line at once and forgets their failures.
    pub fn retry_all(&mut self) {
        self.by_time.clear();
        self.tried.clear();
        let all = core::mem::take(&mut self.waits);
        self.back.extend(all.into_keys());
    }

    pub fn next_retry(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// The file with the earliest retry, and the cause of its failure.
    pub fn first_retry(&self) -> Option<(u32, Cause)> {
        let (_, index) = self.by_time.first()?;
        Some((*index, self.waits.get(index)?.cause))
    }

    pub fn retry_of(&self, index: u32) -> Option<Cause> {
        self.waits.get(&index).map(|wait| wait.cause)
    }
}
