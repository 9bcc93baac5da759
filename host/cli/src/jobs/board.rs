//! What a person sees of jobs while they go on: bars or lines for those that move, and a line for what becomes of each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::view::JobView;
use super::words::JobState;
use crate::progress::{Display, Loudness, Progress, amount};
use crate::report;
use crate::table::harmless;

pub struct Board {
    display: Display,
    json: bool,
    known: BTreeMap<String, Known>,
}

/// A job as it was last seen.
struct Known {
    title: String,
    state: JobState,
    files: u32,
    bytes: u64,
    progress: Option<Progress>,
    over: bool,
}

/// A line of JSON.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Progress(&'a JobView),
    Result(&'a JobView),
}

impl Board {
    pub fn new(loudness: Loudness) -> Self {
        Self { display: Display::new(loudness), json: loudness.json, known: BTreeMap::new() }
    }

    pub const fn display(&self) -> &Display {
        &self.display
    }

    /// Shows what is new of a job.
    pub fn show(&mut self, job: &JobView) {
        let moves = matches!(job.state, JobState::Transferring | JobState::TransientError);
        let known = self.known.get(&job.id);
        let turned = known.is_none_or(|known| known.state != job.state);
        let same =
            known.is_some_and(|known| (known.files, known.bytes) == (job.files_transferred, job.bytes)) && !turned;
        if same {
            return;
        }
        let progress = self.known.remove(&job.id).and_then(|known| known.progress);
        let progress = match (moves, progress) {
            (true, progress) => Some(progress.unwrap_or_else(|| self.display.begin(&harmless(job.title())))),
            (false, progress) => {
                progress.iter().for_each(Progress::done);
                None
            }
        };
        if let Some(progress) = &progress {
            progress.update(job.bytes, job.total, &format!("{} of {} files", job.files_transferred, job.files));
        }
        if turned {
            self.tell(job);
        }
        self.print(job);
        let (title, state) = (harmless(job.title()), job.state);
        let known =
            Known { title, state, files: job.files_transferred, bytes: job.bytes, progress, over: job.is_over() };
        self.known.insert(job.id.clone(), known);
    }

    /// Lets go of jobs that are not there any more.
    pub fn keep(&mut self, is_there: impl Fn(&str) -> bool) {
        for (_, gone) in self.known.extract_if(.., |id, _| !is_there(id)) {
            gone.progress.iter().for_each(Progress::done);
            if !gone.over {
                self.display.mention(&format!("{}: gone, completed or cancelled", gone.title));
            }
        }
    }

    /// What a job is called.
    pub fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.known.get(id).map_or(id, |known| &known.title)
    }

    /// A line for a new state.
    fn tell(&self, job: &JobView) {
        let title = harmless(job.title());
        match job.state {
            JobState::Error | JobState::Transferred if job.error.is_some() => {
                self.display.say(&format!("haul: {title}: {}", why(job)))
            }
            JobState::TransientError if job.is_under_way() => {
                self.display.mention(&format!("{title}: waits, and tries again: {}", why(job)));
            }
            JobState::TransientError => self.display.say(&format!("haul: {title}: {}", why(job))),
            JobState::Acknowledged => self.display.mention(&format!("{title}: complete, {}", contents(job))),
            JobState::Transferred | JobState::Cancelled | JobState::Suspended => {
                self.display.mention(&format!("{title}: {}, {}", job.state, contents(job)));
            }
            _ => {}
        }
    }

    fn print(&self, job: &JobView) {
        if !self.json {
            return;
        }
        report::print(&if job.is_under_way() { Line::Progress(job) } else { Line::Result(job) });
    }
}

/// Where and why a job is stopped.
fn why(job: &JobView) -> String {
    let Some(error) = &job.error else { return "no reason is known".into() };
    let place = match (&error.url, &error.path) {
        (Some(url), Some(path)) => format!("{} -> {}: ", harmless(url), path.display()),
        (Some(url), None) => format!("{}: ", harmless(url)),
        _ => String::new(),
    };
    format!("{place}{}", error.cause)
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
