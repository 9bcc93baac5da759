//! The outputs of the engine: requests to the shell that runs it, and events for callers.

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
    /// Carry out an operation on the files of `download`, in the order of these outputs, and answer with
    /// [`crate::border::input::Input::Disk`]. Only digests may be answered later than operations that follow them.
    Disk { download: DownloadId, id: OperationId, operation: DiskOperation },
    /// Send this request and answer with [`crate::border::input::Input::Head`] or [`crate::border::input::Input::Ended`].
    Request { download: DownloadId, attempt: AttemptId, request: Request },
    /// Drop the exchange; nothing is answered.
    Cancel { attempt: AttemptId },
    /// A hint: the first `length` bytes of the partial file are written and probably final, and digests of the whole file will be asked
    /// for, so the driver may start them. There is no answer. A smaller number than the last one takes the hint back; zero means that
    /// no such digests are needed any more.
    DigestAhead { download: DownloadId, algorithms: Vec<Algorithm>, length: u64 },
    /// Resolve the content id, and answer with [`crate::border::input::Input::Content`].
    WantContent { download: DownloadId, id: OperationId, content_id: String },
    /// Change the ledger in the state directory, before the call that led to it returns.
    Ledger(LedgerChange),
    /// The engine has dropped a download of its own: the shell closes its files and leaves them as they are.
    Released { download: DownloadId },
    /// Notify the caller.
    Event(Event),
}

/// A GET request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub scheme: Scheme,
    pub authority: String,
    pub path_and_query: String,
    pub fields: Vec<(String, String)>,
    /// Longest wait for the connection and for the response head.
    pub timeout: Duration,
}

/// Queries and fields may hold passwords.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path_and_query.split('?').next();
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        let mut shown = f.debug_struct("Request");
        shown.field("scheme", &self.scheme).field("authority", &self.authority).field("path", &path);
        shown.field("fields", &names).finish_non_exhaustive()
    }
}

/// Work on the files of one download: the target, the partial file and its journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskOperation {
    /// Look at the three files named by the local path. Directories that are missing are created, with this durability.
    Open { local_path: String, durability: Durability },
    /// Open the partial file for writing, created if it is missing; emptied if `fresh`. The durability applies to all
    /// later writes, those of the journal included. `length`: its final length, if known.
    Begin { fresh: bool, durability: Durability, passing: Passing, length: Option<u64> },
    /// Make all written bytes survive the event that the durability names.
    Sync,
    /// Replace the journal as a whole, so that a crash leaves the old or the new one.
    ReplaceJournal { bytes: Vec<u8> },
    /// Write at `offset` of the journal, which ends there afterwards.
    AppendJournal { offset: u64, bytes: Vec<u8> },
    /// The digest of `range` of a file; of the whole file if that is `None`.
    Digest { subject: DigestSubject, checksum: Checksum, range: Option<ByteRange> },
    /// The CRC-32 of each of these ranges of the partial file, computed at once: a run that stops does not wait for the driver.
    Checksums { ranges: Vec<ByteRange> },
    /// From now on the target is `name`, one path component, in the directory of the local path. The partial file and the
    /// journal stay where they are.
    Name { name: String },
    /// Cut the partial file to `length`, to make room on the disk.
    Cut { length: u64 },
    /// Decrypt the partial file into another one, which later operations mean.
    Decrypt { info: DecryptionInfo },
    /// Give the partial file its name and remove the journal.
    Publish(Publish),
    /// Remove the partial file and the journal.
    Discard,
    /// Close the files; nothing is removed.
    Close,
}

impl DiskOperation {
    /// Look at the files of a path to which nothing is written.
    pub const fn open(local_path: String) -> Self {
        Self::Open { local_path, durability: Durability::Process }
    }
}

/// Work on the bytes of a stream while they pass, because they cannot be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// Digests of the output, after decryption.
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
    /// The file at the target is the wanted one: only leftovers are removed.
    pub present: bool,
    /// Modification time for the file, in seconds since 1970-01-01 UTC.
    pub modified: Option<u64>,
    /// Length of the file in bytes; the partial file is cut to it.
    pub length: u64,
    /// Stored for [`crate::border::input::TargetFacts::record`]; empty for a file that need not be recognised later.
    pub record: Vec<u8>,
}

impl Publish {
    /// The file has its name: only its side files are removed.
    pub(crate) const LEFTOVERS: Self =
        Self { overwrite: false, present: true, modified: None, length: 0, record: Vec::new() };
}

/// A change of the ledger, to be made and synced before the call that caused it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerChange {
    /// Append `bytes` behind the last whole record. The loss of a record that is not `safe` does no harm.
    Append { bytes: Vec<u8>, safe: bool },
    /// The ledger becomes what [`Engine::write_ledger`](crate::engine::Engine::write_ledger) hands over. Changes queued before it are
    /// part of that.
    Replace,
}

/// A notice for the caller.
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
    /// A file of a job, by its number.
    File(JobId, u32),
}

/// The end of a job, which its callback is called for until it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Transferred,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The status differs from that of the last notice, or a notice of progress is due. Of a job: its state, progress, files or
    /// settings.
    StatusChanged,
    /// Of a job: its owner's callback is to be called, and its answer goes to
    /// [`Engine::job_notified`](crate::engine::Engine::job_notified).
    Ending(Ending),
    /// Of a job: its owner's callback is to be called; no answer is awaited.
    Modification,
    /// Of a job: it belongs to another caller now, and the callback of the one before is not called any more.
    OwnerChanged,
    /// Bytes were dropped and the file is fetched again from its start.
    Restarted(RestartReason),
    /// An attempt failed; another is made after `after`.
    Retrying { cause: Cause, after: Duration },
    /// These bytes of the file did not have their piece's digest, or were changed since an earlier run; they are fetched
    /// again.
    RangeDropped(ByteRange),
    /// The source of this number, counted from 0, is not asked any more.
    SourceDropped { source: usize, cause: Cause },
    /// The digests of the pieces cannot be had; the download goes on without them.
    Unchecked { cause: Cause },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartReason {
    /// The origin serves another version now.
    ContentChanged,
    /// Nothing proves that kept bytes belong to the version served now.
    NotProven,
    /// The origin's ranges cannot be used.
    RangesUnusable,
    /// The partial file or its journal is not as it was left.
    PartialDamaged,
    /// The bytes did not have the expected digest.
    DigestMismatch,
}

impl RestartReason {
    /// Why everything is fetched again.
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
