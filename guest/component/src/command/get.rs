//! `get`: downloads that last as long as the command.

mod tell;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use haul_command::arguments::{Arguments, Rate};
use haul_command::cookies::Cookies;
use haul_command::file_path::FilePath;
use haul_command::headers;
use haul_command::identity::Identity;
use haul_command::netrc::Netrc;
use haul_core::border::identity::DownloadId;
use haul_core::border::output::{Happening, Subject};
use haul_core::border::time::Instant;
use haul_core::download::{StartMode, State, Status};
use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::parse::url::{Url, redact};
use haul_core::settings::durability::Durability;
use haul_core::settings::property::{Property, PropertyId};
use haul_core::settings::transfer_options::TransferOptions;
use wasip2::cli::stdout::get_stdout;
use wasip2::clocks::{monotonic_clock, wall_clock};

use self::tell::Trouble;
use super::list::{self, Item};
use super::report::FileRef;
use super::{coded, documents, settings, terminal};
use crate::shell::{Directories, Driver, Event, PauseReason, Shell, now};

struct Job {
    item: Item,
    started: u64,
    /// The time of the last progress line, in nanoseconds.
    told: u64,
    /// The cause of the last failed attempt.
    last_try: Option<Cause>,
    /// Failed attempts.
    retries: u32,
}

impl Job {
    /// The path without a `./` in front, which says nothing. It stays in front of a name that would look like an option.
    fn path(&self) -> &str {
        let rest = self.item.path.strip_prefix("./").filter(|rest| !rest.is_empty() && !rest.starts_with('-'));
        rest.unwrap_or(&self.item.path)
    }

    fn subject(&self) -> FileRef<'_> {
        FileRef { url: redact(&self.item.entry.url), path: self.path() }
    }

    fn seconds(&self) -> f64 {
        (monotonic_clock::now() - self.started) as f64 / 1e9
    }
}

/// The time for a host that cannot be found or refuses connections, if nothing ever arrived, as in the native command: not less,
/// because a network that wakes up needs some seconds, and not more, because a name that was mistyped never gets right.
const UNREACHABLE_TIMEOUT: Duration = Duration::from_secs(5);

/// The state that all files of a run share.
struct Run<'a> {
    arguments: &'a Arguments,
    properties: Vec<Property>,
    max_running: usize,
    /// The deadline of the run.
    until: Option<Instant>,
}

pub fn run(arguments: &mut Arguments) -> Result<(), ()> {
    let until = arguments.max_time.map(|time| now() + time);
    let (items, sound) = match prepare(arguments) {
        Ok(prepared) => prepared,
        Err(reason) => return super::fail(&reason),
    };
    let arguments = &*arguments;
    let max_running = arguments.parallel as usize;
    let (max_rate, max_per_origin) = (limit(arguments), arguments.max_per_origin);
    let settings = Settings { max_running, max_rate, max_per_origin, ..Settings::default() };
    let records = arguments.state_directory.as_ref().map(|directory| directory.to_text());
    let directories = Directories { state: None, records: records.as_deref() };
    let network = arguments.network.unwrap_or_default();
    let mut shell = match Shell::open(settings, Driver::default(), network, directories) {
        Ok(shell) => shell,
        Err(cause) => {
            let place = records.iter().map(|directory| format!("{directory}: ")).collect::<String>();
            return super::fail(&format!("{place}{}", coded(cause)));
        }
    };
    let outcome = match settings::properties(&mut shell, arguments) {
        Ok(properties) => all(&mut shell, &Run { arguments, properties, max_running, until }, items),
        Err(reason) => super::fail(&reason),
    };
    if sound { outcome } else { Err(()) }
}

/// Reads lists, documents and files of headers, and whether every line of a list was right.
fn prepare(arguments: &mut Arguments) -> Result<(Vec<Item>, bool), String> {
    let (mut items, sound) = list::items(arguments)?;
    for (option, headers) in [("--header", &mut arguments.headers), ("--auth-header", &mut arguments.auth_headers)] {
        *headers = headers::read(option, core::mem::take(headers), |path| documents::text(&path.into()))?;
    }
    let identity = identity(arguments)?;
    for Item { entry, .. } in &mut items {
        let given: Vec<_> = arguments.headers.iter().chain(&entry.headers).cloned().collect();
        entry.headers.extend(identity.headers(&entry.url, &given, wall_clock::now().seconds));
    }
    Ok((items, sound))
}

fn identity(arguments: &Arguments) -> Result<Identity, String> {
    let text = |path: &Option<FilePath>| path.as_ref().map_or(Ok(String::new()), documents::text);
    let user = match &arguments.user {
        Some((_, None)) => return Err("--user: a component cannot ask for the password; write USER:PASSWORD".into()),
        Some((user, Some(password))) => Some((user.clone(), password.clone())),
        None => None,
    };
    let (netrc, cookies) = (text(&arguments.netrc_file)?, text(&arguments.cookies)?);
    Ok(Identity { user, netrc: Netrc::parse(&netrc), cookies: Cookies::parse(&cookies) })
}

