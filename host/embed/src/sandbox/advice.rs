//! The component's advice on files that are being written: room is reserved ahead of the received bytes, reserved room that is not
//! used is released, and written bytes are on their way to the disk before a sync. If the system can do none of it, the file is written
//! all the same.

use std::fs::File;
use std::sync::Arc;

use wasmtime_wasi::p2::bindings::filesystem::types::Advice;

/// Files whose bytes are being sent to the disk at the same time, so that a slow disk does not take all threads.
const AT_ONCE: usize = 4;

/// Less room than this is not reserved, because the call costs more than it saves.
const WORTHWHILE: u64 = 1 << 20;

/// How advice is followed.
#[derive(Debug)]
pub struct FileAdvice {
    reserves: bool,
    /// Of threads that send bytes to the disk.
    places: Arc<tokio::sync::Semaphore>,
}

impl FileAdvice {
    /// `reserves`: room may be reserved. A policy that checks free space must not: bytes for reserved room would count twice.
    pub fn new(reserves: bool) -> Self {
        Self { reserves, places: Arc::new(tokio::sync::Semaphore::new(AT_ONCE)) }
    }

    /// `offset`, `length`: the bytes that the advice is about.
    pub fn follow(&self, file: &Arc<File>, offset: u64, length: u64, advice: Advice) {
        match advice {
            Advice::WillNeed if self.reserves && length >= WORTHWHILE => platform::reserve(file, offset, length),
            Advice::NoReuse if self.reserves => platform::release(file),
            Advice::DontNeed => {
                let Ok(place) = self.places.clone().try_acquire_owned() else { return };
                let file = file.clone();
                tokio::task::spawn_blocking(move || {
                    platform::write_back(&file, offset, length);
                    drop(place);
                });
            }
            _ => {}
        }
    }
}

#[cfg(target_os = "linux")]
mod platform {
    use std::fs::{File, FileTimes};
    use std::io;
    use std::num::NonZeroU64;

    use rustix::fs::{Advice, FallocateFlags, fadvise, fallocate, fstatfs, fstatvfs};

    /// The type that `statfs` reports for a file system in memory. To reserve room there, the system writes zeros.
    pub const TMPFS: i64 = 0x0102_1994;

    /// Reserves room behind the end of the file without making it longer, so that it lies in one piece and a write is not refused for
    /// want of space. Never more than half of the free space: an origin may lie about lengths.
    pub fn reserve(file: &File, offset: u64, length: u64) {
        let in_memory = fstatfs(file).is_ok_and(|system| system.f_type == TMPFS);
        let free = fstatvfs(file).map_or(0, |system| system.f_bavail.saturating_mul(system.f_frsize));
        if in_memory || length > free / 2 {
            return;
        }
        let start = file.metadata().map_or(offset, |found| found.len().max(offset));
        let length = offset.saturating_add(length).saturating_sub(start);
        if length > 0
            && let Err(error) = fallocate(file, FallocateFlags::KEEP_SIZE, start, length)
        {
            tracing::debug!(%error, length, "no room is reserved");
        }
    }

    /// Releases the room behind the end of the file.
    pub fn release(file: &File) {
        if let Err(error) = cut_to_length(file) {
            tracing::debug!(%error, "reserved room is not released");
        }
    }

    /// ext4 punches no hole behind the end of a file; cutting a file to its own length frees the room there. The journal knows the file
    /// by its modification time, so that stays.
    fn cut_to_length(file: &File) -> io::Result<()> {
        let found = file.metadata()?;
        file.set_len(found.len())?;
        file.set_times(FileTimes::new().set_modified(found.modified()?))
    }

