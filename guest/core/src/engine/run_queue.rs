//! The queue of downloads and jobs that wait for a place among the running downloads. The highest priority level is first, and every fifth
//! turn goes to a lower one. Within a level the caller with the fewest places is first, and within a caller the longest waiter. A waiter
//! whose origin has no room is skipped and keeps its position.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::border::identity::{DownloadId, JobId};
use crate::job::Priority;

/// Turns in a row that a level may have while a lower level waits. Every fifth turn then goes down, so that no level starves.
const IN_A_ROW: u32 = 4;

/// A download, or a job whose next file is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Waiter {
    Download(DownloadId),
    Job(JobId),
}

/// The next waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub waiter: Waiter,
    pub level: Priority,
    /// Waiters with a higher priority were skipped, because their level had [`IN_A_ROW`] turns.
    pub out_of_order: bool,
}

/// The origin that must have room for the waiter; `None` if exchanges with each origin are not limited.
pub(super) type LimitedOrigin = Option<Arc<str>>;

/// The name of a caller.
type Caller = Arc<str>;

/// Number of places of each caller.
pub(super) type Places<'a> = BTreeMap<&'a str, usize>;

#[derive(Debug)]
struct Entry {
    level: Priority,
    number: u64,
    caller: Caller,
    origin: LimitedOrigin,
}

#[derive(Debug, Default)]
struct Level {
    /// The waiters of each caller at each origin, by number.
    lines: BTreeMap<(Caller, LimitedOrigin), BTreeMap<u64, Waiter>>,
    /// For each caller, its first number at each origin with room.
    firsts: BTreeMap<Caller, BTreeMap<u64, LimitedOrigin>>,
    in_a_row: u32,
}

#[derive(Debug, Default)]
pub(super) struct RunQueue {
    levels: BTreeMap<Priority, Level>,
    entries: BTreeMap<Waiter, Entry>,
    next_number: u64,
    /// Origins without room.
    full: BTreeSet<Arc<str>>,
}

impl RunQueue {
    /// Adds `waiter` at the end of its level, unless it already waits there.
    pub fn join(&mut self, waiter: Waiter, level: Priority, origin: LimitedOrigin, caller: &str) {
        let number = match self.entries.get(&waiter) {
            Some(known) if known.level == level && known.origin == origin && &*known.caller == caller => return,
            Some(known) if known.level == level => known.number,
            _ => {
                self.next_number += 1;
                self.next_number
            }
        };
        self.leave(waiter);
        self.forgive(level);
        let has_room = self.has_room(&origin);
        let entry = Entry { level, number, caller: caller.into(), origin };
        self.levels.entry(level).or_default().insert(&entry, waiter, has_room);
        self.entries.insert(waiter, entry);
    }

    /// Turns taken while no lower priority waits do not count towards the limit, except the current one.
    fn forgive(&mut self, level: Priority) {
        if self.levels.range(level..).all(|(_, known)| known.lines.is_empty()) {
            self.levels.range_mut(..level).for_each(|(_, above)| above.in_a_row = above.in_a_row.min(1));
        }
    }

    /// Moves `waiter` to the end of its level, if it waits.
    pub fn go_behind(&mut self, waiter: Waiter) {
        let known = self.entries.get(&waiter).map(|entry| (entry.level, entry.origin.clone(), entry.caller.clone()));
        if let Some((level, origin, caller)) = known {
            self.leave(waiter);
            self.join(waiter, level, origin, &caller);
        }
    }

    pub fn leave(&mut self, waiter: Waiter) {
        let Some(entry) = self.entries.remove(&waiter) else { return };
        let has_room = self.has_room(&entry.origin);
        if let Some(level) = self.levels.get_mut(&entry.level) {
            level.remove(&entry, has_room);
        }
    }

    fn has_room(&self, origin: &LimitedOrigin) -> bool {
        origin.as_ref().is_none_or(|origin| !self.full.contains(origin))
    }

    /// Sets whether `origin` has room for another exchange.
    pub fn set_room(&mut self, origin: Arc<str>, has_room: bool) {
        let changed = if has_room { self.full.remove(&origin) } else { self.full.insert(origin.clone()) };
        if changed {
            let limited = Some(origin);
            self.levels.values_mut().for_each(|level| level.offer(&limited, has_room));
        }
    }

    /// The next waiter whose origin has room.
    pub fn due(&self, places: &Places<'_>) -> Option<Due> {
        let mut waiting = self.levels.iter().filter(|(_, level)| !level.firsts.is_empty()).peekable();
        let mut out_of_order = false;
        while let Some((priority, level)) = waiting.next() {
            if level.in_a_row < IN_A_ROW || waiting.peek().is_none() {
                let waiter = level.first(places)?;
                return Some(Due { waiter, level: *priority, out_of_order });
            }
            out_of_order = true;
        }
        None
    }

