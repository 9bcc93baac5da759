//! The properties of a download.

mod internal;
mod values;

pub use self::internal::{PropertyEx, PropertyIdEx};
use self::values::Value;
pub use self::values::{CostPolicy, DecryptionInfo, IntegrityCheckInfo, SecurityContext, SecurityFlags};
use crate::bindings::do_download as download;

/// The same names on both sides, written once.
macro_rules! properties {
    ($($name:ident($value:ty)),+ $(,)?) => {
        /// A property of a download: DODownloadProperty. `wit/do-download.wit` has the meaning, unit and limits of each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PropertyId { $($name),+ }

        /// A property with its value.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Property { $($name($value)),+ }

        impl From<PropertyId> for download::PropertyId {
            fn from(id: PropertyId) -> Self {
                match id { $(PropertyId::$name => Self::$name),+ }
            }
        }

        impl From<download::PropertyId> for PropertyId {
            fn from(id: download::PropertyId) -> Self {
                match id { $(download::PropertyId::$name => Self::$name),+ }
            }
        }

        impl From<Property> for download::Property {
            fn from(property: Property) -> Self {
                match property { $(Property::$name(value) => Self::$name(value.to_wit())),+ }
            }
        }

        impl From<download::Property> for Property {
            fn from(property: download::Property) -> Self {
                match property { $(download::Property::$name(value) => Self::$name(Value::of_wit(value))),+ }
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
