//! Lists of proxies, and of hosts without a proxy, without passwords.

use std::net::Ipv6Addr;

/// The schemes that an entry may begin with.
const SCHEMES: [&str; 5] = ["http", "https", "ftp", "socks5", "socks5h"];

/// Each entry as `[scheme=][scheme://]host[:port]`, or `...` if it has another form: the engine checks a list only when it uses it.
pub fn redact(list: &str) -> String {
    let entries = list.split(|c: char| c == ';' || c.is_whitespace()).filter(|entry| !entry.is_empty());
    entries.map(entry).collect::<Vec<_>>().join(" ")
}

fn entry(text: &str) -> String {
    let (restriction, text) = split_scheme(text, "=");
    let (scheme, text) = split_scheme(text, "://");
    let place = text.rsplit('@').next().unwrap_or_default();
    let place = place.strip_suffix('/').unwrap_or(place);
    format!("{restriction}{scheme}{}", if is_place(place) { place } else { "..." })
}

/// A scheme with its separator, and the rest.
fn split_scheme<'a>(text: &'a str, separator: &str) -> (&'a str, &'a str) {
    let end = text.find(separator).filter(|end| SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(&text[..*end])));
    text.split_at(end.map_or(0, |end| end + separator.len()))
}

/// Whether it is `<local>`, or a name, an address or a range, perhaps with a port.
fn is_place(text: &str) -> bool {
    let number = |digits: Option<&str>| digits.is_none_or(|digits| digits.parse::<u16>().is_ok());
    let (range, port) = match text.rfind(':').filter(|at| !text[*at..].contains(']')) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (host, bits) = range.split_once('/').map_or((range, None), |(host, bits)| (host, Some(bits)));
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_*".contains(c)),
    };
    text == "<local>" || is_host && number(port) && number(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_shown_and_nothing_else() {
        for (list, shown) in [
            ("", ""),
            ("proxy:8080", "proxy:8080"),
            ("http://user:p%40ss@proxy:8080/", "http://proxy:8080"),
            ("https=http://user:pw@a:1; SOCKS5://user:pw@[::1]:1080 b", "https=http://a:1 SOCKS5://[::1]:1080 b"),
            ("user:a=b@a:1", "a:1"),
            ("http=b@a", "http=a"),
            ("http://user:p/w@host", "http://host"),
            ("//user:pw@host:1", "host:1"),
            ("user:p;w@host", "... host"),
            ("user:p w@host/path", "... ..."),
            ("user:pw@", "..."),
            ("<local> *.example 10.0.0.0/8 [2001:db8::]/32:443", "<local> *.example 10.0.0.0/8 [2001:db8::]/32:443"),
        ] {
            assert_eq!(redact(list), shown, "{list}");
        }
    }
}