    /// The waiter with the highest priority at each origin without room.
    pub fn due_at_origins(&self) -> Vec<(Arc<str>, Due)> {
        let due = |origin: &Arc<str>| {
            let limited = Some(origin.clone());
            let first = self.levels.iter().find_map(|(level, known)| Some((*level, known.first_at(&limited)?)));
            first.map(|(level, waiter)| (origin.clone(), Due { waiter, level, out_of_order: false }))
        };
        self.full.iter().filter_map(due).collect()
    }

    /// Number of waiters, at most `most`, that may claim the turn of `waiter` at `level`: those whose origin has room, or those at
    /// `origin`.
    pub fn rivals(&self, waiter: Waiter, level: Priority, origin: Option<&Arc<str>>, most: usize) -> usize {
        let is_spent = self.levels.get(&level).is_some_and(|known| known.in_a_row >= IN_A_ROW);
        let lowest = if is_spent { Priority::Low } else { level };
        let levels = self.levels.range(..=lowest).map(|(_, level)| level);
        let lines = levels.flat_map(|level| level.lines.iter());
        let lines = lines.filter(|((_, limited), _)| match origin {
            Some(_) => limited.as_ref() == origin,
            None => self.has_room(limited),
        });
        lines.flat_map(|(_, line)| line.values()).filter(|other| **other != waiter).take(most).count()
    }

    /// Removes `due`, which gets its turn.
    pub fn take(&mut self, due: Due) {
        self.leave(due.waiter);
        self.count(due.level);
    }

