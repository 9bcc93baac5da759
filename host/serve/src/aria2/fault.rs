//! Failures of calls, with aria2's texts: clients compare them.

use std::fmt;

use crate::gid::Gid;
use crate::options::Refused;
use crate::service::Refusal;

/// A failure of a call. Its code is 1, as that of every failure inside a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    /// A failure with this text.
    pub fn sentence(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The method does not apply to the state of a download.
    pub fn cannot(before: &str, gid: Gid, after: &str) -> Self {
        Self(format!("{before}GID#{gid}{after}"))
    }

    /// The failure of a change; `state` is the one for a state that does not allow it.
    pub fn of(refusal: Refusal, state: impl FnOnce() -> Self) -> Self {
        match refusal {
            Refusal::State => state(),
            Refusal::Option(name) => Refused(name).into(),
            Refusal::GidTaken => Self::sentence("No URI to download."),
            Refusal::Sentence(text) => Self(text),
        }
    }
}

impl From<Refused> for Fault {
    fn from(Refused(name): Refused) -> Self {
        Self(format!("We encountered a problem while processing the option '--{name}'."))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
