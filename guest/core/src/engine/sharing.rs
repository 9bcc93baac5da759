//! Fair sharing of places between callers. Downloads keep their places, unless their caller has more than another one that waits.

use alloc::sync::Arc;

use super::Engine;
use super::active::TURN;
use super::run_queue::{Due, Waiter};
use super::scheduler::Running;
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::Download;

impl Engine {
    fn caller_of(&self, waiter: Waiter) -> Option<&str> {
        match waiter {
            Waiter::Download(download) => self.downloads.get(&download).map(Download::caller),
            Waiter::Job(job) => self.book.jobs.get(&job).map(|job| job.owner()),
        }
    }

    /// A download whose place is due to another caller, and the time at which it got the place; at `origin`, if that has no room. Its
    /// caller keeps at least as many places as the other one then has. Files of jobs are not considered, because they end their turns by
    /// themselves.
    fn excess(&self, due: &Due, origin: Option<&Arc<str>>) -> Option<(DownloadId, Instant)> {
        let places = self.scheduler.places();
        let has = |caller: &str| places.get(caller).copied().unwrap_or_default();
        let fair = has(self.caller_of(due.waiter)?) + 1;
        if places.values().all(|places| *places <= fair) {
            return None;
        }
        let is_spare = |id: &DownloadId, running: &Running| {
            let known = self.downloads.get(id).filter(|known| !known.is_for_job() && !known.is_better_left_alone());
            let concerns = origin.is_none_or(|origin| self.scheduler.origins.has_place_at(*id, origin));
            has(&running.caller) > fair && concerns && known.is_some()
        };
        let spare = self.scheduler.running.iter().filter(|(id, running)| is_spare(id, running));
        spare.min_by_key(|(_, running)| running.since).map(|(id, running)| (*id, running.since))
    }

    /// Moves the place of one download to `due` once the download had it for a turn; returns whether it did.
    pub(super) fn share_place(&mut self, now: Instant, due: &Due, origin: Option<&Arc<str>>) -> bool {
        let Some((download, since)) = self.excess(due, origin).filter(|(_, since)| now >= *since + TURN) else {
            return false;
        };
        let _ = self.mutate(now, download, Download::give_place_back);
        // A download that cannot stop now gets another turn.
        match self.scheduler.running.get_mut(&download) {
            Some(known) if known.since == since => {
                known.since = now;
                false
            }
            _ => true,
        }
    }

    /// Time at which a download has to give its place to another caller.
    pub(super) fn next_share(&self) -> Option<Instant> {
        let queue = &self.scheduler.run_queue;
        if queue.is_empty() {
            return None;
        }
        let end_of_turn = |(_, since)| since + TURN;
        let at_origins = queue.due_at_origins().into_iter();
        let at_origins = at_origins.filter_map(|(origin, due)| self.excess(&due, Some(&origin)).map(end_of_turn));
        let places = self.scheduler.places();
        let anywhere = queue.due(places).filter(|_| !self.scheduler.has_place());
        anywhere.and_then(|due| self.excess(&due, None).map(end_of_turn)).into_iter().chain(at_origins).min()
    }
}
