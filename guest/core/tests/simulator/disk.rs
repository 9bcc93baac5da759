//! Files as extents: which bytes of which version were written where. Nothing is stored, everything can be compared.

use std::collections::BTreeMap;

use haul_core::ledger::Change;

/// Bytes that come from `version`, starting at its byte `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub version: u64,
    pub source: u64,
}

/// What a file holds, by the offset of each extent: its end, and where its bytes come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    extents: BTreeMap<u64, (u64, Origin)>,
}

impl File {
    pub fn write(&mut self, offset: u64, length: u64, origin: Origin) {
        let end = offset + length;
        let touched: Vec<_> = self
            .extents
            .range(..end)
            .filter(|(_, (until, _))| *until > offset)
            .map(|(&start, &value)| (start, value))
            .collect();
        for (start, (until, old)) in touched {
            self.extents.remove(&start);
            if start < offset {
                self.extents.insert(start, (offset, old));
            }
            if until > end {
                self.extents.insert(end, (until, Origin { source: old.source + (end - start), ..old }));
            }
        }
        if length > 0 {
            self.extents.insert(offset, (end, origin));
        }
    }

    /// Whether the bytes from `start` to `end` are those of `version` at the same offsets.
    pub fn holds(&self, version: u64, start: u64, end: u64) -> bool {
        let mut at = start;
        while at < end {
            let Some((&from, &(until, origin))) = self.extents.range(..=at).next_back() else { return false };
            if until <= at || origin.version != version || origin.source != from {
                return false;
            }
            at = until;
        }
        true
    }

    /// The CRC-32 of the bytes from `start` to `end`, where each byte of a version is the version's number.
    pub fn crc(&self, start: u64, end: u64) -> u32 {
        let mut crc = crc32fast::Hasher::new();
        let mut at = start;
        while at < end {
            let Some((_, &(until, origin))) =
                self.extents.range(..=at).next_back().filter(|(_, (until, _))| *until > at)
            else {
                return u32::MAX;
            };
            let until = until.min(end);
            crc.combine(&repeated(origin.version as u8, until - at));
            at = until;
        }
        crc.finalize()
    }

    pub fn cut(&mut self, length: u64) {
        let end = self.length();
        if end > length {
            self.write(length, end - length, Origin { version: GARBAGE, source: 0 });
            self.extents.split_off(&length);
        }
    }

    pub fn length(&self) -> u64 {
        self.extents.values().map(|(until, _)| *until).max().unwrap_or(0)
    }

    /// Whether the file is, from its first byte to its last, these parts of `version`: each the bytes from a source offset on,
    /// so many of them.
    pub fn is(&self, version: u64, parts: &[(u64, u64)]) -> bool {
        let mut at = 0;
        for &(source, length) in parts {
            let end = at + length;
            while at < end {
                let Some((&start, &(until, origin))) = self.extents.range(..=at).next_back() else { return false };
                let right = origin.version == version && origin.source + (at - start) == source + length - (end - at);
                if until <= at || !right {
                    return false;
                }
                at = until.min(end);
            }
        }
        self.length() == at
    }
}

/// Bytes that nobody wrote.
const GARBAGE: u64 = 9999;

/// Bytes that somebody else wrote.
const EDITED: u64 = 9998;

#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub partial: Option<File>,
    /// When the partial file was last written to, in nanoseconds.
    pub modified: u64,
    synced: Option<File>,
    pub journal: Vec<u8>,
    pub target: Option<File>,
    /// The ledger in the state directory.
    pub ledger: Vec<u8>,
}

impl Disk {
    /// Does a change of the ledger, which is synced at once.
    pub fn change_ledger(&mut self, change: Change) {
        match change {
            Change::Append { offset, bytes, .. } => {
                self.ledger.truncate(offset as usize);
                self.ledger.extend(bytes);
            }
            Change::Replace(bytes) => self.ledger = bytes,
        }
    }

    /// The engine died while it added to the ledger: the beginning of a record is at its end.
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

    /// Power is lost: unsynced bytes are garbage, the last journal record may be torn.
    pub fn lose_power(&mut self, torn: usize) {
        if let Some(partial) = &mut self.partial {
            let mut left = File::default();
            left.write(0, partial.length(), Origin { version: GARBAGE, source: 0 });
            let synced = self.synced.take().unwrap_or_default();
            synced.extents.iter().for_each(|(start, (end, origin))| left.write(*start, end - start, *origin));
            *partial = left;
            self.sync();
        }
        let keep = self.journal.len().saturating_sub(torn);
        self.journal.truncate(keep);
    }

    /// Somebody else writes into the partial file, which keeps its length.
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

/// The CRC-32 of so many equal bytes, by doubling.
fn repeated(byte: u8, count: u64) -> crc32fast::Hasher {
    let mut all = crc32fast::Hasher::new();
    let mut power = crc32fast::Hasher::new();
    power.update(&[byte]);
    let mut left = count;
    while left > 0 {
        if left & 1 == 1 {
            all.combine(&power);
        }
        power.combine(&power.clone());
        left >>= 1;
    }
    all
}
