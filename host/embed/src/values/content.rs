//! A content that a content id stands for.

use super::{ExpectedDigest, Pieces};
use crate::bindings::driver;

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
