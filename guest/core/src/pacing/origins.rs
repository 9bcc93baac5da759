//! Exchanges and files of each origin, over all downloads: who has a place there, and who waits for one.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::level::{Level, START};
use crate::border::identity::{AttemptId, DownloadId};
use crate::border::time::Instant;
use crate::http::rate_limit::RateLimit;

/// Exchanges that fetch large files from one origin, if the engine chooses their number.
const LARGE_EXCHANGES: u32 = START;

/// Length in bytes from which a file is large, because it is worth several connections.
pub(crate) const LARGE: u64 = 4 << 20;

/// Places that a large file takes, so that about five of them are fetched at the same time at first.
const LARGE_PLACES: u32 = 3;

/// Limit on the time for which an announcement holds files back, so that no origin stops a queue for ever.
const LONGEST_HOLD: Duration = Duration::from_secs(600);

/// Origins without a file whose level is remembered, so that memory is bounded. The others start anew.
const REMEMBERED: usize = 256;

#[derive(Debug, Default)]
pub(crate) struct Origins {
    /// The caller's limit on exchanges with one origin.
    limit: Option<u32>,
    attempts: BTreeMap<AttemptId, Attempt>,
    /// By download and origin.
    users: BTreeMap<(DownloadId, Arc<str>), User>,
    /// The origin at which a download has a place.
    place_of: BTreeMap<DownloadId, Arc<str>>,
    /// The origin at which a download waits for a place.
    waits_at: BTreeMap<DownloadId, Arc<str>>,
    origins: BTreeMap<Arc<str>, Origin>,
    /// Origins whose room may have changed.
    changed: BTreeSet<Arc<str>>,
    /// The ends of the times in which origins accept no requests.
    holds: BTreeSet<(Instant, Arc<str>)>,
}

#[derive(Debug)]
struct Attempt {
    download: DownloadId,
    origin: Arc<str>,
    sent: Instant,
}

/// A download at one origin.
#[derive(Clone, Copy, Debug, Default)]
struct User {
    open: u32,
    has_place: bool,
    is_large: bool,
}

impl User {
    const fn is_idle(self) -> bool {
        self.open == 0 && !self.has_place
    }

    fn exchanges(self) -> u32 {
        self.open.max(self.has_place.into())
    }

    const fn places(self) -> u32 {
        match (self.is_idle(), self.is_large) {
            (true, _) => 0,
            (false, true) => LARGE_PLACES,
            (false, false) => 1,
        }
    }

    const fn large_exchanges(self) -> u32 {
        if self.is_large { self.open } else { 0 }
    }
}

#[derive(Debug, Default)]
struct Origin {
    level: Level,
    /// Open exchanges, and one for each place without any.
    exchanges: u32,
    large_exchanges: u32,
    /// Places that files take.
    places: u32,
    /// Downloads that lost their place when they failed and want to ask again.
    waiting: VecDeque<DownloadId>,
    /// Files wait to begin there.
    is_wanted: bool,
    /// Time until which the origin accepts no requests.
    held_until: Option<Instant>,
}

/// A change of an origin's room.
pub(crate) struct Room {
    pub origin: Arc<str>,
    /// Whether a file that has not begun gets a place.
    pub is_free: bool,
    /// Downloads that waited and have a place now.
    pub next: Vec<DownloadId>,
}

impl Origins {
    /// `limit`: the most exchanges with one origin.
    pub fn new(limit: Option<u32>) -> Self {
        Self { limit: limit.map(|limit| limit.max(1)), ..Self::default() }
    }

    pub fn opened(&mut self, now: Instant, download: DownloadId, attempt: AttemptId, authority: &str) {
        let origin: Arc<str> = match self.origins.get_key_value(authority) {
            Some((known, _)) => known.clone(),
            None => authority.into(),
        };
        self.change(download, &origin, |user| user.open += 1);
        self.attempts.insert(attempt, Attempt { download, origin, sent: now });
    }

    pub fn closed(&mut self, attempt: AttemptId) {
        if let Some(Attempt { download, origin, .. }) = self.attempts.remove(&attempt) {
            self.change(download, &origin, |user| user.open = user.open.saturating_sub(1));
        }
    }

