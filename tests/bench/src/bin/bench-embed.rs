//! `make bench-embed`: the cost of an engine for the program that embeds it: the latency of a command during transfers, the time
//! to open an engine, and the resources of an idle engine.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use haul::{Download, Engine, Policy, StartMode};
use haul_lab::nginx::Nginx;
use haul_lab::process::own_cpu;
use tempfile::TempDir;

const TRANSFERS: usize = 16;

/// The size of each downloaded file, in bytes.
const LENGTH: usize = 256 << 20;

/// The most commands that are timed.
const COMMANDS: usize = 5_000;

const OPENINGS: usize = 50;

/// The time for which an idle engine is observed.
const IDLE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    println!("| measured | median | 99 of 100 | worst | to reach |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let served = served();
    let nginx = Nginx::serve(served.path());
    let url = nginx.url("/file");
    command(&url, None).await;
    command(&url, Some(64 << 20)).await;
    opening().await;
    idle().await;
}

fn served() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut file = std::fs::File::create(folder.path().join("file")).expect("a file");
    let part: Vec<u8> = (0..1 << 20).map(|byte: u32| byte.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    (0..LENGTH / part.len()).for_each(|_| file.write_all(&part).expect("written"));
    folder
}

async fn open(folder: &Path, rate: Option<u64>) -> Engine {
    let builder = Engine::builder().policy(Policy::allow_all()).grant(folder).max_running(TRANSFERS as u32);
    let builder = rate.into_iter().fold(builder, haul::Builder::max_rate);
    builder.open().await.expect("an engine")
}

async fn start(engine: &Engine, url: &str, path: &Path) -> Download {
    let download = engine.create_download().await.expect("a download");
    download.set_uri(url).await.expect("a URL");
    download.set_local_path(path).await.expect("a path");
    download.start(StartMode::WholeFile).await.expect("started");
    download
}

/// Times commands during 16 transfers.
async fn command(url: &str, rate: Option<u64>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = open(folder.path(), rate).await;
    let mut downloads = Vec::new();
    for number in 0..TRANSFERS {
        downloads.push(start(&engine, url, &folder.path().join(number.to_string())).await);
    }
    let mut times = Vec::new();
    while times.len() < COMMANDS {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let download = &downloads[times.len() % TRANSFERS];
        let began = Instant::now();
        let report = download.report().await.expect("a report");
        times.push(began.elapsed());
        if report.connections == 0 {
            break;
        }
    }
    let rate =
        rate.map_or_else(|| "as fast as they can".to_owned(), |rate| format!("at {} MiB/s together", rate >> 20));
    row(&format!("a command while {TRANSFERS} files come {rate}, {} of them", times.len()), &mut times, "5 ms");
    engine.close().await;
}

async fn opening() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut times = Vec::new();
    for _ in 0..OPENINGS {
        let began = Instant::now();
        let engine = open(folder.path(), None).await;
        times.push(began.elapsed());
        engine.close().await;
    }
    println!("| the first opening of a process | {} | | | |", told(times[0]));
    row("opening an engine", &mut times, "10 ms");
}

async fn idle() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = open(folder.path(), None).await;
    let before = own_cpu();
    tokio::time::sleep(IDLE).await;
    let used = own_cpu() - before;
    println!("| processor time of an idle engine, in {} s | {} | | | 0 |", IDLE.as_secs(), told(used));
    engine.close().await;
}

fn row(what: &str, times: &mut [Duration], goal: &str) {
    times.sort();
    let of_100 = |part: usize| told(times[(times.len() * part / 100).min(times.len() - 1)]);
    println!("| {what} | {} | {} | {} | {goal} |", of_100(50), of_100(99), of_100(100));
}

fn told(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}
