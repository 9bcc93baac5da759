//! JSON lines for programs, and sizes for people.

use alloc::format;
use alloc::string::String;

use haul_core::failure::Cause;
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line<'a> {
    Progress { url: String, path: &'a str, bytes: u64, total: Option<u64>, connections: u32, resumable: bool },
    Result(Outcome<'a>),
}

/// The result of one URL.
#[derive(Debug, Serialize)]
pub struct Outcome<'a> {
    /// Without secrets.
    pub url: String,
    pub path: &'a str,
    pub bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    pub resumed_bytes: u64,
    pub requests: u64,
    pub restarts: u32,
    pub seconds: f64,
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
}

impl Failure {
    pub fn of(cause: Cause) -> Self {
        let hresult = cause.hresult();
        let code = Some(format!("0x{:08X}", hresult.code));
        Self { code, name: Some(hresult.name), message: cause.description().into_owned() }
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