    /// Counts a turn of `level`.
    pub fn count(&mut self, level: Priority) {
        self.levels.range_mut(..level).for_each(|(_, above)| above.in_a_row = 0);
        let counted = self.levels.entry(level).or_default();
        counted.in_a_row = counted.in_a_row.saturating_add(1);
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Level {
    fn insert(&mut self, entry: &Entry, waiter: Waiter, has_room: bool) {
        let line = self.lines.entry(entry.line()).or_default();
        if let (Some((first, _)), Some(firsts)) = (line.first_key_value(), self.firsts.get_mut(&entry.caller)) {
            firsts.remove(first);
        }
        line.insert(entry.number, waiter);
        self.offer_line(&entry.line(), has_room);
    }

    fn remove(&mut self, entry: &Entry, has_room: bool) {
        if let Some(firsts) = self.firsts.get_mut(&entry.caller) {
            firsts.remove(&entry.number);
            if firsts.is_empty() {
                self.firsts.remove(&entry.caller);
            }
        }
        let Some(line) = self.lines.get_mut(&entry.line()) else { return };
        line.remove(&entry.number);
        if line.is_empty() {
            self.lines.remove(&entry.line());
        }
        self.offer_line(&entry.line(), has_room);
    }

    /// Updates whether the first waiter of each caller at `origin` can go.
    fn offer(&mut self, origin: &LimitedOrigin, has_room: bool) {
        let lines: Vec<_> = self.lines.keys().filter(|(_, known)| known == origin).cloned().collect();
        lines.iter().for_each(|line| self.offer_line(line, has_room));
    }

    fn offer_line(&mut self, line: &(Caller, LimitedOrigin), has_room: bool) {
        let Some(first) = self.lines.get(line).and_then(|line| line.keys().next()) else { return };
        let (caller, origin) = line;
        let firsts = self.firsts.entry(caller.clone()).or_default();
        match has_room {
            true => drop(firsts.insert(*first, origin.clone())),
            false => drop(firsts.remove(first)),
        }
        if firsts.is_empty() {
            self.firsts.remove(caller);
        }
    }

    /// The first waiter of the caller with the fewest places; of several such callers, the one that has waited longest.
    fn first(&self, places: &Places<'_>) -> Option<Waiter> {
        let firsts = self.firsts.iter().filter_map(|(caller, firsts)| Some((caller, firsts.first_key_value()?)));
        let key = |caller: &Caller, number: &u64| (places.get(&**caller).copied().unwrap_or_default(), *number);
        let (caller, (number, origin)) = firsts.min_by_key(|(caller, (number, _))| key(caller, number))?;
        self.lines.get(&(caller.clone(), origin.clone()))?.get(number).copied()
    }

    /// The first waiter at an origin.
    fn first_at(&self, origin: &LimitedOrigin) -> Option<Waiter> {
        let lines = self.lines.iter().filter(|((_, known), _)| known == origin);
        let firsts = lines.filter_map(|(_, line)| line.first_key_value());
        firsts.min_by_key(|(number, _)| **number).map(|(_, waiter)| *waiter)
    }
}

impl Entry {
    fn line(&self) -> (Caller, LimitedOrigin) {
        (self.caller.clone(), self.origin.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: u64) -> Waiter {
        Waiter::Job(JobId(number))
    }

    fn take(queue: &mut RunQueue) -> Option<Waiter> {
        let due = queue.due(&Places::new())?;
        queue.take(due);
        Some(due.waiter)
    }

    #[test]
    fn within_a_level_everybody_has_a_turn_before_anybody_has_two() {
        let mut queue = RunQueue::default();
        (0..3).for_each(|number| queue.join(job(number), Priority::Normal, None, "caller"));
        let order: Vec<_> = (0..6)
            .map(|_| {
                let next = take(&mut queue).unwrap();
                queue.join(next, Priority::Normal, None, "caller");
                next
            })
            .collect();
        assert_eq!(order, [job(0), job(1), job(2), job(0), job(1), job(2)]);
    }

    #[test]
    fn the_lowest_level_has_its_turn_however_many_wait_above() {
        let mut queue = RunQueue::default();
        let levels = [Priority::Foreground, Priority::High, Priority::Normal, Priority::Low];
        for (number, level) in (0..).zip(levels) {
            queue.join(job(number), level, None, "caller");
        }
        let mut counts = [0; 4];
        for _ in 0..1250 {
            let due = queue.due(&Places::new()).unwrap();
            queue.take(due);
            queue.join(due.waiter, due.level, None, "caller");
            counts[due.level as usize] += 1;
        }
        assert_eq!(counts, [1000, 200, 40, 10]);
    }

    #[test]
    fn a_waiter_that_changes_its_level_goes_behind() {
        let mut queue = RunQueue::default();
        queue.join(job(1), Priority::Low, None, "caller");
        queue.join(job(2), Priority::High, None, "caller");
        queue.join(job(1), Priority::High, None, "caller");
        assert_eq!([take(&mut queue), take(&mut queue), take(&mut queue)], [Some(job(2)), Some(job(1)), None]);
    }

    #[test]
    fn who_comes_after_urgent_turns_does_not_go_before_the_next_one() {
        let mut queue = RunQueue::default();
        (0..9).for_each(|_| queue.count(Priority::Foreground));
        queue.join(job(1), Priority::Low, None, "caller");
        queue.join(job(2), Priority::Foreground, None, "caller");
        assert_eq!(take(&mut queue), Some(job(2)));
    }

    #[test]
    fn who_would_meet_a_full_origin_is_passed_over_and_keeps_its_place() {
        let mut queue = RunQueue::default();
        let (full, other): (Arc<str>, Arc<str>) = ("full".into(), "other".into());
        queue.set_room(full.clone(), false);
        queue.join(job(1), Priority::Normal, Some(full.clone()), "caller");
        queue.join(job(2), Priority::Normal, Some(full.clone()), "caller");
        queue.join(job(3), Priority::Normal, Some(other), "caller");
        queue.join(job(4), Priority::Normal, None, "caller");
        assert_eq!(queue.due_at_origins().len(), 1);
        assert_eq!(take(&mut queue), Some(job(3)));
        queue.set_room(full.clone(), true);
        assert_eq!(take(&mut queue), Some(job(1)));
        queue.set_room(full, false);
        assert_eq!([take(&mut queue), take(&mut queue)], [Some(job(4)), None]);
        queue.leave(job(2));
        assert!(queue.is_empty() && queue.due_at_origins().is_empty());
    }

    #[test]
    fn rivals_are_others_who_could_have_the_turn() {
        let mut queue = RunQueue::default();
        let full: Arc<str> = "full".into();
        queue.set_room(full.clone(), false);
        queue.join(job(1), Priority::Normal, None, "caller");
        queue.join(job(2), Priority::Low, None, "caller");
        queue.join(job(3), Priority::High, Some(full.clone()), "caller");
        assert_eq!(queue.rivals(job(1), Priority::Normal, None, 9), 0);
        assert_eq!(queue.rivals(job(9), Priority::Normal, None, 9), 1);
        assert_eq!(queue.rivals(job(9), Priority::Normal, Some(&full), 9), 1);
        (0..4).for_each(|_| queue.count(Priority::Normal));
        assert_eq!(queue.rivals(job(9), Priority::Normal, None, 9), 2);
    }

    #[test]
    fn a_free_place_goes_to_the_caller_with_the_fewest() {
        let mut queue = RunQueue::default();
        (0..100).for_each(|number| queue.join(job(number), Priority::Normal, None, "many"));
        queue.join(job(100), Priority::Normal, Some("origin".into()), "few");
        queue.join(job(101), Priority::Normal, None, "few");
        let mut places = Places::from([("many", 2)]);
        let mut order = Vec::new();
        for _ in 0..4 {
            let due = queue.due(&places).unwrap();
            queue.take(due);
            let caller = if due.waiter >= job(100) { "few" } else { "many" };
            *places.entry(caller).or_default() += 1;
            order.push(due.waiter);
        }
        assert_eq!(order, [job(100), job(101), job(0), job(1)]);
    }
}
