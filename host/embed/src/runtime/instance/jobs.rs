//! The calls of jobs.

use wasmtime::component::ResourceAny;

use super::{Instance, called};
use crate::bindings::{delivery_optimization_job as extended, engine, types};
use crate::error::{Error, Failure};
use crate::values::{
    Cancellation, Completion, ErrorContext, FileDescription, JobDescription, JobKind, JobOptions, JobPriority,
    JobProgress, JobProperty, JobPropertyId, JobState, JobTimes, NotifyFlags, ProxySettings,
};

impl Instance {
    pub async fn create_job(&mut self, caller: &str, display_name: &str) -> Result<(ResourceAny, String), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let kind = types::JobType::Download;
        let job = called!(self, driver.call_create_job(&mut self.store, caller, display_name, kind))?;
        Ok((job, self.job(job).id().await?))
    }

    pub async fn draft_job(&mut self, caller: &str, display_name: &str) -> Result<(ResourceAny, String), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let job = called!(self, driver.call_draft_job(&mut self.store, caller, display_name))?;
        Ok((job, self.job(job).id().await?))
    }

    pub async fn find_job(&mut self, caller: &str, id: &str) -> Result<(ResourceAny, String), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let job = called!(self, driver.call_get_job(&mut self.store, caller, id))?;
        Ok((job, self.job(job).id().await?))
    }

    /// An enumerator, and the number of its jobs.
    pub async fn enum_jobs(&mut self, caller: &str, all_users: bool) -> Result<(ResourceAny, u32), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let jobs = called!(self, driver.call_enum_jobs(&mut self.store, caller, all_users))?;
        let manager = self.component.haul_delivery_optimization_background_copy_manager();
        let count = called!(self, manager.job_enumerator().call_get_count(&mut self.store, jobs));
        Ok((jobs, count))
    }

    /// At most `count` jobs of an enumerator, with their ids, behind the first `at`.
    pub async fn next_jobs(
        &mut self,
        enumerator: ResourceAny,
        at: u32,
        count: u32,
    ) -> Result<Vec<(ResourceAny, String)>, Error> {
        let manager = self.component.haul_delivery_optimization_background_copy_manager();
        let calls = manager.job_enumerator();
        called!(self, calls.call_reset(&mut self.store, enumerator));
        called!(self, calls.call_skip(&mut self.store, enumerator, at));
        let found = called!(self, calls.call_next(&mut self.store, enumerator, count));
        self.check_count(found.len(), count)?;
        let mut jobs = Vec::with_capacity(found.len());
        for job in found {
            jobs.push((job, self.job(job).id().await?));
        }
        Ok(jobs)
    }

    /// Stops a component whose enumerator returns more than was requested.
    pub(super) fn check_count(&mut self, found: usize, asked: u32) -> Result<(), Error> {
        match found > asked as usize {
            true => Err(self.stop(format!("it found {found} where {asked} were asked for"))),
            false => Ok(()),
        }
    }

    pub async fn error_description(&mut self, code: u32, language: u32) -> Result<String, Error> {
        let manager = self.component.haul_delivery_optimization_background_copy_manager();
        Ok(called!(self, manager.call_get_error_description(&mut self.store, code, language))?)
    }

    /// Tells the answer of the callback of a job.
    pub async fn job_notified(&mut self, job: &str, accepted: bool) -> Result<(), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        called!(self, driver.call_job_notified(&mut self.store, job, accepted));
        Ok(())
    }

    pub async fn set_max_rate(&mut self, bytes_per_second: Option<u64>) -> Result<(), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        Ok(called!(self, driver.call_set_max_rate(&mut self.store, bytes_per_second))?)
    }

    /// The calls that a job takes.
    pub fn job(&mut self, job: ResourceAny) -> JobCalls<'_> {
        JobCalls { instance: self, job }
    }

    /// The calls that the object of an error takes.
    pub fn job_error(&mut self, error: ResourceAny) -> ErrorCalls<'_> {
        ErrorCalls { instance: self, error }
    }
}

