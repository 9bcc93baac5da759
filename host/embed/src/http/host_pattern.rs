//! Which hosts are meant, at one port or at all.

use http::Uri;
use http::uri::Scheme;

use crate::digits;
use crate::hosts::Hosts;

/// A name, `*.domain` for the names below it, an address, or a range of addresses such as `10.0.0.0/8`; each with `:port` for
/// one port only. Names are not looked up: a pattern of addresses is for URLs that have an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    hosts: Hosts,
    port: Option<u16>,
}

impl HostPattern {
    /// `None` for another text. An IPv6 address with a port stands in brackets; so does a range.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::read(text) {
            return Some(Self { hosts, port: None });
        }
        let (hosts, port) = text.rsplit_once(':')?;
        let port = digits::parse(port).filter(|port| *port != 0 && !text.ends_with("::"))?;
        // Without brackets the port would be a part of the address.
        let hosts = Hosts::read(hosts).filter(|_| hosts.ends_with(']') || !hosts.contains(':'))?;
        Some(Self { hosts, port: Some(port) })
    }

    pub fn is_of(&self, uri: &Uri) -> bool {
        let default = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
        let is_port = self.port.is_none_or(|port| port == uri.port_u16().unwrap_or(default));
        is_port && uri.host().is_some_and(|host| self.hosts.has(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_of(pattern: &str, origin: &str) -> bool {
        HostPattern::read(pattern).expect("a pattern").is_of(&origin.parse().expect("a URI"))
    }

    #[test]
    fn a_name_is_that_host_alone_in_any_case() {
        assert!(is_of("Files.example", "http://files.EXAMPLE"));
        assert!(!is_of("files.example", "http://www.files.example") && !is_of("files.example", "http://example"));
    }

    #[test]
    fn a_star_is_every_host_below_a_domain() {
        assert!(is_of("*.example", "http://files.example") && is_of("*.Example", "http://a.files.EXAMPLE"));
        for other in ["http://example", "http://filesexample", "http://.example"] {
            assert!(!is_of("*.example", other), "{other}");
        }
    }

    #[test]
    fn addresses_are_the_same_however_they_are_written() {
        assert!(is_of("192.0.2.1", "http://192.0.2.1") && !is_of("192.0.2.1", "http://192.0.2.2"));
        assert!(is_of("2001:DB8::1", "http://[2001:db8:0::1]") && is_of("[2001:db8::1]", "http://[2001:db8::1]"));
        assert!(is_of("192.0.2.1", "http://[::ffff:192.0.2.1]") && !is_of("*.2.1", "http://192.0.2.1"));
    }

    #[test]
    fn a_range_is_every_address_in_it_and_no_name() {
        assert!(is_of("10.0.0.0/8", "http://10.9.9.9") && is_of("10.1.2.3/8", "http://10.9.9.9"));
        assert!(is_of("[2001:db8::]:8443", "https://[2001:db8::]:8443") && is_of("fd00::/8", "http://[fd12::1]"));
        assert!(!is_of("10.0.0.0/8", "http://11.0.0.1") && !is_of("0.0.0.0/0", "http://files.example"));
    }

    #[test]
    fn a_port_is_meant_alone() {
        assert!(is_of("files.example:8080", "http://files.example:8080"));
        assert!(is_of("files.example:443", "https://files.example") && is_of("10.0.0.0/8:80", "http://10.0.0.1"));
        assert!(!is_of("files.example:443", "http://files.example") && !is_of("*.example:1", "http://a.example:2"));
        assert!(is_of("files.example", "https://files.example:8443") && is_of("[::1]:81", "http://[::1]:81"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            "192.0.2.*",
            "files.*",
            "*example",
            "http://files.example",
            "a..b",
            "a:0",
            "a:65536",
            "a:+80",
            "a:",
            "10.0.0.0/33",
            "10.0.0.0/",
            ":80",
            "<else>",
        ] {
            assert_eq!(HostPattern::read(text), None, "{text}");
        }
    }
}
