//! Digests that a file must have.

use crate::bindings::types;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
    Blake3,
}

impl From<DigestAlgorithm> for types::DigestAlgorithm {
    fn from(algorithm: DigestAlgorithm) -> Self {
        match algorithm {
            DigestAlgorithm::Sha256 => Self::Sha256,
            DigestAlgorithm::Sha512 => Self::Sha512,
            DigestAlgorithm::Sha1 => Self::Sha1,
            DigestAlgorithm::Md5 => Self::Md5,
            DigestAlgorithm::Blake3 => Self::Blake3,
        }
    }
}

impl From<types::DigestAlgorithm> for DigestAlgorithm {
    fn from(algorithm: types::DigestAlgorithm) -> Self {
        match algorithm {
            types::DigestAlgorithm::Sha256 => Self::Sha256,
            types::DigestAlgorithm::Sha512 => Self::Sha512,
            types::DigestAlgorithm::Sha1 => Self::Sha1,
            types::DigestAlgorithm::Md5 => Self::Md5,
            types::DigestAlgorithm::Blake3 => Self::Blake3,
        }
    }
}

/// A digest that the local file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDigest {
    pub algorithm: DigestAlgorithm,
    /// The raw bytes.
    pub value: Vec<u8>,
}

impl From<ExpectedDigest> for types::Digest {
    fn from(expected: ExpectedDigest) -> Self {
        Self { algorithm: expected.algorithm.into(), value: expected.value }
    }
}

impl From<types::Digest> for ExpectedDigest {
    fn from(digest: types::Digest) -> Self {
        Self { algorithm: digest.algorithm.into(), value: digest.value }
    }
}

/// Digests of a file's pieces: stretches of equal length from its first byte on, the last one perhaps shorter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    pub algorithm: DigestAlgorithm,
    /// Bytes of every piece but the last, not zero.
    pub length: u64,
    /// The raw digests, in order.
    pub digests: Vec<Vec<u8>>,
}

impl From<Pieces> for types::Pieces {
    fn from(pieces: Pieces) -> Self {
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, digests: pieces.digests }
    }
}

impl From<types::Pieces> for Pieces {
    fn from(pieces: types::Pieces) -> Self {
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, digests: pieces.digests }
    }
}
