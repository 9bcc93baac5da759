//! Downloads that handles exist for, and the channels to these handles.

use tokio::sync::{broadcast, watch};
use wasmtime::component::ResourceAny;

use crate::values::{DownloadStatus, Happening};

/// Events that a listener of one download may be behind, so that the memory of 40,000 downloads is bounded.
const EVENTS: usize = 64;

pub struct Known {
    pub resource: ResourceAny,
    status: watch::Sender<DownloadStatus>,
    events: broadcast::Sender<Happening>,
    pub handles: usize,
}

/// A download, as handles name it.
#[derive(Clone, Debug)]
pub(crate) struct DownloadRef {
    pub resource: ResourceAny,
    pub status: watch::Receiver<DownloadStatus>,
    events: broadcast::WeakSender<Happening>,
}

impl Known {
    /// One with one handle.
    pub fn new(resource: ResourceAny, status: DownloadStatus) -> Self {
        Self { resource, status: watch::Sender::new(status), events: broadcast::Sender::new(EVENTS), handles: 1 }
    }

    pub fn reference(&self) -> DownloadRef {
        DownloadRef { resource: self.resource, status: self.status.subscribe(), events: self.events.downgrade() }
    }

    pub fn tell(&self, what: &Happening) {
        if let Happening::StatusChanged(status) = what {
            self.status.send_replace(status.clone());
        }
        let _ = self.events.send(what.clone());
    }
}

impl DownloadRef {
    /// A receiver that is closed at once if the engine is.
    pub fn events(&self) -> broadcast::Receiver<Happening> {
        let events = self.events.upgrade().unwrap_or_else(|| broadcast::Sender::new(1));
        events.subscribe()
    }
}
