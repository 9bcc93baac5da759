//! Local file names: one path component that is safe on every system, or a fixed name.
//!
//! A URL or a document is the caller's choice, so dots at the ends of its names stay: `.env` and `env` are two files. A name that an origin
//! suggests must not hide a file or become a program's configuration, so it loses them.

use alloc::format;
use alloc::string::String;

use super::side_files::SIDE_FILES;
use super::url::{Url, percent_decode};
use crate::text::encoding;

/// The name if the URL's path has no usable last segment.
const FALLBACK: &str = "download";

/// Limit on a name, in bytes, so that `.haul.plain` fits behind it within the usual 255.
const MAX_LENGTH: usize = 240;

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
    from_document(&encoding::of_field(&percent_decode(segment))).unwrap_or_else(|| FALLBACK.into())
}

/// `suggestion` of an origin as one harmless path component: like [`from_document`], but without dots at the ends.
pub fn from_origin(suggestion: &str) -> Option<String> {
    harmless(suggestion, is_loose)
}

/// `suggestion` as one harmless path component. `_` replaces control characters and characters that Windows forbids; text before the last
/// separator and white space at the ends are dropped; a device name gets a `_` in front and the name of a side file gets one at the end; the
/// length is limited and the extension kept. `None` if nothing usable is left.
pub fn from_document(suggestion: &str) -> Option<String> {
    harmless(suggestion, char::is_whitespace)
}

fn harmless(suggestion: &str, is_dropped: fn(char) -> bool) -> Option<String> {
    let last = suggestion.rsplit(['/', '\\']).next().unwrap_or_default();
    let replaced: String =
        last.chars().map(|c| if c.is_control() || "<>:\"|?*\u{FFFD}".contains(c) { '_' } else { c }).collect();
    let trimmed = replaced.trim_matches(is_dropped);
    if matches!(trimmed, "" | "." | "..") {
        return None;
    }
    let before = if is_device_name(trimmed) { "_" } else { "" };
    let bounded = bound(&format!("{before}{trimmed}"));
    let behind = if is_side_file(&bounded) { "_" } else { "" };
    Some(bounded + behind)
}

/// Whether an origin's name must not begin or end with `c`.
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
        check("http://h/caf%E9.txt", "café.txt");
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
        check("http://h/.part", ".part_");
        check("http://h/a/.haul", ".haul_");
        check("http://h/x.party", "x.party");
        check("http://h/é.part", "é.part_");
    }

    #[test]
    fn dots_belong_to_the_caller_but_not_to_an_origin() {
        for (name, of_origin) in
            [(".env", "env"), (".treeinfo", "treeinfo"), ("a.", "a"), ("..a", "a"), (". a .", "a"), (".x.y.", "x.y")]
        {
            assert_eq!(from_document(name).as_deref(), Some(name));
            assert_eq!(from_origin(name).as_deref(), Some(of_origin));
            check(&format!("http://h/{name}?x"), name);
        }
        assert_eq!(from_document(" ... ").as_deref(), Some("..."));
        assert_eq!(from_origin("..."), None);
    }

    #[test]
    fn what_leaves_nothing_is_no_name() {
        for suggestion in ["", ".", "..", " . ", "a/", "..\\"] {
            assert_eq!((from_document(suggestion), from_origin(suggestion)), (None, None), "{suggestion}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_always_one_bounded_harmless_component(suggestion in "\\PC*(\\.part|\\.haul|\\.NEW)?") {
            for read in [from_document, from_origin] {
                let Some(name) = read(&suggestion) else { continue };
                prop_assert!(!name.is_empty() && name.len() <= MAX_LENGTH + 1 && !is_side_file(&name));
                prop_assert!(!name.contains(['/', '\\', '\0', ':']) && name != "." && name != "..");
                prop_assert_eq!(read(&name), Some(name));
            }
            prop_assert!(from_origin(&suggestion).is_none_or(|name| !name.starts_with('.')));
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let cut = |name: &str| from_document(name).unwrap();
        let spaced = cut(&format!("{} {}", "a".repeat(238), "b".repeat(20)));
        assert_eq!(cut(&spaced), spaced);
        let device = cut(&format!("con.{}", "a".repeat(300)));
        assert_eq!(cut(&device), device);
        let name = cut(&format!("{}.tar.gz", "é".repeat(300)));
        assert!(name.len() <= MAX_LENGTH && name.ends_with(".gz"), "{name}");
    }
}
