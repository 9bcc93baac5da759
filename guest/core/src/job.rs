//! A BITS job: many files that are fetched together, each by a download of the engine's own while it has its turn.
//!
//! ```text
//!             resume                         all files here                complete
//!  Suspended ───────▶ Queued ⇄ Transferring ────────────────▶ Transferred ─────────▶ Acknowledged
//!      ▲                │  ▲ │      │
//!      └── suspend ─────┘  │ │      └─ what cannot mend itself ─▶ Error ─ resume ─▶ …
//!             what mends itself ⇄ TransientError ─ no progress ─▶ Error
//! ```
//!
//! Queued, Transferring and TransientError are one phase, in which the job runs; which of them it is follows from its files.

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

/// BG_JOB_STATE without Connecting, in which no job of this engine is.
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

/// BG_ERROR_CONTEXT, as far as DO uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorContext {
    None,
    RemoteFile,
}

/// Why a job is in Error or TransientError.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    pub cause: Cause,
    /// The number of the file that it happened to.
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

/// What a file of a job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    Waiting,
    Transferring,
    Retrying,
    Transferred,
    Failed,
    Over,
}

/// A file that has its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub download: DownloadId,
    /// Why its transfer waits to try again.
    pub waiting: Option<Cause>,
}

#[derive(Debug)]
pub struct Job {
    id: u128,
    owner: String,
    pub(crate) settings: Settings,
    /// It is a draft: callers do not find it, and the ledger does not have it.
    pub(crate) is_draft: bool,
    /// Whether its owner's callback is there.
    pub(crate) calls_back: bool,
    files: Vec<JobFile>,
    /// File ids that were given.
    ids: BTreeSet<Arc<str>>,
    /// Files whose new remote name is not kept yet.
    pub(crate) renamed: BTreeSet<u32>,
    pub(crate) phase: Phase,
    /// The files that are here are getting their names.
    pub(crate) completing: bool,
    /// Files that seem untouched may have had their turn in an earlier engine.
    pub(crate) is_unsure: bool,
    /// An earlier attempt to complete it has begun to give names.
    pub(crate) was_completing: bool,
    /// It is being completed: nothing of it has a turn.
    pub(crate) is_ending: bool,
    /// It was cancelled because its owner had not changed it for 30 days.
    pub(crate) is_too_old: bool,
    pub(crate) line: Line,
    counts: Counts,
    pub(crate) turns: BTreeMap<u32, Turn>,
    pub(crate) failed: BTreeSet<u32>,
    pub(crate) failure: Option<JobFailure>,
    /// Why the network may not be used.
    pub(crate) blocked: Option<Cause>,
    pub(crate) error_count: u32,
    pub(crate) times: JobTimes,
    pub(crate) notices: Notices,
    /// The state that was looked at last.
    pub(crate) seen: JobState,
    /// The next file to look at while the job ends.
    pub(crate) swept: u32,
    pub(crate) charged: usize,
}

impl Job {
    /// # Errors
    ///
    /// Those of its name.
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

    /// The number of its GUID.
    pub const fn id(&self) -> u128 {
        self.id
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Drops the settings that are for one owner only.
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

    /// Time without a byte after which a failed file is given up.
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

    /// Completed or cancelled.
    pub const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Acknowledged | Phase::Cancelled)
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] for one that is over, [`Cause::JobTooOld`] where that is why.
    pub(crate) const fn require_open(&self) -> Result<(), Cause> {
        if !self.is_over() {
            Ok(())
        } else if self.is_too_old {
            Err(Cause::JobTooOld)
        } else {
            Err(Cause::InvalidState)
        }
    }

    /// Whether callers find it.
    pub(crate) const fn is_found(&self) -> bool {
        !self.is_over() && !self.is_draft
    }

    /// Whether it is over, and its files may have left something.
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

    /// What stops a job that will go on by itself.
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

    /// Changes a file; the sums follow.
    pub(crate) fn update<R>(&mut self, index: u32, change: impl FnOnce(&mut JobFile) -> R) -> Option<R> {
        let file = self.files.get_mut(index as usize)?;
        self.counts.take(file);
        let result = change(file);
        self.counts.add(file);
        Some(result)
    }

    /// # Errors
    ///
    /// [`Cause::FileIdTaken`]; nothing was added then.
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

    /// The files from number `from` on go again.
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

    /// Whether nothing is left to fetch.
    pub(crate) fn has_everything(&self) -> bool {
        self.counts.files_here() == self.files_total()
    }

    /// Whether something of the file may lie beside its target.
    pub(crate) fn may_have_left_files(&self, index: u32) -> bool {
        self.file(index).is_some_and(|file| match file.stage {
            Stage::Waiting => self.is_unsure,
            Stage::Named | Stage::Dropped => false,
            Stage::Begun | Stage::Failed(_) | Stage::Transferred | Stage::Present => true,
        })
    }

    /// Who is to hear of it.
    pub(crate) fn audience(&self) -> Audience {
        let flags = self.settings.notify_flags;
        let is_called = (self.calls_back || self.settings.notification_class != 0) && !flags.has(NotifyFlags::DISABLE);
        Audience {
            transferred: is_called && flags.has(NotifyFlags::JOB_TRANSFERRED),
            error: is_called && flags.has(NotifyFlags::JOB_ERROR),
            modification: is_called && flags.has(NotifyFlags::JOB_MODIFICATION),
        }
    }

    /// The most urgent of its files that waits for a place.
    pub(crate) fn first_in_line(&mut self) -> Option<u32> {
        self.line.first(&self.files)
    }

    /// Files that have failed are to be fetched once more; gives their numbers.
    pub(crate) fn forgive_failed(&mut self) -> BTreeSet<u32> {
        let failed = core::mem::take(&mut self.failed);
        for index in &failed {
            self.update(*index, |file| file.stage = Stage::Begun);
            self.line.come_back(*index);
        }
        failed
    }

    /// A file without a turn may be due now, or not any more.
    pub(crate) fn reconsider(&mut self, index: u32) {
        let is_due = self.file(index).is_some_and(JobFile::is_due);
        self.line.withdraw(index);
        if is_due {
            self.line.come_back(index);
        }
    }

    /// Whether a file has no path to go to.
    pub(crate) const fn lacks_a_path(&self) -> bool {
        self.counts.files_without_path() > 0
    }

    /// The callback is another one, or is back: it is called for an end that came before.
    pub(crate) fn repeat_ending_notice(&mut self, now: Instant) {
        self.notices.begin_anew(self.ending(), now);
    }

    /// What its owner has to hear of in its present state.
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

    /// Whether a record of it in the ledger holds a secret.
    pub(crate) fn has_secrets(&self) -> bool {
        self.settings.has_secrets() || self.files.iter().any(JobFile::has_secrets)
    }

    /// Bytes that its owner has set, its files included.
    pub(crate) fn footprint(&self) -> usize {
        self.footprint_of_settings() + self.files.iter().map(JobFile::footprint).sum::<usize>()
    }
}
