//! Why a request was refused, in a form that crosses from one process to another.

use std::fmt;

use haul::{Error, Failure};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// A failure of a job, a file or a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The HRESULT in hexadecimal, such as `0x80D02013`; `None` for failures that have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The symbolic name of the code, such as `DO_E_INVALID_STATE`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// A sentence for people, without secrets.
    pub message: String,
    /// A remedy for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub advice: Option<String>,
}

/// A request, or its part for one job, that failed. The text of [`Display`](fmt::Display) is for a prompt: it names options and
/// commands of `haul`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandError {
    /// The job, file or option that the error concerns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// The reason.
    pub cause: Box<Cause>,
    /// The outcome of a command that ends with this error.
    pub outcome: Outcome,
}

impl CommandError {
    /// Invalid input; `message` says which input is valid.
    pub fn misuse(message: impl Into<String>) -> Self {
        let cause = Cause { code: None, name: None, message: message.into(), advice: None };
        Self { about: None, cause: Box::new(cause), outcome: Outcome::Misuse }
    }

    /// A failure without a code.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, ..Self::misuse(message) }
    }

    /// The same error about this job, file or option.
    #[must_use]
    pub fn about(self, subject: impl Into<String>) -> Self {
        Self { about: Some(subject.into()), ..self }
    }
}

impl std::error::Error for CommandError {}

impl From<&Failure> for Cause {
    fn from(failure: &Failure) -> Self {
        Self {
            code: Some(format!("0x{:08X}", failure.code)),
            name: Some(failure.name.clone()),
            message: failure.description.clone(),
            advice: Some(failure.advice.clone()),
        }
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        let outcome = Outcome::of(&error);
        match &error {
            Error::Failed(failure) => Self { about: None, cause: Box::new(failure.into()), outcome },
            other => Self { outcome, ..Self::failed(other.to_string()) },
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let (Some(name), Some(code)) = (&self.name, &self.code) {
            write!(f, " ({name} {code})")?;
        }
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.about.as_ref().map_or(Ok(()), |about| write!(f, "{about}: "))?;
        self.cause.fmt(f)
    }
}
