//! The ledger in the state directory: the downloads that outlive their engine.
//!
//! A magic line, then records, appended one by one: the last word on a download counts.
//! A torn last record is cut. Behind damage in the middle nothing is read, and the reader is told.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::download::Kept;
use crate::record;

/// Format name and version.
const MAGIC: &[u8] = b"haul ledger 2\n";

/// Bytes from which on a ledger is written anew, unless most of it still counts.
const COMPACT_AT: u64 = 256 << 10;

/// Bytes up to which a ledger is written anew whenever something goes from it.
const SMALL: u64 = 64 << 10;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Record {
    Kept(Box<Kept>),
    Gone { id: String },
}

/// What a ledger says.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// In the order of their creation.
    pub downloads: Vec<Kept>,
    /// Bytes of it that could be read: where the next record goes.
    pub length: u64,
    /// Something behind that could not be read.
    pub damaged: bool,
}

/// Reads a ledger from its first byte; an empty one says nothing.
pub(crate) fn read(bytes: &[u8]) -> Read {
    if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
        return Read::default();
    }
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else { return Read { damaged: true, ..Read::default() } };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut downloads: Vec<Option<Kept>> = Vec::new();
    let damaged = loop {
        match record::next::<Record>(rest) {
            Ok(Some((Record::Kept(kept), after))) => {
                rest = after;
                match places.get(kept.id()) {
                    Some(place) => downloads[*place] = Some(*kept),
                    None => {
                        places.insert(kept.id().into(), downloads.len());
                        downloads.push(Some(*kept));
                    }
                }
            }
            Ok(Some((Record::Gone { id }, after))) => {
                rest = after;
                if let Some(place) = places.remove(&id) {
                    downloads[place] = None;
                }
            }
            Ok(None) => break false,
            Err(record::Damaged) => break true,
        }
    };
    let length = (bytes.len() - rest.len()) as u64;
    Read { downloads: downloads.into_iter().flatten().collect(), length, damaged }
}

/// A change of the ledger, to be done and synced before the call that caused it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Behind the first `offset` bytes; what lies there is no record.
    Append { offset: u64, bytes: Vec<u8> },
    /// Everything anew.
    Replace(Vec<u8>),
}

/// The ledger as it is written.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Bytes in the file.
    length: u64,
    /// Bytes that it had when it was last written anew.
    compact: u64,
}

impl Ledger {
    /// A ledger that was read, or written, as `length` bytes.
    pub const fn of(length: u64) -> Self {
        Self { length, compact: length }
    }

    /// How to add `record`; `all` is for writing the ledger anew.
    pub fn add(&mut self, record: &Record, all: impl FnOnce() -> Vec<u8>) -> Change {
        let bytes = record::encode(record);
        let length = self.length + bytes.len() as u64;
        // What is gone may be secret: as long as that costs little, it goes at once.
        let goes = matches!(record, Record::Gone { .. }) && length < SMALL;
        if self.length > 0 && !goes && length < COMPACT_AT.max(self.compact.saturating_mul(2)) {
            let offset = core::mem::replace(&mut self.length, length);
            return Change::Append { offset, bytes };
        }
        let bytes = all();
        *self = Self::of(bytes.len() as u64);
        Change::Replace(bytes)
    }
}

/// A whole ledger.
pub(crate) fn write(records: impl Iterator<Item = Record>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    records.for_each(|record| bytes.extend(record::encode(&record)));
    bytes
}
