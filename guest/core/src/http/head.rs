//! A response head.

use alloc::string::String;
use alloc::vec::Vec;

use super::content_range::ContentRange;
use super::date;
use crate::text::digits;

/// Limit on the name of a media type or coding, in bytes: RFC 6838 section 4.2 has 127.
const LONGEST_NAME: usize = 127;

/// Status and fields of a response. Field names are in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    pub fields: Vec<(String, String)>,
}

impl Head {
    /// The first field named `name`, which must be in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The declared length of the body in bytes; `None` if the field is absent, malformed or repeated with different values.
    pub fn content_length(&self) -> Option<u64> {
        let mut lengths = self.fields.iter().filter(|(name, _)| name == "content-length").map(|(_, value)| value);
        let first = digits::parse(lengths.next()?.trim())?;
        lengths.all(|other| digits::parse(other.trim()) == Some(first)).then_some(first)
    }

    /// `None` if the field is absent or malformed.
    pub fn content_range(&self) -> Option<ContentRange> {
        ContentRange::parse(self.field("content-range")?)
    }

    /// The Date field in seconds since 1970-01-01 UTC.
    pub fn date(&self) -> Option<u64> {
        date::parse(self.field("date")?)
    }

    /// The media type without parameters, in lower case; `None` if the field is absent or longer than 127 bytes.
    pub fn media_type(&self) -> Option<String> {
        let essence = self.field("content-type")?.split(';').next().unwrap_or_default().trim();
        (1..=LONGEST_NAME).contains(&essence.len()).then(|| essence.to_ascii_lowercase())
    }

    /// The content codings, in lower case; `None` if there is none or only `identity`.
    pub fn content_coding(&self) -> Option<String> {
        let coding = self.field("content-encoding")?.trim();
        let coding = &coding[..coding.floor_char_boundary(LONGEST_NAME)];
        (!coding.is_empty() && !coding.eq_ignore_ascii_case("identity")).then(|| coding.to_ascii_lowercase())
    }

    /// Whether the origin declares that it does not serve ranges.
    pub fn refuses_ranges(&self) -> bool {
        self.field("accept-ranges").is_some_and(|value| value.trim().eq_ignore_ascii_case("none"))
    }

    /// All fields as `Name: value` lines that end with CR LF.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.fields {
            for part in [name, ": ", value, "\r\n"] {
                text.push_str(part);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn lengths_that_disagree_are_no_length() {
        let head = |lengths: &[&str]| Head {
            status: 200,
            fields: lengths.iter().map(|value| ("content-length".into(), (*value).into())).collect(),
        };
        assert_eq!(head(&["5", "5"]).content_length(), Some(5));
        assert_eq!(head(&["5", "6"]).content_length(), None);
        for length in ["+5", "-5", "5 5", "5_0", "0x5", "٥", ""] {
            assert_eq!(head(&[length]).content_length(), None, "{length}");
        }
        assert_eq!(Head { status: 200, fields: vec![] }.content_length(), None);
    }
}
