//! A handle on one job.

mod callback;
mod registration;
mod settings;

use std::path::Path;
use std::sync::Arc;

pub use self::callback::{JobCallback, Refused};
pub(crate) use self::registration::Registration;
use super::enumerator::Enumerator;
use super::object::Object;
use super::{JobError, JobFile, JobFiles};
use crate::bindings::types;
use crate::error::Error;
use crate::runtime::{Instance, Link};
use crate::values::{
    Cancellation, Completion, FileDescription, FileInfo, FileRange, JobDescription, JobProgress, JobState, JobTimes,
    NewFile,
};

/// Many files that are fetched as one: IBackgroundCopyJob. Clones are handles on the same job; when the last one is gone the job goes
/// on, and [`Engine::job`](crate::Engine::job) and [`Engine::jobs`](crate::Engine::jobs) find it.
///
/// A new job is suspended. [`Job::resume`] has its files fetched, several at a time, in the order in which they were added; once all
/// are here, [`Job::complete`] gives them their names. `wit/background-copy-job.wit` has its states.
///
/// In [`JobState::Acknowledged`] and [`JobState::Cancelled`] a job is over: calls that change it fail with DO_E_INVALID_STATE then,
/// or with DO_E_JOB_TOO_OLD if the engine cancelled it because it was not changed for 30 days. A job that the host has taken from its
/// owner is the host's alone: the calls of its former owner fail with E_ACCESSDENIED, and calls that cannot fail so answer as for a
/// job that does not exist any more. Every call may fail with [`Error::Closed`] and [`Error::Trapped`].
#[derive(Clone, Debug)]
pub struct Job {
    object: Object,
    id: Arc<str>,
}

impl Job {
    pub(crate) fn new(object: Object, id: String) -> Self {
        Self { object, id: id.into() }
    }

    pub(crate) const fn object(&self) -> &Object {
        &self.object
    }

    pub(crate) fn link(&self) -> &Link {
        self.object.link()
    }

    /// A GUID in lower case, without braces.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Adds a file, whose id is its URL, in any state before the end. A job that was [`JobState::Transferred`] is
    /// [`JobState::Suspended`] again then. A relative path counts from the current directory.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a URL that is not http or https or has more than 2,200 characters, and for an unusable path; E_ACCESSDENIED
    /// for a path outside the granted directories; ERROR_SHARING_VIOLATION if another file of a job or download has that path;
    /// BG_E_TOO_MANY_FILES_IN_JOB beyond 200,000 files; E_OUTOFMEMORY if the caller's jobs together hold too much.
    pub async fn add_file(&self, remote_name: &str, local_name: impl AsRef<Path>) -> Result<(), Error> {
        let (remote_name, local_name) = (remote_name.to_owned(), self.named(local_name.as_ref())?);
        let add = async move |instance: &mut Instance, job| instance.job(job).add_file(&remote_name, &local_name).await;
        self.object.call(add).await
    }

    /// Adds all of these files, or none.
    ///
    /// # Errors
    ///
    /// Those of [`Job::add_file`].
    pub async fn add_file_set(&self, files: impl IntoIterator<Item = FileInfo>) -> Result<(), Error> {
        let named = |file: FileInfo| {
            let local_name = self.named(&file.local_name)?;
            Ok(types::FileInfo { remote_name: file.remote_name, local_name })
        };
        let files = files.into_iter().map(named).collect::<Result<Vec<_>, Error>>()?;
        self.object.call(async move |instance, job| instance.job(job).add_file_set(&files).await).await
    }

    /// Adds all of these files, each with its options, or none of them, whatever happens meanwhile.
    ///
    /// # Errors
    ///
    /// Those of [`Job::add_file_with_ranges`] and of [`JobFile::set_options`].
    pub async fn add_files(&self, files: impl IntoIterator<Item = NewFile>) -> Result<(), Error> {
        let named = |file: NewFile| {
            let local_name = self.named(&file.local_name)?;
            Ok(file.into_wit(local_name))
        };
        let files = files.into_iter().map(named).collect::<Result<Vec<_>, Error>>()?;
        self.object.call(async move |instance, job| instance.job(job).add_files(&files).await).await
    }

    /// Makes a draft a job as others, with all that it was told and given, or leaves it one, whatever happens meanwhile. A draft that
    /// was resumed runs from now on. Of other jobs nothing changes.
    ///
    /// # Errors
    ///
    /// The disk's error if the state directory cannot be written to.
    pub async fn keep(&self) -> Result<(), Error> {
        self.object.call(async |instance, job| instance.job(job).keep().await).await
    }

    /// Adds a file under an id of the caller's, or parts of one: the local file receives the ranges in this order, back to back;
    /// none at all means the whole file. `file_id` is any text of at most 4,096 visible characters that no other file of the job
    /// has; `file_size` is in bytes, if it is known.
    ///
    /// # Errors
    ///
    /// Those of [`Job::add_file`]; E_INVALIDARG for a file id that another file has; DO_E_INVALID_RANGE, DO_E_OVERLAPPING_RANGES;
    /// BG_E_TOO_MANY_RANGES_IN_FILE beyond 10,000.
    pub async fn add_file_with_ranges(
        &self,
        file_id: &str,
        remote_name: &str,
        local_name: impl AsRef<Path>,
        ranges: &[FileRange],
        file_size: Option<u64>,
    ) -> Result<(), Error> {
        let (file_id, remote_name) = (file_id.to_owned(), remote_name.to_owned());
        let local_name = self.named(local_name.as_ref())?;
        let ranges = ranges_of_wit(ranges);
        let add = async move |instance: &mut Instance, job| {
            let names = (remote_name.as_str(), local_name.as_str());
            instance.job(job).add_file_with_ranges(&file_id, names, &ranges, file_size).await
        };
        self.object.call(add).await
    }

