//! The languages of texts: there is English.

use haul_core::failure::Cause;

/// The primary language of a Windows language id is in these bits.
const PRIMARY: u32 = 0x3ff;

const ENGLISH: u32 = 0x09;

/// # Errors
///
/// [`Cause::InvalidArgument`] for 0, which is no language; [`Cause::LanguageMissing`] for others than English.
pub const fn require_english(language: u32) -> Result<(), Cause> {
    match language {
        0 => Err(Cause::InvalidArgument),
        other if other & PRIMARY == ENGLISH => Ok(()),
        _ => Err(Cause::LanguageMissing),
    }
}
