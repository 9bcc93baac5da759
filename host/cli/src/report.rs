//! JSON lines on standard output.

use std::path::Path;

use haul::Error;
use serde::Serialize;

use crate::output;

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line<'a> {
    Progress { url: &'a str, path: &'a Path, bytes: u64, total: Option<u64>, connections: u32, resumable: bool },
    Result(Outcome<'a>),
}

/// The result of one URL.
#[derive(Debug, Serialize)]
pub struct Outcome<'a> {
    /// Without secrets.
    pub url: &'a str,
    pub path: &'a Path,
    /// Transferred bytes of the local file.
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
    pub name: Option<String>,
    pub message: String,
}

impl Failure {
    pub fn without_code(message: impl Into<String>) -> Self {
        Self { code: None, name: None, message: message.into() }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        match error {
            Error::Failed(failure) => Self {
                code: Some(format!("0x{:08X}", failure.code)),
                name: Some(failure.name.clone()),
                message: failure.description.clone(),
            },
            other => Self::without_code(other.to_string()),
        }
    }
}

pub fn print(line: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(line) {
        output::json(&text);
    }
}
