//! Descriptions of jobs and files.

use haul::{Engine, Error, Job, JobProperty, JobPropertyId};

use super::lookup;
use crate::error::CommandError;
use crate::protocol::{FILES_PER_REPLY, Reply};
use crate::view::{Details, FileView, JobView};
use crate::vocabulary::CostPolicy;

/// Describes a job, with the file that its error concerns.
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

pub async fn files(engine: &Engine, name: &str, from: u32) -> Result<Reply, CommandError> {
    let job = lookup::job(engine, name).await?;
    let files = job.describe_files(from, FILES_PER_REPLY).await?;
    Ok(Reply::Files { files: files.into_iter().map(|file| FileView::new(job.id(), file)).collect() })
}
