//! The transfer of one file, from its properties to its name.

use haul::{
    Download, DownloadStatus, Durability, Error, Failure, Fault, Happening, Property, StartMode, TransferOptions,
};
use haul_queue::redaction::redact;
use indicatif::HumanBytes;
use tokio::sync::broadcast::error::RecvError;

use super::Run;
use super::job::{Job, Target};
use crate::arguments::Get;
use crate::list::Item;
use crate::progress::Progress;
use crate::report::{self, Line};
use crate::standard_output::StandardOutput;

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
    properties.push(Property::CallbackFreqSeconds(if run.get.said.json { 1 } else { 0 }));
    let mut events = download.events();
    download.start_with(properties, options(&run.get, &job.item), mode(&run.get)).await?;
    let status = loop {
        let what = match events.recv().await {
            Ok(what) => what,
            // The lost events may include the end, so read the status.
            Err(RecvError::Lagged(_)) => Happening::StatusChanged(download.status().await?),
            Err(RecvError::Closed) => break download.ended().await?,
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
        Happening::Restarted(reason) => format!("starting over: {reason}"),
        Happening::Retrying { cause, after } => {
            job.last_try.replace(Some(cause.description.clone()));
            if run.get.said.volume.verbose == 0 {
                return Ok(());
            }
            format!("{}; again in {:.1} s", cause.description, after.as_secs_f64())
        }
        Happening::RangeDropped { offset, length } => {
            format!("{} from byte {offset} on are wrong; fetched again", HumanBytes(length))
        }
        Happening::SourceDropped { url, cause } => format!("leaving {url}: {}", cause.description),
        Happening::Unchecked(cause) => format!("not checked piece by piece: {}", cause.description),
        _ => return Ok(()),
    };
    run.display.mention(&format!("{}: {remark}", job.target));
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
    progress.update(status.bytes_transferred, total, &segments(report.connections));
    if run.get.said.json {
        report::print(&Line::Progress {
            url: &redact(&job.item.url),
            path: job.target.path(),
            bytes: status.bytes_transferred,
            total,
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
        connections: get.pace.connections,
        overwrite: get.files.overwrite,
        fresh: get.files.fresh,
        expected: item.checksums.clone(),
        retries: Some(get.pace.retries),
        max_rate: get.pace.limit_rate_per_file,
        no_progress_timeout: Some(get.pace.timeout),
        durability: if get.files.no_sync { Durability::Process } else { Durability::Power },
        mirrors: item.mirrors.clone(),
        pieces: item.pieces.clone(),
        length: item.length,
        max_length: get.files.max_filesize,
        min_rate: get.pace.min_rate,
        refreshed: get.files.refresh,
        origin_names: get.files.content_disposition,
    }
}

fn mode(get: &Get) -> StartMode {
    if get.files.range.is_empty() { StartMode::WholeFile } else { StartMode::Ranges(get.files.range.clone()) }
}
