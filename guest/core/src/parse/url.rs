//! Absolute http and https URLs: parsing, resolution of redirects, comparison of origins, redaction.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use fluent_uri::{Uri, UriRef};
use serde::{Deserialize, Serialize};

use crate::failure::Cause;

/// Limit on a URL, in bytes, because common servers refuse longer request lines: 8 KiB for nginx and Apache.
const MAX_LENGTH: usize = 8192;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// An absolute http or https URL without fragment. Its serialized form is the full text, secrets included.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Url {
    uri: Uri<String>,
    scheme: Scheme,
    port: u16,
}

impl Url {
    /// Percent-encodes characters that are illegal in a URL (spaces, non-ASCII text) first, as browsers do. `None` if the result is not an
    /// absolute http or https URL with a host, or is longer than 8192 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let encoded = encode_illegal(text.trim());
        Self::from_uri(Uri::parse(encoded).ok()?)
    }

    /// Resolves `location` against this URL, [RFC 9110 section 10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2).
    pub fn join(&self, location: &str) -> Option<Self> {
        let reference = UriRef::parse(encode_illegal(location.trim())).ok()?;
        let base = self.uri.borrow();
        Self::from_uri(reference.resolve_against(&base).ok()?)
    }

    /// The target of a redirect from this URL.
    ///
    /// # Errors
    ///
    /// [`Cause::RedirectInvalid`] if `location` is not a usable URL, and [`Cause::RedirectInsecure`] for https to http unless that is
    /// allowed.
    pub fn redirect(&self, location: &str, allow_insecure: bool) -> Result<Self, Cause> {
        let target = self.join(location).ok_or(Cause::RedirectInvalid)?;
        let downgrade = self.scheme == Scheme::Https && target.scheme == Scheme::Http;
        if downgrade && !allow_insecure { Err(Cause::RedirectInsecure) } else { Ok(target) }
    }

    fn from_uri(uri: Uri<String>) -> Option<Self> {
        let mut uri = uri.normalize();
        uri.set_fragment(None);
        let scheme = match uri.scheme().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = uri.authority()?;
        let port = authority.port_to_u16().ok()?.unwrap_or(scheme.default_port());
        let sound = !authority.host().is_empty() && uri.as_str().len() <= MAX_LENGTH;
        sound.then_some(Self { uri, scheme, port })
    }

    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host, and the port unless it is the scheme's default; no user information.
    pub fn authority(&self) -> String {
        let authority = self.uri.authority();
        let host = authority.map_or("", |authority| authority.host());
        if self.port == self.scheme.default_port() { host.into() } else { format!("{host}:{}", self.port) }
    }

    /// The user information, still percent-encoded.
    pub fn user_information(&self) -> Option<&str> {
        Some(self.uri.authority()?.userinfo()?.as_str())
    }

    /// Path and query for the request line; at least `/`.
    pub fn path_and_query(&self) -> String {
        let path = self.path();
        match self.uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.into(),
        }
    }

    /// The path, still percent-encoded; at least `/`.
    pub fn path(&self) -> &str {
        match self.uri.path().as_str() {
            "" => "/",
            path => path,
        }
    }

    /// Whether the scheme, host and port are equal, so that secrets for `self` may go to `other`.
    pub fn same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.authority() == other.authority()
    }

    /// The URL for display and logs, without user information and with `?...` in place of a query.
    pub fn redacted(&self) -> String {
        let query = if self.uri.has_query() { "?..." } else { "" };
        format!("{}://{}{}{query}", self.scheme.name(), self.authority(), self.path())
    }

    pub fn as_str(&self) -> &str {
        self.uri.as_str()
    }
}

/// Limit on the displayed characters of a text that is not a URL, so that a message keeps to a few lines.
const MOST_SHOWN: usize = 200;

/// Removes passwords from `text`, which need not be a valid URL. If it is not one, everything before its last `@` may be part of a
/// password: most unparsable URLs have a slash, `?` or `#` in their password. The host's command has the same function with the same test.
pub fn redact(text: &str) -> String {
    match Url::parse(text).filter(|_| !may_split_password(text)) {
        Some(url) => url.redacted(),
        None => {
            let visible = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
            let visible = visible.split(['?', '#', '&', ';']).next().unwrap_or_default();
            visible.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect()
        }
    }
}

/// Whether the URL has a port and also an `@` in its path or fragment. `user:12/34@host` parses as a host with a port, but `12/34` is more
/// likely a password.
fn may_split_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let port = authority.rsplit(['@', ']']).next().and_then(|host| host.rsplit_once(':'));
    let (before_fragment, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let path = before_fragment.split('?').next().unwrap_or_default();
    port.is_some_and(|(_, digits)| !digits.is_empty()) && (path.contains('@') || fragment.contains('@'))
}

