//! The wake-up of a component that waits for bytes while a command waits for it.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::watch;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::Pollable;

/// Stays set until it is reset.
#[derive(Debug, Default)]
pub struct Wake(watch::Sender<bool>);

impl Wake {
    pub fn wake(&self) {
        self.0.send_if_modified(|is_set| !std::mem::replace(is_set, true));
    }

    /// The engine's thread resets it before it looks for commands, so that none is missed.
    pub fn reset(&self) {
        self.0.send_if_modified(|is_set| {
            *is_set = false;
            false
        });
    }

    /// Waits until it is set.
    pub async fn woken(&self) {
        // The sender is here, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|is_set| *is_set).await;
    }
}

/// The wake-up as the component polls it.
pub struct WakePollable(pub Arc<Wake>);

#[async_trait]
impl Pollable for WakePollable {
    async fn ready(&mut self) {
        self.0.woken().await;
    }
}

/// Wakes when it is dropped.
#[derive(Debug)]
pub struct WakeOnDrop(pub Arc<Wake>);

impl Deref for WakeOnDrop {
    type Target = Wake;

    fn deref(&self) -> &Wake {
        &self.0
    }
}

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        self.wake();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, timeout};

    use super::*;

    #[tokio::test]
    async fn it_stays_set_until_it_is_reset() {
        let wake = Wake::default();
        wake.wake();
        wake.woken().await;
        wake.woken().await;
        wake.reset();
        assert!(timeout(Duration::ZERO, wake.woken()).await.is_err());
        wake.wake();
        wake.woken().await;
    }
}
