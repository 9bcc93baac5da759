//! The grammars of option values.

use std::path::{Component, Path};

/// A grammar.
#[derive(Clone, Copy, Debug)]
pub enum Grammar {
    /// `true` or `false`; empty is `true`.
    Truth,
    /// Decimal digits within these bounds.
    Number(u64, u64),
    /// Bytes with a suffix K or M, within these bounds; reported in bytes.
    Size(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text of one line.
    Line,
    /// Request fields, one on each line.
    Header,
    /// `TYPE=HEX`.
    Checksum,
    /// Empty, or `[http://][user:password@]host[:port]`.
    Proxy,
    /// A relative path that stays below its directory, and is no side file of a download.
    Below,
}

/// Algorithms of checksums in aria2's spelling, with the bytes of their digests. haul has no SHA-224, SHA-384 and Adler-32: a download
/// with one of these would be unverified, so they are refused.
const DIGESTS: [(&str, usize); 4] = [("sha-1", 20), ("sha-256", 32), ("sha-512", 64), ("md5", 16)];

impl Grammar {
    /// The value as it is reported; `None` if it does not fit.
    pub fn read(self, text: &str) -> Option<String> {
        match self {
            Self::Truth if text.is_empty() => Some("true".into()),
            Self::Truth => ["true", "false"].contains(&text).then(|| text.into()),
            Self::Number(least, most) => {
                let number = haul_queue::values::digits::<u64>(text)?;
                (least..=most).contains(&number).then(|| text.into())
            }
            Self::Size(least, most) => {
                let bytes = size(text)?;
                (least..=most).contains(&bytes).then(|| bytes.to_string())
            }
            Self::Word(words) => words.contains(&text).then(|| text.into()),
            Self::Line => (!text.contains(['\r', '\n', '\0'])).then(|| text.into()),
            Self::Header => header(text),
            Self::Checksum => checksum(text).then(|| text.into()),
            Self::Proxy => proxy(text),
            Self::Below => below(text).then(|| text.into()),
        }
    }

    /// Whether a list of texts is accepted for it.
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::Header)
    }
}

/// Bytes with a suffix K or M for powers of 1024. aria2 has no G.
fn size(text: &str) -> Option<u64> {
    let (number, shift) = match text.as_bytes().last()? {
        b'K' | b'k' => (&text[..text.len() - 1], 10),
        b'M' | b'm' => (&text[..text.len() - 1], 20),
        _ => (text, 0),
    };
    haul_queue::values::digits::<u64>(number)?.checked_mul(1 << shift)
}

/// Each field ends with a newline, as aria2 reports them.
fn header(text: &str) -> Option<String> {
    let mut fields = String::new();
    for field in text.split('\n').filter(|field| !field.is_empty()) {
        fields.push_str(&haul_queue::values::header(field).ok()?);
        fields.push('\n');
    }
    Some(fields)
}

fn checksum(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once('=') else { return false };
    let length = DIGESTS.iter().find(|(known, _)| *known == algorithm).map(|(_, bytes)| bytes * 2);
    length == Some(hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn proxy(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let rest = match text.split_once("://") {
        Some(("http", rest)) => rest,
        Some(_) => return None,
        None => text,
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    let (name, port) = match host[bracket..].split_once(':') {
        Some((name, port)) => (&host[..bracket + name.len()], Some(port)),
        None => (host, None),
    };
    let is_port = port.is_none_or(|port| haul_queue::values::digits::<u16>(port).is_some_and(|port| port > 0));
    let is_name =
        !name.is_empty() && !authority.contains(|c: char| c.is_whitespace() || c.is_control() || "/?#;".contains(c));
    (is_port && is_name).then(|| format!("http://{authority}/"))
}

/// Suffixes of the files that haul keeps beside a download.
const SIDE_FILES: [&str; 4] = [".part", ".haul", ".haul.new", ".haul.plain"];

/// Whether a name stays below its directory. An empty one means the default.
fn below(text: &str) -> bool {
    let harmless = Path::new(text).components().all(|part| matches!(part, Component::Normal(_)));
    harmless && !text.contains(['\0', '\n', '\r']) && !SIDE_FILES.iter().any(|suffix| text.ends_with(suffix))
}
