//! What the engine asks of whoever runs it.

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
    /// Do this with the files of `download`, after what was asked before, and answer with [`crate::border::input::Input::Disk`]. Only
    /// digests may be answered later than what was asked after them.
    Disk { download: DownloadId, id: OperationId, operation: DiskOperation },
    /// Send this request and answer with [`crate::border::input::Input::Head`] or [`crate::border::input::Input::Ended`].
    Request { download: DownloadId, attempt: AttemptId, request: Request },
    /// Drop the exchange; nothing is answered.
    Cancel { attempt: AttemptId },
    /// The first `length` bytes of the partial file are written and stay as they are, as far as can be told now, and digests of the
    /// whole file will be asked for: they can be begun. Nothing is answered, and nothing rests on it. A smaller number than the
    /// last one takes that back; zero where no such digests are awaited any more.
    DigestAhead { download: DownloadId, algorithms: Vec<Algorithm>, length: u64 },
    /// Find out what the content id stands for, and answer with [`crate::border::input::Input::Content`].
    WantContent { download: DownloadId, id: OperationId, content_id: String },
    /// Change the ledger in the state directory, before the call that led to it returns.
    Ledger(LedgerChange),
    /// The engine has let go of a download of its own: whoever runs it lets go of its files, as they are.
    Released { download: DownloadId },
    /// Tell the caller.
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
    /// Open the partial file for writing, created where it is missing; emptied where `fresh`. The durability is that of
    /// everything written from now on, the journal included. `length`: how long it becomes, where that is known.
    Begin { fresh: bool, durability: Durability, passing: Passing, length: Option<u64> },
    /// Make what was written survive what the durability names.
    Sync,
    /// Replace the journal as a whole, so that a crash leaves the old or the new one.
    ReplaceJournal { bytes: Vec<u8> },
    /// Write at `offset` of the journal, which ends there afterwards.
    AppendJournal { offset: u64, bytes: Vec<u8> },
    /// The digest of `range` of a file; of all of it where that is `None`.
    Digest { subject: DigestSubject, checksum: Checksum, range: Option<ByteRange> },
    /// The CRC-32 of each of these ranges of the partial file, computed at once: a run that stops does not wait for the driver.
    Checksums { ranges: Vec<ByteRange> },
    /// The file is to be called `name`, one path component, in the directory of the local path. The partial file and the
    /// journal stay where they are.
    Name { name: String },
    /// Cut the partial file to `length`, to make room on the disk.
    Cut { length: u64 },
    /// Decrypt the partial file into another one, which takes its place in what follows.
    Decrypt { info: DecryptionInfo },
    /// Give the partial file its name and remove the journal.
    Publish(Publish),
    /// Remove the partial file and the journal.
    Discard,
    /// Let go of the files; nothing is removed.
    Close,
}

impl DiskOperation {
    /// Look at the files of a path to which nothing is written.
    pub const fn open(local_path: String) -> Self {
        Self::Open { local_path, durability: Durability::Process }
    }
}

/// What is to be done to the bytes of a stream while they pass, because they cannot be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// Digests of what comes out at the end.
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
    /// Bytes that the file has; what lies beyond them in the partial file is cut.
    pub length: u64,
    /// To be kept for [`crate::border::input::TargetFacts::record`]; empty for a file that is not to be recognised.
    pub record: Vec<u8>,
}

impl Publish {
    /// The file has its name: what lies beside it goes.
    pub(crate) const LEFTOVERS: Self =
        Self { overwrite: false, present: true, modified: None, length: 0, record: Vec::new() };
}

/// A change of the ledger, to be made and synced before the call that caused it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerChange {
    /// Behind the last whole record. A record that need not be `safe` is not missed if it is lost.
    Append { bytes: Vec<u8>, safe: bool },
    /// The ledger becomes what [`Engine::write_ledger`](crate::engine::Engine::write_ledger) hands over. Changes queued before it are
    /// part of that.
    Replace,
}

/// Something the caller may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub subject: Subject,
    pub what: Happening,
}

/// What an event is about.
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
    /// The status differs from the last one told, or the time for another look has come. Of a job: its state, progress, files or
    /// settings.
    StatusChanged,
    /// Of a job: its owner's callback is to be called, and its answer told to
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
