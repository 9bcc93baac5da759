//! The properties of a download, each with its type.

use alloc::string::String;
use core::time::Duration;

/// DODownloadProperty, as far as the engine has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyId {
    Id,
    Uri,
    DisplayName,
    LocalPath,
    HttpCustomHeaders,
    CallbackFreqSeconds,
    NoProgressTimeoutSeconds,
    ForegroundPriority,
    TotalSizeBytes,
    HttpAllowSecureToNonSecureRedirect,
    HttpRedirectionTarget,
    HttpResponseHeaders,
    HttpStatusCode,
}

/// A property and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    Id(String),
    Uri(String),
    DisplayName(String),
    LocalPath(String),
    HttpCustomHeaders(String),
    CallbackFreqSeconds(u32),
    NoProgressTimeoutSeconds(u32),
    ForegroundPriority(bool),
    TotalSizeBytes(u64),
    HttpAllowSecureToNonSecureRedirect(bool),
    HttpRedirectionTarget(String),
    HttpResponseHeaders(String),
    HttpStatusCode(u32),
}

/// No-progress timeout where the caller sets none: DO's own, which depends on the priority.
pub const fn default_no_progress_timeout(foreground: bool) -> Duration {
    Duration::from_secs(if foreground { 30 * 60 } else { 3 * 60 * 60 })
}

/// Shortest no-progress timeout that the property takes, in seconds; zero selects the default.
pub const SHORTEST_NO_PROGRESS_TIMEOUT: u32 = 60;
