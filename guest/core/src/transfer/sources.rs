//! Sources of the file: the caller's URL, and other URLs of the same content.

use alloc::vec::Vec;
use core::time::Duration;

use crate::border::time::Instant;
use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;
use crate::failure::{Cause, Fault};
use crate::http::representation::Representation;
use crate::pacing::retry::Backoff;
use crate::parse::url::Url;

/// Limit on the URLs of one file, so that a hostile document cannot fill the memory.
pub const MOST_SOURCES: usize = 64;

/// Limit on the total length of URLs that origins named for one file, because no caller's account pays for them.
const MOST_LEARNED: usize = 64 << 10;

/// Factor by which a source must be slower than the fastest one to stay unused while the fastest is available, so that the usual spread
/// does not waste a source.
const MUCH_SLOWER: f64 = 8.0;

#[derive(Clone, Debug)]
pub(super) struct Source {
    pub url: Url,
    /// An origin named it. Its bytes count only if a digest of that origin's version proves them.
    pub learned: bool,
    /// The content according to its last usable response.
    pub seen: Option<Representation>,
    /// The reason why the engine dropped it.
    pub dropped: Option<Cause>,
    pub backoff: Backoff,
    /// Earliest time of the next request.
    pub resume_at: Option<Instant>,
    pub bad_pieces: u32,
    /// Bodies that violated the framing rules.
    pub violations: u32,
    ceiling: Ceiling,
    /// Bytes of the local file that came from it.
    given: RangeSet,
    /// Highest rate of one of its exchanges, in bytes per second.
    rate: Option<f64>,
}

/// Limit on connections to a source that has objected: half of the connections at that time, plus one for each half minute since.
#[derive(Clone, Copy, Debug, Default)]
struct Ceiling(Option<(u32, Instant)>);

impl Ceiling {
    /// Time after which one more exchange is tried at an origin that refused some, so that a limit for a moment does not last.
    const RECOVERY: Duration = Duration::from_secs(30);

    fn allows(self, now: Instant) -> u32 {
        let recovered = |since: Instant| now.since(since).as_secs() / Self::RECOVERY.as_secs();
        self.0.map_or(u32::MAX, |(most, since)| most.saturating_add(recovered(since).try_into().unwrap_or(u32::MAX)))
    }

    fn lower(&mut self, now: Instant, in_use: u32) {
        self.0 = Some((self.allows(now).min(in_use / 2).max(1), now));
    }
}

impl Source {
    fn new(url: Url) -> Self {
        Self {
            url,
            learned: false,
            seen: None,
            dropped: None,
            backoff: Backoff::default(),
            resume_at: None,
            bad_pieces: 0,
            violations: 0,
            ceiling: Ceiling::default(),
            given: RangeSet::new(),
            rate: None,
        }
    }

    const fn is_usable(&self) -> bool {
        self.dropped.is_none()
    }

    fn is_much_slower(&self, fastest: f64) -> bool {
        self.rate.is_some_and(|rate| rate * MUCH_SLOWER < fastest)
    }
}

/// # Invariants
///
/// There is at least one source and at most [`MOST_SOURCES`]. The first is the caller's URL. URLs are distinct.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    list: Vec<Source>,
}

impl Sources {
    pub fn new(first: Url, mirrors: &[Url]) -> Self {
        let mut sources = Self { list: alloc::vec![Source::new(first)] };
        mirrors.iter().for_each(|mirror| sources.add(mirror.clone()));
        sources
    }

    pub fn add(&mut self, url: Url) {
        if self.list.len() < MOST_SOURCES && self.list.iter().all(|known| known.url != url) {
            self.list.push(Source::new(url));
        }
    }

    /// Adds a URL that an origin named, if there is room.
    pub fn learn(&mut self, url: Url) {
        let learned = self.list.iter().filter(|source| source.learned).map(|source| source.url.as_str().len());
        if learned.sum::<usize>() + url.as_str().len() > MOST_LEARNED {
            return;
        }
        let known = self.list.len();
        self.add(url);
        self.list[known..].iter_mut().for_each(|source| source.learned = true);
    }

    /// Drops the learned sources, because the version for which they were named is gone.
    pub fn leave_learned(&mut self) {
        let learned = self.list.iter_mut().filter(|source| source.learned && source.is_usable());
        learned.for_each(|source| source.dropped = Some(Cause::AnotherVersion));
    }

    /// Number of the caller's sources that are not dropped.
    pub fn usable_given(&self) -> usize {
        self.list.iter().filter(|source| source.is_usable() && !source.learned).count()
    }

    /// The caller's URL.
    pub fn first(&self) -> &Url {
        &self.list[0].url
    }

    pub fn get(&self, index: usize) -> &Source {
        &self.list[index]
    }

    pub fn get_mut(&mut self, index: usize) -> &mut Source {
        &mut self.list[index]
    }

    pub fn urls(&self) -> impl Iterator<Item = &Url> {
        self.list.iter().map(|source| &source.url)
    }

    /// Number of sources that are not dropped.
    pub fn usable(&self) -> usize {
        self.list.iter().filter(|source| source.is_usable()).count()
    }

    /// The cause when no source is left: that of a source that sent wrong bytes, if any, otherwise that of the first source.
    pub fn why_none(&self) -> Option<Cause> {
        let mut causes = self.list.iter().filter_map(|source| source.dropped);
        let first = causes.next();
        first.into_iter().chain(causes).find(|cause| cause.fault() == Fault::Content).or(first)
    }

