//! Bodies: which version of the file they carry, and which bytes of it.

use haul_core::http::content_range::ContentRange;
use haul_core::http::head::Head;
use haul_core::http::validator::{EntityTag, LastModified};
use haul_core::layout::{Layout, RequestedRange, Wanted};

use super::extents::BodyId;

/// What proves that two bodies are of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// A strong entity tag of the file at this URL.
    Tag(u8, String),
    /// A strong modification time of the file at this URL.
    Modified(u8, u64),
    /// Nothing: the body is like no other.
    Unknown(BodyId),
}

impl Version {
    fn of(url: u8, tag: Option<&EntityTag>, modified: Option<&LastModified>, body: BodyId) -> Self {
        match (tag, modified) {
            (Some(tag), _) if !tag.weak => Self::Tag(url, tag.opaque.clone()),
            (None, Some(modified)) if modified.strong => Self::Modified(url, modified.seconds),
            _ => Self::Unknown(body),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Body {
    pub version: Version,
    /// Length of the representation, where it was told.
    pub complete: Option<u64>,
    /// The next byte of the representation that the body brings.
    pub at: u64,
    /// One past its last byte; `None` where the end of the body tells.
    pub end: Option<u64>,
}

impl Body {
    /// The body that follows `head`, the answer for the file at `url`, if its bytes have a place.
    pub fn of(head: &Head, url: u8, id: BodyId) -> Option<Self> {
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
        let version = Version::of(url, tag.as_ref(), modified.as_ref(), id);
        Some(Self { version, complete, at, end })
    }

    /// Where the body's next byte belongs in the local file, where that can be told.
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

    /// The bytes left, as far as that was told.
    pub fn left(&self) -> u64 {
        self.end.map_or(u64::MAX, |end| end - self.at)
    }
}

/// What a journal says its bytes are of.
pub fn recorded(recovered: &haul_core::journal::Recovered, url: u8, id: BodyId) -> Body {
    let known = &recovered.representation;
    let version = Version::of(url, known.entity_tag.as_ref(), known.last_modified.as_ref(), id);
    Body { version, complete: known.complete, at: 0, end: None }
}