    /// The origin accepted the request of `attempt` for a file of `length` bytes.
    pub fn answered(&mut self, now: Instant, attempt: AttemptId, length: Option<u64>) {
        let Some(Attempt { download, origin, sent }) = self.attempts.get(&attempt) else { return };
        let (download, origin, latency) = (*download, origin.clone(), now.since(*sent));
        self.change(download, &origin, |user| user.is_large = is_large(length));
        for origin in self.concerned(download, &origin) {
            if let Some(known) = self.origins.get_mut(&origin) {
                known.level.answered(now, latency, length, known.places);
                self.changed.insert(origin);
            }
        }
    }

    /// The origin rejected the request of `attempt`, or dropped its connection, as one too many.
    pub fn objected(&mut self, now: Instant, attempt: AttemptId) {
        let Some(Attempt { download, origin, sent }) = self.attempts.get(&attempt) else { return };
        let sent = *sent;
        for origin in self.concerned(*download, origin) {
            if let Some(known) = self.origins.get_mut(&origin) {
                known.level.objected(now, sent, known.exchanges.saturating_sub(1));
                self.changed.insert(origin);
            }
        }
    }

    /// The origin of an exchange, and the one that redirected to it.
    fn concerned(&self, download: DownloadId, origin: &Arc<str>) -> Vec<Arc<str>> {
        let redirecting = self.place_of.get(&download).filter(|place| *place != origin);
        redirecting.into_iter().chain([origin]).cloned().collect()
    }

    /// The origin announced a limit on requests. If it accepts none for a while, no further file begins there until then.
    pub fn announced(&mut self, now: Instant, attempt: AttemptId, limit: RateLimit) {
        let Some(Attempt { origin, sent, .. }) = self.attempts.get(&attempt) else { return };
        let Some(known) = self.origins.get_mut(origin) else { return };
        if limit.remaining < known.level.allowed() {
            known.level.objected(now, *sent, limit.remaining.min(known.exchanges));
            self.changed.insert(origin.clone());
        }
        if let Some(reset) =
            limit.reset.filter(|reset| limit.remaining == 0 && !reset.is_zero() && self.holds.len() < REMEMBERED)
        {
            let until = now + reset.min(LONGEST_HOLD);
            known.held_until = Some(until);
            self.holds.insert((until, origin.clone()));
        }
    }

    /// Ends the holds that are over.
    pub fn end_holds(&mut self, now: Instant) {
        while let Some((until, origin)) = self.holds.pop_first() {
            if until > now {
                self.holds.insert((until, origin));
                return;
            }
            if let Some(known) = self.origins.get_mut(&origin) {
                known.held_until = known.held_until.filter(|held| *held > now);
            }
            self.changed.insert(origin);
        }
    }

    /// The end of the first hold.
    pub fn next_end_of_hold(&self) -> Option<Instant> {
        self.holds.first().map(|(until, _)| *until)
    }

    /// Whether other exchanges than `attempt` are open at its origin.
    pub fn has_others(&self, attempt: AttemptId) -> bool {
        let origin = self.attempts.get(&attempt).and_then(|known| self.origins.get(&known.origin));
        origin.is_some_and(|origin| origin.exchanges > 1)
    }

    /// Gives `download` a place at `origin`, whether there is room or not. `length` is that of the file in bytes, if it is known.
    pub fn take_place(&mut self, download: DownloadId, origin: &Arc<str>, length: Option<u64>) {
        self.place_of.insert(download, origin.clone());
        self.change(download, origin, |user| {
            (user.has_place, user.is_large) = (true, user.is_large || is_large(length))
        });
    }

    pub fn has_place_at(&self, download: DownloadId, origin: &Arc<str>) -> bool {
        self.place_of.get(&download) == Some(origin)
    }

    /// Whether `download` may open its only exchange with `authority`: it has a place there, or gets one now. Otherwise it waits for one.
    pub fn admits(&mut self, download: DownloadId, authority: &str) -> bool {
        let origin: Arc<str> = authority.into();
        let has_place = self.users.get(&(download, origin.clone())).is_some_and(|user| !user.is_idle());
        if has_place || self.has_room(authority) {
            if !has_place {
                self.give_place_back(download);
                self.take_place(download, &origin, None);
            }
            return true;
        }
        if self.waits_at.get(&download) != Some(&origin) {
            self.stop_waiting(download);
            self.origins.entry(origin.clone()).or_default().waiting.push_back(download);
            self.waits_at.insert(download, origin);
        }
        false
    }

