//! Why a job has stopped.

use super::JobFile;
use super::object::Object;
use crate::error::{Error, Failure};
use crate::runtime::{ErrorParts, Instance, Link};
use crate::values::ErrorContext;

/// Why a job is in [`JobState::Error`](crate::JobState::Error) or [`JobState::TransientError`](crate::JobState::TransientError):
/// IBackgroundCopyError. It is a snapshot.
#[derive(Clone, Debug)]
pub struct JobError {
    /// The part of the transfer that failed.
    pub context: ErrorContext,
    pub cause: Failure,
    /// The file that could not be fetched, if the error concerns one file.
    pub file: Option<JobFile>,
    /// `http` or `https`, the scheme of the file's URL, if the error concerns one file.
    pub protocol: Option<String>,
    object: Object,
}

impl JobError {
    pub(crate) fn new(link: &Link, parts: ErrorParts) -> Self {
        let ErrorParts { object, context, cause, file, protocol } = parts;
        let own = |resource| Object::new(link.clone(), resource);
        Self { context, cause, file: file.map(own).map(JobFile::new), protocol, object: own(object) }
    }

    pub(crate) const fn object(&self) -> &Object {
        &self.object
    }

    /// The error as a text. `language` is a Windows language id, such as 0x0409. The only language is English, in any of its
    /// sublanguages.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for 0; ERROR_RESOURCE_LANG_NOT_FOUND for other languages.
    pub async fn description(&self, language: u32) -> Result<String, Error> {
        let describe =
            async move |instance: &mut Instance, error| instance.job_error(error).description(language).await;
        self.object.call(describe).await
    }

    /// The context as a text.
    ///
    /// # Errors
    ///
    /// Those of [`JobError::description`].
    pub async fn context_description(&self, language: u32) -> Result<String, Error> {
        let describe =
            async move |instance: &mut Instance, error| instance.job_error(error).context_description(language).await;
        self.object.call(describe).await
    }
}
