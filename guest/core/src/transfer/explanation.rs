//! The text of an error response: a line in which the origin says why it refuses.

use alloc::string::String;
use core::time::Duration;

use serde_json::Value;

use super::attempt::Stage;
use super::{Context, Transfer};
use crate::border::identity::AttemptId;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::parse::json;

/// The most bytes that are read, because longer texts are pages for browsers.
pub(super) const MOST_BYTES: u64 = 4096;

/// The longest wait for them, so that a failure is not delayed by a slow origin.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The most characters that are shown, so that a message stays readable in a few lines of a terminal.
const MOST_SHOWN: usize = 200;

/// The shortest value of the request that counts as a secret, because shorter ones occur in any text.
const SHORTEST_SECRET: usize = 4;

/// The members of a JSON object that hold its text, as RFC 9457 (problem details), OAuth and common APIs name them.
const MEMBERS: [&str; 5] = ["detail", "message", "error_description", "error", "title"];

impl Transfer {
    /// Whether the body of a refusal is a short text that is worth reading before the source is dropped.
    pub(super) fn is_explained(&self, head: &Head, cause: Cause) -> bool {
        let media_type =
            head.field("content-type").and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let is_text = media_type == "text/plain" || media_type == "application/json" || media_type.ends_with("+json");
        let length = head.field("content-length").and_then(|length| length.parse::<u64>().ok());
        let is_short = length.is_none_or(|length| (1..=MOST_BYTES).contains(&length));
        matches!(cause, Cause::HttpStatus(_)) && !cause.is_transient() && is_text && is_short
    }

    /// Takes a part of the text.
    pub(crate) fn collected(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: &[u8]) {
        let Some(Stage::Explaining(cause)) = self.attempts.get(&attempt).map(|known| known.stage) else { return };
        self.explanation.extend_from_slice(bytes);
        if self.explanation.len() as u64 >= MOST_BYTES {
            self.explained(cx, attempt, cause);
            self.fill(cx);
        }
    }

    /// The text is here, or does not come in time.
    pub(super) fn explained(&mut self, cx: &mut Context<'_>, attempt: AttemptId, cause: Cause) {
        let bytes = core::mem::take(&mut self.explanation);
        let line = line_of(&String::from_utf8_lossy(&bytes));
        self.report.explanation = line.filter(|line| !self.reveals_secret(line));
        self.attempt_failed(cx, attempt, cause, None);
    }

    /// Whether the text repeats a value of the request, which may be a password or a token.
    fn reveals_secret(&self, line: &str) -> bool {
        let path = self.sources.first().path_and_query();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let of_query = query.split('&').map(|part| part.split_once('=').map_or(part, |(_, value)| value));
        let fields = self.options.fields.iter().chain(&self.options.auth_fields);
        let of_fields = fields.flat_map(|(_, value)| value.split_whitespace());
        of_query.chain(of_fields).any(|value| value.len() >= SHORTEST_SECRET && line.contains(value))
    }
}

/// The first line of a text, or the text in a JSON object, without control characters.
fn line_of(body: &str) -> Option<String> {
    let object = json::object::<Value>(body);
    let text = match &object {
        Some(object) => MEMBERS.iter().find_map(|name| text_in(object.get(name)?))?,
        None => body,
    };
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect())
}

/// A text, also one level deeper, as in `{"error": {"message": "..."}}`.
fn text_in(member: &Value) -> Option<&str> {
    member.as_str().or_else(|| MEMBERS.iter().find_map(|name| member.get(name)?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_the_first_of_a_text_or_the_message_of_an_object() {
        for (body, expected) in [
            ("\n  no such key\nmore", Some("no such key")),
            (r#"{"code": 7, "message": "no such key"}"#, Some("no such key")),
            (r#"{"error": {"code": 7, "message": "no such key"}}"#, Some("no such key")),
            (r#"{"title": "Forbidden", "detail": "the link has expired\nask again"}"#, Some("the link has expired")),
            ("a\u{1b}[2Jb", Some("a[2Jb")),
            (r#"{"code": 7}"#, None),
            ("", None),
        ] {
            assert_eq!(line_of(body).as_deref(), expected, "{body}");
        }
        assert_eq!(line_of(&"x".repeat(5000)).unwrap().len(), MOST_SHOWN);
    }
}
