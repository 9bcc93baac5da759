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

/// Records of files.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket(Vec<(Identity, Vec<u8>)>);

impl Bucket {
    /// Limit on the stored form of a bucket, in bytes, so that a foreign file is refused unread. 64 is room for an identity.
    pub const LONGEST: u64 = (MOST * (LONGEST + 64)) as u64;

    /// Reads a bucket. An unreadable bucket counts as empty, so its files are unknown.
    pub fn read(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
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
    }
}
