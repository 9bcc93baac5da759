//! Contents of documents that describe files.

use std::fmt;

use super::{ExpectedDigest, Pieces};
use crate::bindings::engine;

/// A file that a Metalink document describes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DescribedFile {
    /// A relative path of harmless components, joined by `/`.
    pub name: String,
    /// In bytes.
    pub length: Option<u64>,
    pub digests: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    /// Absolute http and https URLs, the best first; at least one.
    pub urls: Vec<String>,
}

/// URLs may hold passwords, and are not shown.
impl fmt::Debug for DescribedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("DescribedFile");
        shown.field("name", &self.name).field("length", &self.length).finish_non_exhaustive()
    }
}

impl From<engine::DescribedFile> for DescribedFile {
    fn from(file: engine::DescribedFile) -> Self {
        Self {
            name: file.name,
            length: file.length,
            digests: file.digests.into_iter().map(Into::into).collect(),
            pieces: file.pieces.map(Into::into),
            urls: file.urls,
        }
    }
}

/// What a piece-hash file of Delivery Optimization says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PieceHashFile {
    /// Bytes of the file that it describes.
    pub length: u64,
    pub pieces: Pieces,
}

impl From<engine::PieceHashFile> for PieceHashFile {
    fn from(file: engine::PieceHashFile) -> Self {
        Self { length: file.length, pieces: file.pieces.into() }
    }
}
