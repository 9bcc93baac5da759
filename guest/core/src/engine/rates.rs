//! How much may move: one rate for all downloads together, and one for each that has its own.

use alloc::collections::BTreeMap;

use crate::identity::DownloadId;
use crate::rate::Bucket;
use crate::time::Instant;

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

    /// Bytes that one of `sharers` exchanges may move now. Where bytes are rationed each takes its share, so that none takes
    /// everything.
    pub fn allowance(&mut self, now: Instant, download: DownloadId, own_rate: Option<u64>, sharers: u64) -> u64 {
        let own =
            own_rate.map(|rate| self.own.entry(download).or_insert_with(|| Bucket::new(rate, now)).available(now));
        let shared = self.shared.as_mut().map(|bucket| bucket.available(now));
        match own.into_iter().chain(shared).min() {
            Some(available) => available.div_ceil(sharers.max(1)),
            None => u64::MAX,
        }
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