pub(crate) struct JobCalls<'a> {
    instance: &'a mut Instance,
    job: ResourceAny,
}

/// Methods of the resource that cannot fail.
macro_rules! reading {
    ($($name:ident = $call:ident -> $answer:ty;)+) => {
        impl JobCalls<'_> {
            $(pub async fn $name(self) -> Result<$answer, Error> {
                let Self { instance, job } = self;
                let calls = instance.component.haul_delivery_optimization_background_copy_job();
                Ok(called!(instance, calls.job().$call(&mut instance.store, job)).into())
            })+
        }
    };
}

/// Methods of the resource that can fail.
macro_rules! doing {
    ($($name:ident($($given:ident: $what:ty)?) = $call:ident -> $answer:ty;)+) => {
        impl JobCalls<'_> {
            $(pub async fn $name(self $(, $given: $what)?) -> Result<$answer, Error> {
                let Self { instance, job } = self;
                let calls = instance.component.haul_delivery_optimization_background_copy_job();
                Ok(called!(instance, calls.job().$call(&mut instance.store, job $(, $given)?))?.into())
            })+
        }
    };
}

reading! {
    id = call_get_id -> String;
    kind = call_get_type -> JobKind;
    progress = call_get_progress -> JobProgress;
    times = call_get_times -> JobTimes;
    state = call_get_state -> JobState;
    owner = call_get_owner -> String;
    display_name = call_get_display_name -> String;
    description = call_get_description -> String;
    priority = call_get_priority -> JobPriority;
    notify_flags = call_get_notify_flags -> NotifyFlags;
    notify_interface = call_get_notify_interface -> bool;
    minimum_retry_delay = call_get_minimum_retry_delay -> u32;
    no_progress_timeout = call_get_no_progress_timeout -> u32;
    error_count = call_get_error_count -> u32;
    proxy_settings = call_get_proxy_settings -> ProxySettings;
}

doing! {
    suspend() = call_suspend -> ();
    resume() = call_resume -> ();
    cancel() = call_cancel -> Cancellation;
    complete() = call_complete -> Completion;
    add_file_set(files: &[types::FileInfo]) = call_add_file_set -> ();
    set_display_name(name: &str) = call_set_display_name -> ();
    set_description(text: &str) = call_set_description -> ();
    set_priority(priority: types::JobPriority) = call_set_priority -> ();
    set_notify_flags(which: types::NotifyFlags) = call_set_notify_flags -> ();
    set_notify_interface(is_set: bool) = call_set_notify_interface -> ();
    set_minimum_retry_delay(seconds: u32) = call_set_minimum_retry_delay -> ();
    set_no_progress_timeout(seconds: u32) = call_set_no_progress_timeout -> ();
    set_proxy_settings(settings: &types::ProxySettings) = call_set_proxy_settings -> ();
    take_ownership() = call_take_ownership -> ();
}

/// The parts of an error object.
pub(crate) struct ErrorParts {
    pub object: ResourceAny,
    pub context: ErrorContext,
    pub cause: Failure,
    pub file: Option<ResourceAny>,
    pub protocol: Option<String>,
}

