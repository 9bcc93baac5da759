//! Places of running downloads: the downloads that have one, the waiters, and the rate limits.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Settings;
use super::rates::{Rates, Spender};
use super::run_queue::{LimitedOrigin, RunQueue, Waiter};
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::Download;
use crate::job::{JobFile, Priority};
use crate::pacing::origins::Origins;
use crate::parse::url::Url;
use crate::settings::network::Network;

#[derive(Debug)]
pub(super) struct Scheduler {
    pub run_queue: RunQueue,
    /// Downloads with a place, and the time at which they got it.
    pub running: BTreeMap<DownloadId, Instant>,
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
            origins: Origins::new(settings.max_per_origin),
            rates: Rates::new(settings.max_rate, now),
            network: Network::default(),
            max_running: settings.max_running,
        }
    }

    pub fn has_place(&self) -> bool {
        self.running.len() < self.max_running
    }

    pub fn running(&self) -> Vec<DownloadId> {
        self.running.keys().copied().collect()
    }

    /// Puts `download` among the waiting or the running ones, according to its state. The download of a job's file has a place from the
    /// start of its turn and never waits here.
    pub fn update(&mut self, now: Instant, id: DownloadId, download: &Download) {
        let level = if download.is_foreground() { Priority::Foreground } else { Priority::Normal };
        match download.can_be_admitted() && !download.is_for_job() {
            true => self.run_queue.join(Waiter::Download(id), level, None, download.caller()),
            false => self.run_queue.leave(Waiter::Download(id)),
        }
        match download.is_started() && !download.is_queued() {
            true => drop(self.running.entry(id).or_insert(now)),
            false => drop(self.running.remove(&id)),
        }
    }

    /// Forgets a download whose exchanges are closed.
    pub fn forget(&mut self, download: DownloadId) {
        self.running.remove(&download);
        self.run_queue.leave(Waiter::Download(download));
        self.rates.forget(Spender::Download(download));
        self.origins.give_room_back(download);
    }

    /// Passes changes of room at origins to the queue.
    pub fn update_room(&mut self) {
        for (origin, has_room) in self.origins.take_changes() {
            self.run_queue.set_room(origin, has_room);
        }
    }

    /// The origin of a file, if exchanges with each origin are limited.
    pub fn limited_origin(&self, file: &JobFile) -> LimitedOrigin {
        let url = file.remote_name.as_deref().filter(|_| self.origins.are_limited());
        url.and_then(Url::parse).map(|url| url.authority().into())
    }
}
