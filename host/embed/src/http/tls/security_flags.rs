//! The security flags of one exchange.

use crate::{digits, values};

/// WinHTTP's numbers: SECURITY_FLAG_IGNORE_UNKNOWN_CA and its like.
const IGNORE_UNKNOWN_CA: u32 = 0x100;
const IGNORE_CERT_WRONG_USAGE: u32 = 0x200;
const IGNORE_CERT_CN_INVALID: u32 = 0x1000;
const IGNORE_CERT_DATE_INVALID: u32 = 0x2000;

/// WinHTTP has an option for this, WINHTTP_ENABLE_SSL_REVOCATION, whose number is 1.
const ENABLE_REVOCATION: u32 = 1;

const KNOWN: u32 =
    IGNORE_UNKNOWN_CA | IGNORE_CERT_WRONG_USAGE | IGNORE_CERT_CN_INVALID | IGNORE_CERT_DATE_INVALID | ENABLE_REVOCATION;

/// None by default: then a certificate must be right in every way, and revocation is not asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecurityFlags(u32);

impl SecurityFlags {
    /// Reads a decimal sum; `None` if it is no number or has an unknown flag.
    pub fn parse(field: &[u8]) -> Option<Self> {
        let sum: u32 = digits::parse(str::from_utf8(field).ok()?)?;
        if sum & !KNOWN != 0 {
            return None;
        }
        Some(Self(if sum & ENABLE_REVOCATION != 0 { ENABLE_REVOCATION } else { sum }))
    }

    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    pub fn ignores_unknown_ca(self) -> bool {
        self.has(IGNORE_UNKNOWN_CA)
    }

    pub fn ignores_wrong_usage(self) -> bool {
        self.has(IGNORE_CERT_WRONG_USAGE)
    }

    pub fn ignores_wrong_name(self) -> bool {
        self.has(IGNORE_CERT_CN_INVALID)
    }

    pub fn ignores_dates(self) -> bool {
        self.has(IGNORE_CERT_DATE_INVALID)
    }

    /// The checks that are skipped, as the flags of a property.
    pub fn skipped(self) -> values::SecurityFlags {
        use values::SecurityFlags as Named;
        let skipped = [
            (self.ignores_unknown_ca(), Named::IGNORE_UNKNOWN_CA),
            (self.ignores_wrong_usage(), Named::IGNORE_CERT_WRONG_USAGE),
            (self.ignores_wrong_name(), Named::IGNORE_CERT_CN_INVALID),
            (self.ignores_dates(), Named::IGNORE_CERT_DATE_INVALID),
        ];
        skipped.into_iter().filter(|(is_skipped, _)| *is_skipped).fold(Named::default(), |all, (_, flag)| all | flag)
    }

    /// Whether every check is made.
    pub fn skips_nothing(self) -> bool {
        self.skipped() == values::SecurityFlags::default()
    }

    /// Then nothing is ignored.
    pub fn checks_revocation(self) -> bool {
        self.has(ENABLE_REVOCATION)
    }

    fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_taken_apart() {
        let flags = SecurityFlags::parse(b"8448").expect("flags");
        assert!(flags.ignores_unknown_ca() && flags.ignores_dates());
        assert!(!flags.ignores_wrong_usage() && !flags.ignores_wrong_name() && !flags.checks_revocation());
        assert!(SecurityFlags::parse(b"0").is_some_and(SecurityFlags::is_none));
    }

    #[test]
    fn revocation_cancels_the_others() {
        let all = (KNOWN).to_string();
        assert_eq!(SecurityFlags::parse(all.as_bytes()), SecurityFlags::parse(b"1"));
        assert!(SecurityFlags::parse(b"1").is_some_and(SecurityFlags::checks_revocation));
    }

    #[test]
    fn what_nobody_knows_is_not_guessed_at() {
        for field in ["", "-1", "+1", "0x100", "2", "1024", "4294967552", "256, 512", " 256"] {
            assert_eq!(SecurityFlags::parse(field.as_bytes()), None, "{field:?}");
        }
    }
}
