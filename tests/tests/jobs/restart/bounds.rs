//! A queue that callers have filled to its limits: the next engine opens it, and its file shrinks once it is empty.

use std::fs;
use std::path::Path;

use haul::{Engine, Error, FileInfo, Property};
use haul_tests::scene::names;
use tempfile::{TempDir, tempdir_in};

use super::{LASTING, open};

/// Files added to a job in one call, and files in one job.
const AT_ONCE: usize = 1000;
const IN_A_JOB: usize = 10_000;

/// The longest file of a queue without jobs and downloads.
const SMALL: u64 = 64 << 10;

/// In memory, because each call syncs the queue, and 80,000 syncs of a disk take minutes.
fn folder() -> TempDir {
    tempdir_in("/dev/shm").unwrap()
}

fn caller(engine: &Engine, number: usize) -> Engine {
    engine.for_caller(&format!("caller {number}"))
}

/// Whether the call succeeded.
///
/// # Panics
///
/// If it failed for another reason than a limit.
fn is_within_bounds<T>(result: Result<T, Error>) -> bool {
    match result {
        Ok(_) => true,
        Err(Error::Failed(failure)) if failure.name == "E_OUTOFMEMORY" => false,
        Err(other) => panic!("{other}"),
    }
}

/// Each caller adds files with short names up to its limit. Returns the number of jobs of each caller.
async fn fill_with_files(engine: &Engine, folder: &Path) -> Vec<usize> {
    let mut jobs = Vec::new();
    let mut file = 0;
    loop {
        let (caller, before) = (caller(engine, jobs.len()), file);
        let mut own = 0;
        'caller: while let Ok(job) = caller.create_job("").await {
            own += 1;
            for _ in 0..IN_A_JOB / AT_ONCE {
                let files =
                    (file..file + AT_ONCE).map(|file| FileInfo::new("http://a/", folder.join(file.to_string())));
                if !is_within_bounds(job.add_file_set(files).await) {
                    break 'caller;
                }
                file += AT_ONCE;
            }
        }
        jobs.push(own);
        if file == before {
            return jobs;
        }
    }
}

/// Each caller creates non-volatile downloads up to its limit. Returns the number of downloads of each caller.
async fn fill_with_downloads(engine: &Engine) -> Vec<usize> {
    let mut downloads = Vec::new();
    loop {
        let caller = caller(engine, downloads.len());
        let mut own = 0;
        loop {
            let created = caller.create_download().await;
            let Ok(download) = &created else { break };
            if !is_within_bounds(download.set_property(Property::NonVolatile(true)).await) {
                download.abort().await.unwrap();
                break;
            }
            own += 1;
        }
        if own == 0 {
            return downloads;
        }
        downloads.push(own);
    }
}

/// Reopens the queue, finds everything in it, and removes it.
async fn empties(folder: &TempDir, jobs: &[usize], downloads: &[usize]) {
    let ledger = folder.path().join("state/queue.haul");
    println!("{jobs:?} jobs, {downloads:?} downloads, {} MiB", fs::metadata(&ledger).unwrap().len() >> 20);
    let engine = open(folder.path()).await.unwrap();
    for (number, own) in jobs.iter().enumerate() {
        let found = caller(&engine, number).jobs(false).await.unwrap().rest().await.unwrap();
        assert_eq!(found.len(), *own);
        for job in found {
            job.cancel().await.unwrap();
        }
    }
    for (number, own) in downloads.iter().enumerate() {
        let found = caller(&engine, number).downloads(None).await.unwrap().next(usize::MAX);
        assert_eq!(found.len(), *own);
        for download in found {
            download.abort().await.unwrap();
        }
    }
    engine.close().await;
    assert!(fs::metadata(&ledger).unwrap().len() < SMALL);
    let engine = open(folder.path()).await.unwrap();
    assert_eq!(engine.jobs(true).await.unwrap().count(), 0);
    engine.close().await;
    assert_eq!(names(&folder.path().join("state")), LASTING);
}

#[tokio::test]
async fn a_queue_full_of_files_is_opened_and_emptied() {
    let folder = folder();
    let engine = open(folder.path()).await.unwrap();
    let jobs = fill_with_files(&engine, folder.path()).await;
    engine.close().await;
    empties(&folder, &jobs, &[]).await;
}

#[tokio::test]
async fn a_queue_full_of_downloads_is_opened_and_emptied() {
    let folder = folder();
    let engine = open(folder.path()).await.unwrap();
    let downloads = fill_with_downloads(&engine).await;
    assert_eq!(downloads.iter().sum::<usize>(), 40_000);
    engine.close().await;
    empties(&folder, &[], &downloads).await;
}

#[tokio::test]
async fn a_queue_full_of_both_is_opened_and_emptied() {
    let folder = folder();
    let engine = open(folder.path()).await.unwrap();
    let (jobs, downloads) = (fill_with_files(&engine, folder.path()).await, fill_with_downloads(&engine).await);
    engine.close().await;
    empties(&folder, &jobs, &downloads).await;
}

#[tokio::test]
async fn a_queue_of_jobs_that_come_and_go_stays_small() {
    let folder = folder();
    let ledger = folder.path().join("state/queue.haul");
    for number in 0..300 {
        let engine = open(folder.path()).await.unwrap();
        let job = engine.create_job("comes and goes").await.unwrap();
        job.add_file("http://a/", folder.path().join(number.to_string())).await.unwrap();
        let id = job.id().to_owned();
        drop(job);
        engine.close().await;
        assert!(fs::metadata(&ledger).unwrap().len() < SMALL, "{number}: with a job");
        let engine = open(folder.path()).await.unwrap();
        engine.job(&id).await.unwrap().cancel().await.unwrap();
        engine.close().await;
        assert!(fs::metadata(&ledger).unwrap().len() < SMALL, "{number}: without it");
    }
}
