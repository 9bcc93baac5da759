//! Digests computed in the component, for drivers that do not compute them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use digest::{Digest, DynDigest};
use haul_core::content::digest::{Algorithm, Checksum};

/// A digest in progress.
pub enum Hasher {
    Other(Box<dyn DynDigest>),
    Blake3(Box<blake3::Hasher>),
    Crc32(crc32fast::Hasher),
}

impl Hasher {
    pub fn new(checksum: Checksum) -> Self {
        let algorithm = match checksum {
            Checksum::Digest(algorithm) => algorithm,
            Checksum::Crc32 => return Self::Crc32(crc32fast::Hasher::new()),
        };
        match algorithm {
            Algorithm::Sha256 => Self::Other(Box::new(sha2::Sha256::new())),
            Algorithm::Sha512 => Self::Other(Box::new(sha2::Sha512::new())),
            Algorithm::Sha1 => Self::Other(Box::new(sha1::Sha1::new())),
            Algorithm::Md5 => Self::Other(Box::new(md5::Md5::new())),
            Algorithm::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Other(hasher) => hasher.update(bytes),
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
            Self::Crc32(hasher) => hasher.update(bytes),
        }
    }

    pub fn finish(self) -> Vec<u8> {
        match self {
            Self::Other(hasher) => hasher.finalize().into_vec(),
            Self::Blake3(hasher) => hasher.finalize().as_bytes().to_vec(),
            Self::Crc32(hasher) => hasher.finalize().to_be_bytes().to_vec(),
        }
    }
}
