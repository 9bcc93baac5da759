//! The next time at which each of many things has work without an input.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::border::time::Instant;

#[derive(Debug)]
pub(super) struct Alarms<K> {
    by_time: BTreeSet<(Instant, K)>,
    by_key: BTreeMap<K, Instant>,
}

impl<K> Default for Alarms<K> {
    fn default() -> Self {
        Self { by_time: BTreeSet::new(), by_key: BTreeMap::new() }
    }
}

impl<K: Copy + Ord> Alarms<K> {
    /// Sets the alarm of `key` and replaces an earlier one; `None` stops it.
    pub fn set(&mut self, key: K, at: Option<Instant>) {
        let before = match at {
            Some(at) => self.by_key.insert(key, at),
            None => self.by_key.remove(&key),
        };
        if before == at {
            return;
        }
        if let Some(before) = before {
            self.by_time.remove(&(before, key));
        }
        self.by_time.extend(at.map(|at| (at, key)));
    }

    /// Removes and returns a key whose alarm is due at `now`.
    pub fn pop_due(&mut self, now: Instant) -> Option<K> {
        let (_, key) = self.by_time.first().copied().filter(|(at, _)| *at <= now)?;
        self.set(key, None);
        Some(key)
    }

    pub fn next(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }
}
