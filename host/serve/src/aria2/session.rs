//! aria2's session files: the list of downloads as text.

use std::fmt::Write as _;

use super::add::is_uri;
use super::{Fault, Session};
use crate::book::{Entry, List, State, Stop};
use crate::options::{self, Call, Options};
use crate::service::{New, Refusal, Service};

impl Session<'_> {
    pub(super) async fn save_session(&self) -> Result<serde_json::Value, Fault> {
        let name = self.service().global("save-session");
        if name.is_empty() {
            return Err(Fault::sentence("Filename is not given."));
        }
        let failed = |_| Fault::sentence(format!("Failed to serialize session to '{name}'."));
        save(self.service(), &name).map_err(failed)?;
        Ok("OK".into())
    }
}

/// Writes the list to a file in a granted directory.
///
/// # Errors
///
/// In words.
pub fn save(service: &Service, name: &str) -> Result<(), String> {
    let path = service.folders().directory(name).ok_or("it is in no directory that haul may write to")?;
    service.folders().write(&path, &text(service))
}

/// Failed downloads, then active ones, then waiting ones.
fn text(service: &Service) -> String {
    let book = service.book();
    let inherited = options::inherited(&service.global_options());
    let failed = |entry: &&Entry| matches!(entry.state, State::Stopped(Stop::Error { .. }));
    let stopped = book.listed(List::Stopped).filter(failed);
    let all = stopped.chain(book.listed(List::Active)).chain(book.listed(List::Waiting));
    let mut text = String::new();
    for entry in all {
        for uri in &entry.uris {
            text.push_str(uri);
            text.push('\t');
        }
        let _ = write!(text, "\n gid={}\n", entry.gid);
        if entry.state == State::Paused {
            text.push_str(" pause=true\n");
        }
        for (name, value) in entry.options.iter().filter(|(name, value)| inherited.get(*name) != Some(*value)) {
            let values: Vec<&str> = if name == "header" { value.lines().collect() } else { vec![value] };
            for value in values {
                let _ = writeln!(text, " {name}={value}");
            }
        }
    }
    text
}

/// Adds the downloads of a session file, or of a list in the same form.
///
/// # Errors
///
/// The number of the first line that cannot be used, and the reason.
pub async fn load(service: &Service, text: &str) -> Result<usize, String> {
    let mut new: Vec<New> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |reason: String| format!("line {number}: {reason}");
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            let uris: Vec<String> = line.split('\t').map(str::trim).filter(|uri| is_uri(uri)).map(Into::into).collect();
            if uris.is_empty() {
                return Err(wrong("it has no URL".into()));
            }
            new.push(New { uris, ..New::default() });
            continue;
        }
        let last = new.last_mut().ok_or_else(|| wrong("an option stands before the first URL".into()))?;
        let (name, value) = line.trim_start().split_once('=').ok_or_else(|| wrong("write name=value".into()))?;
        let read = options::read_text(name, value, Call::Add);
        let read = read.map_err(|options::Refused(name)| wrong(format!("the value of {name} cannot be used")))?;
        if let Some(value) = read {
            put(&mut last.options, name, value);
        }
    }
    let mut added = 0;
    for new in new {
        match service.add(new).await {
            Ok(_) => added += 1,
            // The list has it already, as after a restart.
            Err(Refusal::GidTaken) => {}
            Err(Refusal::Sentence(sentence)) => tracing::warn!("a download of the session is left out: {sentence}"),
            Err(refusal) => tracing::warn!(?refusal, "a download of the session is left out"),
        }
    }
    service.flush().await?;
    Ok(added)
}

fn put(options: &mut Options, name: &str, value: String) {
    match options.get_mut(name).filter(|_| name == "header") {
        Some(before) => before.push_str(&value),
        None => drop(options.insert(name.into(), value)),
    }
}
