//! A BITS job: files that are fetched together. While a file has its turn, an internal download fetches it.
//!
//! ```text
//!             resume                         all files here                complete
//!  Suspended ───────▶ Queued ⇄ Transferring ────────────────▶ Transferred ─────────▶ Acknowledged
//!      ▲                │  ▲ │      │
//!      └── suspend ─────┘  │ │      └─ permanent failure ─▶ Error ─ resume ─▶ …
//!             transient failure ⇄ TransientError ─ no progress ─▶ Error
//! ```
//!
//! Queued, Transferring and TransientError are one phase, in which the job runs. The state of its files decides between them.

mod counts;
pub(crate) mod file;
mod line;
mod notices;
mod persist;
mod settings;
mod stats;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use self::counts::Counts;
pub(crate) use self::file::{JobFile, Stage};
pub use self::file::{NewFile, Refused};
pub(crate) use self::line::Line;
pub(crate) use self::notices::{Audience, Notices};
pub(crate) use self::persist::StoredJob;
pub(crate) use self::settings::Settings;
pub use self::settings::{JobOptions, NotifyFlags, Priority, Setting};
pub use self::stats::{Stats, SwarmStatus};
use crate::border::identity::DownloadId;
use crate::border::output::Ending;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::settings::proxy::ProxySettings;

/// BG_JOB_STATE without Connecting, which the engine never reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Queued,
    Transferring,
    Suspended,
    Error,
    TransientError,
    Transferred,
    Acknowledged,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Suspended,
    Running,
    Error,
    Transferred,
    Acknowledged,
    Cancelled,
}

/// The values of BG_ERROR_CONTEXT that DO uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorContext {
    None,
    RemoteFile,
}

/// The cause of the state Error or TransientError.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    pub cause: Cause,
    /// Index of the file that failed.
    pub file: Option<u32>,
}

impl JobFailure {
    pub const fn context(&self) -> ErrorContext {
        match self.cause {
            Cause::HttpStatus(403) => ErrorContext::RemoteFile,
            _ => ErrorContext::None,
        }
    }
}

/// BG_JOB_PROGRESS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobProgress {
    pub bytes_total: Option<u64>,
    pub bytes_transferred: u64,
    pub files_total: u32,
    pub files_transferred: u32,
}

/// BG_JOB_TIMES, in units of 100 ns since 1601-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTimes {
    pub creation: u64,
    pub modification: u64,
    pub transfer_completion: Option<u64>,
}

/// BG_FILE_PROGRESS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileProgress {
    pub bytes_total: Option<u64>,
    pub bytes_transferred: u64,
    pub completed: bool,
}

/// State of a file of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    Waiting,
    Transferring,
    Retrying,
    Transferred,
    Failed,
    Over,
}

/// The turn of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub download: DownloadId,
    /// The cause for which its transfer waits for a retry.
    pub waiting: Option<Cause>,
}

#[derive(Debug)]
pub struct Job {
    id: u128,
    owner: String,
    pub(crate) settings: Settings,
    /// The job is being created and not visible yet.
    pub(crate) is_draft: bool,
    /// The owner's callback is attached.
    pub(crate) calls_back: bool,
    files: Vec<JobFile>,
    /// Explicit file ids.
    ids: BTreeSet<Arc<str>>,
    /// Files whose new remote name is not stored yet.
    pub(crate) renamed: BTreeSet<u32>,
    pub(crate) phase: Phase,
    /// The engine is renaming the transferred files.
    pub(crate) completing: bool,
    /// Files that seem untouched may have had a turn in an earlier engine.
    pub(crate) is_unsure: bool,
    /// An earlier attempt to complete the job has started to rename files.
    pub(crate) was_completing: bool,
    /// The job is being completed, so no file has a turn.
    pub(crate) is_ending: bool,
    /// The engine cancelled the job because it was neither completed nor changed for too long.
    pub(crate) is_too_old: bool,
    pub(crate) line: Line,
    counts: Counts,
    pub(crate) turns: BTreeMap<u32, Turn>,
    pub(crate) failed: BTreeSet<u32>,
    pub(crate) failure: Option<JobFailure>,
    /// The reason why the job must not use the network.
    pub(crate) blocked: Option<Cause>,
    pub(crate) error_count: u32,
    pub(crate) times: JobTimes,
    pub(crate) notices: Notices,
    /// The last observed state.
    pub(crate) seen: JobState,
    /// Index of the next file to clean up while the job ends.
    pub(crate) swept: u32,
    pub(crate) charged: usize,
}

impl Job {
    /// # Errors
    ///
    /// Those of an invalid name.
    pub(crate) fn new(id: u128, owner: String, display_name: String, now: u64) -> Result<Self, Cause> {
        let times = JobTimes { creation: now, modification: now, transfer_completion: None };
        Ok(Self::with(id, owner, Settings::named(display_name)?, times))
    }

