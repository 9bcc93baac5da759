//! The downloads and jobs whose events a client gets: its own.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::values::Category;
use crate::values::{Event, Happening, Subject};

/// Ids that are remembered at most, so that the memory is bounded. A client that sees more asks the engine again.
const MOST: usize = 4096;

/// Whether the client owns a download or a job, by its id. A job may change its owner, which is an event.
#[derive(Debug, Default)]
pub struct Subscriptions(BTreeMap<String, bool>);

impl Subscriptions {
    /// Whether the caller of `engine` owns the subject of an event, or owned it before its end.
    pub async fn include(&mut self, engine: &Engine, Event { subject, what }: &Event) -> bool {
        let (Subject::Download(id) | Subject::Job(id) | Subject::File { job: id, .. }) = subject;
        if *what == Happening::OwnerChanged {
            self.0.remove(id);
        }
        if let Some(known) = self.0.get(id) {
            return *known;
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let is_own = match subject {
            Subject::Download(id) => engine.downloads(Some(Category::Id(id.clone()))).await.is_ok(),
            Subject::Job(id) | Subject::File { job: id, .. } => engine.job(id).await.is_ok(),
        };
        self.0.insert(id.clone(), is_own);
        is_own
    }

    /// Events were lost, and with them changes of owners: the engine is asked again.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
