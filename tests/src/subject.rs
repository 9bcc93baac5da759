//! The ways to run haul behind one interface: every promise is tested over each of them.

mod embedded;
pub mod processes;
mod settings;

use std::path::PathBuf;
use std::process::Child;

/// A way to run haul.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The crate `haul` in this process.
    Embedded,
    /// The command `haul get`.
    Command,
    /// The component under the stock `wasmtime`.
    Stock,
}

/// The directory of the key and of the records of finished files, for all subjects together.
pub fn records() -> PathBuf {
    let directory = std::env::temp_dir().join("haul-tests-records");
    std::fs::create_dir_all(&directory).expect("a directory for records");
    directory
}

/// A request to a subject.
#[derive(Clone, Debug)]
pub struct Get {
    pub url: String,
    /// `None` for a run without a place for the key.
    pub records: Option<PathBuf>,
    pub path: PathBuf,
    /// Inclusive positions as on the command line.
    pub ranges: Vec<String>,
    pub connections: Option<u32>,
    pub checksum: Option<String>,
    pub headers: Vec<String>,
    pub retries: u32,
    pub timeout: f64,
    pub limit_rate: Option<u64>,
    pub overwrite: bool,
    pub fresh: bool,
    pub sync: bool,
    pub mirrors: Vec<String>,
    /// A document that replaces the URL.
    pub metalink: Option<PathBuf>,
    /// A piece-hash file.
    pub pieces: Option<PathBuf>,
    pub refresh: bool,
    /// The origin may name the file; then only the directory of `path` counts.
    pub content_disposition: bool,
    pub min_rate: Option<u64>,
    /// JSON text.
    pub integrity_info: Option<PathBuf>,
    pub require_integrity: bool,
    /// JSON text.
    pub decrypt: Option<PathBuf>,
    pub auth_headers: Vec<String>,
    pub correlation_vector: Option<String>,
    pub background: bool,
    /// As on the command line.
    pub cost_policy: Option<String>,
    pub no_cellular: bool,
    /// As on the command line.
    pub network: Option<String>,
}

impl Get {
    /// A patient request without extra options and without sync.
    pub fn new(url: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self {
            url: url.into(),
            records: Some(records()),
            path: path.into(),
            ranges: Vec::new(),
            connections: None,
            checksum: None,
            headers: Vec::new(),
            retries: 10,
            timeout: 60.0,
            limit_rate: None,
            overwrite: false,
            fresh: false,
            sync: false,
            mirrors: Vec::new(),
            metalink: None,
            pieces: None,
            refresh: false,
            content_disposition: false,
            min_rate: None,
            integrity_info: None,
            require_integrity: false,
            decrypt: None,
            auth_headers: Vec::new(),
            correlation_vector: None,
            background: false,
            cost_policy: None,
            no_cellular: false,
            network: None,
        }
    }

    pub fn connections(mut self, connections: u32) -> Self {
        self.connections = Some(connections);
        self
    }

    pub fn checksum(mut self, checksum: impl Into<String>) -> Self {
        self.checksum = Some(checksum.into());
        self
    }

    pub fn range(mut self, range: &str) -> Self {
        self.ranges.push(range.into());
        self
    }

    pub fn timeout(mut self, seconds: f64) -> Self {
        self.timeout = seconds;
        self
    }

    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    pub fn mirror(mut self, url: impl Into<String>) -> Self {
        self.mirrors.push(url.into());
        self
    }

    /// Declares the network, in the words of the command line.
    pub fn network(mut self, words: &str) -> Self {
        self.network = Some(words.into());
        self
    }

    pub fn header(mut self, header: &str) -> Self {
        self.headers.push(header.into());
        self
    }
}

/// The outcome, as far as every subject reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The symbolic name of the failure; `None` for success.
    pub error: Option<String>,
    /// The exit code; `None` without a process.
    pub code: Option<i32>,
    pub bytes: u64,
    pub resumed: u64,
    pub requests: u64,
    pub restarts: u64,
    /// The path of the file.
    pub path: PathBuf,
    /// The messages for the user.
    pub said: String,
}

impl Outcome {
    /// # Panics
    ///
    /// If the download failed.
    pub fn expect_success(&self) -> &Self {
        assert_eq!(self.error, None, "{}", self.said);
        assert!(matches!(self.code, None | Some(0)), "{self:?}");
        self
    }

    /// # Panics
    ///
    /// If it did not fail with `name`.
    pub fn expect_failure(&self, name: &str) -> &Self {
        assert_eq!(self.error.as_deref(), Some(name), "{}", self.said);
        assert!(self.code != Some(0), "{self:?}");
        self
    }
}

impl Subject {
    pub fn get(self, get: &Get) -> Outcome {
        match self {
            Self::Embedded => embedded::get(get),
            Self::Command | Self::Stock => processes::get(self, get),
        }
    }

    /// Starts a process that can be killed.
    ///
    /// # Panics
    ///
    /// For [`Subject::Embedded`], which has no process.
    pub fn spawn(self, get: &Get) -> Child {
        processes::spawn(self, get)
    }
}

/// One test for each subject: `over_every_subject!(name, |subject| { ... });`
#[macro_export]
macro_rules! over_every_subject {
    ($name:ident, |$subject:ident| $body:block) => {
        mod $name {
            use super::*;

            fn promise($subject: $crate::subject::Subject) $body

            #[test]
            fn embedded() {
                promise($crate::subject::Subject::Embedded);
            }

            #[test]
            fn command() {
                promise($crate::subject::Subject::Command);
            }

            #[test]
            fn stock_wasmtime() {
                promise($crate::subject::Subject::Stock);
            }
        }
    };
}