    /// Whether a download that already fetches from `authority` may open another exchange; `chosen` means that the engine chose the number,
    /// not the caller.
    pub fn admits_another(&self, authority: &str, chosen: bool) -> bool {
        let Some(origin) = self.origins.get(authority) else { return true };
        // Within the caller's limit, another file goes before another exchange of the same file.
        let within = self.limit.is_none_or(|limit| origin.exchanges < limit && !origin.is_wanted);
        let is_left_in_peace = !origin.level.is_bound() || origin.exchanges < origin.level.allowed();
        within && is_left_in_peace && (!chosen || self.limit.is_some() || origin.large_exchanges < LARGE_EXCHANGES)
    }

    /// Sets whether files wait to begin at `origin`.
    pub fn set_wanted(&mut self, origin: &Arc<str>, is_wanted: bool) {
        if let Some(known) = self.origins.get_mut(origin) {
            known.is_wanted = is_wanted;
        }
    }

    /// Takes the place of `download` away.
    pub fn give_place_back(&mut self, download: DownloadId) {
        if let Some(origin) = self.place_of.remove(&download) {
            self.change(download, &origin, |user| user.has_place = false);
        }
    }

    /// Takes the place of a download away that sends no requests any more, or its wait for one.
    pub fn leave(&mut self, download: DownloadId) {
        self.give_place_back(download);
        self.stop_waiting(download);
    }

    fn stop_waiting(&mut self, download: DownloadId) {
        if let Some(origin) = self.waits_at.remove(&download)
            && let Some(known) = self.origins.get_mut(&origin)
        {
            known.waiting.retain(|waiting| *waiting != download);
            self.changed.insert(origin);
        }
    }

    fn change(&mut self, download: DownloadId, origin: &Arc<str>, change: impl FnOnce(&mut User)) {
        let key = (download, origin.clone());
        let before = self.users.get(&key).copied().unwrap_or_default();
        let mut after = before;
        change(&mut after);
        if after.is_idle() {
            self.users.remove(&key);
        } else {
            self.users.insert(key, after);
        }
        let known = self.origins.entry(origin.clone()).or_default();
        known.exchanges = known.exchanges - before.exchanges() + after.exchanges();
        known.large_exchanges = known.large_exchanges - before.large_exchanges() + after.large_exchanges();
        known.places = known.places - before.places() + after.places();
        self.changed.insert(origin.clone());
    }

    /// The origins whose room may have changed since the last call.
    pub fn take_changes(&mut self) -> Vec<Room> {
        let changed = core::mem::take(&mut self.changed);
        let rooms = changed.into_iter().map(|origin| {
            let next = self.next_waiting(&origin);
            Room { is_free: next.is_empty() && self.has_room(&origin), origin, next }
        });
        let rooms = rooms.collect();
        self.forget_unused();
        rooms
    }

    /// Gives places to waiting downloads while there is room.
    fn next_waiting(&mut self, origin: &Arc<str>) -> Vec<DownloadId> {
        let room = self.room(origin) as usize;
        let Some(known) = self.origins.get_mut(origin) else { return Vec::new() };
        let count = room.min(known.waiting.len());
        let next: Vec<_> = known.waiting.drain(..count).collect();
        for download in &next {
            self.waits_at.remove(download);
            self.take_place(*download, origin, None);
        }
        next
    }

    /// Number of files that can begin at `authority`.
    fn room(&self, authority: &str) -> u32 {
        let Some(origin) = self.origins.get(authority) else { return 1 };
        if origin.held_until.is_some() {
            return 0;
        }
        let exchanges = self.limit.map_or(u32::MAX, |limit| limit.saturating_sub(origin.exchanges));
        origin.level.allowed().saturating_sub(origin.places).min(exchanges)
    }

    /// Whether another file can begin at `authority`.
    pub fn has_room(&self, authority: &str) -> bool {
        let waits = self.origins.get(authority).is_some_and(|origin| !origin.waiting.is_empty());
        !waits && self.room(authority) > 0
    }

    fn forget_unused(&mut self) {
        if self.origins.len() > REMEMBERED {
            let is_used =
                |origin: &Origin| origin.exchanges > 0 || !origin.waiting.is_empty() || origin.held_until.is_some();
            self.origins.retain(|_, origin| is_used(origin));
        }
    }
}

