//! For any suggestion, the name is one safe component of limited length, and making it safe again does not change it.

#![no_main]

use haul_core::parse::file_name;
use libfuzzer_sys::fuzz_target;

/// Longest name in bytes: the limit of `safe`, plus the `_` before a device name.
const LONGEST: usize = 241;

fuzz_target!(|suggestion: &str| {
    for name in [file_name::safe(suggestion), file_name::from_text(suggestion)] {
        assert!(!name.is_empty() && name.len() <= LONGEST, "{name:?}");
        assert!(!name.contains(['/', '\\', '<', '>', ':', '"', '|', '?', '*']), "{name:?}");
        assert!(!name.chars().any(char::is_control) && !name.starts_with('.'), "{name:?}");
        assert!(!name.ends_with(['.', ' ']), "{name:?}");
        assert!(!is_device(&name), "{name:?}");
        assert_eq!(file_name::safe(&name), name);
    }
});

/// Whether Windows treats the name as a device, with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];
            digits.contains(&rest)
        })
    });
    numbered || ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
}
