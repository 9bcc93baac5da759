//! `background-copy-error`

use alloc::string::String;

use haul_core::failure::Cause;
use haul_core::job::{ErrorContext, JobFailure};

use super::background_copy_file::FileHandle;
use super::background_copy_job::Handle;
use super::{Component, convert, convert_job, language};
use crate::bindings::exports::haul::delivery_optimization::background_copy_error::{
    ErrorContext as WitContext, Failure, File, Guest, GuestCopyError,
};

impl Guest for Component {
    type CopyError = ErrorObject;
}

/// The error that a job had when the caller asked for it.
pub struct ErrorObject {
    job: Handle,
    failure: JobFailure,
}

impl ErrorObject {
    pub const fn new(job: Handle, failure: JobFailure) -> Self {
        Self { job, failure }
    }
}

impl GuestCopyError for ErrorObject {
    fn get_error(&self) -> (WitContext, Failure) {
        (convert_job::context(self.failure.context()), convert::failure(self.failure.cause))
    }

    fn get_file(&self) -> Result<File, Failure> {
        let index = self.job.look(|_| self.failure.file).and_then(|index| index.ok_or(Cause::NoErrorFile));
        let index = index.map_err(convert::failure)?;
        Ok(File::new(FileHandle { job: self.job.clone(), index }))
    }

    fn get_error_description(&self, language: u32) -> Result<String, Failure> {
        language::require_english(language).map_err(convert::failure)?;
        Ok(self.failure.cause.description().into_owned())
    }

    fn get_error_context_description(&self, language: u32) -> Result<String, Failure> {
        language::require_english(language).map_err(convert::failure)?;
        Ok(match self.failure.context() {
            ErrorContext::None => "the error has no further context",
            ErrorContext::RemoteFile => "the remote file could not be had",
        }
        .into())
    }

    fn get_protocol(&self) -> Result<String, Failure> {
        let scheme = self.job.look(|job| Some(job.remote_name(self.failure.file?)?.split(':').next()?.into()));
        scheme.and_then(|scheme| scheme.ok_or(Cause::NoErrorProtocol)).map_err(convert::failure)
    }
}
