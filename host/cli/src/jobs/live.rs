//! The live view of jobs: bars or lines for those that transfer, and a line for each change of state.

use std::collections::BTreeMap;

use haul_queue::JobView;
use haul_queue::vocabulary::JobState;
use serde::Serialize;

use crate::progress::{Display, Loudness, Progress, amount};
use crate::report;

pub struct Live {
    display: Display,
    json: bool,
    known: BTreeMap<String, Known>,
}

/// The last shown state of a job.
struct Known {
    title: String,
    state: JobState,
    files: u32,
    bytes: u64,
    progress: Option<Progress>,
    /// The last shown reason for a wait.
    reason: Option<String>,
}

/// A line of JSON.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Progress(&'a JobView),
    Result(&'a JobView),
}

impl Live {
    pub fn new(loudness: Loudness) -> Self {
        Self { display: Display::new(loudness), json: loudness.json, known: BTreeMap::new() }
    }

    pub const fn display(&self) -> &Display {
        &self.display
    }

    /// Shows the changes of a job since the last call.
    pub fn show(&mut self, job: &JobView) {
        let before = self.known.remove(&job.id);
        let known = match before {
            Some(known) if known.is(job) => known,
            before => self.show_change(job, before),
        };
        self.known.insert(job.id.clone(), known);
    }

    fn show_change(&self, job: &JobView, before: Option<Known>) -> Known {
        let title = job.title().to_owned();
        let state = before.as_ref().map(|known| known.state);
        let (progress, reason) = before.map_or((None, None), |known| (known.progress, known.reason));
        let progress = self.progress(job, &title, progress);
        let reason = if state == Some(job.state) { reason } else { self.tell(job, &title, state, reason) };
        if self.json {
            report::print(&if job.is_under_way() { Line::Progress(job) } else { Line::Result(job) });
        }
        Known { title, state: job.state, files: job.files_transferred, bytes: job.bytes, progress, reason }
    }

    /// A bar, or lines, while the job transfers.
    fn progress(&self, job: &JobView, title: &str, before: Option<Progress>) -> Option<Progress> {
        if !matches!(job.state, JobState::Transferring | JobState::TransientError) {
            before.iter().for_each(Progress::done);
            return None;
        }
        let progress = before.unwrap_or_else(|| self.display.begin(title));
        progress.update(job.bytes, job.total, &format!("{}/{} files", job.files_transferred, job.files));
        Some(progress)
    }

    /// Removes the bars.
    pub fn clear(&mut self) {
        for known in self.known.values_mut() {
            known.progress.take().iter().for_each(Progress::done);
        }
    }

    /// Forgets jobs that are gone.
    pub fn keep(&mut self, is_there: impl Fn(&str) -> bool) {
        for (_, gone) in self.known.extract_if(.., |id, _| !is_there(id)) {
            gone.progress.iter().for_each(Progress::done);
            if !matches!(gone.state, JobState::Acknowledged | JobState::Cancelled) {
                self.display.mention(&format!("{}: gone, completed or cancelled", gone.title));
            }
        }
    }

    /// The title of a job.
    pub fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.known.get(id).map_or(id, |known| &known.title)
    }

    /// Prints a line for a new state. The reason a job waits is printed once, and returned.
    fn tell(&self, job: &JobView, title: &str, before: Option<JobState>, told: Option<String>) -> Option<String> {
        let is_stopped = matches!(job.state, JobState::Error | JobState::Transferred | JobState::TransientError);
        match job.state {
            JobState::TransientError if job.is_under_way() => {
                let reason = why(job);
                if told.as_ref() != Some(&reason) {
                    self.display.mention(&format!("{title}: waits, and tries again: {reason}"));
                }
                return Some(reason);
            }
            _ if is_stopped && job.error.is_some() => self.display.say(&format!("haul: {title}: {}", why(job))),
            JobState::Acknowledged => self.display.mention(&format!("{title}: complete, {}", contents(job))),
            // The job was suspended before this view began.
            JobState::Suspended if before.is_none() => {}
            JobState::Transferred | JobState::Cancelled | JobState::Suspended => {
                self.display.mention(&format!("{title}: {}, {}", job.state, contents(job)));
            }
            _ => {}
        }
        told
    }
}

impl Known {
    fn is(&self, job: &JobView) -> bool {
        (self.state, self.files, self.bytes) == (job.state, job.files_transferred, job.bytes)
    }
}

/// The file at which a job stopped, and the reason.
fn why(job: &JobView) -> String {
    let Some(error) = &job.error else { return "no reason is known".into() };
    let file = match (&error.url, &error.path) {
        (Some(url), Some(path)) => format!("{url} -> {}: ", path.display()),
        (Some(url), None) => format!("{url}: "),
        _ => String::new(),
    };
    format!("{file}{}", error.cause)
}

fn contents(job: &JobView) -> String {
    let files = match (job.files_transferred, job.files) {
        (1, 1) => "1 file".to_owned(),
        (here, all) if here == all => format!("{all} files"),
        (here, all) => format!("{here} of {all} files"),
    };
    let total = job.total.filter(|total| *total != job.bytes);
    format!("{files}, {}", amount(job.bytes, total))
}
