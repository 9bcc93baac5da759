//! Absolute http and https URLs: parsing, resolution of redirects, comparison of origins, redaction.
//!
//! Accepts the URLs that browsers accept by the [URL standard](https://url.spec.whatwg.org/) and that curl accepts. Path and query are sent
//! as they were written, because a signature may cover their exact bytes. Only comparison normalizes them.

mod host;
mod redaction;
mod target;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::string::String;
use core::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use self::redaction::may_hold_secrets;
pub use self::redaction::redact;
pub(crate) use self::target::percent_decode;
use crate::failure::Cause;

/// Limit on a URL, in bytes, because hosts use the crate `http`, whose request targets have at most 65,534 bytes.
const MAX_LENGTH: usize = 65_534;

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

    fn named(name: &[u8]) -> Option<Self> {
        [Self::Http, Self::Https].into_iter().find(|scheme| name.eq_ignore_ascii_case(scheme.name().as_bytes()))
    }
}

/// An absolute http or https URL without fragment. Its serialized form is the full text, secrets included.
///
/// Two URLs are equal if they differ only in equivalent percent-encodings.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Url {
    text: String,
    scheme: Scheme,
    port: u16,
    host: Range<usize>,
    /// Offset of the path, which may be empty.
    path: usize,
}

impl Url {
    /// Ignores white space around the text, and tabs and line breaks in it, as browsers do. `None` if the text is not an absolute http or
    /// https URL with a host, or is longer than 65,534 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = target::cleaned(text.trim().as_bytes());
        let (name, rest) = split_scheme(&text)?;
        Self::new(Scheme::named(name)?, without_slashes(rest))
    }

    /// Resolves `location` against this URL, [RFC 9110 section 10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2). A field
    /// need not be UTF-8.
    pub fn join(&self, location: impl AsRef<[u8]>) -> Option<Self> {
        let text = target::cleaned(location.as_ref());
        let reference = match split_scheme(&text) {
            Some((name, rest)) => match Scheme::named(name)? {
                scheme if scheme != self.scheme || rest.first().is_some_and(is_slash) => {
                    return Self::new(scheme, without_slashes(rest));
                }
                // The standard reads `http:x` relative to an http URL.
                _ => rest,
            },
            None => &text,
        };
        let (first, second) = (reference.first(), reference.get(1));
        if first.is_some_and(is_slash) && second.is_some_and(is_slash) {
            return Self::new(self.scheme, without_slashes(reference));
        }
        let authority = &self.text[self.scheme.name().len() + "://".len()..self.path];
        let path = self.path();
        let directory = &path[..=path.rfind('/').unwrap_or_default()];
        let kept = match first {
            None | Some(b'#') => &self.path_and_query(),
            Some(b'?') => path,
            Some(byte) if is_slash(byte) => "",
            Some(_) => directory,
        };
        Self::new(self.scheme, &[authority.as_bytes(), kept.as_bytes(), reference].concat())
    }

    /// The target of a redirect from this URL.
    ///
    /// # Errors
    ///
    /// [`Cause::RedirectInvalid`] if `location` is not a usable URL, and [`Cause::RedirectInsecure`] for https to http unless that is
    /// allowed.
    pub fn redirect(&self, location: impl AsRef<[u8]>, allow_insecure: bool) -> Result<Self, Cause> {
        let target = self.join(location).ok_or(Cause::RedirectInvalid)?;
        let downgrade = self.scheme == Scheme::Https && target.scheme == Scheme::Http;
        if downgrade && !allow_insecure { Err(Cause::RedirectInsecure) } else { Ok(target) }
    }

    /// `rest` is the text from the authority on.
    fn new(scheme: Scheme, rest: &[u8]) -> Option<Self> {
        let end = rest.iter().position(|byte| b"/\\?#".contains(byte)).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        // Browsers end the authority at a backslash, curl counts it to the password. A password must not become a host.
        let until_slash = rest.split(|byte| b"/?#".contains(byte)).next().unwrap_or_default();
        if until_slash.starts_with(b"\\") && until_slash.contains(&b'@') {
            return None;
        }
        let (user, place) = match authority.iter().rposition(|byte| *byte == b'@') {
            Some(at) => (Some(&authority[..at]), &authority[at + 1..]),
            None => (None, authority),
        };
        let (name, port) = host::parse(place)?;
        let port = port.unwrap_or(scheme.default_port());
        let mut text = format!("{}://", scheme.name());
        if let Some(user) = user {
            text.push_str(&target::user_information(user));
            text.push('@');
        }
        let host = text.len()..text.len() + name.len();
        text.push_str(&name);
        if port != scheme.default_port() {
            text.push_str(&format!(":{port}"));
        }
        let path = text.len();
        text.push_str(&target::path_and_query(rest));
        (text.len() <= MAX_LENGTH).then_some(Self { text, scheme, port, host, path })
    }

    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host, and the port unless it is the scheme's default; no user information.
    pub fn authority(&self) -> String {
        self.text[self.host.start..self.path].into()
    }

    /// The user information, still percent-encoded.
    pub fn user_information(&self) -> Option<&str> {
        let start = self.scheme.name().len() + "://".len();
        self.text[start..self.host.start].strip_suffix('@')
    }

    /// Path and query for the request line; at least `/`.
    pub fn path_and_query(&self) -> String {
        let query = self.text[self.path..].find('?').map_or("", |at| &self.text[self.path + at..]);
        format!("{}{query}", self.path())
    }

    /// The path, still percent-encoded; at least `/`.
    pub fn path(&self) -> &str {
        match self.text[self.path..].split('?').next() {
            None | Some("") => "/",
            Some(path) => path,
        }
    }

    /// Whether the scheme, host and port are equal, so that secrets for `self` may go to `other`.
    pub fn same_origin(&self, other: &Self) -> bool {
        let origin = |url: &Self| (url.scheme, url.port);
        origin(self) == origin(other) && self.text[self.host.clone()] == other.text[other.host.clone()]
    }

    /// The form for comparison: each character has one encoding.
    pub(crate) fn normal(&self) -> String {
        target::normal(&self.text)
    }

    /// The URL for display and logs, without user information and with `?...` in place of a query.
    pub fn redacted(&self) -> String {
        let query = if self.text[self.path..].contains('?') { "?..." } else { "" };
        format!("{}://{}{}{query}", self.scheme.name(), self.authority(), self.path())
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A scheme and the text after its colon.
fn split_scheme(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b':')?;
    let (name, rest) = (&text[..end], &text[end + 1..]);
    let sound = name.first()?.is_ascii_alphabetic()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    sound.then_some((name, rest))
}

const fn is_slash(byte: &u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

/// Browsers accept any number of slashes of both kinds before a host, curl one to three.
fn without_slashes(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_slash(byte)).unwrap_or(text.len());
    &text[start..]
}

impl PartialEq for Url {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.normal() == other.normal()
    }
}

impl Eq for Url {}

impl From<Url> for String {
    fn from(url: Url) -> Self {
        url.text
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
