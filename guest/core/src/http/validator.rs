//! Validators, [RFC 9110 section 8.8](https://www.rfc-editor.org/rfc/rfc9110#section-8.8): what tells one version of a
//! representation from another.

use alloc::string::String;

use serde::{Deserialize, Serialize};

/// An entity tag with its quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityTag {
    pub weak: bool,
    /// The opaque tag with its quotes, as it goes back into If-Range.
    pub opaque: String,
}

/// Longest entity tag, in bytes: it is kept for each source of each download, and a head has room for half a million bytes.
const LONGEST_TAG: usize = 4096;

impl EntityTag {
    /// `None` for a field that is not one well-formed entity tag, or longer than 4,096 bytes.
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
    /// The field as received: If-Range asks for an exact match.
    pub field: String,
    /// Seconds since 1970-01-01 UTC.
    pub seconds: u64,
    /// Whether the response's Date is far enough after it for the second to tell versions apart.
    pub strong: bool,
}

/// Seconds between Last-Modified and Date from which on the date is a strong validator. RFC 9110 section 8.8.2.2 asks for
/// one second of one clock, or enough to make differing clocks unlikely; RFC 7232's figure is kept.
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
