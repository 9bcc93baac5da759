//! What the engine asks for: requests to be answered, operations to be done.

use haul_core::failure::DiskCause;
use haul_core::identity::{DownloadId, OperationId};
use haul_core::input::{DiskDone, Input, Opened};
use haul_core::journal;
use haul_core::output::{DigestSubject, DiskOperation, Output};

use super::World;
use super::body::recorded;
use super::exchanges::Exchange;
use super::script::{Answer, DiskFault, Wrong};
use super::subject::Pending;

/// Outputs that may follow from one input, for each download.
const MOST_OUTPUTS: usize = 300;

/// Answers of the disk that may follow from one another.
const MOST_ANSWERS: usize = 200;

impl World {
    pub(super) fn handle(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.take_outputs();
    }

    /// Does everything that is asked for, and all that follows from it, unless the disk is slow.
    pub(super) fn settle(&mut self) {
        self.take_outputs();
        let mut answers = 0;
        while !self.slow {
            let Some(index) = self.subjects.iter().position(|subject| !subject.pending.is_empty()) else { return };
            let answer = self.next.pop_front().unwrap_or(Answer::Right);
            self.answer(index, answer);
            answers += 1;
            assert!(answers < MOST_ANSWERS, "the disk is never done");
        }
    }

    pub(super) fn take_outputs(&mut self) {
        let mut count = 0;
        while let Some(output) = self.engine.poll_output() {
            count += 1;
            self.take(output);
        }
        assert!(count <= MOST_OUTPUTS * self.subjects.len(), "{count} outputs");
        self.observe();
    }

    fn take(&mut self, output: Output) {
        match output {
            Output::Disk { download, id, operation } => self.take_operation(download, id, operation),
            Output::Request { download, attempt, request } => {
                assert!(attempt.0 > self.last_attempt, "{attempt:?} is used twice");
                self.last_attempt = attempt.0;
                self.check_request(&request);
                self.exchanges.insert(attempt, Exchange::new(download, request));
            }
            Output::Cancel { attempt } => {
                self.exchanges.remove(&attempt);
            }
            Output::Event(_) => {}
        }
    }

    fn take_operation(&mut self, download: DownloadId, id: OperationId, operation: DiskOperation) {
        assert!(id.0 > self.last_operation, "{id:?} is used twice");
        self.last_operation = id.0;
        let Some(index) = self.index_of(download) else { return };
        self.check_operation(index, &operation);
        let subject = &mut self.subjects[index];
        let snapshot = subject.disk.members();
        subject.pending.push_back(Pending { id, operation, snapshot });
    }

    pub(super) fn index_of(&self, download: DownloadId) -> Option<usize> {
        self.subjects.iter().position(|subject| subject.id == download)
    }

    pub(super) fn answer_next(&mut self, answer: Answer) {
        if let Some(index) = self.subjects.iter().position(|subject| !subject.pending.is_empty()) {
            self.answer(index, answer);
            self.settle();
        }
    }

    /// Answers the oldest operation of a download; digests only when nothing else is left.
    pub(super) fn answer(&mut self, index: usize, answer: Answer) {
        let subject = &mut self.subjects[index];
        let is_digest = |pending: &Pending| matches!(pending.operation, DiskOperation::Digest { .. });
        let oldest = subject.pending.iter().position(|pending| !is_digest(pending)).unwrap_or(0);
        let Some(pending) = subject.pending.remove(oldest) else { return };
        let download = subject.id;
        let done = match answer {
            Answer::Right => self.perform(index, &pending, true),
            Answer::OtherDigest => self.perform(index, &pending, false),
            Answer::Failed(fault) => DiskDone::Failed(fault.cause()),
            Answer::Wrong(Wrong::Failed) => Wrong::Failed.done(),
            Answer::Wrong(wrong) => {
                // It is done, and something else is said.
                let done = self.perform(index, &pending, true);
                let right = is_right(wrong, &pending.operation);
                self.subjects[index].obedient &= right;
                if right { done } else { wrong.done() }
            }
        };
        self.handle(Input::Disk { download, id: pending.id, done });
    }

    fn perform(&mut self, index: usize, pending: &Pending, digest_fits: bool) -> DiskDone {
        let body = self.bodies.len();
        let subject = &mut self.subjects[index];
        let recovered = subject.disk.planted.and_then(|_| subject.disk.recovered());
        self.bodies.extend(recovered.map(|recovered| recorded(&recovered, subject.source, body)));
        match &pending.operation {
            DiskOperation::Digest { subject: of, algorithm } => {
                if digest_fits && *of == DigestSubject::Partial {
                    subject.proven.insert(*algorithm);
                }
                DiskDone::Digested(vec![u8::from(digest_fits); algorithm.length()])
            }
            operation => {
                if matches!(operation, DiskOperation::Begin { .. } | DiskOperation::Discard) {
                    subject.proven.clear();
                }
                subject.published |= matches!(operation, DiskOperation::Publish(_));
                let done = subject.disk.perform(operation, &pending.snapshot, body);
                if matches!(done, DiskDone::JournalWritten) {
                    self.check_journal(index);
                }
                done
            }
        }
    }

    /// An answer that nobody waits for changes nothing.
    pub(super) fn stale_answer(&mut self, operation: u8, wrong: Wrong) {
        let Some(download) = self.subjects.first().map(|subject| subject.id) else { return };
        let id = OperationId(u64::from(operation) % (self.last_operation + 3));
        let awaited = self.subjects.iter().flat_map(|subject| &subject.pending).any(|pending| pending.id == id);
        if !awaited {
            self.nothing_follows(Input::Disk { download, id, done: wrong.done() });
        }
    }
}

/// Whether `wrong` is what the operation is to be answered with.
fn is_right(wrong: Wrong, operation: &DiskOperation) -> bool {
    matches!(
        (wrong, operation),
        (Wrong::Opened, DiskOperation::Open { .. })
            | (Wrong::Begun, DiskOperation::Begin { .. })
            | (Wrong::Synced, DiskOperation::Sync)
            | (Wrong::JournalWritten, DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. })
            | (Wrong::Digested, DiskOperation::Digest { .. })
            | (Wrong::Published, DiskOperation::Publish(_))
            | (Wrong::Discarded, DiskOperation::Discard)
            | (Wrong::Closed, DiskOperation::Close)
    )
}

impl Wrong {
    fn done(self) -> DiskDone {
        match self {
            Self::Opened => DiskDone::Opened(Opened { target: None, partial: Some(7), journal: journal::begin(&[]) }),
            Self::Begun => DiskDone::Begun,
            Self::Synced => DiskDone::Synced,
            Self::JournalWritten => DiskDone::JournalWritten,
            Self::Digested => DiskDone::Digested(vec![1; 32]),
            Self::Published => DiskDone::Published,
            Self::Discarded => DiskDone::Discarded,
            Self::Closed => DiskDone::Closed,
            Self::Failed => DiskDone::Failed(DiskCause::Io),
        }
    }
}

impl DiskFault {
    const fn cause(self) -> DiskCause {
        match self {
            Self::NoSpace => DiskCause::NoSpace,
            Self::TargetExists => DiskCause::TargetExists,
            Self::Busy => DiskCause::Busy,
            Self::Io => DiskCause::Io,
        }
    }
}
