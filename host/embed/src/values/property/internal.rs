//! The properties of IDODownloadInternal.

use super::values::{DecryptionInfo, IntegrityCheckInfo, Value};
use crate::bindings::do_download_internal as internal;

/// A property of IDODownloadInternal: DODownloadPropertyEx. Deprecated there; each is the
/// [`PropertyId`](crate::PropertyId) of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyIdEx {
    UpdateId,
    CorrelationVector,
    DecryptionInfo,
    IntegrityCheckInfo,
    IntegrityCheckMandatory,
    TotalSizeBytes,
    TempLocalFileUsage,
}

/// A property of IDODownloadInternal with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyEx {
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

impl From<PropertyIdEx> for internal::PropertyIdEx {
    fn from(id: PropertyIdEx) -> Self {
        match id {
            PropertyIdEx::UpdateId => Self::UpdateId,
            PropertyIdEx::CorrelationVector => Self::CorrelationVector,
            PropertyIdEx::DecryptionInfo => Self::DecryptionInfo,
            PropertyIdEx::IntegrityCheckInfo => Self::IntegrityCheckInfo,
            PropertyIdEx::IntegrityCheckMandatory => Self::IntegrityCheckMandatory,
            PropertyIdEx::TotalSizeBytes => Self::TotalSizeBytes,
            PropertyIdEx::TempLocalFileUsage => Self::TempLocalFileUsage,
        }
    }
}

impl From<PropertyEx> for internal::PropertyEx {
    fn from(property: PropertyEx) -> Self {
        match property {
            PropertyEx::UpdateId => Self::UpdateId,
            PropertyEx::CorrelationVector(vector) => Self::CorrelationVector(vector),
            PropertyEx::DecryptionInfo(info) => Self::DecryptionInfo(info.to_wit()),
            PropertyEx::IntegrityCheckInfo(info) => Self::IntegrityCheckInfo(info.to_wit()),
            PropertyEx::IntegrityCheckMandatory(mandatory) => Self::IntegrityCheckMandatory(mandatory),
            PropertyEx::TotalSizeBytes(size) => Self::TotalSizeBytes(size),
            PropertyEx::TempLocalFileUsage => Self::TempLocalFileUsage,
        }
    }
}

impl From<internal::PropertyEx> for PropertyEx {
    fn from(property: internal::PropertyEx) -> Self {
        match property {
            internal::PropertyEx::UpdateId => Self::UpdateId,
            internal::PropertyEx::CorrelationVector(vector) => Self::CorrelationVector(vector),
            internal::PropertyEx::DecryptionInfo(info) => Self::DecryptionInfo(info.into()),
            internal::PropertyEx::IntegrityCheckInfo(info) => Self::IntegrityCheckInfo(info.into()),
            internal::PropertyEx::IntegrityCheckMandatory(mandatory) => Self::IntegrityCheckMandatory(mandatory),
            internal::PropertyEx::TotalSizeBytes(size) => Self::TotalSizeBytes(size),
            internal::PropertyEx::TempLocalFileUsage => Self::TempLocalFileUsage,
        }
    }
}
