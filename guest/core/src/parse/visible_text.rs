//! Content ids and correlation vectors: texts of visible ASCII that callers set on a download.
//!
//! DO documents neither form. The engine treats a content id as opaque; the driver resolves it. Spaces and control characters are rejected
//! because both texts go into logs and other programs.

use crate::failure::Cause;

/// Limit on a content id, in characters, because ids are stored, logged and sent on.
const CONTENT_ID: usize = 512;

/// Limit on a correlation vector, in characters: the limit of version 2 of Microsoft's specification, 127, and a terminator.
const CORRELATION_VECTOR: usize = 128;

/// # Errors
///
/// [`Cause::InvalidContentId`] for a text that is empty, longer than 512 characters, or contains anything but visible ASCII.
pub fn check_content_id(text: &str) -> Result<(), Cause> {
    if is_visible(text, CONTENT_ID) { Ok(()) } else { Err(Cause::InvalidContentId) }
}

/// # Errors
///
/// [`Cause::InvalidArgument`] for a text that is empty, longer than 128 characters, or contains anything but visible ASCII.
pub fn check_correlation_vector(text: &str) -> Result<(), Cause> {
    if is_visible(text, CORRELATION_VECTOR) { Ok(()) } else { Err(Cause::InvalidArgument) }
}

fn is_visible(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

    #[test]
    fn length_is_bounded() {
        let text = "x".repeat(513);
        assert_eq!(check_content_id(&text[..512]), Ok(()));
        assert_eq!(check_content_id(&text), Err(Cause::InvalidContentId));
        assert_eq!(check_content_id(""), Err(Cause::InvalidContentId));
        assert_eq!(check_correlation_vector(&text[..128]), Ok(()));
        assert_eq!(check_correlation_vector(&text[..129]), Err(Cause::InvalidArgument));
        assert_eq!(check_correlation_vector(""), Err(Cause::InvalidArgument));
    }

    #[test]
    fn only_visible_characters_are_taken() {
        assert_eq!(check_correlation_vector("PmvzQKgYek6Sdk/T5sWaqw.0"), Ok(()));
        for bad in ["a b", "a\n", "\u{7f}", "é", "a\0"] {
            assert_eq!(check_content_id(bad), Err(Cause::InvalidContentId), "{bad:?}");
            assert_eq!(check_correlation_vector(bad), Err(Cause::InvalidArgument), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_has_neither_spaces_nor_controls(text in any::<String>()) {
            let taken = check_content_id(&text).is_ok();
            prop_assert!(!taken || !text.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii()));
            prop_assert!(taken || check_correlation_vector(&text).is_err());
        }
    }
}
