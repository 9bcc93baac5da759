//! The properties of IDODownloadInternal.

use super::values::{DecryptionInfo, IntegrityCheckInfo};
use crate::bindings::do_download_internal as internal;

properties! {
    /// A property of IDODownloadInternal: DODownloadPropertyEx. Deprecated there; each is the
    /// [`PropertyId`](crate::PropertyId) of the same name.
    PropertyIdEx = internal::PropertyIdEx,
    /// A property of IDODownloadInternal with its value.
    #[derive(Clone, Debug, PartialEq, Eq)]
    PropertyEx = internal::PropertyEx,
    {
        /// Reserved, and unknown to the engine.
        UpdateId,
        CorrelationVector(String),
        DecryptionInfo(DecryptionInfo),
        IntegrityCheckInfo(IntegrityCheckInfo),
        IntegrityCheckMandatory(bool),
        TotalSizeBytes(u64),
        /// Reserved, and unknown to the engine.
        TempLocalFileUsage,
    }
}
