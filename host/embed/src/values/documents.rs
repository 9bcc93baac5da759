//! Contents of documents that describe files.

use std::fmt;

use super::{ExpectedDigest, Pieces};
use crate::bindings::engine;
use crate::mirror::mirrored_record;

mirrored_record! {
    /// A file that a Metalink document describes.
    #[derive(Clone, PartialEq, Eq)]
    #[non_exhaustive]
    DescribedFile = engine::DescribedFile {
        /// A relative path of harmless components, joined by `/`.
        name: String,
        /// In bytes.
        length: Option<u64>,
        digests: Vec<ExpectedDigest>,
        pieces: Option<Pieces>,
        /// Absolute http and https URLs, the best first; at least one.
        urls: Vec<String>,
    }
}

/// URLs may hold passwords, and are not shown.
impl fmt::Debug for DescribedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("DescribedFile");
        shown.field("name", &self.name).field("length", &self.length).finish_non_exhaustive()
    }
}

mirrored_record! {
    /// The content of a piece-hash file of Delivery Optimization.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    PieceHashFile = engine::PieceHashFile {
        /// Bytes of the file that it describes.
        length: u64,
        pieces: Pieces,
    }
}
