//! Digests at native speed, for the component that asks for them.

mod beginning;
mod hasher;
mod running;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Weak;

use self::hasher::Hasher;
pub use self::running::{RunningDigests, Writer};
use crate::bindings::engine::Checksum;

/// Bytes read at once: they are digested while they are in the cache of the processor.
const READ: usize = 256 << 10;

/// The checksum of a range of `file`, as offset and length; of everything in it where there is none. A file may have no end to speak
/// of: reading stops where nobody asks any more.
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
/// [`io::ErrorKind::ConnectionAborted`] where it does not.
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
