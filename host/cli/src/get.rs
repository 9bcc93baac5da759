//! `haul get`

use std::cell::Cell;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use haul::{
    DigestAlgorithm, Download, DownloadStatus, Durability, Engine, Error, Happening, Property, PropertyId, Report,
    StartMode, TransferOptions,
};
use indicatif::HumanBytes;
use tokio::sync::Semaphore;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{JoinSet, LocalSet};

use crate::arguments::Get;
use crate::exit::{self, Outcome};
use crate::list::{self, Item};
use crate::progress::{Display, FileProgress};
use crate::report::{self, Line};

/// What every file of a run shares.
struct Run {
    get: Get,
    engine: Engine,
    display: Display,
    /// The engine is being closed because somebody asked for it.
    interrupted: Cell<bool>,
}

/// One URL on its way to one path.
struct Job {
    item: Item,
    path: PathBuf,
    started: Instant,
}

pub async fn run(get: Get) -> ExitCode {
    let mut items = match list::items(&get) {
        Ok(items) => items,
        Err(misuse) => return exit::refuse(&misuse),
    };
    let engine = match open(&get, &items).await {
        Ok(engine) => engine,
        Err(reason) => {
            eprintln!("haul: {reason}");
            return Outcome::Failed.into();
        }
    };
    if let Err(misuse) = list::describe(&engine, &get, &mut items).await {
        return exit::refuse(&misuse);
    }
    let display = Display::new(get.quiet || get.json);
    let run = Rc::new(Run { get, engine: engine.clone(), display, interrupted: Cell::new(false) });
    let local = LocalSet::new();
    let files = local.run_until(all(run.clone(), items));
    tokio::pin!(files);
    tokio::select! {
        outcome = &mut files => {
            engine.close().await;
            outcome.into()
        }
        _ = interrupted() => {
            run.interrupted.set(true);
            engine.close().await;
            files.await;
            run.display.say("haul: interrupted; run the same command again to resume");
            ExitCode::from(exit::INTERRUPTED)
        }
    }
}

/// An engine that may touch the directories that files go to.
async fn open(get: &Get, items: &[Item]) -> Result<Engine, String> {
    let mut builder = Engine::builder().max_running(get.jobs);
    for directory in directories(get, items) {
        let create = std::fs::create_dir_all(&directory);
        create.map_err(|error| format!("the directory {} cannot be created: {error}", directory.display()))?;
        builder = builder.grant(&directory);
    }
    if let Some(rate) = get.limit_rate {
        builder = builder.max_rate(rate);
    }
    if let Some(most) = get.max_per_origin {
        builder = builder.max_per_origin(most);
    }
    builder.open().await.map_err(|error| error.to_string())
}

fn directories(get: &Get, items: &[Item]) -> Vec<PathBuf> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let named = items.iter().filter_map(|item| item.name.as_ref()).map(|name| parent(&get.dir.join(name)));
    let base = get.output.as_deref().map_or_else(|| get.dir.clone(), |output| parent(&get.dir.join(output)));
    let mut directories: Vec<_> = named.chain([base]).collect();
    directories.sort();
    directories.dedup();
    directories
}

async fn interrupted() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// All items, as many at a time as are allowed; the worst outcome.
async fn all(run: Rc<Run>, items: Vec<Item>) -> Outcome {
    let paths = match list::paths(&run.engine, &run.get, &items).await {
        Ok(paths) => paths,
        Err(reason) => {
            run.display.say(&format!("haul: {reason}"));
            return Outcome::Misuse;
        }
    };
    let places = Arc::new(Semaphore::new(run.get.jobs as usize));
    let mut files = JoinSet::new();
    let mut worst = Outcome::AllTransferred;
    for (item, path) in items.into_iter().zip(paths) {
        let Ok(place) = places.clone().acquire_owned().await else { return Outcome::Failed };
        let run = run.clone();
        files.spawn_local(async move {
            let outcome = one(&run, Job { item, path, started: Instant::now() }).await;
            drop(place);
            outcome
        });
        while let Some(Ok(outcome)) = files.try_join_next() {
            worst = worst.max(outcome);
        }
    }
    while let Some(outcome) = files.join_next().await {
        worst = worst.max(outcome.unwrap_or(Outcome::Failed));
    }
    worst
}

async fn one(run: &Run, mut job: Job) -> Outcome {
    let download = match run.engine.create_download().await {
        Ok(download) => download,
        Err(error) => return tell(run, &job, &error, None),
    };
    let progress = run.display.file(&job.path);
    let result = transfer(run, &job, &download, &progress).await;
    if let Some(name) = final_name(&download).await {
        job.path.set_file_name(name);
    }
    progress.done();
    let status = download.status().await.ok();
    let report = download.report().await.unwrap_or_default();
    match result {
        Ok(()) => tell_success(run, &job, status, &report),
        Err(error) => tell(run, &job, &error, Some((status, report))),
    }
}

/// The name that the file ended up with.
async fn final_name(download: &Download) -> Option<OsString> {
    match download.property(PropertyId::LocalPath).await {
        Ok(Property::LocalPath(path)) => PathBuf::from(path).file_name().map(Into::into),
        _ => None,
    }
}

