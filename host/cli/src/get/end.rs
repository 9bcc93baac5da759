//! The end of a file, as text for people and as JSON for programs.

use haul::{DigestAlgorithm, Error};
use haul_queue::redaction::redact;
use haul_queue::{Cause, Outcome};

use super::existing;
use super::job::{Counts, Job};
use super::{Run, Stop};
use crate::list::Item;
use crate::progress::{End, Progress, amount};
use crate::report::{self, Line};
use crate::units;

pub fn succeeded(run: &Run, job: &Job, counts: &Counts, progress: Progress) -> Outcome {
    let (bytes, kept) = (counts.bytes(), counts.report.bytes_resumed);
    progress.done(End::Done { bytes, kept });
    let verified = job.item.checksums.iter().map(|digest| format!(", {} ok", algorithm(digest.algorithm)));
    run.display.mention(&match counts.report.present {
        true => format!("{}: is complete already{}", job.target, verified.collect::<String>()),
        false => {
            let rate = units::rate(rate(job, counts));
            let kept = match kept {
                0 => String::new(),
                kept => format!(", {} kept from an earlier run", units::size(kept)),
            };
            let seconds = job.started.elapsed().as_secs_f64();
            let verified: String = verified.collect();
            format!("{}: {} in {seconds:.1} s, {rate}{kept}{verified}", job.target, units::size(bytes))
        }
    });
    print_result(run, job, counts, verified_sha256(&job.item), None);
    Outcome::AllTransferred
}

/// Adds the last attempt's error to a no-progress error, because retries are shown only while they last.
fn with_last_try(job: &Job, error: &Error) -> Cause {
    let mut cause = Cause::from(error);
    if let Some(last) = &*job.last_try.borrow()
        && cause.name.as_deref() == Some("DO_E_DOWNLOAD_NO_PROGRESS")
    {
        cause.message = format!("{}; the last try: {last}", cause.message);
    }
    cause
}

/// If the reader of standard output closed it early, as `head` does, no error is printed.
pub fn failed(run: &Run, job: &Job, error: &Error, counts: &Counts, progress: Progress) -> Outcome {
    progress.done(End::Failed);
    let mut cause = with_last_try(job, error);
    if let Some(text) = counts.report.explanation.as_ref().filter(|_| cause.outcome == Outcome::Http) {
        cause.message = format!("{}: \"{text}\"", cause.message);
    }
    if let Some(choice) = existing::describe(job, &cause, counts) {
        cause.message = choice.message;
        cause.advice = Some(choice.advice);
    }
    if !job.trouble.reader_has_left() {
        let reason = match job.trouble.reason() {
            Some(reason) => reason.to_string(),
            None if run.get.said.volume.verbose > 0 => cause.to_string(),
            None => cause.sentence(),
        };
        run.display.say(&format!("haul: {} -> {}: {reason}", redact(&job.item.url), job.target));
    }
    print_result(run, job, counts, None, Some(cause));
    Outcome::of(error)
}

pub fn stopped(run: &Run, job: &Job, counts: &Counts, stop: Stop, progress: Progress) -> Outcome {
    progress.done(End::Left);
    let keeps = counts.report.resumable && !run.get.to_standard_output();
    run.resumable.set(run.resumable.get() || keeps);
    run.display.mention(&match keeps {
        true => format!("{}: kept {}", job.target, amount(counts.bytes(), counts.total())),
        false => format!("{}: nothing kept", job.target),
    });
    print_result(run, job, counts, None, Some(Cause::without_code(stop.word(), stop.outcome())));
    Outcome::Failed
}

/// The ends of several files in one line.
pub fn summarize(run: &Run, seconds: f64) {
    let summary = run.display.summary();
    let files = summary.done + summary.failed;
    if files < 2 {
        return;
    }
    let ended = match summary.failed {
        0 => format!("{files} files"),
        failed => format!("{} of {files} files done, {failed} failed", summary.done),
    };
    let rate = units::rate((summary.bytes.saturating_sub(summary.kept) as f64 / seconds.max(0.001)) as u64);
    run.display.mention(&format!("{ended}: {} in {seconds:.1} s, {rate}", units::size(summary.bytes)));
}

fn print_result(run: &Run, job: &Job, counts: &Counts, sha256: Option<String>, error: Option<Cause>) {
    if !run.get.said.json {
        return;
    }
    let url = redact(&job.item.url);
    report::print(&Line::Result(report::Outcome {
        file: job.subject(&url),
        bytes: counts.bytes(),
        sha256,
        response: counts.response.clone(),
        resumed_bytes: counts.report.bytes_resumed,
        requests: counts.report.requests,
        restarts: counts.report.restarts,
        retries: job.retries.get(),
        seconds: job.started.elapsed().as_secs_f64(),
        rate: rate(job, counts),
        error,
    }));
}

/// Bytes per second that arrived in this run.
fn rate(job: &Job, counts: &Counts) -> u64 {
    let arrived = counts.bytes().saturating_sub(counts.report.bytes_resumed);
    (arrived as f64 / job.started.elapsed().as_secs_f64().max(0.001)) as u64
}

/// The expected SHA-256, which is also that of the file once it is verified.
fn verified_sha256(item: &Item) -> Option<String> {
    let digest = item.checksums.iter().find(|digest| digest.algorithm == DigestAlgorithm::Sha256)?;
    Some(digest.value.iter().map(|byte| format!("{byte:02x}")).collect())
}

const fn algorithm(algorithm: DigestAlgorithm) -> &'static str {
    match algorithm {
        DigestAlgorithm::Sha256 => "sha256",
        DigestAlgorithm::Sha512 => "sha512",
        DigestAlgorithm::Sha1 => "sha1",
        DigestAlgorithm::Md5 => "md5",
        DigestAlgorithm::Blake3 => "blake3",
    }
}
