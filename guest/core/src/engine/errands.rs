//! The files of jobs that have their turn: each is fetched by a download of the engine's own, which lives as long as the turn.

use alloc::vec::Vec;
use core::time::Duration;

use super::Engine;
use super::turns::{Due, Waiter};
use crate::download::{Download, StartMode, State, Status};
use crate::failure::Cause;
use crate::identity::{DownloadId, JobId};
use crate::job::{JobFailure, JobFile, Phase, Priority, Retry, Stage, Turn};
use crate::layout::Wanted;
use crate::output::{Event, Happening, Output, Subject};
use crate::time::Instant;

/// How long a file has its turn while others wait for one.
const TURN: Duration = Duration::from_secs(30);

/// Why a turn is ended before the file is here.
#[derive(Clone, Copy, Debug)]
enum Stop {
    /// Others are due, or its job does not run any more.
    GiveWay,
    /// It waits to try again, and others do not have to wait for that.
    Wait(Retry),
}

#[derive(Debug)]
pub(super) struct Errand {
    pub job: JobId,
    pub index: u32,
    level: Priority,
    /// It has its turn although somebody more urgent waited.
    out_of_order: bool,
    /// Since when its present turn is counted.
    since: Instant,
    began: Instant,
    /// Bytes and milliseconds of earlier turns.
    before: (u64, u32),
    stop: Option<Stop>,
}

impl Engine {
    /// Lets who waits have a place, where there is one; whether anything has changed.
    pub(super) fn admit(&mut self, now: Instant) -> bool {
        let Some(due) = self.turns.due().filter(|_| !self.closing) else { return false };
        if self.running.len() >= self.settings.max_running {
            return self.make_room(now, due);
        }
        self.turns.take(due);
        match due.waiter {
            Waiter::Download(download) => self.act_on(now, download, Download::admit).is_ok(),
            Waiter::Job(job) => {
                self.touched.insert(job);
                self.begin_turn(now, job, due)
            }
        }
    }

    /// Ends a turn for the sake of `due`: of a file that only waits to try again, else of one that is less urgent. One at a time.
    fn make_room(&mut self, now: Instant, due: Due) -> bool {
        if self.errands.values().any(|errand| errand.stop.is_some()) {
            return false;
        }
        let waiting = self.errands.keys().find_map(|id| Some((*id, self.retry_of(*id)?)));
        let (download, stop) = match waiting {
            Some((download, retry)) => (download, Stop::Wait(retry)),
            None if due.out_of_order => return false,
            None => {
                let gives_way =
                    |errand: &&Errand| errand.level > due.level && (!errand.out_of_order || errand.is_over(now));
                let candidates = self.errands.iter().filter(|(_, errand)| gives_way(errand));
                match candidates.max_by_key(|(_, errand)| (errand.level, errand.began)) {
                    Some((download, _)) => (*download, Stop::GiveWay),
                    None => return false,
                }
            }
        };
        self.stop_errand(now, download, stop);
        true
    }

    /// How a file waits that was refused or could not reach its origin.
    fn retry_of(&self, download: DownloadId) -> Option<Retry> {
        let known = self.downloads.get(&download)?;
        let (wait, cause) = (known.wait()?, known.status().extended_error?);
        Some(Retry { cause, at: wait.at, silent_since: wait.silent_since, failures: wait.failures })
    }

    fn stop_errand(&mut self, now: Instant, download: DownloadId, stop: Stop) {
        if let Some(errand) = self.errands.get_mut(&download) {
            errand.stop.get_or_insert(stop);
            let _ = self.act_on(now, download, |download, cx| download.pause(cx));
        }
    }

    /// All files of `job` give their places back.
    pub(super) fn stop_turns(&mut self, now: Instant, job: JobId) {
        let turns = self.jobs.get(&job).map(|job| job.turns.values().map(|turn| turn.download).collect());
        let turns: Vec<_> = turns.unwrap_or_default();
        turns.into_iter().for_each(|download| self.give_way(now, download));
    }

    /// The file gives its place back.
    pub(super) fn give_way(&mut self, now: Instant, download: DownloadId) {
        self.stop_errand(now, download, Stop::GiveWay);
    }

    /// The turn ends, and what it has fetched goes.
    pub(super) fn drop_turn(&mut self, now: Instant, download: DownloadId) {
        let _ = self.act_on(now, download, |download, cx| download.abort(cx));
        self.end_turn_of(download);
    }

