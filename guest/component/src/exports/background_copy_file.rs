//! `background-copy-file`, `background-copy-file2` and `background-copy-file5`

use alloc::string::String;
use alloc::vec::Vec;

use haul_core::failure::Cause;
use haul_core::job::{FileProgress, Job};

use super::background_copy_job::Handle;
use super::{Component, convert, convert_job};
use crate::bindings::exports::haul::delivery_optimization::background_copy_file as wit;
use crate::bindings::exports::haul::delivery_optimization::background_copy_file2::{
    FileBorrow, FileRange, Guest as Guest2,
};
use crate::bindings::exports::haul::delivery_optimization::background_copy_file5::{
    FileBorrow as FileBorrow5, FileProperty, FilePropertyId, Guest as Guest5,
};

/// A file of a job, by its index. It keeps a hold on the job.
pub struct FileHandle {
    pub job: Handle,
    pub index: u32,
}

impl FileHandle {
    fn text(&self, look: impl FnOnce(&Job) -> Option<&str>) -> Result<String, convert::Failure> {
        let text = self.job.look(|job| look(job).map(Into::into));
        text.and_then(|text| text.ok_or(Cause::NotSet)).map_err(convert::failure)
    }
}

impl wit::Guest for Component {
    type File = FileHandle;
}

impl wit::GuestFile for FileHandle {
    fn get_remote_name(&self) -> Result<String, convert::Failure> {
        self.text(|job| job.remote_name(self.index))
    }

    fn get_local_name(&self) -> Result<String, convert::Failure> {
        self.text(|job| job.local_name(self.index))
    }

    fn get_progress(&self) -> wit::FileProgress {
        let gone = FileProgress { bytes_total: None, bytes_transferred: 0, completed: false };
        let progress = self.job.look(|job| job.file_progress(self.index)).ok().flatten();
        convert_job::file_progress(progress.unwrap_or(gone))
    }
}

impl Guest2 for Component {
    fn get_file_ranges(file: FileBorrow<'_>) -> Vec<FileRange> {
        let file = file.get::<FileHandle>();
        let ranges = |job: &Job| job.file_ranges(file.index).iter().map(convert_job::range_out).collect();
        file.job.look(ranges).unwrap_or_default()
    }

    fn set_remote_name(file: FileBorrow<'_>, url: String) -> Result<(), convert::Failure> {
        let file = file.get::<FileHandle>();
        let set = file.job.act(|shell, job| shell.set_remote_name(job, file.index, &url));
        set.map_err(convert::failure)
    }
}

impl Guest5 for Component {
    fn get_property(file: FileBorrow5<'_>, id: FilePropertyId) -> Result<FileProperty, convert::Failure> {
        let FilePropertyId::HttpResponseHeaders = id;
        let file = file.get::<FileHandle>();
        let headers = file.job.act(|shell, job| shell.headers_of_file(job, file.index).ok_or(Cause::NotSet));
        headers.map(FileProperty::HttpResponseHeaders).map_err(convert::failure)
    }

    fn set_property(_: FileBorrow5<'_>, _: FileProperty) -> Result<(), convert::Failure> {
        Err(convert::failure(Cause::ReadOnlyProperty))
    }
}
