//! The records directory: the key that authenticates journals, and the records of finished files. Several engines may share it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::failure::DiskCause;
use haul_core::settings::durability::Durability;
use haul_core::store::finished::{Bucket, Identity};
use haul_core::store::key::Key;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, DescriptorStat, ErrorCode, OpenFlags, PathFlags};
use wasip2::random::random::{get_random_bytes, get_random_u64};

use super::disk::{cause, create_parents, nanoseconds, open_name, read_all, stat_name, write_all};
use super::paths::{Grants, Place};

const KEY: &str = "key";

/// One file for each bucket of records.
const BUCKETS: &str = "finished";

pub struct Records {
    /// The place of the key.
    place: Place,
}

impl Records {
    /// Opens `directory`, and creates it if it is missing.
    pub fn open(grants: &Grants, directory: &str) -> Result<Self, DiskCause> {
        let place = grants.place(&format!("{}/{KEY}", directory.trim_end_matches('/')))?;
        create_parents(&place, Durability::Power)?;
        match place.directory.create_directory_at(&place.sibling(BUCKETS)) {
            Ok(()) | Err(ErrorCode::Exist) => Ok(Self { place }),
            Err(code) => Err(cause(code)),
        }
    }

    /// The key, created if there is none. A file of another length is no key, and is replaced.
    pub fn key(&self) -> Result<Key, DiskCause> {
        if let Some(key) = self.read_key()? {
            return Ok(key);
        }
        self.write(&self.place.name, &get_random_bytes(Key::LENGTH as u64))?;
        self.read_key()?.ok_or(DiskCause::Io)
    }

    /// A key that no other engine has.
    pub fn key_of_one_engine() -> Key {
        let mut secret = [0; Key::LENGTH];
        secret.copy_from_slice(&get_random_bytes(Key::LENGTH as u64));
        Key::of_one_engine(secret)
    }

    fn read_key(&self) -> Result<Option<Key>, DiskCause> {
        let bytes = self.read(&self.place.name, Key::LENGTH as u64 + 1)?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(Key::lasting))
    }

    /// The record of this file; `None` if there is none, or if the file has changed.
    pub fn of(&self, file: &Identity) -> Option<Vec<u8>> {
        let bytes = self.read(&self.bucket(file), Bucket::LONGEST).ok()??;
        Bucket::read(&bytes).record_of(file).map(Into::into)
    }

    /// Stores the record of a file. If two engines write one bucket at the same time, a record is lost, and its file is not recognised
    /// later.
    pub fn put(&self, file: Identity, record: Vec<u8>) -> Result<(), DiskCause> {
        let name = self.bucket(&file);
        let mut bucket = Bucket::read(&self.read(&name, Bucket::LONGEST)?.unwrap_or_default());
        bucket.put(file, record);
        self.write(&name, &bucket.to_bytes())
    }

    fn bucket(&self, file: &Identity) -> String {
        self.place.sibling(&format!("{BUCKETS}/{}", file.bucket()))
    }

    /// Reads a file in the directory, at most `most` bytes; `None` if it is missing.
    fn read(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, DiskCause> {
        if stat_name(&self.place, name)?.is_none() {
            return Ok(None);
        }
        let file = open_name(&self.place, name, OpenFlags::empty(), DescriptorFlags::READ)?;
        read_all(&file, most).map(Some)
    }

    /// Replaces a file as a whole, by a rename.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DiskCause> {
        let new = self.place.sibling(&format!("new-{:016x}", get_random_u64()));
        let flags = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
        let file = open_name(&self.place, &new, flags, DescriptorFlags::WRITE)?;
        let directory = &self.place.directory;
        let written =
            write_all(&file, 0, bytes).and_then(|()| directory.rename_at(&new, directory, name).map_err(cause));
        if written.is_err() {
            let _ = directory.unlink_file_at(&new);
        }
        written
    }
}

/// The identity of the file `name`; `None` if the file system lacks a part of it.
pub(super) fn identity_at(place: &Place, name: &str, found: &DescriptorStat) -> Option<Identity> {
    let hash = place.directory.metadata_hash_at(PathFlags::empty(), name).ok()?;
    identity((hash.upper, hash.lower), found)
}

pub(super) fn identity_of(file: &Descriptor) -> Option<Identity> {
    let hash = file.metadata_hash().ok()?;
    identity((hash.upper, hash.lower), &file.stat().ok()?)
}

fn identity(object: (u64, u64), found: &DescriptorStat) -> Option<Identity> {
    let changed = nanoseconds(found.status_change_timestamp?);
    let modified = nanoseconds(found.data_modification_timestamp?);
    Some(Identity { object, changed, modified, length: found.size })
}