    /// The job's next file has its turn.
    fn begin_turn(&mut self, now: Instant, id: JobId, due: Due) -> bool {
        let Some(job) = self.jobs.get_mut(&id) else { return true };
        let Some(index) = job.first_in_line() else { return true };
        let before = job.line.leave(index);
        let Some(file) = job.file(index) else { return true };
        let wanted = file.wanted();
        let so_far = (file.received, file.active);
        let made = Download::errand(job, file, before);
        let timeout = Duration::from_secs(job.no_progress_timeout().into());
        let is_silent = before.is_some_and(|retry| now >= retry.silent_since + timeout);
        let download = match made {
            Ok(made) if !is_silent => {
                let download = self.new_download();
                self.downloads.insert(download, made);
                download
            }
            Ok(_) => {
                self.fail_file(now, id, index, Cause::NoProgress);
                return true;
            }
            Err(cause) => {
                self.fail_file(now, id, index, cause);
                return true;
            }
        };
        let errand = Errand {
            job: id,
            index,
            level: due.level,
            out_of_order: due.out_of_order,
            since: now,
            began: now,
            before: so_far,
            stop: None,
        };
        self.errands.insert(download, errand);
        if let Some(job) = self.jobs.get_mut(&id) {
            job.turns.insert(index, Turn { download, waiting: None });
            job.update(index, |file| file.stage = Stage::Begun);
        }
        self.record_step(id, index);
        self.tell_file(id, index);
        let mode = match wanted {
            Wanted::Whole => StartMode::WholeFile,
            Wanted::Ranges(ranges) => StartMode::Ranges(ranges),
        };
        let (abilities, network) = (self.settings.abilities, self.network);
        let begun = self.act_on(now, download, |download, cx| {
            download.start(mode, abilities)?;
            download.obey(cx, &network);
            download.admit(cx);
            Ok(())
        });
        if let Ok(Err(cause)) | Err(cause) = begun {
            self.end_turn_of(download);
            self.fail_file(now, id, index, cause);
        }
        true
    }

    /// Keeps a job in step with the download that fetches one of its files.
    pub(super) fn follow_errand(&mut self, now: Instant, download: DownloadId) {
        let Some(errand) = self.errands.get(&download) else { return };
        let (id, index) = (errand.job, errand.index);
        let Some(known) = self.downloads.get(&download) else { return };
        let (status, received) = (known.status(), errand.before.0.saturating_add(known.report().fetched));
        let active = u32::try_from(now.since(errand.began).as_millis()).unwrap_or(u32::MAX);
        let active = errand.before.1.saturating_add(active);
        let is_started = known.is_started();
        let present = known.report().present;
        let total = known.found_total();
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let moved = job.file(index).is_some_and(|file| file.written != status.bytes_transferred);
        job.update(index, |file| {
            file.written = status.bytes_transferred;
            if let Some(total) = total {
                file.found_total(total);
            }
            (file.received, file.active) = (received, active);
        });
        if let Some(turn) = job.turns.get_mut(&index) {
            turn.waiting = status.extended_error;
        }
        if moved {
            job.times.modification = self.time_of_day.at(now);
            job.notices.change(false);
            job.notices.modify();
        }
        self.touched.insert(id);
        match status {
            Status { state: State::Created, .. } => {}
            Status { state: State::Transferred, .. } => self.file_is_here(now, download, present),
            Status { state: State::Paused, error: Some(cause), .. } if !is_started => {
                self.end_turn_of(download);
                self.fail_file(now, id, index, cause);
            }
            Status { state: State::Paused, .. } if !is_started => self.turn_was_ended(download),
            _ => {}
        }
    }

    fn file_is_here(&mut self, now: Instant, download: DownloadId, present: bool) {
        let Some(errand) = self.errands.get(&download) else { return };
        let (id, index) = (errand.job, errand.index);
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let stage = if present { Stage::Present } else { Stage::Transferred };
        job.update(index, |file| {
            file.stage = stage;
            let mut special = file.special();
            special.renewed = false;
            file.set_special(special);
        });
        if job.file(index).is_some_and(JobFile::is_encrypted) {
            // What was decrypted would be lost.
            self.errands.remove(&download);
            job.turns.remove(&index);
            self.held.insert((id, index), download);
        } else {
            self.end_turn_of(download);
        }
        self.record_step(id, index);
        self.tell_file(id, index);
        let Some(job) = self.jobs.get_mut(&id) else { return };
        if job.has_everything() && matches!(job.phase, Phase::Running | Phase::Error) {
            self.has_everything(now, id);
        } else {
            self.fail_if_stuck(now, id);
        }
    }

    /// The turn ended as it was asked to.
    fn turn_was_ended(&mut self, download: DownloadId) {
        let Some(Errand { job: id, index, stop, .. }) = self.end_turn_of(download) else { return };
        self.record_step(id, index);
        self.tell_file(id, index);
        let Some(job) = self.jobs.get_mut(&id) else { return };
        match stop {
            Some(Stop::Wait(retry)) if job.phase == Phase::Running => job.line.retry(index, retry),
            _ => job.line.come_back(index),
        }
    }

