//! Proxies: which of them an exchange goes through.

mod bypass;
mod list;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use wasmtime_wasi_http::Result;

use self::bypass::Bypass;
use self::list::List;
use super::exchange_fields::PROXY;
use super::failure;
use super::settings::ProxyLists;
use crate::error::Error;

/// One proxy, spoken to over plain HTTP.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Without credentials.
    pub uri: Uri,
    /// Value of Proxy-Authorization.
    pub authorization: Option<HeaderValue>,
}

impl Proxy {
    /// `[http://][user[:password]@]host[:port]`, with port 80 as the default. User and password are percent-decoded.
    fn read(text: &str) -> Option<Self> {
        let given: Uri = text.parse().ok()?;
        let authority = given.authority()?;
        let place = authority.as_str().rsplit('@').next()?;
        let has_port = authority.port_u16().is_some_and(|port| port != 0);
        let sound = matches!(given.scheme_str(), None | Some("http"))
            && matches!(given.path(), "" | "/")
            && given.query().is_none()
            && (is_name(authority.host()) || authority.host().starts_with('['))
            && (has_port || place == authority.host());
        let any_origin = Uri::from_static("http://origin.invalid");
        let read = Matcher::builder().all(text).build().intercept(&any_origin).filter(|_| sound)?;
        Some(Self { uri: read.uri().clone(), authorization: read.basic_auth().cloned() })
    }
}

/// Who asks is not shown.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.uri)
    }
}

/// Proxies, and the hosts that are asked without one. The default asks every host so.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    list: List,
    bypass: Bypass,
}

impl Proxies {
    /// What the host has been told.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a list that cannot be read.
    pub fn new(lists: Option<&ProxyLists>) -> Result<Self, Error> {
        let Some(ProxyLists { list, bypass }) = lists else { return Ok(Self::default()) };
        Self::read(list, bypass).map_err(|reason| Error::Setting { setting: "proxy", reason: reason.into() })
    }

    /// # Errors
    ///
    /// What is wrong with one of the lists; never holds what it says.
    fn read(list: &str, bypass: &str) -> Result<Self, &'static str> {
        Ok(Self { list: List::read(list)?, bypass: Bypass::read(bypass)? })
    }

    /// Those for a URI, in the order in which to try them; none where its host is asked directly.
    pub fn of(&self, uri: &Uri) -> Vec<Proxy> {
        if uri.host().is_some_and(|host| self.bypass.has(host)) {
            return Vec::new();
        }
        self.list.of(uri.scheme_str().unwrap_or_default()).cloned().collect()
    }

    /// What an exchange says in its field; these where it says nothing, or leaves the host to find out.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of the field where it cannot be used.
    pub fn or_asked_for(&self, field: Option<&HeaderValue>) -> Result<Self> {
        let Some(field) = field else { return Ok(self.clone()) };
        let refuse = |reason| failure::unusable(PROXY, reason);
        let text = field.to_str().map_err(|_| refuse("it is no text"))?;
        let mut words = text.split(' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("direct"), None, ..) => Ok(Self::default()),
            (Some("detect"), None, ..) => Ok(self.clone()),
            (Some("use"), Some(list), bypass, None) => {
                let decode = |word| decode(word).ok_or_else(|| refuse("a list is no text in base64"));
                Self::read(&decode(list)?, &decode(bypass.unwrap_or_default())?).map_err(refuse)
            }
            _ => Err(refuse("it is neither direct nor detect nor use")),
        }
    }
}

fn decode(word: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(word).ok()?).ok()
}

/// Whether this could be the name of a host, or its address in version 4.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.split('.').all(|label| !label.is_empty() && label.bytes().all(is_part))
}

/// The entries of either list.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c == ';' || c.is_whitespace()).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_with_or_without_scheme_port_and_credentials() {
        let read = |text| Proxy::read(text).map(|proxy| proxy.uri.to_string());
        for (text, uri) in [
            ("proxy", "http://proxy/"),
            ("proxy:8080", "http://proxy:8080/"),
            ("http://proxy:8080/", "http://proxy:8080/"),
            ("HTTP://192.0.2.1:3128", "http://192.0.2.1:3128/"),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128/"),
            ("http://me:secret@proxy:8080", "http://proxy:8080/"),
            ("me@proxy", "http://proxy/"),
        ] {
            assert_eq!(read(text).as_deref(), Some(uri), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_spoken_to_is_no_proxy() {
        for text in [
            "https://proxy:443",
            "socks5://proxy:1080",
            "http://",
            "http://:80",
            "me@",
            "proxy:",
            "proxy:0",
            "proxy:65536",
            "http://proxy/path",
            "http://proxy?query",
            "a,b",
            "<local>",
        ] {
            assert_eq!(Proxy::read(text), None, "{text}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let proxy = Proxy::read("http://me:p%40ss@proxy:8080").expect("a proxy");
        let expected = format!("Basic {}", STANDARD.encode("me:p@ss"));
        assert_eq!(proxy.authorization.as_ref().map(HeaderValue::as_bytes), Some(expected.as_bytes()));
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy:8080/)");
        assert_eq!(format!("{:?}", proxy.authorization), "Some(Sensitive)");
    }

    #[test]
    fn a_field_is_the_hosts_own_setting_or_another_or_none() {
        let own = Proxies::read("own", "").expect("a list");
        let uri = Uri::from_static("http://files.example/");
        let proxies = |field: Option<&'static str>| {
            let field = field.map(HeaderValue::from_static);
            let hosts = own.or_asked_for(field.as_ref()).expect("a field").of(&uri);
            hosts.iter().map(|proxy| proxy.uri.host().expect("a host").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(proxies(None), ["own"]);
        assert_eq!(proxies(Some("detect")), ["own"]);
        assert!(proxies(Some("direct")).is_empty());
        assert_eq!(proxies(Some("use b3RoZXI=")), ["other"]);
        assert_eq!(proxies(Some("use b3RoZXI= PGxvY2FsPg==")), ["other"]);
        assert!(proxies(Some("use b3RoZXI= Ki5leGFtcGxl")).is_empty());
    }

    #[test]
    fn another_field_is_refused() {
        for field in ["", "Direct", "direct now", "use", "use ", "use other", "use b3RoZXI= PGxvY2FsPg== b3RoZXI="] {
            assert!(Proxies::default().or_asked_for(Some(&HeaderValue::from_static(field))).is_err(), "{field:?}");
        }
    }
}
