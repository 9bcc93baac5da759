//! Files of jobs during their turns. The engine fetches each with an internal download, which lives as long as the turn.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::Engine;
use super::run_queue::{Due, LimitedOrigin, Waiter};
use crate::border::identity::{DownloadId, JobId};
use crate::border::output::{Happening, Subject};
use crate::border::time::Instant;
use crate::download::{Download, StartMode, State, Status};
use crate::failure::Cause;
use crate::job::{JobFailure, JobFile, Phase, Priority, Stage, Turn};
use crate::layout::Wanted;
use crate::pacing::retry::Wait;

/// Length of a turn while other waiters are due; after it a file queues behind them. Long enough for a connection to reach its rate, so
/// that switching costs little.
pub(super) const TURN: Duration = Duration::from_secs(30);

/// A request to end the turn before the file is complete.
#[derive(Clone, Copy, Debug)]
struct Stop {
    /// The failures that count in the file's next turn.
    tried: Option<Wait>,
}

/// A file of a job, during its turn.
#[derive(Debug)]
pub(super) struct ActiveFile {
    pub job: JobId,
    pub index: u32,
    level: Priority,
    /// The origin with reserved room for it.
    origin: LimitedOrigin,
    /// It got its turn although a waiter with a higher priority was due.
    out_of_order: bool,
    /// Start of the current turn; extending the turn moves it.
    since: Instant,
    began: Instant,
    /// Bytes received in this turn and earlier ones, dropped bytes included.
    pub received: u64,
    /// Duration of earlier turns in milliseconds.
    before: u32,
    stop: Option<Stop>,
}

impl Engine {
    /// Gives a free place to the next waiter, or makes room for it; returns whether anything changed.
    pub(super) fn admit(&mut self, now: Instant) -> bool {
        if self.closing {
            return false;
        }
        match self.scheduler.run_queue.due(&self.places()) {
            Some(due) if self.scheduler.has_place() => {
                self.scheduler.run_queue.take(due);
                match due.waiter {
                    Waiter::Download(download) => self.mutate(now, download, Download::admit).is_ok(),
                    Waiter::Job(job) => {
                        self.book.touched.insert(job);
                        self.begin_turn(now, job, due);
                        true
                    }
                }
            }
            Some(due) if self.make_room(now, due, None) || self.share_place(now, due) => true,
            _ => self
                .scheduler
                .run_queue
                .due_at_origins()
                .into_iter()
                .any(|(origin, due)| self.make_room(now, due, Some(&origin))),
        }
    }

    /// Ends one turn for `due`, at `origin` if that has no room: first that of a file that waits for a retry, otherwise one with a lower
    /// priority. Ends one at a time, because the place is free only once the turn has ended.
    fn make_room(&mut self, now: Instant, due: Due, origin: Option<&Arc<str>>) -> bool {
        let concerns = |active: &ActiveFile| origin.is_none() || active.origin.as_ref() == origin;
        let concerned = || self.book.active_files.iter().filter(|(_, active)| concerns(active));
        if concerned().any(|(_, active)| active.stop.is_some()) {
            return false;
        }
        let waits = |id: &DownloadId| self.downloads.get(id).is_some_and(|known| known.wait().is_some());
        let gives_way = |active: &ActiveFile| !due.out_of_order && active.level > due.level && !active.out_of_order;
        let waiting = concerned().find(|(id, _)| waits(id)).map(|(id, _)| *id);
        let less_urgent = || {
            let others = concerned().filter(|(_, active)| gives_way(active));
            others.max_by_key(|(_, active)| (active.level, active.began)).map(|(id, _)| *id)
        };
        let Some(download) = waiting.or_else(less_urgent) else { return false };
        self.give_way(now, download);
        true
    }

    /// Ends the turn of a file because another waiter is due. Its failures count in its next turn.
    fn give_way(&mut self, now: Instant, download: DownloadId) {
        let tried = self.downloads.get(&download).and_then(|known| known.trouble(now));
        self.stop_active_file(now, download, tried);
    }

