//! `get`: downloads that end when the command does.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use haul_core::digest::Algorithm;
use haul_core::download::{StartMode, State, TransferOptions};
use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::identity::DownloadId;
use haul_core::output::Happening;
use haul_core::property::Property;
use haul_core::property::PropertyId;
use haul_core::url::{Url, redact};
use wasip2::clocks::monotonic_clock;

use super::arguments::Get;
use super::list::{self, Item};
use super::report::{Failure, Line, Outcome, human, print};
use super::terminal;
use crate::shell::{Driver, Event, PauseReason, Shell};

struct Job {
    item: Item,
    started: u64,
}

pub fn run(get: &Get) -> Result<(), ()> {
    let max_running = get.jobs.map_or(Settings::default().max_running, |jobs| jobs as usize);
    let (max_rate, max_per_origin) = (get.limit_rate, get.max_per_origin);
    let settings = Settings { max_running, max_rate, max_per_origin, ..Settings::default() };
    let items = match list::items(get) {
        Ok(items) => items,
        Err(misuse) => return super::refuse(&misuse),
    };
    let mut waiting = items.into_iter();
    let mut shell = match Shell::open(settings, Driver::default(), None) {
        Ok(shell) => shell,
        Err(cause) => return super::refuse(&cause.description()),
    };
    let mut jobs = BTreeMap::new();
    let mut all_well = true;
    loop {
        while jobs.len() < max_running {
            let Some(item) = waiting.next() else { break };
            let Ok(download) = shell.create(String::new()) else { return Err(()) };
            let job = Job { item, started: monotonic_clock::now() };
            match begin(&mut shell, download, get, &job) {
                Ok(()) => {
                    jobs.insert(download, job);
                }
                Err(cause) => {
                    tell(get, &job, &shell, download, Some(cause));
                    let _ = shell.forget(download);
                    all_well = false;
                }
            }
        }
        if jobs.is_empty() {
            break;
        }
        let progress = shell.drive(None, None);
        for event in progress.events {
            let Event::Happened { download, what } = event else { continue };
            all_well &= follow(&mut shell, &mut jobs, get, download, what);
        }
        if progress.reason == PauseReason::Idle {
            break;
        }
    }
    if all_well { Ok(()) } else { Err(()) }
}

fn begin(shell: &mut Shell, download: DownloadId, get: &Get, job: &Job) -> Result<(), Cause> {
    let item = &job.item;
    shell.set_property(download, Property::Uri(item.url.clone()))?;
    shell.set_property(download, Property::LocalPath(item.path.clone()))?;
    shell.set_property(download, Property::HttpAllowSecureToNonSecureRedirect(get.allow_insecure_redirect))?;
    shell.set_property(download, Property::ForegroundPriority(true))?;
    shell.set_property(download, Property::HttpCustomHeaders(get.headers.clone()))?;
    let options = TransferOptions {
        connections: get.connections,
        overwrite: get.overwrite,
        fresh: get.fresh,
        expected: item.checksums.clone(),
        retries: Some(get.retries),
        max_rate: get.limit_rate_per_file,
        no_progress_timeout: Some(get.timeout),
        durability: get.durability,
        mirrors: item.mirrors.iter().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).collect::<Result<_, _>>()?,
        pieces: item.pieces.clone(),
        length: item.length,
        min_rate: get.min_rate,
        refreshed: get.refresh,
        origin_names: get.origin_names,
    };
    shell.set_options(download, options)?;
    let mode = if get.ranges.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(get.ranges.clone()) };
    shell.start(download, mode)
}

