//! Files of digests, as `sha256sum` and the tools of BSD write them.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

use haul_core::content::digest::ExpectedDigest;

use crate::values::checksum;

/// The digest of the file with this name; `None` if no line has it. Directories in front of a name do not count. If several lines have the
/// name, the first one does.
pub fn find(text: &str, name: &str) -> Option<ExpectedDigest> {
    let is_named = |known: &str| known.rsplit('/').next() == Some(name);
    text.lines().find_map(|line| {
        let (known, digest) = gnu(line).or_else(|| bsd(line))?;
        is_named(&known).then_some(digest)
    })
}

/// `HEX  NAME`, or `HEX *NAME` for a file that was read as binary. A backslash in front of the digest says that the name has escapes.
fn gnu(line: &str) -> Option<(Cow<'_, str>, ExpectedDigest)> {
    let (hex, name) = line.split_once([' ', '\t'])?;
    let name = name.strip_prefix([' ', '*']).unwrap_or(name);
    match hex.strip_prefix('\\') {
        Some(hex) => Some((unescaped(name).into(), checksum(hex).ok()?)),
        None => Some((name.into(), checksum(hex).ok()?)),
    }
}

/// `ALGORITHM (NAME) = HEX`
fn bsd(line: &str) -> Option<(Cow<'_, str>, ExpectedDigest)> {
    let (algorithm, rest) = line.split_once(" (")?;
    let (name, hex) = rest.rsplit_once(") = ")?;
    Some((name.into(), checksum(&format!("{algorithm}:{}", hex.trim_end())).ok()?))
}

fn unescaped(name: &str) -> String {
    name.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_found_by_its_name() {
        let (one, two) = ("d41d8cd98f00b204e9800998ecf8427e", "00112233445566778899aabbccddeeff");
        let text = format!(
            "# sums\n{one}  a.iso\n{two} *dir/b c.iso\r\nSHA256 (x (1).iso) = {two}{two}\n\\{one}  back\\\\slash\nMD5 (broken) = 00\n"
        );
        for (name, expected) in [
            ("a.iso", Some(one.into())),
            ("b c.iso", Some(two.into())),
            ("x (1).iso", Some(format!("sha-256={two}{two}"))),
            ("back\\slash", Some(one.into())),
            ("iso", None),
            ("broken", None),
        ] {
            let expected = expected.map(|digest| checksum(&digest).unwrap());
            assert_eq!(find(&text, name), expected, "{name}");
        }
    }
}
