//! Request headers from files. Other processes of the machine can read arguments, and shells keep them in their history, so secrets belong
//! in files.

use std::path::Path;

use crate::documents;
use crate::exit::Refusal;

/// Replaces each `@FILE` by the lines of the file.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a file cannot be read or a line is not a header. The message gives the line's number only, because the line may
/// be a secret.
pub fn read(option: &str, headers: &mut Vec<String>) -> Result<(), Refusal> {
    let mut read = Vec::with_capacity(headers.len());
    for header in headers.drain(..) {
        match header.strip_prefix('@') {
            Some(path) => {
                let text = documents::text(Path::new(path))?;
                read.extend(
                    lines(&text).map_err(|line| {
                        Refusal::Misuse(format!("{option} @{path}: line {line} is not 'Name: value'"))
                    })?,
                );
            }
            None => read.push(header),
        }
    }
    *headers = read;
    Ok(())
}

/// The number of headers that read standard input.
pub fn count_from_standard_input(headers: &[String]) -> usize {
    headers.iter().filter(|header| *header == "@-").count()
}

/// All lines that are not empty, or the number of the first line that is not a header.
fn lines(text: &str) -> Result<Vec<String>, usize> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| if is_header(line) { Ok(line.to_owned()) } else { Err(number) }).collect()
}

/// Whether the engine accepts the line as a header, so that no later error shows its text.
/// [RFC 9110 section 5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1): a name is a token.
fn is_header(text: &str) -> bool {
    let is_token = |name: &str| name.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c));
    let sound = |(name, value): (&str, &str)| {
        !name.is_empty() && is_token(name) && !value.contains(|c: char| c.is_control() && c != '\t')
    };
    text.split_once(':').is_some_and(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_header() {
        let text = "Authorization: Bearer a:b\r\n\n  \nX-Empty:\n!odd: but a token";
        let expected = ["Authorization: Bearer a:b", "X-Empty:", "!odd: but a token"];
        assert_eq!(lines(text), Ok(expected.map(str::to_owned).to_vec()));
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
    }
}
