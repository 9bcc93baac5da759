//! Proxies: which of them an exchange goes through.

mod bypass;
mod list;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use wasmtime_wasi_http::Result;

use self::bypass::Bypass;
use self::list::List;
use super::exchange_fields::PROXY;
use super::failure;
use super::settings::ProxyLists;
use crate::digits;
use crate::error::Error;
use crate::hosts::is_name;
use crate::secret::Secret;

/// Longest user name and password for SOCKS: RFC 1929 has one byte for the length of each. The client writes the rest of a longer one
/// all the same, and the proxy would take it for a request of its own, for any destination.
const LONGEST_CREDENTIAL: usize = 255;

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Http,
    /// HTTP over TLS.
    Https,
    /// Is told addresses.
    Socks5,
    /// Is told names, and looks them up.
    Socks5h,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Without credentials.
    pub uri: Uri,
    pub protocol: Protocol,
    /// Value of Proxy-Authorization.
    pub authorization: Option<HeaderValue>,
    /// User and password for SOCKS.
    pub credentials: Option<(Secret<String>, Secret<String>)>,
    /// Whether the embedder named it, not an exchange.
    pub is_hosts_own: bool,
}

impl Protocol {
    fn read(scheme: Option<&str>) -> Option<Self> {
        match scheme {
            None | Some("http") => Some(Self::Http),
            Some("https") => Some(Self::Https),
            Some("socks5") => Some(Self::Socks5),
            Some("socks5h") => Some(Self::Socks5h),
            Some(_) => None,
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }
}

impl Proxy {
    /// `[scheme://][user[:password]@]host[:port]`. User and password are percent-decoded.
    fn read(text: &str, is_hosts_own: bool) -> Option<Self> {
        let text = match text.split_once("://") {
            Some((scheme, rest)) => &format!("{}://{rest}", scheme.to_ascii_lowercase()),
            None => text,
        };
        let given: Uri = text.parse().ok()?;
        let protocol = Protocol::read(given.scheme_str())?;
        let authority = given.authority()?;
        let place = authority.as_str().rsplit('@').next()?;
        let port = authority.port().and_then(|port| digits::parse(port.as_str())).filter(|port| *port != 0);
        let sound = matches!(given.path(), "" | "/")
            && given.query().is_none()
            && (is_name(authority.host()) || authority.host().starts_with('['))
            && (port.is_some() || place == authority.host());
        let any_origin = Uri::from_static("http://origin.invalid");
        let read = Matcher::builder().all(text).build().intercept(&any_origin).filter(|_| sound)?;
        let scheme = given.scheme_str().unwrap_or("http");
        let port = port.unwrap_or(protocol.default_port());
        let uri = format!("{scheme}://{}:{port}/", authority.host()).parse().ok()?;
        let credentials = read.raw_auth();
        if credentials.is_some_and(|(user, password)| user.len().max(password.len()) > LONGEST_CREDENTIAL) {
            return None;
        }
        let credentials = credentials.map(|(user, password)| (user.into(), password.into()));
        Some(Self { uri, protocol, authorization: read.basic_auth().cloned(), credentials, is_hosts_own })
    }

    /// Whether it hands bytes on, and does not read requests for this scheme.
    pub fn makes_tunnel(&self, scheme: Option<&Scheme>, is_restricted: bool) -> bool {
        let reads = matches!(self.protocol, Protocol::Http | Protocol::Https);
        !reads || is_restricted || scheme == Some(&Scheme::HTTPS)
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
    /// The host's own proxies.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a list that cannot be read.
    pub fn new(lists: Option<&ProxyLists>) -> Result<Self, Error> {
        let Some(ProxyLists { list, bypass }) = lists else { return Ok(Self::default()) };
        Self::read(list.expose(), bypass.expose(), true)
            .map_err(|reason| Error::Setting { setting: "proxy", reason: reason.into() })
    }

    /// # Errors
    ///
    /// The fault of one of the lists; never holds its text.
    fn read(list: &str, bypass: &str, is_hosts_own: bool) -> Result<Self, &'static str> {
        Ok(Self { list: List::read(list, is_hosts_own)?, bypass: Bypass::read(bypass)? })
    }

