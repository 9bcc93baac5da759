//! Effects of a step: job states follow their files, free places go to waiters, and callers are notified.

use super::Engine;
use super::run_queue::Waiter;
use crate::border::identity::JobId;
use crate::border::output::{Happening, Subject};
use crate::border::time::Instant;
use crate::download::Download;
use crate::failure::Cause;
use crate::job::JobState;

impl Engine {
    pub(super) fn reconcile(&mut self, now: Instant) {
        loop {
            while let Some(job) = self.book.touched.pop_first() {
                self.reconcile_job(now, job);
            }
            self.scheduler.update_room();
            if !self.admit(now) {
                break;
            }
        }
        self.notify_changes(now);
    }

    fn notify_changes(&mut self, now: Instant) {
        let running = self.scheduler.running();
        for id in core::mem::take(&mut self.mutated).into_iter().chain(running) {
            let changed = self.downloads.get_mut(&id).filter(|known| !known.is_for_job());
            if changed.is_some_and(|known: &mut Download| known.take_status_notice(now)) {
                self.outbox.event(Subject::Download(id), Happening::StatusChanged);
            }
        }
    }

    fn reconcile_job(&mut self, now: Instant, id: JobId) {
        if self.book.jobs.get(&id).is_none_or(|job| job.is_draft) {
            return self.scheduler.run_queue.leave(Waiter::Job(id));
        }
        self.queue_job(id);
        self.note_state(now, id);
        self.notify_of_job(now, id);
        self.book.set_timer(now, id);
    }

    /// Updates the job's place in the queue: it waits if it has a file that is due.
    fn queue_job(&mut self, id: JobId) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let next = job.first_in_line();
        let Some(job) = self.book.jobs.get(&id) else { return };
        match next.filter(|_| job.may_run()).and_then(|next| job.file(next)) {
            Some(file) => {
                let origin = self.scheduler.limited_origin(file);
                self.scheduler.run_queue.join(Waiter::Job(id), job.priority(), origin, job.owner());
            }
            None => self.scheduler.run_queue.leave(Waiter::Job(id)),
        }
    }

    /// Records a change of the job's state for its notices.
    fn note_state(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let state = job.state();
        if state == job.seen {
            return;
        }
        let from = core::mem::replace(&mut job.seen, state);
        let is_failure = matches!(state, JobState::Error | JobState::TransientError);
        if is_failure && from == JobState::Transferring && job.blocked.is_none() {
            job.error_count = job.error_count.saturating_add(1);
        }
        let ending = job.ending();
        job.notices.end(ending, now);
        job.notices.change(true);
        if ending.is_none() {
            job.notices.modify();
        }
        job.times.modification = self.book.wall_clock.at(now);
        if ending.is_some() {
            self.record_job(id, false);
        }
    }

    /// Emits the notices of the job that are due.
    fn notify_of_job(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let due = job.notices.take(now, job.audience());
        let happenings = [
            due.changed.then_some(Happening::StatusChanged),
            due.modification.then_some(Happening::Modification),
            due.ending.map(Happening::Ending),
        ];
        happenings.into_iter().flatten().for_each(|what| self.outbox.event(Subject::Job(id), what));
    }

    /// Handles the jobs whose timer is due.
    pub(super) fn wake_jobs(&mut self, now: Instant) {
        while let Some(id) = self.book.timers.pop_due(now) {
            self.book.touched.insert(id);
            let Some(job) = self.book.jobs.get_mut(&id) else { continue };
            let silent = job.line.wake(now, job.no_progress_duration());
            // With a timeout of zero the first failure is final, so the engine reports that failure and not the lack of progress.
            let is_final = job.settings.every_failure_is_final();
            for (index, cause) in silent {
                self.fail_file(now, id, index, if is_final { cause } else { Cause::NoProgress });
            }
            if self.book.is_expired(now, id)
                && let Some(job) = self.book.jobs.get_mut(&id)
            {
                job.is_too_old = true;
                let _: Result<(), Cause> = self.cancel_job(now, id);
                self.book.cleanup.sweeping.insert(id);
            }
        }
        self.sweep_some(now);
    }
}
