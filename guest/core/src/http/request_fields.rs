//! The caller's request fields, written as `Name: value` lines.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::exchange_fields::is_private;
use super::parameters::is_token;
use crate::failure::Cause;
use crate::parse::url::{Url, percent_decode};

/// Limit on the fields of one download, in bytes, because common servers refuse longer heads: 8 KiB for Apache, 32 KiB for nginx.
const MAX_LENGTH: usize = 16 << 10;

/// Fields that the engine or the connection sets; a caller's value would break the transfer.
const RESERVED: [&str; 15] = [
    "range",
    "if-range",
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
    "expect",
    "accept-encoding",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "http2-settings",
];

/// Reads lines that end with CR LF or LF.
///
/// # Errors
///
/// [`Cause::ReservedField`] for a field that only the engine may set; [`Cause::InvalidArgument`] for a line that is not a field, a name or
/// value with characters that HTTP forbids, or more than 16 KiB.
pub fn parse(text: &str) -> Result<Vec<(String, String)>, Cause> {
    if text.len() > MAX_LENGTH {
        return Err(Cause::InvalidArgument);
    }
    text.lines().filter(|line| !line.trim().is_empty()).map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<(String, String), Cause> {
    let (name, value) = line.split_once(':').ok_or(Cause::InvalidArgument)?;
    let value = value.trim();
    if RESERVED.iter().any(|known| known.eq_ignore_ascii_case(name)) || is_private(name) {
        return Err(Cause::ReservedField);
    }
    let sound = is_token(name) && value.chars().all(|c| c == '\t' || !c.is_control());
    if sound { Ok((name.to_ascii_lowercase(), value.into())) } else { Err(Cause::InvalidArgument) }
}

/// The fields of a request: the caller's, plus a user agent if there is none, plus Basic credentials if the URL has user information and
/// there is no Authorization field. `source` is `None` for a document that belongs to none of the caller's URLs.
pub fn complete(mut fields: Vec<(String, String)>, source: Option<&Url>) -> Vec<(String, String)> {
    let has = |fields: &[(String, String)], name: &str| fields.iter().any(|(known, _)| known == name);
    if !has(&fields, "user-agent") {
        fields.push(("user-agent".into(), concat!("haul/", env!("CARGO_PKG_VERSION")).into()));
    }
    let credentials = source.and_then(Url::user_information).filter(|given| !given.is_empty());
    if let Some(credentials) = credentials.filter(|_| !has(&fields, "authorization")) {
        // RFC 7617 has a colon behind the user also if there is no password.
        let colon = if credentials.contains(':') { "" } else { ":" };
        let encoded = BASE64_STANDARD.encode([&percent_decode(credentials)[..], colon.as_bytes()].concat());
        fields.push(("authorization".into(), format!("Basic {encoded}")));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_fields() {
        let fields = parse("X-One: a b \r\nAuthorization: Bearer t\n\n").unwrap();
        assert_eq!(fields, [("x-one".into(), "a b".into()), ("authorization".into(), "Bearer t".into())]);
    }

    #[test]
    fn what_would_break_a_request_is_refused() {
        for bad in ["no colon", ": v", "a b: c", "X: a\u{0}b", "X: a\rInjected: b"] {
            assert_eq!(parse(bad), Err(Cause::InvalidArgument), "{bad:?}");
        }
        for reserved in ["Range: bytes=0-1", "HOST: x", "haul-network-token: x"] {
            assert_eq!(parse(reserved), Err(Cause::ReservedField), "{reserved:?}");
        }
        assert!(parse(&alloc::format!("X: {}", "a".repeat(MAX_LENGTH))).is_err());
    }

    #[test]
    fn user_information_becomes_basic_credentials() {
        let url = Url::parse("http://us%65r:p%40ss@h/").unwrap();
        let fields = complete(Vec::new(), Some(&url));
        assert!(fields.contains(&("authorization".into(), "Basic dXNlcjpwQHNz".into())), "{fields:?}");
        let alone = complete(Vec::new(), Url::parse("http://user@h/").as_ref());
        assert!(alone.contains(&("authorization".into(), "Basic dXNlcjo=".into())), "{alone:?}");
        let nobody = complete(Vec::new(), Url::parse("http://@h/").as_ref());
        assert_eq!(nobody.len(), 1, "{nobody:?}");
        let own = complete(parse("Authorization: Bearer t\nUser-Agent: me").unwrap(), Some(&url));
        assert_eq!(own.len(), 2);
    }
}
