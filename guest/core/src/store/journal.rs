//! The journal next to a partial file (`FILE.haul`): the version of the content, and the kept bytes.
//!
//! It is a magic line followed by records. The engine appends a record only after the data that it describes is safe, so a reader can trust
//! every record that it can read. A torn last record is cut. Damage in the middle makes the whole journal unusable, and the reader reports
//! it.
//!
//! Each record carries a tag over itself and the previous tag, made with the user's key. A file name chosen by a document or an origin can
//! place a file here that looks like a journal; only the tags show that the user's own engine wrote it. The tags do not cover a path, so a
//! copy of both files can be resumed.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::key::{Key, Tag};
use super::record::{self, Next};
use super::seals::Seals;
use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;
use crate::http::representation::Representation;
use crate::layout::Wanted;

/// Format name and version.
const MAGIC: &[u8] = b"haul journal 4\n";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// The subject of the following records. Bytes kept by earlier records are not part of it.
    Subject {
        /// Fingerprint of the URL.
        source: Tag,
        wanted: Wanted,
        representation: Representation,
        /// The origin's name for the file, if the origin was asked to name it.
        name: Option<String>,
    },
    /// All bytes of the local file that are safe on disk.
    Kept {
        ranges: Vec<ByteRange>,
        /// Modification time of the partial file, in nanoseconds since 1970-01-01 UTC.
        modified: Option<u64>,
        /// Checksums of parts of those ranges.
        seals: Seals,
    },
    /// The run ended cleanly: nothing was written after the last record of kept bytes.
    Closed,
    /// The file is complete and verified; only the rename is missing.
    Verified,
}

/// The stored form of a record.
#[derive(Serialize, Deserialize)]
struct Tagged {
    record: Record,
    tag: Tag,
}

/// The end of a journal: the offset for the next record, and the tag that the next tag must cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Offset of the next record in bytes.
    pub length: u64,
    tag: Tag,
}

/// The magic line and first records of a new journal.
pub fn begin(records: &[Record], key: &Key) -> (Vec<u8>, Tail) {
    let mut bytes = MAGIC.to_vec();
    let mut tail = Tail { length: bytes.len() as u64, tag: Tag::default() };
    for record in records {
        let (appended, next) = append(record, tail, key);
        bytes.extend(appended);
        tail = next;
    }
    (bytes, tail)
}

/// The bytes of one record to append, and the end of the journal after it.
pub fn append(record: &Record, tail: Tail, key: &Key) -> (Vec<u8>, Tail) {
    let tag = tag_of(record, tail.tag, key);
    let bytes = record::encode(&Tagged { record: record.clone(), tag });
    let tail = Tail { length: tail.length + bytes.len() as u64, tag };
    (bytes, tail)
}

fn tag_of(record: &Record, last: Tag, key: &Key) -> Tag {
    key.chain(last, &postcard::to_allocvec(record).unwrap_or_default())
}

/// The state that a journal records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// All tags match the given key.
    pub authentic: bool,
    pub source: Tag,
    pub wanted: Wanted,
    pub representation: Representation,
    pub name: Option<String>,
    pub kept: RangeSet,
    /// See [`Record::Kept`].
    pub modified: Option<u64>,
    pub seals: Seals,
    pub closed: bool,
    pub verified: bool,
    /// Length in bytes up to the end of the last whole record, which is the offset for the next one.
    pub length: u64,
}

/// Nanoseconds by which the partial file of a killed run may be newer than its last record, because writes continue after a checkpoint for
/// at most 30 s; as much again is slack.
const UNRECORDED: u64 = 60 * 1_000_000_000;

impl Recovered {
    /// Whether another program wrote to the partial file, given the file's modification time.
    pub fn was_edited(&self, modified: Option<u64>) -> bool {
        let allowed = if self.closed || self.verified { 0 } else { UNRECORDED };
        matches!((self.modified, modified), (Some(then), Some(now)) if now > then.saturating_add(allowed))
    }
}

/// The reason for rejecting a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Empty, or torn within its first record.
    Absent,
    /// Not a journal, of another version, or damaged.
    Damaged,
}

/// Reads a journal from its first byte.
///
/// # Errors
///
/// [`Unusable`] if nothing in it can be trusted.
pub fn read(bytes: &[u8], key: &Key) -> Result<Recovered, Unusable> {
    if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
        return Err(Unusable::Absent);
    }
    let mut rest = bytes.strip_prefix(MAGIC).ok_or(Unusable::Damaged)?;
    let mut recovered: Option<Recovered> = None;
    let (mut authentic, mut last) = (true, Tag::default());
    loop {
        let Tagged { record, tag } = match record::next(rest) {
            Next::Record(record, after) => {
                rest = after;
                record
            }
            Next::Incomplete | Next::Zeroes | Next::BrokenLast => break,
            Next::Damaged => return Err(Unusable::Damaged),
        };
        authentic &= tag == tag_of(&record, last, key);
        last = tag;
        let known = take(recovered, record)?;
        let length = (bytes.len() - rest.len()) as u64;
        recovered = Some(Recovered { authentic, length, ..known });
    }
    recovered.ok_or(Unusable::Absent)
}

