//! Whose turn it is, when more is to be fetched than there are places: the most urgent level first, every fifth turn a lower
//! one's, and within a level one after the other. Whoever would go to an origin that has no room is passed over, and keeps its
//! place in the line.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::identity::{DownloadId, JobId};
use crate::job::Priority;

/// Turns in a row that a level has before a lower one that waits has one.
const IN_A_ROW: u32 = 4;

/// Who waits for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Waiter {
    Download(DownloadId),
    Job(JobId),
}

/// Who is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub waiter: Waiter,
    pub level: Priority,
    /// It is next although somebody more urgent waits, because that level had its turns.
    pub out_of_order: bool,
}

/// The origin that must have room for whoever waits; none where that is not asked.
pub(super) type Gate = Option<Arc<str>>;

#[derive(Debug)]
struct Ticket {
    level: Priority,
    number: u64,
    gate: Gate,
}

#[derive(Debug, Default)]
struct Level {
    /// Who waits at each gate, by ticket.
    lines: BTreeMap<Gate, BTreeMap<u64, Waiter>>,
    /// The first ticket at each gate that is open.
    firsts: BTreeMap<u64, Gate>,
    in_a_row: u32,
}

#[derive(Debug, Default)]
pub(super) struct Turns {
    levels: BTreeMap<Priority, Level>,
    tickets: BTreeMap<Waiter, Ticket>,
    next_ticket: u64,
    /// Origins without room.
    full: BTreeSet<Arc<str>>,
}

impl Turns {
    /// `waiter` waits from now on, behind all others of its level, unless it waits there already.
    pub fn join(&mut self, waiter: Waiter, level: Priority, gate: Gate) {
        let number = match self.tickets.get(&waiter) {
            Some(known) if known.level == level && known.gate == gate => return,
            Some(known) if known.level == level => known.number,
            _ => {
                self.next_ticket += 1;
                self.next_ticket
            }
        };
        self.leave(waiter);
        self.forgive(level);
        let is_open = self.is_open(&gate);
        self.levels.entry(level).or_default().insert(number, waiter, &gate, is_open);
        self.tickets.insert(waiter, Ticket { level, number, gate });
    }

    /// Turns that were had while nobody less urgent waited do not count, but for the present one.
    fn forgive(&mut self, level: Priority) {
        if self.levels.range(level..).all(|(_, known)| known.lines.is_empty()) {
            self.levels.range_mut(..level).for_each(|(_, above)| above.in_a_row = above.in_a_row.min(1));
        }
    }

    /// `waiter` goes behind all others of its level, where it waits.
    pub fn go_behind(&mut self, waiter: Waiter) {
        let known = self.tickets.get(&waiter).map(|ticket| (ticket.level, ticket.gate.clone()));
        if let Some((level, gate)) = known {
            self.leave(waiter);
            self.join(waiter, level, gate);
        }
    }

    pub fn leave(&mut self, waiter: Waiter) {
        let Some(ticket) = self.tickets.remove(&waiter) else { return };
        let is_open = self.is_open(&ticket.gate);
        if let Some(level) = self.levels.get_mut(&ticket.level) {
            level.remove(ticket.number, &ticket.gate, is_open);
        }
    }

    fn is_open(&self, gate: &Gate) -> bool {
        gate.as_ref().is_none_or(|origin| !self.full.contains(origin))
    }

    /// Whether `origin` has room for those who wait for it.
    pub fn set_room(&mut self, origin: Arc<str>, has_room: bool) {
        let changed = if has_room { self.full.remove(&origin) } else { self.full.insert(origin.clone()) };
        if changed {
            let gate = Some(origin);
            self.levels.values_mut().for_each(|level| level.offer(&gate, has_room));
        }
    }

    /// Who is next of those who can go; none where nobody waits.
    pub fn due(&self) -> Option<Due> {
        let mut waiting = self.levels.iter().filter(|(_, level)| !level.firsts.is_empty()).peekable();
        let mut out_of_order = false;
        while let Some((priority, level)) = waiting.next() {
            if level.in_a_row < IN_A_ROW || waiting.peek().is_none() {
                let gate = level.firsts.values().next()?;
                let waiter = level.first_at(gate)?;
                return Some(Due { waiter, level: *priority, out_of_order });
            }
            out_of_order = true;
        }
        None
    }

    /// The origins without room that somebody waits for, and the most urgent one who does.
    pub fn due_at_origins(&self) -> Vec<(Arc<str>, Due)> {
        let due = |origin: &Arc<str>| {
            let gate = Some(origin.clone());
            let first = self.levels.iter().find_map(|(level, known)| Some((*level, known.first_at(&gate)?)));
            first.map(|(level, waiter)| (origin.clone(), Due { waiter, level, out_of_order: false }))
        };
        self.full.iter().filter_map(due).collect()
    }

    /// How many but `waiter`, which has a turn at `level`, may claim it now, at most `most`: those who could go, and with `origin`
    /// those who wait for it.
    pub fn rivals(&self, waiter: Waiter, level: Priority, origin: Option<&Arc<str>>, most: usize) -> usize {
        let is_spent = self.levels.get(&level).is_some_and(|known| known.in_a_row >= IN_A_ROW);
        let lowest = if is_spent { Priority::Low } else { level };
        let levels = self.levels.range(..=lowest).map(|(_, level)| level);
        let lines = levels.flat_map(|level| level.lines.iter());
        let lines = lines.filter(|(gate, _)| match origin {
            Some(_) => gate.as_ref() == origin,
            None => self.is_open(gate),
        });
        lines.flat_map(|(_, line)| line.values()).filter(|other| **other != waiter).take(most).count()
    }

