//! The end of a file, as text for people and as JSON for programs.

use haul::{DigestAlgorithm, Error};
use haul_queue::Outcome;
use haul_queue::redaction::redact;
use indicatif::HumanBytes;

use super::job::{Counts, Job};
use super::{Run, Stop};
use crate::list::Item;
use crate::report::{self, Line};

pub fn succeeded(run: &Run, job: &Job, counts: &Counts) -> Outcome {
    let seconds = job.started.elapsed().as_secs_f64();
    let resumed = match counts.report.bytes_resumed {
        0 => String::new(),
        resumed => format!(", {} of them kept from an earlier run", HumanBytes(resumed)),
    };
    run.display.mention(&match counts.report.present {
        true => format!("{}: is complete already", job.target),
        false => format!("{}: {} in {seconds:.1} s{resumed}", job.target, HumanBytes(counts.bytes())),
    });
    print_result(run, job, counts, verified_sha256(&job.item), None);
    Outcome::AllTransferred
}

/// Adds the last attempt's error to a no-progress error, because retries are shown only with `--verbose`.
fn with_last_try(job: &Job, error: &Error) -> Error {
    let mut error = error.clone();
    if let (Error::Failed(failure), Some(last)) = (&mut error, &*job.last_try.borrow())
        && failure.name == "DO_E_DOWNLOAD_NO_PROGRESS"
    {
        failure.description = format!("{}; the last try: {last}", failure.description);
    }
    error
}

/// If the reader of standard output closed it early, as `head` does, no error is printed.
pub fn failed(run: &Run, job: &Job, error: &Error, counts: &Counts) -> Outcome {
    let error = with_last_try(job, error);
    if !job.trouble.reader_has_left() {
        let reason = job.trouble.reason().map_or_else(|| error.to_string(), ToString::to_string);
        run.display.say(&format!("haul: {} -> {}: {reason}", redact(&job.item.url), job.target));
    }
    print_result(run, job, counts, None, Some((&error).into()));
    Outcome::of(&error)
}

pub fn stopped(run: &Run, job: &Job, counts: &Counts, stop: Stop) -> Outcome {
    run.resumable.set(run.resumable.get() || counts.report.resumable && !run.get.to_standard_output());
    print_result(run, job, counts, None, Some(report::Failure::without_code(stop.word())));
    Outcome::Failed
}

fn print_result(run: &Run, job: &Job, counts: &Counts, sha256: Option<String>, error: Option<report::Failure>) {
    if !run.get.said.json {
        return;
    }
    report::print(&Line::Result(report::Outcome {
        url: &redact(&job.item.url),
        path: job.target.path(),
        bytes: counts.bytes(),
        sha256,
        resumed_bytes: counts.report.bytes_resumed,
        requests: counts.report.requests,
        restarts: counts.report.restarts,
        seconds: job.started.elapsed().as_secs_f64(),
        error,
    }));
}

/// The expected SHA-256, which is also that of the file once it is verified.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.checksums.iter().find(|digest| digest.algorithm == DigestAlgorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}
