//! Tokens that the host keeps for callers: who gets which, and at which origin.

use std::collections::HashMap;

use http::uri::Scheme;
use http::{HeaderValue, Uri};

use super::settings::NetworkToken;
use crate::error::Error;

/// Values of Authorization by origin and caller.
#[derive(Default)]
pub struct NetworkTokens(HashMap<Origin, HashMap<String, HeaderValue>>);

/// Scheme, host in lower case, and port, the default one included.
#[derive(PartialEq, Eq, Hash)]
struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

impl NetworkTokens {
    /// Of two tokens for one caller and one origin the later counts.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a text that is no origin, or that cannot be the value of a field.
    pub fn new(tokens: &[NetworkToken]) -> Result<Self, Error> {
        let mut known = Self::default();
        for (number, NetworkToken { caller, origin, authorization }) in (1..).zip(tokens) {
            // The text may hold a password, as a token that was given in the place of its origin does.
            let refuse = |what| {
                let reason = format!("{what} of token {number}, in the order in which they were given, cannot be used");
                Error::Setting { setting: "network_token", reason }
            };
            let place = Origin::parse(origin).ok_or_else(|| refuse("the origin"))?;
            let value = HeaderValue::from_str(authorization.expose()).ok().filter(|value| !value.is_empty());
            let mut value = value.ok_or_else(|| refuse("the value"))?;
            value.set_sensitive(true);
            known.0.entry(place).or_default().insert(caller.clone(), value);
        }
        Ok(known)
    }

    /// The value for a request of `caller` to `uri`.
    pub fn authorization(&self, caller: &str, uri: &Uri) -> Option<&HeaderValue> {
        self.0.get(&Origin::of(uri)?)?.get(caller)
    }
}

impl Origin {
    /// `https://host[:port]`, or the same with http.
    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains(['@', '#']);
        if bare { Self::of(&uri) } else { None }
    }

    fn of(uri: &Uri) -> Option<Self> {
        let secure = uri.scheme()? == &Scheme::HTTPS;
        if !secure && uri.scheme()? != &Scheme::HTTP {
            return None;
        }
        let authority = uri.authority()?;
        let place = authority.as_str().rsplit('@').next()?;
        let port = match place.strip_prefix(authority.host())? {
            "" | ":" if secure => 443,
            "" | ":" => 80,
            _ => authority.port_u16()?,
        };
        Some(Self { secure, host: authority.host().to_ascii_lowercase(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(origin: &str, authorization: &str) -> Result<NetworkTokens, Error> {
        let [caller, origin] = ["updates", origin].map(str::to_owned);
        NetworkTokens::new(&[NetworkToken { caller, origin, authorization: authorization.into() }])
    }

    fn is_given(origin: &str, caller: &str, uri: &str) -> bool {
        let tokens = tokens(origin, "Bearer abc").expect("a token");
        tokens.authorization(caller, &uri.parse().expect("a URI")).is_some()
    }

    #[test]
    fn a_token_is_for_one_caller_and_one_origin() {
        assert!(is_given("https://files.example", "updates", "https://files.example/a?b"));
        assert!(!is_given("https://files.example", "games", "https://files.example/a"));
        assert!(!is_given("https://files.example", "updates", "http://files.example/a"));
        assert!(!is_given("https://files.example", "updates", "https://files.example:444/a"));
        assert!(!is_given("https://files.example", "updates", "https://www.files.example/a"));
        assert!(!is_given("https://files.example", "updates", "https://files.example.evil.example/a"));
        assert!(!is_given("https://files.example", "updates", "https://files.example@evil.example/a"));
        assert!(!is_given("https://files.example", "updates", "https://files.example:99999/a"));
    }

    #[test]
    fn default_ports_and_the_case_of_hosts_make_no_difference() {
        for origin in ["https://Files.Example", "https://files.example:443", "HTTPS://files.example/"] {
            assert!(is_given(origin, "updates", "https://files.example/a"), "{origin}");
            assert!(is_given(origin, "updates", "https://FILES.example:443/a"), "{origin}");
        }
        assert!(is_given("http://files.example:80", "updates", "http://files.example/a"));
        assert!(is_given("https://[2001:db8::1]", "updates", "https://[2001:DB8::1]:443/a"));
    }

    #[test]
    fn what_is_no_origin_or_no_value_is_refused() {
        for origin in ["", "files.example", "ftp://files.example", "https://files.example/a", "https://u@files.example"]
        {
            assert!(matches!(tokens(origin, "Bearer abc"), Err(Error::Setting { .. })), "{origin}");
        }
        for value in ["", "Bearer a\r\nb: c"] {
            assert!(matches!(tokens("https://files.example", value), Err(Error::Setting { .. })), "{value:?}");
        }
    }

    #[test]
    fn a_refused_token_is_told_by_its_number() {
        let reason = |origin, value| match tokens(origin, value) {
            Err(Error::Setting { reason, .. }) => reason,
            _ => panic!("not refused"),
        };
        for (origin, value, what) in [
            ("https://user:secret@h", "a", "origin"),
            ("Bearer secret", "a", "origin"),
            ("https://h", "secret\n", "value"),
        ] {
            let expected = format!("the {what} of token 1, in the order in which they were given, cannot be used");
            assert_eq!(reason(origin, value), expected);
        }
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let tokens = tokens("https://files.example", "Bearer abc").expect("a token");
        let value = tokens.authorization("updates", &Uri::from_static("https://files.example/"));
        assert!(!format!("{value:?}").contains("abc"));
    }
}
