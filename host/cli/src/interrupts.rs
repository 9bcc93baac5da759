//! Interrupts: SIGINT and SIGTERM, and SIGHUP when the terminal goes away.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A listener for interrupts. It keeps those that arrive between two calls of [`Self::next`].
pub struct Interrupts {
    #[cfg(unix)]
    interrupted: Signal,
    #[cfg(unix)]
    terminated: Signal,
    /// `None` if the command ignores the signal, as under nohup.
    #[cfg(unix)]
    hung_up: Option<Signal>,
}

#[cfg(unix)]
impl Interrupts {
    /// # Errors
    ///
    /// If the system refuses a signal handler.
    pub fn new() -> io::Result<Self> {
        let hung_up = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        let (interrupted, terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupted, terminated, hung_up })
    }

    pub async fn next(&mut self) {
        let hung_up = async {
            match &mut self.hung_up {
                Some(hung_up) => hung_up.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// Whether SIGHUP was ignored when the command started. A handler would undo nohup. Only Linux shows this without unsafe code; elsewhere
/// the command stops with a checkpoint.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // Bit 0 is signal 1, SIGHUP.
    mask & 1 == 1
}

#[cfg(not(unix))]
impl Interrupts {
    /// # Errors
    ///
    /// None.
    pub fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    pub async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
