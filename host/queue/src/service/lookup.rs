//! Jobs by id or name.

use haul::{Engine, Error, Job};
use haul_command::lookup;

use crate::error::CommandError;
use crate::redaction::named;

/// Every job of the queue, with its display name.
pub async fn all(engine: &Engine) -> Result<Vec<(String, Job)>, Error> {
    let mut all = Vec::new();
    for job in engine.jobs(true).await?.rest().await? {
        all.push((job.display_name().await?, job));
    }
    Ok(all)
}

/// The job of each name, or the error if no job or several jobs have it.
pub async fn chosen(
    engine: &Engine,
    names: &[String],
) -> Result<Vec<(String, Result<Job, CommandError>)>, CommandError> {
    let known = all(engine).await?;
    let called: Vec<_> = known.iter().map(|(name, job)| (job.id(), name.as_str())).collect();
    let job = |name| lookup::find(&called, name).map(|at| known[at].1.clone()).map_err(CommandError::failed);
    Ok(names.iter().map(|name| (name.clone(), job(name))).collect())
}

/// The job with this name.
///
/// # Errors
///
/// No job or several jobs have it.
pub async fn job(engine: &Engine, name: &str) -> Result<Job, CommandError> {
    let mut found = chosen(engine, &[name.to_owned()]).await?;
    let (_, job) = found.remove(0);
    job.map_err(|error| error.about(named(name)))
}
