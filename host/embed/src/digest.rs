//! Digests at native speed, for the component that asks for them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Take};
use std::sync::Weak;

use digest::{Digest, DynDigest};

use crate::bindings::engine::Checksum;
use crate::types::DigestAlgorithm;

/// Bytes read at once.
const READ: usize = 1 << 20;

/// The checksum of a range of `file`, as offset and length; of everything in it where there is none. A file may have no end to speak
/// of: reading stops where nobody asks any more.
pub fn of(checksum: Checksum, mut file: File, range: Option<(u64, u64)>, asked_for: &Weak<()>) -> io::Result<Vec<u8>> {
    let (offset, length) = range.unwrap_or((0, u64::MAX));
    if offset > 0 {
        file.seek(SeekFrom::Start(offset))?;
    }
    let file = Source { file: file.take(length), asked_for };
    let algorithm = match checksum {
        Checksum::Digest(algorithm) => algorithm.into(),
        Checksum::Crc32 => {
            let mut hasher = crc32fast::Hasher::new();
            feed(file, |bytes| hasher.update(bytes))?;
            return Ok(hasher.finalize().to_be_bytes().to_vec());
        }
    };
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

fn with(mut hasher: impl DynDigest, file: Source) -> io::Result<Vec<u8>> {
    feed(file, |bytes| hasher.update(bytes))?;
    Ok(hasher.finalize_reset().into_vec())
}

/// The bytes, and who wants to know.
struct Source<'a> {
    file: Take<File>,
    asked_for: &'a Weak<()>,
}

fn feed(Source { mut file, asked_for }: Source, mut update: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; READ];
    while asked_for.strong_count() > 0 {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::ConnectionAborted.into())
}