/// Applies a record to the state.
fn take(known: Option<Recovered>, record: Record) -> Result<Recovered, Unusable> {
    match (record, known) {
        (Record::Subject { source, wanted, representation, name }, _) => Ok(Recovered {
            authentic: false,
            source,
            wanted,
            representation,
            name,
            kept: RangeSet::new(),
            modified: None,
            seals: Seals::default(),
            closed: false,
            verified: false,
            length: 0,
        }),
        (Record::Kept { ranges, modified, seals }, Some(mut known)) => {
            let sound = ranges.iter().all(|range| range.start < range.end) && seals.are_sound();
            if !sound {
                return Err(Unusable::Damaged);
            }
            known.kept = ranges.into_iter().collect();
            (known.modified, known.seals, known.closed) = (modified, seals, false);
            known.seals.restrict_to(&known.kept);
            Ok(known)
        }
        (Record::Closed, Some(known)) => Ok(Recovered { closed: true, ..known }),
        (Record::Verified, Some(known)) => Ok(Recovered { verified: true, ..known }),
        (Record::Kept { .. } | Record::Closed | Record::Verified, None) => Err(Unusable::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::url::Url;
    use alloc::format;
    use alloc::vec;
    use proptest::prelude::*;

    const KEY: Key = Key::lasting([7; 32]);

    fn begin(records: &[Record]) -> Vec<u8> {
        super::begin(records, &KEY).0
    }

    fn read(bytes: &[u8]) -> Result<Recovered, Unusable> {
        super::read(bytes, &KEY)
    }

    fn subject(source: u8) -> Record {
        let representation = Representation { complete: Some(1000), ..Representation::default() };
        let url = Url::parse(&format!("http://h/{source}")).unwrap();
        Record::Subject { source: KEY.fingerprint(&url), wanted: Wanted::Whole, representation, name: None }
    }

    fn kept(ranges: &[(u64, u64)]) -> Record {
        let ranges = ranges.iter().map(|&(start, end)| ByteRange::new(start, end)).collect();
        Record::Kept { ranges, modified: Some(1), seals: Seals::default() }
    }

    #[test]
    fn the_last_word_counts() {
        let first = [subject(1), kept(&[(0, 10)]), kept(&[(0, 10), (50, 60)])];
        let (bytes, tail) = super::begin(&first, &KEY);
        assert_eq!(read(&bytes).unwrap().kept.total(), 20);
        let (more, tail) = append(&subject(2), tail, &KEY);
        let bytes = [bytes, more].concat();
        assert_eq!(bytes, begin(&[&first[..], &[subject(2)]].concat()));
        assert_eq!(tail.length, bytes.len() as u64);
        let recovered = read(&bytes).unwrap();
        assert_ne!(recovered.source, read(&begin(&first)).unwrap().source);
        assert_eq!((recovered.kept.total(), recovered.length), (0, bytes.len() as u64));
    }

    #[test]
    fn a_run_that_ended_in_order_is_closed_until_more_is_kept() {
        let mut records = vec![subject(1), kept(&[(0, 10)]), Record::Closed];
        assert!(read(&begin(&records)).unwrap().closed);
        records.push(kept(&[(0, 20)]));
        assert!(!read(&begin(&records)).unwrap().closed);
    }

    #[test]
    fn only_the_key_that_wrote_a_journal_finds_it_authentic() {
        let records = [subject(1), kept(&[(0, 10)]), Record::Closed];
        let other = Key::lasting([8; 32]);
        let authentic = |writer, reader| super::read(&super::begin(&records, writer).0, reader).unwrap().authentic;
        assert!(authentic(&KEY, &KEY) && authentic(&other, &other));
        assert!(!authentic(&KEY, &other) && !authentic(&other, &KEY));
    }

    #[test]
    fn records_of_authentic_journals_make_no_other_authentic_one() {
        let (one, after_one) = super::begin(&[subject(1), kept(&[(0, 10)])], &KEY);
        let (_, after_two) = super::begin(&[subject(2), kept(&[(0, 5)])], &KEY);
        let (more, _) = append(&kept(&[(0, 20)]), after_one, &KEY);
        let (foreign, _) = append(&kept(&[(0, 20)]), after_two, &KEY);
        assert!(read(&[one.clone(), more].concat()).unwrap().authentic);
        assert!(!read(&[one, foreign].concat()).unwrap().authentic);
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
        fn a_torn_tail_is_cut_and_never_invents_bytes(cut in 0usize..600) {
            let records = [subject(1), kept(&[(0, 10)]), kept(&[(0, 20)]), Record::Verified];
            let bytes = begin(&records);
            let torn = &bytes[..cut.min(bytes.len())];
            if let Ok(recovered) = read(torn) {
                prop_assert!(recovered.length <= torn.len() as u64);
                prop_assert!([0, 10, 20].contains(&recovered.kept.total()));
                let whole = &torn[..recovered.length as usize];
                prop_assert_eq!(read(whole).unwrap(), recovered);
            }
        }

        #[test]
        fn a_flipped_bit_is_noticed(at in 0usize..500, bit in 0u8..8) {
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
