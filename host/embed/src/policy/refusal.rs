//! What is refused, and how the component is told.

use std::fmt;
use std::time::Duration;

use wasmtime_wasi_http::Error;

use crate::bindings::types;

/// A rule of a [`Policy`](crate::Policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    Scheme,
    Host,
    Port,
    Method,
    /// The address that the host name stands for.
    Address,
    /// A field of the request.
    RequestField,
    FileSize,
    Quota,
    /// A quota of a time: it passes by itself.
    QuotaForNow,
    FreeSpace,
    /// Checks of a certificate that the caller skips: [`Policy::allow_security_flags`](crate::Policy::allow_security_flags).
    SecurityFlags,
    /// A client certificate of the caller: [`Policy::allow_client_certificates`](crate::Policy::allow_client_certificates).
    ClientCertificate,
    /// A proxy that the caller names, or a request that goes past the host's own: [`Policy::allow_proxy`](crate::Policy::allow_proxy),
    /// [`Policy::allow_proxy_bypass`](crate::Policy::allow_proxy_bypass).
    Proxy,
    /// A token of [`Builder::network_token`](crate::Builder::network_token) on a request that skips verification, goes through a
    /// proxy that the caller names, or is made for a caller that did not ask for the token.
    NetworkToken,
}

impl Rule {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Host => "host",
            Self::Port => "port",
            Self::Method => "method",
            Self::Address => "address",
            Self::RequestField => "request-field",
            Self::FileSize => "file-size",
            Self::Quota => "quota",
            Self::QuotaForNow => "quota-for-now",
            Self::FreeSpace => "free-space",
            Self::SecurityFlags => "security-flags",
            Self::ClientCertificate => "client-certificate",
            Self::Proxy => "proxy",
            Self::NetworkToken => "network-token",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<types::PolicyRule> for Rule {
    fn from(rule: types::PolicyRule) -> Self {
        match rule {
            types::PolicyRule::Scheme => Self::Scheme,
            types::PolicyRule::Host => Self::Host,
            types::PolicyRule::Port => Self::Port,
            types::PolicyRule::Method => Self::Method,
            types::PolicyRule::Address => Self::Address,
            types::PolicyRule::RequestField => Self::RequestField,
            types::PolicyRule::FileSize => Self::FileSize,
            types::PolicyRule::Quota => Self::Quota,
            types::PolicyRule::QuotaForNow => Self::QuotaForNow,
            types::PolicyRule::FreeSpace => Self::FreeSpace,
            types::PolicyRule::SecurityFlags => Self::SecurityFlags,
            types::PolicyRule::ClientCertificate => Self::ClientCertificate,
            types::PolicyRule::Proxy => Self::Proxy,
            types::PolicyRule::NetworkToken => Self::NetworkToken,
        }
    }
}

/// A rule that refused, and when it would not any more, where time alone helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub rule: Rule,
    pub retry_after: Option<Duration>,
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self { rule, retry_after: None }
    }
}

/// WASI has no word for rules: the component reads them from the text of an internal error, which only its host can write.
impl From<Refusal> for Error {
    fn from(Refusal { rule, retry_after }: Refusal) -> Self {
        tracing::debug!(%rule, "refused by policy");
        let seconds = retry_after.map(|after| format!(" {}", after.as_secs().saturating_add(1)));
        Self::InternalError(Some(format!("haul-policy: {rule}{}", seconds.unwrap_or_default())))
    }
}
