//! Who has the state directory, where the host has no locks: its engine writes to the lock file every second while it is driven, and
//! empties it in the end.

use core::time::Duration;

use haul_core::border::time::Instant;
use haul_core::failure::DiskCause;
use wasip2::clocks::{monotonic_clock, wall_clock};
use wasip2::filesystem::types::Descriptor;

use super::clock;
use super::disk::{cause, write_all};

const PERIOD: Duration = Duration::from_secs(1);

/// An engine that has not written for this long, in seconds, is dead.
const DEAD: u64 = 4;

/// How often the file is looked at, in nanoseconds.
const LOOK: u64 = 50_000_000;

pub struct Heartbeat {
    lock: Descriptor,
    next: Instant,
}

impl Heartbeat {
    /// # Errors
    ///
    /// [`DiskCause::Busy`] while another engine writes to the file.
    pub fn take(lock: Descriptor) -> Result<Self, DiskCause> {
        if is_beating(&lock)? {
            return Err(DiskCause::Busy);
        }
        let mut heartbeat = Self { lock, next: clock::now() };
        heartbeat.beat();
        Ok(heartbeat)
    }

    /// When the next beat is due.
    pub const fn next(&self) -> Instant {
        self.next
    }

    /// One that fails is made up for by the next.
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

/// Watches a file that was left by an engine that died, or is another's, until it is told which.
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
