//! Digests that a file must have.

use crate::bindings::types;
use crate::mirror::{mirrored_enum, mirrored_record};

mirrored_enum! {
    DigestAlgorithm = types::DigestAlgorithm {
        Sha256,
        Sha512,
        Sha1,
        Md5,
        Blake3,
    }
}

mirrored_record! {
    /// A digest that the local file must have.
    #[derive(Clone, Debug, PartialEq, Eq)]
    ExpectedDigest = types::Digest {
        algorithm: DigestAlgorithm,
        /// The raw bytes.
        value: Vec<u8>,
    }
}

mirrored_record! {
    /// Digests of a file's pieces: stretches of equal length from its first byte on, the last one perhaps shorter.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Pieces = types::Pieces {
        algorithm: DigestAlgorithm,
        /// Bytes of every piece but the last, not zero.
        length: u64,
        /// The raw digests, in order.
        digests: Vec<Vec<u8>>,
    }
}
