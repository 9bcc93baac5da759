//! When the caller hears of a download: at every turn of its state, and now and then while bytes arrive.

use core::time::Duration;

use super::{Download, State, Status};
use crate::border::time::Instant;

impl Download {
    /// Whether the caller should hear of the status at `now`; remembers that it was told.
    pub(crate) fn tell_status(&mut self, now: Instant) -> bool {
        let status = self.status();
        let due = match self.told {
            None => true,
            Some((old, at)) => {
                let moved = old.bytes_transferred != status.bytes_transferred || old.bytes_total != status.bytes_total;
                let turned = old.state != status.state
                    || old.error != status.error
                    || old.extended_error != status.extended_error;
                turned || (moved && (now >= at + self.callback_interval() || self.has_come_further(&old, &status)))
            }
        };
        if due {
            self.told = Some((status, now));
        }
        due
    }

    /// Whether as many more percents of the whole are here as the caller wants to hear of.
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

    /// When [`Self::tell_status`] may be due again.
    pub(crate) fn next_status(&self) -> Option<Instant> {
        let (told, at) = self.told.filter(|_| self.state == State::Transferring && !self.queued)?;
        let status = self.status();
        let moved = (told.bytes_transferred, told.bytes_total) != (status.bytes_transferred, status.bytes_total);
        moved.then_some(at + self.callback_interval())
    }
}
