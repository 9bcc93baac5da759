//! Digests at native speed, for the component that asks for them.

use std::fs::File;
use std::io::{self, Read};

use digest::{Digest, DynDigest};

use crate::types::DigestAlgorithm;

/// Bytes read at once.
const READ: usize = 1 << 20;

/// The digest of everything in `file`.
pub fn of(algorithm: DigestAlgorithm, file: File) -> io::Result<Vec<u8>> {
    match algorithm {
        DigestAlgorithm::Sha256 => with(sha2::Sha256::new(), file),
        DigestAlgorithm::Sha512 => with(sha2::Sha512::new(), file),
        DigestAlgorithm::Sha1 => with(sha1::Sha1::new(), file),
        DigestAlgorithm::Md5 => with(md5::Md5::new(), file),
        DigestAlgorithm::Blake3 => {
            let mut hasher = blake3::Hasher::new();
            feed(file, |bytes| {
                hasher.update(bytes);
            })?;
            Ok(hasher.finalize().as_bytes().to_vec())
        }
    }
}

fn with(mut hasher: impl DynDigest, file: File) -> io::Result<Vec<u8>> {
    feed(file, |bytes| hasher.update(bytes))?;
    Ok(hasher.finalize_reset().into_vec())
}

fn feed(mut file: File, mut update: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; READ];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
