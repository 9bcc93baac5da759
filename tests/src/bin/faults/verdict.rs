//! The verdict on a contender in a scenario.

use std::fmt;

/// The end of a contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// With success and the right file, in this many runs.
    Right { runs: usize },
    /// With an error in every run.
    Error,
    /// With success in a run, but without the right file.
    Wrong,
    /// Not within the time limit.
    Hangs,
    /// It sent a secret of one origin to another.
    Leaked,
    /// It wrote a file outside its working directory.
    Outside,
    /// It has no such mode, or this machine cannot set up the scenario.
    Untried,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right { runs: 1 } => f.pad("ok"),
            Self::Right { runs } => f.pad(&format!("ok ({runs} runs)")),
            Self::Error => f.pad("error"),
            Self::Wrong => f.pad("**WRONG**"),
            Self::Hangs => f.pad("hangs"),
            Self::Leaked => f.pad("**LEAKED**"),
            Self::Outside => f.pad("**OUTSIDE**"),
            Self::Untried => f.pad("-"),
        }
    }
}
