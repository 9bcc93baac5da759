//! `enum-background-copy-files`

use alloc::vec::Vec;

use super::Component;
use super::background_copy_file::FileHandle;
use super::background_copy_job::Handle;
use super::cursor::Cursor;
use crate::bindings::exports::haul::delivery_optimization::enum_background_copy_files::{
    File, FileEnumerator, Guest, GuestFileEnumerator,
};

impl Guest for Component {
    type FileEnumerator = Enumerator;
}

/// An enumerator of the files that a job had when it was created. Jobs never lose files.
pub struct Enumerator {
    job: Handle,
    cursor: Cursor,
}

impl Enumerator {
    pub const fn new(job: Handle, total: u32) -> Self {
        Self { job, cursor: Cursor::new(total) }
    }
}

impl GuestFileEnumerator for Enumerator {
    fn next(&self, count: u32) -> Vec<File> {
        let file = |index| File::new(FileHandle { job: self.job.clone(), index });
        self.cursor.advance(count).map(file).collect()
    }

    fn skip(&self, count: u32) -> bool {
        self.cursor.skip(count)
    }

    fn reset(&self) {
        self.cursor.reset();
    }

    fn clone(&self) -> FileEnumerator {
        FileEnumerator::new(Self { job: self.job.clone(), cursor: self.cursor.clone() })
    }

    fn get_count(&self) -> u32 {
        self.cursor.total()
    }
}
