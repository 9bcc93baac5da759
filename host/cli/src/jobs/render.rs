//! Jobs and files on standard output: in columns for people, with tabs or as JSON for programs.

mod columns;
mod facts;

use std::io::{self, IsTerminal};

use console::Term;
use haul_queue::{FileView, JobView};
use serde::Serialize;

use self::columns::{contents, exact, exact_contents, overview, short};
use crate::output::write;
use crate::report;
use crate::table::separated;
use crate::terminal_text::escaped;

pub struct Renderer {
    pub json: bool,
    /// Columns of the terminal; `None` if standard output is not one.
    width: Option<usize>,
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
            Some(width) if !jobs.is_empty() => overview(jobs).aligned(width),
            Some(_) => "The queue is empty.\n".into(),
            None => separated(&exact(jobs)),
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

/// Whether a person reads standard error.
pub fn to_person() -> bool {
    io::stderr().is_terminal()
}
