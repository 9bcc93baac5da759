//! Fields between the component and its host: they come with a request or a response, and never cross the wire.

use http::header::{self, Entry};
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Response, Uri};
use wasmtime_wasi_http::Result;

use super::failure;
use super::stream::ServerAddress;
use super::tls::SecurityFlags;

/// How their names start.
const PREFIX: &str = "haul-";

pub const SECURITY_FLAGS: &str = "haul-security-flags";
pub const CLIENT_CERTIFICATE: &str = "haul-client-certificate";
pub const NETWORK_TOKEN: &str = "haul-network-token";
pub const PROXY: &str = "haul-proxy";
pub const SERVER_ADDRESS: &str = "haul-server-address";

/// Fields that say nothing of who asks.
const HARMLESS: [HeaderName; 7] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::HOST,
    header::IF_RANGE,
    header::RANGE,
    header::USER_AGENT,
];

/// Keeps all fields but the harmless ones out of the traces of the HTTP stack, and out of the compression tables of HTTP/2, which a
/// server or a proxy stores.
pub fn hide(headers: &mut HeaderMap) {
    let secret = headers.iter_mut().filter(|(name, _)| !HARMLESS.contains(name));
    secret.for_each(|(_, value)| value.set_sensitive(true));
}

/// Settings that a request brings for its host. There is no Debug: a private key and passwords are among them.
#[derive(Default)]
pub struct ExchangeFields {
    security_flags: Option<HeaderValue>,
    pub client_certificate: Option<HeaderValue>,
    pub proxy: Option<HeaderValue>,
    network_token: Option<HeaderValue>,
}

impl ExchangeFields {
    /// Removes every private field, known or not, and keeps the known ones.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of a known one that is there twice.
    pub fn take(headers: &mut HeaderMap) -> Result<Self> {
        let mut fields = Self::default();
        let mut repeated = None;
        for name in private(headers) {
            let Entry::Occupied(entry) = headers.entry(&name) else { continue };
            let mut values = entry.remove_entry_mult().1;
            let field = match name.as_str() {
                SECURITY_FLAGS => &mut fields.security_flags,
                CLIENT_CERTIFICATE => &mut fields.client_certificate,
                NETWORK_TOKEN => &mut fields.network_token,
                PROXY => &mut fields.proxy,
                _ => continue,
            };
            *field = values.next();
            if values.next().is_some() {
                repeated = Some(name);
            }
        }
        match repeated {
            Some(name) => Err(failure::unusable(name.as_str(), "it is there twice")),
            None => Ok(fields),
        }
    }

    /// The flags for an exchange with `origin`: none without TLS, which has no certificates.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of the field if it cannot be used.
    pub fn flags(&self, origin: &Uri) -> Result<SecurityFlags> {
        let Some(field) = self.security_flags.as_ref().filter(|_| is_secure(origin)) else {
            return Ok(SecurityFlags::default());
        };
        let unknown = || failure::unusable(SECURITY_FLAGS, "it is no sum of known flags");
        SecurityFlags::parse(field.as_bytes()).ok_or_else(unknown)
    }

    /// Whether an exchange with `origin` shows a certificate of the caller's, should the origin ask.
    pub fn has_certificate(&self, origin: &Uri) -> bool {
        self.client_certificate.is_some() && is_secure(origin)
    }

    /// Whose token the request is to go out with.
    pub fn caller(&self) -> Option<&str> {
        self.network_token.as_ref().and_then(|caller| str::from_utf8(caller.as_bytes()).ok())
    }
}

/// Tells the component the address of the server, unless a proxy was in between. Fields of the origin with these names are dropped.
pub fn answer<B>(response: &mut Response<B>) {
    strip(response.headers_mut());
    let server = response.extensions().get::<ServerAddress>().map(|server| server.0.to_canonical());
    if let Some(Ok(address)) = server.map(|address| HeaderValue::try_from(address.to_string())) {
        response.headers_mut().insert(SERVER_ADDRESS, address);
    }
}

/// Drops every private field.
pub fn strip(headers: &mut HeaderMap) {
    for name in private(headers) {
        headers.remove(name);
    }
}

fn is_secure(origin: &Uri) -> bool {
    origin.scheme() == Some(&Scheme::HTTPS)
}

fn private(headers: &HeaderMap) -> Vec<HeaderName> {
    headers.keys().filter(|name| name.as_str().starts_with(PREFIX)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime_wasi_http::Error;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn only_harmless_fields_are_traced() {
        let mut request =
            headers(&[("range", "bytes=0-1"), ("x-key", "secret"), ("cookie", "secret"), ("x-key", "secret")]);
        hide(&mut request);
        assert_eq!(
            format!("{request:?}"),
            r#"{"range": "bytes=0-1", "x-key": Sensitive, "x-key": Sensitive, "cookie": Sensitive}"#
        );
    }

    #[test]
    fn private_fields_are_taken_off_whatever_they_are() {
        let mut request = headers(&[
            ("haul-security-flags", "256"),
            ("accept", "*/*"),
            ("haul-network-token", "updates"),
            ("haul-server-address", "192.0.2.1"),
            ("haul-unheard-of", "a"),
            ("haul-unheard-of", "b"),
        ]);
        let fields = ExchangeFields::take(&mut request).expect("fields");
        assert_eq!(request, headers(&[("accept", "*/*")]));
        assert_eq!(fields.security_flags, Some(HeaderValue::from_static("256")));
        assert_eq!(fields.caller(), Some("updates"));
        assert!(fields.client_certificate.is_none());
    }

    #[test]
    fn a_field_that_is_there_twice_fails_the_exchange_and_is_taken_off_too() {
        let mut request = headers(&[("haul-security-flags", "256"), ("haul-security-flags", "0"), ("haul-b", "c")]);
        let Err(Error::HttpRequestHeaderSize { field_name, .. }) = ExchangeFields::take(&mut request) else {
            panic!("taken")
        };
        assert_eq!(field_name.as_deref(), Some(SECURITY_FLAGS));
        assert!(request.is_empty());
    }
}
