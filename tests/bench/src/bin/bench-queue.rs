//! `make bench-queue`: the cost of calls as the queue grows, through the library and the component, on this machine.
//!
//! Each queue is created in its own state directory and reopened. Its jobs are suspended, so it downloads nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use haul::{Engine, FileInfo, Job};
use tempfile::TempDir;

/// Files in the only job.
const FILES: [usize; 4] = [100, 1_000, 10_000, 100_000];

/// Jobs of one file each.
const JOBS: [usize; 3] = [100, 1_000, 10_000];

/// The repetitions of a call that is too short to be timed alone.
const REPEATS: u32 = 20;

#[tokio::main]
async fn main() {
    println!("One job:\n");
    println!(
        "| files | add in a set, µs per file | add one, ms | suspend and resume, ms | look, µs | open, ms | bytes per file |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for files in FILES {
        one_job(files).await;
    }
    println!("\nMany jobs of one file:\n");
    println!("| jobs | create and add, ms per job | look at one, µs | list all, ms | open, ms |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for jobs in JOBS {
        many_jobs(jobs).await;
    }
}

async fn open(folder: &TempDir) -> (Engine, Duration) {
    let began = Instant::now();
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path().join("files"))
        .state_directory(folder.path().join("state"))
        .max_running(0)
        .open()
        .await
        .expect("an engine");
    (engine, began.elapsed())
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("files")).expect("a folder");
    folder
}

fn file(folder: &Path, number: usize) -> FileInfo {
    let url = format!("https://downloads.example.com/releases/2026/11/packages/file-{number:06}.bin");
    FileInfo::new(url, folder.join("files").join(format!("file-{number:06}.bin")))
}

async fn one_job(files: usize) {
    let folder = folder();
    let before = memory();
    let (engine, _) = open(&folder).await;
    let job = engine.create_job("bench").await.expect("a job");
    let set: Vec<_> = (0..files).map(|number| file(folder.path(), number)).collect();
    let began = Instant::now();
    for part in set.chunks(1000) {
        job.add_file_set(part.to_vec()).await.expect("files");
    }
    let in_sets = began.elapsed();
    let held = memory().saturating_sub(before);
    let one = each(async |number| {
        let more = file(folder.path(), files + number);
        job.add_file(&more.remote_name, &more.local_name).await.expect("a file");
    })
    .await;
    let look = each(async |_| drop(job.progress().await)).await;
    let id = job.id().to_owned();
    drop(job);
    engine.close().await;
    let (engine, opened) = open(&folder).await;
    let job = engine.job(&id).await.expect("the job");
    let turn = each(async |_| suspend_and_resume(&job).await).await;
    println!(
        "| {files} | {:.1} | {:.2} | {:.2} | {:.0} | {:.0} | {} |",
        in_sets.as_secs_f64() * 1e6 / files as f64,
        one.as_secs_f64() * 1e3,
        turn.as_secs_f64() * 1e3,
        look.as_secs_f64() * 1e6,
        opened.as_secs_f64() * 1e3,
        held / files as u64,
    );
    engine.close().await;
}

async fn suspend_and_resume(job: &Job) {
    job.resume().await.expect("resumed");
    job.suspend().await.expect("suspended");
}

async fn many_jobs(jobs: usize) {
    let folder = folder();
    let (engine, _) = open(&folder).await;
    let began = Instant::now();
    let mut last = None;
    for number in 0..jobs {
        let job = engine.create_job(&format!("job {number}")).await.expect("a job");
        let one = file(folder.path(), number);
        job.add_file(&one.remote_name, &one.local_name).await.expect("a file");
        last = Some(job.id().to_owned());
    }
    let made = began.elapsed();
    engine.close().await;
    let (engine, opened) = open(&folder).await;
    let id = last.expect("a job");
    let look = each(async |_| drop(engine.job(&id).await.expect("the job").describe().await)).await;
    let began = Instant::now();
    for job in engine.jobs(false).await.expect("jobs").next(jobs).await.expect("jobs") {
        job.describe().await.expect("a description");
    }
    println!(
        "| {jobs} | {:.2} | {:.0} | {:.0} | {:.0} |",
        made.as_secs_f64() * 1e3 / jobs as f64,
        look.as_secs_f64() * 1e6,
        began.elapsed().as_secs_f64() * 1e3,
        opened.as_secs_f64() * 1e3,
    );
    engine.close().await;
}

/// The average time of one call.
async fn each(call: impl AsyncFn(usize)) -> Duration {
    let began = Instant::now();
    for number in 0..REPEATS {
        call(number as usize).await;
    }
    began.elapsed() / REPEATS
}

/// The resident memory of this process, in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}
