//! What follows from every step: jobs go where their files lead them, places are given away, and callers are told.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::Engine;
use super::turns::Waiter;
use crate::border::identity::JobId;
use crate::border::output::{Event, Happening, Output, Subject};
use crate::border::time::Instant;
use crate::download::Download;
use crate::failure::Cause;
use crate::job::{JobState, Phase};

/// How long a job may stay as it is, in units of 100 ns.
const TOO_OLD: u64 = 30 * 24 * 60 * 60 * 10_000_000;

/// 1970-01-01 in units of 100 ns since 1601-01-01.
const UNIX_EPOCH: u64 = 116_444_736_000_000_000;

/// The wall clock, as it was read at some instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimeOfDay {
    read_at: Instant,
    /// Units of 100 ns since 1601-01-01 UTC.
    ticks: u64,
}

impl TimeOfDay {
    pub fn at(self, now: Instant) -> u64 {
        let passed = u64::try_from(now.since(self.read_at).as_nanos() / 100).unwrap_or(u64::MAX);
        self.ticks.saturating_add(passed)
    }
}

impl Engine {
    /// The wall clock says `nanos` since 1970-01-01 UTC at `now`.
    pub fn set_time_of_day(&mut self, now: Instant, nanos: u64) {
        self.time_of_day = TimeOfDay { read_at: now, ticks: UNIX_EPOCH + nanos / 100 };
    }

    pub(super) fn settle(&mut self, now: Instant) {
        loop {
            while let Some(job) = self.touched.pop_first() {
                self.settle_job(now, job);
            }
            for (origin, has_room) in self.origins.take_changes() {
                self.turns.set_room(origin, has_room);
            }
            if !self.admit(now) {
                break;
            }
        }
        self.tell_changes(now);
    }

    fn tell_changes(&mut self, now: Instant) {
        let running: Vec<_> = self.running.keys().copied().collect();
        for id in core::mem::take(&mut self.acted_on).into_iter().chain(running) {
            let told = self.downloads.get_mut(&id).filter(|known| !known.is_for_job());
            if told.is_some_and(|known: &mut Download| known.tell_status(now)) {
                let subject = Subject::Download(id);
                self.outputs.push_back(Output::Event(Event { subject, what: Happening::StatusChanged }));
            }
        }
    }

    /// Whether a job waits for a place, what its state has become, and who is to hear of it.
    fn settle_job(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id).filter(|job| !job.is_draft) else {
            self.turns.leave(Waiter::Job(id));
            return;
        };
        let may_run = job.phase == Phase::Running && job.blocked.is_none() && !job.is_ending;
        let level = job.priority();
        let owner: Arc<str> = job.owner().into();
        let next = job.first_in_line().filter(|_| may_run);
        match next.and_then(|next| self.jobs.get(&id)?.file(next)) {
            Some(file) => self.turns.join(Waiter::Job(id), level, self.gate_of(file), &owner),
            None => self.turns.leave(Waiter::Job(id)),
        }
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let state = job.state();
        if state != job.seen {
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
            job.times.modification = self.time_of_day.at(now);
            if ending.is_some() {
                self.record_job(id, false);
            }
        }
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let audience = job.audience();
        let due = job.notices.take(now, audience);
        let happenings = [
            due.changed.then_some(Happening::StatusChanged),
            due.modification.then_some(Happening::Modification),
            due.ending.map(Happening::Ending),
        ];
        let subject = Subject::Job(id);
        let events = happenings.into_iter().flatten().map(|what| Output::Event(Event { subject, what }));
        self.outputs.extend(events);
        let expiry = (!job.is_over()).then(|| {
            let left = job.times.modification.saturating_add(TOO_OLD).saturating_sub(self.time_of_day.at(now));
            now + Duration::from_nanos(left.saturating_mul(100))
        });
        let retry = job.line.next_retry().filter(|_| may_run);
        let wakes = [retry, job.notices.next(audience), expiry];
        match retry {
            Some(_) => self.retrying.insert(id),
            None => self.retrying.remove(&id),
        };
        self.wake_at(id, wakes.into_iter().flatten().min());
    }

    fn wake_at(&mut self, job: JobId, at: Option<Instant>) {
        if let Some(before) = self.wakes.remove(&job) {
            self.timers.remove(&(before, job));
        }
        if let Some(at) = at {
            self.timers.insert((at, job));
            self.wakes.insert(job, at);
        }
    }

    pub(super) fn forget_timer(&mut self, job: JobId) {
        self.wake_at(job, None);
    }

    /// Jobs whose time has come.
    pub(super) fn wake_jobs(&mut self, now: Instant) {
        while let Some((at, id)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, id));
            self.wakes.remove(&id);
            self.touched.insert(id);
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            let silent = job.line.wake(now, job.patience());
            // Where no failure is borne, it is the failure that counts, and not that nothing came after it.
            let is_final = job.settings.every_failure_is_final();
            for (index, cause) in silent {
                self.fail_file(now, id, index, if is_final { cause } else { Cause::NoProgress });
            }
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            if self.time_of_day.at(now) >= job.times.modification.saturating_add(TOO_OLD) && !job.is_over() {
                job.is_too_old = true;
                let _: Result<(), Cause> = self.cancel_job(now, id);
                self.sweeping.insert(id);
            }
        }
        self.sweep_some(now);
    }
}
