//! A file that is at the target already and differs from the origin's.

use std::fs;
use std::path::Path;

use haul_queue::Cause;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::job::{Counts, Job};
use crate::units;

/// The two files, and the options that choose between them.
pub struct Choice {
    pub message: String,
    pub advice: String,
}

/// `None` if the cause is another one, or the local file cannot be read.
pub fn describe(job: &Job, cause: &Cause, counts: &Counts) -> Option<Choice> {
    if cause.name.as_deref() != Some("ERROR_FILE_EXISTS") {
        return None;
    }
    let here = local(job.target.path())?;
    let there = counts.remote.as_ref().map_or_else(String::new, |remote| {
        let facts = [remote.length.map(units::size), remote.modified.clone()];
        match facts.into_iter().flatten().collect::<Vec<_>>().join(" of ") {
            facts if facts.is_empty() => String::new(),
            facts => format!("; the server's has {facts}"),
        }
    });
    let proof = if cause.message.contains("nothing proves") { ", --checksum proves it" } else { "" };
    Some(Choice {
        message: format!("{}; the local file has {here}{there}", cause.message),
        advice: format!("--overwrite replaces it, --update replaces it if the server's is newer{proof}"),
    })
}

fn local(path: &Path) -> Option<String> {
    let facts = fs::metadata(path).ok()?;
    let modified = Timestamp::try_from(facts.modified().ok()?).ok()?.to_zoned(TimeZone::system());
    Some(format!("{} of {}", units::size(facts.len()), modified.strftime("%F %T")))
}
