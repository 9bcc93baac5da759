//! The conversations of a server. Their number is bounded, and an idle one ends if another peer waits.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::{Instant, sleep_until};

pub struct Conversations {
    most: usize,
    /// Time after which a conversation is idle.
    limit: Duration,
    running: JoinSet<io::Result<()>>,
    known: HashMap<Id, (AbortHandle, Idle)>,
}

/// The time since which the server waits for the peer; `None` while it executes the peer's request.
#[derive(Clone)]
pub struct Idle(Rc<Cell<Option<Instant>>>);

impl Idle {
    pub fn begin(&self) {
        self.0.set(Some(Instant::now()));
    }

    pub fn end(&self) {
        self.0.set(None);
    }

    fn is_over_at(&self, limit: Duration) -> Option<Instant> {
        Some(self.0.get()? + limit)
    }
}

impl Conversations {
    pub fn new(most: usize, limit: Duration) -> Self {
        Self { most, limit, running: JoinSet::new(), known: HashMap::new() }
    }

    pub fn have_room(&self) -> bool {
        self.running.len() < self.most
    }

    pub fn begin<F: Future<Output = io::Result<()>> + 'static>(&mut self, converse: impl FnOnce(Idle) -> F) {
        let idle = Idle(Rc::new(Cell::new(Some(Instant::now()))));
        let handle = self.running.spawn_local(converse(idle.clone()));
        self.known.insert(handle.id(), (handle, idle));
    }

    /// Returns when a conversation has ended, by itself or because another peer waits.
    pub async fn make_room(&mut self) {
        loop {
            let over = self.known.values().filter_map(|(_, idle)| idle.is_over_at(self.limit)).min();
            let end = over.unwrap_or(Instant::now() + self.limit);
            tokio::select! {
                Some(ended) = self.running.join_next_with_id() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, _)| id);
                    self.known.remove(&id);
                    return;
                }
                () = sleep_until(end), if !self.have_room() => self.end_most_idle(),
                // No conversation is left to wait for.
                else => return std::future::pending().await,
            }
        }
    }

    fn end_most_idle(&self) {
        let over = |(handle, idle): &'_ (AbortHandle, Idle)| Some((idle.is_over_at(self.limit)?, handle.clone()));
        if let Some((end, handle)) = self.known.values().filter_map(over).min_by_key(|(end, _)| *end)
            && end <= Instant::now()
        {
            handle.abort();
        }
    }

    /// Waits until all conversations have ended.
    pub async fn end(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}
