//! A handle on one file of a job.

use std::path::PathBuf;

use super::object::Object;
use crate::error::Error;
use crate::runtime::Instance;
use crate::values::{FileProgress, FileProperty, FilePropertyId, FileRange, SwarmStats, TransferOptions};

/// One file of a job: IBackgroundCopyFile. Clones are handles on the same file. It cannot be taken out of the job again.
///
/// Every call may fail with [`Error::Closed`] and [`Error::Trapped`].
#[derive(Clone, Debug)]
pub struct JobFile {
    object: Object,
}

impl JobFile {
    pub(crate) const fn new(object: Object) -> Self {
        Self { object }
    }

    /// The URL.
    ///
    /// # Errors
    ///
    /// E_NOT_SET for a file that was added by its id only.
    pub async fn remote_name(&self) -> Result<String, Error> {
        self.object.call(async |instance, file| instance.file(file).remote_name().await).await
    }

    /// The path that the file has once the job is completed.
    ///
    /// # Errors
    ///
    /// E_NOT_SET while it has none.
    pub async fn local_name(&self) -> Result<PathBuf, Error> {
        let path = self.object.call(async |instance, file| instance.file(file).local_name().await).await?;
        Ok(path.into())
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn progress(&self) -> Result<FileProgress, Error> {
        self.object.call(async |instance, file| instance.file(file).progress().await).await
    }

    /// The requested ranges, in the order of the request; none for the whole file.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn ranges(&self) -> Result<Vec<FileRange>, Error> {
        self.object.call(async |instance, file| instance.file(file).ranges().await).await
    }

    /// Sets another URL for the same content, from the next attempt on. Received bytes are kept if a strong validator, a digest or
    /// pieces prove that the content is the same. The URL outlives the engine once the job is resumed.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a URL that is not http or https or has more than 2,200 characters; DO_E_INVALID_STATE if the job is over.
    pub async fn set_remote_name(&self, url: &str) -> Result<(), Error> {
        let url = url.to_owned();
        let set = async move |instance: &mut Instance, file| instance.file(file).set_remote_name(&url).await;
        self.object.call(set).await
    }

    /// The header fields of the last response, one per line, ended by CR LF.
    ///
    /// # Errors
    ///
    /// E_NOT_SET before the first response, after a restart of the engine, and once headers of other files have replaced these: the
    /// engine holds 4 MiB of headers.
    pub async fn response_headers(&self) -> Result<String, Error> {
        self.object.call(async |instance, file| instance.file(file).response_headers().await).await
    }

    /// A snapshot of the sources of the bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn stats(&self) -> Result<SwarmStats, Error> {
        self.object.call(async |instance, file| instance.file(file).stats().await).await
    }

    /// # Errors
    ///
    /// DO_E_WRITE_ONLY_PROPERTY, E_NOT_SET, and DO_E_UNKNOWN_PROPERTY_ID for the two sinks that cannot be set.
    pub async fn property(&self, id: FilePropertyId) -> Result<FileProperty, Error> {
        self.object.call(async move |instance, file| instance.file(file).property(id).await).await
    }

    /// # Errors
    ///
    /// DO_E_INVALID_STATE once the file has begun to transfer; DO_E_FILE_DOWNLOADSINK_ALREADY_SET for another path, and for one that
    /// cannot be used those of [`Job::add_file`](crate::Job::add_file); DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED and E_NOTIMPL for the
    /// sinks that are no paths.
    pub async fn set_property(&self, property: FileProperty) -> Result<(), Error> {
        let property = match property {
            FileProperty::DownloadSinkFilePath(path) => {
                FileProperty::DownloadSinkFilePath(self.object.link().grants().text(&path)?.into())
            }
            other => other,
        };
        self.object.call(async move |instance, file| instance.file(file).set_property(property).await).await
    }

    /// Sets haul's own options, as for a download.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE once the file has begun to transfer; E_INVALIDARG for a digest of the wrong length or zero connections.
    pub async fn set_options(&self, options: TransferOptions) -> Result<(), Error> {
        self.object.call(async move |instance, file| instance.file(file).set_options(options).await).await
    }
}