    /// The proxies for a URI, in the order in which to try them; none if its host is asked directly.
    pub fn of(&self, uri: &Uri) -> Vec<Proxy> {
        if self.bypass.has(uri) {
            return Vec::new();
        }
        self.list.of(uri.scheme_str().unwrap_or_default()).cloned().collect()
    }

    /// The proxies that an exchange names in its field; these if it names none, or leaves the choice to the host.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of the field if it cannot be used.
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
                let (list, bypass) = (decode(list)?, decode(bypass.unwrap_or_default())?);
                Self::read(list.expose(), bypass.expose(), false).map_err(refuse)
            }
            _ => Err(refuse("it is neither direct nor detect nor use")),
        }
    }
}

fn decode(word: &str) -> Option<Secret<String>> {
    String::from_utf8(STANDARD.decode(word).ok()?).ok().map(Into::into)
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
        let read = |text| Proxy::read(text, false).map(|proxy| proxy.uri.to_string());
        for (text, uri) in [
            ("proxy", "http://proxy:80/"),
            ("proxy:8080", "http://proxy:8080/"),
            ("http://proxy:8080/", "http://proxy:8080/"),
            ("HTTP://192.0.2.1:3128", "http://192.0.2.1:3128/"),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128/"),
            ("http://me:secret@proxy:8080", "http://proxy:8080/"),
            ("me@proxy", "http://proxy:80/"),
            ("https://proxy", "https://proxy:443/"),
            ("socks5://me:secret@proxy", "socks5://proxy:1080/"),
            ("SOCKS5H://proxy:9050", "socks5h://proxy:9050/"),
        ] {
            assert_eq!(read(text).as_deref(), Some(uri), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_spoken_to_is_no_proxy() {
        for text in [
            "ftp://proxy:21",
            "socks4://proxy:1080",
            "socks://proxy:1080",
            "http://",
            "http://:80",
            "me@",
            "proxy:",
            "proxy:0",
            "proxy:65536",
            "proxy:+80",
            "http://proxy/path",
            "http://proxy?query",
            "a,b",
            "<local>",
        ] {
            assert_eq!(Proxy::read(text, false), None, "{text}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let proxy = Proxy::read("http://me:p%40ss@proxy:8080", false).expect("a proxy");
        let expected = format!("Basic {}", STANDARD.encode("me:p@ss"));
        assert_eq!(proxy.authorization.as_ref().map(HeaderValue::as_bytes), Some(expected.as_bytes()));
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy:8080/)");
        assert_eq!(format!("{:?}", proxy.authorization), "Some(Sensitive)");
    }

    #[test]
    fn credentials_for_socks_are_decoded_and_never_shown() {
        let proxy = Proxy::read("socks5h://me:p%40ss@proxy", false).expect("a proxy");
        assert!(proxy.credentials == Some(("me".into(), "p@ss".into())));
        assert_eq!((proxy.authorization.as_ref(), proxy.protocol), (None, Protocol::Socks5h));
        assert_eq!(format!("{proxy:?}"), "Proxy(socks5h://proxy:1080/)");
    }

    #[test]
    fn credentials_for_socks_fit_in_their_length() {
        let read = |user: usize, password: usize| {
            Proxy::read(&format!("socks5://{}:{}@proxy", "u".repeat(user), "p".repeat(password)), false).is_some()
        };
        assert!(read(255, 255));
        assert!(!read(256, 255) && !read(255, 256));
    }

    #[test]
    fn only_the_hosts_own_setting_is_its_own() {
        let own = Proxies::new(Some(&ProxyLists { list: "own".into(), bypass: Secret::default() })).expect("a list");
        let uri = Uri::from_static("http://files.example/");
        for (field, expected) in [("detect", true), ("use b3RoZXI=", false)] {
            let proxies = own.or_asked_for(Some(&HeaderValue::from_static(field))).expect("a field").of(&uri);
            assert_eq!(proxies.iter().map(|proxy| proxy.is_hosts_own).collect::<Vec<_>>(), [expected], "{field}");
        }
    }

    #[test]
    fn a_field_is_the_hosts_own_setting_or_another_or_none() {
        let own = Proxies::read("own", "", true).expect("a list");
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
