//! Bodies: their version of the file, and their bytes.

use haul_core::content::digest::ExpectedDigest;
use haul_core::http::content_range::ContentRange;
use haul_core::http::digest_fields;
use haul_core::http::head::Head;
use haul_core::http::validator::{EntityTag, LastModified};
use haul_core::layout::{Layout, RequestedRange, Wanted};
use haul_core::store::journal::Recovered;

use super::extents::BodyId;
use super::origin;

/// The proof that two bodies belong to one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// A strong entity tag of the file at this place, in this coding.
    Tag(String, String, Option<String>),
    /// A strong modification time of the file at this place, in this coding.
    Modified(String, u64, Option<String>),
    /// None: the body matches no other.
    Unknown(BodyId),
    /// Written by another program.
    Foreign,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub version: Version,
    /// The origin's digest of the whole representation.
    pub digest: Option<ExpectedDigest>,
    /// Length of the representation, if stated.
    pub complete: Option<u64>,
    /// Offset in the representation of the body's next byte.
    pub at: u64,
    /// The end of its bytes; `None` if only the end of the body tells.
    pub end: Option<u64>,
}

impl Version {
    fn of(
        place: &str,
        tag: Option<&EntityTag>,
        modified: Option<&LastModified>,
        coding: Option<String>,
        body: BodyId,
    ) -> Self {
        match (tag, modified) {
            (Some(tag), _) if !tag.weak => Self::Tag(place.into(), tag.opaque.clone(), coding),
            (None, Some(modified)) if modified.strong => Self::Modified(place.into(), modified.seconds, coding),
            _ => Self::Unknown(body),
        }
    }

    /// The byte value of which this version consists.
    pub fn byte(&self) -> u8 {
        let sum = |text: &str| text.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        match self {
            Self::Tag(_, tag, _) => sum(tag) & 0x7f,
            Self::Modified(_, seconds, _) => sum(&seconds.to_string()) & 0x7f,
            Self::Unknown(id) => sum(&id.to_string()) & 0x7f,
            Self::Foreign => 0xff,
        }
    }

    /// The same version at another place, for a caller that replaces the URL.
    pub fn moved_to(&self, place: &str) -> Self {
        match self.clone() {
            Self::Tag(_, tag, coding) => Self::Tag(place.into(), tag, coding),
            Self::Modified(_, seconds, coding) => Self::Modified(place.into(), seconds, coding),
            other => other,
        }
    }
}

impl Body {
    /// The body after `head`, in a response for the file at `place`, if its bytes are usable.
    pub fn of(head: &Head, place: &str, id: BodyId) -> Option<Self> {
        let (at, end, complete) = match (head.status, head.content_range()) {
            (200, _) => (0, head.content_length(), head.content_length()),
            (206, Some(ContentRange::Satisfied { range, complete })) => (range.start, Some(range.end), complete),
            _ => return None,
        };
        if head.status == 206 && head.content_length().is_some_and(|length| end != at.checked_add(length)) {
            return None;
        }
        let tag = head.field("etag").and_then(EntityTag::parse);
        let modified = head.field("last-modified").and_then(|field| LastModified::parse(field, head.date()));
        let version = Version::of(place, tag.as_ref(), modified.as_ref(), head.content_coding(), id);
        Some(Self { version, digest: digest_fields::of(head), complete, at, end })
    }

    /// Bytes that a journal records as kept.
    pub fn recorded(recovered: &Recovered, id: BodyId) -> Self {
        let known = &recovered.representation;
        let (tag, modified) = (known.entity_tag.as_ref(), known.last_modified.as_ref());
        let version = Version::of(&recorded_place(recovered), tag, modified, known.coding.clone(), id);
        Self { version, digest: known.digest.clone(), complete: known.complete, at: 0, end: None }
    }

    /// Bytes that another program wrote.
    pub const fn foreign() -> Self {
        Self { version: Version::Foreign, digest: None, complete: None, at: 0, end: None }
    }

    /// Whether the two are proven to be of one version.
    pub fn is_like(&self, other: &Self) -> bool {
        self.version == other.version || self.digest.is_some() && self.digest == other.digest
    }

    /// The offset in the local file of the body's next byte, if known.
    pub fn local(&self, wanted: &Wanted) -> Option<u64> {
        let ranges = match wanted {
            Wanted::Whole => return Some(self.at),
            Wanted::Ranges(ranges) => ranges,
        };
        let fixed = |range: &RequestedRange| matches!(range, RequestedRange::Bounded { .. });
        let complete = self.complete.or_else(|| ranges.iter().all(fixed).then_some(u64::MAX))?;
        let layout = Layout::resolve(wanted, complete).ok()?;
        let part = layout.parts().iter().find(|part| part.source.contains(self.at))?;
        Some(part.local + (self.at - part.source.start))
    }

    /// Remaining bytes as far as known.
    pub fn left(&self) -> u64 {
        self.end.map_or(u64::MAX, |end| end - self.at)
    }
}

/// The place of the file in a journal.
pub fn recorded_place(recovered: &Recovered) -> String {
    let meant = origin::places().into_iter().find(|(fingerprint, _)| *fingerprint == recovered.source);
    meant.map(|(_, place)| place).unwrap_or_default()
}
