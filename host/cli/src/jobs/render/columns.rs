//! Jobs and files in columns: shortened for a terminal, complete for programs.

use haul_command::terminal::escaped;
use haul_queue::file::Digest;
use haul_queue::{FileView, FinishedJob, JobView};
use jiff::Timestamp;

use super::{facts, known};
use crate::table::{Cut, Table};
use crate::units;

/// Characters of a short id, so that two of 40,000 random ids rarely share one.
const SHORT: usize = 8;

/// Jobs for people. The last column has the reason for a wait or a failure, else the time to the end.
pub fn overview(jobs: &[JobView], now: Timestamp) -> Table<8> {
    let row = |job: &JobView| {
        [
            short(&job.id).to_owned(),
            escaped(&job.display_name).into_owned(),
            job.state.to_string(),
            format!("{}/{}", job.files_transferred, job.files),
            share(job.bytes, job.total),
            job.rate.map_or_else(String::new, units::rate),
            age(job.created, now),
            note(job),
        ]
    };
    let headings = ["ID", "NAME", "STATE", "FILES", "SIZE", "RATE", "AGE", ""];
    Table { headings, rows: jobs.iter().map(row).collect(), yielding: vec![(7, Cut::End), (1, Cut::End)] }
}

/// The same for a narrow terminal.
pub fn narrow_overview(jobs: &[JobView]) -> Table<4> {
    let row = |job: &JobView| {
        let done = job
            .total
            .map_or_else(|| units::short(job.bytes), |total| units::percent(job.bytes, total).to_string() + "%");
        [short(&job.id).to_owned(), escaped(&job.display_name).into_owned(), job.state.to_string(), done]
    };
    let headings = ["ID", "NAME", "STATE", "DONE"];
    Table { headings, rows: jobs.iter().map(row).collect(), yielding: vec![(1, Cut::End), (2, Cut::End)] }
}

/// The error of a job, or the time that it still takes.
fn note(job: &JobView) -> String {
    let eta = || job.eta().map(|seconds| format!("ETA {}", units::time(seconds)));
    let error = job.error.as_ref().map(|error| escaped(&error.cause.message).into_owned());
    error.or_else(eta).unwrap_or_default()
}

/// The time since `then` in its largest unit.
fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// Jobs that ended, for people.
pub fn history(jobs: &[FinishedJob]) -> Table<7> {
    let row = |job: &FinishedJob| {
        [
            short(&job.id).to_owned(),
            escaped(&job.display_name).into_owned(),
            facts::local(job.ended),
            format!("{}/{}", job.files_transferred, job.files),
            units::size(job.bytes),
            units::time(job.seconds),
            job.digest.as_ref().map_or_else(String::new, Digest::to_string),
        ]
    };
    let headings = ["ID", "NAME", "ENDED", "FILES", "SIZE", "TIME", "DIGEST"];
    Table {
        headings,
        rows: jobs.iter().map(row).collect(),
        yielding: vec![(6, Cut::End), (1, Cut::End), (2, Cut::End)],
    }
}

/// Jobs that ended, for programs.
pub fn exact_history(jobs: &[FinishedJob]) -> Vec<[String; 9]> {
    let row = |job: &FinishedJob| {
        [
            job.id.clone(),
            escaped(&job.display_name).into_owned(),
            job.ending.to_string(),
            job.files_transferred.to_string(),
            job.files.to_string(),
            job.bytes.to_string(),
            job.ended.to_string(),
            job.seconds.to_string(),
            known(job.digest.as_ref().map(Digest::to_string)),
        ]
    };
    jobs.iter().map(row).collect()
}

/// Jobs for programs, to the byte.
pub fn exact(jobs: &[JobView]) -> Vec<[String; 8]> {
    let row = |job: &JobView| {
        [
            job.id.clone(),
            escaped(&job.display_name).into_owned(),
            job.state.to_string(),
            job.priority.to_string(),
            job.files_transferred.to_string(),
            job.files.to_string(),
            job.bytes.to_string(),
            known(job.total.map(|total| total.to_string())),
        ]
    };
    jobs.iter().map(row).collect()
}

/// Files for people.
pub fn contents(files: &[FileView]) -> Table<3> {
    let row = |file: &FileView| [file.state.to_string(), share(file.bytes, file.total), path(file)];
    Table {
        headings: ["STATE", "SIZE", "FILE"],
        rows: files.iter().map(row).collect(),
        yielding: vec![(2, Cut::Beginning)],
    }
}

/// Files for programs, to the byte.
pub fn exact_contents(files: &[FileView]) -> Vec<[String; 6]> {
    let row = |file: &FileView| {
        [
            file.job.clone(),
            file.state.to_string(),
            file.bytes.to_string(),
            known(file.total.map(|total| total.to_string())),
            path(file),
            known(file.url.as_deref().map(|url| escaped(url).into_owned())),
        ]
    };
    files.iter().map(row).collect()
}

/// The beginning of an id.
pub fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

fn path(file: &FileView) -> String {
    known(file.path.as_ref().map(|path| escaped(&path.to_string_lossy()).into_owned()))
}

/// The size, with the percentage if the transfer is not complete.
fn share(bytes: u64, total: Option<u64>) -> String {
    match total {
        None => units::size(bytes),
        Some(total) if total == bytes => units::size(total),
        Some(total) => format!("{}% of {}", units::percent(bytes, total), units::size(total)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let shown = [0, 59, 60, 7199, 86_400, -5].map(|seconds| age(at(0), at(seconds)));
        assert_eq!(shown, ["0 s", "59 s", "1 min", "1 h", "1 d", "0 s"]);
    }
}
