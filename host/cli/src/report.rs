//! JSON lines on standard output. docs/reference/json-schema.json describes them.

use std::path::Path;

use haul_queue::Cause;
use serde::Serialize;

use crate::output;

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line<'a> {
    Progress {
        #[serde(flatten)]
        file: FileRef<'a>,
        bytes: u64,
        total: Option<u64>,
        /// Bytes per second; null while it is not known.
        rate: Option<u64>,
        connections: u32,
        resumable: bool,
    },
    Retry {
        #[serde(flatten)]
        file: FileRef<'a>,
        error: &'a Cause,
        /// Until the next attempt.
        seconds: f64,
        /// Whether the server named this time.
        asked: bool,
    },
    Restart {
        #[serde(flatten)]
        file: FileRef<'a>,
        reason: &'a str,
    },
    Result(Outcome<'a>),
}

/// The file that a line is about.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FileRef<'a> {
    /// The id of the job, for a file of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<&'a str>,
    /// Without secrets.
    pub url: &'a str,
    pub path: &'a Path,
}

/// The result of one URL.
#[derive(Debug, Serialize)]
pub struct Outcome<'a> {
    #[serde(flatten)]
    pub file: FileRef<'a>,
    /// Transferred bytes of the local file.
    pub bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(flatten)]
    pub response: Response,
    pub resumed_bytes: u64,
    pub requests: u64,
    pub restarts: u32,
    pub retries: u32,
    pub seconds: f64,
    /// Bytes per second of the whole run.
    pub rate: u64,
    pub error: Option<Cause>,
}

/// Facts of the last response; null if there was none.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Response {
    pub http_status: Option<u32>,
    pub content_type: Option<String>,
    /// The URL after redirects, without secrets.
    pub final_url: Option<String>,
}

pub fn print(line: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(line) {
        output::json(&text);
    }
}
