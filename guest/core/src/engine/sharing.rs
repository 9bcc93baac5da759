//! Places shared between callers: downloads keep theirs, unless their caller has more than another one that waits.

use super::Engine;
use super::active::TURN;
use super::run_queue::{Due, Places, Waiter};
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::Download;

impl Engine {
    /// How many places each caller has.
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

    /// A download with a place that is due to another caller, and since when it has it. A caller is left with as many places as the one
    /// that gets it: files of jobs end their turns by themselves.
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

    /// Has one download give its place to `due` once it had it for a turn; whether one did.
    pub(super) fn share_place(&mut self, now: Instant, due: Due) -> bool {
        let Some((download, since)) = self.excess(due).filter(|(_, since)| now >= *since + TURN) else { return false };
        let _ = self.mutate(now, download, Download::give_place_back);
        // One that cannot stop now has another turn.
        match self.scheduler.running.get_mut(&download) {
            Some(known) if *known == since => {
                *known = now;
                false
            }
            _ => true,
        }
    }

    /// When a download has had its turn that has to give its place to another caller's.
    pub(super) fn next_share(&self) -> Option<Instant> {
        if self.scheduler.run_queue.is_empty() || self.scheduler.has_place() {
            return None;
        }
        self.excess(self.scheduler.run_queue.due(&self.places())?).map(|(_, since)| since + TURN)
    }
}
