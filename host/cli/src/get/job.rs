//! One file of a run: URL, target and counts.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use haul::{Download, DownloadState, DownloadStatus, Property, PropertyId, Report};
use haul_queue::redaction::redact;

use crate::list::Item;
use crate::report::{FileRef, Response};
use crate::standard_output::Trouble;

pub struct Job {
    pub item: Item,
    pub target: Target,
    pub started: Instant,
    /// The error of the last attempt.
    pub last_try: RefCell<Option<String>>,
    /// Failed attempts, and those of them since the last byte.
    pub retries: Cell<u32>,
    pub retries_in_a_row: Cell<u32>,
    /// Bytes at the last failed attempt.
    pub bytes_at_retry: Cell<u64>,
    /// The error of standard output, if the bytes go there.
    pub trouble: Trouble,
}

/// The destination of the bytes.
pub enum Target {
    File(PathBuf),
    StandardOutput,
}

impl Target {
    /// The path of the file, without a `./` in front; `-` for standard output, as on the command line.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => plain(path),
            Self::StandardOutput => Path::new("-"),
        }
    }

    /// The name without the directory.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::StandardOutput => self.to_string(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => plain(path).display().fmt(f),
            Self::StandardOutput => f.write_str("standard output"),
        }
    }
}

/// A path without a `./` in front, which says nothing. It stays in front of a name that would look like an option.
fn plain(path: &Path) -> &Path {
    let rest = path.strip_prefix(".").ok().filter(|rest| !rest.as_os_str().is_empty());
    rest.filter(|rest| !rest.as_os_str().as_encoded_bytes().starts_with(b"-")).unwrap_or(path)
}

impl Job {
    pub fn new(item: Item, target: Target) -> Self {
        Self {
            item,
            target,
            started: Instant::now(),
            last_try: RefCell::default(),
            retries: Cell::default(),
            retries_in_a_row: Cell::default(),
            bytes_at_retry: Cell::default(),
            trouble: Trouble::default(),
        }
    }

    /// The subject of a line of JSON; `url` is redacted.
    pub fn subject<'a>(&'a self, url: &'a str) -> FileRef<'a> {
        FileRef { job: None, url, path: self.target.path() }
    }

    /// Counts a failed attempt with `bytes` here; returns its number since the last byte.
    pub fn count_retry(&self, bytes: u64) -> u32 {
        self.retries.set(self.retries.get().saturating_add(1));
        let before = if self.bytes_at_retry.replace(bytes) == bytes { self.retries_in_a_row.get() } else { 0 };
        self.retries_in_a_row.set(before.saturating_add(1));
        self.retries_in_a_row.get()
    }

    /// Takes the file's name from the engine, because the origin may have chosen it.
    pub async fn learn_name(&mut self, download: &Download) {
        if let Target::File(path) = &mut self.target
            && let Ok(Property::LocalPath(known)) = download.property(PropertyId::LocalPath).await
            && let Some(name) = Path::new(&known).file_name()
        {
            path.set_file_name(name);
        }
    }
}

/// The progress of a file.
#[derive(Default)]
pub struct Counts {
    pub status: Option<DownloadStatus>,
    pub report: Report,
    pub response: Response,
    pub remote: Option<Remote>,
}

/// The file as the last response describes it.
pub struct Remote {
    pub length: Option<u64>,
    /// Last-Modified.
    pub modified: Option<String>,
}

impl Counts {
    pub async fn of(download: &Download) -> Self {
        let status = download.status().await.ok();
        let report = download.report().await.unwrap_or_default();
        let http_status = match download.property(PropertyId::HttpStatusCode).await {
            Ok(Property::HttpStatusCode(status)) => Some(status),
            _ => None,
        };
        let fields = match download.property(PropertyId::HttpResponseHeaders).await {
            Ok(Property::HttpResponseHeaders(fields)) => fields,
            _ => String::new(),
        };
        let final_url = match download.property(PropertyId::HttpRedirectionTarget).await {
            Ok(Property::HttpRedirectionTarget(url)) => Some(redact(&url)),
            _ => None,
        };
        let response = Response { http_status, content_type: field(&fields, "content-type"), final_url };
        let (length, modified) = (field(&fields, "content-length"), field(&fields, "last-modified"));
        let remote = Remote { length: length.and_then(|text| text.parse().ok()), modified };
        Self { status, report, response, remote: Some(remote).filter(|_| http_status == Some(200)) }
    }

    /// Bytes of the whole file, if they are known.
    pub fn total(&self) -> Option<u64> {
        self.status.as_ref().map(|status| status.bytes_total).filter(|total| *total > 0)
    }

    /// Transferred bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.status.as_ref().map_or(0, |status| status.bytes_transferred)
    }

    pub fn is_finalized(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state == DownloadState::Finalized)
    }
}

/// The value of a field in a response head, one `name: value` on each line.
fn field(fields: &str, name: &str) -> Option<String> {
    let mut named = fields.lines().filter_map(|line| line.split_once(':'));
    named.find(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_without_a_dot_in_front() {
        for (path, shown) in
            [("./a", "a"), ("./d/a", "d/a"), ("../a", "../a"), ("/a", "/a"), (".", "."), ("./-a", "./-a")]
        {
            assert_eq!(plain(Path::new(path)), Path::new(shown), "{path}");
        }
    }

    #[test]
    fn retries_in_a_row_start_anew_with_a_byte() {
        let job = Job::new(Item::default(), Target::StandardOutput);
        let numbers = [0, 0, 0, 7, 7].map(|bytes| job.count_retry(bytes));
        assert_eq!((numbers, job.retries.get()), ([1, 2, 3, 1, 2], 5));
    }

    #[test]
    fn fields_are_found_in_any_case() {
        let head = "Content-Type: text/plain; charset=utf-8\r\netag: \"a:b\"\r\n";
        assert_eq!(field(head, "content-type").as_deref(), Some("text/plain; charset=utf-8"));
        assert_eq!(field(head, "last-modified"), None);
    }
}
