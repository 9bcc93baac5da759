//! Jobs and files in columns: shortened for a terminal, complete for programs.

use haul_queue::{FileView, JobView};
use indicatif::HumanBytes;

use super::known;
use crate::table::{Cut, Table};
use crate::terminal_text::escaped;

/// Characters of a short id, so that two of 40,000 random ids rarely share one.
const SHORT: usize = 8;

/// Jobs for people.
pub fn overview(jobs: &[JobView]) -> Table<6> {
    let row = |job: &JobView| {
        [
            short(&job.id).to_owned(),
            escaped(&job.display_name),
            job.state.to_string(),
            job.priority.to_string(),
            format!("{}/{}", job.files_transferred, job.files),
            share(job.bytes, job.total),
        ]
    };
    let headings = ["ID", "NAME", "STATE", "PRIORITY", "FILES", "SIZE"];
    Table { headings, rows: jobs.iter().map(row).collect(), yielding: (1, Cut::End) }
}

/// Jobs for programs, to the byte.
pub fn exact(jobs: &[JobView]) -> Vec<[String; 8]> {
    let row = |job: &JobView| {
        [
            job.id.clone(),
            escaped(&job.display_name),
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
    Table { headings: ["STATE", "SIZE", "FILE"], rows: files.iter().map(row).collect(), yielding: (2, Cut::Beginning) }
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
            known(file.url.as_deref().map(escaped)),
        ]
    };
    files.iter().map(row).collect()
}

/// The beginning of an id.
pub fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

fn path(file: &FileView) -> String {
    known(file.path.as_ref().map(|path| escaped(&path.to_string_lossy())))
}

/// The size, with the percentage if the transfer is not complete.
fn share(bytes: u64, total: Option<u64>) -> String {
    match total {
        None => HumanBytes(bytes).to_string(),
        Some(total) if total == bytes => HumanBytes(total).to_string(),
        Some(total) => format!("{}% of {}", bytes.saturating_mul(100) / total.max(1), HumanBytes(total)),
    }
}