    fn with(id: u128, owner: String, settings: Settings, times: JobTimes) -> Self {
        Self {
            id,
            owner,
            settings,
            is_draft: false,
            calls_back: false,
            files: Vec::new(),
            ids: BTreeSet::new(),
            renamed: BTreeSet::new(),
            phase: Phase::Suspended,
            completing: false,
            is_unsure: false,
            was_completing: false,
            is_ending: false,
            is_too_old: false,
            line: Line::default(),
            counts: Counts::default(),
            turns: BTreeMap::new(),
            failed: BTreeSet::new(),
            failure: None,
            blocked: None,
            error_count: 0,
            times,
            notices: Notices::default(),
            seen: JobState::Suspended,
            swept: 0,
            charged: 0,
        }
    }

    /// The GUID as a number.
    pub const fn id(&self) -> u128 {
        self.id
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Changes the owner. Drops the previous owner's headers, which may be secret, and the callback.
    pub(crate) fn give_to(&mut self, owner: String) {
        self.calls_back &= self.owner == owner;
        self.owner = owner;
        self.settings.options.custom_headers.clear();
        self.settings.options.auth_headers.clear();
    }

    pub fn display_name(&self) -> &str {
        &self.settings.display_name
    }

    pub fn description(&self) -> &str {
        &self.settings.description
    }

    pub const fn priority(&self) -> Priority {
        self.settings.priority
    }

    pub const fn notify_flags(&self) -> NotifyFlags {
        self.settings.notify_flags
    }

    pub const fn notify_interface(&self) -> bool {
        self.calls_back
    }

    /// Seconds.
    pub const fn minimum_retry_delay(&self) -> u32 {
        self.settings.minimum_retry_delay
    }

    /// Seconds.
    pub fn no_progress_timeout(&self) -> u32 {
        self.settings.no_progress_timeout()
    }

    /// Time without a byte after which the engine gives up a failed file.
    pub(crate) fn no_progress_duration(&self) -> Duration {
        Duration::from_secs(self.no_progress_timeout().into())
    }

    pub fn cost_flags(&self) -> crate::settings::network::CostFlags {
        self.settings.cost_flags()
    }

    /// The number of a GUID; zero for none.
    pub const fn notification_class(&self) -> u128 {
        self.settings.notification_class
    }

    pub const fn options(&self) -> &JobOptions {
        &self.settings.options
    }

    pub const fn proxy(&self) -> &ProxySettings {
        &self.settings.proxy
    }

    pub const fn error_count(&self) -> u32 {
        self.error_count
    }

    pub const fn times(&self) -> JobTimes {
        self.times
    }

    /// Whether its files may be fetched now.
    pub(crate) fn may_run(&self) -> bool {
        self.phase == Phase::Running && self.blocked.is_none() && !self.is_ending
    }

    /// Whether it is completed or cancelled.
    pub const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Acknowledged | Phase::Cancelled)
    }

    /// # Errors
    ///
    /// [`Cause::JobTooOld`] if the engine cancelled the job for its age, [`Cause::InvalidState`] if it is over for another reason.
    pub(crate) const fn require_open(&self) -> Result<(), Cause> {
        if !self.is_over() {
            Ok(())
        } else if self.is_too_old {
            Err(Cause::JobTooOld)
        } else {
            Err(Cause::InvalidState)
        }
    }

    /// Whether callers can find it.
    pub(crate) const fn is_found(&self) -> bool {
        !self.is_over() && !self.is_draft
    }

    /// Whether it is over and may have left files on disk.
    pub(crate) const fn is_unswept(&self) -> bool {
        self.is_over() && self.swept < self.files_total()
    }

    pub fn state(&self) -> JobState {
        match self.phase {
            Phase::Suspended => JobState::Suspended,
            Phase::Running if self.blocked.is_some() => JobState::TransientError,
            Phase::Running if self.turns.values().any(|turn| turn.waiting.is_none()) => JobState::Transferring,
            Phase::Running if !self.turns.is_empty() => JobState::TransientError,
            Phase::Running if self.is_waiting_for_a_place() => JobState::Queued,
            Phase::Running => JobState::TransientError,
            Phase::Error => JobState::Error,
            Phase::Transferred => JobState::Transferred,
            Phase::Acknowledged => JobState::Acknowledged,
            Phase::Cancelled => JobState::Cancelled,
        }
    }

    fn is_waiting_for_a_place(&self) -> bool {
        self.line.next_retry().is_none() || self.line.has(&self.files)
    }

    pub fn failure(&self) -> Option<JobFailure> {
        match self.state() {
            JobState::Error => self.failure,
            JobState::TransientError => Some(self.passing_failure()),
            _ => None,
        }
    }

    /// The cause of a transient failure.
    fn passing_failure(&self) -> JobFailure {
        let waiting = self.turns.iter().find_map(|(index, turn)| Some((*index, turn.waiting?)));
        match (self.blocked, waiting.or_else(|| self.line.first_retry())) {
            (Some(cause), _) => JobFailure { cause, file: None },
            (None, Some((index, cause))) => JobFailure { cause, file: Some(index) },
            (None, None) => JobFailure { cause: Cause::Engine, file: None },
        }
    }

    pub fn progress(&self) -> JobProgress {
        JobProgress {
            bytes_total: self.counts.total(),
            bytes_transferred: self.counts.written(),
            files_total: self.files_total(),
            files_transferred: self.counts.files_here(),
        }
    }

    pub const fn files_total(&self) -> u32 {
        self.files.len() as u32
    }

    pub(crate) fn files(&self) -> &[JobFile] {
        &self.files
    }

    pub(crate) fn file(&self, index: u32) -> Option<&JobFile> {
        self.files.get(index as usize)
    }

    pub(crate) const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Changes a file and updates the sums.
    pub(crate) fn update<R>(&mut self, index: u32, change: impl FnOnce(&mut JobFile) -> R) -> Option<R> {
        let file = self.files.get_mut(index as usize)?;
        self.counts.take(file);
        let result = change(file);
        self.counts.add(file);
        Some(result)
    }

    /// # Errors
    ///
    /// [`Cause::FileIdTaken`]; in this case no file is added.
    pub(crate) fn add(&mut self, files: Vec<JobFile>) -> Result<(), Refused> {
        let from = self.files.len();
        for file in files {
            if let Some(id) = &file.id
                && !self.ids.insert(id.clone())
            {
                self.take_back_files(from);
                return Err(file.refused(Cause::FileIdTaken));
            }
            self.put(file);
        }
        Ok(())
    }

    fn put(&mut self, file: JobFile) {
        self.counts.add(&file);
        self.files.push(file);
    }

    /// Removes the files with the index `from` and higher.
    pub(crate) fn take_back_files(&mut self, from: usize) -> Vec<JobFile> {
        let gone = self.files.split_off(from.min(self.files.len()));
        for file in &gone {
            self.counts.take(file);
            if let Some(id) = &file.id {
                self.ids.remove(id);
            }
        }
        let from = self.files_total();
        self.line.cut(from);
        self.failed.split_off(&from);
        self.renamed.split_off(&from);
        gone
    }

    /// Whether nothing remains to be fetched.
    pub(crate) fn has_everything(&self) -> bool {
        self.counts.files_here() == self.files_total()
    }

    /// Whether the file may have a partial file or journal next to its target.
    pub(crate) fn may_have_left_files(&self, index: u32) -> bool {
        self.file(index).is_some_and(|file| match file.stage {
            Stage::Waiting => self.is_unsure,
            Stage::Named | Stage::Dropped => false,
            Stage::Begun | Stage::Failed(_) | Stage::Transferred | Stage::Present => true,
        })
    }

    /// The callbacks that are enabled.
    pub(crate) fn audience(&self) -> Audience {
        let flags = self.settings.notify_flags;
        let is_called = (self.calls_back || self.settings.notification_class != 0) && !flags.has(NotifyFlags::DISABLE);
        Audience {
            transferred: is_called && flags.has(NotifyFlags::JOB_TRANSFERRED),
            error: is_called && flags.has(NotifyFlags::JOB_ERROR),
            modification: is_called && flags.has(NotifyFlags::JOB_MODIFICATION),
        }
    }

    /// The first of its files that waits for the scheduler.
    pub(crate) fn first_in_line(&mut self) -> Option<u32> {
        self.line.first(&self.files)
    }

    /// Queues failed files again; returns their indices.
    pub(crate) fn forgive_failed(&mut self) -> BTreeSet<u32> {
        let failed = core::mem::take(&mut self.failed);
        for index in &failed {
            self.update(*index, |file| file.stage = Stage::Begun);
            self.line.come_back(*index);
        }
        failed
    }

    /// Updates the place in line of a file without a turn.
    pub(crate) fn reconsider(&mut self, index: u32) {
        let is_due = self.file(index).is_some_and(JobFile::is_due);
        self.line.withdraw(index);
        if is_due {
            self.line.come_back(index);
        }
    }

    /// Whether a file has no local path.
    pub(crate) const fn lacks_a_path(&self) -> bool {
        self.counts.files_without_path() > 0
    }

    /// Sends the notice of the job's end again, to a new callback.
    pub(crate) fn repeat_ending_notice(&mut self, now: Instant) {
        self.notices.begin_anew(self.ending(), now);
    }

    /// The end that the owner must be notified of in the present phase.
    pub(crate) const fn ending(&self) -> Option<Ending> {
        match self.phase {
            Phase::Error => Some(Ending::Error),
            Phase::Transferred => Some(Ending::Transferred),
            _ => None,
        }
    }

    pub(crate) fn footprint_of_settings(&self) -> usize {
        size_of::<Self>() + self.settings.footprint()
    }

    /// Whether a ledger record of the job holds a secret.
    pub(crate) fn has_secrets(&self) -> bool {
        self.settings.has_secrets() || self.files.iter().any(JobFile::has_secrets)
    }

    /// Bytes charged to the owner, including files.
    pub(crate) fn footprint(&self) -> usize {
        self.footprint_of_settings() + self.files.iter().map(JobFile::footprint).sum::<usize>()
    }
}
