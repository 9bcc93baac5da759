//! Why a call failed.

use std::fmt;
use std::path::PathBuf;

use crate::bindings::types;

/// Who has to act for a failure to go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    Caller,
    Origin,
    Network,
    Disk,
    /// The bytes are not those that the caller described.
    Content,
    /// The host refused.
    Policy,
    /// The engine itself.
    Engine,
}

/// A failure as Delivery Optimization names it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The HRESULT.
    pub code: u32,
    /// Its symbolic name, such as `DO_E_INVALID_STATE`.
    pub name: String,
    pub fault: Fault,
    /// What happened. Never holds a secret of a URL or a header.
    pub description: String,
    /// What the reader can do about it.
    pub advice: String,
    /// Which rule of the [`Policy`](crate::Policy) refused, where one did.
    pub rule: Option<Rule>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} 0x{:08X}); {}", self.description, self.name, self.code, self.advice)
    }
}

impl From<types::Failure> for Failure {
    fn from(failure: types::Failure) -> Self {
        let fault = match failure.fault {
            types::Fault::Caller => Fault::Caller,
            types::Fault::Origin => Fault::Origin,
            types::Fault::Network => Fault::Network,
            types::Fault::Disk => Fault::Disk,
            types::Fault::Content => Fault::Content,
            types::Fault::Policy => Fault::Policy,
            types::Fault::Engine => Fault::Engine,
        };
        let types::Failure { code, name, description, advice, rule, .. } = failure;
        Self { code, name, fault, description, advice, rule: rule.map(Into::into) }
    }
}

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

/// Why a call failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The engine says no, or the download failed.
    #[error("{0}")]
    Failed(Failure),
    /// A granted directory cannot be opened.
    #[error("the directory {} cannot be granted: {reason}", path.display())]
    Grant { path: PathBuf, reason: String },
    /// A setting of the builder cannot be used.
    #[error("the setting {setting} cannot be used: {reason}")]
    Setting {
        /// The builder's function.
        setting: &'static str,
        /// Never holds a secret.
        reason: String,
    },
    /// The engine is closed.
    #[error("the engine is closed")]
    Closed,
    /// The queue in the state directory takes more memory than the limit, in bytes. No version of the engine leaves such a queue by
    /// itself; with a higher [`Limits::memory`](crate::Limits::memory) it opens, and jobs can be removed.
    #[error("the queue takes more than {limit} bytes of memory; open it with a higher Limits::memory and remove jobs")]
    OutOfMemory { limit: usize },
    /// The component broke an invariant or a limit and was stopped; what its journals vouch for is safe. Open a new engine.
    #[error("the engine stopped: {0}")]
    Trapped(String),
    /// The component could not be started on this machine.
    #[error("the engine cannot run here: {0}")]
    Unsupported(String),
}

impl From<types::Failure> for Error {
    fn from(failure: types::Failure) -> Self {
        Self::Failed(failure.into())
    }
}
