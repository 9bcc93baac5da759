//! Causes of failure in documents that describe files.

use serde::{Deserialize, Serialize};

/// The reason for rejecting a Metalink document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetalinkCause {
    /// Longer than 4 MiB, more than 10,000 files, or more elements and attributes than the parser accepts.
    TooLarge,
    /// Not well-formed XML, or XML with a document type declaration.
    NotXml,
    /// XML of another kind, or a Metalink document without a file.
    NotMetalink,
    /// A name is not a relative path, leaves the directory, or has a component that is not a valid file name.
    UnsafeName,
    /// Two files have the same name.
    DuplicateName,
    /// A size is not a number, or a file has several sizes.
    BadSize,
    /// A digest with a known algorithm is malformed or contradicts another one.
    BadDigest,
    /// The pieces of a known algorithm are malformed or do not add up to the size of the file.
    BadPieces,
    /// A file has no http or https URL.
    NoUrl,
}

impl MetalinkCause {
    /// The problem as a predicate; the sentence starts with the document.
    pub const fn description(self) -> &'static str {
        match self {
            Self::TooLarge => "larger than a Metalink document may be",
            Self::NotXml => "not well-formed XML without a document type",
            Self::NotMetalink => "not a Metalink document that describes files",
            Self::UnsafeName => "a file has a name that cannot be used",
            Self::DuplicateName => "two files have the same name",
            Self::BadSize => "the size of a file is not a number",
            Self::BadDigest => "a digest of a file is malformed or contradicts another one",
            Self::BadPieces => "the pieces of a file are malformed or do not make up its size",
            Self::NoUrl => "a file has no http or https URL",
        }
    }
}

/// The reason for rejecting a piece-hash file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PieceHashFileCause {
    /// Longer than 4 MiB.
    TooLarge,
    /// Not well-formed JSON.
    NotJson,
    /// A member is missing, has the wrong type or is out of bounds, or the major version is not 1.
    NotPieceHashes,
    /// A digest is malformed, or the number of digests does not fit the length.
    BadPieces,
    /// `HashOfHashes` is not the digest over the piece digests.
    HashMismatch,
    /// The document does not match its expected digest.
    DigestDiffers,
    /// The piece digests do not match the expected hash of hashes.
    HashOfHashesDiffers,
}

impl PieceHashFileCause {
    /// The problem as a predicate; the sentence starts with the document.
    pub const fn description(self) -> &'static str {
        match self {
            Self::TooLarge => "longer than a piece-hash file may be",
            Self::NotJson => "not well-formed JSON",
            Self::NotPieceHashes => "not a piece-hash file of a known version",
            Self::BadPieces => "the digests of the pieces do not describe a file of the stated length",
            Self::HashMismatch => "the digests of the pieces do not match the digest over them",
            Self::DigestDiffers => "the piece-hash file does not match the expected digest",
            Self::HashOfHashesDiffers => "the digests of the pieces do not match the expected digest over them",
        }
    }
}
