//! Outputs of the engine: requests and disk operations.

use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::border::input::{DiskDone, Input, Opened};
use haul_core::border::output::{DigestSubject, DiskOperation, Event, Happening, Output, Subject as About};
use haul_core::content::digest::{Algorithm, Checksum};
use haul_core::content::range::ByteRange;
use haul_core::content::range_set::RangeSet;
use haul_core::failure::{Cause, DiskCause};
use haul_core::store::journal;
use haul_core::store::key::Key;

use super::World;
use super::body::{Body, recorded_place};
use super::exchanges::Exchange;
use super::origin::{is_source, place};
use super::script::{Answer, DiskFault, RIGHT_DIGEST, Wrong};
use super::subject::{Pending, Subject};
use crate::crc;

/// Limit on outputs of one input, for each download.
const MOST_OUTPUTS: usize = 300;

/// Limit on disk answers that follow from one another.
const MOST_ANSWERS: usize = 200;

impl World {
    pub(super) fn handle(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.take_outputs();
    }

    /// Executes all outputs and those that follow from them, unless the disk is slow.
    pub(super) fn settle(&mut self) {
        self.take_outputs();
        self.answer_contents();
        let mut answers = 0;
        while !self.slow {
            let Some(index) = self.subjects.iter().position(|subject| self.has_work(subject)) else { return };
            let answer = self.next.pop_front().unwrap_or(Answer::Right);
            self.answer(index, answer);
            self.answer_contents();
            answers += 1;
            assert!(answers < MOST_ANSWERS, "the disk is never done");
        }
    }

    fn has_work(&self, subject: &Subject) -> bool {
        if self.slow_digests { subject.is_file_busy() } else { !subject.pending.is_empty() }
    }

    pub(super) fn take_outputs(&mut self) {
        let mut count = 0;
        while let Some(output) = self.engine.poll_output() {
            count += 1;
            self.take(output);
        }
        assert!(count <= MOST_OUTPUTS * self.subjects.len(), "{count} outputs");
        self.write_ledger();
        self.observe();
    }

    fn take(&mut self, output: Output) {
        match output {
            Output::Disk { download, id, operation } => self.take_operation(download, id, operation),
            Output::Request { download, attempt, request } => {
                assert!(attempt.0 > self.last_attempt, "{attempt:?} is used twice");
                self.last_attempt = attempt.0;
                self.check_request(download, &request);
                let to = place(&request.authority, &request.path_and_query);
                let from = if is_source(&to) { None } else { self.led_from.clone() };
                let is_redirected = from.is_some();
                let exchange = Exchange::new(download, request, from.unwrap_or(to), is_redirected);
                self.exchanges.insert(attempt, exchange);
            }
            Output::Cancel { attempt } => {
                self.exchanges.remove(&attempt);
            }
            Output::Event(Event { subject: About::Download(download), what: Happening::RangeDropped(range) }) => {
                let subject = self.index_of(download).map(|index| &mut self.subjects[index]);
                subject.into_iter().for_each(|subject| subject.disk.dropped.insert(range));
            }
            Output::Event(Event { subject: About::Download(download), what: Happening::Unchecked { .. } }) => {
                let subject = self.index_of(download).map(|index| &mut self.subjects[index]);
                if let Some(subject) = subject {
                    let mandatory = subject.setup.wishes.integrity.is_some_and(|info| info.mandatory);
                    assert!(!mandatory, "goes on without what is mandatory");
                    subject.unchecked = true;
                }
            }
            Output::Event(_) | Output::DigestAhead { .. } => {}
            Output::Released { download } => panic!("{download:?} is not for a job"),
            Output::WantContent { download, id, content_id } => self.want_content(download, id, &content_id),
            Output::Ledger(change) => self.changes.push(change),
        }
    }

    fn take_operation(&mut self, download: DownloadId, id: OperationId, operation: DiskOperation) {
        assert!(id.0 > self.last_operation, "{id:?} is used twice");
        self.last_operation = id.0;
        let Some(index) = self.index_of(download) else { return };
        self.check_operation(index, &operation);
        let subject = &mut self.subjects[index];
        let syncs = matches!(operation, DiskOperation::Sync);
        let snapshot = if syncs { subject.disk.members() } else { RangeSet::new() };
        subject.pending.push_back(Pending { id, operation, snapshot });
    }

    pub(super) fn index_of(&self, download: DownloadId) -> Option<usize> {
        self.subjects.iter().position(|subject| subject.id == download)
    }

