//! The Content-Disposition field, [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266#section-4), as browsers, curl and wget read it: many
//! origins break its grammar.

use alloc::string::String;
use alloc::vec::Vec;

use super::parameters;
use crate::parse::file_name;
use crate::parse::url::percent_decode;

/// A safe form of the suggested file name: `filename*` if it is usable, else `filename`, for any disposition type or none. `None` if
/// neither parameter yields a usable name.
pub fn file_name(field: &str) -> Option<String> {
    let read: Vec<_> = parameters::split(field, ';').filter_map(parameter).collect();
    let named = |wanted| read.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
    let extended = named("filename*").filter_map(|value| decode_extended(value));
    extended.chain(named("filename").cloned()).find_map(|suggestion| file_name::from_origin(&suggestion))
}

/// A name and its value. A quoted value may lack its closing quote or have text behind it; one without quotes may have any characters.
fn parameter(text: &str) -> Option<(&str, String)> {
    let (name, value) = text.split_once('=')?;
    let value = value.trim();
    let value = match value.strip_prefix('"') {
        Some(quoted) => unquote(quoted),
        // curl reads apostrophes as quotes.
        None => value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(value).into(),
    };
    Some((name.trim(), value))
}

/// The text up to the closing quote. A backslash escapes quotes and backslashes only: some origins send whole paths of Windows.
fn unquote(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => value.push(characters.next_if(|next| matches!(next, '"' | '\\')).unwrap_or(c)),
            c => value.push(c),
        }
    }
    value
}

/// Decodes `CHARSET'LANGUAGE'VALUE`, [RFC 8187 section 3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2).
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    let bytes = percent_decode(encoded);
    if charset.eq_ignore_ascii_case("UTF-8") {
        String::from_utf8(bytes).ok()
    } else if charset.eq_ignore_ascii_case("ISO-8859-1") {
        Some(bytes.into_iter().map(char::from).collect())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(field: &str, expected: Option<&str>) {
        assert_eq!(file_name(field).as_deref(), expected, "{field}");
    }

    #[test]
    fn any_type_may_name_a_file() {
        check("Attachment; filename=example.html", Some("example.html"));
        check("INLINE; FILENAME= \"an example.html\"", Some("an example.html"));
        check("form-data; name=\"f\"; filename=\"a;b, \\\"c\\\".txt\"", Some("a;b, _c_.txt"));
        check("attachment;filename=a.part", Some("a.part_"));
    }

    #[test]
    fn the_extended_name_goes_first() {
        check("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", Some("€ rates"));
        check("attachment; filename*=UTF-8'en'a%2Bb.txt; filename=c", Some("a+b.txt"));
        check("attachment; filename*=iso-8859-1''%A3%20rates", Some("£ rates"));
    }

    #[test]
    fn an_unusable_extended_name_leaves_the_plain_one() {
        for extended in ["UTF-8''%ff", "KOI8-R''a", "UTF-8'a", "a", "UTF-8''", "UTF-8''.."] {
            check(&alloc::format!("attachment; filename*={extended}; filename=plain"), Some("plain"));
        }
    }

    #[test]
    fn a_name_never_leads_elsewhere() {
        check("attachment; filename=\"../../etc/passwd\"", Some("passwd"));
        check("attachment; filename*=UTF-8''%2e%2e%5c%2e%2e%5cboot.ini", Some("boot.ini"));
        check("attachment; filename=\"C:\\\\dir\\\\nul.txt\"", Some("_nul.txt"));
        check("attachment; filename*=UTF-8''a%00%0ab", Some("a__b"));
    }

    #[test]
    fn encoded_words_are_taken_as_they_are() {
        check("attachment; filename=\"=?ISO-8859-1?Q?foo-=E4.html?=\"", Some("=_ISO-8859-1_Q_foo-=E4.html_="));
    }

    #[test]
    fn lapses_are_read_as_browsers_and_curl_read_them() {
        for (field, name) in [
            ("filename=a.txt", "a.txt"),
            ("; filename=a.txt", "a.txt"),
            ("\"attachment\"; filename=a.txt", "a.txt"),
            ("attachment; filename=a b.txt", "a b.txt"),
            ("attachment; filename=a(1)[2]@{x},y.txt ; size=3", "a(1)[2]@{x},y.txt"),
            ("attachment; filename=\"a b.txt", "a b.txt"),
            ("attachment; filename=\"a.txt\" x; size=3", "a.txt"),
            ("attachment; filename='a b.txt'", "a b.txt"),
            ("attachment; filename=it's", "it's"),
            ("attachment; filename =a.txt", "a.txt"),
            ("attachment;;; filename=a.txt;", "a.txt"),
            ("attachment filename=x; filename=a.txt", "a.txt"),
            ("attachment; filename=über.txt", "über.txt"),
            ("attachment; filename*=UTF-8''a b.txt; filename=c", "a b.txt"),
            ("attachment; filename*=\"UTF-8''a%20b.txt\"; filename=c", "a b.txt"),
            ("attachment; filename=a=b.txt", "a=b.txt"),
            ("attachment; filename=.bashrc", "bashrc"),
            ("attachment; filename=\"C:\\dir\\a.txt\"", "a.txt"),
        ] {
            check(field, Some(name));
        }
    }

    #[test]
    fn malformed_parameters_do_not_hide_the_others() {
        check("attachment; =x; filename=; foo; filename=c.txt", Some("c.txt"));
    }

    #[test]
    fn what_names_no_file_gives_none() {
        for field in [
            "",
            "attachment",
            "attachment; filename",
            "attachment; filename=",
            "attachment; filename=\"\"",
            "attachment; filename=\"",
            "attachment; filename=\"..\"",
            "attachment; filename=\"a/\"",
            "attachment; filenames=a",
            "attachment; name=a",
        ] {
            check(field, None);
        }
    }

    fn assert_harmless(field: &str) {
        if let Some(name) = file_name(field) {
            assert_eq!(file_name::from_origin(&name), Some(name), "{field}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_always_safe(
            anything in any::<String>(), name in any::<String>(), encoded in "(%[0-9a-f]{2}|[a-z./\\\\'%]){0,40}"
        ) {
            assert_harmless(&anything);
            assert_harmless(&alloc::format!("attachment; filename=\"{name}\""));
            assert_harmless(&alloc::format!("attachment; filename*=UTF-8''{encoded}"));
            assert_harmless(&alloc::format!("attachment; filename*=ISO-8859-1''{encoded}"));
        }
    }
}
