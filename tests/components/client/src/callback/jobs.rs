//! Job callback that completes every job, even if it has failed.

use alloc::format;

use super::{manner, misbehave, note};
use crate::Client;
use crate::bindings::exports::haul::delivery_optimization::background_copy_callback::{CopyError, Guest, Job};
use crate::bindings::haul::delivery_optimization::background_copy_job::JobState;
use crate::examples::background_copy_callback;

/// Behaviour: refuse the first call, accept the next.
const REFUSES_ONCE: &str = "refuse-once";

impl Guest for Client {
    fn job_transferred(job: &Job) -> Result<(), ()> {
        note(format!("{} transferred", job.get_id()));
        misbehave(&manner());
        if manner() == REFUSES_ONCE {
            super::behave("complete");
            return Err(());
        }
        background_copy_callback(job)
    }

    fn job_error(job: &Job, error: &CopyError) -> Result<(), ()> {
        let (_, cause) = error.get_error();
        let file = error.get_file().and_then(|file| file.get_remote_name()).unwrap_or_default();
        note(format!("{} error {} {file}", job.get_id(), cause.name));
        background_copy_callback(job)
    }

    fn job_modification(job: &Job, _reserved: u32) -> Result<(), ()> {
        if job.get_state() != JobState::Acknowledged {
            note(format!("{} modification", job.get_id()));
        }
        Ok(())
    }
}
