//! Every HRESULT that Delivery Optimization, BITS, HTTP and haul know, by its name in the Windows headers.
//!
//! A failure has its code in [`Failure::code`](crate::Failure::code), so a program can match on it:
//!
//! ```
//! fn is_taken(failure: &haul::Failure) -> bool {
//!     matches!(failure.code, haul::codes::ERROR_SHARING_VIOLATION | haul::codes::ERROR_FILE_EXISTS)
//! }
//! ```
//!
//! The component has the same table, because the two share no crate; a test compares them.

mod bits;
mod delivery_optimization;
mod http;
mod system;

pub use self::bits::*;
pub use self::delivery_optimization::*;
pub use self::http::*;
pub use self::system::*;

/// The codes of a family: constants, and the list of their names.
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $number:literal;)+) => {
        $($(#[doc = $meaning])+ pub const $name: u32 = $number;)+

        pub(super) const NAMES: &[(u32, &str)] = &[$(($number, stringify!($name))),+];
    };
}

use codes;

/// The name of `code` in the headers; `None` for an unknown one, and for an HTTP status that has no name there.
///
/// ```
/// assert_eq!(haul::codes::name(haul::codes::HTTP_E_STATUS_NOT_FOUND), Some("HTTP_E_STATUS_NOT_FOUND"));
/// ```
pub fn name(code: u32) -> Option<&'static str> {
    let tables = [bits::NAMES, delivery_optimization::NAMES, http::NAMES, system::NAMES];
    tables.into_iter().flatten().find(|(known, _)| *known == code).map(|(_, name)| *name)
}
