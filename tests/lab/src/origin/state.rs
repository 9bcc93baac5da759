//! State that the connections of one origin share with each other and with the test.

use crate::origin::log::Log;
use crate::origin::plan::Plan;
use crate::origin::wire::Wire;
use crate::origin::{RecordedRequest, Site};
use std::collections::HashSet;
use std::io::Result;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The shared state of an origin.
pub(super) struct State {
    site: Mutex<Site>,
    pub(super) log: Log,
    released: watch::Sender<HashSet<String>>,
    connections: AtomicUsize,
}

impl State {
    pub(super) fn new(site: Site) -> Self {
        Self {
            site: Mutex::new(site),
            log: Log::default(),
            released: watch::Sender::default(),
            connections: AtomicUsize::new(0),
        }
    }

    pub(super) fn site(&self) -> MutexGuard<'_, Site> {
        // Every change of the site is a single step, so a poisoned lock is still consistent.
        self.site.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection and returns its number.
    pub(super) fn connect(&self) -> usize {
        self.connections.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Adds a request to the log and plans its answer.
    pub(super) fn admit(&self, request: RecordedRequest) -> (RecordedRequest, Plan) {
        let site = self.site();
        let key = site.key(&request).to_string();
        let found = site.find(&key);
        drop(site);
        let request = self.log.enter(&key, request);
        let resource = found.resource_for(&request);
        let plan = Plan::new(&request, resource.as_deref());
        (request, plan)
    }

    pub(super) fn release(&self, name: &str) {
        self.released.send_modify(|released| {
            released.insert(name.to_string());
        });
    }

    /// Waits for the release of `name`; fails if the client leaves first.
    pub(super) async fn hold(&self, name: &str, wire: &mut Wire) -> Result<()> {
        let mut released = self.released.subscribe();
        let release = async {
            // The sender lives as long as the state.
            let _ = released.wait_for(|names| names.contains(name)).await;
        };
        tokio::select! {
            () = release => Ok(()),
            error = wire.client_leaves() => Err(error),
        }
    }
}