/// Acts on one event; `false` when the download failed.
fn follow(
    shell: &mut Shell,
    jobs: &mut BTreeMap<DownloadId, Job>,
    get: &Get,
    download: DownloadId,
    what: Happening,
) -> bool {
    let Some(job) = jobs.get_mut(&download) else { return true };
    if what != Happening::StatusChanged {
        if let Some(remark) = remark(shell, get, download, what) {
            terminal::error(&format!("{}: {remark}\n", job.item.path));
        }
        return true;
    }
    let Some(status) = shell.status(download) else { return true };
    let ended = match (status.state, status.error) {
        (State::Transferred, _) => Some(shell.finalize(download)),
        (State::Paused, Some(cause)) => Some(Err(cause)),
        _ => None,
    };
    let Some(result) = ended else {
        show_progress(shell, get, job, download);
        return true;
    };
    if let Ok(Property::LocalPath(path)) = shell.property(download, PropertyId::LocalPath) {
        job.item.path = path;
    }
    tell(get, job, shell, download, result.err());
    jobs.remove(&download);
    let _ = shell.forget(download);
    result.is_ok()
}

/// What a person is told of something that is not the end.
fn remark(shell: &Shell, get: &Get, download: DownloadId, what: Happening) -> Option<String> {
    let text = match what {
        Happening::Retrying { cause, after } if get.verbose => {
            format!("{}; again in {:.1} s", cause.description(), after.as_secs_f64())
        }
        Happening::Restarted(reason) => format!("starting over: {}", reason.description()),
        Happening::SourceDropped { source, cause } => {
            format!("leaving {}: {}", shell.source(download, source), cause.description())
        }
        Happening::RangeDropped(range) => {
            format!("{} from byte {} on are wrong; fetched again", human(range.len()), range.start)
        }
        Happening::Unchecked { cause } => format!("not checked piece by piece: {}", cause.description()),
        Happening::Retrying { .. } | Happening::StatusChanged => return None,
    };
    (!get.quiet).then_some(text)
}

fn show_progress(shell: &Shell, get: &Get, job: &Job, download: DownloadId) {
    let Some(status) = shell.status(download) else { return };
    let (report, connections) = shell.report(download);
    let total = (status.bytes_total > 0).then_some(status.bytes_total);
    let bytes = status.bytes_transferred;
    if get.json {
        let connections = connections as u32;
        let resumable = report.resumable;
        print(&Line::Progress { url: &job.item.url, path: &job.item.path, bytes, total, connections, resumable });
    } else if !get.quiet && bytes > 0 {
        let share = total.map_or_else(String::new, |total| format!(" of {} ({}%)", human(total), bytes * 100 / total));
        terminal::error(&format!("{}: {}{share}\n", job.item.path, human(bytes)));
    }
}

fn tell(get: &Get, job: &Job, shell: &Shell, download: DownloadId, cause: Option<Cause>) {
    let (report, _) = shell.report(download);
    let bytes = shell.status(download).map_or(0, |status| status.bytes_transferred);
    let seconds = (monotonic_clock::now() - job.started) as f64 / 1e9;
    if let Some(cause) = cause {
        let (what, advice) = (cause.description(), cause.advice());
        terminal::error(&format!(
            "haul: {} -> {}: {what} ({}); {advice}\n",
            redact(&job.item.url),
            job.item.path,
            cause.hresult().name
        ));
    } else if !get.quiet && !get.json {
        let how =
            if report.present { "is complete already".into() } else { format!("{} in {seconds:.1} s", human(bytes)) };
        let resumed = match report.resumed {
            0 => String::new(),
            resumed => format!(", {} kept from an earlier run", human(resumed)),
        };
        terminal::error(&format!("{}: {how}{resumed}\n", job.item.path));
    }
    if get.json {
        let error = cause.map(|cause| Failure {
            code: format!("0x{:08X}", cause.hresult().code),
            name: cause.hresult().name,
            message: cause.description().into_owned(),
        });
        let outcome = Outcome {
            url: &job.item.url,
            path: &job.item.path,
            bytes,
            sha256: cause.is_none().then(|| verified_sha256(&job.item)).flatten(),
            resumed_bytes: report.resumed,
            requests: report.requests,
            restarts: report.restarts,
            seconds,
            error,
        };
        print(&Line::Result(outcome));
    }
}

/// The SHA-256 that was expected, and so computed and found.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.checksums.iter().find(|digest| digest.algorithm == Algorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}
