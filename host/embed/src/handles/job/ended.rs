//! The events of a job, and the wait for its end.

use super::{Job, JobError};
use crate::codes;
use crate::error::Error;
use crate::events::{Events, EventsError};
use crate::values::{Event, JobState};

/// How a job has stopped.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum JobEnded {
    /// Every file is here: [`Job::complete`] gives them their names.
    Transferred,
    /// A failure that its owner has to remove before [`Job::resume`]. [`Job::complete`] keeps the files that are here.
    Failed(Box<JobError>),
    /// Nothing happens without [`Job::resume`]: the job is new, or its owner has suspended it.
    Suspended,
    /// Completed.
    Acknowledged,
    Cancelled,
}

impl Job {
    /// Everything that happens to the job and its files from now on, until the engine closes. A listener that falls 1024 events of the
    /// engine behind loses the oldest.
    pub fn events(&self) -> Events<Event> {
        let id = self.id.clone();
        Events::new(self.link().events()).only(move |event: &Event| event.subject.job() == Some(&id))
    }

    /// Waits until the job does not change any more by itself. Returns at once if it is suspended.
    ///
    /// ```
    /// # async fn example(job: &haul::Job) -> Result<(), haul::Error> {
    /// use haul::JobEnded;
    ///
    /// job.resume().await?;
    /// match job.ended().await? {
    ///     JobEnded::Transferred => println!("{:?}", job.complete().await?),
    ///     JobEnded::Failed(error) => println!("{}", error.cause),
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn ended(&self) -> Result<JobEnded, Error> {
        let mut events = self.events();
        loop {
            match self.state().await? {
                JobState::Transferred => return Ok(JobEnded::Transferred),
                JobState::Suspended => return Ok(JobEnded::Suspended),
                JobState::Acknowledged => return Ok(JobEnded::Acknowledged),
                JobState::Cancelled => return Ok(JobEnded::Cancelled),
                JobState::Error => match self.error().await {
                    Ok(error) => return Ok(JobEnded::Failed(Box::new(error))),
                    // Another handle has resumed it meanwhile.
                    Err(Error::Failed(failure)) if failure.code == codes::DO_E_ERROR_INFORMATION_UNAVAILABLE => {
                        continue;
                    }
                    Err(error) => return Err(error),
                },
                JobState::Queued | JobState::Connecting | JobState::Transferring | JobState::TransientError => {}
            }
            if events.recv().await == Err(EventsError::Closed) {
                self.state().await?;
                return Err(Error::Closed);
            }
        }
    }
}
