//! The rules for the settings that a caller brings for an exchange of its own: security flags, a certificate, proxies.

use http::Uri;

use super::Policy;
use super::origins::Origins;
use super::refusal::Refusal;
use crate::error::Rule;
use crate::values::SecurityFlags;

/// Schemes of proxies, each with its default port.
const PROXY_SCHEMES: &[(&str, u16)] = &[("http", 80), ("https", 443), ("socks5", 1080), ("socks5h", 1080)];

#[derive(Debug)]
pub struct ExchangeRules {
    security_flags: SecurityFlags,
    client_certificates: bool,
    proxies: Origins,
    proxy_bypass: bool,
}

impl ExchangeRules {
    /// # Errors
    ///
    /// The first pattern of proxies that cannot be read, and the reason.
    pub fn read(policy: &Policy) -> Result<Self, String> {
        Ok(Self {
            security_flags: policy.security_flags,
            client_certificates: policy.client_certificates,
            proxies: Origins::read(&policy.proxies, PROXY_SCHEMES)?,
            proxy_bypass: policy.proxy_bypass,
        })
    }

    /// Whether a caller may skip the checks that `skipped` names.
    pub fn admit_skipped(&self, skipped: SecurityFlags) -> Result<(), Refusal> {
        if self.security_flags.contains(skipped) { Ok(()) } else { Err(Rule::SecurityFlags.into()) }
    }

    /// Whether a caller may bring a client certificate.
    pub fn admit_client_certificate(&self) -> Result<(), Refusal> {
        if self.client_certificates { Ok(()) } else { Err(Rule::ClientCertificate.into()) }
    }

    /// Whether a caller may name this proxy.
    pub fn admit_proxy(&self, proxy: &Uri) -> Result<(), Refusal> {
        self.proxies.admit(proxy).map_err(|_| Rule::Proxy.into())
    }

    /// Whether a caller may go past the host's own proxies.
    pub fn admit_proxy_bypass(&self) -> Result<(), Refusal> {
        if self.proxy_bypass { Ok(()) } else { Err(Rule::Proxy.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(pattern: &str, proxy: &str) -> bool {
        let policy = Policy::deny_all().allow_proxy(pattern);
        ExchangeRules::read(&policy).expect("a pattern").admit_proxy(&proxy.parse().expect("a URI")).is_ok()
    }

    #[test]
    fn a_proxy_is_judged_by_scheme_host_and_port() {
        assert!(admits("http://proxy.example:3128", "http://PROXY.example:3128/"));
        assert!(admits("socks5://proxy.example", "socks5://proxy.example:1080/"));
        assert!(admits("*://10.0.0.0/8:*", "socks5h://10.1.2.3:9050/"));
        assert!(!admits("http://proxy.example:3128", "http://proxy.example:80/"));
        assert!(!admits("http://proxy.example", "http://other.example:80/"));
        assert!(!admits("http://proxy.example:1080", "socks5://proxy.example:1080/"));
    }

    #[test]
    fn flags_are_allowed_one_by_one() {
        let [one, other] = [SecurityFlags::IGNORE_UNKNOWN_CA, SecurityFlags::IGNORE_CERT_DATE_INVALID];
        let admit = |policy: Policy, flags| ExchangeRules::read(&policy).expect("no pattern").admit_skipped(flags);
        assert_eq!(admit(Policy::deny_all(), SecurityFlags::default()), Ok(()));
        assert_eq!(admit(Policy::deny_all(), one), Err(Rule::SecurityFlags.into()));
        let allowed = || Policy::deny_all().allow_security_flags(one);
        assert_eq!(admit(allowed(), one), Ok(()));
        assert_eq!(admit(allowed(), one | other), Err(Rule::SecurityFlags.into()));
        assert_eq!(admit(allowed().allow_security_flags(other), one | other), Ok(()));
    }
}
