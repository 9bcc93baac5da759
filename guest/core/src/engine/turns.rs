//! Whose turn it is, when more is to be fetched than there are places: the most urgent level first, every fifth turn a lower
//! one's; within a level the caller with the fewest places, and within a caller one waiter after the other. A waiter whose origin has no
//! room is passed over, and keeps its place in the line.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::border::identity::{DownloadId, JobId};
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

/// The name of a caller.
type Caller = Arc<str>;

/// How many places each caller has.
pub(super) type Places<'a> = BTreeMap<&'a str, usize>;

#[derive(Debug)]
struct Ticket {
    level: Priority,
    number: u64,
    caller: Caller,
    gate: Gate,
}

#[derive(Debug, Default)]
struct Level {
    /// The waiters of each caller at each gate, by ticket.
    lines: BTreeMap<(Caller, Gate), BTreeMap<u64, Waiter>>,
    /// For each caller, its first ticket at each gate that is open.
    firsts: BTreeMap<Caller, BTreeMap<u64, Gate>>,
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
    pub fn join(&mut self, waiter: Waiter, level: Priority, gate: Gate, caller: &str) {
        let number = match self.tickets.get(&waiter) {
            Some(known) if known.level == level && known.gate == gate && &*known.caller == caller => return,
            Some(known) if known.level == level => known.number,
            _ => {
                self.next_ticket += 1;
                self.next_ticket
            }
        };
        self.leave(waiter);
        self.forgive(level);
        let is_open = self.is_open(&gate);
        let ticket = Ticket { level, number, caller: caller.into(), gate };
        self.levels.entry(level).or_default().insert(&ticket, waiter, is_open);
        self.tickets.insert(waiter, ticket);
    }

    /// Turns that were had while nobody less urgent waited do not count, but for the present one.
    fn forgive(&mut self, level: Priority) {
        if self.levels.range(level..).all(|(_, known)| known.lines.is_empty()) {
            self.levels.range_mut(..level).for_each(|(_, above)| above.in_a_row = above.in_a_row.min(1));
        }
    }

    /// `waiter` goes behind all others of its level, where it waits.
    pub fn go_behind(&mut self, waiter: Waiter) {
        let known = self.tickets.get(&waiter).map(|ticket| (ticket.level, ticket.gate.clone(), ticket.caller.clone()));
        if let Some((level, gate, caller)) = known {
            self.leave(waiter);
            self.join(waiter, level, gate, &caller);
        }
    }