impl JobCalls<'_> {
    pub async fn add_file(self, remote_name: &str, local_name: &str) -> Result<(), Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_job();
        Ok(called!(instance, calls.job().call_add_file(&mut instance.store, job, remote_name, local_name))?)
    }

    pub async fn add_files(self, files: &[engine::NewFile]) -> Result<(), Error> {
        let Self { instance, job } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        Ok(called!(instance, engine.call_add_files(&mut instance.store, job, files))?)
    }

    pub async fn keep(self) -> Result<(), Error> {
        let Self { instance, job } = self;
        let driver = instance.component.haul_delivery_optimization_driver();
        Ok(called!(instance, driver.call_keep_job(&mut instance.store, job))?)
    }

    pub async fn add_file_with_ranges(
        self,
        file_id: &str,
        (remote_name, local_name): (&str, &str),
        ranges: &[types::FileRange],
        file_size: Option<u64>,
    ) -> Result<(), Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_job();
        let store = &mut instance.store;
        let call = calls.call_add_file_with_ranges(store, job, file_id, remote_name, local_name, ranges, file_size);
        Ok(called!(instance, call)?)
    }

    pub async fn add_file_by_id(
        self,
        file_id: &str,
        remote_name: Option<&str>,
        ranges: &[types::FileRange],
    ) -> Result<ResourceAny, Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_job();
        Ok(called!(instance, calls.call_add_file(&mut instance.store, job, file_id, remote_name, ranges))?)
    }

    /// An enumerator, and the number of its files.
    pub async fn enum_files(self) -> Result<(ResourceAny, u32), Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_job();
        let files = called!(instance, calls.job().call_enum_files(&mut instance.store, job))?;
        let calls = instance.component.haul_delivery_optimization_enum_background_copy_files();
        let count = called!(instance, calls.file_enumerator().call_get_count(&mut instance.store, files));
        Ok((files, count))
    }

    pub async fn error(self) -> Result<ErrorParts, Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_job();
        let object = called!(instance, calls.job().call_get_error(&mut instance.store, job))?;
        let calls = instance.component.haul_delivery_optimization_background_copy_error();
        let calls = calls.copy_error();
        let (context, cause) = called!(instance, calls.call_get_error(&mut instance.store, object));
        let file = called!(instance, calls.call_get_file(&mut instance.store, object)).ok();
        let protocol = called!(instance, calls.call_get_protocol(&mut instance.store, object)).ok();
        Ok(ErrorParts { object, context: context.into(), cause: cause.into(), file, protocol })
    }

    pub async fn property(self, id: JobPropertyId) -> Result<JobProperty, Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_job5();
        Ok(called!(instance, calls.call_get_property(&mut instance.store, job, id.into()))?.into())
    }

    pub async fn set_property(self, property: JobProperty) -> Result<(), Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_job5();
        Ok(called!(instance, calls.call_set_property(&mut instance.store, job, &property.into()))?)
    }

    pub async fn extended_error_info(self) -> Result<String, Error> {
        let Self { instance, job } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_job();
        let id = extended::DoJobPropertyId::ExtendedErrorInfo;
        let extended::DoJobProperty::ExtendedErrorInfo(text) =
            called!(instance, calls.call_get_property(&mut instance.store, job, id))?;
        Ok(text)
    }

    pub async fn set_options(self, options: JobOptions) -> Result<(), Error> {
        let Self { instance, job } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        Ok(called!(instance, engine.call_set_job_options(&mut instance.store, job, &options.into()))?)
    }

    pub async fn options(self) -> Result<JobOptions, Error> {
        let Self { instance, job } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        Ok(called!(instance, engine.call_get_job_options(&mut instance.store, job))?.into())
    }

    pub async fn describe(self) -> Result<JobDescription, Error> {
        let Self { instance, job } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        Ok(called!(instance, engine.call_describe_job(&mut instance.store, job))?.into())
    }

    pub async fn describe_files(self, from: u32, count: u32) -> Result<Vec<FileDescription>, Error> {
        let Self { instance, job } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        let files = called!(instance, engine.call_describe_files(&mut instance.store, job, from, count))?;
        Ok(files.into_iter().map(Into::into).collect())
    }
}

pub(crate) struct ErrorCalls<'a> {
    instance: &'a mut Instance,
    error: ResourceAny,
}

impl ErrorCalls<'_> {
    pub async fn description(self, language: u32) -> Result<String, Error> {
        let Self { instance, error } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_error();
        let calls = calls.copy_error();
        Ok(called!(instance, calls.call_get_error_description(&mut instance.store, error, language))?)
    }

    pub async fn context_description(self, language: u32) -> Result<String, Error> {
        let Self { instance, error } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_error();
        let calls = calls.copy_error();
        Ok(called!(instance, calls.call_get_error_context_description(&mut instance.store, error, language))?)
    }
}
