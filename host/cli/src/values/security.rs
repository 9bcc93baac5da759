//! Certificate faults that `--insecure` accepts.

use haul::SecurityFlags;

/// One of the words for `--insecure`.
pub fn weakness(word: &str) -> Result<SecurityFlags, String> {
    match word {
        "unknown-ca" => Ok(SecurityFlags::IGNORE_UNKNOWN_CA),
        "wrong-usage" => Ok(SecurityFlags::IGNORE_CERT_WRONG_USAGE),
        "wrong-name" => Ok(SecurityFlags::IGNORE_CERT_CN_INVALID),
        "wrong-date" => Ok(SecurityFlags::IGNORE_CERT_DATE_INVALID),
        _ => Err("write unknown-ca, wrong-usage, wrong-name or wrong-date".into()),
    }
}
