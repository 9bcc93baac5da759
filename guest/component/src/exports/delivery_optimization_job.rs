//! `delivery-optimization-job`

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use haul_core::failure::Cause;
use haul_core::job::{ErrorContext, Job, NewFile};
use haul_core::parse::url::redact;
use serde_json::{Map, Value};

use super::background_copy_file::FileHandle;
use super::background_copy_job::Handle;
use super::{Component, convert, convert_job};
use crate::bindings::exports::haul::delivery_optimization::delivery_optimization_job::{
    DoJobProperty, DoJobPropertyId, File, FileRange, Guest, JobBorrow,
};

impl Guest for Component {
    fn add_file_with_ranges(
        job: JobBorrow<'_>,
        file_id: String,
        remote_url: String,
        local_name: String,
        ranges: Vec<FileRange>,
        file_size: Option<u64>,
    ) -> Result<(), convert::Failure> {
        let file = NewFile {
            id: Some(file_id),
            remote_name: Some(remote_url),
            local_name: Some(local_name),
            ranges: ranges.into_iter().map(convert_job::range_in).collect(),
            size: file_size,
            ..NewFile::default()
        };
        job.get::<Handle>().add([file].into())
    }

    fn add_file(
        job: JobBorrow<'_>,
        file_id: String,
        remote_url: Option<String>,
        ranges: Vec<FileRange>,
    ) -> Result<File, convert::Failure> {
        let job = job.get::<Handle>();
        let ranges = ranges.into_iter().map(convert_job::range_in).collect();
        let index = job.look(Job::files_total).map_err(convert::failure)?;
        job.add([NewFile { id: Some(file_id), remote_name: remote_url, ranges, ..NewFile::default() }].into())?;
        Ok(File::new(FileHandle { job: job.clone(), index }))
    }

    fn get_property(job: JobBorrow<'_>, id: DoJobPropertyId) -> Result<DoJobProperty, convert::Failure> {
        let DoJobPropertyId::ExtendedErrorInfo = id;
        let info = job.get::<Handle>().look(extended_error_info);
        let info = info.and_then(|info| info.ok_or(Cause::NotSet));
        info.map(DoJobProperty::ExtendedErrorInfo).map_err(convert::failure)
    }

    fn set_property(_: JobBorrow<'_>, _: DoJobProperty) -> Result<(), convert::Failure> {
        Err(convert::failure(Cause::ReadOnlyProperty))
    }
}

fn extended_error_info(job: &Job) -> Option<String> {
    let failure = job.failure()?;
    let hresult = failure.cause.hresult();
    let context = match failure.context() {
        ErrorContext::None => "none",
        ErrorContext::RemoteFile => "remote-file",
    };
    let members = [
        ("HResult", Some(format!("0x{:08X}", hresult.code))),
        ("Name", Some(hresult.name.into())),
        ("Description", Some(failure.cause.description().into_owned())),
        ("Context", Some(context.into())),
        ("File", failure.file.and_then(|file| job.remote_name(file)).map(redact)),
    ];
    let members = members.into_iter().filter_map(|(name, value)| Some((name.into(), Value::String(value?))));
    Some(Value::Object(members.collect::<Map<_, _>>()).to_string())
}
