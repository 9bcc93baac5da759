//! Values of the interfaces that the host makes itself.

use wasmtime::component::Val;

use crate::codes::{self, Code};
use crate::error::{Error, Failure, Fault};
use crate::values::{Event, Happening, Subject};

pub fn record<const N: usize>(fields: [(&str, Val); N]) -> Val {
    Val::Record(fields.map(|(name, value)| (name.into(), value)).into())
}

pub fn ok(value: Option<Val>) -> Val {
    Val::Result(Ok(value.map(Box::new)))
}

pub fn err(failure: Val) -> Val {
    Val::Result(Err(Some(Box::new(failure))))
}

/// The result of a call that gives nothing but its success.
pub fn answer(outcome: Result<(), Error>) -> Val {
    outcome.map_or_else(|error| err(failure_of(&error)), |()| ok(None))
}

fn option(value: Option<Val>) -> Val {
    Val::Option(value.map(Box::new))
}

fn variant(name: &str, value: Option<Val>) -> Val {
    Val::Variant(name.into(), value.map(Box::new))
}

pub fn failure(failure: &Failure) -> Val {
    record([
        ("code", Val::U32(failure.code)),
        ("name", Val::String(failure.name.clone())),
        ("fault", Val::Enum(failure.fault.name().into())),
        ("description", Val::String(failure.description.clone())),
        ("advice", Val::String(failure.advice.clone())),
        ("rule", option(failure.rule.map(|rule| Val::Enum(rule.name().into())))),
    ])
}

/// An error in the form for clients. A fault of the engine itself becomes DO_E_NO_SERVICE.
pub fn failure_of(error: &Error) -> Val {
    match error {
        Error::Failed(reason) => failure(reason),
        other => own_failure(codes::NO_SERVICE, Fault::Engine, &other.to_string(), "ask the host"),
    }
}

/// The answer to `open`: the host has done that.
pub fn already_open() -> Val {
    let advice = "go on without opening it";
    own_failure(codes::INVALID_STATE, Fault::Caller, "the host has opened the engine", advice)
}

/// The answer to a call whose parameters exceed the limit.
pub fn too_large() -> Val {
    let description = "the call brings more than the host allows";
    own_failure(codes::OUT_OF_MEMORY, Fault::Caller, description, "give less at once")
}

/// A failure that the library finds without asking the component.
fn own_failure(code: Code, fault: Fault, description: &str, advice: &str) -> Val {
    failure(&Failure {
        code: code.number,
        name: code.name.into(),
        fault,
        description: description.into(),
        advice: advice.into(),
        rule: None,
    })
}

/// The approximate size of a value in the engine's component, in bytes.
pub fn size(value: &Val) -> usize {
    let sum = |values: &[Val]| values.iter().map(size).sum();
    match value {
        Val::String(text) => text.len(),
        Val::List(values) | Val::Tuple(values) => sum(values),
        Val::Record(fields) => fields.iter().map(|(_, value)| size(value)).sum(),
        Val::Variant(_, Some(value)) | Val::Option(Some(value)) => 8 + size(value),
        Val::Result(Ok(Some(value)) | Err(Some(value))) => 8 + size(value),
        Val::Bool(_) | Val::U8(_) | Val::S8(_) => 1,
        _ => 8,
    }
}

pub fn event(event: &Event) -> Val {
    record([("subject", subject(&event.subject)), ("what", happening(&event.what))])
}

fn subject(subject: &Subject) -> Val {
    match subject {
        Subject::Download(id) => variant("download", Some(Val::String(id.clone()))),
        Subject::Job(id) => variant("job", Some(Val::String(id.clone()))),
        Subject::File { job, index } => {
            variant("file", Some(Val::Tuple(vec![Val::String(job.clone()), Val::U32(*index)])))
        }
    }
}

fn happening(what: &Happening) -> Val {
    match what {
        Happening::StatusChanged(_) | Happening::Changed => variant("status-changed", None),
        Happening::JobTransferred => variant("job-transferred", None),
        Happening::JobError => variant("job-error", None),
        Happening::JobModification => variant("job-modification", None),
        Happening::OwnerChanged => variant("owner-changed", None),
        Happening::Restarted(reason) => variant("restarted", Some(Val::Enum(reason.name().into()))),
        Happening::Retrying { cause, after } => {
            let after = Val::U64(u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
            variant("retrying", Some(record([("cause", failure(cause)), ("after", after)])))
        }
        Happening::RangeDropped { offset, length } => {
            variant("range-dropped", Some(Val::Tuple(vec![Val::U64(*offset), Val::U64(*length)])))
        }
        Happening::SourceDropped { url, cause } => {
            let dropped = record([("url", Val::String(url.clone())), ("cause", failure(cause))]);
            variant("source-dropped", Some(dropped))
        }
        Happening::Unchecked(cause) => variant("unchecked", Some(failure(cause))),
    }
}