    /// Answers the oldest operation, or the oldest digest.
    pub(super) fn answer_next(&mut self, answer: Answer, digest: bool) {
        let oldest = |subject: &Subject| subject.pending.iter().position(|pending| !digest || pending.is_digest());
        let found = self.subjects.iter().enumerate().find_map(|(index, subject)| Some((index, oldest(subject)?)));
        if let Some((index, place)) = found {
            self.answer_at(index, place, answer);
            self.settle();
        }
    }

    /// Answers the oldest operation of a download; digests only if no other operation is left.
    pub(super) fn answer(&mut self, index: usize, answer: Answer) {
        let oldest = self.subjects[index].pending.iter().position(|pending| !pending.is_digest());
        self.answer_at(index, oldest.unwrap_or(0), answer);
    }

    fn answer_at(&mut self, index: usize, place: usize, answer: Answer) {
        let subject = &mut self.subjects[index];
        let Some(pending) = subject.pending.remove(place) else { return };
        let download = subject.id;
        let done = match answer {
            Answer::Right => self.perform(index, &pending, true),
            Answer::OtherDigest => self.perform(index, &pending, false),
            Answer::Failed(fault) => self.fail(index, &pending, fault),
            Answer::Wrong(Wrong::Failed) => self.fail(index, &pending, DiskFault::Io),
            Answer::Wrong(wrong) => {
                // The operation is done, but the answer is another.
                let done = self.perform(index, &pending, true);
                let right = is_right(wrong, &pending.operation);
                self.subjects[index].obedient &= right;
                if right { done } else { wrong.done() }
            }
        };
        self.handle(Input::Disk { download, id: pending.id, done });
    }

    fn fail(&mut self, index: usize, pending: &Pending, fault: DiskFault) -> DiskDone {
        let subject = &self.subjects[index];
        let decrypts = matches!(pending.operation, DiskOperation::Decrypt { .. });
        let fault = match fault {
            DiskFault::Closed if subject.disk.stream.is_none() => DiskFault::Io,
            DiskFault::NotEncrypted | DiskFault::Undecryptable if !decrypts => DiskFault::Io,
            fault => fault,
        };
        self.subjects[index].disk.stuck |= matches!(pending.operation, DiskOperation::Discard);
        DiskDone::Failed(fault.cause())
    }

    fn perform(&mut self, index: usize, pending: &Pending, digest_fits: bool) -> DiskDone {
        if let Some(stream) = &self.subjects[index].disk.stream {
            stream.check(&pending.operation);
        }
        if let DiskOperation::Digest { subject, checksum, range } = &pending.operation {
            return DiskDone::Digested(match checksum {
                Checksum::Digest(algorithm) => self.digest(index, *subject, *algorithm, *range, digest_fits),
                Checksum::Crc32 => self.crc(index, range.unwrap_or(ByteRange::new(0, 0)), digest_fits),
            });
        }
        if let DiskOperation::Checksums { ranges } = &pending.operation {
            let crc = |range: &ByteRange| self.crc(index, *range, digest_fits).try_into().map(u32::from_be_bytes);
            return DiskDone::Checksums(ranges.iter().map(|range| crc(range).expect("four bytes")).collect());
        }
        let body = self.bodies.len();
        let subject = &mut self.subjects[index];
        let recovered = subject.disk.planted.and_then(|_| subject.disk.recovered());
        self.bodies.extend(recovered.map(|recovered| Body::recorded(&recovered, body)));
        let done = subject.disk.perform(self.now, &pending.operation, &pending.snapshot, body);
        self.follow(index, &pending.operation);
        done
    }

    /// The right digest, or another one.
    fn digest(
        &mut self,
        index: usize,
        of: DigestSubject,
        algorithm: Algorithm,
        range: Option<ByteRange>,
        fits: bool,
    ) -> Vec<u8> {
        let subject = &mut self.subjects[index];
        if fits && of == DigestSubject::Partial {
            match range {
                Some(range) => subject.proven_pieces.insert(range),
                None => drop(subject.proven.insert(algorithm)),
            }
        }
        vec![if fits { RIGHT_DIGEST } else { 0 }; algorithm.length()]
    }

    /// The checksum of the partial file's bytes, or another one.
    fn crc(&self, index: usize, range: ByteRange, fits: bool) -> Vec<u8> {
        let Some(partial) = &self.subjects[index].disk.partial else { return vec![0; 4] };
        let crc = crc::of_runs(&partial.runs(range, |body| self.bodies[body].version.byte()));
        (if fits { crc } else { !crc }).to_be_bytes().to_vec()
    }

