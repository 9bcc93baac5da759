//! Local file names from URLs: one path component that is safe on every system, or a fixed name.

use alloc::format;
use alloc::string::String;

use super::url::{Url, percent_decode};

/// The name if the URL's path has no usable last segment.
const FALLBACK: &str = "download";

/// Limit on a name, in bytes, so that `.part` and `.haul` fit beside it within the usual 255.
const MAX_LENGTH: usize = 240;

/// Suffixes of the files next to an unfinished download. The engine would mistake an earlier file with such a name for bytes that haul
/// kept.
pub const SIDE_FILES: [&str; 4] = [".part", ".haul", ".haul.new", ".haul.plain"];

/// Whether a component of `path` has the name of a partial file, a journal, or the queue's directory `.haul`. The comparison ignores case,
/// because some file systems do.
pub fn is_side_file(path: &str) -> bool {
    let ends_with = |component: &str, ending: &str| {
        let at = component.len().checked_sub(ending.len());
        at.and_then(|at| component.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
    };
    path.split('/').any(|component| SIDE_FILES.iter().any(|ending| ends_with(component, ending)))
}

/// The name for the file at `url`; the fallback if the text is not a URL.
pub fn from_text(url: &str) -> String {
    Url::parse(url).map_or_else(|| FALLBACK.into(), |url| from_url(&url))
}

/// The last segment of the URL's path, decoded and made safe.
pub fn from_url(url: &Url) -> String {
    let segment = url.path().rsplit('/').next().unwrap_or_default();
    safe(&String::from_utf8_lossy(&percent_decode(segment)))
}

/// `suggestion` as one harmless path component. `_` replaces control characters and characters that Windows forbids; text before the last
/// separator and leading and trailing dots and spaces are dropped; a device name gets a `_` in front and the name of a side file gets one
/// at the end; the length is limited and the extension kept.
pub fn safe(suggestion: &str) -> String {
    safe_or_none(suggestion).unwrap_or_else(|| FALLBACK.into())
}

/// Like [`safe`], but `None` if nothing usable is left.
pub fn safe_or_none(suggestion: &str) -> Option<String> {
    let last = suggestion.rsplit(['/', '\\']).next().unwrap_or_default();
    let replaced: String =
        last.chars().map(|c| if c.is_control() || "<>:\"|?*\u{FFFD}".contains(c) { '_' } else { c }).collect();
    let trimmed = replaced.trim_matches(is_loose);
    if trimmed.is_empty() {
        return None;
    }
    let before = if is_device_name(trimmed) { "_" } else { "" };
    let bounded = bound(&format!("{before}{trimmed}"));
    let behind = if is_side_file(&bounded) { "_" } else { "" };
    Some(bounded + behind)
}

/// Whether a name must not begin or end with `c`.
fn is_loose(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

fn is_device_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is = |known: &str| stem.eq_ignore_ascii_case(known);
    let numbered = |prefix: &str| {
        let head = stem.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        head && is_port_digit(&stem[prefix.len()..])
    };
    ["con", "prn", "aux", "nul"].into_iter().any(is) || numbered("com") || numbered("lpt")
}

fn is_port_digit(text: &str) -> bool {
    let mut characters = text.chars();
    matches!(characters.next(), Some('1'..='9' | '¹' | '²' | '³')) && characters.next().is_none()
}

fn bound(name: &str) -> String {
    if name.len() <= MAX_LENGTH {
        return name.into();
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = if extension.len() < 16 { extension } else { "" };
    let stem = name[..name.floor_char_boundary(MAX_LENGTH - extension.len() - 1)].trim_end_matches(is_loose);
    if extension.is_empty() { stem.into() } else { format!("{stem}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(url: &str, expected: &str) {
        assert_eq!(from_url(&Url::parse(url).unwrap()), expected, "{url}");
    }

    #[test]
    fn the_last_segment_names_the_file() {
        check("http://h/a/b.iso", "b.iso");
        check("http://h/a/b.iso?x=/y", "b.iso");
        check("http://h/a%20b.txt", "a b.txt");
        check("http://h/", "download");
        check("http://h", "download");
    }

    #[test]
    fn nothing_leads_out_of_the_directory() {
        check("http://h/x/%2e%2e", "download");
        check("http://h/..%2f..%2fetc%2fpasswd", "passwd");
        check("http://h/..%5C..%5Cboot.ini", "boot.ini");
        check("http://h/C%3A%5Cx", "x");
        check("http://h/a%00b", "a_b");
        check("http://h/%ff%fe", "__");
        check("http://h/NUL.txt", "_NUL.txt");
        check("http://h/com1", "_com1");
        check("http://h/command.com", "command.com");
    }

    #[test]
    fn no_name_is_that_of_a_side_file() {
        check("http://h/x.iso.part", "x.iso.part_");
        check("http://h/x.HAUL", "x.HAUL_");
        check("http://h/x.haul.new", "x.haul.new_");
        check("http://h/x.haul.Plain%20", "x.haul.Plain_");
        check("http://h/.part", "part");
        check("http://h/x.party", "x.party");
        check("http://h/é.part", "é.part_");
    }

    #[test]
    fn what_leaves_nothing_is_no_name() {
        for suggestion in ["", ".", "..", " . ", "a/", "..\\"] {
            assert_eq!(safe_or_none(suggestion), None, "{suggestion}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_always_one_bounded_harmless_component(suggestion in "\\PC*(\\.part|\\.haul|\\.NEW)?") {
            let name = safe(&suggestion);
            prop_assert!(!name.is_empty() && name.len() <= MAX_LENGTH + 1 && !is_side_file(&name));
            prop_assert!(!name.contains(['/', '\\', '\0', ':']) && !name.starts_with('.'));
            prop_assert_eq!(safe(&name), name);
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let spaced = safe(&format!("{} {}", "a".repeat(238), "b".repeat(20)));
        assert_eq!(safe(&spaced), spaced);
        let device = safe(&format!("con.{}", "a".repeat(300)));
        assert_eq!(safe(&device), device);
        let name = safe(&format!("{}.tar.gz", "é".repeat(300)));
        assert!(name.len() <= MAX_LENGTH && name.ends_with(".gz"), "{name}");
    }
}
