//! The rules of a host's policy and their names in refusals.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::text::digits;

/// Prefix of the error text by which a host refuses.
const REFUSAL: &str = "haul-policy:";

/// The policy rule by which the host refused a request or cut off a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// The host does not name the rule.
    Unnamed,
    Scheme,
    Host,
    Port,
    Method,
    /// The address that the host name resolves to.
    Address,
    /// A field of the request.
    RequestField,
    FileSize,
    /// The total amount of data that may be transferred.
    Quota,
    /// The amount of data per period; after this number of seconds some of it is available again.
    QuotaForNow(u32),
    /// The space that must stay free on the disk.
    FreeSpace,
    /// Certificate checks that the caller disabled.
    SecurityFlags,
    /// A client certificate set by the caller.
    ClientCertificate,
    /// A proxy set by the caller, or a bypass of the host's proxy.
    Proxy,
    /// A token kept by the host, on an exchange that the host does not trust with it.
    NetworkToken,
}

impl Rule {
    /// The rule in the text of a host's error, if that text is a refusal.
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.strip_prefix(REFUSAL)?.split_ascii_whitespace();
        Some(match words.next()? {
            "scheme" => Self::Scheme,
            "host" => Self::Host,
            "port" => Self::Port,
            "method" => Self::Method,
            "address" => Self::Address,
            "request-field" => Self::RequestField,
            "file-size" => Self::FileSize,
            "quota" => Self::Quota,
            "quota-for-now" => Self::QuotaForNow(digits::parse(words.next()?)?),
            "free-space" => Self::FreeSpace,
            "security-flags" => Self::SecurityFlags,
            "client-certificate" => Self::ClientCertificate,
            "proxy" => Self::Proxy,
            "network-token" => Self::NetworkToken,
            _ => Self::Unnamed,
        })
    }

    /// The delay before a retry, if waiting alone helps.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::QuotaForNow(seconds) => Some(Duration::from_secs(seconds.into())),
            _ => None,
        }
    }

    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Unnamed => "refused by the host's policy",
            Self::Scheme => "the host's policy does not allow the scheme of the URL",
            Self::Host => "the host's policy does not allow the host of the URL",
            Self::Port => "the host's policy does not allow the port of the URL",
            Self::Method => "the host's policy does not allow the method of the request",
            Self::Address => "the host's policy does not allow the address of the origin",
            Self::RequestField => "the host's policy does not allow a header of the request",
            Self::FileSize => "the file is larger than the host's policy allows",
            Self::Quota => "what the host's policy allows to be transferred is used up",
            Self::QuotaForNow(_) => "what the host's policy allows to be transferred is used up for now",
            Self::FreeSpace => "the disk has less space left than the host's policy asks for",
            Self::SecurityFlags => "the host's policy does not allow skipping checks of a certificate",
            Self::ClientCertificate => "the host's policy does not allow a client certificate of the caller",
            Self::Proxy => "the host's policy does not allow the proxy settings",
            Self::NetworkToken => "the host's policy does not allow the caller's token on this request",
        }
    }

    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::QuotaForNow(_) => "wait, or ask the host for more",
            Self::FreeSpace => "free some space",
            Self::NetworkToken => "use the host's own proxy settings and skip no check of the certificate",
            _ => "ask the host to allow it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_rule() {
        assert_eq!(Rule::read("haul-policy: host"), Some(Rule::Host));
        assert_eq!(Rule::read("haul-policy: security-flags"), Some(Rule::SecurityFlags));
        assert_eq!(Rule::read("haul-policy: client-certificate"), Some(Rule::ClientCertificate));
        assert_eq!(Rule::read("haul-policy: proxy"), Some(Rule::Proxy));
        assert_eq!(Rule::read("haul-policy: network-token"), Some(Rule::NetworkToken));
        assert_eq!(Rule::read("haul-policy: quota-for-now 60"), Some(Rule::QuotaForNow(60)));
        assert_eq!(Rule::read("haul-policy: another"), Some(Rule::Unnamed));
        assert_eq!(Rule::read("out of memory"), None);
        assert_eq!(Rule::read("haul-policy: quota-for-now soon"), None);
        assert_eq!(Rule::read("haul-policy: quota-for-now +60"), None);
    }
}
