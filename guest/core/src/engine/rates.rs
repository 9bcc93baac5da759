//! How much may move: one rate for all downloads together, and one for each that has its own.

use alloc::collections::BTreeMap;

use crate::identity::DownloadId;
use crate::rate::Bucket;
use crate::time::Instant;

/// What part of a rate is due to one exchange: downloads share by weight, and each divides what it gets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// Open exchanges of the download.
    pub exchanges: u64,
    pub weight: u64,
    /// Weights of all downloads with open exchanges.
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
    own: BTreeMap<DownloadId, Bucket>,
}

impl Rates {
    /// `shared`: bytes per second of all downloads together.
    pub fn new(shared: Option<u64>, now: Instant) -> Self {
        Self { shared: shared.map(|rate| Bucket::new(rate, now)), own: BTreeMap::new() }
    }

    pub fn forget(&mut self, download: DownloadId) {
        self.own.remove(&download);
    }

    pub const fn are_limited(&self) -> bool {
        self.shared.is_some()
    }

    /// Bytes that one exchange of `download` may move now. Where bytes are rationed each takes its share, so that none takes
    /// everything.
    pub fn allowance(&mut self, now: Instant, download: DownloadId, own_rate: Option<u64>, share: Share) -> u64 {
        let own = own_rate.map(|rate| {
            let bucket = self.own.entry(download).or_insert_with(|| Bucket::new(rate, now));
            bucket.available(now).div_ceil(share.exchanges.max(1))
        });
        let shared = self.shared.as_mut().map(|bucket| share.of(bucket.available(now)));
        own.into_iter().chain(shared).min().unwrap_or(u64::MAX)
    }

    pub fn spend(&mut self, download: Option<DownloadId>, bytes: u64) {
        let own = download.and_then(|download| self.own.get_mut(&download));
        own.into_iter().chain(self.shared.as_mut()).for_each(|bucket| bucket.take(bytes));
    }

    /// When a useful amount is available again, where it is not now.
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
        let foreground = Share { exchanges: 1, weight: 4, all: 5 };
        let background = Share { exchanges: 16, weight: 1, all: 5 };
        assert_eq!((foreground.of(1000), background.of(1000)), (800, 13));
    }

    #[test]
    fn nobody_starves() {
        assert_eq!(Share { exchanges: 3, weight: 1, all: 100 }.of(10), 1);
        assert_eq!(Share { exchanges: 3, weight: 1, all: 100 }.of(0), 0);
    }
}
