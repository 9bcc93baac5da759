//! `background-copy-manager`

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::failure::{Cause, codes};
use haul_core::text::guid;

use super::background_copy_job::Handle;
use super::cursor::Snapshot;
use super::do_manager::ONLY_CALLER;
use super::{Component, convert, language, with_shell};
use crate::bindings::exports::haul::delivery_optimization::background_copy_manager::{
    Guest, GuestJobEnumerator, Job, JobEnumerator, JobType,
};

impl Guest for Component {
    type JobEnumerator = Enumerator;

    fn create_job(display_name: String, kind: JobType) -> Result<Job, convert::Failure> {
        create(ONLY_CALLER, display_name, kind)
    }

    fn get_job(id: String) -> Result<Job, convert::Failure> {
        find(ONLY_CALLER, &id)
    }

    fn enum_jobs(all_users: bool) -> Result<JobEnumerator, convert::Failure> {
        enumerate(ONLY_CALLER, all_users)
    }

    fn get_error_description(code: u32, language: u32) -> Result<String, convert::Failure> {
        let text =
            language::require_english(language).and_then(|()| codes::explain(code).ok_or(Cause::LanguageMissing));
        text.map(|explanation| explanation.meaning.into()).map_err(convert::failure)
    }
}

pub fn create(caller: &str, display_name: String, kind: JobType) -> Result<Job, convert::Failure> {
    if kind != JobType::Download {
        return Err(convert::failure(Cause::NotSupported));
    }
    with_shell(|shell| Ok(Job::new(Handle::of(shell.create_job(caller, display_name)?, caller.into()))))
}

pub fn draft(caller: &str, display_name: String) -> Result<Job, convert::Failure> {
    with_shell(|shell| Ok(Job::new(Handle::of(shell.draft_job(caller, display_name)?, caller.into()))))
}

pub fn find(caller: &str, id: &str) -> Result<Job, convert::Failure> {
    with_shell(|shell| {
        let id = guid::parse(id).ok_or(Cause::InvalidArgument)?;
        Ok(Job::new(Handle::of(shell.find_job(caller, id)?, caller.into())))
    })
}

pub fn enumerate(caller: &str, all_users: bool) -> Result<JobEnumerator, convert::Failure> {
    let found = with_shell(|shell| shell.jobs_of(caller, all_users))?;
    let caller: Rc<str> = caller.into();
    let snapshot = Snapshot::new(found.into_iter().map(|job| Handle::of(job, caller.clone())).collect());
    Ok(JobEnumerator::new(Enumerator(snapshot)))
}

pub struct Enumerator(Snapshot<Handle>);

impl GuestJobEnumerator for Enumerator {
    fn next(&self, count: u32) -> Vec<Job> {
        self.0.next(count).map(Job::new).collect()
    }

    fn skip(&self, count: u32) -> bool {
        self.0.skip(count)
    }

    fn reset(&self) {
        self.0.reset();
    }

    fn clone(&self) -> JobEnumerator {
        JobEnumerator::new(Self(self.0.clone()))
    }

    fn get_count(&self) -> u32 {
        self.0.total()
    }
}
