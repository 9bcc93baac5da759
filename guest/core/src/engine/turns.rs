//! Whose turn it is, when more is to be fetched than there are places: the most urgent level first, every fifth turn a lower
//! one's, and within a level one after the other.

use alloc::collections::BTreeMap;

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

#[derive(Debug, Default)]
struct Level {
    /// By ticket.
    line: BTreeMap<u64, Waiter>,
    in_a_row: u32,
}

#[derive(Debug, Default)]
pub(super) struct Turns {
    levels: BTreeMap<Priority, Level>,
    tickets: BTreeMap<Waiter, (Priority, u64)>,
    next_ticket: u64,
}

impl Turns {
    /// `waiter` waits from now on, behind all others of its level, unless it waits there already.
    pub fn join(&mut self, waiter: Waiter, level: Priority) {
        if self.tickets.get(&waiter).is_some_and(|(known, _)| *known == level) {
            return;
        }
        self.leave(waiter);
        self.next_ticket += 1;
        self.tickets.insert(waiter, (level, self.next_ticket));
        self.levels.entry(level).or_default().line.insert(self.next_ticket, waiter);
    }

    pub fn leave(&mut self, waiter: Waiter) {
        if let Some((level, ticket)) = self.tickets.remove(&waiter)
            && let Some(level) = self.levels.get_mut(&level)
        {
            level.line.remove(&ticket);
        }
    }

    /// Who is next; none where nobody waits.
    pub fn due(&self) -> Option<Due> {
        let mut waiting = self.levels.iter().filter(|(_, level)| !level.line.is_empty()).peekable();
        let mut out_of_order = false;
        while let Some((priority, level)) = waiting.next() {
            if level.in_a_row < IN_A_ROW || waiting.peek().is_none() {
                let waiter = *level.line.values().next()?;
                return Some(Due { waiter, level: *priority, out_of_order });
            }
            out_of_order = true;
        }
        None
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

    /// Whether `level` had its turns, so that one of a lower level is due.
    pub fn is_spent(&self, level: Priority) -> bool {
        self.levels.get(&level).is_some_and(|level| level.in_a_row >= IN_A_ROW)
    }

    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

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
        (0..3).for_each(|number| turns.join(job(number), Priority::Normal));
        let order: Vec<_> = (0..6)
            .map(|_| {
                let next = take(&mut turns).unwrap();
                turns.join(next, Priority::Normal);
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
            turns.join(job(number), level);
        }
        let mut counts = [0; 4];
        for _ in 0..1250 {
            let due = turns.due().unwrap();
            turns.take(due);
            turns.join(due.waiter, due.level);
            counts[due.level as usize] += 1;
        }
        assert_eq!(counts, [1000, 200, 40, 10]);
    }

    #[test]
    fn a_waiter_that_changes_its_level_goes_behind() {
        let mut turns = Turns::default();
        turns.join(job(1), Priority::Low);
        turns.join(job(2), Priority::High);
        turns.join(job(1), Priority::High);
        assert_eq!([take(&mut turns), take(&mut turns), take(&mut turns)], [Some(job(2)), Some(job(1)), None]);
    }
}
