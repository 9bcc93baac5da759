//! The index of records of finished files. It consists of many small files, so that concurrent engines seldom write the same one. WASI has
//! no extended attributes to store a record with the file itself.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Records in one bucket; a new one evicts the oldest. 256 buckets hold some 10,000 records, so that the index stays below a few megabytes.
const MOST: usize = 40;

/// Limit on a record, in bytes, because an entity tag may be as long as a header field.
const LONGEST: usize = 2048;

/// The identity of a file in its file system. Replacing or writing the file changes it; renaming does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// WASI's metadata hash of the file's device and number.
    pub object: (u64, u64),
    /// WASI's status change time, in nanoseconds since 1970-01-01 UTC; wasmtime gives the creation time. Needed because file systems reuse
    /// the number of a removed file; no program can set either time.
    pub changed: u64,
    /// Modification time, in nanoseconds since 1970-01-01 UTC.
    pub modified: u64,
    /// In bytes.
    pub length: u64,
}

impl Identity {
    /// The name of the bucket for this file's record.
    pub fn bucket(&self) -> String {
        let (upper, lower) = self.object;
        format!("{:02x}", (upper ^ lower) & 0xff)
    }
}

/// Records of files, the oldest first. Stored as frames, so that a record is added by an append: a 16-bit length, a CRC-32, and the record
/// in postcard's format.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bucket(Vec<(Identity, Vec<u8>)>);

impl Bucket {
    /// Length in bytes of a stored bucket from which it is rewritten instead of appended to, so that it is short to read. Most records have
    /// 130 bytes.
    pub const COMPACT_AT: u64 = 16 << 10;

    /// Limit on the stored form of a bucket, in bytes, so that a foreign file is refused unread. 64 is room for an identity.
    pub const LONGEST: u64 = Self::COMPACT_AT + (MOST * (LONGEST + 64)) as u64;

    /// Reads a bucket. Two engines that append at the same time can damage a record; the others still count.
    pub fn read(mut bytes: &[u8]) -> Self {
        let mut bucket = Self::default();
        while !bytes.is_empty() {
            match read_frame(bytes) {
                Some((file, record, rest)) => {
                    bucket.put(file, record);
                    bytes = rest;
                }
                None => bytes = &bytes[1..],
            }
        }
        bucket
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(file, record)| Self::frame(file, record)).collect()
    }

    /// The stored form of one record; empty for a record that is too long.
    pub fn frame(file: &Identity, record: &[u8]) -> Vec<u8> {
        let body = postcard::to_allocvec(&(file, record)).unwrap_or_default();
        let Some(length) = u16::try_from(body.len()).ok().filter(|_| record.len() <= LONGEST) else {
            return Vec::new();
        };
        let head = length.to_le_bytes().into_iter().chain(crc32fast::hash(&body).to_le_bytes());
        head.chain(body.iter().copied()).collect()
    }

    pub fn record_of(&self, file: &Identity) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == file).map(|(_, record)| &record[..])
    }

    /// Sets the record of `file`; drops a record that is too long.
    pub fn put(&mut self, file: Identity, record: Vec<u8>) {
        self.0.retain(|(known, _)| known.object != file.object);
        if record.len() > LONGEST {
            return;
        }
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push((file, record));
    }
}

/// The first record of `bytes`, and the bytes behind it.
fn read_frame(bytes: &[u8]) -> Option<(Identity, Vec<u8>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
    if body.is_empty() || crc32fast::hash(body) != u32::from_le_bytes(*crc) {
        return None;
    }
    let (file, record) = postcard::from_bytes(body).ok()?;
    Some((file, record, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn file(number: u64) -> Identity {
        Identity { object: (1, number), changed: 5, modified: 6, length: 7 }
    }

    #[test]
    fn a_file_is_known_while_nothing_of_it_changes() {
        let mut bucket = Bucket::default();
        bucket.put(file(1), vec![1]);
        let read = Bucket::read(&bucket.to_bytes());
        assert_eq!(read, bucket);
        assert_eq!(read.record_of(&file(1)), Some(&[1][..]));
        let others = [
            file(2),
            Identity { changed: 9, ..file(1) },
            Identity { modified: 9, ..file(1) },
            Identity { length: 9, ..file(1) },
        ];
        for other in others {
            assert_eq!(read.record_of(&other), None, "{other:?}");
        }
    }

    #[test]
    fn a_bucket_is_bounded_and_the_oldest_goes() {
        let mut bucket = Bucket::default();
        for number in 0..MOST as u64 + 1 {
            bucket.put(file(number), vec![0; LONGEST]);
        }
        assert_eq!((bucket.record_of(&file(0)), bucket.0.len()), (None, MOST));
        assert!(bucket.to_bytes().len() as u64 <= Bucket::LONGEST);
        bucket.put(file(1), vec![0; LONGEST + 1]);
        assert_eq!(bucket.record_of(&file(1)), None, "an old record of another version");
    }

    #[test]
    fn a_bucket_that_cannot_be_read_knows_nothing() {
        assert_eq!(Bucket::read(b"\xff\xff"), Bucket::default());
        assert_eq!(Bucket::read(b""), Bucket::default());
        assert_eq!(Bucket::read(&[0; 100]), Bucket::default());
    }

    #[test]
    fn a_damaged_record_leaves_the_others() {
        let mut bytes = Bucket::frame(&file(1), &[1; 50]);
        bytes.truncate(40);
        bytes.extend(Bucket::frame(&file(2), &[2; 50]));
        let bucket = Bucket::read(&bytes);
        assert_eq!((bucket.record_of(&file(1)), bucket.record_of(&file(2))), (None, Some(&[2; 50][..])));
    }

    #[test]
    fn the_last_record_of_a_file_counts() {
        let frames = [Bucket::frame(&file(1), &[1]), Bucket::frame(&file(1), &[2])].concat();
        assert_eq!(Bucket::read(&frames).record_of(&file(1)), Some(&[2][..]));
        assert!(Bucket::frame(&file(1), &vec![0; LONGEST + 1]).is_empty());
    }
}
