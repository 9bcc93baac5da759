//! What the engine says of jobs and their files, in one form for all.

use haul::{Engine, Error, Job, JobProperty, JobPropertyId};

use super::naming;
use crate::jobs::problem::Problem;
use crate::jobs::protocol::{FILES, Reply};
use crate::jobs::view::{FileView, JobView, Told};
use crate::jobs::words::CostPolicy;

pub async fn view(job: &Job) -> Result<JobView, Error> {
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
    let told = Told { cost_policy, proxy: job.proxy_settings().await?, options: job.options().await? };
    Ok(JobView::new(description, told, file))
}

pub async fn files(engine: &Engine, name: &str, from: u32) -> Result<Reply, Problem> {
    let job = naming::job(engine, name).await?;
    let files = job.describe_files(from, FILES).await?;
    Ok(Reply::Files { files: files.into_iter().map(|file| FileView::new(job.id(), file)).collect() })
}
