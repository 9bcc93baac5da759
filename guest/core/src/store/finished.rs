//! The record of a file that haul has finished: its URL and its version. The file's length and time prove neither, because reproducible
//! builds share one date and an origin can choose any date.

mod index;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use self::index::{Bucket, Identity};
use super::journal::Recovered;
use super::key::Tag;
use crate::http::representation::Representation;
use crate::layout::Wanted;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finished {
    /// Fingerprint of the URL.
    pub source: Tag,
    pub representation: Representation,
}

impl Finished {
    /// The record of the file in a journal; `None` for ranges, which are not a version of a whole file.
    pub fn recovered(journal: &Recovered) -> Option<Self> {
        let representation = Representation { media_type: None, ..journal.representation.clone() };
        (journal.wanted == Wanted::Whole).then_some(Self { source: journal.source, representation })
    }

    pub fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}
