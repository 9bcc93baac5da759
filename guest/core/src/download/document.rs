//! A small document that a download needs before it can start. It is fetched whole into memory, with a size limit.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::border::identity::AttemptId;
use crate::border::input::End;
use crate::border::output::Request;
use crate::border::time::Instant;
use crate::failure::{Cause, NetworkCause};
use crate::http::head::Head;
use crate::pacing::retry::Backoff;
use crate::parse::url::Url;
use crate::transfer::{Context, Step};
use crate::verdict::{Asked, Verdict, judge};

/// Limit on a document, in bytes, so that an origin cannot fill the memory; piece hashes of a file of 100 GB take less.
const MOST_BYTES: u64 = 4 << 20;

/// Number of failures after which the engine gives up, so that a missing document delays its download by seconds only.
const MOST_FAILURES: u32 = 4;

/// Limit on redirects in one exchange, so that a loop ends.
const MOST_REDIRECTS: u8 = 10;

/// Limit on the wait for a response head and for the next bytes: shorter than that of a file, because a document is small.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(30);

/// State of the fetch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    NotYet,
    All(Vec<u8>),
    Failed(Cause),
}

pub(super) struct Document {
    url: Url,
    allow_insecure_redirect: bool,
    /// Private fields of the exchange, and the user agent.
    fields: Vec<(String, String)>,
    attempt: Option<Attempt>,
    backoff: Backoff,
    resume_at: Option<Instant>,
}

/// Omits the fields, which may hold passwords.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("url", &self.url).field("attempt", &self.attempt).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Attempt {
    id: AttemptId,
    /// The current URL, after redirects.
    at: Url,
    redirects: u8,
    /// The body so far; `None` until the head arrives.
    body: Option<Vec<u8>>,
    active_at: Instant,
}

impl Document {
    pub fn new(url: Url, fields: Vec<(String, String)>, allow_insecure_redirect: bool) -> Self {
        Self { url, allow_insecure_redirect, fields, attempt: None, backoff: Backoff::default(), resume_at: None }
    }

    pub fn ask(&mut self, cx: &mut Context<'_>) {
        self.resume_at = None;
        self.launch(cx, self.url.clone(), 0);
    }

    fn launch(&mut self, cx: &mut Context<'_>, at: Url, redirects: u8) {
        let id = cx.new_attempt();
        let request = Request {
            scheme: at.scheme(),
            authority: at.authority(),
            path_and_query: at.path_and_query(),
            fields: self.fields.clone(),
            timeout: EXCHANGE_TIMEOUT,
        };
        self.attempt = Some(Attempt { id, at, redirects, body: None, active_at: cx.now });
        cx.send(id, request);
    }

    pub fn cancel(&mut self, cx: &mut Context<'_>) {
        if let Some(attempt) = self.attempt.take() {
            cx.drop_exchange(attempt.id);
        }
    }

    pub fn held(&mut self, now: Instant) {
        if let Some(attempt) = &mut self.attempt {
            attempt.active_at = now;
        }
    }

    fn own(&mut self, id: AttemptId) -> Option<&mut Attempt> {
        self.attempt.as_mut().filter(|attempt| attempt.id == id)
    }

    pub fn step(&self, id: AttemptId) -> Step {
        match self.attempt.as_ref().filter(|attempt| attempt.id == id).and_then(|attempt| attempt.body.as_ref()) {
            Some(body) => Step::Collect { limit: MOST_BYTES + 1 - body.len() as u64 },
            None => Step::Wait,
        }
    }

    pub fn handle_head(&mut self, cx: &mut Context<'_>, id: AttemptId, head: &Head) -> Fetched {
        let now = cx.now;
        let Some(attempt) = self.own(id) else { return Fetched::NotYet };
        attempt.active_at = now;
        match judge(Asked::Whole, head) {
            Verdict::Body(_) => {
                attempt.body = Some(Vec::new());
                Fetched::NotYet
            }
            Verdict::Redirect { location } => {
                let (at, redirects) = (attempt.at.clone(), attempt.redirects + 1);
                self.redirect(cx, &at, &location, redirects)
            }
            Verdict::Refused { cause, .. } | Verdict::RangesUnusable(cause) => self.failed(cx, cause),
            Verdict::Unsatisfiable { .. } => self.failed(cx, Cause::HttpStatus(head.status)),
        }
    }

    fn redirect(&mut self, cx: &mut Context<'_>, at: &Url, location: &str, redirects: u8) -> Fetched {
        let target = match at.redirect(location, self.allow_insecure_redirect) {
            Ok(_) if redirects > MOST_REDIRECTS => return self.failed(cx, Cause::TooManyRedirects),
            Ok(target) => target,
            Err(cause) => return self.failed(cx, cause),
        };
        self.cancel(cx);
        self.launch(cx, target, redirects);
        Fetched::NotYet
    }

    pub fn collected(&mut self, cx: &mut Context<'_>, id: AttemptId, bytes: &[u8]) -> Fetched {
        let now = cx.now;
        let Some(attempt) = self.own(id) else { return Fetched::NotYet };
        attempt.active_at = now;
        let Some(body) = &mut attempt.body else { return Fetched::NotYet };
        body.extend_from_slice(bytes);
        if body.len() as u64 > MOST_BYTES {
            self.cancel(cx);
            return Fetched::Failed(Cause::IntegrityInfoUnavailable);
        }
        Fetched::NotYet
    }

    pub fn ended(&mut self, cx: &mut Context<'_>, id: AttemptId, end: End) -> Fetched {
        let Some(attempt) = self.own(id) else { return Fetched::NotYet };
        match (end, attempt.body.take()) {
            (End::Complete, Some(body)) => {
                self.attempt = None;
                Fetched::All(body)
            }
            (End::TooLong, _) => self.failed(cx, Cause::Network(NetworkCause::FramingBroken)),
            (End::Complete, None) => self.failed(cx, Cause::Network(NetworkCause::ProtocolViolated)),
            (End::Failed(cause), _) => self.failed(cx, cause),
        }
    }

    fn failed(&mut self, cx: &mut Context<'_>, cause: Cause) -> Fetched {
        self.cancel(cx);
        let delay = self.backoff.failure(None, &mut cx.outbox.random);
        if !cause.is_transient() || self.backoff.failures() >= MOST_FAILURES {
            return Fetched::Failed(cause);
        }
        self.resume_at = Some(cx.now + delay);
        Fetched::NotYet
    }

    pub fn handle_time(&mut self, cx: &mut Context<'_>) -> Fetched {
        if self.resume_at.is_some_and(|at| cx.now >= at) {
            self.ask(cx);
        } else if self.attempt.as_ref().is_some_and(|attempt| cx.now >= attempt.active_at + EXCHANGE_TIMEOUT) {
            return self.failed(cx, Cause::Network(NetworkCause::TimedOut));
        }
        Fetched::NotYet
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.resume_at.or_else(|| self.attempt.as_ref().map(|attempt| attempt.active_at + EXCHANGE_TIMEOUT))
    }
}
