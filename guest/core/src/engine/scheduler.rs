//! Places of running downloads: the downloads that have one, the waiters, and the rate limits.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Settings;
use super::alarms::Alarms;
use super::rates::{Rates, Spender};
use super::run_queue::{Places, RequiredOrigin, RunQueue, Waiter};
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::Download;
use crate::job::Priority;
use crate::pacing::origins::Origins;
use crate::settings::network::Network;

/// A download with a place.
#[derive(Debug)]
pub(super) struct Running {
    /// The time at which it got the place.
    pub since: Instant,
    pub caller: Arc<str>,
}

#[derive(Debug)]
pub(super) struct Scheduler {
    pub run_queue: RunQueue,
    pub running: BTreeMap<DownloadId, Running>,
    /// Number of places of each caller.
    places: Places,
    /// The next time at which each running download has work.
    pub alarms: Alarms<DownloadId>,
    pub origins: Origins,
    pub rates: Rates,
    pub network: Network,
    /// Number of places.
    max_running: usize,
}

impl Scheduler {
    pub fn new(settings: &Settings, now: Instant) -> Self {
        Self {
            run_queue: RunQueue::default(),
            running: BTreeMap::new(),
            places: Places::new(),
            alarms: Alarms::default(),
            origins: Origins::new(settings.max_per_origin),
            rates: Rates::new(settings.max_rate, now),
            network: Network::default(),
            max_running: settings.max_running,
        }
    }

    pub fn has_place(&self) -> bool {
        self.running.len() < self.max_running
    }

    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// Puts `download` among the waiting or the running ones, according to its state. The download of a job's file has a place from the
    /// start of its turn and never waits here.
    pub fn update(&mut self, now: Instant, id: DownloadId, download: &Download) {
        let waiter = Waiter::Download(id);
        match download.can_be_admitted() && !download.is_for_job() {
            true => {
                let level = if download.is_foreground() { Priority::Foreground } else { Priority::Normal };
                let origin = download.origin().map(|origin: String| origin.into());
                self.join(waiter, level, origin, download.caller());
            }
            false => self.run_queue.leave(waiter),
        }
        match download.is_started() && !download.is_queued() {
            true => self.run(now, id, download.caller()),
            false => self.rest(id),
        }
        self.set_alarm(id, download);
    }

    /// Adds `waiter` to the queue, unless it already waits there.
    pub fn join(&mut self, waiter: Waiter, level: Priority, origin: RequiredOrigin, caller: &str) {
        let wanted = origin.clone();
        if self.run_queue.join(waiter, level, origin, caller)
            && let Some(origin) = wanted
        {
            self.origins.set_wanted(&origin, true);
        }
    }

    /// Updates the time of the download's next work.
    pub fn set_alarm(&mut self, id: DownloadId, download: &Download) {
        let notice = if download.is_for_job() { None } else { download.next_notice() };
        let next = || download.deadline().into_iter().chain(notice).min();
        self.alarms.set(id, if self.running.contains_key(&id) { next() } else { None });
    }

    fn run(&mut self, now: Instant, id: DownloadId, caller: &str) {
        if self.running.contains_key(&id) {
            return;
        }
        let caller = self.places.get_key_value(caller).map_or_else(|| caller.into(), |(known, _)| known.clone());
        *self.places.entry(Arc::clone(&caller)).or_default() += 1;
        self.running.insert(id, Running { since: now, caller });
    }

    fn rest(&mut self, id: DownloadId) {
        self.origins.leave(id);
        let Some(Running { caller, .. }) = self.running.remove(&id) else { return };
        if let Some(count) = self.places.get_mut(&caller) {
            *count -= 1;
            if *count == 0 {
                self.places.remove(&caller);
            }
        }
    }

    /// Forgets a download whose exchanges are closed.
    pub fn forget(&mut self, download: DownloadId) {
        self.rest(download);
        self.alarms.set(download, None);
        self.run_queue.leave(Waiter::Download(download));
        self.rates.forget(Spender::Download(download));
    }

    /// Passes changes of room at origins to the queue; returns the downloads that waited for room and have it now.
    pub fn update_room(&mut self) -> Vec<DownloadId> {
        let mut next = Vec::new();
        for room in self.origins.take_changes() {
            let is_wanted = self.run_queue.has_waiters_at(&room.origin);
            self.origins.set_wanted(&room.origin, is_wanted);
            self.run_queue.set_room(room.origin, room.is_free);
            next.extend(room.next);
        }
        next
    }
}
