//! Rate limits: one for all downloads together, and one for each download or job that has its own.

use alloc::collections::BTreeMap;

use crate::border::identity::{DownloadId, JobId};
use crate::border::time::Instant;
use crate::pacing::rate::Bucket;

/// A download or job with a rate limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spender {
    Download(DownloadId),
    Job(JobId),
}

/// The share of a rate for one exchange: downloads share by weight, and each divides its share among its exchanges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// Open exchanges of the download.
    pub exchanges: u64,
    /// Open exchanges of all files of its job.
    pub exchanges_of_job: u64,
    pub weight: u64,
    /// Sum of the weights of all downloads with open exchanges.
    pub all: u64,
}

impl Share {
    fn of(self, available: u64) -> u64 {
        let due = u128::from(available) * u128::from(self.weight) / u128::from(self.all.max(1));
        u64::try_from(due).unwrap_or(u64::MAX).max(available.min(1)).div_ceil(self.exchanges.max(1))
    }
}

#[derive(Debug)]
pub(super) struct Rates {
    shared: Option<Bucket>,
    own: BTreeMap<Spender, Bucket>,
}

impl Rates {
    /// `shared`: bytes per second of all downloads together.
    pub fn new(shared: Option<u64>, now: Instant) -> Self {
        Self { shared: shared.map(|rate| Bucket::new(rate, now)), own: BTreeMap::new() }
    }

    pub fn forget(&mut self, spender: Spender) {
        self.own.remove(&spender);
    }

    pub fn set_shared(&mut self, rate: Option<u64>, now: Instant) {
        self.shared = rate.map(|rate| Bucket::new(rate, now));
    }

    pub const fn are_limited(&self) -> bool {
        self.shared.is_some()
    }

    /// Whether any rate limit is in force.
    pub fn are_rationed(&self) -> bool {
        self.shared.is_some() || !self.own.is_empty()
    }

    /// Bytes that one exchange may move now, within its own rates and the shared one. Each exchange gets a share, so that none takes
    /// everything.
    pub fn allowance(&mut self, now: Instant, own: [Option<(Spender, u64)>; 2], share: Share) -> u64 {
        let shared = self.shared.as_mut().map(|bucket| share.of(bucket.available(now)));
        let own = own.into_iter().flatten().map(|(spender, rate)| {
            let bucket = self.own.entry(spender).or_insert_with(|| Bucket::new(rate, now));
            let exchanges = match spender {
                Spender::Download(_) => share.exchanges,
                Spender::Job(_) => share.exchanges_of_job,
            };
            bucket.available(now).div_ceil(exchanges.max(1))
        });
        own.chain(shared).min().unwrap_or(u64::MAX)
    }

    pub fn spend(&mut self, spenders: impl Iterator<Item = Spender>, bytes: u64) {
        for spender in spenders {
            if let Some(bucket) = self.own.get_mut(&spender) {
                bucket.take(bytes);
            }
        }
        self.shared.iter_mut().for_each(|bucket| bucket.take(bytes));
    }

    /// Time at which a useful amount is available; `None` if it is available now.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let buckets = self.shared.iter().chain(self.own.values());
        buckets.map(|bucket| bucket.next(now)).filter(|next| *next > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_share_by_weight_however_many_exchanges_they_have() {
        let foreground = Share { exchanges: 1, exchanges_of_job: 0, weight: 4, all: 5 };
        let background = Share { exchanges: 16, exchanges_of_job: 0, weight: 1, all: 5 };
        assert_eq!((foreground.of(1000), background.of(1000)), (800, 13));
    }

    #[test]
    fn nobody_starves() {
        let share = Share { exchanges: 3, exchanges_of_job: 0, weight: 1, all: 100 };
        assert_eq!((share.of(10), share.of(0)), (1, 0));
    }
}
