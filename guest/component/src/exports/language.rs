//! The language of descriptions: English.

use haul_core::failure::Cause;

/// The bits of a Windows language id that hold its primary language.
const PRIMARY: u32 = 0x3ff;

const ENGLISH: u32 = 0x09;

/// # Errors
///
/// [`Cause::InvalidArgument`] for 0, which is no language; [`Cause::LanguageMissing`] for all languages but English.
pub const fn require_english(language: u32) -> Result<(), Cause> {
    match language {
        0 => Err(Cause::InvalidArgument),
        other if other & PRIMARY == ENGLISH => Ok(()),
        _ => Err(Cause::LanguageMissing),
    }
}
