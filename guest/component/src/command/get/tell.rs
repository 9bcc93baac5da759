//! Messages about a file, on its way and at its end.

use alloc::format;
use alloc::string::String;

use haul_command::arguments::Arguments;
use haul_core::border::identity::DownloadId;
use haul_core::border::output::{Happening, Subject};
use haul_core::content::digest::Algorithm;
use haul_core::failure::{Cause, Fault};
use haul_core::parse::url::redact;
use haul_core::transfer::Report;
use wasip2::clocks::monotonic_clock;

use super::Job;
use crate::command::list::Item;
use crate::command::report::{Failure, Line, Outcome, human};
use crate::command::{sentence, terminal, told};
use crate::shell::Shell;

/// Nanoseconds between two lines of progress of one file, so that the log of an hour has hundreds of lines, not thousands.
const LINES: u64 = 5_000_000_000;

/// Whether events such as restarts are printed.
const fn mentions(arguments: &Arguments) -> bool {
    !arguments.quiet && (!arguments.json || arguments.verbose > 0)
}

/// The message for an event other than the end; `None` if it is not printed.
pub fn remark(shell: &Shell, arguments: &Arguments, download: DownloadId, what: Happening) -> Option<String> {
    let text = match what {
        Happening::Retrying { cause, after, .. } if arguments.verbose > 0 => {
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
    mentions(arguments).then_some(text)
}

/// Prints a retry or a restart as JSON.
pub fn event(arguments: &Arguments, job: &Job, what: Happening) {
    let file = job.subject();
    match what {
        Happening::Retrying { cause, after, asked } if arguments.json => {
            let (error, seconds) = (Failure::of(cause), after.as_secs_f64());
            terminal::json(&Line::Retry { file, error, seconds, asked });
        }
        Happening::Restarted(reason) if arguments.json => {
            terminal::json(&Line::Restart { file, reason: reason.description() });
        }
        _ => {}
    }
}

pub fn progress(shell: &Shell, arguments: &Arguments, job: &mut Job, download: DownloadId) {
    let Some(status) = shell.status(download) else { return };
    let (report, connections) = shell.report(download);
    let total = (status.bytes_total > 0).then_some(status.bytes_total);
    let bytes = status.bytes_transferred;
    let now = monotonic_clock::now();
    if arguments.json {
        let (connections, resumable) = (connections as u32, report.resumable);
        let rate = Some(rate(job, bytes.saturating_sub(report.resumed))).filter(|rate| *rate > 0);
        terminal::json(&Line::Progress { file: job.subject(), bytes, total, rate, connections, resumable });
    } else if !arguments.quiet && bytes > 0 && now.saturating_sub(job.told) >= LINES {
        job.told = now;
        let share = total
            .map_or_else(String::new, |total| format!(" of {} ({}%)", human(total), bytes.saturating_mul(100) / total));
        terminal::tell(&format!("{}: {}{share}", job.path(), human(bytes)));
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
    fn of(self, job: &Job, report: &Report) -> Failure {
        match self {
            Self::Failed(cause) => Failure { message: description(job, report, cause), ..Failure::of(cause) },
            Self::OutOfTime => Failure::without_code("out of time", "out-of-time"),
        }
    }
}

/// The description of `cause`, with the origin's own words if it refused. If no byte arrived in time, the last attempt's error is added, because it gives the reason.
fn description(job: &Job, report: &Report, cause: Cause) -> String {
    if let Some(text) = report.explanation.as_ref().filter(|_| cause.fault() == Fault::Origin) {
        return format!("{}: \"{text}\"", cause.description());
    }
    match job.last_try.filter(|_| cause == Cause::NoProgress) {
        Some(last) => format!("{}; the last try: {}", cause.description(), last.description()),
        None => cause.description().into_owned(),
    }
}

/// Reports the end of a file. If the reader of standard output closed it early, no error is printed.
pub fn end(arguments: &Arguments, job: &Job, shell: &Shell, download: DownloadId, trouble: Option<Trouble>) {
    let (report, _) = shell.report(download);
    let bytes = shell.status(download).map_or(0, |status| status.bytes_transferred);
    let seconds = job.seconds();
    let rate = rate(job, bytes.saturating_sub(report.resumed));
    match trouble {
        Some(Trouble::Failed(cause)) if !shell.reader_has_left(download) => {
            let description = description(job, &report, cause);
            let advice = shell.status(download).and_then(|status| status.advice()).unwrap_or(cause.advice());
            let told =
                if arguments.verbose > 0 { told(&description, cause, advice) } else { sentence(&description, advice) };
            terminal::tell(&format!("haul: {} -> {}: {told}", redact(&job.item.entry.url), job.path()));
        }
        Some(Trouble::OutOfTime) if mentions(arguments) => {
            let keeps = report.resumable && !arguments.to_standard_output();
            let kept = if keeps { format!("kept {}", human(bytes)) } else { "nothing kept".into() };
            terminal::tell(&format!("{}: {kept}", job.path()));
        }
        None if mentions(arguments) => {
            let how = match report.present {
                true => "is complete already".into(),
                false => format!("{} in {seconds:.1} s, {}/s", human(bytes), human(rate)),
            };
            let resumed = match report.resumed {
                0 => String::new(),
                resumed => format!(", {} kept from an earlier run", human(resumed)),
            };
            let verified: String =
                job.item.entry.digests.iter().map(|digest| format!(", {} ok", word(digest.algorithm))).collect();
            terminal::tell(&format!("{}: {how}{resumed}{verified}", job.path()));
        }
        _ => {}
    }
    if arguments.json {
        let outcome = Outcome {
            file: job.subject(),
            bytes,
            sha256: trouble.is_none().then(|| verified_sha256(&job.item)).flatten(),
            http_status: report.last_status.map(Into::into),
            content_type: report.last_fields.as_deref().and_then(|fields| field(fields, "content-type")),
            final_url: report.redirected_to.as_deref().map(redact),
            resumed_bytes: report.resumed,
            requests: report.requests,
            restarts: report.restarts,
            retries: job.retries,
            seconds,
            rate,
            error: trouble.map(|trouble| trouble.of(job, &report)),
        };
        terminal::json(&Line::Result(outcome));
    }
}

/// Bytes per second of this run, in which `arrived` bytes came.
fn rate(job: &Job, arrived: u64) -> u64 {
    (arrived as f64 / job.seconds().max(0.001)) as u64
}

/// The value of a field in a response head, one `name: value` on each line.
fn field(fields: &str, name: &str) -> Option<String> {
    let mut named = fields.lines().filter_map(|line| line.split_once(':'));
    named.find(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().into())
}

const fn word(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "sha256",
        Algorithm::Sha512 => "sha512",
        Algorithm::Sha1 => "sha1",
        Algorithm::Md5 => "md5",
        Algorithm::Blake3 => "blake3",
    }
}

/// The expected SHA-256, which is also that of the file once it is verified.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.entry.digests.iter().find(|digest| digest.algorithm == Algorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}
