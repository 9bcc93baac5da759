//! New jobs, and more files for jobs.

use haul::{Engine, FileInfo, Job};

use super::naming;
use crate::jobs::file::NewFile;
use crate::jobs::problem::Problem;
use crate::jobs::settings::Settings;

/// A new job, or nothing.
pub async fn create(engine: &Engine, settings: &Settings, files: &[NewFile], resume: bool) -> Result<Job, Problem> {
    let job = engine.create_job(settings.display_name.as_deref().unwrap_or_default()).await?;
    let fill = async {
        settings.apply(&job).await?;
        put(&job, files).await?;
        if resume {
            job.resume().await?;
        }
        Ok(())
    };
    if let Err(problem) = fill.await {
        // What made the job impossible is what counts.
        let _ = job.cancel().await;
        return Err(problem);
    }
    Ok(job)
}

/// A job that runs is stopped meanwhile: a file that has begun takes no options any more.
pub async fn add(engine: &Engine, name: &str, files: &[NewFile]) -> Result<Job, Problem> {
    let job = naming::job(engine, name).await?;
    let runs = job.state().await?.is_under_way();
    let stops = runs && files.iter().any(|file| !file.options.is_default());
    if stops {
        job.suspend().await?;
    }
    let added = put(&job, files).await;
    if stops {
        job.resume().await?;
    }
    added.map(|()| job)
}

async fn put(job: &Job, files: &[NewFile]) -> Result<(), Problem> {
    let before = job.progress().await?.files_total as usize;
    if files.iter().all(|file| file.ranges.is_empty()) {
        job.add_file_set(files.iter().map(|file| FileInfo::new(&file.url, &file.path))).await?;
    } else {
        for file in files {
            let ranges: Vec<_> = file.ranges.iter().map(|part| (*part).into()).collect();
            let (id, size) = (file_id(file), file.options.length);
            let added = job.add_file_with_ranges(&id, &file.url, &file.path, &ranges, size).await;
            added.map_err(|error| Problem::from(error).about(file.path.display().to_string()))?;
        }
    }
    if files.iter().all(|file| file.options.is_default()) {
        return Ok(());
    }
    let mut added = job.files().await?;
    added.skip(before);
    for (handle, file) in added.rest().await?.into_iter().zip(files) {
        let set = handle.set_options(file.options.clone().into()).await;
        set.map_err(|error| Problem::from(error).about(file.path.display().to_string()))?;
    }
    Ok(())
}

/// What tells parts of a file from the file, and from other parts.
fn file_id(file: &NewFile) -> String {
    let last = |offset: u64, length: u64| offset.saturating_add(length).saturating_sub(1);
    let parts = file.ranges.iter().map(|part| match part.length {
        Some(length) => format!("{}-{}", part.offset, last(part.offset, length)),
        None => format!("{}-", part.offset),
    });
    format!("{}#bytes={}", file.url, parts.collect::<Vec<_>>().join(","))
}
