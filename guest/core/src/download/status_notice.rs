//! Status notices to the caller: at each change of the state, and at intervals while bytes arrive.

use core::time::Duration;

use super::{Download, State, Status};
use crate::border::time::Instant;

impl Download {
    /// Whether a status notice is due at `now`; if so, records it as sent.
    pub(crate) fn take_status_notice(&mut self, now: Instant) -> bool {
        let status = self.status();
        let due = match self.last_notice {
            None => true,
            Some((old, at)) => {
                let moved = old.bytes_transferred != status.bytes_transferred || old.bytes_total != status.bytes_total;
                let changed = old.state != status.state
                    || old.error != status.error
                    || old.extended_error != status.extended_error;
                changed || (moved && (now >= at + self.callback_interval() || self.has_come_further(&old, &status)))
            }
        };
        if due {
            self.last_notice = Some((status, now));
        }
        due
    }

    /// Whether the progress since the last notice crosses a multiple of the caller's percentage.
    fn has_come_further(&self, old: &Status, new: &Status) -> bool {
        let percent = u64::from(self.properties.callback_percent);
        let step = |status: &Status| {
            let hundredths = u128::from(status.bytes_transferred) * 100;
            hundredths.checked_div(u128::from(new.bytes_total) * u128::from(percent)).unwrap_or(0)
        };
        step(new) > step(old)
    }

    fn callback_interval(&self) -> Duration {
        Duration::from_secs(self.properties.callback_seconds.into()).max(Duration::from_millis(100))
    }

    /// The next time that [`Self::take_status_notice`] may be true.
    pub(crate) fn next_notice(&self) -> Option<Instant> {
        let (last, at) = self.last_notice.filter(|_| self.state == State::Transferring && !self.queued)?;
        let status = self.status();
        let moved = (last.bytes_transferred, last.bytes_total) != (status.bytes_transferred, status.bytes_total);
        moved.then_some(at + self.callback_interval())
    }
}
