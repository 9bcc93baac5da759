//! Jobs and files on standard output: in columns for people, with tabs or as JSON for programs.

mod columns;
mod facts;

use console::Term;
use haul_command::terminal::escaped;
use haul_queue::{FileView, FinishedJob, JobView};
use jiff::Timestamp;
use serde::Serialize;

use self::columns::{contents, exact, exact_contents, exact_history, history, narrow_overview, overview, short};
use crate::output::write;
use crate::report;
use crate::table::separated;

/// Columns below which a list has only the most important facts, because the full table takes this many.
const NARROW: usize = 80;

pub struct Renderer {
    pub json: bool,
    /// Columns of the terminal; `None` if standard output is not one.
    width: Option<usize>,
}

/// A line of JSON about a job that is not in the queue.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finished(&'a FinishedJob),
}

/// A job with its files.
#[derive(Serialize)]
struct WithFiles<'a> {
    #[serde(flatten)]
    job: &'a JobView,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_list: Option<&'a [FileView]>,
}

impl Renderer {
    pub fn new(json: bool) -> Self {
        Self { json, width: Term::stdout().size_checked().map(|(_, width)| usize::from(width)) }
    }

    /// Prints the ids of new jobs, for scripts.
    pub fn made(&self, jobs: &[JobView]) {
        match self.json {
            true => jobs.iter().for_each(report::print),
            false => write(&jobs.iter().map(|job| format!("{}\n", job.id)).collect::<String>()),
        }
    }

    /// Prints changed jobs as JSON. Without `--json`, success prints nothing.
    pub fn changed(&self, jobs: &[JobView]) {
        if self.json {
            jobs.iter().for_each(report::print);
        }
    }

    pub fn list(&self, jobs: &[JobView]) {
        if self.json {
            return jobs.iter().for_each(report::print);
        }
        write(&match self.width {
            Some(_) if jobs.is_empty() => "The queue is empty.\n".into(),
            Some(width) if width < NARROW => narrow_overview(jobs).aligned(width),
            Some(width) => overview(jobs, Timestamp::now()).aligned(width),
            None => separated(&exact(jobs)),
        });
    }

    /// Prints jobs that ended, below those of the queue.
    pub fn finished(&self, jobs: &[FinishedJob]) {
        if self.json {
            return jobs.iter().for_each(|job| report::print(&Line::Finished(job)));
        }
        write(&match self.width {
            Some(_) if jobs.is_empty() => String::new(),
            Some(width) => format!("\n{}", history(jobs).aligned(width)),
            None => separated(&exact_history(jobs)),
        });
    }

    pub fn details(&self, job: &JobView, files: Option<&[FileView]>) {
        if self.json {
            return report::print(&WithFiles { job, file_list: files });
        }
        let facts = facts::of_job(job, self.width.is_some()).into_iter();
        let lines = facts.map(|(name, value)| format!("{name:<16}{}\n", escaped(&value)));
        write(&lines.chain(["\n".into()]).collect::<String>());
        if let Some(files) = files {
            self.files(files);
            write("\n");
        }
    }

    pub fn files(&self, files: &[FileView]) {
        if self.json {
            return files.iter().for_each(report::print);
        }
        write(&match self.width {
            Some(_) if files.is_empty() => String::new(),
            Some(width) => contents(files).aligned(width),
            None => separated(&exact_contents(files)),
        });
    }

    pub fn errors(&self, job: &JobView, files: &[FileView]) {
        if self.json {
            return report::print(&WithFiles { job, file_list: Some(files) });
        }
        let Some(error) = &job.error else { return };
        let others = files.iter().filter(|file| file.path != error.path);
        let facts = facts::of_error(error).into_iter().chain(others.flat_map(facts::of_file));
        let lines = facts.map(|(name, value)| format!("  {name:<9}{}\n", escaped(&value)));
        let title = format!("{} ({}): {}\n", escaped(job.title()), short(&job.id), job.state);
        write(&[title].into_iter().chain(lines).collect::<String>());
    }
}

/// The value, or a hyphen if it is missing.
fn known(value: Option<String>) -> String {
    value.unwrap_or_else(|| "-".into())
}