fn is_large(length: Option<u64>) -> bool {
    length.is_some_and(|length| length >= LARGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_nanos(millis * 1_000_000)
    }

    fn origin() -> Arc<str> {
        "h".into()
    }

    /// Downloads with one open exchange each.
    fn filled(limit: Option<u32>, count: u64) -> Origins {
        let mut origins = Origins::new(limit);
        for id in 0..count {
            origins.take_place(DownloadId(id), &origin(), None);
            origins.opened(at(0), DownloadId(id), AttemptId(id), "h");
        }
        origins.take_changes();
        origins
    }

    fn end(origins: &mut Origins, id: u64) {
        origins.closed(AttemptId(id));
        origins.leave(DownloadId(id));
    }

    #[test]
    fn a_limit_holds_for_each_origin() {
        let mut origins = filled(Some(2), 2);
        assert!(!origins.has_room("h") && origins.has_room("other") && !origins.admits_another("h", false));
        end(&mut origins, 0);
        assert!(origins.has_room("h") && origins.admits_another("h", false));
    }

    #[test]
    fn a_callers_number_of_connections_is_not_limited_without_its_limit() {
        let mut origins = filled(None, 1);
        for id in 1..50 {
            origins.opened(at(0), DownloadId(0), AttemptId(id), "h");
        }
        (0..50).for_each(|id| origins.answered(at(1), AttemptId(id), Some(LARGE)));
        assert!(origins.admits_another("h", false) && !origins.admits_another("h", true));
    }

    #[test]
    fn a_place_and_its_exchange_count_once() {
        let mut origins = filled(Some(2), 1);
        assert!(origins.admits_another("h", false));
        origins.opened(at(0), DownloadId(0), AttemptId(7), "h");
        assert!(!origins.has_room("h"));
        [0, 7].into_iter().for_each(|attempt| origins.closed(AttemptId(attempt)));
        assert!(origins.admits_another("h", false));
        origins.leave(DownloadId(0));
        assert!(origins.users.is_empty() && origins.place_of.is_empty());
    }

    #[test]
    fn few_large_files_are_fetched_at_once() {
        let mut origins = filled(None, 5);
        (0..5).for_each(|id| origins.answered(at(1), AttemptId(id), Some(LARGE)));
        assert_eq!(origins.room("h"), START - 5 * LARGE_PLACES);
    }

    #[test]
    fn a_download_that_failed_waits_until_the_origin_has_room() {
        let mut origins = filled(None, START.into());
        origins.answered(at(1), AttemptId(1), Some(9));
        origins.objected(at(2), AttemptId(0));
        end(&mut origins, 0);
        assert!(!origins.admits(DownloadId(0), "h") && !origins.admits(DownloadId(0), "h"));
        assert!(origins.take_changes().iter().all(|room| !room.is_free && room.next.is_empty()));
        end(&mut origins, 1);
        let rooms = origins.take_changes();
        assert_eq!(rooms.iter().flat_map(|room| &room.next).collect::<Vec<_>>(), [&DownloadId(0)]);
        assert!(origins.admits(DownloadId(0), "h") && origins.waits_at.is_empty());
    }

    #[test]
    fn no_file_begins_while_the_origin_accepts_no_requests() {
        let mut origins = filled(None, 1);
        let limit = RateLimit { remaining: 0, reset: Some(Duration::from_secs(5)) };
        origins.announced(at(1), AttemptId(0), limit);
        end(&mut origins, 0);
        assert!(!origins.has_room("h") && origins.has_room("other"));
        assert_eq!(origins.next_end_of_hold(), Some(at(5001)));
        origins.end_holds(at(5000));
        assert!(!origins.has_room("h"));
        origins.end_holds(at(5001));
        assert!(origins.has_room("h") && origins.next_end_of_hold().is_none());
    }

    #[test]
    fn an_origin_that_redirects_learns_from_the_answers_elsewhere() {
        let mut origins = Origins::new(None);
        for id in 0..u64::from(START) {
            origins.take_place(DownloadId(id), &origin(), None);
            origins.opened(at(0), DownloadId(id), AttemptId(id), "elsewhere");
        }
        assert!(!origins.has_room("h"));
        origins.answered(at(1), AttemptId(0), Some(9));
        assert!(origins.has_room("h"));
    }

    #[test]
    fn only_so_many_unused_origins_are_remembered() {
        let mut origins = filled(None, 1);
        for id in 1..=(2 * REMEMBERED as u64) {
            origins.opened(at(0), DownloadId(id), AttemptId(id), &alloc::format!("h{id}"));
            origins.closed(AttemptId(id));
            origins.take_changes();
        }
        assert!(origins.origins.len() <= REMEMBERED && origins.origins.contains_key("h"));
    }
}
