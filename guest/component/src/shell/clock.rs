//! The monotonic clock and a timer on it.

use core::time::Duration;

use haul_core::border::time::Instant;
use wasip2::clocks::monotonic_clock;
use wasip2::io::poll::Pollable;

pub fn now() -> Instant {
    Instant::from_nanos(monotonic_clock::now())
}

/// A pollable and the time at which it is ready.
pub struct Timer {
    at: Instant,
    pub pollable: Pollable,
}

impl Timer {
    /// A timer that fires at `at`. If `old` fires at most 50 ms earlier, it is reused.
    pub fn at_most(old: Option<Self>, at: Instant) -> Self {
        // A deadline that moves a little gets no new pollable, because that is a call to the host.
        const EARLY: Duration = Duration::from_millis(50);
        match old {
            Some(old) if old.at <= at && at <= old.at + EARLY => old,
            _ => Self { at, pollable: monotonic_clock::subscribe_instant(at.as_nanos()) },
        }
    }
}
