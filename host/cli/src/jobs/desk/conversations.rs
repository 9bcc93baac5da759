//! The peers that are talked to at the same time. There are few places, and a peer that is silent for long gives its own to another.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::{Instant, sleep_until};

pub struct Conversations {
    most: usize,
    silence: Duration,
    running: JoinSet<io::Result<()>>,
    known: HashMap<Id, (AbortHandle, Patience)>,
}

/// Since when the peer is waited for; never while its request is carried out.
#[derive(Clone)]
pub struct Patience(Rc<Cell<Option<Instant>>>);

impl Patience {
    pub fn begin(&self) {
        self.0.set(Some(Instant::now()));
    }

    pub fn suspend(&self) {
        self.0.set(None);
    }

    fn is_over_at(&self, silence: Duration) -> Option<Instant> {
        Some(self.0.get()? + silence)
    }
}

impl Conversations {
    pub fn new(most: usize, silence: Duration) -> Self {
        Self { most, silence, running: JoinSet::new(), known: HashMap::new() }
    }

    pub fn have_room(&self) -> bool {
        self.running.len() < self.most
    }

    pub fn begin<F: Future<Output = io::Result<()>> + 'static>(&mut self, converse: impl FnOnce(Patience) -> F) {
        let patience = Patience(Rc::new(Cell::new(Some(Instant::now()))));
        let handle = self.running.spawn_local(converse(patience.clone()));
        self.known.insert(handle.id(), (handle, patience));
    }

    /// Returns when a conversation has ended, by itself or because there was no room for another one.
    pub async fn make_room(&mut self) {
        loop {
            let over = self.known.values().filter_map(|(_, patience)| patience.is_over_at(self.silence)).min();
            let look_again = over.unwrap_or(Instant::now() + self.silence);
            tokio::select! {
                Some(ended) = self.running.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, _)| id);
                    self.known.remove(&id);
                    return;
                }
                () = sleep_until(look_again), if !self.have_room() => self.drop_most_silent(),
                // There is nothing to wait for.
                else => return std::future::pending().await,
            }
        }
    }

    fn drop_most_silent(&self) {
        let over = |(handle, patience): &'_ (AbortHandle, Patience)| {
            Some((patience.is_over_at(self.silence)?, handle.clone()))
        };
        if let Some((end, handle)) = self.known.values().filter_map(over).min_by_key(|(end, _)| *end)
            && end <= Instant::now()
        {
            handle.abort();
        }
    }

    /// Waits until all have ended.
    pub async fn end(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}
