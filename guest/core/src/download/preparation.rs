//! The steps before the first request for the content: resolution of a content id, and the piece-hash file.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::document::{Document, Fetched};
use crate::border::identity::{AttemptId, OperationId};
use crate::border::input::{Content, End};
use crate::border::output::Happening;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::parse::integrity_check_info::IntegrityCheckInfo;
use crate::parse::url::Url;
use crate::settings::transfer_options::TransferOptions;
use crate::transfer::{Context, Step};

/// State of the preparation.
#[derive(Debug)]
pub(super) enum Progress {
    NotYet,
    Ready { source: Url, chosen: Box<TransferOptions> },
    Failed(Cause),
}

/// The input of a preparation.
pub(super) struct Wish {
    pub content_id: Option<String>,
    pub integrity: Option<IntegrityCheckInfo>,
    /// Whether the download fails if the piece digests are unavailable.
    pub mandatory: bool,
    /// Whether piece digests are usable. They are not for a stream, because its bytes can be neither read nor fetched again.
    pub pieces_count: bool,
    pub source: Option<Url>,
    pub chosen: TransferOptions,
    /// Fields for requests of documents.
    pub fields: Vec<(String, String)>,
    pub allow_insecure_redirect: bool,
    /// Limit on the time of each step of the preparation.
    pub timeout: Duration,
}

/// Omits the fields, which may hold passwords.
impl fmt::Debug for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wish").field("content_id", &self.content_id).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Preparation {
    wish: Wish,
    stage: Stage,
    over_at: Option<Instant>,
    /// The engine must not use the network now.
    suspended: bool,
}

#[derive(Debug)]
enum Stage {
    /// No step is in progress.
    Waiting,
    /// The driver is resolving the content id.
    Resolving(OperationId),
    /// The engine is fetching the piece-hash file.
    Fetching(Box<Document>),
}

impl Preparation {
    pub fn new(wish: Wish) -> Self {
        Self { wish, stage: Stage::Waiting, over_at: None, suspended: false }
    }

    /// Starts the next step.
    pub fn go_on(&mut self, cx: &mut Context<'_>) -> Progress {
        self.over_at = Some(cx.now + self.wish.timeout);
        self.suspended = false;
        if matches!(self.stage, Stage::Resolving(_)) {
            return Progress::NotYet;
        }
        if let Some(content_id) = self.wish.content_id.take() {
            self.stage = Stage::Resolving(cx.want_content(content_id));
            return Progress::NotYet;
        }
        if let Some(info) = &self.wish.integrity {
            let fields = self.wish.fields.clone();
            let mut document = Document::new(info.url.clone(), fields, self.wish.allow_insecure_redirect);
            document.ask(cx);
            self.stage = Stage::Fetching(Box::new(document));
            return Progress::NotYet;
        }
        match &self.wish.source {
            Some(source) => {
                Progress::Ready { source: source.clone(), chosen: Box::new(core::mem::take(&mut self.wish.chosen)) }
            }
            None => Progress::Failed(Cause::InvalidContentId),
        }
    }

    /// The driver's answer.
    pub fn resolved(&mut self, cx: &mut Context<'_>, id: OperationId, content: Option<Content>) -> Progress {
        if !matches!(self.stage, Stage::Resolving(asked) if asked == id) {
            return Progress::NotYet;
        }
        if let Some(content) = content {
            let mut urls = content.urls.into_iter();
            if self.wish.source.is_none() {
                self.wish.source = urls.next();
            }
            let chosen = &mut self.wish.chosen;
            chosen.mirrors.extend(urls);
            chosen.expected.extend(content.digests);
            chosen.pieces = chosen.pieces.take().or(content.pieces.filter(|_| self.wish.pieces_count));
            chosen.length = chosen.length.or(content.length);
        }
        self.stage = Stage::Waiting;
        if self.suspended { Progress::NotYet } else { self.go_on(cx) }
    }

    pub fn handle_head(&mut self, cx: &mut Context<'_>, attempt: AttemptId, head: &Head) -> Progress {
        self.document(cx, |document, cx| document.handle_head(cx, attempt, head))
    }

    pub fn collected(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: &[u8]) -> Progress {
        self.document(cx, |document, cx| document.collected(cx, attempt, bytes))
    }

    pub fn ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, end: End) -> Progress {
        self.document(cx, |document, cx| document.ended(cx, attempt, end))
    }

    pub fn handle_time(&mut self, cx: &mut Context<'_>) -> Progress {
        if self.over_at.is_some_and(|at| cx.now >= at) {
            self.cancel(cx);
            return Progress::Failed(Cause::NoProgress);
        }
        self.document(cx, Document::handle_time)
    }

    fn document(
        &mut self,
        cx: &mut Context<'_>,
        act: impl FnOnce(&mut Document, &mut Context<'_>) -> Fetched,
    ) -> Progress {
        let Stage::Fetching(document) = &mut self.stage else { return Progress::NotYet };
        let found = match act(document, cx) {
            Fetched::NotYet => return Progress::NotYet,
            Fetched::All(bytes) => self.wish.integrity.as_ref().map(|info| info.check(&bytes)),
            Fetched::Failed(cause) => Some(Err(cause)),
        };
        self.wish.integrity = None;
        self.stage = Stage::Waiting;
        match found {
            Some(Ok(found)) => {
                self.wish.chosen.pieces = Some(found.pieces);
                self.wish.chosen.length = Some(found.length);
            }
            Some(Err(_)) if self.wish.mandatory => return Progress::Failed(Cause::IntegrityInfoUnavailable),
            Some(Err(cause)) => cx.notify(Happening::Unchecked { cause }),
            None => {}
        }
        self.go_on(cx)
    }

    /// Stops network use until [`Self::go_on`] is called again.
    pub fn suspend(&mut self, cx: &mut Context<'_>) {
        self.cancel(cx);
        if matches!(self.stage, Stage::Fetching(_)) {
            self.stage = Stage::Waiting;
        }
        self.suspended = true;
    }

    /// The rate limits delay the document, which does not count as silence of the origin.
    pub fn held(&mut self, now: Instant) {
        self.over_at = Some(now + self.wish.timeout);
        if let Stage::Fetching(document) = &mut self.stage {
            document.held(now);
        }
    }

    pub fn cancel(&mut self, cx: &mut Context<'_>) {
        if let Stage::Fetching(document) = &mut self.stage {
            document.cancel(cx);
        }
    }

    pub fn step(&self, attempt: AttemptId) -> Step {
        match &self.stage {
            Stage::Fetching(document) => document.step(attempt),
            Stage::Waiting | Stage::Resolving(_) => Step::Wait,
        }
    }

    pub fn deadline(&self) -> Option<Instant> {
        let document = match &self.stage {
            Stage::Fetching(document) => document.deadline(),
            Stage::Waiting | Stage::Resolving(_) => None,
        };
        document.into_iter().chain(self.over_at).min()
    }
}
