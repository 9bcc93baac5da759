//! `get`: downloads that last as long as the command.

mod tell;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::DownloadId;
use haul_core::border::output::{Happening, Subject};
use haul_core::border::time::Instant;
use haul_core::download::{StartMode, State, Status};
use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::parse::url::Url;
use haul_core::settings::property::{Property, PropertyId};
use haul_core::settings::transfer_options::TransferOptions;
use wasip2::cli::stdout::get_stdout;
use wasip2::clocks::monotonic_clock;

use self::tell::Trouble;
use super::arguments::Get;
use super::list::{self, Item};
use super::{coded, settings, terminal};
use crate::shell::{Directories, Driver, Event, PauseReason, Shell, now};

struct Job {
    item: Item,
    started: u64,
    /// The time of the last progress line, in nanoseconds.
    told: u64,
    /// The cause of the last failed attempt.
    last_try: Option<Cause>,
}

/// The state that all files of a run share.
struct Run<'a> {
    get: &'a Get,
    properties: Vec<Property>,
    max_running: usize,
    /// The deadline of the run.
    until: Option<Instant>,
}

pub fn run(get: &Get) -> Result<(), ()> {
    let until = get.max_time.map(|time| now() + time);
    let max_running = get.jobs.map_or(Settings::default().max_running, |jobs| jobs as usize);
    let (max_rate, max_per_origin) = (get.limit_rate, get.max_per_origin);
    let settings = Settings { max_running, max_rate, max_per_origin, ..Settings::default() };
    let items = match list::items(get) {
        Ok(items) => items,
        Err(reason) => return super::fail(&reason),
    };
    let directories = Directories { state: None, records: get.state_directory.as_deref() };
    let mut shell = match Shell::open(settings, Driver::default(), get.network, directories) {
        Ok(shell) => shell,
        Err(cause) => {
            let place = get.state_directory.iter().map(|directory| format!("{directory}: ")).collect::<String>();
            return super::fail(&format!("{place}{}", coded(cause)));
        }
    };
    match settings::properties(&mut shell, get) {
        Ok(properties) => all(&mut shell, &Run { get, properties, max_running, until }, items),
        Err(reason) => super::fail(&reason),
    }
}

/// Downloads all items, at most `max_running` at a time.
fn all(shell: &mut Shell, run: &Run<'_>, items: Vec<Item>) -> Result<(), ()> {
    let mut waiting = items.into_iter();
    let mut jobs = BTreeMap::new();
    let mut all_well = true;
    loop {
        while jobs.len() < run.max_running {
            let Some(item) = waiting.next() else { break };
            let Ok(download) = shell.create(String::new()) else { return Err(()) };
            let now = monotonic_clock::now();
            let job = Job { item, started: now, told: now, last_try: None };
            match begin(shell, download, run, &job) {
                Ok(()) => {
                    jobs.insert(download, job);
                }
                Err(cause) => {
                    tell::end(run.get, &job, shell, download, Some(Trouble::Failed(cause)));
                    let _ = shell.forget(download);
                    all_well = false;
                }
            }
        }
        if jobs.is_empty() {
            break;
        }
        let progress = shell.drive(None, run.until);
        for event in progress.events {
            let Event::Happened { subject: Subject::Download(download), what } = event else { continue };
            all_well &= follow(shell, &mut jobs, run.get, download, what);
        }
        match progress.reason {
            PauseReason::Idle => break,
            PauseReason::Elapsed => {
                stop(shell, run.get, &jobs);
                return Err(());
            }
            PauseReason::Events | PauseReason::Woken => {}
        }
    }
    if all_well && jobs.is_empty() { Ok(()) } else { Err(()) }
}

/// Stops at the deadline; received bytes are kept.
fn stop(shell: &mut Shell, get: &Get, jobs: &BTreeMap<DownloadId, Job>) {
    let mut resumable = false;
    for (download, job) in jobs {
        let _ = shell.pause(*download);
        resumable |= shell.report(*download).0.resumable && !get.to_standard_output();
        tell::end(get, job, shell, *download, Some(Trouble::OutOfTime));
    }
    let next = match resumable {
        true => "run the same command again to resume",
        false => "nothing could be kept, so the same command starts over",
    };
    let _ = super::fail(&format!("out of time; {next}"));
}

fn begin(shell: &mut Shell, download: DownloadId, run: &Run<'_>, job: &Job) -> Result<(), Cause> {
    let (get, item) = (run.get, &job.item);
    shell.set_property(download, Property::Uri(item.url.clone()))?;
    if get.to_standard_output() {
        shell.set_stream(download, get_stdout())?;
    } else {
        shell.set_property(download, Property::LocalPath(item.path.clone()))?;
    }
    for property in &run.properties {
        shell.set_property(download, property.clone())?;
    }
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
        max_length: get.max_file_size,
        min_rate: get.min_rate,
        refreshed: get.refresh,
        origin_names: get.origin_names,
    };
    shell.set_options(download, options)?;
    let mode = if get.ranges.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(get.ranges.clone()) };
    shell.start(download, mode)
}

/// Handles one event; `false` if the download failed.
fn follow(
    shell: &mut Shell,
    jobs: &mut BTreeMap<DownloadId, Job>,
    get: &Get,
    download: DownloadId,
    what: Happening,
) -> bool {
    let Some(job) = jobs.get_mut(&download) else { return true };
    if let Happening::Retrying { cause, .. } = what {
        job.last_try = Some(cause);
    }
    if what != Happening::StatusChanged {
        if let Some(remark) = tell::remark(shell, get, download, what) {
            terminal::tell(&format!("{}: {remark}", job.item.path));
        }
        return true;
    }
    let Some(status) = shell.status(download) else { return true };
    let ended = match (status.state, status.error) {
        (State::Transferred, _) => Some(shell.finalize(download)),
        (State::Paused, Some(cause)) => Some(Err(cause)),
        _ => blocked(&status).map(Err),
    };
    let Some(result) = ended else {
        tell::progress(shell, get, job, download);
        return true;
    };
    let _ = shell.pause(download);
    if let Ok(Property::LocalPath(path)) = shell.property(download, PropertyId::LocalPath) {
        job.item.path = path;
    }
    tell::end(get, job, shell, download, result.err().map(Trouble::Failed));
    jobs.remove(&download);
    let _ = shell.forget(download);
    result.is_ok()
}

/// The cause if the network's cost or absence blocks a download. The engine would continue if the network changed, but this command never
/// learns of a change, so the download ends.
fn blocked(status: &Status) -> Option<Cause> {
    let by_network =
        |cause: &Cause| matches!(cause, Cause::NoNetwork | Cause::BlockedByCost | Cause::BlockedByCellular);
    status.extended_error.filter(by_network)
}