    fn stop_active_file(&mut self, now: Instant, download: DownloadId, tried: Option<Wait>) {
        if let Some(active) = self.book.active_files.get_mut(&download) {
            active.stop.get_or_insert(Stop { tried });
            let _ = self.mutate(now, download, |download, cx| download.pause(cx));
        }
    }

    /// Ends the turns of all files of `job`.
    pub(super) fn stop_turns(&mut self, now: Instant, job: JobId) {
        self.book.turns_of(job).into_iter().for_each(|download| self.end_turn(now, download));
    }

    /// Ends the turn of a file; its next turn starts with no failures.
    pub(super) fn end_turn(&mut self, now: Instant, download: DownloadId) {
        self.stop_active_file(now, download, None);
    }

    /// Files of `job` that wait for a retry start it at once.
    pub(super) fn retry_now(&mut self, now: Instant, job: JobId) {
        for download in self.book.turns_of(job) {
            let _ = self.mutate(now, download, |download, cx| download.ask_at_once(cx));
        }
    }

    /// Ends the turn and removes the bytes that it fetched.
    pub(super) fn drop_turn(&mut self, now: Instant, download: DownloadId) {
        let _ = self.mutate(now, download, |download, cx| download.abort(cx));
        self.end_turn_of(download);
    }

    /// Starts the turn of the job's next file.
    fn begin_turn(&mut self, now: Instant, id: JobId, due: Due) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let Some(index) = job.first_in_line() else { return };
        let tried = job.line.leave(index, now);
        let Some(file) = job.file(index) else { return };
        let (wanted, received, before) = (file.wanted(), file.received, file.active);
        let made = match Download::for_job_file(job, file, tried) {
            Ok(made) => made,
            Err(cause) => return self.fail_file(now, id, index, cause),
        };
        let download = self.outbox.new_download();
        self.downloads.insert(download, made);
        let origin = self.book.jobs.get(&id).and_then(|job| self.scheduler.limited_origin(job.file(index)?));
        if let Some(origin) = &origin {
            self.scheduler.origins.keep_room(download, origin);
        }
        let Due { level, out_of_order, .. } = due;
        let active = ActiveFile {
            job: id,
            index,
            level,
            origin,
            out_of_order,
            since: now,
            began: now,
            received,
            before,
            stop: None,
        };
        self.book.active_files.insert(download, active);
        if let Some(job) = self.book.jobs.get_mut(&id) {
            job.turns.insert(index, Turn { download, waiting: None });
            job.update(index, |file| file.stage = Stage::Begun);
        }
        self.record_step(id, index);
        self.notify_file(id, index);
        let mode = match wanted {
            Wanted::Whole => StartMode::WholeFile,
            Wanted::Ranges(ranges) => StartMode::Ranges(ranges),
        };
        let (abilities, network) = (self.settings.abilities, self.scheduler.network);
        let begun = self.mutate(now, download, |download, cx| {
            download.start(mode, abilities)?;
            download.obey(cx, &network);
            download.admit(cx);
            Ok(())
        });
        if let Ok(Err(cause)) | Err(cause) = begun {
            self.end_turn_of(download);
            self.fail_file(now, id, index, cause);
        }
    }

    /// Updates a file of a job from the download that fetches it.
    pub(super) fn update_active_file(&mut self, now: Instant, download: DownloadId) {
        let Some(active) = self.book.active_files.get(&download) else { return };
        let (id, index, received) = (active.job, active.index, active.received);
        let Some(known) = self.downloads.get(&download) else { return };
        let status = known.status();
        let millis = u32::try_from(now.since(active.began).as_millis()).unwrap_or(u32::MAX);
        let millis = active.before.saturating_add(millis);
        let is_started = known.is_started();
        let present = known.is_present();
        let total = known.found_total();
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let moved = job.file(index).is_some_and(|file| file.written != status.bytes_transferred);
        job.update(index, |file| {
            file.written = status.bytes_transferred;
            if let Some(total) = total {
                file.found_total(total);
            }
            (file.received, file.active) = (received, millis);
        });
        if let Some(turn) = job.turns.get_mut(&index) {
            turn.waiting = status.extended_error;
        }
        self.book.touched.insert(id);
        if moved {
            self.book.modified(now, id);
        }
        match status {
            Status { state: State::Created, .. } => {}
            Status { state: State::Transferred, .. } => self.file_is_here(now, download, present),
            Status { state: State::Paused, error: Some(cause), .. } if !is_started => {
                self.end_turn_of(download);
                self.fail_file(now, id, index, cause);
            }
            Status { state: State::Paused, .. } if !is_started => self.turn_was_ended(now, download),
            _ => {}
        }
    }

    fn file_is_here(&mut self, now: Instant, download: DownloadId, present: bool) {
        let Some(active) = self.book.active_files.get(&download) else { return };
        let (id, index) = (active.job, active.index);
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let stage = if present { Stage::Present } else { Stage::Transferred };
        job.update(index, |file| {
            file.stage = stage;
            file.forget_renewal();
        });
        if job.file(index).is_some_and(JobFile::is_encrypted) {
            // Dropping the download would lose the decrypted file.
            self.book.active_files.remove(&download);
            job.turns.remove(&index);
            self.book.publishing.held.insert((id, index), download);
        } else {
            self.end_turn_of(download);
        }
        self.record_step(id, index);
        self.notify_file(id, index);
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        if job.has_everything() && matches!(job.phase, Phase::Running | Phase::Error) {
            self.book.transferred(now, id);
        } else {
            self.fail_if_stuck(now, id);
        }
    }

    /// The download has paused because its turn was ended.
    fn turn_was_ended(&mut self, now: Instant, download: DownloadId) {
        let Some(ActiveFile { job: id, index, stop, .. }) = self.end_turn_of(download) else { return };
        self.record_step(id, index);
        self.notify_file(id, index);
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let timeout = job.no_progress_duration();
        match stop.and_then(|stop| stop.tried).filter(|_| job.phase == Phase::Running) {
            Some(tried) => job.line.retry(index, tried, now, timeout),
            None => job.line.come_back(index),
        }
    }

    /// Drops the download of a file; the bytes that it fetched stay on disk next to the target.
    fn end_turn_of(&mut self, download: DownloadId) -> Option<ActiveFile> {
        let active = self.book.active_files.remove(&download)?;
        self.keep_headers(active.job, active.index, download);
        if let Some(job) = self.book.jobs.get_mut(&active.job) {
            job.turns.remove(&active.index);
        }
        self.book.touched.insert(active.job);
        self.release(download);
        Some(active)
    }

    /// Forgets an internal download and cancels its exchanges.
    pub(super) fn release(&mut self, download: DownloadId) {
        for attempt in self.outbox.exchanges_of(download) {
            self.scheduler.origins.closed(attempt);
            self.outbox.cancel(attempt);
        }
        self.forget(download);
        self.mutated.remove(&download);
        self.outbox.released(download);
    }

    /// Fails a file, and also its job unless the job continues without failed files.
    pub(super) fn fail_file(&mut self, now: Instant, id: JobId, index: u32, cause: Cause) {
        self.give_file_up(id, index, cause);
        if self.book.jobs.get(&id).is_some_and(|job| job.settings.options.keep_going) {
            self.fail_if_stuck(now, id);
        } else {
            self.fail_job(now, id, JobFailure { cause, file: Some(index) });
        }
    }

    pub(super) fn give_file_up(&mut self, id: JobId, index: u32, cause: Cause) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        job.update(index, |file| file.stage = Stage::Failed(cause));
        job.failed.insert(index);
        self.book.touched.insert(id);
        self.record_step(id, index);
        self.notify_file(id, index);
    }

    /// A job that continues without failed files enters Error when no other file is left to fetch.
    pub(super) fn fail_if_stuck(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.book.jobs.get_mut(&id).filter(|job| job.phase == Phase::Running) else { return };
        let idle = job.turns.is_empty() && job.first_in_line().is_none() && job.line.next_retry().is_none();
        let Some(file) = job.failed.first().copied().filter(|_| idle) else { return };
        if let Some(Stage::Failed(cause)) = job.file(file).map(|file| file.stage) {
            self.fail_job(now, id, JobFailure { cause, file: Some(file) });
        }
    }

    fn fail_job(&mut self, now: Instant, id: JobId, failure: JobFailure) {
        let Some(job) = self.book.jobs.get_mut(&id).filter(|job| job.phase == Phase::Running) else { return };
        job.phase = Phase::Error;
        job.failure = Some(failure);
        self.book.touched.insert(id);
        self.stop_turns(now, id);
    }

    pub(super) fn notify_file(&mut self, job: JobId, index: u32) {
        self.outbox.event(Subject::File(job, index), Happening::StatusChanged);
    }

    /// Ends the turns that are over if other waiters are due; otherwise extends them.
    pub(super) fn end_turns(&mut self, now: Instant) {
        let over = self.book.active_files.iter().filter(|(_, active)| active.is_over(now));
        let mut over: Vec<_> = over.map(|(id, active)| (active.since, *id)).collect();
        over.sort_unstable();
        for (_, download) in over {
            let Some(active) = self.book.active_files.get(&download) else { continue };
            self.scheduler.run_queue.count(active.level);
            let is_left_alone = self.downloads.get(&download).is_some_and(Download::is_better_left_alone);
            if !is_left_alone && self.is_asked_for(active) {
                self.scheduler.run_queue.go_behind(Waiter::Job(active.job));
                self.give_way(now, download);
            } else if let Some(active) = self.book.active_files.get_mut(&download) {
                active.since = now;
                active.out_of_order &= is_left_alone;
            }
        }
    }

    /// Whether the waiters for the file's place, or for its room at an origin, outnumber the files that are already making room.
    fn is_asked_for(&self, active: &ActiveFile) -> bool {
        let given = |origin: Option<&Arc<str>>| {
            let concerns = |other: &&ActiveFile| origin.is_none() || other.origin.as_ref() == origin;
            self.book.active_files.values().filter(concerns).filter(|other| other.stop.is_some()).count()
        };
        let rivals = |origin: Option<&Arc<str>>| {
            self.scheduler.run_queue.rivals(Waiter::Job(active.job), active.level, origin, self.book.active_files.len())
        };
        let asked = |origin: Option<&Arc<str>>| rivals(origin) > given(origin);
        let is_full = |origin: &&Arc<str>| !self.scheduler.origins.has_room(origin, false);
        (!self.scheduler.has_place() && asked(None))
            || active.origin.as_ref().filter(is_full).is_some_and(|origin| asked(Some(origin)))
    }

    /// Time at which the first turn is over; `None` if no waiter is due.
    pub(super) fn next_end_of_turn(&self) -> Option<Instant> {
        let ends =
            self.book.active_files.values().filter(|active| active.stop.is_none()).map(|active| active.since + TURN);
        ends.min().filter(|_| !self.scheduler.run_queue.is_empty())
    }

    /// Applies the priority and the timeouts of a job to its active files.
    pub(super) fn change_turns(&mut self, id: JobId) {
        let Some(job) = self.book.jobs.get(&id) else { return };
        for (index, turn) in &job.turns {
            if let Some(active) = self.book.active_files.get_mut(&turn.download) {
                active.level = job.priority();
            }
            if let Some((known, file)) = self.downloads.get_mut(&turn.download).zip(job.file(*index)) {
                known.obey_job(job, file);
            }
        }
    }
}

impl ActiveFile {
    fn is_over(&self, now: Instant) -> bool {
        self.stop.is_none() && now >= self.since + TURN
    }
}
