//! Enumerators that return the wrong number of elements.

use alloc::string::String;
use alloc::vec::Vec;

use super::{download, jobs, trapping};
use crate::Hostile;
use crate::bindings::exports::haul::delivery_optimization::background_copy_manager::{
    self as job_manager, GuestJobEnumerator, Job, JobEnumerator, JobType,
};
use crate::bindings::exports::haul::delivery_optimization::do_manager::{
    self, Category, Download, DownloadEnumerator, Failure, GuestDownloadEnumerator,
};
use crate::bindings::exports::haul::delivery_optimization::enum_background_copy_files::{
    self as files, File, FileEnumerator, GuestFileEnumerator,
};
use crate::order;

pub struct Downloads;
pub struct Jobs;
pub struct Files;

impl do_manager::Guest for Hostile {
    type DownloadEnumerator = Downloads;

    trapping! {
        fn create_download() -> Result<Download, Failure>;
        fn enum_downloads(category: Option<Category>) -> Result<DownloadEnumerator, Failure>;
    }
}

impl GuestDownloadEnumerator for Downloads {
    fn next(&self, _count: u32) -> Vec<Download> {
        (0..100).map(|_| Download::new(download::One::another())).collect()
    }

    trapping! {
        fn skip(&self, count: u32) -> bool;
        fn reset(&self);
        fn clone(&self) -> DownloadEnumerator;
    }
}

impl job_manager::Guest for Hostile {
    type JobEnumerator = Jobs;

    trapping! {
        fn create_job(display_name: String, kind: JobType) -> Result<Job, Failure>;
        fn get_job(id: String) -> Result<Job, Failure>;
        fn enum_jobs(all_users: bool) -> Result<JobEnumerator, Failure>;
        fn get_error_description(code: u32, language: u32) -> Result<String, Failure>;
    }
}

impl GuestJobEnumerator for Jobs {
    /// One job more than requested if the order is `too-many`, otherwise none.
    fn next(&self, count: u32) -> Vec<Job> {
        let found = if order::is("too-many") { count + 1 } else { 0 };
        (0..found).map(|_| Job::new(jobs::One)).collect()
    }

    fn skip(&self, _count: u32) -> bool {
        true
    }

    fn reset(&self) {}

    fn get_count(&self) -> u32 {
        u32::MAX
    }

    trapping! {
        fn clone(&self) -> JobEnumerator;
    }
}

impl files::Guest for Hostile {
    type FileEnumerator = Files;
}

impl GuestFileEnumerator for Files {
    trapping! {
        fn next(&self, count: u32) -> Vec<File>;
        fn skip(&self, count: u32) -> bool;
        fn reset(&self);
        fn clone(&self) -> FileEnumerator;
        fn get_count(&self) -> u32;
    }
}
