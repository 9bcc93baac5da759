//! What content ids stand for, for hosts that know.

use std::fmt;
use std::sync::Arc;

use crate::bindings::driver;
use crate::types::{ExpectedDigest, Pieces};

/// What a content id stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Absolute http and https URLs, the best first, at most 64.
    pub urls: Vec<String>,
    /// Digests that the content has.
    pub digests: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    /// In bytes.
    pub length: Option<u64>,
}

impl From<Content> for driver::ResolvedContent {
    fn from(content: Content) -> Self {
        Self {
            urls: content.urls,
            digests: content.digests.into_iter().map(Into::into).collect(),
            pieces: content.pieces.map(Into::into),
            length: content.length,
        }
    }
}

type Resolve = dyn Fn(&str) -> Option<Content> + Send + Sync;

/// Who knows what content ids stand for.
#[derive(Clone)]
pub(crate) struct Resolver(Arc<Resolve>);

impl Resolver {
    pub fn new(resolve: impl Fn(&str) -> Option<Content> + Send + Sync + 'static) -> Self {
        Self(Arc::new(resolve))
    }

    pub fn resolve(&self, content_id: &str) -> Option<Content> {
        (self.0)(content_id)
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}
