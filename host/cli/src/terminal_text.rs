//! Text for a terminal. Names of files and jobs, URLs, and errors come from origins, lists and other users. A control character in them
//! would move the cursor or change settings of the terminal, a line break would start a line that haul did not write, and a bidirectional
//! control would show a name in another order.

/// Replaces characters that do more than show a glyph by escapes such as `\u{1b}`.
pub fn escaped(text: &str) -> String {
    replaced(text, acts, |c| c.escape_default().collect())
}

/// As [`escaped`], but keeps line ends and tabs, for text that haul lays out in lines and columns.
pub fn escaped_lines(text: &str) -> String {
    replaced(text, |c| acts(c) && !matches!(c, '\n' | '\t'), |c| c.escape_default().collect())
}

/// Replaces these characters in JSON text by JSON's own escapes, so that its value stays the same.
pub fn escaped_json(json: &str) -> String {
    replaced(json, acts, |c| format!("\\u{:04x}", u32::from(c)))
}

fn replaced(text: &str, is_replaced: impl Fn(char) -> bool, replacement: impl Fn(char) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    for c in text.chars() {
        if is_replaced(c) { replaced.push_str(&replacement(c)) } else { replaced.push(c) }
    }
    replaced
}

/// C0 and C1 controls and DEL, line and paragraph separators, and bidirectional marks, embeddings, overrides and isolates.
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
            (r"C:\dir\file naïve 日本 עברית", r"C:\dir\file naïve 日本 עברית"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        assert_eq!(escaped_lines("a\tb\x1b\r\nc\n"), "a\tb\\u{1b}\\r\nc\n");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = "\u{9b}\u{202e}\n\u{7f}\"";
        let json = escaped_json(&serde_json::to_string(value).unwrap());
        assert_eq!(json, r#""\u009b\u202e\n\u007f\"""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), value);
    }
}
