//! The journal beside a partial file (`FILE.haul`): which version it holds, and which bytes are kept.
//!
//! A magic line, then records. A record is appended after the data that it
//! vouches for is safe, so a reader trusts exactly what it can read: a torn last record is cut, and damage in the middle
//! makes the whole journal worthless, which the reader is told.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::layout::Wanted;
use crate::range::ByteRange;
use crate::range_set::RangeSet;
use crate::record::{self, Next};
use crate::representation::Representation;
use crate::seals::Seals;

/// Format name and version.
const MAGIC: &[u8] = b"haul journal 3\n";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// What is fetched: bytes kept by earlier records are not part of it.
    Subject {
        /// SHA-256 of the URL.
        source: [u8; 32],
        wanted: Wanted,
        representation: Representation,
        /// The name that the origin gave to the file, where that was asked for.
        name: Option<String>,
    },
    /// All bytes of the local file that are safe on disk.
    Kept {
        ranges: Vec<ByteRange>,
        /// When the partial file was last written to, in nanoseconds since 1970-01-01 UTC.
        modified: Option<u64>,
        /// Checksums of parts of those ranges.
        seals: Seals,
    },
    /// The run ended in order: nothing was written after the last record of what is kept.
    Closed,
    /// The file is whole and verified; only its name is missing.
    Verified,
}

/// Magic line and the first records of a new journal.
pub fn begin(records: &[Record]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    records.iter().for_each(|record| bytes.extend(encode(record)));
    bytes
}

/// One record as it is appended.
pub fn encode(record: &Record) -> Vec<u8> {
    record::encode(record)
}

/// What a journal vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub source: [u8; 32],
    pub wanted: Wanted,
    pub representation: Representation,
    pub name: Option<String>,
    pub kept: RangeSet,
    /// See [`Record::Kept`].
    pub modified: Option<u64>,
    pub seals: Seals,
    pub closed: bool,
    pub verified: bool,
    /// Bytes up to the end of the last whole record: where the next one goes.
    pub length: u64,
}

/// Nanoseconds by which the partial file of a run that was killed may be younger than its last record: what was written since
/// then, and some slack.
const UNRECORDED: u64 = 60 * 1_000_000_000;

impl Recovered {
    /// Whether somebody else wrote to the partial file, whose modification time is this.
    pub fn was_edited(&self, modified: Option<u64>) -> bool {
        let allowed = if self.closed || self.verified { 0 } else { UNRECORDED };
        matches!((self.modified, modified), (Some(then), Some(now)) if now > then.saturating_add(allowed))
    }
}

/// Why a journal cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Empty, or torn before its first record was whole.
    Absent,
    /// Not a journal, of another version, or damaged.
    Damaged,
}

/// Reads a journal from its first byte.
///
/// # Errors
///
/// [`Unusable`] where nothing in it can be trusted.
pub fn read(bytes: &[u8]) -> Result<Recovered, Unusable> {
    if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
        return Err(Unusable::Absent);
    }
    let mut rest = bytes.strip_prefix(MAGIC).ok_or(Unusable::Damaged)?;
    let mut recovered: Option<Recovered> = None;
    loop {
        let record = match record::next(rest) {
            Next::Record(record, after) => {
                rest = after;
                record
            }
            Next::Incomplete | Next::Zeroes | Next::BrokenLast => break,
            Next::Damaged => return Err(Unusable::Damaged),
        };
        let length = (bytes.len() - rest.len()) as u64;
        match (record, &mut recovered) {
            (Record::Subject { source, wanted, representation, name }, slot) => {
                *slot = Some(Recovered {
                    source,
                    wanted,
                    representation,
                    name,
                    kept: RangeSet::new(),
                    modified: None,
                    seals: Seals::default(),
                    closed: false,
                    verified: false,
                    length,
                });
            }
            (Record::Kept { ranges, modified, seals }, Some(known)) => {
                let sound = ranges.iter().all(|range| range.start < range.end) && seals.are_sound();
                if !sound {
                    return Err(Unusable::Damaged);
                }
                known.kept = ranges.into_iter().collect();
                (known.modified, known.seals, known.closed) = (modified, seals, false);
                known.seals.restrict_to(&known.kept);
                known.length = length;
            }
            (Record::Closed, Some(known)) => {
                known.closed = true;
                known.length = length;
            }
            (Record::Verified, Some(known)) => {
                known.verified = true;
                known.length = length;
            }
            (Record::Kept { .. } | Record::Closed | Record::Verified, None) => return Err(Unusable::Damaged),
        }
    }
    recovered.ok_or(Unusable::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn subject(source: u8) -> Record {
        let representation = Representation { complete: Some(1000), ..Representation::default() };
        Record::Subject { source: [source; 32], wanted: Wanted::Whole, representation, name: None }
    }

    fn kept(ranges: &[(u64, u64)]) -> Record {
        let ranges = ranges.iter().map(|&(start, end)| ByteRange::new(start, end)).collect();
        Record::Kept { ranges, modified: Some(1), seals: Seals::default() }
    }

    #[test]
    fn the_last_word_counts() {
        let mut bytes = begin(&[subject(1), kept(&[(0, 10)]), kept(&[(0, 10), (50, 60)])]);
        assert_eq!(read(&bytes).unwrap().kept.total(), 20);
        bytes.extend(encode(&subject(2)));
        let recovered = read(&bytes).unwrap();
        assert_eq!((recovered.source[0], recovered.kept.total(), recovered.length), (2, 0, bytes.len() as u64));
    }

    #[test]
    fn a_run_that_ended_in_order_is_closed_until_more_is_kept() {
        let mut bytes = begin(&[subject(1), kept(&[(0, 10)]), Record::Closed]);
        assert!(read(&bytes).unwrap().closed);
        bytes.extend(encode(&kept(&[(0, 20)])));
        assert!(!read(&bytes).unwrap().closed);
    }

    #[test]
    fn a_file_that_is_no_journal_is_damaged_and_an_empty_one_absent() {
        assert_eq!(read(b""), Err(Unusable::Absent));
        assert_eq!(read(b"haul jou"), Err(Unusable::Absent));
        assert_eq!(read(b"haul journal 9\n"), Err(Unusable::Damaged));
        assert_eq!(read(b"my shopping list"), Err(Unusable::Damaged));
        assert_eq!(read(&begin(&[kept(&[(0, 10)])])), Err(Unusable::Damaged));
    }

    proptest! {
        #[test]
        fn a_torn_tail_is_cut_and_never_invents_bytes(cut in 0usize..400) {
            let records = [subject(1), kept(&[(0, 10)]), kept(&[(0, 20)]), Record::Verified];
            let bytes = begin(&records);
            let torn = &bytes[..cut.min(bytes.len())];
            if let Ok(recovered) = read(torn) {
                prop_assert!(recovered.length <= torn.len() as u64);
                prop_assert!([0, 10, 20].contains(&recovered.kept.total()));
                let mut mended = torn[..recovered.length as usize].to_vec();
                mended.extend(encode(&kept(&[(0, 5)])));
                prop_assert_eq!(read(&mended).unwrap().kept.total(), 5);
            }
        }

        #[test]
        fn a_flipped_bit_is_noticed(at in 0usize..200, bit in 0u8..8) {
            let records = vec![subject(1), kept(&[(0, 10)]), kept(&[(0, 20)])];
            let mut bytes = begin(&records);
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            if let Ok(recovered) = read(&bytes) {
                prop_assert!([0, 10].contains(&recovered.kept.total()));
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let mut with_magic = MAGIC.to_vec();
            with_magic.extend(&bytes);
            let _ = read(&with_magic);
        }
    }
}
