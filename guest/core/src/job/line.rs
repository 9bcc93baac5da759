//! Which file of a job is next: in the order in which they were added, those that come back before those that have not had a turn.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::time::Duration;

use super::file::JobFile;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::pacing::retry::Wait;

#[derive(Debug, Default)]
pub(crate) struct Line {
    /// No file from here on has left the line since the engine was opened.
    next: u32,
    /// Files before that which are back.
    back: BTreeSet<u32>,
    /// Files that wait to be tried again.
    waits: BTreeMap<u32, Wait>,
    by_time: BTreeSet<(Instant, u32)>,
    /// What is known of the last tries of files that are back.
    tried: BTreeMap<u32, Wait>,
}

impl Line {
    /// The file whose turn it is.
    pub fn first(&mut self, files: &[JobFile]) -> Option<u32> {
        while files.get(self.next as usize).is_some_and(|file| !file.is_due()) {
            self.next += 1;
        }
        let fresh = Some(self.next).filter(|next| (*next as usize) < files.len());
        self.back.first().copied().into_iter().chain(fresh).min()
    }

    /// Whether a file waits for a place, after [`Self::first`] has looked.
    pub fn has(&self, files: &[JobFile]) -> bool {
        !self.back.is_empty() || files.get(self.next as usize).is_some_and(JobFile::is_due)
    }

    /// `index`, which is first, leaves the line at `now`; gives what its last try has told. That it had to wait for a place is no
    /// silence of its origin.
    pub fn leave(&mut self, index: u32, now: Instant) -> Option<Wait> {
        if !self.back.remove(&index) && index == self.next {
            self.next += 1;
        }
        let tried = self.tried.remove(&index)?;
        Some(Wait { silent_since: tried.silent_since + now.since(tried.at), ..tried })
    }

    /// `index` is to be fetched again.
    pub fn come_back(&mut self, index: u32) {
        self.forget(index);
        if index < self.next {
            self.back.insert(index);
        }
    }

    /// `index` is not to be fetched, for the time being.
    pub fn withdraw(&mut self, index: u32) {
        self.forget(index);
        self.back.remove(&index);
    }

    /// `index` is to be tried again, not before its time, and no later than after a silence of `timeout`.
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

    /// Files from number `from` on are not there any more.
    pub fn cut(&mut self, from: u32) {
        self.next = self.next.min(from);
        self.back.split_off(&from);
        self.tried.split_off(&from);
        for (index, wait) in self.waits.split_off(&from) {
            self.by_time.remove(&(wait.at, index));
        }
    }

    /// Those whose time has come are back; gives those of them that were silent for `timeout`, which are not, and why they failed.
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

    /// All that wait are back at once, and nothing is known of their last tries.
    pub fn retry_all(&mut self) {
        self.by_time.clear();
        self.tried.clear();
        let all = core::mem::take(&mut self.waits);
        self.back.extend(all.into_keys());
    }

    pub fn next_retry(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// The file that is tried again first, and why it failed.
    pub fn first_retry(&self) -> Option<(u32, Cause)> {
        let (_, index) = self.by_time.first()?;
        Some((*index, self.waits.get(index)?.cause))
    }

    pub fn retry_of(&self, index: u32) -> Option<Cause> {
        self.waits.get(&index).map(|wait| wait.cause)
    }
}
