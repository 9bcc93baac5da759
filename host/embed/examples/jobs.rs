//! A job of many files that survives its engine: run it, interrupt it, run it again.
//!
//! `cargo run --example jobs -- FOLDER URL...`

use std::path::Path;

use haul::{Engine, Error, FileInfo, Job, JobCallback, JobError, Refused};

/// Completes the job, even if it failed.
struct Complete;

impl JobCallback for Complete {
    async fn job_transferred(&self, job: &Job) -> Result<(), Refused> {
        println!("{} is {:?}", job.display_name().await?, job.complete().await?);
        Ok(())
    }

    async fn job_error(&self, job: &Job, error: &JobError) -> Result<(), Refused> {
        println!("{}", error.cause);
        println!("{} is {:?}", job.display_name().await?, job.complete().await?);
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some((folder, urls)) = arguments.split_first() else { panic!("usage: jobs FOLDER URL...") };
    let engine =
        Engine::builder().policy(haul::Policy::allow_all()).grant(folder).state_directory(".haul").open().await?;
    let job = match engine.jobs(false).await?.next(1).await?.pop() {
        Some(left_behind) => left_behind,
        None => create(&engine, Path::new(folder), urls).await?,
    };
    let told = job.set_notify_interface(Complete).await?;
    job.resume().await?;
    tokio::select! {
        _ = told => {}
        _ = tokio::signal::ctrl_c() => println!("interrupted; the next run goes on"),
    }
    engine.close().await;
    Ok(())
}

async fn create(engine: &Engine, folder: &Path, urls: &[String]) -> Result<Job, Error> {
    let job = engine.create_job("examples").await?;
    let mut files = Vec::new();
    for url in urls {
        files.push(FileInfo::new(url, folder.join(engine.suggest_file_name(url).await?)));
    }
    job.add_file_set(files).await?;
    Ok(job)
}
