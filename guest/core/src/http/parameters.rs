//! Parameters of fields, [RFC 9110 section 5.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6): `name=value`
//! and `name="quoted value"`, in lists.

use alloc::string::String;
use core::iter;

/// [RFC 9110 section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)
pub fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Splits `text` at the first `separator` outside a quoted string. A quoted string starts only after `=`, so that a stray quote in a token
/// cannot hide later parameters.
pub(super) fn cut(text: &str, separator: char) -> (&str, &str) {
    let (mut quoted, mut escaped, mut last) = (false, false, ' ');
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if quoted => quoted = false,
            _ if quoted => {}
            '"' => quoted = last == '=',
            _ if c == separator => return (&text[..index], &text[index + c.len_utf8()..]),
            _ => {}
        }
        last = if c.is_whitespace() { last } else { c };
    }
    (text, "")
}

/// The parts of `text` between separators that are outside quoted strings.
pub(super) fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let (part, after) = (!rest.is_empty()).then(|| cut(rest, separator))?;
        rest = after;
        Some(part)
    })
}

/// The well-formed parameters in `text`, with lower-case names and unquoted, unescaped values.
pub(super) fn read(text: &str) -> impl Iterator<Item = (String, String)> {
    split(text, ';').filter_map(parameter)
}

fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let value = match value.strip_prefix('"') {
        Some(rest) => unquote(rest)?,
        None => is_token(value).then(|| value.into())?,
    };
    is_token(name).then(|| (name.to_ascii_lowercase(), value))
}

/// Decodes a quoted string that lacks its opening quote; `None` if the closing quote is not the last character.
fn unquote(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let mut value = String::with_capacity(text.len());
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(value),
            '\\' => value.push(characters.next()?),
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found: Vec<_> = read(text).collect();
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn values_are_tokens_or_quoted_strings() {
        check("a=b; C = \"d; \\\"e\\\\\" ;f=\"\"", &[("a", "b"), ("c", "d; \"e\\"), ("f", "")]);
        check("", &[]);
    }

    #[test]
    fn malformed_parameters_are_passed_over() {
        check("a; =b; c d=e; f=; g=h i; j=\"k\"l; m=n", &[("m", "n")]);
        check("a=5\"; b=c", &[("b", "c")]);
        check("a=b; c=\"d; e=f", &[("a", "b")]);
    }

    #[test]
    fn separators_in_quoted_strings_separate_nothing() {
        assert_eq!(split("a=\"b,\\\",c\",d,,e", ',').collect::<Vec<_>>(), ["a=\"b,\\\",c\"", "d", "", "e"]);
        assert_eq!(cut("a\", b", ','), ("a\"", " b"));
    }

    proptest! {
        #[test]
        fn what_is_read_was_in_the_text(text in "[a-c=;,\"\\\\ é]{0,40}") {
            prop_assert!(read(&text).map(|(name, value)| name.len() + value.len() + 1).sum::<usize>() <= text.len());
            prop_assert!(split(&text, ',').map(|part| part.len() + 1).sum::<usize>() <= text.len() + 1);
        }
    }
}
