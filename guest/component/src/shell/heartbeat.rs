//! Heartbeat of the owner of a state directory, if the host has no locks: its engine writes to the lock file every second while it is
//! driven, and empties the file when it closes.

use core::time::Duration;

use haul_core::border::time::Instant;
use haul_core::failure::DiskCause;
use wasip2::clocks::{monotonic_clock, wall_clock};
use wasip2::filesystem::types::Descriptor;

use super::clock;
use super::disk::{cause, write_all};

/// Time between two heartbeats, so that they cost one small write a second.
const PERIOD: Duration = Duration::from_secs(1);

/// Seconds without a heartbeat after which an engine counts as dead: four periods, so that a busy machine may miss three.
const DEAD: u64 = 4;

/// Time between two looks at the file, in nanoseconds, so that a start waits little longer than necessary.
const LOOK: u64 = 50_000_000;

pub struct Heartbeat {
    lock: Descriptor,
    next: Instant,
}

impl Heartbeat {
    /// # Errors
    ///
    /// [`DiskCause::Busy`] if another engine writes to the file.
    pub fn take(lock: Descriptor) -> Result<Self, DiskCause> {
        if is_beating(&lock)? {
            return Err(DiskCause::Busy);
        }
        let mut heartbeat = Self { lock, next: clock::now() };
        heartbeat.beat();
        Ok(heartbeat)
    }

    /// The time of the next heartbeat.
    pub const fn next(&self) -> Instant {
        self.next
    }

    /// Writes a heartbeat. If the write fails, the next one replaces it.
    pub fn beat(&mut self) {
        self.next = clock::now() + PERIOD;
        let _ = write_all(&self.lock, 0, &self.next.as_nanos().to_le_bytes());
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        let _ = self.lock.set_size(0);
    }
}

/// Watches a lock file that is not empty, until it changes, is emptied, or its owner counts as dead.
fn is_beating(lock: &Descriptor) -> Result<bool, DiskCause> {
    let found = lock.stat().map_err(cause)?;
    let written = |time: Option<wall_clock::Datetime>| time.map(|time| (time.seconds, time.nanoseconds));
    let first = written(found.data_modification_timestamp);
    let dead_at = first.map_or(0, |(seconds, _)| seconds).saturating_add(DEAD);
    let mut size = found.size;
    while size > 0 && wall_clock::now().seconds <= dead_at {
        monotonic_clock::subscribe_duration(LOOK).block();
        let now = lock.stat().map_err(cause)?;
        if now.size > 0 && written(now.data_modification_timestamp) != first {
            return Ok(true);
        }
        size = now.size;
    }
    Ok(false)
}
