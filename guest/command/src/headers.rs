//! Request headers from the command line and from files. Other processes of the machine can read arguments, and shells keep them in their
//! history, so secrets belong in files.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use haul_core::http::parameters::is_token;

/// Replaces each `@FILE` by the lines of the file, which `text_of` reads.
///
/// # Errors
///
/// Those of `text_of`, and a line that is not a header. The message gives the line's number only, because the line may be a secret.
pub fn read<E: From<String>>(
    option: &str,
    given: Vec<String>,
    mut text_of: impl FnMut(&str) -> Result<String, E>,
) -> Result<Vec<String>, E> {
    let read = given.into_iter().map(|header| match header.strip_prefix('@') {
        Some(path) => lines(&text_of(path)?)
            .map_err(|line| E::from(format!("{option} @{path}: line {line} is not 'Name: value'"))),
        None => Ok(vec![header]),
    });
    read.collect::<Result<Vec<_>, E>>().map(|read| read.concat())
}

/// All lines that are not empty, or the number of the first line that is not a header.
fn lines(text: &str) -> Result<Vec<String>, usize> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| if is_header(line) { Ok(line.into()) } else { Err(number) }).collect()
}

/// Whether the engine accepts the line as a header, so that no later error shows its text.
fn is_header(text: &str) -> bool {
    let is_value = |value: &str| !value.contains(|c: char| c.is_control() && c != '\t');
    name(text).is_some() && text.split_once(':').is_some_and(|(_, value)| is_value(value))
}

/// The name of a header; `None` if no valid name stands before a colon, because then all of the text may be a secret.
/// [RFC 9110 section 5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1): a name is a token.
pub fn name(header: &str) -> Option<&str> {
    header.split_once(':').map(|(name, _)| name).filter(|name| is_token(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_a_file_is_a_header() {
        let text = "Authorization: Bearer a:b\r\n\n  \nX-Empty:\n!odd: but a token";
        let expected = ["Authorization: Bearer a:b", "X-Empty:", "!odd: but a token"].map(String::from);
        assert_eq!(lines(text), Ok(expected.to_vec()));
        let read = read::<String>("--header", vec!["A: b".into(), "@f".into()], |path| Ok(format!("X: {path}")));
        assert_eq!(read, Ok(vec!["A: b".into(), "X: f".into()]));
    }

    #[test]
    fn a_line_that_is_no_header_is_told_by_its_number() {
        for (text, line) in [
            ("Bearer secret", 1),
            ("A: b\n\nsecret", 3),
            ("A: b\nBearer se:cret", 2),
            (": secret", 1),
            ("A: b\x1b", 1),
            ("Né: x", 1),
        ] {
            assert_eq!(lines(text), Err(line), "{text:?}");
        }
        let told = read::<String>("--header", vec!["@f".into()], |_| Ok("secret".into())).unwrap_err();
        assert_eq!(told, "--header @f: line 1 is not 'Name: value'");
    }

    #[test]
    fn a_header_has_a_name_only_if_it_is_a_token_before_a_colon() {
        assert_eq!(name("X-One: a:b"), Some("X-One"));
        for bad in ["", "secret", ": secret", "secret value: a", "sécret: a", "Authorization secret\t: a"] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