    /// `due` has its turn and leaves the line.
    pub fn take(&mut self, due: Due) {
        self.leave(due.waiter);
        self.count(due.level);
    }

    /// Somebody of `level` has a turn.
    pub fn count(&mut self, level: Priority) {
        self.levels.range_mut(..level).for_each(|(_, above)| above.in_a_row = 0);
        let counted = self.levels.entry(level).or_default();
        counted.in_a_row = counted.in_a_row.saturating_add(1);
    }

    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }
}

impl Level {
    fn insert(&mut self, number: u64, waiter: Waiter, gate: &Gate, is_open: bool) {
        let line = self.lines.entry(gate.clone()).or_default();
        if let Some((first, _)) = line.first_key_value() {
            self.firsts.remove(first);
        }
        line.insert(number, waiter);
        self.offer(gate, is_open);
    }

    fn remove(&mut self, number: u64, gate: &Gate, is_open: bool) {
        self.firsts.remove(&number);
        let Some(line) = self.lines.get_mut(gate) else { return };
        line.remove(&number);
        if line.is_empty() {
            self.lines.remove(gate);
        }
        self.offer(gate, is_open);
    }

    /// The first at the gate can go where that is open.
    fn offer(&mut self, gate: &Gate, is_open: bool) {
        let first = self.lines.get(gate).and_then(|line| line.keys().next());
        match first {
            Some(number) if is_open => drop(self.firsts.insert(*number, gate.clone())),
            Some(number) => drop(self.firsts.remove(number)),
            None => {}
        }
    }

    fn first_at(&self, gate: &Gate) -> Option<Waiter> {
        self.lines.get(gate)?.values().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: u64) -> Waiter {
        Waiter::Job(JobId(number))
    }

    fn take(turns: &mut Turns) -> Option<Waiter> {
        let due = turns.due()?;
        turns.take(due);
        Some(due.waiter)
    }

    #[test]
    fn within_a_level_everybody_has_a_turn_before_anybody_has_two() {
        let mut turns = Turns::default();
        (0..3).for_each(|number| turns.join(job(number), Priority::Normal, None));
        let order: Vec<_> = (0..6)
            .map(|_| {
                let next = take(&mut turns).unwrap();
                turns.join(next, Priority::Normal, None);
                next
            })
            .collect();
        assert_eq!(order, [job(0), job(1), job(2), job(0), job(1), job(2)]);
    }

    #[test]
    fn the_lowest_level_has_its_turn_however_many_wait_above() {
        let mut turns = Turns::default();
        let levels = [Priority::Foreground, Priority::High, Priority::Normal, Priority::Low];
        for (number, level) in (0..).zip(levels) {
            turns.join(job(number), level, None);
        }
        let mut counts = [0; 4];
        for _ in 0..1250 {
            let due = turns.due().unwrap();
            turns.take(due);
            turns.join(due.waiter, due.level, None);
            counts[due.level as usize] += 1;
        }
        assert_eq!(counts, [1000, 200, 40, 10]);
    }

    #[test]
    fn a_waiter_that_changes_its_level_goes_behind() {
        let mut turns = Turns::default();
        turns.join(job(1), Priority::Low, None);
        turns.join(job(2), Priority::High, None);
        turns.join(job(1), Priority::High, None);
        assert_eq!([take(&mut turns), take(&mut turns), take(&mut turns)], [Some(job(2)), Some(job(1)), None]);
    }

    #[test]
    fn who_comes_after_urgent_turns_does_not_go_before_the_next_one() {
        let mut turns = Turns::default();
        (0..9).for_each(|_| turns.count(Priority::Foreground));
        turns.join(job(1), Priority::Low, None);
        turns.join(job(2), Priority::Foreground, None);
        assert_eq!(take(&mut turns), Some(job(2)));
    }

    #[test]
    fn who_would_meet_a_full_origin_is_passed_over_and_keeps_its_place() {
        let mut turns = Turns::default();
        let (full, other): (Arc<str>, Arc<str>) = ("full".into(), "other".into());
        turns.set_room(full.clone(), false);
        turns.join(job(1), Priority::Normal, Some(full.clone()));
        turns.join(job(2), Priority::Normal, Some(full.clone()));
        turns.join(job(3), Priority::Normal, Some(other));
        turns.join(job(4), Priority::Normal, None);
        assert_eq!(turns.due_at_origins().len(), 1);
        assert_eq!(take(&mut turns), Some(job(3)));
        turns.set_room(full.clone(), true);
        assert_eq!(take(&mut turns), Some(job(1)));
        turns.set_room(full, false);
        assert_eq!([take(&mut turns), take(&mut turns)], [Some(job(4)), None]);
        turns.leave(job(2));
        assert!(turns.is_empty() && turns.due_at_origins().is_empty());
    }

    #[test]
    fn rivals_are_others_who_could_have_the_turn() {
        let mut turns = Turns::default();
        let full: Arc<str> = "full".into();
        turns.set_room(full.clone(), false);
        turns.join(job(1), Priority::Normal, None);
        turns.join(job(2), Priority::Low, None);
        turns.join(job(3), Priority::High, Some(full.clone()));
        assert_eq!(turns.rivals(job(1), Priority::Normal, None, 9), 0);
        assert_eq!(turns.rivals(job(9), Priority::Normal, None, 9), 1);
        assert_eq!(turns.rivals(job(9), Priority::Normal, Some(&full), 9), 1);
        (0..4).for_each(|_| turns.count(Priority::Normal));
        assert_eq!(turns.rivals(job(9), Priority::Normal, None, 9), 2);
    }
}
