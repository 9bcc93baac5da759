//! Handles on the downloads and jobs of an engine.

mod cursor;
mod download;
mod downloads;
mod enumerator;
mod job;
mod job_error;
mod job_file;
mod job_files;
mod jobs;
mod object;
mod provisional;

pub use self::download::{Download, StatusCallback};
pub use self::downloads::Downloads;
pub(crate) use self::enumerator::Enumerator;
pub(crate) use self::job::Registration;
pub use self::job::{Job, JobCallback, Refused};
pub use self::job_error::JobError;
pub use self::job_file::JobFile;
pub use self::job_files::JobFiles;
pub use self::jobs::Jobs;
pub(crate) use self::object::Object;
pub(crate) use self::provisional::Provisional;
