//! The embedder's function that resolves content ids.

use std::fmt;
use std::sync::Arc;

use crate::values::Content;

type Resolve = dyn Fn(&str) -> Option<Content> + Send + Sync;

/// Finds the content of a content id; `None` for an id that the embedder does not know.
#[derive(Clone)]
pub struct ContentResolver(Arc<Resolve>);

impl ContentResolver {
    pub fn new(resolve: impl Fn(&str) -> Option<Content> + Send + Sync + 'static) -> Self {
        Self(Arc::new(resolve))
    }

    pub fn resolve(&self, content_id: &str) -> Option<Content> {
        (self.0)(content_id)
    }
}

impl fmt::Debug for ContentResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentResolver")
    }
}