    /// Has the system begin to write bytes that are not on the disk yet. It may drop the others from its cache, which are few by then.
    pub fn write_back(file: &File, offset: u64, length: u64) {
        if let Err(error) = fadvise(file, offset, NonZeroU64::new(length), Advice::DontNeed) {
            tracing::debug!(%error, "bytes are not written early");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::fs::File;

    pub const fn reserve(_: &File, _: u64, _: u64) {}

    pub const fn release(_: &File) {}

    pub const fn write_back(_: &File, _: u64, _: u64) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[tokio::test]
    async fn room_is_reserved_without_a_longer_file() {
        let folder = tempfile::tempdir_in(".").expect("a folder on a disk");
        let file = Arc::new(File::create(folder.path().join("file")).expect("a file"));
        FileAdvice::new(true).follow(&file, 0, 4 << 20, Advice::WillNeed);
        let found = file.metadata().expect("what it is");
        assert_eq!(found.len(), 0);
        let in_memory = rustix::fs::fstatfs(&*file).expect("the file system").f_type == platform::TMPFS;
        assert!(in_memory || found.blocks() * 512 >= 4 << 20, "{} blocks", found.blocks());
    }

    #[tokio::test]
    async fn room_that_is_not_used_is_released() {
        let folder = tempfile::tempdir_in(".").expect("a folder on a disk");
        let file = Arc::new(tempfile::tempfile_in(folder.path()).expect("a file"));
        std::os::unix::fs::FileExt::write_all_at(&*file, b"four", 0).expect("room");
        let advice = FileAdvice::new(true);
        advice.follow(&file, 4, 16 << 20, Advice::WillNeed);
        let before = file.metadata().expect("its facts").modified().expect("a time");
        advice.follow(&file, 0, 0, Advice::NoReuse);
        let found = file.metadata().expect("its facts");
        assert_eq!((found.len(), found.modified().expect("a time")), (4, before));
        assert!(found.blocks() * 512 <= 64 << 10, "{} blocks", found.blocks());
        let mut bytes = [0; 4];
        std::os::unix::fs::FileExt::read_exact_at(&*file, &mut bytes, 0).expect("the bytes");
        assert_eq!(&bytes, b"four");
    }

    #[tokio::test]
    async fn no_room_is_reserved_before_the_end() {
        let folder = tempfile::tempdir_in(".").expect("a folder on a disk");
        let file = Arc::new(File::create(folder.path().join("file")).expect("a file"));
        file.set_len(64 << 20).expect("a hole");
        FileAdvice::new(true).follow(&file, 0, 16 << 20, Advice::WillNeed);
        assert_eq!(file.metadata().expect("its facts").blocks(), 0);
    }

    #[tokio::test]
    async fn no_room_is_reserved_where_it_is_not_wanted() {
        let folder = tempfile::tempdir_in(".").expect("a folder on a disk");
        let file = Arc::new(File::create(folder.path().join("file")).expect("a file"));
        FileAdvice::new(false).follow(&file, 0, 4 << 20, Advice::WillNeed);
        assert_eq!(file.metadata().expect("what it is").blocks(), 0);
    }

    #[tokio::test]
    async fn more_than_there_is_is_not_reserved() {
        let file = Arc::new(tempfile::tempfile().expect("a file"));
        FileAdvice::new(true).follow(&file, 0, u64::MAX / 4, Advice::WillNeed);
        assert_eq!(file.metadata().expect("what it is").blocks(), 0);
    }

    #[tokio::test]
    async fn what_is_written_early_stays_as_it_is() {
        let file = Arc::new(tempfile::tempfile().expect("a file"));
        let bytes = vec![7; 3 << 20];
        std::os::unix::fs::FileExt::write_all_at(&*file, &bytes, 0).expect("room");
        let advice = FileAdvice::new(true);
        advice.follow(&file, 0, 3 << 20, Advice::DontNeed);
        let all = advice.places.acquire_many(AT_ONCE as u32).await.expect("they are free again");
        drop(all);
        let mut found = vec![0; 3 << 20];
        std::os::unix::fs::FileExt::read_exact_at(&*file, &mut found, 0).expect("what was written");
        assert_eq!(found, bytes);
    }
}
