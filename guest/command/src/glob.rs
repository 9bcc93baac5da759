//! URLs with braces and brackets that stand for several URLs, as in curl.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::values::digits;

/// The most URLs that one pattern may stand for, so that a wrong digit does not fill the memory.
const MOST: usize = 100_000;

/// All URLs that a pattern stands for, the last part changing fastest.
///
/// # Errors
///
/// The pattern has an open or empty part, or stands for too many URLs.
pub fn expanded(pattern: &str) -> Result<Vec<String>, String> {
    let mut urls = vec![String::new()];
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '[']) {
        let (literal, part) = rest.split_at(at);
        let closing = if part.starts_with('{') { '}' } else { ']' };
        let end = part.find(closing).ok_or_else(|| format!("a part of the pattern has no {closing}"))?;
        let inner = &part[1..end];
        // An address of IPv6 in brackets is no pattern.
        let choices = match closing {
            '}' => inner.split(',').map(String::from).collect(),
            _ if inner.contains("::") || inner.matches(':').count() > 1 => vec![format!("[{inner}]")],
            _ => sequence(inner).ok_or_else(|| format!("[{inner}] is no range; write [1-30], [01-99:2] or [a-z]"))?,
        };
        if urls.len().saturating_mul(choices.len()) > MOST {
            return Err(format!("the pattern stands for more than {MOST} URLs"));
        }
        urls =
            urls.iter().flat_map(|url| choices.iter().map(move |choice| format!("{url}{literal}{choice}"))).collect();
        rest = &part[end + 1..];
    }
    urls.iter_mut().for_each(|url| url.push_str(rest));
    Ok(urls)
}

/// `FIRST-LAST`, or `FIRST-LAST:STEP`, of numbers or of letters of one case. Zeros in front of the first number set the width.
fn sequence(text: &str) -> Option<Vec<String>> {
    let (range, step) = text.split_once(':').map_or(Some((text, 1)), |(range, step)| Some((range, digits(step)?)))?;
    let (first, last) = range.split_once('-')?;
    let step: usize = step;
    if step == 0 {
        return None;
    }
    if let (Some(from), Some(to)) = (digits::<u64>(first), digits::<u64>(last)) {
        let width = if first.starts_with('0') { first.len() } else { 0 };
        let numbers = (from..=to).step_by(step).take(MOST + 1).map(|number| format!("{number:0width$}"));
        return Some(numbers.collect()).filter(|numbers: &Vec<_>| !numbers.is_empty());
    }
    let letter = |text: &str| text.parse::<char>().ok().filter(char::is_ascii_alphabetic);
    let (from, to) = (letter(first)?, letter(last)?);
    let same_case = from.is_ascii_lowercase() == to.is_ascii_lowercase();
    (same_case && from <= to).then(|| (from..=to).step_by(step).map(|letter| letter.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_every_combination() {
        for (pattern, expected) in [
            ("http://h/a", &["http://h/a"][..]),
            ("http://h/{a,b}", &["http://h/a", "http://h/b"]),
            ("http://h/[8-10]", &["http://h/8", "http://h/9", "http://h/10"]),
            ("http://h/[08-10:2].x", &["http://h/08.x", "http://h/10.x"]),
            ("http://h/[a-c:2]", &["http://h/a", "http://h/c"]),
            ("{a,b}[1-2]", &["a1", "a2", "b1", "b2"]),
            ("http://[2001:db8::1]/{a,}", &["http://[2001:db8::1]/a", "http://[2001:db8::1]/"]),
        ] {
            assert_eq!(expanded(pattern).unwrap(), expected, "{pattern}");
        }
    }

    #[test]
    fn a_wrong_pattern_is_refused() {
        for pattern in ["{a", "[1-2", "[]", "[2-1]", "[a-B]", "[1-x]", "[1-2:0]", "[1-1000000]", "[1-1000][1-1000]"] {
            assert!(expanded(pattern).is_err(), "{pattern}");
        }
    }
}
