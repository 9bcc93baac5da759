//! Escaping for terminals. File names, job names, URLs and errors come from origins, lists and other users: a control character in them
//! would move the cursor or change terminal settings, a line break would begin a line that haul did not write, and a directional mark would
//! reorder a displayed name.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

/// Replaces characters that do more than show a glyph with escapes such as `\u{1b}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    replaced(text, acts, |c| c.escape_default().collect())
}

/// The same, but line ends and tabs stay, for text that haul lays out in lines and columns.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c| acts(c) && !matches!(c, '\n' | '\t'), |c| c.escape_default().collect())
}

/// The same for JSON: escapes those characters that JSON permits unescaped, in JSON's notation.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    replaced(json, acts, |c| format!("\\u{:04x}", u32::from(c)))
}

fn replaced(text: &str, is_replaced: fn(char) -> bool, replacement: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_replaced) {
        return text.into();
    }
    let mut replaced = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_replaced(c) { replaced.push_str(&replacement(c)) } else { replaced.push(c) }
    }
    replaced.into()
}

/// C0 and C1 controls and DEL, line and paragraph separators, and directional marks, embeddings, overrides and isolates.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_escaped() {
        for (text, expected) in [
            ("a\x1b[2Jb", r"a\u{1b}[2Jb"),
            ("a\u{9b}31m", r"a\u{9b}31m"),
            ("one\nhaul: two\r\tthree", r"one\nhaul: two\r\tthree"),
            ("\0\x07\x7f", r"\u{0}\u{7}\u{7f}"),
            ("fdp\u{202e}exe.\u{2066}x\u{2069}", r"fdp\u{202e}exe.\u{2066}x\u{2069}"),
            ("\u{200f}\u{61c}\u{2028}", r"\u{200f}\u{61c}\u{2028}"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        assert_eq!(escaped_lines("a\tb\x1b\r\nc\n"), "a\tb\\u{1b}\\r\nc\n");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", r"C:\dir\file", "naïve 日本 עברית \u{1f600} 'a \"b\""] {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn json_stays_the_same_value() {
        assert_eq!(escaped_json("{\"a\":\"\u{9b}\u{202e}\\n\u{7f}\"}"), r#"{"a":"\u009b\u202e\n\u007f"}"#);
    }
}
