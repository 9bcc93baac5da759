//! Heads, bytes and ends of exchanges.

use haul_core::border::identity::{AttemptId, DownloadId};
use haul_core::border::input::{End, Input};
use haul_core::border::output::{Output, Request};
use haul_core::content::range::ByteRange;
use haul_core::failure::{Cause, DiskCause, NetworkCause, Rule};
use haul_core::transfer::Step;

use super::World;
use super::body::Body;
use super::extents::BodyId;
use super::origin::{File, Response, Validator};
use super::papers;
use super::script::{Ending, Size, Stale};

#[derive(Debug)]
pub struct Exchange {
    pub download: DownloadId,
    pub request: Request,
    /// The place of the source, before redirects.
    pub place: String,
    pub is_redirected: bool,
    pub head_sent: bool,
    /// The body after the last head.
    pub body: Option<(BodyId, Body)>,
}

impl Exchange {
    pub fn new(download: DownloadId, request: Request, place: String, is_redirected: bool) -> Self {
        Self { download, request, place, is_redirected, head_sent: false, body: None }
    }

    /// Whether it fetches a piece-hash file.
    fn is_for_paper(&self) -> bool {
        self.place == papers::PLACE
    }
}

impl World {
    fn pick(&self, index: u8) -> Option<AttemptId> {
        let attempts: Vec<_> = self.exchanges.keys().copied().collect();
        attempts.get(usize::from(index) % attempts.len().max(1)).copied()
    }

    pub(super) fn respond(&mut self, index: u8, response: &Response) {
        if let Some(attempt) = self.pick(index) {
            self.feed_head(attempt, response);
        }
    }

    fn feed_head(&mut self, attempt: AttemptId, response: &Response) {
        let Some(exchange) = self.exchanges.get(&attempt) else { return };
        let file = if exchange.is_for_paper() { self.paper_file() } else { self.file };
        let head = response.head(&exchange.request, file);
        let id = self.bodies.len();
        let body = Body::of(&head, &exchange.place, id);
        self.led_from = Some(exchange.place.clone());
        if matches!(head.status, 401 | 407) && exchange.request.authority == "origin" {
            let index = self.index_of(exchange.download);
            index.into_iter().for_each(|index| self.subjects[index].challenged = true);
        }
        self.bodies.extend(body.clone());
        if let Some(exchange) = self.exchanges.get_mut(&attempt) {
            exchange.head_sent = true;
            exchange.body = body.map(|body| (id, body));
        }
        self.handle(Input::Head { attempt, head });
        self.led_from = None;
        self.settle();
    }

    /// The piece-hash file as a served file.
    fn paper_file(&self) -> File {
        File { length: Size::Any(self.paper.bytes(self.described).len() as u64), validator: Validator::None }
    }

    /// The sink of the bytes has no space now.
    pub(super) fn hold(&mut self, index: u8) {
        if let Some(attempt) = self.pick(index) {
            self.engine.wait_for_sink(self.now, attempt);
            self.settle();
        }
    }

    pub(super) fn flow(&mut self, index: u8, steps: u8) {
        if let Some(attempt) = self.pick(index) {
            self.advance(attempt, steps % 32);
        }
    }

    pub(super) fn insist(&mut self, response: &Response, times: u8) {
        for _ in 0..times % 16 {
            let waits = |(attempt, exchange): (&AttemptId, &Exchange)| (!exchange.head_sent).then_some(*attempt);
            match self.exchanges.iter().find_map(waits) {
                Some(attempt) => self.feed_head(attempt, response),
                None => self.wait_for_deadline(),
            }
        }
    }

    pub(super) fn trickle(&mut self, index: u8, bytes: u64) {
        if let Some(attempt) = self.pick(index) {
            self.step(attempt, bytes);
        }
    }

    /// Advances an exchange by several steps.
    pub(super) fn advance(&mut self, attempt: AttemptId, steps: u8) {
        let Some(exchange) = self.exchanges.get(&attempt) else { return };
        if !exchange.head_sent {
            self.feed_head(attempt, &Response::Right);
        }
        for _ in 0..steps {
            if !self.step(attempt, u64::MAX) {
                return;
            }
        }
    }