    pub fn leave(&mut self, waiter: Waiter) {
        let Some(ticket) = self.tickets.remove(&waiter) else { return };
        let is_open = self.is_open(&ticket.gate);
        if let Some(level) = self.levels.get_mut(&ticket.level) {
            level.remove(&ticket, is_open);
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

    /// The next waiter that can go; none if none waits.
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
        let lines = lines.filter(|((_, gate), _)| match origin {
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
    fn insert(&mut self, ticket: &Ticket, waiter: Waiter, is_open: bool) {
        let line = self.lines.entry(ticket.line()).or_default();
        if let (Some((first, _)), Some(firsts)) = (line.first_key_value(), self.firsts.get_mut(&ticket.caller)) {
            firsts.remove(first);
        }
        line.insert(ticket.number, waiter);
        self.offer_line(&ticket.line(), is_open);
    }

    fn remove(&mut self, ticket: &Ticket, is_open: bool) {
        if let Some(firsts) = self.firsts.get_mut(&ticket.caller) {
            firsts.remove(&ticket.number);
            if firsts.is_empty() {
                self.firsts.remove(&ticket.caller);
            }
        }
        let Some(line) = self.lines.get_mut(&ticket.line()) else { return };
        line.remove(&ticket.number);
        if line.is_empty() {
            self.lines.remove(&ticket.line());
        }
        self.offer_line(&ticket.line(), is_open);
    }

    /// The first of each caller at the gate can go if that is open.
    fn offer(&mut self, gate: &Gate, is_open: bool) {
        let lines: Vec<_> = self.lines.keys().filter(|(_, known)| known == gate).cloned().collect();
        lines.iter().for_each(|line| self.offer_line(line, is_open));
    }

    fn offer_line(&mut self, line: &(Caller, Gate), is_open: bool) {
        let Some(first) = self.lines.get(line).and_then(|line| line.keys().next()) else { return };
        let (caller, gate) = line;
        let firsts = self.firsts.entry(caller.clone()).or_default();
        match is_open {
            true => drop(firsts.insert(*first, gate.clone())),
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
        let (caller, (number, gate)) = firsts.min_by_key(|(caller, (number, _))| key(caller, number))?;
        self.lines.get(&(caller.clone(), gate.clone()))?.get(number).copied()
    }

    /// The first waiter at a gate.
    fn first_at(&self, gate: &Gate) -> Option<Waiter> {
        let lines = self.lines.iter().filter(|((_, known), _)| known == gate);
        let firsts = lines.filter_map(|(_, line)| line.first_key_value());
        firsts.min_by_key(|(number, _)| **number).map(|(_, waiter)| *waiter)
    }
}

impl Ticket {
    fn line(&self) -> (Caller, Gate) {
        (self.caller.clone(), self.gate.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(number: u64) -> Waiter {
        Waiter::Job(JobId(number))
    }

    fn take(turns: &mut Turns) -> Option<Waiter> {
        let due = turns.due(&Places::new())?;
        turns.take(due);
        Some(due.waiter)
    }

    #[test]
    fn within_a_level_everybody_has_a_turn_before_anybody_has_two() {
        let mut turns = Turns::default();
        (0..3).for_each(|number| turns.join(job(number), Priority::Normal, None, "caller"));
        let order: Vec<_> = (0..6)
            .map(|_| {
                let next = take(&mut turns).unwrap();
                turns.join(next, Priority::Normal, None, "caller");
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
            turns.join(job(number), level, None, "caller");
        }
        let mut counts = [0; 4];
        for _ in 0..1250 {
            let due = turns.due(&Places::new()).unwrap();
            turns.take(due);
            turns.join(due.waiter, due.level, None, "caller");
            counts[due.level as usize] += 1;
        }
        assert_eq!(counts, [1000, 200, 40, 10]);
    }

    #[test]
    fn a_waiter_that_changes_its_level_goes_behind() {
        let mut turns = Turns::default();
        turns.join(job(1), Priority::Low, None, "caller");
        turns.join(job(2), Priority::High, None, "caller");
        turns.join(job(1), Priority::High, None, "caller");
        assert_eq!([take(&mut turns), take(&mut turns), take(&mut turns)], [Some(job(2)), Some(job(1)), None]);
    }

    #[test]
    fn who_comes_after_urgent_turns_does_not_go_before_the_next_one() {
        let mut turns = Turns::default();
        (0..9).for_each(|_| turns.count(Priority::Foreground));
        turns.join(job(1), Priority::Low, None, "caller");
        turns.join(job(2), Priority::Foreground, None, "caller");
        assert_eq!(take(&mut turns), Some(job(2)));
    }

    #[test]
    fn who_would_meet_a_full_origin_is_passed_over_and_keeps_its_place() {
        let mut turns = Turns::default();
        let (full, other): (Arc<str>, Arc<str>) = ("full".into(), "other".into());
        turns.set_room(full.clone(), false);
        turns.join(job(1), Priority::Normal, Some(full.clone()), "caller");
        turns.join(job(2), Priority::Normal, Some(full.clone()), "caller");
        turns.join(job(3), Priority::Normal, Some(other), "caller");
        turns.join(job(4), Priority::Normal, None, "caller");
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
        turns.join(job(1), Priority::Normal, None, "caller");
        turns.join(job(2), Priority::Low, None, "caller");
        turns.join(job(3), Priority::High, Some(full.clone()), "caller");
        assert_eq!(turns.rivals(job(1), Priority::Normal, None, 9), 0);
        assert_eq!(turns.rivals(job(9), Priority::Normal, None, 9), 1);
        assert_eq!(turns.rivals(job(9), Priority::Normal, Some(&full), 9), 1);
        (0..4).for_each(|_| turns.count(Priority::Normal));
        assert_eq!(turns.rivals(job(9), Priority::Normal, None, 9), 2);
    }

    #[test]
    fn a_free_place_goes_to_the_caller_with_the_fewest() {
        let mut turns = Turns::default();
        (0..100).for_each(|number| turns.join(job(number), Priority::Normal, None, "many"));
        turns.join(job(100), Priority::Normal, Some("origin".into()), "few");
        turns.join(job(101), Priority::Normal, None, "few");
        let mut places = Places::from([("many", 2)]);
        let mut order = Vec::new();
        for _ in 0..4 {
            let due = turns.due(&places).unwrap();
            turns.take(due);
            let caller = if due.waiter >= job(100) { "few" } else { "many" };
            *places.entry(caller).or_default() += 1;
            order.push(due.waiter);
        }
        assert_eq!(order, [job(100), job(101), job(0), job(1)]);
    }
}
