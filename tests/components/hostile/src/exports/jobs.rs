//! Jobs and files that trap in every function except those that return their ids.

use alloc::string::String;
use alloc::vec::Vec;

use super::trapping;
use crate::Hostile;
use crate::bindings::exports::haul::delivery_optimization::{
    background_copy_error as errors, background_copy_file as files, background_copy_file2 as files2,
    background_copy_file5 as files5, background_copy_job as job, background_copy_job5 as job5,
    delivery_optimization_file as more_files, delivery_optimization_job as more_job,
};
use crate::order;

pub struct One;
pub struct File;
pub struct CopyError;

impl job::Guest for Hostile {
    type Job = One;
}

impl job::GuestJob for One {
    fn get_id(&self) -> String {
        order::reached("get_id");
        "job".into()
    }

    trapping! {
        fn add_file_set(&self, files: Vec<job::FileInfo>) -> Result<(), job::Failure>;
        fn add_file(&self, remote_name: String, local_name: String) -> Result<(), job::Failure>;
        fn enum_files(&self) -> Result<job::FileEnumerator, job::Failure>;
        fn suspend(&self) -> Result<(), job::Failure>;
        fn resume(&self) -> Result<(), job::Failure>;
        fn cancel(&self) -> Result<job::Cancellation, job::Failure>;
        fn complete(&self) -> Result<job::Completion, job::Failure>;
        fn get_type(&self) -> job::JobType;
        fn get_progress(&self) -> job::JobProgress;
        fn get_times(&self) -> job::JobTimes;
        fn get_state(&self) -> job::JobState;
        fn get_error(&self) -> Result<job::CopyError, job::Failure>;
        fn get_owner(&self) -> String;
        fn set_display_name(&self, name: String) -> Result<(), job::Failure>;
        fn get_display_name(&self) -> String;
        fn set_description(&self, text: String) -> Result<(), job::Failure>;
        fn get_description(&self) -> String;
        fn set_priority(&self, priority: job::JobPriority) -> Result<(), job::Failure>;
        fn get_priority(&self) -> job::JobPriority;
        fn set_notify_flags(&self, which: job::NotifyFlags) -> Result<(), job::Failure>;
        fn get_notify_flags(&self) -> job::NotifyFlags;
        fn set_notify_interface(&self, is_set: bool) -> Result<(), job::Failure>;
        fn get_notify_interface(&self) -> bool;
        fn set_minimum_retry_delay(&self, seconds: u32) -> Result<(), job::Failure>;
        fn get_minimum_retry_delay(&self) -> u32;
        fn set_no_progress_timeout(&self, seconds: u32) -> Result<(), job::Failure>;
        fn get_no_progress_timeout(&self) -> u32;
        fn get_error_count(&self) -> u32;
        fn set_proxy_settings(&self, settings: job::ProxySettings) -> Result<(), job::Failure>;
        fn get_proxy_settings(&self) -> job::ProxySettings;
        fn take_ownership(&self) -> Result<(), job::Failure>;
    }
}

impl files::Guest for Hostile {
    type File = File;
}

impl files::GuestFile for File {
    trapping! {
        fn get_remote_name(&self) -> Result<String, files::Failure>;
        fn get_local_name(&self) -> Result<String, files::Failure>;
        fn get_progress(&self) -> files::FileProgress;
    }
}

impl errors::Guest for Hostile {
    type CopyError = CopyError;
}

impl errors::GuestCopyError for CopyError {
    trapping! {
        fn get_error(&self) -> (errors::ErrorContext, errors::Failure);
        fn get_file(&self) -> Result<errors::File, errors::Failure>;
        fn get_error_description(&self, language: u32) -> Result<String, errors::Failure>;
        fn get_error_context_description(&self, language: u32) -> Result<String, errors::Failure>;
        fn get_protocol(&self) -> Result<String, errors::Failure>;
    }
}

impl job5::Guest for Hostile {
    trapping! {
        fn get_property(job: job5::JobBorrow<'_>, id: job5::JobPropertyId) -> Result<job5::JobProperty, job5::Failure>;
        fn set_property(job: job5::JobBorrow<'_>, value: job5::JobProperty) -> Result<(), job5::Failure>;
    }
}

impl files2::Guest for Hostile {
    trapping! {
        fn get_file_ranges(file: files2::FileBorrow<'_>) -> Vec<files2::FileRange>;
        fn set_remote_name(file: files2::FileBorrow<'_>, url: String) -> Result<(), files2::Failure>;
    }
}

impl files5::Guest for Hostile {
    trapping! {
        fn get_property(file: files5::FileBorrow<'_>, id: files5::FilePropertyId) -> Result<files5::FileProperty, files5::Failure>;
        fn set_property(file: files5::FileBorrow<'_>, value: files5::FileProperty) -> Result<(), files5::Failure>;
    }
}

impl more_job::Guest for Hostile {
    trapping! {
        fn add_file_with_ranges(job: more_job::JobBorrow<'_>, file_id: String, remote_name: String, local_name: String, ranges: Vec<more_job::FileRange>, file_size: Option<u64>) -> Result<(), more_job::Failure>;
        fn add_file(job: more_job::JobBorrow<'_>, file_id: String, remote_name: Option<String>, ranges: Vec<more_job::FileRange>) -> Result<more_job::File, more_job::Failure>;
        fn get_property(job: more_job::JobBorrow<'_>, id: more_job::DoJobPropertyId) -> Result<more_job::DoJobProperty, more_job::Failure>;
        fn set_property(job: more_job::JobBorrow<'_>, value: more_job::DoJobProperty) -> Result<(), more_job::Failure>;
    }
}

impl more_files::Guest for Hostile {
    trapping! {
        fn get_stats(file: more_files::FileBorrow<'_>) -> more_files::SwarmStats;
        fn get_property(file: more_files::FileBorrow<'_>, id: more_files::DoFilePropertyId) -> Result<more_files::DoFileProperty, more_files::Failure>;
        fn set_property(file: more_files::FileBorrow<'_>, value: more_files::DoFileProperty) -> Result<(), more_files::Failure>;
    }
}
