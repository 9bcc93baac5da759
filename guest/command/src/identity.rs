//! Request headers that say who asks: users, passwords and cookies, each for its own site.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use haul_core::parse::url::{Scheme, Url};

use crate::cookies::Cookies;
use crate::netrc::Netrc;

/// The identity of a command.
#[derive(Clone, Default)]
pub struct Identity {
    /// For every URL of the command line and its lists.
    pub user: Option<(String, String)>,
    pub netrc: Netrc,
    pub cookies: Cookies,
}

impl Identity {
    /// The headers for a URL, beside the `given` ones, which win. The engine sends them to the origin of this URL only, and not to other
    /// sources or behind a redirect to another origin. `now` is in seconds since 1970.
    pub fn headers(&self, url: &str, given: &[String], now: u64) -> Vec<String> {
        let Some(url) = Url::parse(url) else { return Vec::new() };
        let (authority, path) = (url.authority(), url.path());
        let host = host(&authority);
        let path = if path.is_empty() { "/" } else { path };
        let user = self.user.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
        let user = user.or_else(|| self.netrc.find(host.trim_start_matches('[').trim_end_matches(']')));
        let user = user.filter(|_| url.user_information().is_none_or(str::is_empty));
        let basic = user.map(|(user, password)| {
            format!("Authorization: Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
        });
        let cookies = self.cookies.header(host, path, url.scheme() == Scheme::Https, now);
        let cookies = cookies.map(|cookies| format!("Cookie: {cookies}"));
        [("authorization", basic), ("cookie", cookies)]
            .into_iter()
            .filter_map(|(name, header)| header.filter(|_| !has(given, name)))
            .collect()
    }
}

fn has(headers: &[String], name: &str) -> bool {
    headers
        .iter()
        .any(|header| header.split_once(':').is_some_and(|(known, _)| known.trim().eq_ignore_ascii_case(name)))
}

/// The host of an authority, without its port.
fn host(authority: &str) -> &str {
    let end = authority.rfind(']').unwrap_or(0);
    authority[end..].find(':').map_or(authority, |at| &authority[..end + at])
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn each_site_gets_its_own_headers() {
        let netrc = Netrc::parse("machine h login me password pw machine ::1 login six password p");
        let cookies = Cookies::parse("h\tFALSE\t/\tTRUE\t0\ta\tb\n");
        let identity = Identity { user: None, netrc, cookies };
        let basic = |text: &str| format!("Authorization: Basic {}", BASE64_STANDARD.encode(text));
        for (url, given, expected) in [
            ("https://h:8443/x", vec![], vec![basic("me:pw"), "Cookie: a=b".into()]),
            ("http://h", vec![], vec![basic("me:pw")]),
            ("http://[::1]:80/", vec![], vec![basic("six:p")]),
            ("https://other/", vec![], vec![]),
            ("https://u:p@h/", vec![], vec!["Cookie: a=b".into()]),
            ("https://h/", vec!["authorization: Bearer t".into(), "Cookie:c=d".into()], vec![]),
            ("no URL", vec![], vec![]),
        ] {
            assert_eq!(identity.headers(url, &given, 1), expected, "{url}");
        }
        let user = Identity { user: Some(("you".into(), String::new())), ..identity };
        assert_eq!(user.headers("http://h/", &[], 1), [basic("you:")]);
        assert_eq!(user.headers("http://elsewhere/", &[], 1), [basic("you:")]);
    }
}
