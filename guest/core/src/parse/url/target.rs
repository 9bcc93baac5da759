//! Texts of URLs: the parts that are sent as they were written, and the form for comparison.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Characters that a request target cannot carry, and that are percent-encoded in a path or a query.
const NOT_IN_PATH: &[u8] = b"<>`";
const NOT_IN_QUERY: &[u8] = b"\"<>";

/// Characters that would end the user information.
const NOT_IN_USER: &[u8] = b"\"#/<>?@[\\]^`{|}";

/// Characters outside the grammar of RFC 3986, which a client may send with or without percent-encoding.
const FREE: &[u8] = b"\"<>\\^`{|}";

/// `text` without control characters and spaces around it, and without tabs and line breaks.
pub fn cleaned(text: &[u8]) -> Vec<u8> {
    let is_loose = |byte: &u8| *byte <= b' ';
    let start = text.iter().position(|byte| !is_loose(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_loose(byte)).map_or(start, |last| last + 1);
    text[start..end].iter().copied().filter(|byte| !b"\t\r\n".contains(byte)).collect()
}

pub fn user_information(text: &[u8]) -> String {
    encoded(text, NOT_IN_USER)
}

/// `text` is the rest of a URL from the path on. Drops the fragment, resolves `.` and `..`, encodes the bytes that no request line can carry,
/// and leaves all others as they are.
pub fn path_and_query(text: &[u8]) -> String {
    let text = text.split(|byte| *byte == b'#').next().unwrap_or_default();
    let (path, query) = match text.iter().position(|byte| *byte == b'?') {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    // Only a URL with backslashes in the place of slashes has one here.
    let path: Cow<'_, [u8]> = match path.first() {
        Some(b'\\') => path.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect::<Vec<_>>().into(),
        _ => path.into(),
    };
    let mut target = encoded(&without_dots(&path), NOT_IN_PATH);
    if let Some(query) = query {
        target.push('?');
        target.push_str(&encoded(query, NOT_IN_QUERY));
    }
    target
}

/// Resolves segments that are `.` or `..`, [RFC 3986 section 5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4), also in their
/// percent-encoded forms.
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut segments = path.split(|byte| *byte == b'/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match dots(segment) {
            Some(count) => {
                if count == 2 {
                    kept.pop();
                }
                if segments.peek().is_none() {
                    kept.push(b"");
                }
            }
            None => kept.push(segment),
        }
    }
    kept.into_iter().flat_map(|segment| [b"/", segment].concat()).collect()
}

/// 1 or 2 if the segment has only so many dots.
fn dots(segment: &[u8]) -> Option<usize> {
    let decoded = (segment.len() <= "%2e%2e".len()).then(|| percent_decode(segment))?;
    matches!(&decoded[..], b"." | b"..").then_some(decoded.len())
}

/// Percent-encodes bytes that are not visible ASCII characters, and those in `more`.
fn encoded(text: &[u8], more: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text {
        match byte.is_ascii_graphic() && !more.contains(byte) {
            true => encoded.push(char::from(*byte)),
            false => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// `text`, which is visible ASCII, with one encoding for each character: unreserved characters as themselves, and hexadecimal digits in
/// upper case. Journals of earlier versions hold the fingerprints of this form.
pub fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = if *first == b'%' { hexadecimal(after) } else { None };
        rest = if escaped.is_some() { &after[2..] } else { after };
        match escaped {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => normal.push(char::from(byte)),
            Some(byte) => normal.push_str(&format!("%{byte:02X}")),
            None if *first == b'%' || FREE.contains(first) => normal.push_str(&format!("%{first:02X}")),
            None => normal.push(char::from(*first)),
        }
    }
    normal
}

/// Decodes percent-encoding; a `%` without two hexadecimal digits stays as it is.
pub fn percent_decode(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut rest = text.as_ref();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((first, after)) = rest.split_first() {
        let escaped = if *first == b'%' { hexadecimal(after) } else { None };
        decoded.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    decoded
}

/// The byte that two hexadecimal digits at the start of `text` stand for.
fn hexadecimal(text: &[u8]) -> Option<u8> {
    let digits = text.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}
