//! When the driver hears of a job, and when the callback of its owner is due: at once where the state turns, now and then while
//! bytes arrive, and again and again until an end is accepted.

use core::time::Duration;

use crate::border::output::Ending;
use crate::border::time::Instant;

/// Shortest time between two notices of progress.
const INTERVAL: Duration = Duration::from_millis(500);

/// How long an answer is waited for before the callback is called again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Longest time before a callback that refused is called again.
const LONGEST: Duration = Duration::from_secs(300);

/// What is to be told now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub changed: bool,
    pub modification: bool,
    pub ending: Option<Ending>,
}

/// Who is to be called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audience {
    pub transferred: bool,
    pub error: bool,
    pub modification: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// The driver has not heard of the last change.
    changed: bool,
    /// Nor can it wait.
    turned: bool,
    told: Option<Instant>,
    modified: bool,
    told_modified: Option<Instant>,
    ending: Option<(Ending, Instant)>,
    /// It was told, and the answer is awaited.
    asked: bool,
    /// Answers that are still to come, to what is of no interest any more.
    outdated: u32,
    refusals: u32,
}

impl Notices {
    /// Something has changed; `turned` where the state has.
    pub const fn change(&mut self, turned: bool) {
        self.changed = true;
        self.turned |= turned;
    }

    /// A change that `background-copy-callback` is told as a modification.
    pub const fn modify(&mut self) {
        self.modified = true;
    }

    /// The job has come to an end that its owner has to hear of, or left it.
    pub fn end(&mut self, ending: Option<Ending>, now: Instant) {
        self.ending = ending.map(|ending| (ending, now));
        self.refusals = 0;
        self.outdated += u32::from(core::mem::take(&mut self.asked));
    }

    /// Who is called is another one, or there again: it is told of `ending`, and whoever was called before has no say.
    pub fn begin_anew(&mut self, ending: Option<Ending>, now: Instant) {
        (self.asked, self.outdated) = (false, 0);
        self.end(ending, now);
    }

    pub fn answered(&mut self, accepted: bool, now: Instant) {
        if self.outdated > 0 {
            self.outdated -= 1;
            return;
        }
        self.asked = false;
        if accepted {
            self.ending = None;
        } else if let Some((_, at)) = &mut self.ending {
            let delay = Duration::from_secs(1).saturating_mul(1 << self.refusals.min(16)).min(LONGEST);
            self.refusals = self.refusals.saturating_add(1);
            *at = now + delay;
        }
    }

    /// What is due at `now`; it is taken for told.
    pub fn take(&mut self, now: Instant, audience: Audience) -> Due {
        let mut due = Due::default();
        if self.changed && (self.turned || is_over(self.told, now)) {
            due.changed = true;
            (self.changed, self.turned, self.told) = (false, false, Some(now));
        }
        if self.modified && is_over(self.told_modified, now) {
            due.modification = audience.modification;
            (self.modified, self.told_modified) = (false, Some(now));
        }
        if let Some((ending, at)) = &mut self.ending
            && *at <= now
            && audience.hears(*ending)
        {
            // Who has not answered until now will not.
            (self.asked, self.outdated) = (true, if self.asked { 0 } else { self.outdated });
            *at = now + PATIENCE;
            due.ending = Some(*ending);
        }
        due
    }

    /// When something is due next.
    pub fn next(&self, audience: Audience) -> Option<Instant> {
        let after = |told: Option<Instant>, is_due: bool| told.filter(|_| is_due).map(|told| told + INTERVAL);
        let changed = after(self.told, self.changed);
        let modified = after(self.told_modified, self.modified);
        let ending = self.ending.filter(|(ending, _)| audience.hears(*ending)).map(|(_, at)| at);
        [changed, modified, ending].into_iter().flatten().min()
    }
}

/// Whether the interval since the last notice is over.
fn is_over(told: Option<Instant>, now: Instant) -> bool {
    told.is_none_or(|told| now >= told + INTERVAL)
}

impl Audience {
    const fn hears(self, ending: Ending) -> bool {
        match ending {
            Ending::Transferred => self.transferred,
            Ending::Error => self.error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Audience = Audience { transferred: true, error: true, modification: true };

    fn at(millis: u64) -> Instant {
        Instant::default() + Duration::from_millis(millis)
    }

    #[test]
    fn turns_are_told_at_once_and_progress_twice_a_second() {
        let mut notices = Notices::default();
        notices.change(true);
        assert!(notices.take(at(0), ALL).changed);
        notices.change(false);
        assert!(!notices.take(at(100), ALL).changed);
        assert_eq!(notices.next(ALL), Some(at(500)));
        notices.change(true);
        assert!(notices.take(at(200), ALL).changed);
    }

    #[test]
    fn modifications_are_told_twice_a_second_even_where_the_state_turns() {
        let mut notices = Notices::default();
        for (millis, told) in [(0, true), (100, false), (499, false), (500, true), (900, false)] {
            notices.change(true);
            notices.modify();
            assert_eq!(notices.take(at(millis), ALL).modification, told, "at {millis}");
        }
        assert_eq!(notices.next(ALL), Some(at(1000)));
    }

    #[test]
    fn an_answer_to_what_is_past_is_not_one_to_what_has_happened_since() {
        let mut notices = Notices::default();
        notices.end(Some(Ending::Error), at(0));
        assert_eq!(notices.take(at(0), ALL).ending, Some(Ending::Error));
        notices.end(None, at(1));
        notices.end(Some(Ending::Error), at(2));
        assert_eq!(notices.take(at(2), ALL).ending, Some(Ending::Error));
        notices.answered(true, at(3));
        notices.answered(false, at(4));
        assert_eq!(notices.next(ALL), Some(at(1004)));
        assert_eq!(notices.take(at(1004), ALL).ending, Some(Ending::Error));
        notices.answered(true, at(1005));
        assert_eq!(notices.next(ALL), None);
    }

    #[test]
    fn an_ending_is_told_until_it_is_accepted() {
        let mut notices = Notices::default();
        notices.end(Some(Ending::Error), at(0));
        assert_eq!(notices.take(at(0), ALL).ending, Some(Ending::Error));
        assert_eq!(notices.take(at(10), ALL).ending, None);
        notices.answered(false, at(10));
        assert_eq!(notices.next(ALL), Some(at(1010)));
        assert_eq!(notices.take(at(1010), ALL).ending, Some(Ending::Error));
        assert_eq!(notices.next(ALL), Some(at(61_010)));
        notices.answered(true, at(2000));
        assert_eq!(notices.next(ALL), None);
    }

    #[test]
    fn who_listens_late_is_told() {
        let mut notices = Notices::default();
        notices.end(Some(Ending::Transferred), at(0));
        let nobody = Audience { transferred: false, error: false, modification: false };
        assert_eq!((notices.take(at(0), nobody).ending, notices.next(nobody)), (None, None));
        assert_eq!(notices.take(at(9000), ALL).ending, Some(Ending::Transferred));
    }
}
