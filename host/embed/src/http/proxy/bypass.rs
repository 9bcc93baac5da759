//! Hosts that are asked without a proxy.

use std::net::IpAddr;

use super::{entries, is_name};

#[derive(Clone, Debug, Default)]
pub struct Bypass(Vec<Pattern>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// `<local>`: names without a dot.
    Local,
    /// `*.domain`: names that end in this, which starts with a dot.
    Below(String),
    Name(String),
    Address(IpAddr),
}

impl Bypass {
    /// Names, addresses, `*.domain` and `<local>`, separated by spaces or semicolons.
    ///
    /// # Errors
    ///
    /// What is wrong with it: an entry that is none of these.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let patterns: Option<Vec<_>> = entries(text).map(Pattern::read).collect();
        patterns.map(Self).ok_or("an entry is no host to go to without a proxy")
    }

    /// `host`: as a URI has it, an IPv6 address in brackets.
    pub fn has(&self, host: &str) -> bool {
        let host = Host::of(host);
        self.0.iter().any(|pattern| pattern.is_of(&host))
    }
}

enum Host {
    Address(IpAddr),
    /// In lower case.
    Name(String),
}

impl Host {
    fn of(text: &str) -> Self {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        bare.parse().map_or_else(|_| Self::Name(text.to_ascii_lowercase()), Self::Address)
    }
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("<local>") {
            return Some(Self::Local);
        }
        match (Host::of(text), text.strip_prefix('*')) {
            (Host::Address(address), _) => Some(Self::Address(address)),
            (_, Some(domain)) if domain.strip_prefix('.').is_some_and(is_name) => {
                Some(Self::Below(domain.to_ascii_lowercase()))
            }
            (Host::Name(name), None) if is_name(&name) => Some(Self::Name(name)),
            _ => None,
        }
    }

    fn is_of(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Address(this), Host::Address(host)) => this == host,
            (Self::Name(this), Host::Name(host)) => this == host,
            (Self::Below(domain), Host::Name(host)) => host.len() > domain.len() && host.ends_with(domain),
            (Self::Local, Host::Name(host)) => !host.contains('.'),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(list: &str, host: &str) -> bool {
        Bypass::read(list).expect("a list").has(host)
    }

    #[test]
    fn a_name_is_that_host_alone_in_any_case() {
        assert!(has("Files.example", "files.EXAMPLE"));
        assert!(!has("files.example", "www.files.example") && !has("files.example", "example"));
    }

    #[test]
    fn a_star_is_every_host_below_a_domain() {
        assert!(has("*.example", "files.example") && has("*.Example", "a.files.EXAMPLE"));
        assert!(!has("*.example", "example") && !has("*.example", "filesexample") && !has("*.example", ".example"));
    }

    #[test]
    fn local_is_every_name_without_a_dot() {
        assert!(has("<local>", "printer") && has("<LOCAL>", "localhost"));
        assert!(!has("<local>", "files.example") && !has("<local>", "127.0.0.1") && !has("<local>", "[::1]"));
    }

    #[test]
    fn addresses_are_the_same_however_they_are_written() {
        assert!(has("192.0.2.1", "192.0.2.1") && !has("192.0.2.1", "192.0.2.2"));
        assert!(has("2001:DB8::1", "[2001:db8:0::1]") && has("[2001:db8::1]", "[2001:db8::1]"));
        assert!(!has("*.2.1", "192.0.2.1"));
    }

    #[test]
    fn every_entry_counts_and_there_may_be_none() {
        assert!(has("a; b  *.c;<local>", "x.c") && has("a;b", "b"));
        assert!(!has("", "a") && !has(" ; ", "a"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for list in
            ["*", "192.0.2.*", "files.*", "*example", "http://files.example", "files.example:80", "a..b", "<else>"]
        {
            assert!(Bypass::read(list).is_err(), "{list}");
        }
    }
}
