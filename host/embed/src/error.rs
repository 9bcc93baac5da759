//! Why a call failed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

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
        /// The secure connection: certificates, and versions and parameters of TLS.
        Tls = "tls",
        Disk = "disk",
        /// The bytes are not those that the caller described.
        Content = "content",
        /// The host refused.
        Policy = "policy",
        /// The engine itself.
        Engine = "engine",
    }
}

named_enum! {
    /// The kind of a failure, to match on: coarser than a code, finer than a [`Fault`].
    #[non_exhaustive]
    FailureKind = types::FailureKind {
        /// A value that the caller gave cannot be used.
        InvalidArgument = "invalid-argument",
        /// The state of the object does not allow the call.
        InvalidState = "invalid-state",
        /// There is no such download or job, or the value was never set.
        Absent = "absent",
        /// The origin has no such file: 404 or 410.
        NotFound = "not-found",
        /// The origin, or a proxy on the way, refuses these credentials: 401, 403 or 407.
        Forbidden = "forbidden",
        /// Another HTTP status without the file.
        HttpStatus = "http-status",
        /// No response or no byte arrived within a limit of time.
        Timeout = "timeout",
        /// The host name was not resolved.
        Dns = "dns",
        /// The connection could not be made, or was lost.
        Connection = "connection",
        /// No trusted secure connection could be made.
        Tls = "tls",
        /// The responses violate HTTP, or carry something other than the file.
        Protocol = "protocol",
        /// The origin cannot serve the requested ranges.
        Ranges = "ranges",
        /// The content changed during the transfer.
        Changed = "changed",
        /// The disk, the file system or the stream failed.
        Disk = "disk",
        /// The target exists and may not be replaced.
        Exists = "exists",
        /// Another download, job, engine or process uses the path.
        InUse = "in-use",
        /// The bytes do not match their description: a digest, a length, a key.
        Verification = "verification",
        /// The host does not allow it: the [`Policy`](crate::Policy), the grants, or the owner of a job.
        Policy = "policy",
        /// There is no network, or the cost policy forbids the present one.
        NoNetwork = "no-network",
        /// It exceeds a limit of the engine or of the caller.
        Limit = "limit",
        /// The host does not support it.
        Unsupported = "unsupported",
        /// The engine, or the host that runs it.
        Engine = "engine",
    }
}

mirrored_record! {
    /// A failure as Delivery Optimization names it, of a call or of a download.
    ///
    /// ```
    /// use haul::{Failure, FailureKind, codes};
    ///
    /// fn advice(failure: &Failure) -> &'static str {
    ///     match failure.kind {
    ///         FailureKind::NotFound => "check the URL",
    ///         FailureKind::Disk if failure.code == codes::ERROR_DISK_FULL => "make room",
    ///         _ if failure.is_retryable() => "try again later",
    ///         _ => "give up",
    ///     }
    /// }
    /// let missing = Failure::new(codes::HTTP_E_STATUS_NOT_FOUND, FailureKind::NotFound).with_status(404);
    /// assert_eq!((advice(&missing), missing.status), ("check the URL", Some(404)));
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    Failure = types::Failure {
        /// The HRESULT; [`codes`](crate::codes) has a constant for each.
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
        /// The HTTP status, if the failure is a response.
        status: Option<u16>,
        kind: FailureKind,
        /// Whether the same call may succeed later although the caller changes nothing.
        retryable: bool,
    }
}

impl Failure {
    /// A failure for tests of code that handles failures. Its name is that of the code; its texts say that it is made up.
    pub fn new(code: u32, kind: FailureKind) -> Self {
        Self {
            code,
            name: codes::name(code).unwrap_or("HRESULT").into(),
            fault: Fault::Engine,
            description: "a failure for a test".into(),
            advice: "handle it".into(),
            rule: None,
            status: None,
            kind,
            retryable: false,
        }
    }

    /// The same failure with this HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The HTTP status, if the failure is a response.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Whether the same call may succeed later although the caller changes nothing: the network or a server was not ready, or another
    /// process used the file.
    pub const fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Whether the machine has no network, so that the call succeeds only after that has changed (DO_E_BLOCKED_BY_NO_NETWORK).
    pub const fn is_offline(&self) -> bool {
        self.code == codes::DO_E_BLOCKED_BY_NO_NETWORK
    }
}

impl std::error::Error for Failure {}

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
///
/// ```
/// use haul::{Error, Failure, FailureKind, codes};
///
/// let error = Error::Failed(Failure::new(codes::ERROR_DISK_FULL, FailureKind::Disk));
/// assert_eq!((error.kind(), error.status(), error.is_retryable()), (FailureKind::Disk, None, false));
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The engine refused the call, or the download failed.
    #[error(transparent)]
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
    /// A [`Fetch`](crate::Fetch) took longer than its timeout. Received bytes are kept: the same call continues.
    #[error("the file did not arrive within {0:?}; received bytes are kept")]
    OutOfTime(Duration),
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

impl Error {
    /// The failure that the engine reports.
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Failed(failure) => failure.kind,
            Self::Grant { .. } | Self::Setting { .. } => FailureKind::InvalidArgument,
            Self::OutOfTime(_) => FailureKind::Timeout,
            Self::Closed => FailureKind::InvalidState,
            Self::OutOfMemory { .. } => FailureKind::Limit,
            Self::Trapped(_) => FailureKind::Engine,
            Self::Unsupported(_) => FailureKind::Unsupported,
        }
    }

    /// The HTTP status, if the failure is a response.
    pub fn status(&self) -> Option<u16> {
        self.failure().and_then(Failure::status)
    }

    /// [`Failure::is_retryable`]; a fetch that ran out of time can be repeated too.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::OutOfTime(_)) || self.failure().is_some_and(Failure::is_retryable)
    }
}

impl From<types::Failure> for Error {
    fn from(failure: types::Failure) -> Self {
        Self::Failed(failure.into())
    }
}
