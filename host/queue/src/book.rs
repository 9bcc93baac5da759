//! The jobs of an engine, with their rates and the history of those that ended.

use std::sync::Arc;
use std::time::Instant;

use haul::{Completion, Engine, Error, FileState, Job, JobProperty, JobPropertyId};
use jiff::Timestamp;

use crate::history::{Ending, FinishedJob, History};
use crate::protocol::FILES_PER_REPLY;
use crate::rates::Rates;
use crate::view::{Details, JobView};
use crate::vocabulary::CostPolicy;

/// Clones are handles of the same book.
#[derive(Clone)]
pub struct Book {
    engine: Engine,
    rates: Arc<Rates>,
    /// `None` if the engine has no directory that the queue knows.
    history: Option<Arc<History>>,
}

impl Book {
    pub fn new(engine: Engine, history: Option<History>) -> Self {
        Self { engine, rates: Arc::default(), history: history.map(Arc::new) }
    }

    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Describes a job, with the file that its error concerns and its rate.
    pub async fn describe(&self, job: &Job) -> Result<JobView, Error> {
        let mut view = describe(job).await?;
        self.rates.measure(&mut view, Instant::now());
        Ok(view)
    }

    /// Completes a job, and adds it to the history.
    pub async fn complete(&self, job: &Job) -> Result<Completion, Error> {
        let finished = about_to_end(job, Ending::Completed).await?;
        let completion = job.complete().await?;
        self.ended(&finished);
        Ok(completion)
    }

    /// Cancels a job, and adds it to the history.
    pub async fn cancel(&self, job: &Job) -> Result<(), Error> {
        let finished = about_to_end(job, Ending::Cancelled).await?;
        job.cancel().await?;
        self.ended(&finished);
        Ok(())
    }

    /// The jobs that ended last, the newest first.
    pub fn finished(&self) -> Vec<FinishedJob> {
        self.history.as_ref().map_or_else(Vec::new, |history| history.read())
    }

    fn ended(&self, finished: &FinishedJob) {
        self.rates.forget(&finished.id);
        if let Some(history) = &self.history {
            // The job has ended all the same if the disk has no room for the line.
            let _ = history.add(finished);
        }
    }
}

/// Describes a job, with the file that its error concerns, but without its rate.
///
/// # Errors
///
/// The engine's: the job is gone, or the engine is closed.
pub async fn describe(job: &Job) -> Result<JobView, Error> {
    let description = job.describe().await?;
    let concerned = description.error.as_ref().and_then(|error| error.file);
    let file = match concerned {
        Some(number) => job.describe_files(number, 1).await?.pop(),
        None => None,
    };
    let cost_policy = match job.property(JobPropertyId::CostFlags).await? {
        JobProperty::CostFlags(flags) => CostPolicy::of(flags),
        _ => None,
    };
    let details = Details { cost_policy, proxy: job.proxy_settings().await?, options: job.options().await? };
    Ok(JobView::new(description, details, file))
}

async fn about_to_end(job: &Job, ending: Ending) -> Result<FinishedJob, Error> {
    let mut view = describe(job).await?;
    let digest = match view.files {
        1 => job.describe_files(0, 1).await?.pop().and_then(|file| file.digest),
        _ => None,
    };
    if ending == Ending::Completed && view.files_transferred < view.files {
        view.bytes = transferred_bytes(job, view.files).await?;
    }
    Ok(FinishedJob::new(&view, ending, digest.map(Into::into), Timestamp::now()))
}

/// Bytes of the files of a job that arrived completely.
async fn transferred_bytes(job: &Job, files: u32) -> Result<u64, Error> {
    let mut bytes = 0u64;
    for from in (0..files).step_by(FILES_PER_REPLY as usize) {
        let page = job.describe_files(from, FILES_PER_REPLY).await?;
        let here = page.iter().filter(|file| matches!(file.state, FileState::Transferred | FileState::Over));
        bytes = here.map(|file| file.progress.bytes_transferred).fold(bytes, u64::saturating_add);
    }
    Ok(bytes)
}
