//! Files named by options, with `-` for standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use haul_queue::redaction::titled;

use crate::exit::Refusal;

/// # Errors
///
/// [`Refusal::Misuse`] with the file's name if it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        _ => fs::read(path),
    };
    read.map_err(|error| Refusal::Misuse(format!("{} cannot be read: {error}", titled(path))))
}

/// # Errors
///
/// [`Refusal::Misuse`] with the file's name if it cannot be read or is neither UTF-8 nor UTF-16.
pub fn text(path: &Path) -> Result<String, Refusal> {
    let unreadable = || Refusal::Misuse(format!("{} is no text in UTF-8 or UTF-16", titled(path)));
    decoded(bytes(path)?).ok_or_else(unreadable)
}

/// The text of a document: UTF-8, or UTF-16 with a byte order mark or with an ASCII character first. The mark is dropped. The component
/// has the same function, with the same test.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let utf16 = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    match &bytes[..] {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(&bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(&bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_of_a_document_is_read() {
        let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        for (bytes, expected) in [
            ("aé".into(), Some("aé")),
            ("\u{feff}aé".into(), Some("aé")),
            (little("\u{feff}éa"), Some("éa")),
            (big("\u{feff}éa"), Some("éa")),
            (little("aé"), Some("aé")),
            (big("aé"), Some("aé")),
            (vec![b'a', 0xff], None),
            (vec![0xff, 0xfe, b'a'], None),
        ] {
            assert_eq!(decoded(bytes.clone()).as_deref(), expected, "{bytes:?}");
        }
    }
}
