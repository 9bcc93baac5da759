//! The clock of an engine.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// The clock of an engine, in the place of the machine's clocks: for tests of events that take days.
///
/// The engine looks at it when something happens: a command, bytes that come, the end of a wait. Waits themselves take real time, so that
/// a test which moves its clock then makes any call, such as [`Engine::set_network`](crate::Engine::set_network).
pub trait Clock: Send + Sync + 'static {
    /// Since some moment; never less than before.
    fn monotonic(&self) -> Duration;

    fn wall(&self) -> SystemTime;
}

/// A clock as the builder keeps it.
#[derive(Clone)]
pub struct Shared(Arc<dyn Clock>);

impl Shared {
    pub fn new(clock: impl Clock) -> Self {
        Self(Arc::new(clock))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl HostMonotonicClock for Shared {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.monotonic().as_nanos()).unwrap_or(u64::MAX)
    }
}

impl HostWallClock for Shared {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        self.0.wall().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}