    /// Tracks operations on the files.
    fn follow(&mut self, index: usize, operation: &DiskOperation) {
        let subject = &mut self.subjects[index];
        match operation {
            DiskOperation::Begin { fresh, .. } => {
                subject.has_begun = true;
                subject.doubt();
                subject.proven_pieces = RangeSet::new();
                if !fresh && subject.renewed {
                    self.move_bodies(index);
                }
            }
            DiskOperation::Discard => {
                subject.doubt();
                subject.proven_pieces = RangeSet::new();
            }
            // The proof covers the encrypted content, not the final file.
            DiskOperation::Decrypt { .. } => {
                subject.proven_encrypted = !std::mem::take(&mut subject.proven).is_empty();
            }
            DiskOperation::Publish(_) => subject.published = true,
            DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. } => self.check_journal(index),
            _ => {}
        }
    }

    /// Assigns kept bytes to the file at the new URL, as the caller declares, unless they belong to another known place.
    fn move_bodies(&mut self, index: usize) {
        let subject = &mut self.subjects[index];
        let place = subject.place();
        let recorded = subject.disk.recovered().map(|recovered| recorded_place(&recovered)).unwrap_or_default();
        if recorded == place || subject.mirrors().contains(&recorded) {
            return;
        }
        let Some(partial) = &mut subject.disk.partial else { return };
        partial.relabel(|old| {
            let body = self.bodies[old].clone();
            self.bodies.push(Body { version: body.version.moved_to(&place), ..body });
            self.bodies.len() - 1
        });
    }

    /// An answer that the engine does not wait for changes nothing.
    pub(super) fn stale_answer(&mut self, operation: u8, wrong: Wrong) {
        let Some(download) = self.subjects.first().map(|subject| subject.id) else { return };
        let id = OperationId(u64::from(operation) % (self.last_operation + 3));
        let awaited = self.subjects.iter().flat_map(|subject| &subject.pending).any(|pending| pending.id == id);
        if !awaited {
            self.nothing_follows(Input::Disk { download, id, done: wrong.done() });
        }
    }
}

/// Whether `wrong` happens to be the right kind of answer to the operation.
fn is_right(wrong: Wrong, operation: &DiskOperation) -> bool {
    matches!(
        (wrong, operation),
        (Wrong::Opened, DiskOperation::Open { .. })
            | (Wrong::Begun, DiskOperation::Begin { .. })
            | (Wrong::Synced, DiskOperation::Sync)
            | (Wrong::JournalWritten, DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. })
            | (Wrong::Digested, DiskOperation::Digest { .. })
            | (Wrong::Named, DiskOperation::Name { .. })
            | (Wrong::Cut, DiskOperation::Cut { .. })
            | (Wrong::Published, DiskOperation::Publish(_))
            | (Wrong::Discarded, DiskOperation::Discard)
            | (Wrong::Closed, DiskOperation::Close)
            | (Wrong::Decrypted, DiskOperation::Decrypt { .. })
    )
}

impl Wrong {
    fn done(self) -> DiskDone {
        match self {
            Self::Opened => {
                let journal = journal::begin(&[], &Key::default()).0;
                DiskDone::Opened(Opened { target: None, partial: None, journal, foreign: false })
            }
            Self::Begun => DiskDone::Begun { now: None },
            Self::Synced => DiskDone::Synced { modified: None },
            Self::JournalWritten => DiskDone::JournalWritten,
            Self::Digested => DiskDone::Digested(vec![1; 32]),
            Self::Named => DiskDone::Named(None),
            Self::Cut => DiskDone::Cut,
            Self::Published => DiskDone::Published,
            Self::Discarded => DiskDone::Discarded,
            Self::Closed => DiskDone::Closed,
            Self::Decrypted => DiskDone::Decrypted { length: 7 },
            Self::Failed => DiskDone::Failed(Cause::Disk(DiskCause::Io)),
        }
    }
}

impl DiskFault {
    const fn cause(self) -> Cause {
        match self {
            Self::NoSpace => Cause::Disk(DiskCause::NoSpace),
            Self::TargetExists => Cause::Disk(DiskCause::TargetExists),
            Self::Busy => Cause::Disk(DiskCause::Busy),
            Self::Io => Cause::Disk(DiskCause::Io),
            Self::Closed => Cause::StreamFailed,
            Self::NotEncrypted => Cause::EncryptionExpected,
            Self::Undecryptable => Cause::Undecryptable,
        }
    }
}