    /// Adds a file without a path, which [`JobFile::set_property`] gives it before the job is resumed. Without a URL the host must
    /// resolve `file_id` as a content id.
    ///
    /// # Errors
    ///
    /// Those of [`Job::add_file_with_ranges`].
    pub async fn add_file_by_id(
        &self,
        file_id: &str,
        remote_name: Option<&str>,
        ranges: &[FileRange],
    ) -> Result<JobFile, Error> {
        let (file_id, remote_name) = (file_id.to_owned(), remote_name.map(str::to_owned));
        let ranges = ranges_of_wit(ranges);
        let link = self.link().clone();
        let add = async move |instance: &mut Instance, job| {
            let added = instance.job(job).add_file_by_id(&file_id, remote_name.as_deref(), &ranges).await?;
            Ok(JobFile::new(Object::new(link, added)))
        };
        self.object.call(add).await
    }

    /// The files that the job has now.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn files(&self) -> Result<JobFiles, Error> {
        let link = self.link().clone();
        let find = async move |instance: &mut Instance, job| {
            let (enumerator, count) = instance.job(job).enum_files().await?;
            Ok(JobFiles::new(Enumerator::new(Object::new(link, enumerator), count)))
        };
        self.object.call(find).await
    }

    /// Stops transfers and keeps received bytes. A job that does not run stays as it is.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn suspend(&self) -> Result<(), Error> {
        self.object.call(async |instance, job| instance.job(job).suspend().await).await
    }

    /// Starts a job that is suspended or has failed; a job that runs stays as it is.
    ///
    /// # Errors
    ///
    /// DO_E_JOB_EMPTY if there is no file; DO_E_FILE_DOWNLOADSINK_UNSPECIFIED if a file has no path.
    pub async fn resume(&self) -> Result<(), Error> {
        self.object.call(async |instance, job| instance.job(job).resume().await).await
    }

    /// Drops the job and its temporary files.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        self.object.call(async |instance, job| instance.job(job).cancel().await).await
    }

    /// Gives the files that are here their names and drops the others.
    ///
    /// # Errors
    ///
    /// The disk's error when a file cannot have its name: the job stays as it was, and can be completed again;
    /// [`FileProgress::completed`](crate::FileProgress::completed) tells which have theirs.
    pub async fn complete(&self) -> Result<Completion, Error> {
        self.object.call(async |instance, job| instance.job(job).complete().await).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn progress(&self) -> Result<JobProgress, Error> {
        self.object.call(async |instance, job| instance.job(job).progress().await).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn times(&self) -> Result<JobTimes, Error> {
        self.object.call(async |instance, job| instance.job(job).times().await).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn state(&self) -> Result<JobState, Error> {
        self.object.call(async |instance, job| instance.job(job).state().await).await
    }

    /// Why the job is in [`JobState::Error`] or [`JobState::TransientError`].
    ///
    /// # Errors
    ///
    /// DO_E_ERROR_INFORMATION_UNAVAILABLE in other states.
    pub async fn error(&self) -> Result<JobError, Error> {
        let link = self.link().clone();
        let find = async move |instance: &mut Instance, job| {
            let parts = instance.job(job).error().await?;
            Ok(JobError::new(&link, parts))
        };
        self.object.call(find).await
    }

    /// How often the job went from moving bytes to [`JobState::Error`] or [`JobState::TransientError`]. A stop by the cost or
    /// the loss of the network is not counted.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn error_count(&self) -> Result<u32, Error> {
        self.object.call(async |instance, job| instance.job(job).error_count().await).await
    }

    /// The last error as JSON: an object with the members `HResult`, `Name`, `Description`, `Context`, and, if the error concerns one
    /// file, `File`, its URL.
    ///
    /// # Errors
    ///
    /// E_NOT_SET if the job has no error.
    pub async fn extended_error_info(&self) -> Result<String, Error> {
        self.object.call(async |instance, job| instance.job(job).extended_error_info().await).await
    }

    /// The description of the job: the answers of many calls, in one.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn describe(&self) -> Result<JobDescription, Error> {
        self.object.call(async |instance, job| instance.job(job).describe().await).await
    }

    /// At most `count` files at a glance, from number `from` on, counted from 0 in the order in which files were added.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn describe_files(&self, from: u32, count: u32) -> Result<Vec<FileDescription>, Error> {
        let describe = async move |instance: &mut Instance, job| instance.job(job).describe_files(from, count).await;
        self.object.call(describe).await
    }

    /// Whether it is the caller's whose handle this is: others cannot use it any more.
    pub(crate) async fn is_own(&self) -> Result<bool, Error> {
        let caller = self.link().caller();
        Ok(caller.is_empty() || self.owner().await? == caller)
    }

    /// A path as the component knows it.
    fn named(&self, path: &Path) -> Result<String, Error> {
        self.link().grants().text(path)
    }
}

fn ranges_of_wit(ranges: &[FileRange]) -> Vec<types::FileRange> {
    ranges.iter().copied().map(Into::into).collect()
}