/// Whether a URL has user information or a query, which may be signed.
pub(crate) fn may_hold_secrets(url: &str) -> bool {
    url.contains(['@', '?'])
}

/// Decodes percent-encoding; a `%` without two hexadecimal digits stays as it is.
pub(crate) fn percent_decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    decoded
}

fn encode_illegal(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let stray_percent = c == '%' && !is_escape(&text.as_bytes()[index..]);
        if c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}') && !stray_percent
        {
            encoded.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    encoded
}

fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

impl From<Url> for String {
    fn from(url: Url) -> Self {
        url.uri.into_string()
    }
}

impl TryFrom<String> for Url {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no absolute http or https URL")
    }
}

/// Redacted, like `Display`.
impl core::fmt::Debug for Url {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::fmt::Display for Url {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.redacted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn only_absolute_http_and_https_urls_with_a_host_are_taken() {
        for bad in
            ["", "example.com/a", "/a", "ftp://h/a", "http://", "http:///a", "file:///etc/passwd", "http://h:99999/"]
        {
            assert_eq!(Url::parse(bad), None, "{bad}");
        }
        assert_eq!(Url::parse(&format!("http://h/{}", "a".repeat(9000))), None);
    }

    #[test]
    fn parts_are_those_that_go_on_the_wire() {
        let parsed = url("HTTP://User:pw@Example.COM:80/a b/%7Eé?q=1#top");
        assert_eq!(parsed.authority(), "example.com");
        assert_eq!(parsed.path_and_query(), "/a%20b/~%C3%A9?q=1");
        assert_eq!(parsed.user_information(), Some("User:pw"));
        assert_eq!(url("https://h").path_and_query(), "/");
        assert_eq!(url("http://[::1]:8080/x").authority(), "[::1]:8080");
    }

    #[test]
    fn redirects_are_resolved_against_the_url_that_gave_them() {
        let base = url("https://a.example/x/y?z");
        assert_eq!(base.join("../q").unwrap().as_str(), "https://a.example/q");
        assert_eq!(base.join("//b.example/p").unwrap().as_str(), "https://b.example/p");
        assert_eq!(base.join("http://c.example:81/ p").unwrap().as_str(), "http://c.example:81/%20p");
        assert_eq!(base.join("javascript:alert(1)"), None);
    }

    #[test]
    fn origins_are_scheme_host_and_port() {
        let same = |a: &str, b: &str| url(a).same_origin(&url(b));
        assert!(same("http://h/a", "http://H:80/b?c"));
        assert!(!same("http://h/", "https://h/"));
        assert!(!same("http://h/", "http://h:81/"));
        assert!(!same("http://h/", "http://sub.h/"));
    }

    #[test]
    fn a_url_that_was_kept_is_the_same_again() {
        for text in ["https://u:p@h/a?token=1", "http://[::1]:8080/x%7Ey z", "HTTP://EXAMPLE.com:80/é"] {
            let kept = postcard::to_allocvec(&url(text)).unwrap();
            assert_eq!(postcard::from_bytes(&kept), Ok(url(text)));
        }
        let kept = postcard::to_allocvec("ftp://h/").unwrap();
        assert!(postcard::from_bytes::<Url>(&kept).is_err());
    }

    /// `host/cli/src/url.rs` has the same table.
    #[test]
    fn secrets_are_not_shown() {
        let long = "x".repeat(300);
        for (text, shown) in [
            ("https://u:p@h/a?token=1#x", "https://h/a?..."),
            ("http://h/a#secret", "http://h/a"),
            ("http://u@h:8080", "http://h:8080/"),
            ("https://registry.example/@scope/x", "https://registry.example/@scope/x"),
            ("http://[::1]:8080/a?e=a@b", "http://[::1]:8080/a?..."),
            ("https://user:p/w@host/", "host/"),
            ("https://user:p?w@host/x", "host/x"),
            ("https://user:p#w@host", "host"),
            ("https://user:12/w@host/", "host/"),
            ("https://user:443/w@host/", "host/"),
            ("https://user:12#w@host/", "host/"),
            ("https://u:p@w@host/x", "host/x"),
            ("https//user:pw@host", "host"),
            ("//user:pw@host", "host"),
            ("user:pw@host:8080/x", "host:8080/x"),
            ("http:user:pw@host", "host"),
            ("h ttp://u:p@h", "h"),
            ("https:/u:p@h", "h"),
            ("https:///u:p@h", "h"),
            ("https//h/x?e=a@b&sig=S", "b"),
            ("ftp://u:p@h/a?token=1", "h/a"),
            ("ftp://h/a;token=1", "ftp://h/a"),
            ("a\u{1b}[2Jb\n", "a[2Jb"),
            (&long, &long[..200]),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
        assert_eq!(format!("{:?}", url("https://u:p@h/a?token=1")), "https://h/a?...");
    }
}
