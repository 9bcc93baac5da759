//! Callers whose tokens may be used in an engine.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The callers that have asked for their tokens in calls of the host. The component says for which caller a request is, and a
/// hostile one could name any: a token goes out for callers on this list only.
#[derive(Clone, Debug, Default)]
pub struct TokenCallers(Arc<Mutex<HashSet<Arc<str>>>>);

impl TokenCallers {
    pub fn add(&self, caller: &Arc<str>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(caller.clone());
    }

    pub fn has(&self, caller: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(caller)
    }
}
