//! A disk with the files of one download and the ledger, and the effect of a power failure on them.

use std::convert::Infallible;

use haul_core::border::output::LedgerChange;
use haul_core::engine::Engine;
use haul_core::store::ledger::Reader;

use crate::file::{File, GARBAGE, Origin};

/// Version of bytes that another program wrote.
const EDITED: u64 = 9998;

#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub partial: Option<File>,
    /// Modification time of the partial file, in nanoseconds.
    pub modified: u64,
    synced: Option<File>,
    pub journal: Vec<u8>,
    pub target: Option<File>,
    /// The ledger in the state directory.
    pub ledger: Vec<u8>,
}

impl Disk {
    /// Applies a change of the ledger, which is synced at once.
    pub fn change_ledger(&mut self, change: LedgerChange, engine: &mut Engine) {
        match change {
            LedgerChange::Append { bytes, .. } => self.ledger.extend(bytes),
            LedgerChange::Replace => {
                self.ledger.clear();
                let write = |part: &[u8]| {
                    self.ledger.extend_from_slice(part);
                    Ok::<_, Infallible>(())
                };
                engine.write_ledger(write).expect("a file in memory");
            }
        }
    }

    /// Reads the ledger as an engine does, and cuts a torn tail.
    pub fn read_ledger(&mut self) -> Reader {
        let reader = Reader::of(&self.ledger);
        self.ledger.truncate(reader.length() as usize);
        reader
    }

    /// Leaves the start of a record at the end of the ledger, as an engine that died while it appended.
    pub fn tear_ledger(&mut self, length: usize) {
        if !self.ledger.is_empty() {
            let front = [99, 0, 0, 0, 1, 2, 3, 4];
            let checked = crc32fast::hash(&front).to_le_bytes();
            self.ledger.extend(front.into_iter().chain(checked).chain([5, 6, 7, 8]).take(length));
        }
    }

    pub fn sync(&mut self) {
        self.synced = self.partial.clone();
    }

    /// Simulates a power failure: unsynced bytes become garbage, and the last journal record may be torn.
    pub fn lose_power(&mut self, torn: usize) {
        if let Some(partial) = &mut self.partial {
            let mut left = File::default();
            left.write(0, partial.length(), Origin { version: GARBAGE, source: 0 });
            let synced = self.synced.take().unwrap_or_default();
            left.copy(&synced);
            *partial = left;
            self.sync();
        }
        let keep = self.journal.len().saturating_sub(torn);
        self.journal.truncate(keep);
    }

    /// Another program writes into the partial file without changing its length.
    pub fn edit(&mut self, at: u64, now: u64) {
        if let Some(partial) = &mut self.partial
            && partial.length() > 0
        {
            let offset = at % partial.length();
            partial.write(offset, 1, Origin { version: EDITED, source: 0 });
            self.modified = now;
        }
    }

    pub fn discard(&mut self) {
        self.journal.clear();
        self.partial = None;
        self.synced = None;
    }
}
