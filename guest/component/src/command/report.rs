//! JSON lines for programs, and sizes for people.

use alloc::format;
use alloc::string::String;

use haul_core::failure::{Cause, Fault};
use serde::Serialize;

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
        error: Failure,
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
#[derive(Debug, Serialize)]
pub struct FileRef<'a> {
    /// Without secrets.
    pub url: String,
    pub path: &'a str,
}

/// The result of one URL.
#[derive(Debug, Serialize)]
pub struct Outcome<'a> {
    #[serde(flatten)]
    pub file: FileRef<'a>,
    pub bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    pub http_status: Option<u32>,
    pub content_type: Option<String>,
    /// The URL after redirects, without secrets.
    pub final_url: Option<String>,
    pub resumed_bytes: u64,
    pub requests: u64,
    pub restarts: u32,
    pub retries: u32,
    pub seconds: f64,
    /// Bytes per second of the whole run.
    pub rate: u64,
    pub error: Option<Failure>,
}

#[derive(Debug, Serialize)]
pub struct Failure {
    /// The HRESULT in hexadecimal; absent if the failure has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
    /// The exit code of the native command in words.
    pub outcome: &'static str,
}

impl Failure {
    pub fn of(cause: Cause) -> Self {
        let hresult = cause.hresult();
        Self {
            code: Some(format!("0x{:08X}", hresult.code)),
            name: Some(hresult.name),
            message: cause.description().into_owned(),
            advice: Some(cause.advice()),
            outcome: outcome(cause),
        }
    }

    pub fn without_code(message: &str, outcome: &'static str) -> Self {
        Self { code: None, name: None, message: message.into(), advice: None, outcome }
    }
}

/// The words of `haul_queue::Outcome`.
const fn outcome(cause: Cause) -> &'static str {
    match cause.fault() {
        Fault::Content => "not-verified",
        Fault::Policy => "refused-by-policy",
        Fault::Network => "network",
        Fault::Tls => "tls",
        Fault::Origin => "http",
        Fault::Disk => "disk",
        Fault::Caller if matches!(cause, Cause::InvalidArgument | Cause::InvalidUrl | Cause::OverlappingRanges) => {
            "misuse"
        }
        Fault::Caller | Fault::Engine => "failed",
    }
}

/// `bytes` in the largest unit that gives 1 or more.
pub fn human(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64 / 1024.0;
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    for unit in UNITS {
        if value < 1024.0 || unit == "TiB" {
            return format!("{value:.1} {unit}");
        }
        value /= 1024.0;
    }
    String::new()
}
