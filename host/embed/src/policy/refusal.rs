//! The refusal of a request, and its form for the component.

use std::time::Duration;

use wasmtime_wasi_http::Error;

use crate::error::Rule;

/// A rule that refused, and the time after which it admits the request, if time alone helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub rule: Rule,
    pub retry_after: Option<Duration>,
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self { rule, retry_after: None }
    }
}

/// WASI has no word for rules: the component reads them from the text of an internal error, which only its host can write.
impl From<Refusal> for Error {
    fn from(Refusal { rule, retry_after }: Refusal) -> Self {
        tracing::debug!(%rule, "refused by policy");
        let seconds = retry_after.map(|after| format!(" {}", after.as_secs().saturating_add(1)));
        Self::InternalError(Some(format!("haul-policy: {rule}{}", seconds.unwrap_or_default())))
    }
}
