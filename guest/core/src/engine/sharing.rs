//! Fair sharing of places between callers. Downloads keep their places, unless their caller has more than another one that waits.

use super::Engine;
use super::active::TURN;
use super::run_queue::{Due, Places, Waiter};
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::Download;

impl Engine {
    /// Number of places of each caller.
    pub(super) fn places(&self) -> Places<'_> {
        let mut places = Places::new();
        self.scheduler
            .running
            .keys()
            .filter_map(|id| self.caller_of(*id))
            .for_each(|caller| *places.entry(caller).or_default() += 1);
        places
    }

    fn caller_of(&self, download: DownloadId) -> Option<&str> {
        match self.book.active_files.get(&download) {
            Some(active) => self.book.jobs.get(&active.job).map(|job| job.owner()),
            None => self.downloads.get(&download).map(Download::caller),
        }
    }

    /// A download whose place is due to another caller, and the time at which it got the place. Its caller keeps at least as many places as
    /// the other one then has. Files of jobs are not considered, because they end their turns by themselves.
    fn excess(&self, due: Due) -> Option<(DownloadId, Instant)> {
        let waiting = match due.waiter {
            Waiter::Download(download) => self.caller_of(download),
            Waiter::Job(job) => self.book.jobs.get(&job).map(|job| job.owner()),
        };
        let places = self.places();
        let has = |caller: &str| places.get(caller).copied().unwrap_or_default();
        let fair = has(waiting?) + 1;
        let is_spare = |id: &DownloadId| {
            let known = self.downloads.get(id).filter(|known| !known.is_for_job() && !known.is_better_left_alone());
            known.is_some_and(|known| has(known.caller()) > fair)
        };
        let spare = self.scheduler.running.iter().filter(|(id, _)| is_spare(id));
        spare.min_by_key(|(_, since)| **since).map(|(id, since)| (*id, *since))
    }

    /// Moves the place of one download to `due` once the download had it for a turn; returns whether it did.
    pub(super) fn share_place(&mut self, now: Instant, due: Due) -> bool {
        let Some((download, since)) = self.excess(due).filter(|(_, since)| now >= *since + TURN) else { return false };
        let _ = self.mutate(now, download, Download::give_place_back);
        // A download that cannot stop now gets another turn.
        match self.scheduler.running.get_mut(&download) {
            Some(known) if *known == since => {
                *known = now;
                false
            }
            _ => true,
        }
    }

    /// Time at which a download has to give its place to another caller.
    pub(super) fn next_share(&self) -> Option<Instant> {
        if self.scheduler.run_queue.is_empty() || self.scheduler.has_place() {
            return None;
        }
        self.excess(self.scheduler.run_queue.due(&self.places())?).map(|(_, since)| since + TURN)
    }
}
