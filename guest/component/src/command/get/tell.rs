//! Messages about a file, on its way and at its end.

use alloc::format;
use alloc::string::String;

use haul_core::border::identity::DownloadId;
use haul_core::border::output::{Happening, Subject};
use haul_core::content::digest::Algorithm;
use haul_core::failure::Cause;
use haul_core::parse::url::redact;
use wasip2::clocks::monotonic_clock;

use super::Job;
use crate::command::arguments::Get;
use crate::command::list::Item;
use crate::command::report::{Failure, Line, Outcome, human};
use crate::command::{terminal, told};
use crate::shell::Shell;

/// Nanoseconds between two lines of progress of one file, so that the log of an hour has hundreds of lines, not thousands.
const LINES: u64 = 5_000_000_000;

/// The message for an event other than the end; `None` if it is not printed.
pub fn remark(shell: &Shell, get: &Get, download: DownloadId, what: Happening) -> Option<String> {
    let text = match what {
        Happening::Retrying { cause, after } if get.verbose => {
            format!("{}; again in {:.1} s", cause.description(), after.as_secs_f64())
        }
        Happening::Restarted(reason) => format!("starting over: {}", reason.description()),
        Happening::SourceDropped { source, cause } => {
            format!("leaving {}: {}", shell.source(Subject::Download(download), source), cause.description())
        }
        Happening::RangeDropped(range) => {
            format!("{} from byte {} on are wrong; fetched again", human(range.len()), range.start)
        }
        Happening::Unchecked { cause } => format!("not checked piece by piece: {}", cause.description()),
        Happening::Retrying { .. }
        | Happening::StatusChanged
        | Happening::Ending(_)
        | Happening::Modification
        | Happening::OwnerChanged => {
            return None;
        }
    };
    get.mentions().then_some(text)
}

pub fn progress(shell: &Shell, get: &Get, job: &mut Job, download: DownloadId) {
    let Some(status) = shell.status(download) else { return };
    let (report, connections) = shell.report(download);
    let total = (status.bytes_total > 0).then_some(status.bytes_total);
    let bytes = status.bytes_transferred;
    let now = monotonic_clock::now();
    if get.json {
        let connections = connections as u32;
        let resumable = report.resumable;
        let url = redact(&job.item.url);
        terminal::json(&Line::Progress { url, path: &job.item.path, bytes, total, connections, resumable });
    } else if !get.quiet && bytes > 0 && now.saturating_sub(job.told) >= LINES {
        job.told = now;
        let share = total
            .map_or_else(String::new, |total| format!(" of {} ({}%)", human(total), bytes.saturating_mul(100) / total));
        terminal::tell(&format!("{}: {}{share}", job.item.path, human(bytes)));
    }
}

/// The reason the file is not complete.
#[derive(Clone, Copy)]
pub enum Trouble {
    Failed(Cause),
    /// The deadline of the run is over, which the command reports once.
    OutOfTime,
}

impl Trouble {
    fn of(self, job: &Job) -> Failure {
        match self {
            Self::Failed(cause) => Failure { message: description(job, cause), ..Failure::of(cause) },
            Self::OutOfTime => Failure { code: None, name: None, message: "out of time".into() },
        }
    }
}

/// The description of `cause`. If no byte arrived in time, the last attempt's error is added, because it gives the reason.
fn description(job: &Job, cause: Cause) -> String {
    match job.last_try.filter(|_| cause == Cause::NoProgress) {
        Some(last) => format!("{}; the last try: {}", cause.description(), last.description()),
        None => cause.description().into_owned(),
    }
}

/// Reports the end of a file. If the reader of standard output closed it early, no error is printed.
pub fn end(get: &Get, job: &Job, shell: &Shell, download: DownloadId, trouble: Option<Trouble>) {
    let (report, _) = shell.report(download);
    let bytes = shell.status(download).map_or(0, |status| status.bytes_transferred);
    let seconds = (monotonic_clock::now() - job.started) as f64 / 1e9;
    if let Some(Trouble::Failed(cause)) = trouble {
        if !shell.reader_has_left(download) {
            let told = told(&description(job, cause), cause);
            terminal::tell(&format!("haul: {} -> {}: {told}", redact(&job.item.url), job.item.path));
        }
    } else if get.mentions() && trouble.is_none() {
        let how =
            if report.present { "is complete already".into() } else { format!("{} in {seconds:.1} s", human(bytes)) };
        let resumed = match report.resumed {
            0 => String::new(),
            resumed => format!(", {} kept from an earlier run", human(resumed)),
        };
        terminal::tell(&format!("{}: {how}{resumed}", job.item.path));
    }
    if get.json {
        let outcome = Outcome {
            url: redact(&job.item.url),
            path: &job.item.path,
            bytes,
            sha256: trouble.is_none().then(|| verified_sha256(&job.item)).flatten(),
            resumed_bytes: report.resumed,
            requests: report.requests,
            restarts: report.restarts,
            seconds,
            error: trouble.map(|trouble| trouble.of(job)),
        };
        terminal::json(&Line::Result(outcome));
    }
}

/// The expected SHA-256, which is also that of the file once it is verified.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.checksums.iter().find(|digest| digest.algorithm == Algorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}
