//! Being told of a job: IBackgroundCopyCallback.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::{Job, JobError, Registration};
use crate::error::Error;
use crate::runtime::{Due, Instance, Mailbox};

/// Told of jobs, as their notify flags say: IBackgroundCopyCallback. One may be set for many jobs.
///
/// It is called on tasks of its own, never on the engine's thread: it may take its time, and use the job. Calls for one job follow
/// each other. If it refuses, or does not return within a minute, the call is made again, after 1 s, then 2, 4 and so on up to
/// 5 minutes, until it is accepted or the job is in another state.
pub trait JobCallback: Send + Sync + 'static {
    /// Every file of the job is here. Normally completes it.
    fn job_transferred(&self, job: &Job) -> impl Future<Output = Result<(), Refused>> + Send;

    /// The job is in [`JobState::Error`](crate::JobState::Error). Failures that may mend themselves are not told.
    fn job_error(&self, job: &Job, error: &JobError) -> impl Future<Output = Result<(), Refused>> + Send;

    /// Bytes have moved, files were added, a property or the state has changed: with
    /// [`NotifyFlags::JOB_MODIFICATION`](crate::NotifyFlags::JOB_MODIFICATION) only, and twice a second at most.
    fn job_modification(&self, job: &Job) -> impl Future<Output = ()> + Send {
        let _ = job;
        async {}
    }
}

/// A callback's answer that it failed: it is called again. An [`Error`] becomes one, and is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        tracing::warn!(%error, "a callback has failed");
        Self
    }
}

impl Job {
    /// Has `callback` called, also for earlier changes, until the job is over or another's, another callback takes its place, or the
    /// engine closes. A callback holds the job, and with it the engine. One that panics ends its own task, and nothing else. Needs a
    /// tokio runtime around it.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn set_notify_interface(&self, callback: impl JobCallback) -> Result<JoinHandle<()>, Error> {
        let mailbox = Arc::<Mailbox>::default();
        let registration = Registration::new(self, &mailbox).await?;
        let run = async move {
            loop {
                let (_, due) = mailbox.next().await;
                if !registration.job().tell(&callback, due).await.unwrap_or(false) {
                    return;
                }
            }
        };
        Ok(tokio::spawn(run))
    }

    /// Takes the callback away: it is not called any more.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE if the job is over.
    pub async fn remove_notify_interface(&self) -> Result<(), Error> {
        Registration::remove(self).await
    }

    /// Whether a callback is set.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn notify_interface(&self) -> Result<bool, Error> {
        self.object.call(async |instance, job| instance.job(job).notify_interface().await).await
    }

    /// Makes the due calls that the state confirms; `false` if there will be no more.
    async fn tell(&self, callback: &impl JobCallback, due: Due) -> Result<bool, Error> {
        let Some(due) = due.still(self).await? else { return Ok(false) };
        if due.modification {
            callback.job_modification(self).await;
        }
        if due.error
            && let Ok(error) = self.error().await
        {
            self.notified(callback.job_error(self, &error).await.is_ok()).await?;
        }
        if due.transferred {
            self.notified(callback.job_transferred(self).await.is_ok()).await?;
        }
        Ok(!self.state().await?.is_over())
    }

    /// Tells the engine the answer of the callback.
    pub(crate) async fn notified(&self, accepted: bool) -> Result<(), Error> {
        let id = self.id.clone();
        let answer = async move |instance: &mut Instance| instance.job_notified(&id, accepted).await;
        self.link().call(answer).await
    }
}
