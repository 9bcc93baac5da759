//! The names of downloads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a download: 64 bits, never zero, as 16 hexadecimal digits. Clients of aria2 may choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gid(u64);

/// The digits of a whole name, because clients of aria2 compare names as texts.
const DIGITS: usize = 16;

impl Gid {
    /// A random name.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        loop {
            match getrandom::u64()? {
                0 => {}
                number => return Ok(Self(number)),
            }
        }
    }

    /// The name with exactly these 16 digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != DIGITS || !is_hexadecimal(text) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().filter(|number| *number != 0).map(Self)
    }

    /// The names that begin with these digits, from the lowest to the highest. `None` if `text` begins no name.
    pub fn beginning_with(text: &str) -> Option<std::ops::RangeInclusive<Self>> {
        if text.is_empty() || text.len() > DIGITS || !is_hexadecimal(text) {
            return None;
        }
        let padded =
            |digit: &str| u64::from_str_radix(&format!("{text}{}", digit.repeat(DIGITS - text.len())), 16).ok();
        Some(Self(padded("0")?)..=Self(padded("f")?))
    }

    /// The name for a job that another tool made: the first digits of the job's id.
    pub fn of_job(id: &str) -> Option<Self> {
        let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(DIGITS).collect();
        Self::parse(&digits)
    }
}

/// `from_str_radix` of the standard library accepts a sign too.
fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl fmt::Display for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Gid> for String {
    fn from(gid: Gid) -> Self {
        gid.to_string()
    }
}

impl TryFrom<String> for Gid {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a GID has 16 hexadecimal digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_sixteen_digits_in_either_case() {
        assert_eq!(Gid::parse("00000000000000CD").unwrap().to_string(), "00000000000000cd");
        for bad in ["", "ab", "0000000000000000", "+000000000000001", "zz00000000000000", "00000000000000001"] {
            assert_eq!(Gid::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_beginning_stands_for_a_range_of_names() {
        let range = Gid::beginning_with("0000000000000aB").unwrap();
        assert_eq!(
            (range.start().to_string(), range.end().to_string()),
            ("0000000000000ab0".into(), "0000000000000abf".into())
        );
        for bad in ["", "xyz", "00000000000000000", "-1"] {
            assert_eq!(Gid::beginning_with(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_foreign_job_is_named_by_its_id() {
        let gid = Gid::of_job("3f2a0000-0b00-00c0-0000-000000000001").unwrap();
        assert_eq!(gid.to_string(), "3f2a00000b0000c0");
    }
}
