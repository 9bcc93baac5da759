//! Words of command lines and lists in messages, without passwords.

use alloc::format;
use alloc::string::String;

pub use haul_core::parse::url::redact;

/// A word from a command line or a list, in quotation marks, for an error message. Any word may be a misplaced URL with a password.
pub fn quoted(word: &str) -> String {
    format!("'{}'", redact(word))
}

/// The name of a file or job, for an error message.
pub fn named(name: &str) -> String {
    if may_be_url(name) { redact(name) } else { name.into() }
}

/// Whether a name may be a misplaced URL: it contains `//`, or an `@` after a colon.
pub fn may_be_url(name: &str) -> bool {
    name.contains("//") || name.rsplit_once('@').is_some_and(|(before, _)| before.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is_unless_it_may_be_a_url() {
        for (name, shown) in [
            ("image@2x.png", "image@2x.png"),
            ("a#b?c;d", "a#b?c;d"),
            ("https://u:p@h/x?y", "https://h/x?..."),
            ("https:/u:p@h", "h"),
            ("u:p@h", "h"),
        ] {
            assert_eq!(named(name), shown, "{name}");
        }
        assert_eq!(quoted("http://u:p@h/"), "'http://h/'");
    }
}
