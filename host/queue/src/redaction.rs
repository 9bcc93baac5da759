//! URLs, and texts that may be URLs, without passwords: for messages, logs and views.

pub(crate) mod proxy_list;

use std::path::Path;

/// The most characters of a text that is no URL, so that one line of a message stays one line.
const MOST_SHOWN: usize = 200;

/// `text` without user information and query, whether or not it is a URL. If it is not one, everything before its last `@` may be a
/// password: most URLs that cannot be parsed have a slash, `?` or `#` in theirs. The component has the same function, with the same test.
pub fn redact(text: &str) -> String {
    let shown = match parse(text.trim()) {
        Some(url) => url,
        None => {
            let visible = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
            let visible = visible.split(['?', '#', '&', ';']).next().unwrap_or_default();
            return visible.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect();
        }
    };
    let Parsed { scheme, host, path, has_query } = shown;
    let path = if path.is_empty() { "/" } else { path };
    let query = if has_query { "?..." } else { "" };
    format!("{scheme}://{host}{path}{query}").chars().filter(|c| !c.is_control()).collect()
}

/// A word from a command line or a list, in quotation marks, for an error message. A URL with a password may be in the wrong place.
pub fn quoted(word: &str) -> String {
    format!("'{}'", redact(word))
}

/// The name of a job, for an error message. A name with `//`, or with an `@` after a colon, may be a URL in the wrong place.
pub fn named(name: &str) -> String {
    let may_be_url = name.contains("//") || name.rsplit_once('@').is_some_and(|(before, _)| before.contains(':'));
    if may_be_url { redact(name) } else { name.into() }
}

/// The name of a file, for an error message; see [`named`].
pub fn titled(path: &Path) -> String {
    named(&path.to_string_lossy())
}

/// The parts of a URL that hold no secret.
struct Parsed<'a> {
    scheme: String,
    /// Host and port.
    host: &'a str,
    path: &'a str,
    has_query: bool,
}

/// `None` unless the text is an absolute http or https URL with a host, and for a URL with an `@` after its port: `user:12/34@host`
/// parses as a host with a port, and `12/34` is more likely a password.
fn parse(text: &str) -> Option<Parsed<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (before_fragment, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = match before_fragment.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (before_fragment, None),
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (name, port) = split_port(host);
    let is_name = |name: &str| !name.is_empty() && !name.contains(['[', ']', ':', '@']);
    let is_host = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .map_or_else(|| is_name(name), |address| address.parse::<std::net::Ipv6Addr>().is_ok());
    let is_port = port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok());
    let splits_password = port.is_some_and(|port| !port.is_empty()) && (path.contains('@') || fragment.contains('@'));
    let sound = matches!(scheme.as_str(), "http" | "https") && is_host && is_port && !user.contains(['[', ']', '@']);
    (sound && !splits_password).then_some(Parsed { scheme, host, path, has_query: query.is_some() })
}

/// A host, and the port after its colon.
fn split_port(host: &str) -> (&str, Option<&str>) {
    let end = host.rfind(']').unwrap_or(0);
    match host[end..].find(':') {
        Some(at) => (&host[..end + at], Some(&host[end + at + 1..])),
        None => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same table stands in `guest/core/src/parse/url.rs`.
    #[test]
    fn secrets_are_not_shown() {
        let long = "x".repeat(300);
        for (text, shown) in [
            ("https://u:p@h/a?token=1#x", "https://h/a?..."),
            ("http://h/a#secret", "http://h/a"),
            ("http://u@h:8080", "http://h:8080/"),
            ("https://registry.example/@scope/x", "https://registry.example/@scope/x"),
            ("http://[::1]:8080/a?e=a@b", "http://[::1]:8080/a?..."),
            ("https://user:p/w@host/", "host/"),
            ("https://user:p?w@host/x", "host/x"),
            ("https://user:p#w@host", "host"),
            ("https://user:12/w@host/", "host/"),
            ("https://user:443/w@host/", "host/"),
            ("https://user:12#w@host/", "host/"),
            ("https://u:p@w@host/x", "host/x"),
            ("https//user:pw@host", "host"),
            ("//user:pw@host", "host"),
            ("user:pw@host:8080/x", "host:8080/x"),
            ("http:user:pw@host", "host"),
            ("h ttp://u:p@h", "h"),
            ("https:/u:p@h", "h"),
            ("https:///u:p@h", "h"),
            ("https//h/x?e=a@b&sig=S", "b"),
            ("ftp://u:p@h/a?token=1", "h/a"),
            ("ftp://h/a;token=1", "ftp://h/a"),
            ("a\u{1b}[2Jb\n", "a[2Jb"),
            (&long, &long[..200]),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }

    #[test]
    fn a_name_is_shown_as_it_is_unless_it_may_be_a_url() {
        for (path, shown) in [
            ("image@2x.png", "image@2x.png"),
            ("a#b?c;d", "a#b?c;d"),
            ("https://u:p@h/x?y", "https://h/x?..."),
            ("https:/u:p@h", "h"),
            ("u:p@h", "h"),
        ] {
            assert_eq!(titled(Path::new(path)), shown, "{path}");
        }
    }
}
