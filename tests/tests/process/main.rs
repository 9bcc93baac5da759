//! Tests that observe the whole process: its memory, its processor time, its `tracing` subscriber. They run one at a time.

mod hostile_origins;
mod large_files;
mod memory;
mod recorder;
mod telemetry;

use tokio::sync::{Mutex, MutexGuard};

/// Waits until no other test of this program runs.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}
