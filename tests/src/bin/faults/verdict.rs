//! What becomes of a contender in a scenario.

use std::fmt;

/// How a contender ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// With success and the right file, in so many runs.
    Right { runs: usize },
    /// With an error in every run.
    Error,
    /// With success in some run, and without the right file.
    Wrong,
    /// Not within the time limit.
    Hangs,
    /// What was meant for one origin went to another.
    Leaked,
    /// A file lies outside of the directory that it was meant for.
    Outside,
    /// It has no such mode, or this machine does not let it be tried.
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