    pub fn first_usable(&self) -> Option<usize> {
        self.list.iter().position(Source::is_usable)
    }

    /// The next source to use: the one with the fewest exchanges among those that are available and not much slower than another one.
    /// `only` leaves no choice; `in_use` counts the exchanges of each.
    pub fn pick(&self, now: Instant, only: Option<usize>, in_use: impl Fn(usize) -> u32) -> Option<usize> {
        let free = |index: &usize| {
            let source = &self.list[*index];
            let waits = source.resume_at.is_some_and(|at| at > now);
            let meant = only.is_none_or(|only| only == *index);
            meant && source.is_usable() && !waits && in_use(*index) < source.ceiling.allows(now)
        };
        let free: Vec<_> = (0..self.list.len()).filter(free).collect();
        let fastest = free.iter().filter_map(|index| self.list[*index].rate).fold(0.0, f64::max);
        free.into_iter().filter(|index| !self.list[*index].is_much_slower(fastest)).min_by_key(|index| in_use(*index))
    }

    /// Makes all sources available at once and forgets their failures.
    pub fn forgive(&mut self) {
        for source in &mut self.list {
            source.resume_at = None;
            source.backoff.progress();
        }
    }

    /// Earliest time at which a waiting source is available.
    pub fn next_resume(&self) -> Option<Instant> {
        self.list.iter().filter(|source| source.is_usable()).filter_map(|source| source.resume_at).min()
    }

    /// Ends waits that are over.
    pub fn end_waits(&mut self, now: Instant) {
        for source in &mut self.list {
            source.resume_at = source.resume_at.filter(|at| *at > now);
        }
    }

    /// The source rejected or throttled a request while `in_use` exchanges with it were open.
    pub fn objected(&mut self, index: usize, now: Instant, in_use: u32) {
        self.list[index].ceiling.lower(now, in_use);
    }

    pub fn gave(&mut self, index: usize, range: ByteRange) {
        self.list[index].given.insert(range);
    }

    pub fn measured(&mut self, index: usize, rate: f64) {
        let source = &mut self.list[index];
        source.rate = Some(source.rate.map_or(rate, |known| rate.max(known)));
    }

    /// The source that sent every byte of `range`, if there is one.
    pub fn sole_giver(&self, range: ByteRange) -> Option<usize> {
        self.list.iter().position(|source| !range.is_empty() && source.given.covers(range))
    }

    /// The sources that sent bytes of `range`.
    pub fn givers(&self, range: ByteRange) -> Vec<usize> {
        let gave = |index: &usize| self.list[*index].given.touches(range);
        (0..self.list.len()).filter(gave).collect()
    }

    /// Forgets the sources of the bytes in `range`.
    pub fn take_back(&mut self, range: ByteRange) {
        self.list.iter_mut().for_each(|source| source.given.remove(range));
    }

    /// Forgets the sources of all bytes and the sources' versions.
    pub fn forget_bytes(&mut self) {
        for source in &mut self.list {
            source.given = RangeSet::new();
            source.seen = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn sources() -> Sources {
        Sources::new(url("http://a/f"), &[url("http://b/f"), url("http://a/f"), url("http://c/f")])
    }

    fn at(seconds: u64) -> Instant {
        Instant::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn each_url_counts_once() {
        assert_eq!(sources().usable(), 3);
    }

    #[test]
    fn origins_name_only_so_many_bytes_of_urls() {
        let mut sources = sources();
        let long = |number: usize| url(&alloc::format!("http://{number}/{}", "m".repeat(8000)));
        (0..50).for_each(|number| sources.learn(long(number)));
        assert_eq!(sources.usable(), 3 + MOST_LEARNED / 8010);
    }

    #[test]
    fn the_least_used_source_is_asked_next() {
        assert_eq!(sources().pick(at(0), None, |index| [2, 1, 1][index]), Some(1));
    }

    #[test]
    fn sources_that_wait_or_were_dropped_are_not_asked() {
        let mut sources = sources();
        sources.get_mut(0).resume_at = Some(at(5));
        sources.get_mut(1).dropped = Some(Cause::HttpStatus(404));
        assert_eq!((sources.pick(at(0), None, |_| 0), sources.next_resume()), (Some(2), Some(at(5))));
        sources.end_waits(at(5));
        assert_eq!(sources.pick(at(5), None, |_| 0), Some(0));
    }

    #[test]
    fn a_much_slower_source_is_left_alone_while_the_fast_one_can_be_asked() {
        let mut sources = sources();
        sources.measured(0, 1e6);
        sources.measured(1, 1e3);
        assert_eq!(sources.pick(at(0), None, |index| [3, 0, 3][index]), Some(0));
        sources.get_mut(0).resume_at = Some(at(5));
        sources.get_mut(2).dropped = Some(Cause::HttpStatus(404));
        assert_eq!(sources.pick(at(0), None, |_| 0), Some(1));
    }

    #[test]
    fn a_source_that_objects_gets_fewer_connections_and_slowly_more_again() {
        let mut sources = sources();
        sources.objected(0, at(0), 8);
        let allowed =
            |sources: &Sources, now| (0..).take_while(|n| sources.pick(now, Some(0), |_| *n).is_some()).count();
        assert_eq!((allowed(&sources, at(0)), allowed(&sources, at(60))), (4, 6));
        sources.objected(0, at(60), 1);
        assert_eq!(allowed(&sources, at(60)), 1);
    }
}
