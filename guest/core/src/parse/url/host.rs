//! Hosts of URLs, in the forms of the [URL standard](https://url.spec.whatwg.org/#host-parsing): names, also beyond ASCII, IPv4 addresses
//! in all the forms that system calls accept, and IPv6 addresses.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use core::net::{Ipv4Addr, Ipv6Addr};

use idna::AsciiDenyList;

use super::target::percent_decode;
use crate::text::digits;

/// Characters that the standard forbids in a host, and `"`, backtick and braces, which hosts of the component refuse.
const FORBIDDEN: AsciiDenyList = AsciiDenyList::new(true, "\"#%/:<>?@[\\]^`{|}");

/// The host in its canonical form, and the port if there is one.
pub fn parse(text: &[u8]) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix(b"[") {
        Some(rest) => {
            let end = rest.iter().position(|byte| *byte == b']')?;
            // An address with a zone is of use on one link only, and WASI has no place for the zone.
            let address: Ipv6Addr = str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
            (format!("[{address}]"), &rest[end + 1..])
        }
        None => {
            let end = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
            (name(&text[..end])?, &text[end..])
        }
    };
    let port = match port {
        [] | b":" => None,
        [b':', digits @ ..] => Some(digits::parse(str::from_utf8(digits).ok()?)?),
        _ => return None,
    };
    Some((host, port))
}

fn name(text: &[u8]) -> Option<String> {
    let decoded = percent_decode(text);
    let name = match idna::domain_to_ascii_from_cow(Cow::Borrowed(&decoded), FORBIDDEN) {
        Ok(name) => name.into_owned(),
        // A label may start with `xn--` and be no Punycode. Browsers refuse it, curl leaves the answer to the name server.
        Err(_) => str::from_utf8(&decoded).ok().filter(|name| name.bytes().all(is_of_name))?.to_ascii_lowercase(),
    };
    match &name[..] {
        "" => None,
        number if ends_in_number(number) => Some(ipv4(number)?.to_string()),
        _ => Some(name),
    }
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// Whether the last label is a number, so that the name must be an IPv4 address.
fn ends_in_number(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal || number(last).is_some()
}

/// One to four numbers; the last one fills the bytes that are left.
fn ipv4(name: &str) -> Option<Ipv4Addr> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut address = 0;
    let mut parts = name.split('.').peekable();
    for place in 0..4 {
        let value = number(parts.next()?)?;
        if parts.peek().is_none() {
            let free = u64::from(u32::MAX) >> (8 * place);
            return (value <= free).then(|| Ipv4Addr::from_bits((address | value) as u32));
        }
        if value > 255 {
            return None;
        }
        address |= value << (24 - 8 * place);
    }
    None
}

/// Decimal, octal after `0`, or hexadecimal after `0x`.
fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [] => return None,
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    let sound = digits.chars().all(|digit| digit.is_digit(radix));
    match digits {
        "" => Some(0),
        digits => u64::from_str_radix(digits, radix).ok().filter(|_| sound),
    }
}
