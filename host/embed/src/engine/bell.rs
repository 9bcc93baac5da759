//! What tells the component, which waits for bytes, that a command waits, and its host since when.

use std::sync::Arc;

use tokio::sync::watch;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::Pollable;

/// Rings until it is answered.
#[derive(Debug, Default)]
pub struct Bell(watch::Sender<bool>);

impl Bell {
    pub fn ring(&self) {
        self.0.send_if_modified(|rings| !std::mem::replace(rings, true));
    }

    /// Whoever answers looks afterwards at what it was rung for.
    pub fn answer(&self) {
        self.0.send_if_modified(|rings| {
            *rings = false;
            false
        });
    }

    /// Waits until it rings.
    pub async fn rung(&self) {
        // The sender is here, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|rings| *rings).await;
    }
}

/// The bell as the component hears it.
pub struct Wake(pub Arc<Bell>);

#[async_trait]
impl Pollable for Wake {
    async fn ready(&mut self) {
        self.0.rung().await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, timeout};

    use super::*;

    #[tokio::test]
    async fn it_rings_until_it_is_answered() {
        let bell = Bell::default();
        bell.ring();
        bell.rung().await;
        bell.rung().await;
        bell.answer();
        assert!(timeout(Duration::ZERO, bell.rung()).await.is_err());
        bell.ring();
        bell.rung().await;
    }
}
