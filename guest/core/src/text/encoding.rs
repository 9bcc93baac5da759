//! Encodings of texts from outside.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// The text of a document: UTF-8, or UTF-16 with a byte order mark or with an ASCII character first, as XML and JSON documents have. `None`
/// if it is neither. The mark is dropped.
pub fn of_document(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => str::from_utf8(rest).ok().map(Cow::Borrowed),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<Cow<'static, str>> {
    let (pairs, rest) = bytes.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty()).map(Cow::Owned)
}

/// A text of which nothing states the encoding, such as the value of a field: UTF-8 if it is valid, else ISO-8859-1, as browsers read it.
pub fn of_field(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect::<String>().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(write).collect()
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"a\xff"[..], b"\xef\xbb\xbf\xff", b"\xff\xfea", b"\xff\xfe\x00\xd8", b"a\0b"] {
            assert_eq!(of_document(bytes), None, "{bytes:?}");
        }
        assert_eq!(of_field(b"caf\xe9"), "caf\u{e9}");
    }

    proptest! {
        #[test]
        fn a_text_is_read_in_each_encoding(text in "(\\PC{0,20})") {
            let utf8 = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
            let marked = alloc::format!("\u{feff}{text}");
            let (little, big) = (encoded(&marked, u16::to_le_bytes), encoded(&marked, u16::to_be_bytes));
            let ascii = alloc::format!("<{text}");
            let (bare_little, bare_big) = (encoded(&ascii, u16::to_le_bytes), encoded(&ascii, u16::to_be_bytes));
            for (bytes, expected) in
                [(utf8, &text), (little, &text), (big, &text), (bare_little, &ascii), (bare_big, &ascii)]
            {
                let read = of_document(&bytes);
                prop_assert_eq!(read.as_deref(), Some(expected.as_str()));
            }
            prop_assert_eq!(of_field(text.as_bytes()), text.as_str());
        }
    }
}
