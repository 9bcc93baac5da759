//! Open exchanges with each origin, over all downloads, and the room reserved for files of jobs.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::border::identity::{AttemptId, DownloadId};

/// Limit on exchanges with one origin if none was configured and the engine chose the number itself, because common servers limit a client
/// to about as many.
const BY_OWN_CHOICE: u32 = 16;

#[derive(Debug, Default)]
pub(crate) struct Origins {
    limit: Option<u32>,
    open: BTreeMap<AttemptId, (DownloadId, Arc<str>)>,
    /// Open exchanges of each download with an origin.
    of_download: BTreeMap<(DownloadId, Arc<str>), u32>,
    /// The origin with which a download has room reserved for one exchange.
    kept: BTreeMap<DownloadId, Arc<str>>,
    /// Open and reserved exchanges of each origin.
    used: BTreeMap<Arc<str>, u32>,
    /// Origins for which that number has changed.
    changed: BTreeSet<Arc<str>>,
}

impl Origins {
    /// `limit`: the most exchanges with one origin. A download without reserved room may exceed it by one, so that no download waits
    /// forever.
    pub fn new(limit: Option<u32>) -> Self {
        Self { limit: limit.map(|limit| limit.max(1)), ..Self::default() }
    }

    pub const fn are_limited(&self) -> bool {
        self.limit.is_some()
    }

    pub fn opened(&mut self, download: DownloadId, attempt: AttemptId, authority: &str) {
        let origin: Arc<str> = authority.into();
        let open = self.of_download.entry((download, origin.clone())).or_default();
        *open += 1;
        if *open > 1 || self.kept.get(&download) != Some(&origin) {
            self.use_one(&origin);
        }
        self.open.insert(attempt, (download, origin));
    }

    pub fn closed(&mut self, attempt: AttemptId) {
        let Some((download, origin)) = self.open.remove(&attempt) else { return };
        let key = (download, origin);
        let Some(open) = self.of_download.get_mut(&key) else { return };
        *open -= 1;
        let is_last = *open == 0;
        if is_last {
            self.of_download.remove(&key);
        }
        if !is_last || self.kept.get(&download) != Some(&key.1) {
            self.use_one_less(&key.1);
        }
    }

    /// Reserves room for one exchange of `download` with `origin`.
    pub fn keep_room(&mut self, download: DownloadId, origin: &Arc<str>) {
        self.kept.insert(download, origin.clone());
        self.use_one(origin);
    }

    /// Releases the reserved room of `download`, which must have no open exchange.
    pub fn give_room_back(&mut self, download: DownloadId) {
        if let Some(origin) = self.kept.remove(&download) {
            self.use_one_less(&origin);
        }
    }

    fn use_one(&mut self, origin: &Arc<str>) {
        *self.used.entry(origin.clone()).or_default() += 1;
        self.notice(origin);
    }

    fn use_one_less(&mut self, origin: &Arc<str>) {
        if let Some(used) = self.used.get_mut(origin) {
            *used -= 1;
            if *used == 0 {
                self.used.remove(origin);
            }
        }
        self.notice(origin);
    }

    fn notice(&mut self, origin: &Arc<str>) {
        if self.limit.is_some() {
            self.changed.insert(origin.clone());
        }
    }

    /// The origins with a changed number of exchanges, and whether each has room for another one.
    pub fn take_changes(&mut self) -> Vec<(Arc<str>, bool)> {
        let changed = core::mem::take(&mut self.changed);
        let with_room = |origin: Arc<str>| {
            let has_room = self.has_room(&origin, false);
            (origin, has_room)
        };
        changed.into_iter().map(with_room).collect()
    }

    /// Whether there is room for another exchange with `authority`; `chosen` means that the engine chose the number, not the caller.
    pub fn has_room(&self, authority: &str, chosen: bool) -> bool {
        let limit = self.limit.or(chosen.then_some(BY_OWN_CHOICE));
        let used = self.used.get(authority).copied().unwrap_or_default();
        limit.is_none_or(|limit| used < limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(limit: Option<u32>, count: u64) -> Origins {
        let mut origins = Origins::new(limit);
        (0..count).for_each(|id| origins.opened(DownloadId(id), AttemptId(id), "h"));
        origins
    }

    #[test]
    fn a_limit_holds_for_each_origin() {
        let mut origins = filled(Some(2), 2);
        assert!(!origins.has_room("h", false) && origins.has_room("other", false));
        origins.closed(AttemptId(0));
        assert!(origins.has_room("h", false));
    }

    #[test]
    fn what_the_caller_asks_for_is_not_limited_unasked() {
        assert!(filled(None, 50).has_room("h", false) && !filled(None, 50).has_room("h", true));
    }

    #[test]
    fn room_that_is_kept_counts_once() {
        let mut origins = Origins::new(Some(2));
        let (download, origin): (_, Arc<str>) = (DownloadId(7), "h".into());
        origins.keep_room(download, &origin);
        origins.opened(download, AttemptId(1), "h");
        assert_eq!(origins.used.get("h"), Some(&1));
        origins.opened(download, AttemptId(2), "h");
        assert_eq!(origins.take_changes(), [(origin, false)]);
        [1, 2].into_iter().for_each(|attempt| origins.closed(AttemptId(attempt)));
        assert_eq!(origins.used.get("h"), Some(&1));
        origins.give_room_back(download);
        assert!(origins.used.is_empty() && origins.of_download.is_empty());
    }
}
