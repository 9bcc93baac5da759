//! The properties of a download, each with its type.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::network::CostPolicy;
use crate::parse::decryption_info::DecryptionInfo;
use crate::parse::integrity_check_info::IntegrityCheckInfo;
use crate::parse::url::Url;
use crate::text::secret::Secret;

/// Generates the enum of property ids and the enum of properties with values from one list.
macro_rules! properties {
    ($($name:ident($value:ty)),+ $(,)?) => {
        /// DODownloadProperty, in numeric order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum PropertyId { $($name),+ }

        /// A property and its value.
        #[derive(Clone, PartialEq, Eq)]
        pub enum Property { $($name($value)),+ }

        impl PropertyId {
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }

        impl Property {
            pub const fn id(&self) -> PropertyId {
                match self { $(Self::$name(_) => PropertyId::$name),+ }
            }
        }
    };
}

properties! {
    Id(String),
    Uri(String),
    ContentId(String),
    DisplayName(String),
    LocalPath(String),
    HttpCustomHeaders(String),
    CostPolicy(CostPolicy),
    SecurityFlags(SecurityFlags),
    CallbackFreqPercent(u32),
    CallbackFreqSeconds(u32),
    NoProgressTimeoutSeconds(u32),
    ForegroundPriority(bool),
    BlockingMode(bool),
    CallbackInterface(bool),
    StreamInterface(bool),
    SecurityContext(Vec<u8>),
    NetworkToken(bool),
    CorrelationVector(String),
    DecryptionInfo(DecryptionInfo),
    IntegrityCheckInfo(IntegrityCheckInfo),
    IntegrityCheckMandatory(bool),
    TotalSizeBytes(u64),
    DisallowOnCellular(bool),
    HttpCustomAuthHeaders(String),
    HttpAllowSecureToNonSecureRedirect(bool),
    NonVolatile(bool),
    HttpRedirectionTarget(String),
    HttpResponseHeaders(String),
    HttpServerIpAddress(String),
    HttpStatusCode(u32),
}

/// Shows the id only, because values may be secrets: headers, keys, URLs.
impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().fmt(f)
    }
}

/// The values that the caller has set.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Properties {
    pub uri: Option<Url>,
    pub content_id: Option<String>,
    pub display_name: Option<String>,
    pub local_path: Option<String>,
    pub custom_headers: Secret<String>,
    pub auth_headers: Secret<String>,
    pub cost_policy: Option<CostPolicy>,
    pub disallow_on_cellular: bool,
    pub security_flags: SecurityFlags,
    pub security_context: Secret<Vec<u8>>,
    pub network_token: bool,
    pub callback_percent: u32,
    pub callback_seconds: u32,
    pub no_progress_timeout_seconds: u32,
    pub foreground: bool,
    pub blocking: bool,
    /// Not stored, because a callback is an object of the caller and does not outlive the engine.
    #[serde(skip)]
    pub calls_back: bool,
    /// Not stored, for the same reason.
    #[serde(skip)]
    pub streams: bool,
    pub correlation_vector: Option<String>,
    pub decryption: Option<DecryptionInfo>,
    pub integrity: Option<IntegrityCheckInfo>,
    pub integrity_mandatory: bool,
    pub announced_size: Option<u64>,
    pub allow_insecure_redirect: bool,
    pub non_volatile: bool,
}

impl Default for Properties {
    fn default() -> Self {
        Self {
            uri: None,
            content_id: None,
            display_name: None,
            local_path: None,
            custom_headers: Secret::default(),
            auth_headers: Secret::default(),
            cost_policy: None,
            disallow_on_cellular: false,
            security_flags: SecurityFlags::default(),
            security_context: Secret::default(),
            network_token: false,
            callback_percent: 0,
            callback_seconds: 1,
            no_progress_timeout_seconds: 0,
            foreground: false,
            blocking: false,
            calls_back: false,
            streams: false,
            correlation_vector: None,
            decryption: None,
            integrity: None,
            integrity_mandatory: false,
            announced_size: None,
            allow_insecure_redirect: false,
            non_volatile: false,
        }
    }
}

/// Omits headers and certificates, which are secrets.
impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Properties");
        shown.field("uri", &self.uri).field("local_path", &self.local_path).finish_non_exhaustive()
    }
}

/// WinHTTP's flags for certificate errors to ignore, and the one that enables revocation checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityFlags(u32);

impl SecurityFlags {
    pub const ENABLE_REVOCATION: Self = Self(0x1);
    pub const IGNORE_UNKNOWN_CA: Self = Self(0x100);
    pub const IGNORE_CERT_WRONG_USAGE: Self = Self(0x200);
    pub const IGNORE_CERT_CN_INVALID: Self = Self(0x1000);
    pub const IGNORE_CERT_DATE_INVALID: Self = Self(0x2000);

    /// The union of the flags; if it includes revocation, all other flags are cleared.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        let all = self.0 | other.0;
        if all & Self::ENABLE_REVOCATION.0 == 0 { Self(all) } else { Self::ENABLE_REVOCATION }
    }

    /// The sum of WinHTTP's numbers.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// No-progress timeout if the caller sets none. DO's default, which depends on the priority.
pub const fn default_no_progress_timeout(foreground: bool) -> Duration {
    Duration::from_secs(if foreground { 30 * 60 } else { 3 * 60 * 60 })
}

/// Smallest value of the no-progress property, in seconds: that of Delivery Optimization. Zero selects the default.
pub const SHORTEST_NO_PROGRESS_TIMEOUT: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_documentation() {
        assert_eq!(PropertyId::ALL.len(), 30);
        assert_eq!(PropertyId::CallbackInterface as u32, 13);
        assert_eq!(PropertyId::HttpStatusCode as u32, 29);
    }

    #[test]
    fn revocation_cancels_the_other_flags() {
        let both = SecurityFlags::IGNORE_UNKNOWN_CA.with(SecurityFlags::ENABLE_REVOCATION);
        assert_eq!(both, SecurityFlags::ENABLE_REVOCATION);
        assert_eq!(SecurityFlags::IGNORE_UNKNOWN_CA.with(SecurityFlags::IGNORE_CERT_CN_INVALID).bits(), 0x1100);
    }
}