    /// Lets go of the download; what it has fetched stays beside the target.
    fn end_turn_of(&mut self, download: DownloadId) -> Option<Errand> {
        let errand = self.errands.remove(&download)?;
        self.keep_headers(errand.job, errand.index, download);
        if let Some(job) = self.jobs.get_mut(&errand.job) {
            job.turns.remove(&errand.index);
        }
        self.touched.insert(errand.job);
        self.release(download);
        Some(errand)
    }

    /// Forgets a download of the engine's own.
    pub(super) fn release(&mut self, download: DownloadId) {
        let attempts: Vec<_> = self.owners.iter().filter(|(_, owner)| **owner == download).map(|(id, _)| *id).collect();
        for attempt in attempts {
            self.outputs.push_back(Output::Cancel { attempt });
        }
        self.forget(download);
        self.acted_on.remove(&download);
        self.outputs.push_back(Output::Released { download });
    }

    /// A file cannot be fetched: its job has failed, unless the others are to be fetched nevertheless.
    fn fail_file(&mut self, now: Instant, id: JobId, index: u32, cause: Cause) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.update(index, |file| file.stage = Stage::Failed(cause));
        job.failed.insert(index);
        let keeps_going = job.settings.options.keep_going;
        self.record_step(id, index);
        self.tell_file(id, index);
        self.touched.insert(id);
        if !keeps_going {
            self.fail_job(now, id, JobFailure { cause, file: Some(index) });
        } else {
            self.fail_if_stuck(now, id);
        }
    }

    /// A job that goes on without the files that have failed is in Error when nothing else is left to do.
    pub(super) fn fail_if_stuck(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id).filter(|job| job.phase == Phase::Running) else { return };
        let idle = job.turns.is_empty() && job.first_in_line().is_none() && job.line.next_retry().is_none();
        let Some(file) = job.failed.first().copied().filter(|_| idle) else { return };
        if let Some(Stage::Failed(cause)) = job.file(file).map(|file| file.stage) {
            self.fail_job(now, id, JobFailure { cause, file: Some(file) });
        }
    }

    fn fail_job(&mut self, now: Instant, id: JobId, failure: JobFailure) {
        let Some(job) = self.jobs.get_mut(&id).filter(|job| job.phase == Phase::Running) else { return };
        job.phase = Phase::Error;
        job.failure = Some(failure);
        self.touched.insert(id);
        self.stop_turns(now, id);
        self.record_job(id, false);
    }

    pub(super) fn has_everything(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.phase = Phase::Transferred;
        job.failure = None;
        job.times.transfer_completion = Some(self.time_of_day.at(now));
        self.touched.insert(id);
        self.record_job(id, false);
    }

    pub(super) fn tell_file(&mut self, job: JobId, index: u32) {
        let subject = Subject::File(job, index);
        self.outputs.push_back(Output::Event(Event { subject, what: Happening::StatusChanged }));
    }

    /// Turns that are over end where others wait for one; else they begin anew.
    pub(super) fn end_turns(&mut self, now: Instant) {
        let over: Vec<_> = self
            .errands
            .iter()
            .filter(|(_, errand)| errand.is_over(now))
            .map(|(id, errand)| (*id, errand.level))
            .collect();
        for (download, level) in over {
            self.turns.count(level);
            let goes = self.turns.due().is_some_and(|due| due.level <= level || self.turns.is_spent(level));
            if goes && self.running.len() >= self.settings.max_running {
                self.stop_errand(now, download, Stop::GiveWay);
            } else if let Some(errand) = self.errands.get_mut(&download) {
                (errand.since, errand.out_of_order) = (now, false);
            }
        }
    }

    /// When the first turn is over, where anybody waits for that.
    pub(super) fn next_end_of_turn(&self) -> Option<Instant> {
        let ends = self.errands.values().filter(|errand| errand.stop.is_none()).map(|errand| errand.since + TURN);
        ends.min().filter(|_| !self.turns.is_empty())
    }

    /// The job's priority is another one: so are the turns of its files.
    pub(super) fn change_level(&mut self, id: JobId, level: Priority) {
        for (download, errand) in self.errands.iter_mut().filter(|(_, errand)| errand.job == id) {
            errand.level = level;
            if let Some(known) = self.downloads.get_mut(download) {
                known.set_foreground(level == Priority::Foreground);
            }
        }
    }
}

impl Errand {
    fn is_over(&self, now: Instant) -> bool {
        self.stop.is_none() && now >= self.since + TURN
    }
}
