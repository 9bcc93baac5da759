//! The properties of downloads, jobs and files.

#[macro_use]
mod table;
mod file;
mod internal;
mod job;
mod values;

pub use self::file::{FileProperty, FilePropertyId};
pub use self::internal::{PropertyEx, PropertyIdEx};
pub use self::job::{JobProperty, JobPropertyId};
pub use self::values::{CostPolicy, DecryptionInfo, IntegrityCheckInfo, SecurityContext, SecurityFlags};
use crate::bindings::do_download as download;

properties! {
    /// A property of a download: DODownloadProperty. `wit/do-download.wit` has the meaning, unit and limits of each.
    #[non_exhaustive]
    PropertyId = download::PropertyId,
    /// A property of a download with its value.
    #[derive(Clone, PartialEq, Eq)]
    #[non_exhaustive]
    Property = download::Property,
    {
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
        SecurityContext(SecurityContext),
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
}

debug_as_id!(Property);
