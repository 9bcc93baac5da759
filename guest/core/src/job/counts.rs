//! Sums over the files of a job, updated with each file, so that no query has to visit all files.

use super::file::{JobFile, Stage};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    files_here: u32,
    files_named: u32,
    files_without_path: u32,
    /// Files of unknown length.
    unknown: u32,
    total: u128,
    written: u128,
}

impl Counts {
    fn of(file: &JobFile) -> Self {
        Self {
            files_here: file.stage.is_here().into(),
            files_named: (file.stage == Stage::Named).into(),
            files_without_path: file.local_name.is_none().into(),
            unknown: file.total().is_none().into(),
            total: file.total().unwrap_or(0).into(),
            written: file.written.into(),
        }
    }

    pub fn add(&mut self, file: &JobFile) {
        let its = Self::of(file);
        self.files_here += its.files_here;
        self.files_named += its.files_named;
        self.files_without_path += its.files_without_path;
        self.unknown += its.unknown;
        self.total += its.total;
        self.written += its.written;
    }

    pub fn take(&mut self, file: &JobFile) {
        let its = Self::of(file);
        self.files_here -= its.files_here;
        self.files_named -= its.files_named;
        self.files_without_path -= its.files_without_path;
        self.unknown -= its.unknown;
        self.total -= its.total;
        self.written -= its.written;
    }

    pub const fn files_here(&self) -> u32 {
        self.files_here
    }

    pub const fn files_named(&self) -> u32 {
        self.files_named
    }

    pub const fn files_without_path(&self) -> u32 {
        self.files_without_path
    }

    /// Total bytes of all files; `None` if a length is unknown.
    pub fn total(&self) -> Option<u64> {
        (self.unknown == 0).then(|| clamped(self.total))
    }

    pub fn written(&self) -> u64 {
        clamped(self.written)
    }
}

fn clamped(sum: u128) -> u64 {
    u64::try_from(sum).unwrap_or(u64::MAX)
}
