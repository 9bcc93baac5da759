//! The transfer of one file, from its properties to its name.

use std::time::{Duration, Instant};

use haul::{
    Download, DownloadStatus, Durability, Error, EventsError, Failure, Fault, Happening, Property, StartMode,
    TransferOptions,
};
use haul_queue::Cause;
use haul_queue::redaction::redact;

use super::Run;
use super::job::{Job, Target};
use super::reason::reason;
use crate::arguments::Get;
use crate::list::Item;
use crate::progress::{Progress, Wait};
use crate::report::{self, Line};
use crate::standard_output::StandardOutput;
use crate::units;

/// The time for a host that cannot be found or refuses connections, if nothing ever arrived: not less, because a network that wakes up
/// needs some seconds, and not more, because a name that was mistyped never gets right.
const UNREACHABLE_TIMEOUT: Duration = Duration::from_secs(5);

pub async fn transfer(run: &Run, job: &Job, download: &Download, progress: &Progress) -> Result<(), Error> {
    let mut properties = vec![Property::Uri(job.item.url.clone())];
    match &job.target {
        Target::File(path) => match path.to_str() {
            Some(text) => properties.push(Property::LocalPath(text.into())),
            None => download.set_local_path(path).await?,
        },
        Target::StandardOutput => download.set_stream(StandardOutput::new(job.trouble.clone())).await?,
    }
    properties.extend(run.properties.iter().cloned());
    if !job.item.headers.is_empty() {
        let all = run.get.requests.header.iter().chain(&job.item.headers);
        properties.push(Property::HttpCustomHeaders(all.map(|header| format!("{header}\r\n")).collect()));
    }
    properties.push(Property::CallbackFreqSeconds(if run.get.said.json { 1 } else { 0 }));
    let mut events = download.events();
    download.start_with(properties, options(&run.get, &job.item), mode(&run.get)).await?;
    let status = loop {
        let what = match events.recv().await {
            Ok(what) => what,
            // The lost events may include the end, so read the status.
            Err(EventsError::Missed(_)) => Happening::StatusChanged(download.status().await?),
            Err(_) => break download.ended().await?.into_status(),
        };
        match what {
            Happening::StatusChanged(status) if status.is_ended() => break status,
            what => follow(run, job, download, progress, what).await?,
        }
    };
    match status.error {
        Some(failure) => Err(Error::Failed(failure)),
        None => download.finalize().await,
    }
}

async fn follow(run: &Run, job: &Job, download: &Download, progress: &Progress, what: Happening) -> Result<(), Error> {
    let remark = match what {
        Happening::StatusChanged(status) => {
            if run.display.shows_progress() || run.get.said.json {
                show(run, job, download, progress, &status).await?;
            }
            return blocked(download, status).await;
        }
        Happening::Restarted(reason) => {
            if run.get.said.json {
                let (url, reason) = (redact(&job.item.url), reason.to_string());
                report::print(&Line::Restart { file: job.subject(&url), reason: &reason });
            }
            format!("starting over: {reason}")
        }
        Happening::Retrying { cause, after, asked } => {
            retry(run, job, download, progress, &cause, after, asked).await?;
            if run.get.said.volume.verbose == 0 {
                return Ok(());
            }
            format!("{}; again in {:.1} s", cause.description, after.as_secs_f64())
        }
        Happening::RangeDropped { offset, length } => {
            format!("{} from byte {offset} on are wrong; fetched again", units::size(length))
        }
        Happening::SourceDropped { url, cause } => format!("leaving {url}: {}", cause.description),
        Happening::Unchecked(cause) => format!("not checked piece by piece: {}", cause.description),
        _ => return Ok(()),
    };
    run.display.mention(&format!("{}: {remark}", job.target));
    Ok(())
}

/// Shows a failed attempt on the file's line, and as JSON.
async fn retry(
    run: &Run,
    job: &Job,
    download: &Download,
    progress: &Progress,
    failure: &Failure,
    after: Duration,
    asked: bool,
) -> Result<(), Error> {
    let cause = Cause::from(failure);
    job.last_try.replace(Some(cause.message.clone()));
    let attempt = job.count_retry(download.status().await?.bytes_transferred);
    if run.get.said.json {
        let (url, seconds) = (redact(&job.item.url), after.as_secs_f64());
        report::print(&Line::Retry { file: job.subject(&url), error: &cause, seconds, asked });
    }
    // A host that is out of reach has a limit in time.
    let out_of_reach = job.bytes_at_retry.get() == 0 && !run.get.pace.retry_connrefused;
    let attempts = (!out_of_reach).then_some(run.get.pace.retries);
    progress.wait(Wait { reason: reason(&cause), attempt, attempts, until: Instant::now() + after, asked });
    Ok(())
}

async fn show(
    run: &Run,
    job: &Job,
    download: &Download,
    progress: &Progress,
    status: &DownloadStatus,
) -> Result<(), Error> {
    let report = download.report().await?;
    let total = (status.bytes_total > 0).then_some(status.bytes_total);
    progress.update(status.bytes_transferred, report.bytes_resumed, total, &segments(report.connections));
    if run.get.said.json {
        let arrived = status.bytes_transferred.saturating_sub(report.bytes_resumed);
        let seconds = job.started.elapsed().as_secs_f64();
        report::print(&Line::Progress {
            file: job.subject(&redact(&job.item.url)),
            bytes: status.bytes_transferred,
            total,
            rate: (arrived > 0).then(|| (arrived as f64 / seconds.max(0.001)) as u64),
            connections: report.connections,
            resumable: report.resumable,
        });
    }
    Ok(())
}

fn segments(connections: u32) -> String {
    if connections > 1 { format!("{connections} segments") } else { String::new() }
}

/// Ends a download that is blocked by the network's cost or absence. The engine would continue if the network changed, but this command
/// never learns of a change.
async fn blocked(download: &Download, status: DownloadStatus) -> Result<(), Error> {
    let by_network = |failure: &Failure| failure.fault == Fault::Policy || failure.is_offline();
    let Some(failure) = status.extended_error.filter(by_network) else { return Ok(()) };
    download.pause().await?;
    Err(Error::Failed(failure))
}

fn options(get: &Get, item: &Item) -> TransferOptions {
    TransferOptions {
        connections: item.connections.or(get.pace.connections),
        overwrite: item.overwrite || get.files.overwrite,
        fresh: get.files.fresh,
        expected: item.checksums.clone(),
        retries: item.retries.or(Some(get.pace.retries)),
        max_rate: item.max_rate.or(get.pace.limit_rate_per_file),
        no_progress_timeout: Some(get.pace.timeout),
        durability: if get.files.no_sync { Durability::Process } else { Durability::Power },
        mirrors: item.mirrors.clone(),
        pieces: item.pieces.clone(),
        length: item.length,
        max_length: get.files.max_filesize,
        min_rate: item.min_rate.or(get.pace.min_rate),
        refreshed: get.files.refresh,
        origin_names: get.files.content_disposition,
        first_byte_timeout: None,
        ignore_origin_digests: get.proof.ignore_origin_digests,
        unreachable_timeout: (!get.pace.retry_connrefused).then_some(UNREACHABLE_TIMEOUT),
    }
}

fn mode(get: &Get) -> StartMode {
    if get.files.range.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(get.files.range.clone()) }
}
