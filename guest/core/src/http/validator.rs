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

impl EntityTag {
    /// `None` for a field that is not one well-formed entity tag.
    pub fn parse(field: &str) -> Option<Self> {
        let field = field.trim();
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
