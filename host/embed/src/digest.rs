//! Digests at native speed, for the component that asks for them.

mod guard;
mod hasher;
mod streaming_digest;
mod streaming_digests;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Weak;

use self::hasher::Hasher;
pub use self::streaming_digests::{StreamingDigests, Writer};
use crate::bindings::engine::Checksum;
pub use crate::bindings::engine::DigestAhead as DigestHint;

/// Bytes read at once, so that a buffer stays in the processor's cache.
const READ: usize = 256 << 10;

/// The checksum of a range of `file`, as offset and length; of the whole file without one. A file may have no end: reading stops when
/// the owner of `asked_for` drops it.
pub fn of(checksum: Checksum, file: &File, range: Option<(u64, u64)>, asked_for: &Weak<()>) -> io::Result<Vec<u8>> {
    let (offset, length) = range.unwrap_or((0, u64::MAX));
    let mut hasher = Hasher::new(checksum);
    read(file, offset, length, |bytes| {
        hasher.update(bytes);
        asked_for.strong_count() > 0
    })?;
    Ok(hasher.finish())
}

/// Reads `length` bytes of `file` from `offset` on, or as many as there are, as long as `take` wants more of them.
///
/// # Errors
///
/// [`io::ErrorKind::ConnectionAborted`] if it wants no more.
fn read(mut file: &File, offset: u64, length: u64, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    let mut file = file.take(length);
    let mut buffer = vec![0; READ];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) if take(&buffer[..length]) => {}
            Ok(_) => return Err(io::ErrorKind::ConnectionAborted.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