/// From the first property to the file's name.
async fn transfer(run: &Run, job: &Job, download: &Download, progress: &FileProgress) -> Result<(), Error> {
    download.set_uri(&job.item.url).await?;
    let insecure = run.get.allow_insecure_redirect;
    download.set_property(Property::HttpAllowSecureToNonSecureRedirect(insecure)).await?;
    download.set_local_path(&job.path).await?;
    download.set_property(Property::ForegroundPriority(true)).await?;
    download.set_property(Property::CallbackFreqSeconds(if run.get.json { 1 } else { 0 })).await?;
    let headers: String = run.get.header.iter().map(|header| format!("{header}\r\n")).collect();
    download.set_property(Property::HttpCustomHeaders(headers)).await?;
    download.set_options(options(&run.get, &job.item)).await?;
    let mut events = run.engine.events();
    download.start(mode(&run.get)).await?;
    let ended = download.ended();
    tokio::pin!(ended);
    loop {
        tokio::select! {
            biased;
            status = &mut ended => {
                status?;
                break;
            }
            event = events.recv() => match event {
                Ok(event) if event.download == download.id() => {
                    follow(run, job, download, progress, event.what).await?;
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Err(Error::Closed),
            },
        };
    }
    download.finalize().await
}

async fn follow(
    run: &Run,
    job: &Job,
    download: &Download,
    progress: &FileProgress,
    what: Happening,
) -> Result<(), Error> {
    let path = job.path.display();
    match what {
        Happening::StatusChanged(status) => {
            let report = download.report().await?;
            progress.update(&status, &report);
            if run.get.json {
                report::print(&Line::Progress {
                    url: &job.item.url,
                    path: &job.path,
                    bytes: status.bytes_transferred,
                    total: (status.bytes_total > 0).then_some(status.bytes_total),
                    connections: report.connections,
                    resumable: report.resumable,
                });
            }
        }
        Happening::Restarted(reason) => {
            run.display.mention(&format!("{path}: starting over: {reason}"));
        }
        Happening::Retrying { cause, after } if run.get.verbose => {
            let wait = after.as_secs_f64();
            run.display.mention(&format!("{path}: {}; again in {wait:.1} s", cause.description));
        }
        Happening::RangeDropped { offset, length } => {
            let wrong = HumanBytes(length);
            run.display.mention(&format!("{path}: {wrong} from byte {offset} on are wrong; fetched again"));
        }
        Happening::SourceDropped { url, cause } => {
            run.display.mention(&format!("{path}: leaving {url}: {}", cause.description));
        }
        _ => {}
    }
    Ok(())
}

fn options(get: &Get, item: &Item) -> TransferOptions {
    TransferOptions {
        connections: get.connections,
        overwrite: get.overwrite,
        fresh: get.fresh,
        expected: item.checksums.clone(),
        retries: Some(get.retries),
        max_rate: get.limit_rate_per_file,
        no_progress_timeout: Some(get.timeout),
        durability: if get.no_sync { Durability::Process } else { Durability::Power },
        mirrors: item.mirrors.clone(),
        pieces: item.pieces.clone(),
        length: item.length,
        min_rate: get.min_rate,
        refreshed: get.refresh,
        origin_names: get.content_disposition,
    }
}

fn mode(get: &Get) -> StartMode {
    if get.range.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(get.range.clone()) }
}

fn tell_success(run: &Run, job: &Job, status: Option<DownloadStatus>, report: &Report) -> Outcome {
    let bytes = status.map_or(0, |status| status.bytes_transferred);
    let seconds = job.started.elapsed().as_secs_f64();
    let path = job.path.display();
    let resumed = match report.bytes_resumed {
        0 => String::new(),
        resumed => format!(", {} of them kept from an earlier run", HumanBytes(resumed)),
    };
    if report.present {
        run.display.mention(&format!("{path}: is complete already"));
    } else {
        run.display.mention(&format!("{path}: {} in {seconds:.1} s{resumed}", HumanBytes(bytes)));
    }
    if run.get.json {
        print_result(job, bytes, verified_sha256(&job.item), report, None);
    }
    Outcome::AllTransferred
}

fn tell(run: &Run, job: &Job, error: &Error, state: Option<(Option<DownloadStatus>, Report)>) -> Outcome {
    let (status, report) = state.unwrap_or_default();
    let interrupted = run.interrupted.get();
    if !interrupted {
        run.display.say(&format!("haul: {} -> {}: {error}", redact(&job.item.url), job.path.display()));
    }
    if run.get.json {
        let bytes = status.map_or(0, |status| status.bytes_transferred);
        let failure = if interrupted { report::Failure::interrupted() } else { error.into() };
        print_result(job, bytes, None, &report, Some(failure));
    }
    Outcome::of(error)
}

fn print_result(job: &Job, bytes: u64, sha256: Option<String>, report: &Report, error: Option<report::Failure>) {
    report::print(&Line::Result(report::Outcome {
        url: &job.item.url,
        path: &job.path,
        bytes,
        sha256,
        resumed_bytes: report.bytes_resumed,
        requests: report.requests,
        restarts: report.restarts,
        seconds: job.started.elapsed().as_secs_f64(),
        error,
    }));
}

/// The SHA-256 that was expected, and so computed and found.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.checksums.iter().find(|digest| digest.algorithm == DigestAlgorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The URL without user information, query and fragment.
fn redact(url: &str) -> String {
    let (visible, hidden) = match url.find(['?', '#']) {
        Some(end) => (&url[..end], if url[end..].starts_with('?') { "?..." } else { "" }),
        None => (url, ""),
    };
    let (scheme, rest) = visible.split_once("://").map_or(("", visible), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let separator = if scheme.is_empty() { "" } else { "://" };
    let text = format!("{scheme}{separator}{host}{path}{hidden}");
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        assert_eq!(redact("https://u:p@h/a?token=1#x"), "https://h/a?...");
        assert_eq!(redact("u:p@h/x"), "h/x");
        assert_eq!(redact("http://h/a#secret"), "http://h/a");
        assert_eq!(redact("http://h/a/b"), "http://h/a/b");
    }
}
