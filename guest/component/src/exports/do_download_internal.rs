//! `do-download-internal`: current properties under their former names.

use haul_core::failure::Cause;
use haul_core::settings::property::{Property, PropertyId};

use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_download_internal::{
    DownloadBorrow, Guest, PropertyEx, PropertyIdEx,
};

impl Guest for Component {
    fn get_property_ex(download: DownloadBorrow<'_>, id: PropertyIdEx) -> Result<PropertyEx, convert::Failure> {
        let download = download.get::<Handle>().0;
        with_shell(|shell| {
            let today = match id {
                PropertyIdEx::CorrelationVector => PropertyId::CorrelationVector,
                PropertyIdEx::DecryptionInfo => PropertyId::DecryptionInfo,
                PropertyIdEx::IntegrityCheckInfo => PropertyId::IntegrityCheckInfo,
                PropertyIdEx::IntegrityCheckMandatory => PropertyId::IntegrityCheckMandatory,
                PropertyIdEx::TotalSizeBytes => PropertyId::TotalSizeBytes,
                PropertyIdEx::UpdateId | PropertyIdEx::TempLocalFileUsage => return Err(Cause::UnknownProperty),
            };
            match shell.property(download, today)? {
                Property::CorrelationVector(vector) => Ok(PropertyEx::CorrelationVector(vector)),
                Property::IntegrityCheckMandatory(mandatory) => Ok(PropertyEx::IntegrityCheckMandatory(mandatory)),
                Property::TotalSizeBytes(size) => Ok(PropertyEx::TotalSizeBytes(size)),
                _ => Err(Cause::Engine),
            }
        })
    }

    fn set_property_ex(download: DownloadBorrow<'_>, value: PropertyEx) -> Result<(), convert::Failure> {
        let download = download.get::<Handle>().0;
        with_shell(|shell| {
            let today = match value {
                PropertyEx::CorrelationVector(vector) => Property::CorrelationVector(vector),
                PropertyEx::DecryptionInfo(info) => Property::DecryptionInfo(convert::decryption_info_in(info)?),
                PropertyEx::IntegrityCheckInfo(info) => {
                    Property::IntegrityCheckInfo(convert::integrity_check_info_in(info)?)
                }
                PropertyEx::IntegrityCheckMandatory(mandatory) => Property::IntegrityCheckMandatory(mandatory),
                PropertyEx::TotalSizeBytes(size) => Property::TotalSizeBytes(size),
                PropertyEx::UpdateId | PropertyEx::TempLocalFileUsage => return Err(Cause::UnknownProperty),
            };
            shell.set_property(download, today)
        })
    }
}
