//! What is wrong with a document that describes files.

use serde::{Deserialize, Serialize};

/// Why a text cannot be used as a Metalink document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetalinkCause {
    /// Longer than 4 MiB, more than 10,000 files, or more elements and attributes than documents of that size have.
    TooLarge,
    /// Not well-formed XML, or XML with a document type declaration.
    NotXml,
    /// XML of another kind, or a Metalink document without a file.
    NotMetalink,
    /// A name is no relative path, leads elsewhere, or has a component that is no file name.
    UnsafeName,
    /// Two files have the same name.
    DuplicateName,
    /// A size is no number, or a file has several.
    BadSize,
    /// A digest of a known algorithm is malformed or contradicts another one.
    BadDigest,
    /// Pieces of a known algorithm are malformed or do not make up the size of the file.
    BadPieces,
    /// A file has no http or https URL.
    NoUrl,
}

impl MetalinkCause {
    /// What is wrong, as the second half of a sentence that starts with the document.
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

/// Why a text cannot be used as a piece-hash file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PieceHashFileCause {
    /// Longer than 4 MiB.
    TooLarge,
    /// Not well-formed JSON.
    NotJson,
    /// A member is missing, of another type or out of bounds, or the major version is not 1.
    NotPieceHashes,
    /// A digest is malformed, or there are not as many as the length asks for.
    BadPieces,
    /// `HashOfHashes` is not the digest of the digests.
    HashMismatch,
    /// The document does not have the digest that was given for it.
    DigestDiffers,
    /// The digests of the pieces do not have the hash of hashes that was given for them.
    HashOfHashesDiffers,
}

impl PieceHashFileCause {
    /// What is wrong, as the second half of a sentence that starts with the document.
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
