//! The Content-Disposition field, [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266#section-4).

use alloc::string::String;
use alloc::vec::Vec;

use super::parameters;
use crate::parse::file_name;
use crate::parse::url::percent_decode;

/// A safe form of the suggested file name: `filename*` if it is usable, else `filename`, for any disposition type. `None` if the field has
/// no type or neither parameter yields a usable name.
pub fn file_name(field: &str) -> Option<String> {
    let (kind, rest) = parameters::cut(field, ';');
    parameters::is_token(kind.trim()).then_some(())?;
    let read: Vec<_> = parameters::read(rest).collect();
    let named = |wanted| read.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let extended = named("filename*").filter_map(|value| decode_extended(value));
    extended.chain(named("filename").cloned()).find_map(|suggestion| file_name::safe_or_none(&suggestion))
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
        for extended in ["UTF-8''%ff", "KOI8-R''a", "UTF-8'a", "a", "UTF-8''", "UTF-8''..", "UTF-8''a b"] {
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
    fn malformed_parameters_do_not_hide_the_others() {
        check("attachment; =x; filename=a b; foo; filename=c.txt", Some("c.txt"));
    }

    #[test]
    fn what_names_no_file_gives_none() {
        for field in [
            "",
            "attachment",
            "filename=a.txt",
            "; filename=a.txt",
            "\"attachment\"; filename=a.txt",
            "attachment; filename",
            "attachment; filename=",
            "attachment; filename=\"\"",
            "attachment; filename=\"..\"",
            "attachment; filename=\"a/\"",
            "attachment; filename=\"a",
            "attachment; filenames=a",
        ] {
            check(field, None);
        }
    }

    fn assert_harmless(field: &str) {
        if let Some(name) = file_name(field) {
            assert_eq!(file_name::safe(&name), name, "{field}");
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
