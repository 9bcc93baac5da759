//! Patterns of hosts.

use std::net::IpAddr;

use ipnet::IpNet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// In lower case.
    Name(String),
    /// Names that end in this, which starts with a dot.
    Below(String),
    Range(IpNet),
}

impl Hosts {
    /// A name, `*.domain` for the names below it, an address, or a range of addresses such as `10.0.0.0/8`; `None` for another
    /// text. An address of version 6 may stand in brackets.
    pub fn read(text: &str) -> Option<Self> {
        let text = without_final_dot(text);
        let bare = without_brackets(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Some(Self::Range(address.into()));
        }
        if let Ok(range) = bare.parse::<IpNet>() {
            return Some(Self::Range(range.trunc()));
        }
        match text.strip_prefix('*') {
            Some(domain) => {
                let is_domain = domain.strip_prefix('.').is_some_and(is_name);
                is_domain.then(|| Self::Below(domain.to_ascii_lowercase()))
            }
            None => is_name(text).then(|| Self::Name(text.to_ascii_lowercase())),
        }
    }

    /// Whether `host` of a URL is meant. Names are compared without regard to case and to a dot at their end, and not looked up.
    pub fn has(&self, host: &str) -> bool {
        let host = without_final_dot(host);
        let address = without_brackets(host).parse::<IpAddr>();
        match (self, address) {
            (Self::Range(range), Ok(address)) => range.contains(&address) || range.contains(&address.to_canonical()),
            (Self::Name(name), Err(_)) => name.eq_ignore_ascii_case(host),
            (Self::Below(domain), Err(_)) => {
                let host = host.to_ascii_lowercase();
                host.len() > domain.len() && host.ends_with(domain.as_str())
            }
            _ => false,
        }
    }
}

fn without_brackets(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

/// The same host: a full name may say that it is one.
pub fn without_final_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Whether this could be the name of a host, or its address in version 4.
pub fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.split('.').all(|label| !label.is_empty() && label.bytes().all(is_part))
}
