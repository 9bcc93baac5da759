//! The worker's own clock.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time since the start of the machine. On Linux it goes on while the machine is suspended, as leases do; `Instant` would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Duration);

#[cfg(any(target_os = "android", target_os = "linux"))]
const CLOCK: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
const CLOCK: ClockId = ClockId::Monotonic;

impl Moment {
    /// The present moment.
    pub fn now() -> Self {
        let time = clock_gettime(CLOCK);
        let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
        Self(Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanoseconds))
    }

    /// This long after it.
    pub fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }

    /// Whether it is over.
    pub fn is_past(self) -> bool {
        self <= Self::now()
    }
}
