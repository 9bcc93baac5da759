//! Journal records from arbitrary input.

use arbitrary::Arbitrary;
use haul_core::content::range::ByteRange;
use haul_core::http::validator::{EntityTag, LastModified};
use haul_core::layout::{RequestedRange, Wanted};
use haul_core::parse::url::Url;
use haul_core::store::journal::{Record, Recovered};
use haul_core::store::key::Key;
use haul_core::store::seals::{Seal, Seals};

#[derive(Arbitrary, Clone, Debug)]
pub enum Entry {
    Subject {
        source: u8,
        wanted: Vec<Range>,
        entity_tag: Option<Tag>,
        modified: Option<Modified>,
        complete: Option<u64>,
        name: Option<String>,
    },
    Kept {
        ranges: Vec<(u64, u64)>,
        modified: Option<u64>,
        seals: Vec<(u8, u8, u32)>,
    },
    Closed,
    Verified,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Range {
    Bounded { offset: u64, length: u64 },
    From { offset: u64 },
    Suffix { length: u64 },
}

#[derive(Arbitrary, Clone, Debug)]
pub struct Tag {
    weak: bool,
    opaque: String,
}

#[derive(Arbitrary, Clone, Debug)]
pub struct Modified {
    field: String,
    seconds: u64,
    strong: bool,
}

impl Entry {
    pub fn record(&self) -> Record {
        match self {
            Self::Subject { source, wanted, entity_tag, modified, complete, name } => {
                let mut record = Record::Subject {
                    source: Key::default()
                        .fingerprint(&Url::parse(&format!("http://h/{source}")).expect("a sound URL")),
                    wanted: self::wanted(wanted),
                    representation: Default::default(),
                    name: name.clone(),
                };
                if let Record::Subject { representation, .. } = &mut record {
                    representation.entity_tag = entity_tag.clone().map(Tag::entity_tag);
                    representation.last_modified = modified.clone().map(Modified::last_modified);
                    representation.complete = *complete;
                }
                record
            }
            Self::Kept { ranges, modified, seals } => {
                let ranges = ranges.iter().map(|&(start, end)| ByteRange { start, end }).collect();
                Record::Kept { ranges, modified: *modified, seals: sealed(seals) }
            }
            Self::Closed => Record::Closed,
            Self::Verified => Record::Verified,
        }
    }
}

impl Tag {
    fn entity_tag(self) -> EntityTag {
        EntityTag { weak: self.weak, opaque: self.opaque }
    }
}

impl Modified {
    fn last_modified(self) -> LastModified {
        LastModified { field: self.field, seconds: self.seconds, strong: self.strong }
    }
}

/// Seals, each from the length of the gap before it and its own length.
fn sealed(stretches: &[(u8, u8, u32)]) -> Seals {
    let (mut seals, mut at) = (Seals::default(), 0);
    for &(gap, length, crc) in stretches {
        let start = at + u64::from(gap);
        at = start + u64::from(length);
        seals.add(Seal { range: ByteRange::new(start, at), crc }, 0);
    }
    seals
}

fn wanted(ranges: &[Range]) -> Wanted {
    if ranges.is_empty() {
        return Wanted::Whole;
    }
    let requested = |range: &Range| match *range {
        Range::Bounded { offset, length } => RequestedRange::Bounded { offset, length },
        Range::From { offset } => RequestedRange::From { offset },
        Range::Suffix { length } => RequestedRange::Suffix { length },
    };
    Wanted::Ranges(ranges.iter().map(requested).collect())
}

/// The shortest list of records for the recovered state.
pub fn of(recovered: &Recovered) -> Vec<Record> {
    let mut records = vec![Record::Subject {
        source: recovered.source,
        wanted: recovered.wanted.clone(),
        representation: recovered.representation.clone(),
        name: recovered.name.clone(),
    }];
    if !recovered.kept.is_empty() || recovered.modified.is_some() {
        let ranges = recovered.kept.runs().to_vec();
        records.push(Record::Kept { ranges, modified: recovered.modified, seals: recovered.seals.clone() });
    }
    records.extend(recovered.closed.then_some(Record::Closed));
    records.extend(recovered.verified.then_some(Record::Verified));
    records
}
