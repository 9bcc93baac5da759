//! The registration of a listener for a job.

use std::sync::Arc;

use super::Job;
use crate::error::Error;
use crate::runtime::{Dropped, Due, Instance, Mailbox};
use crate::values::JobState;

/// Keeps a mailbox registered for a job until it is dropped or another mailbox replaces it.
#[derive(Debug)]
pub(crate) struct Registration {
    job: Job,
    mailbox: Arc<Mailbox>,
}

impl Registration {
    pub async fn new(job: &Job, mailbox: &Arc<Mailbox>) -> Result<Self, Error> {
        let own = Self { job: job.clone(), mailbox: mailbox.clone() };
        // On the engine's thread, so that no notification comes in between.
        let register = async move |instance: &mut Instance, resource| {
            instance.job(resource).set_notify_interface(true).await?;
            own.job.link().notifications().add(own.job.id(), &own.mailbox);
            Ok(own)
        };
        job.object().call(register).await
    }

    /// Removes the listener of a job.
    pub async fn remove(job: &Job) -> Result<(), Error> {
        let own = job.clone();
        let remove = async move |instance: &mut Instance, resource| {
            instance.job(resource).set_notify_interface(false).await?;
            own.link().notifications().remove(own.id());
            Ok(())
        };
        job.object().call(remove).await
    }

    pub const fn job(&self) -> &Job {
        &self.job
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let link = self.job.link();
        if link.notifications().leave(self.job.id(), &self.mailbox) {
            link.release(Dropped::Callback { job: self.job.object().resource(), id: self.job.id().into() });
        }
    }
}

impl Due {
    /// The notifications that the job's present state confirms; `None` if the job belongs to another listener.
    pub async fn still(self, job: &Job) -> Result<Option<Self>, Error> {
        if self.removed || !job.is_own().await? {
            return Ok(None);
        }
        let state = job.state().await?;
        Ok(Some(Self {
            transferred: self.transferred && state == JobState::Transferred,
            error: self.error && state == JobState::Error,
            ..self
        }))
    }
}