    /// Moves at most `most` of the next bytes of a body; whether more may follow.
    fn step(&mut self, attempt: AttemptId, most: u64) -> bool {
        let Some(exchange) = self.exchanges.get(&attempt) else { return false };
        let Some(index) = self.index_of(exchange.download) else { return false };
        let step = self.engine.step(self.now, attempt);
        let Some((id, body)) = exchange.body.clone() else {
            assert!(matches!(step, Step::Wait | Step::Drain), "{step:?} without a body");
            return false;
        };
        if self.subjects[index].is_file_busy() {
            return false;
        }
        let bytes = match step {
            Step::Wait => return false,
            Step::Drain => {
                self.feed_end(attempt, Ending::Complete);
                return false;
            }
            Step::Collect { limit } => {
                assert!(limit > 0, "{step:?}");
                return self.collect(attempt, limit.min(most));
            }
            Step::Skip { limit } | Step::Write { limit, .. } => limit.min(body.left()).min(most),
        };
        self.check_step(index, step, &body);
        if body.left() == 0 {
            self.feed_end(attempt, Ending::Complete);
            return false;
        }
        if let Step::Write { offset, .. } = step {
            let subject = &mut self.subjects[index];
            if subject.disk.stream.as_ref().is_some_and(|stream| stream.taken != offset && stream.is_torn) {
                self.end_with(attempt, End::Failed(Cause::StreamNotRepeatable));
                return false;
            }
            let range = ByteRange::new(offset, offset + bytes);
            subject.disk.write(self.now, range, id);
            subject.doubt();
            subject.proven_pieces.remove(range);
        }
        if let Some((_, body)) = self.exchanges.get_mut(&attempt).and_then(|exchange| exchange.body.as_mut()) {
            body.at += bytes;
        }
        self.handle(Input::Moved { attempt, bytes });
        self.settle();
        bytes > 0
    }

    /// Passes on some bytes of a piece-hash file; whether more may follow.
    fn collect(&mut self, attempt: AttemptId, most: u64) -> bool {
        let paper = self.paper.bytes(self.described);
        let Some(exchange) = self.exchanges.get_mut(&attempt) else { return false };
        assert!(exchange.is_for_paper(), "{exchange:?} is collected");
        let Some((_, body)) = &mut exchange.body else { return false };
        let from = usize::try_from(body.at).unwrap_or(usize::MAX).min(paper.len());
        if from == paper.len() {
            self.feed_end(attempt, Ending::Complete);
            return false;
        }
        let count = usize::try_from(most).unwrap_or(usize::MAX).min(paper.len() - from);
        body.at += count as u64;
        self.handle(Input::Collected { attempt, bytes: paper[from..from + count].to_vec() });
        self.settle();
        count > 0
    }

    pub(super) fn end_exchange(&mut self, index: u8, end: Ending) {
        if let Some(attempt) = self.pick(index) {
            self.feed_end(attempt, end);
        }
    }

    pub(super) fn feed_end(&mut self, attempt: AttemptId, ending: Ending) {
        self.end_with(attempt, ending.end());
    }

    fn end_with(&mut self, attempt: AttemptId, end: End) {
        if self.exchanges.remove(&attempt).is_some() {
            self.handle(Input::Ended { attempt, end });
            self.settle();
        }
    }

    /// An input for an exchange that is gone or never existed changes nothing.
    pub(super) fn stale_input(&mut self, index: u8, what: &Stale) {
        let attempt = AttemptId(u64::from(index) % (self.last_attempt + 3));
        let request = self.exchanges.values().next().map(|exchange| exchange.request.clone());
        let (false, Some(request)) = (self.exchanges.contains_key(&attempt), request) else { return };
        self.nothing_follows(match what {
            Stale::Head(response) => Input::Head { attempt, head: response.head(&request, self.file) },
            Stale::Collected(count) => Input::Collected { attempt, bytes: vec![b'x'; (*count).into()] },
            Stale::Moved(bytes) => Input::Moved { attempt, bytes: bytes.bytes() },
            Stale::Ended(ending) => Input::Ended { attempt, end: ending.end() },
        });
    }

    pub(super) fn nothing_follows(&mut self, input: Input) {
        let statuses = self.statuses();
        self.engine.handle(self.now, input.clone());
        while let Some(output) = self.engine.poll_output() {
            assert!(matches!(output, Output::Event(_)), "{output:?} follows from {input:?}");
        }
        assert_eq!(self.statuses(), statuses, "{input:?}");
    }
}

impl Ending {
    const fn end(self) -> End {
        match self {
            Self::Complete => End::Complete,
            Self::ConnectionLost => End::Failed(Cause::Network(NetworkCause::ConnectionLost)),
            Self::TimedOut => End::Failed(Cause::Network(NetworkCause::TimedOut)),
            Self::CertificateInvalid => End::Failed(Cause::Network(NetworkCause::CertificateInvalid)),
            Self::Refused => End::Failed(Cause::Refused(Rule::Host)),
            Self::Disk => End::Failed(Cause::Disk(DiskCause::NoSpace)),
        }
    }
}
