//! Which downloads and jobs are a client's own, as far as that was asked, and for jobs as long as nobody has taken one.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::values::Category;
use crate::values::{Event, Happening, Subject};

/// Answers that are remembered at most.
const MOST: usize = 4096;

/// By ids.
#[derive(Debug, Default)]
pub struct Own(BTreeMap<String, bool>);

impl Own {
    /// Whether `engine`, as its caller sees it, has what an event is about, or had it before its end.
    pub async fn has(&mut self, engine: &Engine, Event { subject, what }: &Event) -> bool {
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

    /// Events were lost: what they have said of owners is asked again.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
