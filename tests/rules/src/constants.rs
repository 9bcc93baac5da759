//! Tuned constants, and the reasons in their comments.

/// Types of numbers that are tuned.
const TUNED: [&str; 8] = ["u8", "u16", "u32", "u64", "usize", "i64", "f64", "Duration"];

/// Words of a reason: a cause, a purpose, or a source.
const REASONS: [&str; 14] = [
    "because",
    "so that",
    "RFC ",
    "BITS",
    "Windows",
    "WinHTTP",
    "easured",
    "limit of ",
    "Delivery Optimization",
    "FILETIME",
    "Linux",
    "X.690",
    "as curl",
    "unix(7)",
];

/// The lines of tuned constants whose comments give no reason. Constants in a row share the comment of the first.
///
/// Hexadecimal numbers are names of bits and formats, not tuned. Tests at the end of a file are left out.
pub fn without_reason(source: &str) -> Vec<(usize, &str)> {
    let mut comment = String::new();
    let mut found = Vec::new();
    for (at, line) in source.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]") {
        let line = line.trim_start();
        if let Some(text) = line.strip_prefix("//") {
            comment.push_str(text.trim_start_matches('/'));
        } else if is_tuned(line) {
            if !REASONS.iter().any(|reason| comment.contains(reason)) {
                found.push((at + 1, line));
            }
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    found
}

/// Whether `line` declares a number in decimal digits.
fn is_tuned(line: &str) -> bool {
    let Some((head, value)) = line.split_once(" = ") else { return false };
    let Some((name, kind)) = head.split_once(": ") else { return false };
    let kind = kind.rsplit("::").next().unwrap_or(kind);
    let digits = value.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    let is_decimal = |word: &str| word.starts_with(|first: char| first.is_ascii_digit()) && !word.starts_with("0x");
    name.split(' ').any(|word| word == "const") && TUNED.contains(&kind) && digits.into_iter().any(is_decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[usize]) {
        let lines: Vec<_> = without_reason(source).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, expected, "{source}");
    }

    #[test]
    fn a_number_needs_a_reason_beside_it() {
        check("/// Most files.\nconst MOST: usize = 10;", &[2]);
        check("/// Most files, so that\n/// memory is bounded.\npub(crate) const MOST: usize = 10;", &[]);
        check("/// Because.\nfn f() {}\nconst PAUSE: Duration = Duration::from_secs(1);", &[3]);
        check("const PAUSE: core::time::Duration = core::time::Duration::from_secs(1);", &[1]);
    }

    #[test]
    fn constants_in_a_row_share_a_comment() {
        check("/// RFC 9113.\nconst A: u8 = 1;\nconst B: u8 = 2;\n\nconst C: u8 = 3;", &[5]);
    }

    #[test]
    fn formats_and_tests_are_left_out() {
        check("const FLAG: u32 = 0x80;\nconst NAME: &str = \"1\";\nconst SIZE: usize = size_of::<Self>();", &[]);
        check("#[cfg(test)]\nmod tests {\n    const MOST: usize = 1;\n}", &[]);
    }
}
