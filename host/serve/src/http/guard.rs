//! The rules that a request meets before anything is done for it.

use std::net::IpAddr;

use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, ORIGIN};
use hyper::{Method, StatusCode, Version};

/// The rules, which only the person who starts the daemon decides.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Names that may stand in the Host field, beside `localhost` and addresses.
    pub hosts: Vec<String>,
    /// Origins of other pages that may send requests.
    pub origins: Vec<String>,
    /// Every page may send requests; they still need the secret.
    pub any_origin: bool,
    /// Whether calls need a secret.
    pub secret: bool,
}

/// A request that may go on.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The origin of another page that may read the reply.
    pub cors: Option<String>,
}

/// A request that is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub status: StatusCode,
    /// The name of the rule.
    pub rule: &'static str,
    /// For people.
    pub reason: String,
}

const fn refused(status: StatusCode, rule: &'static str, reason: String) -> Refused {
    Refused { status, rule, reason }
}

impl Rules {
    /// Judges a request by its head.
    pub fn judge(&self, method: &Method, version: Version, fields: &HeaderMap) -> Result<Admitted, Refused> {
        let host = self.host(version, fields)?;
        let cors = self.origin(host, fields)?;
        if !self.secret && fields.contains_key(ORIGIN) && method == Method::POST && !is_no_form(fields) {
            let reason = "without a secret, a page sends JSON or XML with its media type";
            return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", reason.into()));
        }
        Ok(Admitted { cors })
    }

    /// A page whose name was made to lead here has another Host than the daemon's (DNS rebinding).
    fn host<'a>(&self, version: Version, fields: &'a HeaderMap) -> Result<&'a str, Refused> {
        let mut given = fields.get_all(HOST).iter();
        let host = match (given.next(), given.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            // HTTP/1.0 has no Host field, and no browser sends it.
            (None, _) if version == Version::HTTP_10 => "localhost",
            _ => return Err(refused(StatusCode::BAD_REQUEST, "host", "a request has one Host field".into())),
        };
        let name = without_port(host);
        let is_known = is_address(name)
            || name.eq_ignore_ascii_case("localhost")
            || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_known {
            return Ok(host);
        }
        let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
        let reason = format!("the host name {name} is not allowed; start haul serve with --allow-host {name}");
        Err(refused(StatusCode::MISDIRECTED_REQUEST, "host", reason))
    }

    fn origin(&self, host: &str, fields: &HeaderMap) -> Result<Option<String>, Refused> {
        let Some(origin) = fields.get(ORIGIN) else {
            let is_cross_site = fields.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
            // A link or an image of another page sends no Origin, but says where it comes from.
            let reason = "requests of other pages need an Origin";
            let foreign = || refused(StatusCode::FORBIDDEN, "origin", reason.into());
            return if is_cross_site { Err(foreign()) } else { Ok(None) };
        };
        let origin = origin.to_str().unwrap_or_default();
        if is_same(origin, host) {
            return Ok(None);
        }
        if self.origins.iter().any(|known| known.eq_ignore_ascii_case(origin)) || (self.any_origin && self.secret) {
            return Ok(Some(origin.into()));
        }
        let shown: String = origin.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
        let reason = format!("the origin {shown} is not allowed; start haul serve with --allow-origin {shown}");
        Err(refused(StatusCode::FORBIDDEN, "origin", reason))
    }
}

/// Whether an origin is that of the daemon itself. The daemon speaks plain HTTP; behind a proxy with TLS the scheme differs.
fn is_same(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let default = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let bare = |text: &str| text.strip_suffix(default).unwrap_or(text).to_ascii_lowercase();
    bare(authority) == bare(host)
}

/// Whether a request cannot be one that a form of any page may send.
fn is_no_form(fields: &HeaderMap) -> bool {
    let Some(media_type) = fields.get(CONTENT_TYPE) else { return true };
    let essence =
        media_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["json", "xml"].iter().any(|kind| essence.ends_with(kind) || essence.ends_with(&format!("{kind}-rpc")))
}

fn without_port(host: &str) -> &str {
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    match host[bracket..].find(':') {
        Some(colon) => &host[..bracket + colon],
        None => host,
    }
}

fn is_address(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    bare.unwrap_or(name).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(rules: &Rules, fields: &[(&str, &str)]) -> Result<Admitted, u16> {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(hyper::header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        rules.judge(&Method::POST, Version::HTTP_11, &map).map_err(|refused| refused.status.as_u16())
    }

    #[test]
    fn a_host_is_an_address_or_a_listed_name() {
        let rules = Rules { hosts: vec!["nas.local".into()], secret: true, ..Rules::default() };
        for host in [
            "127.0.0.1:6800",
            "127.0.0.1",
            "localhost:6800",
            "LOCALHOST",
            "[::1]:6800",
            "[::1]",
            "nas.local:1",
            "10.0.0.3",
        ] {
            assert_eq!(judge(&rules, &[("host", host)]), Ok(Admitted { cors: None }), "{host}");
        }
        for host in
            ["evil.example", "evil.example:6800", "localhost.evil.example", "127.0.0.1.evil.example", "", "x.nas.local"]
        {
            assert_eq!(judge(&rules, &[("host", host)]), Err(421), "{host}");
        }
        assert_eq!(judge(&rules, &[]), Err(400));
        assert_eq!(judge(&rules, &[("host", "localhost"), ("host", "localhost")]), Err(400));
    }

    #[test]
    fn an_origin_is_the_own_one_or_a_listed_one() {
        let rules = Rules { origins: vec!["http://pages.example:81".into()], secret: true, ..Rules::default() };
        let from = |rules: &Rules, origin| judge(rules, &[("host", "127.0.0.1:6800"), ("origin", origin)]);
        assert_eq!(from(&rules, "http://127.0.0.1:6800"), Ok(Admitted { cors: None }));
        assert_eq!(
            from(&rules, "http://pages.example:81"),
            Ok(Admitted { cors: Some("http://pages.example:81".into()) })
        );
        let foreign = [
            "http://evil.example",
            "http://127.0.0.1:6801",
            "null",
            "file://",
            "chrome-extension://a",
            "http://pages.example",
        ];
        for origin in foreign {
            assert_eq!(from(&rules, origin), Err(403), "{origin}");
        }
        let open = Rules { any_origin: true, ..rules.clone() };
        assert_eq!(from(&open, "null"), Ok(Admitted { cors: Some("null".into()) }));
        // Without a secret, each page could command the daemon.
        let careless = Rules { any_origin: true, secret: false, ..rules };
        assert_eq!(from(&careless, "http://evil.example"), Err(403));
        let host = ("host", "localhost");
        assert_eq!(judge(&open, &[host, ("sec-fetch-site", "cross-site")]), Err(403));
        assert_eq!(judge(&open, &[host, ("sec-fetch-site", "same-origin")]), Ok(Admitted { cors: None }));
    }

    #[test]
    fn without_a_secret_no_form_is_accepted() {
        let rules = Rules::default();
        let own = [("host", "localhost"), ("origin", "http://localhost")];
        let with = |media_type| judge(&rules, &[own[0], own[1], ("content-type", media_type)]);
        for good in ["application/json", "application/json; charset=utf-8", "application/json-rpc", "text/xml"] {
            assert!(with(good).is_ok(), "{good}");
        }
        for bad in [
            "text/plain",
            "text/plain;application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=json",
        ] {
            assert_eq!(with(bad), Err(415), "{bad}");
        }
        assert!(judge(&rules, &own).is_ok() && judge(&rules, &[own[0], ("content-type", "text/plain")]).is_ok());
    }
}
