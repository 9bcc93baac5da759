//! Categories of downloads.

use crate::bindings::do_manager;
use crate::mirror::mirrored_variant;

mirrored_variant! {
    /// The downloads whose property has exactly this value: DO_DOWNLOAD_ENUM_CATEGORY.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
    Category = do_manager::Category {
        Id(String),
        Uri(String),
        ContentId(String),
        DisplayName(String),
        LocalPath(String),
    }
}
