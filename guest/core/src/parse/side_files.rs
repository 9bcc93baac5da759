//! Names of the files next to an unfinished download.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use sha2::{Digest, Sha256};

/// Suffixes of these files: the partial file, its journal, a new journal until it replaces the old one, and a decrypted file until it is
/// complete. The engine would mistake an earlier file with such a name for bytes that haul kept.
pub const SIDE_FILES: [&str; 4] = [".part", ".haul", ".haul.new", LONGEST_SUFFIX];

pub const LONGEST_SUFFIX: &str = ".haul.plain";

/// Longest name, in bytes: the limit of most file systems.
const LONGEST_NAME: usize = 255;

/// Bytes of the target's name that a shortened stem keeps, so that users recognize it. With digest and suffix it fits the 143 bytes that
/// encrypting file systems leave.
const RECOGNIZABLE: usize = 80;

/// The common start of the side files of the target `path`, in the same directory.
pub fn stem(path: &str) -> Cow<'_, str> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.len() + LONGEST_SUFFIX.len() <= LONGEST_NAME { path.into() } else { short_stem(path).into() }
}

/// [`stem`] for a file system that has no room for the name with a suffix. Every run finds it again, because it depends on the name only.
pub fn short_stem(path: &str) -> String {
    let (directory, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
    let digest = Sha256::digest(name);
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{directory}{}~{hex}", &name[..name.floor_char_boundary(RECOGNIZABLE)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn only_a_name_without_room_for_a_suffix_is_shortened() {
        let path = |length: usize| format!("d/{}", "n".repeat(length));
        for length in [1, 244] {
            assert_eq!(stem(&path(length)), path(length));
        }
        for length in [245, 255, 300] {
            let stem = stem(&path(length)).to_string();
            assert_eq!(stem.len(), 2 + RECOGNIZABLE + 17);
            assert!(stem.starts_with(&path(RECOGNIZABLE)), "{stem}");
        }
    }

    #[test]
    fn names_with_one_start_have_different_stems() {
        let named = |end: &str| short_stem(&format!("{}{end}", "é".repeat(100)));
        assert_ne!(named("a"), named("b"));
        assert_eq!(named("a"), named("a"));
        assert_eq!(short_stem("/x/a"), "/x/a~ca978112ca1bbdca");
    }
}
