//! Why a call failed.

use std::fmt;
use std::path::PathBuf;

use crate::bindings::types;
use crate::codes;
use crate::mirror::{mirrored_record, named_enum};

named_enum! {
    /// Who has to act for a failure to go away.
    #[non_exhaustive]
    Fault = types::Fault {
        Caller = "caller",
        Origin = "origin",
        Network = "network",
        Disk = "disk",
        /// The bytes are not those that the caller described.
        Content = "content",
        /// The host refused.
        Policy = "policy",
        /// The engine itself.
        Engine = "engine",
    }
}

mirrored_record! {
    /// A failure as Delivery Optimization names it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    Failure = types::Failure {
        /// The HRESULT.
        code: u32,
        /// Its symbolic name, such as `DO_E_INVALID_STATE`.
        name: String,
        fault: Fault,
        /// The failure in words. Never holds a secret of a URL or a header.
        description: String,
        /// Advice to the reader.
        advice: String,
        /// The rule of the [`Policy`](crate::Policy) that refused.
        rule: Option<Rule>,
    }
}

impl Failure {
    /// Whether the machine has no network, so that the call succeeds only after that has changed (DO_E_BLOCKED_BY_NO_NETWORK).
    pub const fn is_offline(&self) -> bool {
        self.code == codes::BLOCKED_BY_NO_NETWORK.number
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} 0x{:08X}); {}", self.description, self.name, self.code, self.advice)
    }
}

named_enum! {
    /// A rule of a [`Policy`](crate::Policy).
    #[non_exhaustive]
    Rule = types::PolicyRule {
        Scheme = "scheme",
        Host = "host",
        Port = "port",
        Method = "method",
        /// The address that the host name stands for.
        Address = "address",
        /// A field of the request.
        RequestField = "request-field",
        FileSize = "file-size",
        Quota = "quota",
        /// A quota of a time: it passes by itself.
        QuotaForNow = "quota-for-now",
        FreeSpace = "free-space",
        /// Checks of a certificate that the caller skips: [`Policy::allow_security_flags`](crate::Policy::allow_security_flags).
        SecurityFlags = "security-flags",
        /// A client certificate of the caller: [`Policy::allow_client_certificates`](crate::Policy::allow_client_certificates).
        ClientCertificate = "client-certificate",
        /// A proxy that the caller names, or a request that goes past the host's own: [`Policy::allow_proxy`](crate::Policy::allow_proxy),
        /// [`Policy::allow_proxy_bypass`](crate::Policy::allow_proxy_bypass).
        Proxy = "proxy",
        /// A token of [`Builder::network_token`](crate::Builder::network_token) on a request that skips verification, goes through a
        /// proxy that the caller names, or is made for a caller that did not ask for the token.
        NetworkToken = "network-token",
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
    /// The component broke an invariant or a limit and was stopped; the bytes in its journals are safe. Open a new engine.
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
