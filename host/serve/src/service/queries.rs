//! Present values of downloads. They come from memory, so that a list of thousands costs the engine nothing.

use std::time::Instant;

use super::Service;
use crate::book::{Entry, List, State, Stop};

/// Downloads that ended since the start of the daemon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that completed.
    pub complete: u64,
    /// Those that failed.
    pub error: u64,
    /// Those that were removed while they had a place.
    pub removed: u64,
}

/// The present values of a download.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// Bytes that arrived.
    pub bytes: u64,
    /// Bytes of the whole file; `None` while unknown.
    pub total: Option<u64>,
    /// Bytes per second.
    pub speed: u64,
    /// Exchanges in flight.
    pub connections: u32,
    /// The URL of the present source; empty if unknown.
    pub source: String,
}

impl Totals {
    pub(super) const fn count(&mut self, stop: &Stop) {
        match stop {
            Stop::Complete => self.complete += 1,
            Stop::Error { .. } => self.error += 1,
            Stop::Removed => self.removed += 1,
        }
    }

    /// All of them.
    pub const fn all(self) -> u64 {
        self.complete + self.error + self.removed
    }
}

impl Service {
    /// Downloads that ended since the start.
    pub const fn ended(&self) -> Totals {
        self.ended.get()
    }

    /// The present values of a download.
    pub fn present(&self, entry: &Entry) -> Present {
        let stored = Present { bytes: entry.bytes, total: entry.total, ..Present::default() };
        let all = self.progress.borrow();
        let Some(progress) = all.get(&entry.gid).filter(|_| !entry.is_stopped()) else { return stored };
        let is_active = entry.state == State::Active;
        Present {
            bytes: progress.bytes().unwrap_or(entry.bytes),
            total: progress.total.or(entry.total),
            speed: if is_active { progress.speed(Instant::now()) } else { 0 },
            connections: if is_active { progress.connections } else { 0 },
            source: progress.source.clone(),
        }
    }

    /// Bytes per second of all downloads together.
    pub fn speed(&self) -> u64 {
        let (all, now) = (self.progress.borrow(), Instant::now());
        let book = self.book();
        let active = book.lists().of(List::Active).iter().filter_map(|gid| all.get(gid));
        active.map(|progress| progress.speed(now)).sum()
    }
}
