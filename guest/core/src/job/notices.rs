//! Notices of a job to the driver and callbacks to its owner: at once if the state changes, at intervals while bytes arrive, and repeatedly
//! until the owner accepts the end of the job.

use core::time::Duration;

use crate::border::output::Ending;
use crate::border::time::Instant;

/// Shortest interval between two progress notices, so that a slow callback does not slow a transfer down.
const INTERVAL: Duration = Duration::from_millis(500);

/// Timeout for the callback's answer; after it the engine calls again, because a client that was replaced never answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Limit on the delay before the engine repeats a refused callback, so that a client that recovers is called within five minutes.
const LONGEST: Duration = Duration::from_secs(300);

/// The notices that are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub changed: bool,
    pub modification: bool,
    pub ending: Option<Ending>,
}

/// The callbacks that the owner has enabled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audience {
    pub transferred: bool,
    pub error: bool,
    pub modification: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// The driver has not been notified of the last change.
    changed: bool,
    /// The change is one of state, so the notice is due at once.
    turned: bool,
    last_change: Option<Instant>,
    modified: bool,
    last_modification: Option<Instant>,
    ending: Option<(Ending, Instant)>,
    /// The engine has called the callback and waits for its answer.
    asked: bool,
    /// Outstanding answers to calls that no longer count.
    outdated: u32,
    refusals: u32,
}

impl Notices {
    /// Records a change; `turned` if it is a change of state.
    pub const fn change(&mut self, turned: bool) {
        self.changed = true;
        self.turned |= turned;
    }

    /// Records a change that counts as a modification for `background-copy-callback`.
    pub const fn modify(&mut self) {
        self.modified = true;
    }

    /// The job has reached an end or left it.
    pub fn end(&mut self, ending: Option<Ending>, now: Instant) {
        self.ending = ending.map(|ending| (ending, now));
        self.refusals = 0;
        self.outdated += u32::from(core::mem::take(&mut self.asked));
    }

    /// The owner has a new callback. The engine calls it for `ending` and ignores answers of an earlier one.
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

    /// Takes the notices that are due at `now`.
    pub fn take(&mut self, now: Instant, audience: Audience) -> Due {
        let mut due = Due::default();
        if self.changed && (self.turned || is_over(self.last_change, now)) {
            due.changed = true;
            (self.changed, self.turned, self.last_change) = (false, false, Some(now));
        }
        if self.modified && is_over(self.last_modification, now) {
            due.modification = audience.modification;
            (self.modified, self.last_modification) = (false, Some(now));
        }
        if let Some((ending, at)) = &mut self.ending
            && *at <= now
            && audience.hears(*ending)
        {
            // An answer that has not arrived within the timeout is no longer expected.
            (self.asked, self.outdated) = (true, if self.asked { 0 } else { self.outdated });
            *at = now + ANSWER_TIMEOUT;
            due.ending = Some(*ending);
        }
        due
    }

    /// Time of the next notice.
    pub fn next(&self, audience: Audience) -> Option<Instant> {
        let after = |last: Option<Instant>, is_due: bool| last.filter(|_| is_due).map(|last| last + INTERVAL);
        let changed = after(self.last_change, self.changed);
        let modified = after(self.last_modification, self.modified);
        let ending = self.ending.filter(|(ending, _)| audience.hears(*ending)).map(|(_, at)| at);
        [changed, modified, ending].into_iter().flatten().min()
    }
}

/// Whether the interval since the last notice has passed.
fn is_over(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now >= last + INTERVAL)
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
