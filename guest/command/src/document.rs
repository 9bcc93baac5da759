//! Text files that people give: lists, headers, checksums.

use alloc::string::String;
use alloc::vec::Vec;

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark, as Windows writes it. `None` if it is neither. The mark is no part of
/// the text.
pub fn decoded(bytes: Vec<u8>) -> Option<String> {
    match &bytes[..] {
        [0xEF, 0xBB, 0xBF, text @ ..] => str::from_utf8(text).ok().map(Into::into),
        [0xFF, 0xFE, text @ ..] => utf_16(text, u16::from_le_bytes),
        [0xFE, 0xFF, text @ ..] => utf_16(text, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    if rest.is_empty() { char::decode_utf16(units).collect::<Result<_, _>>().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_the_encoding() {
        for (bytes, text) in [
            (&b"a\xc3\xa9"[..], Some("aé")),
            (b"\xef\xbb\xbfa\xc3\xa9", Some("aé")),
            (b"\xff\xfea\0\xe9\0", Some("aé")),
            (b"\xfe\xff\0a\0\xe9", Some("aé")),
            (b"\xff\xfe=\xd8\x00\xde", Some("\u{1f600}")),
            (b"", Some("")),
            (b"a\xe9", None),
            (b"\xff\xfea", None),
            (b"\xff\xfe\x00\xd8", None),
        ] {
            assert_eq!(decoded(bytes.into()).as_deref(), text, "{bytes:?}");
        }
    }
}
