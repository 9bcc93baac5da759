//! The patterns of origins that requests may go to.

use http::Uri;

use crate::digits;
use crate::error::Rule;
use crate::hosts::Hosts;

/// Schemes of origins, each with its default port.
pub const SCHEMES: &[(&str, u16)] = &[("http", 80), ("https", 443)];

/// Origins, or proxies, by the patterns that allow them.
#[derive(Debug)]
pub struct Origins {
    patterns: Vec<Pattern>,
    schemes: &'static [(&'static str, u16)],
}

#[derive(Debug)]
struct Pattern {
    scheme: Option<&'static str>,
    host: Host,
    /// `None`: that of the scheme.
    port: Option<Port>,
}

#[derive(Debug)]
enum Host {
    Any,
    These(Hosts),
}

#[derive(Debug)]
enum Port {
    Any,
    Number(u16),
}

impl Origins {
    /// # Errors
    ///
    /// The fault of the first pattern that cannot be read.
    pub fn read(patterns: &[String], schemes: &'static [(&'static str, u16)]) -> Result<Self, String> {
        let read = |text: &String| Pattern::read(text, schemes).ok_or_else(|| unreadable(text));
        Ok(Self { patterns: patterns.iter().map(read).collect::<Result<_, _>>()?, schemes })
    }

    /// Whether a request for `uri` may be made; the first of scheme, host and port that no pattern has refuses it.
    pub fn admit(&self, uri: &Uri) -> Result<(), Rule> {
        let scheme = uri.scheme_str().ok_or(Rule::Scheme)?;
        let of_scheme = self.patterns.iter().filter(|pattern| pattern.scheme.is_none_or(|allowed| allowed == scheme));
        let mut of_scheme = of_scheme.peekable();
        of_scheme.peek().ok_or(Rule::Scheme)?;
        // The host is whatever the connector takes for it. No request says who asks in its URL.
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(Rule::Host)?;
        let mut of_host = of_scheme.filter(|pattern| pattern.host.has(authority.host())).peekable();
        of_host.peek().ok_or(Rule::Host)?;
        let default_port = self.schemes.iter().find_map(|(known, port)| (*known == scheme).then_some(*port));
        let port = authority.port_u16().or(default_port).ok_or(Rule::Port)?;
        let mut of_port = of_host.filter(|pattern| match pattern.port {
            Some(Port::Any) => true,
            Some(Port::Number(allowed)) => allowed == port,
            None => default_port == Some(port),
        });
        of_port.next().map(|_| ()).ok_or(Rule::Port)
    }
}

impl Pattern {
    fn read(text: &str, schemes: &[(&'static str, u16)]) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme {
            "*" => None,
            _ => Some(schemes.iter().find(|(known, _)| *known == scheme)?.0),
        };
        let bracketed = rest.rfind(']').unwrap_or(0);
        let (host, port) = match rest[bracketed..].rfind(':') {
            Some(colon) => (&rest[..bracketed + colon], Some(&rest[bracketed + colon + 1..])),
            None => (rest, None),
        };
        let port = match port {
            Some("*") => Some(Port::Any),
            Some(number) => Some(Port::Number(digits::parse(number).filter(|number| *number != 0)?)),
            None => None,
        };
        Some(Self { scheme, host: Host::read(host)?, port })
    }
}

impl Host {
    fn read(text: &str) -> Option<Self> {
        if text == "*" { Some(Self::Any) } else { Hosts::read(text).map(Self::These) }
    }

    fn has(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(hosts) => hosts.has(host),
        }
    }
}

fn unreadable(pattern: &str) -> String {
    format!("{pattern:?} is no pattern: write scheme://host[:port], such as https://*.example.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(patterns: &[&str], uri: &str) -> Result<(), Rule> {
        let patterns: Vec<_> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        Origins::read(&patterns, SCHEMES).unwrap().admit(&uri.parse().unwrap())
    }

    #[test]
    fn what_a_pattern_names_is_allowed() {
        for (pattern, uri) in [
            ("https://example.com", "https://example.com/a"),
            ("https://example.com", "https://EXAMPLE.com.:443/a"),
            ("*://example.com", "http://example.com/a"),
            ("https://*.example.com", "https://a.b.example.com/"),
            ("http://example.com:8080", "http://example.com:8080/"),
            ("http://example.com:*", "http://example.com:81/"),
            ("http://*", "http://anything/"),
            ("http://[::1]:*", "http://[0:0::1]:5/"),
            ("http://10.0.0.1", "http://[::ffff:10.0.0.1]/"),
            ("http://10.0.0.0/8", "http://10.1.2.3/"),
            ("http://[fd00::/8]:81", "http://[fd12::1]:81/"),
        ] {
            assert_eq!(judged(&[pattern], uri), Ok(()), "{pattern} {uri}");
        }
    }

    #[test]
    fn nothing_else_is_and_the_refusal_says_why() {
        for (pattern, uri, rule) in [
            ("https://example.com", "http://example.com/", Rule::Scheme),
            ("https://example.com", "https://example.com.evil.org/", Rule::Host),
            ("https://example.com", "https://evil-example.com/", Rule::Host),
            ("https://example.com", "https://example.com@evil.org/", Rule::Host),
            ("https://example.com", "https://evil.org@example.com/", Rule::Host),
            ("https://*.example.com", "https://example.com/", Rule::Host),
            ("https://*.example.com", "https://evilexample.com/", Rule::Host),
            ("https://*.example.com", "https://.example.com/", Rule::Host),
            ("https://*.0.0.1", "https://127.0.0.1/", Rule::Host),
            ("https://127.0.0.1", "https://127.1/", Rule::Host),
            ("https://example.com", "https://example.com:8443/", Rule::Port),
            ("https://example.com:8443", "https://example.com/", Rule::Port),
            ("*://example.com", "http://example.com:443/", Rule::Port),
        ] {
            assert_eq!(judged(&[pattern], uri), Err(rule), "{pattern} {uri}");
        }
        assert_eq!(judged(&[], "https://example.com/"), Err(Rule::Scheme));
    }

    #[test]
    fn one_pattern_does_not_lend_its_port_to_another() {
        let patterns = ["https://a.example", "https://b.example:8443"];
        assert_eq!(judged(&patterns, "https://a.example:8443/"), Err(Rule::Port));
        assert_eq!(judged(&patterns, "https://b.example:8443/"), Ok(()));
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_what_to_write() {
        for text in [
            "example.com",
            "ftp://a",
            "https://",
            "https://a/b",
            "https://a:0",
            "https://a:70000",
            "https://*a.b",
            "https://a..b",
            "https://[::1",
            "https://user@a",
        ] {
            assert!(Origins::read(&[text.into()], SCHEMES).unwrap_err().contains("scheme://host[:port]"), "{text}");
        }
    }
}
