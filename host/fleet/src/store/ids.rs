//! Ids of jobs, and their prefixes.

/// Hexadecimal digits of a UUID (RFC 9562).
pub const DIGITS: usize = 32;

/// The fewest digits of a prefix: four, because the jobs of a local queue need as many.
const SHORTEST: usize = 4;

/// The first and the last UUID that begin with this text; `None` if it is no prefix of one.
pub fn id_prefix(text: &str) -> Option<(String, String)> {
    let digits: String = text.to_ascii_lowercase().split('-').collect();
    let is_prefix = (SHORTEST..=DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fill = |with: char| digits.chars().chain(std::iter::repeat(with)).take(DIGITS).collect::<String>();
    is_prefix.then(|| (hyphenated(&fill('0')), hyphenated(&fill('f'))))
}

/// 32 digits as 8-4-4-4-12.
pub fn hyphenated(digits: &str) -> String {
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    groups.into_iter().filter_map(|group| digits.get(group)).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_range_of_ids() {
        let (first, last) = id_prefix("0194A-b").unwrap();
        assert_eq!(first, "0194ab00-0000-0000-0000-000000000000");
        assert_eq!(last, "0194abff-ffff-ffff-ffff-ffffffffffff");
        for text in ["019", "maps", "", &"0".repeat(33)] {
            assert_eq!(id_prefix(text), None, "{text}");
        }
    }
}
