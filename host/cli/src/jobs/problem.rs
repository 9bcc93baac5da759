//! Why something could not be done, in a form that crosses from one process to another.

use std::fmt;

use haul::{Error, Failure};
use serde::{Deserialize, Serialize};

use crate::exit::{Outcome, Refusal};
use crate::output;

/// What went wrong, in a job or in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The HRESULT in hexadecimal; absent for failures that have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub advice: Option<String>,
}

/// A call that could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The job or file that it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    pub error: Box<Cause>,
    /// What the command that asked for it ends with.
    pub outcome: Outcome,
}

impl Problem {
    /// Something that was typed and cannot be meant.
    pub fn misuse(message: impl Into<String>) -> Self {
        let error = Cause { code: None, name: None, message: message.into(), advice: None };
        Self { about: None, error: Box::new(error), outcome: Outcome::Misuse }
    }

    pub fn failed(message: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, ..Self::misuse(message) }
    }

    /// Says it; what the command ends with.
    pub fn tell(&self) -> Outcome {
        output::say(&format!("haul: {self}"));
        self.outcome
    }

    pub fn about(self, what: impl Into<String>) -> Self {
        Self { about: Some(what.into()), ..self }
    }
}

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

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Misuse(reason) => Self::misuse(reason),
            Refusal::Failed(reason) => Self::failed(reason),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let outcome = Outcome::of(&error);
        match &error {
            Error::Failed(failure) => Self { about: None, error: Box::new(failure.into()), outcome },
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.about.as_ref().map_or(Ok(()), |about| write!(f, "{about}: "))?;
        self.error.fmt(f)
    }
}
