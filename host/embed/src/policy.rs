//! The policy of an engine: it may make no requests except those that its host allows.

mod addresses;
mod exchange_rules;
mod free_space;
mod guard;
mod meter;
mod metered_body;
mod origins;
mod quota;
mod rate;
mod refusal;

pub(crate) use self::addresses::Addresses;
pub(crate) use self::guard::Guard;
pub(crate) use self::metered_body::MeteredBody;
pub use self::quota::Quota;
pub(crate) use self::refusal::Refusal;
use crate::values::SecurityFlags;

/// The requests that an [`Engine`](crate::Engine) may make, and the bytes that they may transfer. A request that no rule allows is
/// refused.
///
/// Every request is judged, the first one and each one that follows a redirect, and every connection by the address that is really
/// dialled. The engine's component cannot change it. A refused request fails with [`Fault::Policy`](crate::Fault::Policy) and names its
/// [`Rule`](crate::Rule) in [`Failure::rule`](crate::Failure::rule).
///
/// ```
/// use std::time::Duration;
/// use haul::{Policy, Quota};
///
/// let policy = Policy::deny_all()
///     .allow_origin("https://downloads.example.com")
///     .allow_origin("https://*.mirror.example.org:8443")
///     .allow_request_field("authorization")
///     .max_file_size(2 << 30)
///     .quota(Quota::per(10 << 30, Duration::from_secs(24 * 3600)))
///     .max_rate(4 << 20)
///     .max_connections(8)
///     .min_free_space(1 << 30);
/// ```
///
/// Several plugins get an engine of their own each, which has a queue, directories and a policy of its own.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Policy {
    origins: Vec<String>,
    addresses: Vec<String>,
    any_address: bool,
    methods: Vec<String>,
    request_fields: Vec<String>,
    any_request_field: bool,
    any_method: bool,
    security_flags: SecurityFlags,
    client_certificates: bool,
    proxies: Vec<String>,
    proxy_bypass: bool,
    max_file_size: Option<u64>,
    quotas: Vec<Quota>,
    max_rate: Option<u64>,
    max_connections: Option<u32>,
    min_free_space: Option<u64>,
}

impl Policy {
    /// Nothing may be requested.
    pub fn deny_all() -> Self {
        Self::default()
    }

    /// Allows every request to every address: for programs that fetch the URLs of their own user. Limits can be added.
    pub fn allow_all() -> Self {
        let open = Self { any_address: true, any_method: true, any_request_field: true, ..Self::default() };
        open.allow_origin("*://*:*")
            .allow_security_flags(
                SecurityFlags::IGNORE_UNKNOWN_CA
                    | SecurityFlags::IGNORE_CERT_WRONG_USAGE
                    | SecurityFlags::IGNORE_CERT_CN_INVALID
                    | SecurityFlags::IGNORE_CERT_DATE_INVALID,
            )
            .allow_client_certificates()
            .allow_proxy("*://*:*")
            .allow_proxy_bypass()
    }

    /// Allows requests to `pattern`: `scheme://host[:port]`.
    ///
    /// The scheme is `http`, `https` or `*` for both. The host is a name, `*.domain` for every name below a domain, an address (that
    /// of IPv6 in brackets), a range of addresses, or `*` for every host. The port is a number or `*`; without one it is that of the
    /// scheme, 80 or 443. Names are compared without regard to case and to a dot at their end.
    ///
    /// It says nothing of addresses: names that stand for addresses which are not public are refused, see
    /// [`Policy::allow_addresses`].
    pub fn allow_origin(mut self, pattern: impl Into<String>) -> Self {
        self.origins.push(pattern.into());
        self
    }

    /// Allows connections to addresses that are not public: an address, or a range such as `10.1.0.0/16` or `fd12::/16`.
    ///
    /// Public addresses need no permission. All others are refused otherwise: loopback, private, shared, link-local, multicast,
    /// reserved and documentation, however they are written, also inside an address of IPv6. The addresses at which clouds tell
    /// machines their secrets are refused in a range too, and allowed only each by itself.
    pub fn allow_addresses(mut self, range: impl Into<String>) -> Self {
        self.addresses.push(range.into());
        self
    }

    /// Allows a method beside GET and HEAD.
    pub fn allow_method(mut self, method: impl Into<String>) -> Self {
        self.methods.push(method.into());
        self
    }

    /// Allows a field in requests beside those that the engine sends by itself and those that describe the wanted content: Accept,
    /// Accept-Encoding, Accept-Language, Cache-Control, Host, If-Match, If-Modified-Since, If-None-Match, If-Range,
    /// If-Unmodified-Since, Pragma, Range, Referer, User-Agent. Fields that the builder adds, such as tokens, need no permission.
    pub fn allow_request_field(mut self, name: impl Into<String>) -> Self {
        self.request_fields.push(name.into());
        self
    }

    /// Lets callers skip these checks of an origin's certificate in exchanges of their own. Without it a download with such a flag
    /// fails; `ENABLE_REVOCATION`, which only adds a check, needs no permission.
    ///
    /// The host's own secrets stay out of such exchanges: its client certificates are not shown, and a request that asks for a token
    /// of [`Builder::network_token`](crate::Builder::network_token) fails.
    pub fn allow_security_flags(mut self, flags: SecurityFlags) -> Self {
        self.security_flags = self.security_flags | flags;
        self
    }

    /// Lets callers show client certificates of their own.
    pub fn allow_client_certificates(mut self) -> Self {
        self.client_certificates = true;
        self
    }

    /// Lets callers name proxies that match `pattern`, which is written as for [`Policy::allow_origin`]; the scheme may also be
    /// `socks5` or `socks5h`, with the default port 1080.
    ///
    /// Each proxy that a request would try must match, and its address must be one that the policy admits. The proxy is asked only
    /// for origins that the policy allows. The host's own secrets do not go through it, as with [`Policy::allow_security_flags`].
    pub fn allow_proxy(mut self, pattern: impl Into<String>) -> Self {
        self.proxies.push(pattern.into());
        self
    }

    /// Lets callers connect to origins directly when [`Builder::proxy`](crate::Builder::proxy) has a proxy for them.
    pub fn allow_proxy_bypass(mut self) -> Self {
        self.proxy_bypass = true;
        self
    }

    /// Most bytes that a file may have, whatever part of it is asked for.
    pub fn max_file_size(mut self, bytes: u64) -> Self {
        self.max_file_size = Some(bytes);
        self
    }

    /// Bytes of answers that may be transferred, those included that are of no use; heads do not count. Several can be set, and one
    /// can be shared by several engines.
    pub fn quota(mut self, quota: Quota) -> Self {
        self.quotas.push(quota);
        self
    }

    /// Bytes per second of all answers together.
    pub fn max_rate(mut self, bytes_per_second: u64) -> Self {
        self.max_rate = Some(bytes_per_second);
        self
    }

    /// Exchanges at the same time. More wait for a place as long as they would wait for an answer.
    pub fn max_connections(mut self, exchanges: u32) -> Self {
        self.max_connections = Some(exchanges);
        self
    }

    /// Bytes that stay free on the disks of the granted directories: content that would leave less is not fetched.
    pub fn min_free_space(mut self, bytes: u64) -> Self {
        self.min_free_space = Some(bytes);
        self
    }
}
