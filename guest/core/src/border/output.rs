//! Requests of the engine to the shell.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::identity::{AttemptId, DownloadId, JobId, OperationId};
use crate::content::digest::{Algorithm, Checksum};
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::parse::decryption_info::DecryptionInfo;
use crate::parse::url::Scheme;
use crate::settings::durability::Durability;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Execute this operation on the files of `download`, after the earlier ones, and report [`crate::border::input::Input::Disk`]. Only
    /// digests may be reported later than operations that were requested after them.
    Disk { download: DownloadId, id: OperationId, operation: DiskOperation },
    /// Send this request and report [`crate::border::input::Input::Head`] or [`crate::border::input::Input::Ended`].
    Request { download: DownloadId, attempt: AttemptId, request: Request },
    /// Drop the exchange. There is no report.
    Cancel { attempt: AttemptId },
    /// A hint: the first `length` bytes of the partial file are written and not expected to change, and the engine will ask for digests of
    /// the whole file, so the shell can start to compute them. There is no report, and the engine does not rely on it. A `length` below the
    /// previous one withdraws part of the hint; zero means that the engine needs no such digests any more.
    DigestAhead { download: DownloadId, algorithms: Vec<Algorithm>, length: u64 },
    /// Resolve the content id and report [`crate::border::input::Input::Content`].
    WantContent { download: DownloadId, id: OperationId, content_id: String },
    /// Change the ledger in the state directory before the current call returns.
    Ledger(LedgerChange),
    /// The engine has dropped a download of its own. The shell closes the download's files and leaves them as they are.
    Released { download: DownloadId },
    /// Report this event to the caller.
    Event(Event),
}

/// A GET request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub scheme: Scheme,
    pub authority: String,
    pub path_and_query: String,
    pub fields: Vec<(String, String)>,
    /// Limit on the time to connect and on the time to the response head.
    pub timeout: Duration,
}

/// Omits the query and field values, which may hold passwords.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path_and_query.split('?').next();
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        let mut shown = f.debug_struct("Request");
        shown.field("scheme", &self.scheme).field("authority", &self.authority).field("path", &path);
        shown.field("fields", &names).finish_non_exhaustive()
    }
}

/// An operation on the files of one download: the target, the partial file and its journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskOperation {
    /// Inspect the three files at the local path. Creates missing directories with this durability.
    Open { local_path: String, durability: Durability },
    /// Open the partial file for writing; create it if it is missing and empty it if `fresh`. The durability applies to everything written
    /// from now on, including the journal. `length` is the final length, if known.
    Begin { fresh: bool, durability: Durability, passing: Passing, length: Option<u64> },
    /// Make the written data as durable as the chosen durability requires.
    Sync,
    /// Replace the whole journal atomically, so that a crash leaves the old or the new one.
    ReplaceJournal { bytes: Vec<u8> },
    /// Write at `offset` of the journal and truncate it after these bytes.
    AppendJournal { offset: u64, bytes: Vec<u8> },
    /// Compute the checksum of `range` of a file, or of the whole file if `range` is `None`.
    Digest { subject: DigestSubject, checksum: Checksum, range: Option<ByteRange> },
    /// Compute the CRC-32 of each of these ranges of the partial file immediately, because a run that is stopping does not wait for the
    /// driver.
    Checksums { ranges: Vec<ByteRange> },
    /// Use `name`, one path component, as the name of the file in the directory of the local path. The partial file and the journal keep
    /// their names.
    Name { name: String },
    /// Truncate the partial file to `length`, to free disk space.
    Cut { length: u64 },
    /// Decrypt the partial file into another file. Later operations use that file as the partial file.
    Decrypt { info: DecryptionInfo },
    /// Rename the partial file to its final name and remove the journal.
    Publish(Publish),
    /// Remove the partial file and the journal.
    Discard,
    /// Close the files; remove nothing.
    Close,
}

impl DiskOperation {
    /// Inspects the files at a path without writing to them.
    pub const fn open(local_path: String) -> Self {
        Self::Open { local_path, durability: Durability::Process }
    }
}

/// Computations on the bytes of a stream as they pass, because they cannot be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// Digests of the final output.
    pub digests: Vec<Algorithm>,
    pub decryption: Option<DecryptionInfo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestSubject {
    Partial,
    Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    pub overwrite: bool,
    /// The file at the target is already the wanted one; only remove the side files.
    pub present: bool,
    /// Modification time for the file, in seconds since 1970-01-01 UTC.
    pub modified: Option<u64>,
    /// Length of the file in bytes; truncate the partial file to it.
    pub length: u64,
    /// The record to store for [`crate::border::input::TargetFacts::record`]; empty if the file needs no record.
    pub record: Vec<u8>,
}

impl Publish {
    /// Removes the side files of a file that already has its name.
    pub(crate) const LEFTOVERS: Self =
        Self { overwrite: false, present: true, modified: None, length: 0, record: Vec::new() };
}

/// A change of the ledger. The shell applies it before the call that caused it returns, and syncs it then unless `safe` is false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerChange {
    /// Append after the last whole record. If `safe` is false, losing the record does no harm.
    Append { bytes: Vec<u8>, safe: bool },
    /// Rewrite the ledger with the output of [`Engine::write_ledger`](crate::engine::Engine::write_ledger), which includes all changes
    /// queued before.
    Replace,
}

/// An event for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub subject: Subject,
    pub what: Happening,
}

/// The subject of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Download(DownloadId),
    Job(JobId),
    /// A file of a job, by index.
    File(JobId, u32),
}

/// The end of a job. The engine calls the job's callback with it until the callback accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Transferred,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The status differs from the last reported one, or the notification interval has passed. For a job: a change of its state, progress,
    /// files or settings.
    StatusChanged,
    /// For a job: call the owner's callback and pass its answer to [`Engine::job_notified`](crate::engine::Engine::job_notified).
    Ending(Ending),
    /// For a job: call the owner's callback. The engine expects no answer.
    Modification,
    /// For a job: it has a new owner, and the previous owner's callback is no longer called.
    OwnerChanged,
    /// The engine dropped the kept bytes and fetches the file again from its start.
    Restarted(RestartReason),
    /// An attempt failed; the engine retries after `after`.
    Retrying { cause: Cause, after: Duration },
    /// These bytes did not match their piece's digest, or were changed since an earlier run. The engine fetches them again.
    RangeDropped(ByteRange),
    /// The engine no longer uses the source with this index, counted from 0.
    SourceDropped { source: usize, cause: Cause },
    /// The piece digests are unavailable; the download continues without them.
    Unchecked { cause: Cause },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartReason {
    /// The origin now serves another version.
    ContentChanged,
    /// Nothing proves that the kept bytes belong to the version that the origin serves now.
    NotProven,
    /// The origin's range responses are unusable.
    RangesUnusable,
    /// The partial file or its journal has changed since the last run.
    PartialDamaged,
    /// The bytes did not match the expected digest.
    DigestMismatch,
}

impl RestartReason {
    /// The reason in words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::ContentChanged => "the origin serves another version now",
            Self::NotProven => "nothing proves that the kept bytes belong to this version",
            Self::RangesUnusable => "the origin's ranges cannot be used",
            Self::PartialDamaged => "the partial file is not as it was left",
            Self::DigestMismatch => "the content did not match the expected digest",
        }
    }
}
