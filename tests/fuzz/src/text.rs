//! Fields and heads from text.

use haul_core::http::head::Head;

/// `field` in lower case, without spaces and leading zeros, so that equivalent fields are equal.
pub fn bare(field: &str) -> String {
    let mut bare = String::new();
    let mut characters = field.chars().filter(|c| !c.is_whitespace()).peekable();
    let mut in_number = false;
    while let Some(c) = characters.next() {
        let leads = c == '0' && !in_number && characters.peek().is_some_and(char::is_ascii_digit);
        if !leads {
            bare.extend(c.to_lowercase());
        }
        in_number = c.is_ascii_digit() && !leads;
    }
    bare
}

/// A head from text: the status in the first line, fields in the others.
pub fn head(text: &str) -> Head {
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.split(' ').next()?.parse().ok()).unwrap_or(200);
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Head { status, fields: lines.filter_map(field).collect() }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64 with padding, [RFC 4648 section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |place: usize| char::from(DIGITS[(bits >> (18 - 6 * place)) as usize & 63]);
        let character = |place: usize| if place <= chunk.len() { digit(place) } else { '=' };
        (0..4).map(character).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
