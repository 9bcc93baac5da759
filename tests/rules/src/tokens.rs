//! Words and punctuation of Rust source, with their lines. Comments, strings, characters and lifetimes are left out.

/// A word, a number, `::`, or one character of punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    /// Counted from 1.
    pub line: usize,
}

/// The tokens of `source` that are compiled into a program: items under `#[cfg(test)]` are left out.
pub fn shipped(source: &str) -> Vec<Token<'_>> {
    let all = read(source);
    let mut kept = Vec::new();
    let mut at = 0;
    while at < all.len() {
        if starts_with(&all[at..], &["#", "!", "[", "cfg", "(", "test", ")", "]"]) {
            break;
        }
        if starts_with(&all[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            at += 7 + item_length(&all[at + 7..]);
        } else {
            kept.push(all[at]);
            at += 1;
        }
    }
    kept
}

pub fn starts_with(tokens: &[Token<'_>], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

/// Tokens of the item at the start of `tokens`, attributes included: up to its `;` or the end of its body.
fn item_length(tokens: &[Token<'_>]) -> usize {
    // The braces of an import are no body.
    let is_import = tokens.iter().take(6).any(|token| token.text == "use");
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 && !is_import {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn read(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, is_token) = measure(rest, first);
        let (text, after) = rest.split_at(length);
        if is_token {
            tokens.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The length in bytes of the first element of `text`, and whether it is a token.
fn measure(text: &str, first: char) -> (usize, bool) {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match first {
        _ if text.starts_with("//") => (text.find('\n').unwrap_or(text.len()), false),
        _ if text.starts_with("/*") => (block_comment(text), false),
        _ if text.starts_with("::") => (2, true),
        '"' => (string(text), false),
        'r' | 'b' | 'c' if is_literal(text) => (literal(text), false),
        '\'' => (quoted(text).unwrap_or_else(|| 1 + word(&text[1..])), false),
        c if c.is_alphanumeric() || c == '_' => (word(text), true),
        c => (c.len_utf8(), !c.is_whitespace()),
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        let step = match rest {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Bytes of the string in quotes at the start of `text`.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Letters and `#` in front of the quotes of a literal.
fn prefix(text: &str) -> usize {
    text.len() - text.trim_start_matches(['r', 'b', 'c', '#']).len()
}

fn is_literal(text: &str) -> bool {
    let prefix = prefix(text);
    text[prefix..].starts_with('"') || (prefix == 1 && text.starts_with("b'"))
}

/// Bytes of a string or character with a prefix.
fn literal(text: &str) -> usize {
    let prefix = prefix(text);
    let quoted_part = &text[prefix..];
    if quoted_part.starts_with('\'') {
        return prefix + quoted(quoted_part).unwrap_or(1);
    }
    if !text[..prefix].contains('r') {
        return prefix + string(quoted_part);
    }
    let end = format!("\"{}", "#".repeat(text[..prefix].matches('#').count()));
    quoted_part[1..].find(&end).map_or(text.len(), |at| prefix + 1 + at + end.len())
}

/// Bytes of the character in quotes at the start of `text`; `None` for a lifetime.
fn quoted(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first != '\\' {
        return characters.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    characters.next();
    characters.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let texts: Vec<_> = shipped(source).into_iter().map(|token| token.text).collect();
        assert_eq!(texts.join(" "), expected, "{source}");
    }

    #[test]
    fn comments_and_literals_are_no_tokens() {
        check("a // crate::b\n/* c /* d */ e */ f::g", "a f :: g");
        check(r##"x("a\"b", r#"c"d"#, b'\'', 'e', '\'', '\u{41}', b"f") y"##, "x ( , , , , , , ) y");
        check("fn f<'a>(b: &'a str, r#type: u8) {}", "fn f < > ( b : & str , r # type : u8 ) { }");
    }

    #[test]
    fn test_code_is_left_out() {
        check("#[cfg(test)] use a::{b, c}; d", "d");
        check("#[cfg(test)] #[path = \"x.rs\"] mod tests; d", "d");
        check("#[cfg(test)] fn a(b: [u8; 2]) -> C { d { e } } f", "f");
        check("a #![cfg(test)] b", "a");
    }

    #[test]
    fn lines_count_from_one() {
        let lines: Vec<_> = shipped("a\n\"\n\" b\n").into_iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
