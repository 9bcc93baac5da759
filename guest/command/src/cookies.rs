//! Cookies from a file in the format of Netscape.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Cookies that were loaded.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cookies(Vec<Cookie>);

#[derive(Clone, PartialEq, Eq)]
struct Cookie {
    /// In lower case, without a dot in front.
    domain: String,
    with_subdomains: bool,
    path: String,
    secure: bool,
    /// Seconds since 1970; 0 for the length of a session.
    expires: u64,
    pair: String,
}

impl Cookies {
    /// One cookie on each line, in seven fields between tabs. Lines of another form are passed over, as curl does.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(cookie).collect())
    }

    /// The value of the header Cookie for a request; `None` if no cookie is for it. Longer paths come first (RFC 6265, section 5.4).
    pub fn header(&self, host: &str, path: &str, is_secure: bool, now: u64) -> Option<String> {
        let host = host.to_ascii_lowercase();
        let mut chosen: Vec<_> = self.0.iter().filter(|cookie| cookie.is_for(&host, path, is_secure, now)).collect();
        chosen.sort_by_key(|cookie| core::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> = chosen.into_iter().map(|cookie| cookie.pair.as_str()).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

impl Cookie {
    fn is_for(&self, host: &str, path: &str, is_secure: bool, now: u64) -> bool {
        let is_below = || host.strip_suffix(&*self.domain).is_some_and(|rest| rest.ends_with('.'));
        let is_host = host == self.domain || self.with_subdomains && is_below() && !is_address(&self.domain);
        // RFC 6265, section 5.1.4.
        let is_path = path
            .strip_prefix(&*self.path)
            .is_some_and(|rest| rest.is_empty() || self.path.ends_with('/') || rest.starts_with('/'));
        is_host && is_path && (is_secure || !self.secure) && (self.expires == 0 || now < self.expires)
    }
}

/// An address has no names below it.
fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<core::net::IpAddr>().is_ok()
}

fn cookie(line: &str) -> Option<Cookie> {
    // The mark of cookies that scripts of a page cannot read.
    let line = line.strip_prefix("#HttpOnly_").unwrap_or(line);
    let mut fields = line.trim_end_matches(['\r', '\n']).split('\t');
    let domain = fields.next().filter(|domain| !domain.is_empty() && !domain.starts_with('#'))?;
    let (with_subdomains, path, secure) = (fields.next()? == "TRUE", fields.next()?, fields.next()? == "TRUE");
    let expires = fields.next()?.split('.').next()?.parse().ok()?;
    let (name, value) = (fields.next()?, fields.next().unwrap_or_default());
    let is_sound = |text: &str| !text.contains(|c: char| c.is_control() || c == ';');
    (is_sound(name) && is_sound(value) && !name.is_empty() && fields.next().is_none()).then(|| Cookie {
        domain: domain.trim_start_matches('.').to_ascii_lowercase(),
        with_subdomains,
        path: if path.starts_with('/') { path.into() } else { "/".into() },
        secure,
        expires,
        pair: format!("{name}={value}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Netscape HTTP Cookie File\n\
        .example.com\tTRUE\t/\tFALSE\t0\tall\t1\r\n\
        #HttpOnly_h.example.com\tFALSE\t/deep\tTRUE\t200\tone\ta=b\n\
        other.example\tFALSE\t/\tFALSE\t0\tempty\t\n\
        192.0.2.1\tTRUE\t/\tFALSE\t0\taddress\tx\n\
        broken line\nh\tTRUE\t/\tFALSE\tnever\ta\tb\nh\tTRUE\t/\tFALSE\t0\ta\tb;c\n";

    #[test]
    fn a_cookie_goes_to_its_own_site_path_and_time_only() {
        let cookies = Cookies::parse(FILE);
        for (host, path, is_secure, now, expected) in [
            ("example.com", "/", false, 100, Some("all=1")),
            ("a.b.Example.com", "/x", false, 100, Some("all=1")),
            ("badexample.com", "/", false, 100, None),
            ("h.example.com", "/deep/x", true, 100, Some("one=a=b; all=1")),
            ("h.example.com", "/deep", true, 200, Some("all=1")),
            ("h.example.com", "/deeper", true, 100, Some("all=1")),
            ("h.example.com", "/deep", false, 100, Some("all=1")),
            ("x.h.example.com", "/deep", true, 100, Some("all=1")),
            ("other.example", "/", true, 100, Some("empty=")),
            ("192.0.2.1", "/", true, 100, Some("address=x")),
            ("h", "/", true, 100, None),
        ] {
            let header = cookies.header(host, path, is_secure, now);
            assert_eq!(header.as_deref(), expected, "{host}{path}");
        }
    }
}
