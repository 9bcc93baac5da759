//! Validators, [RFC 9110 section 8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8), which tell versions of a representation apart.

use alloc::string::String;

use serde::{Deserialize, Serialize};

/// An entity tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityTag {
    pub weak: bool,
    /// The opaque tag with its quotes, ready for If-Range.
    pub opaque: String,
}

/// Limit on an entity tag, in bytes, because the engine keeps one for each source of each download, and a head can be half a million bytes
/// long.
const LONGEST_TAG: usize = 4096;

impl EntityTag {
    /// `None` if the field is not exactly one well-formed entity tag or is longer than 4,096 bytes.
    pub fn parse(field: &str) -> Option<Self> {
        let field = field.trim();
        if field.len() > LONGEST_TAG {
            return None;
        }
        let (weak, opaque) = match field.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, field),
        };
        let inner = opaque.strip_prefix('"')?.strip_suffix('"')?;
        let sound = inner.bytes().all(|byte| byte == 0x21 || (0x23..=0x7e).contains(&byte) || byte >= 0x80);
        sound.then(|| Self { weak, opaque: opaque.into() })
    }
}

/// A Last-Modified field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastModified {
    /// The field as received, because If-Range needs an exact match.
    pub field: String,
    /// Seconds since 1970-01-01 UTC.
    pub seconds: u64,
    /// Whether the response's Date is late enough after it that a resolution of one second tells versions apart.
    pub strong: bool,
}

/// Seconds between Last-Modified and Date that make the date a strong validator. RFC 9110 section 8.8.2.2 asks for one second if both use
/// the same clock, or for enough to rule out differing clocks. This is the figure of RFC 7232.
const STRONG_AFTER_SECONDS: u64 = 60;

impl LastModified {
    /// `date` is the response's Date in seconds since 1970-01-01 UTC.
    pub fn parse(field: &str, date: Option<u64>) -> Option<Self> {
        let seconds = super::date::parse(field)?;
        let strong = date.is_some_and(|date| date >= seconds.saturating_add(STRONG_AFTER_SECONDS));
        Some(Self { field: field.trim().into(), seconds, strong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_a_longest_length() {
        let tag = |length| alloc::format!("\"{}\"", "x".repeat(length - 2));
        assert!(EntityTag::parse(&tag(LONGEST_TAG)).is_some());
        assert_eq!(EntityTag::parse(&tag(LONGEST_TAG + 1)), None);
    }

    #[test]
    fn weak_and_strong_tags_are_told_apart() {
        assert_eq!(EntityTag::parse("\"a\"").map(|tag| tag.weak), Some(false));
        assert_eq!(EntityTag::parse(" W/\"a\"").map(|tag| tag.weak), Some(true));
        for bad in ["", "a", "\"", "\"a", "w/\"a\"", "\"a\"b\"", "\"a b\"", "\"a\", \"b\""] {
            assert_eq!(EntityTag::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_that_is_too_recent_is_weak() {
        let modified = "Sun, 06 Nov 1994 08:49:37 GMT";
        let strong = |date| LastModified::parse(modified, date).unwrap().strong;
        assert!(!strong(Some(784_111_777 + 59)));
        assert!(strong(Some(784_111_777 + 60)));
        assert!(!strong(None));
    }
}
