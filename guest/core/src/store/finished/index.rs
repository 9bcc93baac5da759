//! The index of records of finished files: many small files, so that engines beside each other seldom write the same one. WASI has
//! no extended attributes, which would be with the file itself.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// Records in one bucket; the oldest goes for a new one. With 256 buckets some 10,000 files are remembered.
const MOST: usize = 40;

/// Longest record, in bytes. An entity tag may be as long as a header field.
const LONGEST: usize = 2048;

/// The identity of a file in its file system. A file that is replaced or written to has another identity; one that is renamed keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// WASI's metadata hash: device and number of the file.
    pub object: (u64, u64),
    /// WASI's time of the last change of status, in nanoseconds since 1970-01-01 UTC; wasmtime gives the time of creation. The number
    /// of a removed file is used again, and no program can set either time.
    pub changed: u64,
    /// When it was last written to, in nanoseconds since 1970-01-01 UTC.
    pub modified: u64,
    /// In bytes.
    pub length: u64,
}

impl Identity {
    /// The name of the bucket that has the record of this file.
    pub fn bucket(&self) -> String {
        let (upper, lower) = self.object;
        format!("{:02x}", (upper ^ lower) & 0xff)
    }
}

/// Records of some files.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket(Vec<(Identity, Vec<u8>)>);

impl Bucket {
    /// Longest text of a bucket, in bytes.
    pub const LONGEST: u64 = (MOST * (LONGEST + 64)) as u64;

    /// Reads a bucket. One that cannot be read is empty: then its files are not known.
    pub fn read(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    pub fn record_of(&self, file: &Identity) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == file).map(|(_, record)| &record[..])
    }

    /// The record of `file` from now on. One that is too long is not kept.
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
