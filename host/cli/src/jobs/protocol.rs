//! What is asked of a queue, and what it answers: within this process, or as lines of JSON between two.

use serde::{Deserialize, Serialize};

use super::file::NewFile;
use super::problem::Problem;
use super::settings::Settings;
use super::view::{FileView, JobView};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// New jobs with their files, all of them or none.
    Create {
        jobs: Vec<NewJob>,
    },
    /// More files for a job.
    Add {
        job: String,
        files: Vec<NewFile>,
    },
    Describe {
        jobs: Selection,
    },
    /// The files of a job from a number on, [`FILES`] at most.
    Files {
        job: String,
        from: u32,
    },
    Set {
        jobs: Selection,
        settings: Settings,
    },
    Act {
        jobs: Selection,
        action: Action,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewJob {
    pub settings: Settings,
    pub files: Vec<NewFile>,
    pub resume: bool,
}

/// Files in one answer.
pub const FILES: u32 = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Suspend,
    Resume,
    /// Jobs that are transferred.
    Complete,
    /// Others too.
    CompletePartially,
    Cancel,
}

/// Which jobs are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    All,
    Named(Vec<String>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// What was asked for, job by job.
    Jobs {
        jobs: Vec<Told>,
    },
    Files {
        files: Vec<FileView>,
    },
    /// Nothing was done.
    Refused {
        problem: Problem,
    },
    /// Nothing was done, because the process lets go of the queue.
    Closing,
}

/// A job after what was asked for, or why that could not be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    Job(Box<JobView>),
    Problem(Problem),
}

impl Request {
    /// Whether asking twice is the same as asking once.
    pub const fn only_looks(&self) -> bool {
        matches!(self, Self::Describe { .. } | Self::Files { .. })
    }
}

impl Reply {
    /// What became of the jobs.
    ///
    /// # Errors
    ///
    /// Nothing was done.
    pub fn jobs(self) -> Result<Vec<Told>, Problem> {
        match self {
            Self::Jobs { jobs } => Ok(jobs),
            other => Err(other.problem()),
        }
    }

    /// # Errors
    ///
    /// Nothing was done.
    pub fn files(self) -> Result<Vec<FileView>, Problem> {
        match self {
            Self::Files { files } => Ok(files),
            other => Err(other.problem()),
        }
    }

    fn problem(self) -> Problem {
        match self {
            Self::Refused { problem } => problem,
            _ => Problem::failed("the process that runs the queue has answered something else"),
        }
    }
}
