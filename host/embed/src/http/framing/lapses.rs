//! Response heads that break the grammar in ways that other clients accept, [RFC 9112 section
//! 5](https://www.rfc-editor.org/rfc/rfc9112#section-5): hyper gets a sound head in their place.
//!
//! Two readers may disagree about the end of such a message, which is how responses are smuggled, so its connection serves no other request.

use httparse::Error;

/// Field names that decide the end of a message. A line of one of them is never dropped.
const FRAMING: [&[u8]; 2] = [b"content-length", b"transfer-encoding"];

/// The head that stands for `head`; `None` if it needs none, or cannot be read at all. `parsed` is the result of a strict parser.
pub fn mended(head: &[u8], parsed: &Result<(), Error>, has_identity_coding: bool) -> Option<Vec<u8>> {
    match parsed {
        Ok(()) if !has_identity_coding => return None,
        Err(Error::TooManyHeaders) => return None,
        _ => {}
    }
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut mended = status_line(lines.next()?)?;
    let mut fields: Vec<(&[u8], Vec<u8>)> = Vec::new();
    let mut is_continued = false;
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            // A line that continues no field is skipped, as section 2.2 allows.
            if let Some((_, value)) = fields.last_mut().filter(|_| is_continued) {
                value.push(b' ');
                value.extend(text(line)?);
            }
            continue;
        }
        let found = field(line);
        is_continued = found.is_some();
        match found {
            Some((name, value)) => fields.push((name, text(value)?)),
            None if may_frame(line) => return None,
            None => {}
        }
    }
    for (name, value) in fields {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let is_identity = is("transfer-encoding") && value.trim_ascii().eq_ignore_ascii_case(b"identity");
        if !is("connection") && !is("keep-alive") && !is_identity {
            mended.extend([name, b": ", value.trim_ascii(), b"\r\n"].concat());
        }
    }
    mended.extend(b"connection: close\r\n\r\n");
    Some(mended)
}

/// Version, status and reason, separated by any white space or none.
fn status_line(line: &[u8]) -> Option<Vec<u8>> {
    let (version, rest) = line.split_at_checked("HTTP/1.1".len())?;
    let version = &version.to_ascii_uppercase()[..];
    let (status, _) = rest.trim_ascii_start().split_at_checked(3)?;
    let is_separated = rest.first().is_some_and(u8::is_ascii_whitespace);
    let sound = matches!(version, b"HTTP/1.0" | b"HTTP/1.1") && is_separated && status.iter().all(u8::is_ascii_digit);
    sound.then(|| [version, b" ", status, b" \r\n"].concat())
}

/// Name and value of a field. White space before the colon does not count.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    (!name.is_empty() && name.iter().all(is_token)).then_some((name, &line[colon + 1..]))
}

/// A value with spaces in the place of control characters; `None` if it has a NUL, which no client accepts.
fn text(value: &[u8]) -> Option<Vec<u8>> {
    let replaced = |byte: &u8| if byte.is_ascii_control() && *byte != b'\t' { b' ' } else { *byte };
    (!value.contains(&0)).then(|| value.trim_ascii().iter().map(replaced).collect())
}

/// Whether a malformed line has the name of a field that decides the end of the message.
fn may_frame(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    FRAMING.iter().any(|name| line.windows(name.len()).any(|part| part == *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields that hyper gets, without the last one.
    fn fields(head: &str) -> Option<Vec<String>> {
        let mut parsed = [httparse::EMPTY_HEADER; 16];
        let result = httparse::Response::new(&mut parsed).parse(head.as_bytes()).map(drop);
        let mended = mended(head.as_bytes(), &result, head.to_ascii_lowercase().contains(": identity"))?;
        let mended = String::from_utf8_lossy(&mended).into_owned();
        let (first, rest) = mended.split_once("\r\n").expect("a status line");
        assert_eq!(first, "HTTP/1.1 200 ");
        let rest = rest.strip_suffix("connection: close\r\n\r\n").expect("a connection that ends");
        Some(rest.lines().map(String::from).collect())
    }

    #[test]
    fn lapses_are_mended_and_end_the_connection() {
        for (lines, expected) in [
            ("A: b\r\n c\r\n\td\r\nE: f", &["A: b c d", "E: f"][..]),
            ("Content-Length : 5", &["Content-Length: 5"]),
            (" folded into nothing\r\nA: b", &["A: b"]),
            ("no colon\r\n x\r\nA: b\r\n: no name\r\n(bad): name", &["A: b"]),
            ("A: b\u{1}c\rd", &["A: b c d"]),
            ("A: é\r\n\té", &["A: é é"]),
            ("Connection: keep-alive\r\nno colon\r\nKeep-Alive: timeout=5", &[]),
            ("Transfer-Encoding: identity\r\nContent-Length: 5", &["Content-Length: 5"]),
        ] {
            for end in ["\r\n", "\n"] {
                let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n").replace("\r\n", end);
                assert_eq!(
                    fields(&head).as_deref(),
                    Some(&expected.iter().map(|line| (*line).into()).collect::<Vec<_>>()[..]),
                    "{head:?}"
                );
            }
        }
        for status in
            ["HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 200 O\u{1}K", "HTTP/1.1 200OK", "http/1.1 200 OK"]
        {
            assert_eq!(
                fields(&format!("{status}\r\nA: b\r\n\r\n")).as_deref(),
                Some(&["A: b".to_owned()][..]),
                "{status:?}"
            );
        }
    }

    #[test]
    fn a_sound_head_stays_and_one_that_hides_its_framing_is_refused() {
        for lines in [
            "A: b\r\nContent-Length: 5",
            "Content-Length\u{b}: 5",
            "Content-Length 5",
            "no colon\r\nTransfer-Encoding\0: chunked",
            "A: b\0c",
        ] {
            assert_eq!(fields(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n")), None, "{lines:?}");
        }
        for status in ["HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1", "HTTP/1.1200 OK", "HTTP/1.2 200 OK", "ICY 200 OK"]
        {
            assert_eq!(fields(&format!("{status}\r\nA: b\r\n\r\n")), None, "{status}");
        }
    }
}
