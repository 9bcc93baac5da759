//! Files as extents that name the version and source of their bytes. No bytes are stored, but all can be compared.

use std::collections::BTreeMap;

/// Bytes of `version`, starting at its byte `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub version: u64,
    pub source: u64,
}

/// The extents of a file by offset: end, and origin of the bytes.
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

    /// Writes all extents of `other`.
    pub fn copy(&mut self, other: &Self) {
        other.extents.iter().for_each(|(start, (end, origin))| self.write(*start, end - start, *origin));
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

    /// The CRC-32 of the bytes from `start` to `end`, if each byte of a version is the version's number.
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

    /// Length of the prefix without a gap.
    #[allow(dead_code, reason = "the jobs' disk has no use for it")]
    pub fn written_from_start(&self) -> u64 {
        self.extents.iter().fold(0, |at, (start, (until, _))| if *start == at { *until } else { at })
    }

    pub fn length(&self) -> u64 {
        self.extents.values().map(|(until, _)| *until).max().unwrap_or(0)
    }

    /// Whether the file consists of exactly these parts of `version`, each a source offset and a length.
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

/// Version of garbage.
pub const GARBAGE: u64 = 9999;

/// The CRC-32 of `count` equal bytes, by doubling.
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