/// The rate of all files together.
pub fn limit(arguments: &Arguments) -> Option<u64> {
    match arguments.limit_rate {
        Some(Rate::Limited(rate)) => Some(rate),
        Some(Rate::Unlimited) | None => None,
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
            let job = Job { item, started: now, told: now, last_try: None, retries: 0 };
            match begin(shell, download, run, &job) {
                Ok(()) => {
                    jobs.insert(download, job);
                }
                Err(cause) => {
                    tell::end(run.arguments, &job, shell, download, Some(Trouble::Failed(cause)));
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
            all_well &= follow(shell, &mut jobs, run.arguments, download, what);
        }
        match progress.reason {
            PauseReason::Idle => break,
            PauseReason::Elapsed => {
                stop(shell, run.arguments, &jobs);
                return Err(());
            }
            PauseReason::Events | PauseReason::Woken => {}
        }
    }
    if all_well && jobs.is_empty() { Ok(()) } else { Err(()) }
}

/// Stops at the deadline; received bytes are kept.
fn stop(shell: &mut Shell, arguments: &Arguments, jobs: &BTreeMap<DownloadId, Job>) {
    let mut resumable = false;
    for (download, job) in jobs {
        let _ = shell.pause(*download);
        resumable |= shell.report(*download).0.resumable && !arguments.to_standard_output();
        tell::end(arguments, job, shell, *download, Some(Trouble::OutOfTime));
    }
    let next = match resumable {
        true => "run the same command again to resume",
        false => "nothing could be kept, so the same command starts over",
    };
    let _ = super::fail(&format!("out of time; {next}"));
}

fn begin(shell: &mut Shell, download: DownloadId, run: &Run<'_>, job: &Job) -> Result<(), Cause> {
    let (arguments, Item { entry, path, pieces, length }) = (run.arguments, &job.item);
    shell.set_property(download, Property::Uri(entry.url.clone()))?;
    if arguments.to_standard_output() {
        shell.set_stream(download, get_stdout())?;
    } else {
        shell.set_property(download, Property::LocalPath(path.clone()))?;
    }
    for property in &run.properties {
        shell.set_property(download, property.clone())?;
    }
    if !entry.headers.is_empty() {
        let all = arguments.headers.iter().chain(&entry.headers).map(|header| format!("{header}\r\n"));
        shell.set_property(download, Property::HttpCustomHeaders(all.collect()))?;
    }
    let options = TransferOptions {
        connections: entry.connections.or(arguments.connections),
        overwrite: entry.overwrite || arguments.overwrite,
        fresh: arguments.fresh,
        expected: entry.digests.clone(),
        retries: entry.retries.or(Some(arguments.retries)),
        max_rate: entry.max_rate.or(arguments.limit_rate_per_file),
        no_progress_timeout: Some(arguments.timeout),
        durability: if arguments.no_sync { Durability::Process } else { Durability::Power },
        mirrors: entry.mirrors.iter().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).collect::<Result<_, _>>()?,
        pieces: pieces.clone(),
        length: *length,
        max_length: arguments.max_file_size,
        min_rate: entry.min_rate.or(arguments.min_rate),
        refreshed: arguments.refresh,
        origin_names: arguments.origin_names,
        first_byte_timeout: None,
        ignore_origin_digests: arguments.ignore_origin_digests,
        unreachable_timeout: (!arguments.retry_connrefused).then_some(UNREACHABLE_TIMEOUT),
    };
    shell.set_options(download, options)?;
    let ranges = &arguments.ranges;
    let mode = if ranges.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(ranges.clone()) };
    shell.start(download, mode)
}

/// Handles one event; `false` if the download failed.
fn follow(
    shell: &mut Shell,
    jobs: &mut BTreeMap<DownloadId, Job>,
    arguments: &Arguments,
    download: DownloadId,
    what: Happening,
) -> bool {
    let Some(job) = jobs.get_mut(&download) else { return true };
    if let Happening::Retrying { cause, .. } = what {
        job.last_try = Some(cause);
        job.retries = job.retries.saturating_add(1);
    }
    tell::event(arguments, job, what);
    if what != Happening::StatusChanged {
        if let Some(remark) = tell::remark(shell, arguments, download, what) {
            terminal::tell(&format!("{}: {remark}", job.path()));
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
        tell::progress(shell, arguments, job, download);
        return true;
    };
    let _ = shell.pause(download);
    if let Ok(Property::LocalPath(path)) = shell.property(download, PropertyId::LocalPath) {
        job.item.path = path;
    }
    tell::end(arguments, job, shell, download, result.err().map(Trouble::Failed));
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
