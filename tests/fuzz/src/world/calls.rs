//! Acts of callers, and events outside the engine.

use std::time::Duration;

use haul_core::border::identity::DownloadId;
use haul_core::border::input::TargetFacts;
use haul_core::content::range::ByteRange;
use haul_core::download::{StartMode, State};
use haul_core::http::validator::EntityTag;
use haul_core::layout::Wanted;
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::url::Url;
use haul_core::settings::property::Property;
use haul_core::store::journal::{self, Record};
use haul_core::store::key::Key;
use haul_core::store::seals::Seals;

use super::World;
use super::body::Body;
use super::callers;
use super::checks::AUTH_FIELD;
use super::contents::CONTENT_ID;
use super::disk::Disk;
use super::network::Link;
use super::origin::url;
use super::papers;
use super::script::{Answer, Call, Mode, Plant, Setup, Size};
use super::stream::Stream;
use super::subject::{Subject, state_of};
use super::wishes::{ContentId, Paying};

impl World {
    pub(super) fn add(&mut self, setup: Setup) {
        let subject = self.create(self.subjects.len(), setup, Disk::default());
        self.subjects.push(subject);
        self.start(self.subjects.len() - 1, None);
    }

    /// Creates a download for the file with this number.
    fn create(&mut self, number: usize, setup: Setup, disk: Disk) -> Subject {
        let caller = callers::name(setup.wishes.other_caller);
        let id = self.engine.create(format!("id {number}"), caller.into()).expect("one of a few downloads");
        let disk = match setup.wishes.stream {
            true => Disk { stream: Some(Stream::default()), ..Disk::default() },
            false => Disk { stream: None, ..disk },
        };
        let mut subject = Subject::new(id, setup, disk, self.described);
        if subject.setup.wishes.stream {
            self.engine.take_stream(id).expect("a new download takes a stream");
        } else {
            self.set(id, Property::LocalPath(format!("file {number}")));
        }
        self.set_wishes(&mut subject);
        let options = subject.setup.options.transfer_options(self.described);
        subject.pieces = options.pieces.is_some();
        self.engine.set_options(id, options).expect("a new download takes options");
        subject
    }

    fn set(&mut self, id: DownloadId, property: Property) {
        self.engine.set_property(self.now, id, property).expect("a new download takes sound properties");
    }

    fn set_wishes(&mut self, subject: &mut Subject) {
        let (id, wishes) = (subject.id, subject.setup.wishes.clone());
        if wishes.content_id != ContentId::InPlaceOfUrl {
            self.set(id, Property::Uri(url(subject.url).into()));
        }
        if wishes.content_id != ContentId::None {
            self.set(id, Property::ContentId(CONTENT_ID.into()));
        }
        if wishes.encrypted {
            self.set(id, Property::DecryptionInfo(DecryptionInfo::new(vec![7; 16], 16).expect("a sound key")));
        }
        if let Some(integrity) = wishes.integrity {
            self.set(id, Property::IntegrityCheckInfo(papers::info(self.described, integrity.proof)));
            self.set(id, Property::IntegrityCheckMandatory(integrity.mandatory));
        }
        if wishes.auth {
            self.set(id, Property::HttpCustomAuthHeaders(format!("{AUTH_FIELD}: me")));
        }
        wishes.paying.properties().into_iter().for_each(|property| self.set(id, property));
        let kept = self.engine.set_property(self.now, id, Property::NonVolatile(wishes.non_volatile));
        assert_eq!(kept.is_ok(), !(wishes.non_volatile && wishes.stream), "a stream does not outlive its engine");
        subject.non_volatile = wishes.non_volatile && kept.is_ok();
    }

    /// Sets the properties for network use, one after the other.
    fn pay(&mut self, index: usize, paying: Paying) {
        for property in paying.properties() {
            let subject = &mut self.subjects[index];
            if self.engine.set_property(self.now, subject.id, property.clone()).is_ok() {
                subject.paying.take(&property);
                self.take_outputs();
            }
        }
    }

    pub(super) fn call(&mut self, second: bool, call: &Call) {
        let index = usize::from(second) % self.subjects.len();
        let (id, before) = (self.subjects[index].id, self.subjects[index].state);
        match call {
            Call::Start(mode) => self.start(index, Some(mode)),
            Call::Pause => {
                let ended = matches!(before, State::Finalized | State::Aborted);
                assert_eq!(self.engine.pause(self.now, id).is_err(), ended);
            }
            Call::Abort => assert_eq!(self.engine.abort(self.now, id).is_err(), before == State::Finalized),
            Call::Finalize => self.finalize(index),
            Call::Url(number) => {
                if self.engine.set_property(self.now, id, Property::Uri(url(*number).into())).is_ok() {
                    self.subjects[index].url = *number;
                    self.subjects[index].renewed |= before == State::Paused;
                }
            }
            Call::Pay(paying) => self.pay(index, *paying),
            Call::NonVolatile(keep) => {
                if self.engine.set_property(self.now, id, Property::NonVolatile(*keep)).is_ok() {
                    self.subjects[index].non_volatile = *keep;
                }
            }
            Call::Renew(setup) => self.renew(index, setup),
        }
        self.settle();
    }

    /// Starts in `mode`, or in the setup's mode.
    fn start(&mut self, index: usize, mode: Option<&Mode>) {
        let subject = &self.subjects[index];
        let (id, before, statuses) = (subject.id, subject.state, self.statuses());
        let mode = mode.unwrap_or(&subject.setup.mode).start_mode();
        let wanted = wanted(&mode, &subject.wanted);
        if self.engine.start(self.now, id, mode).is_err() {
            assert_eq!(self.statuses(), statuses, "a start that is refused changes nothing");
            return self.settle();
        }
        let begins = match before {
            State::Created | State::Paused => true,
            State::Transferred => wanted != subject.wanted,
            State::Transferring | State::Finalized | State::Aborted => false,
        };
        let subject = &mut self.subjects[index];
        let old = (subject.wanted.clone(), subject.source);
        let run = (subject.resolved, subject.unchecked, subject.challenged);
        if begins {
            (subject.wanted, subject.source) = (wanted, subject.url);
            subject.begin_run();
        }
        self.settle();
        if begins && !self.slow && self.engine.take_back_start(self.now, id).is_some() {
            let subject = &mut self.subjects[index];
            (subject.resolved, subject.unchecked, subject.challenged) = run;
            (subject.wanted, subject.source) = old;
            subject.state = state_of(&self.engine, id);
            assert_eq!(subject.state, before, "a start that is taken back leaves what was before");
            self.take_outputs();
        }
    }

    fn finalize(&mut self, index: usize) {
        let subject = &mut self.subjects[index];
        let done = self.engine.finalize(self.now, subject.id);
        match subject.state {
            State::Transferred => {
                assert_eq!(done, Ok(()), "a transferred download can be finalized");
                subject.finalizes += 1;
            }
            State::Finalized => assert_eq!(done, Ok(())),
            _ => assert!(done.is_err()),
        }
    }

    pub(super) fn finalize_all(&mut self) {
        for index in 0..self.subjects.len() {
            if self.subjects[index].state == State::Transferred {
                self.finalize(index);
                self.settle();
                assert_eq!(self.subjects[index].state, State::Finalized);
            }
        }
    }

    /// Drops a download and creates another one for the same file.
    fn renew(&mut self, index: usize, setup: &Setup) {
        let id = self.subjects[index].id;
        if self.subjects[index].is_transferring() {
            self.engine.abort(self.now, id).expect("a transfer can be aborted");
            self.take_outputs();
        }
        while !self.subjects[index].pending.is_empty() {
            self.answer(index, Answer::Right);
        }
        self.engine.forget(id);
        let disk = Disk { open: false, ..core::mem::take(&mut self.subjects[index].disk) };
        self.subjects[index] = self.create(index, setup.clone(), disk);
        self.start(index, None);
    }

    pub(super) fn kill(&mut self, power: bool, edit: Option<(Size, u8)>, cut: u8) {
        let taken_up = self.restart(cut.into());
        self.exchanges.clear();
        self.contents.clear();
        self.link = Link::default();
        (self.last_attempt, self.last_operation) = (0, 0);
        for index in 0..self.subjects.len() {
            let old = &mut self.subjects[index];
            old.disk.open = false;
            if power {
                old.disk.lose_power();
            }
            match taken_up.get(&format!("id {index}")) {
                Some(download) => {
                    old.taken_up(*download);
                    old.state = state_of(&self.engine, *download);
                }
                None => {
                    let (setup, disk) = (old.setup.clone(), core::mem::take(&mut old.disk));
                    self.subjects[index] = self.create(index, setup, disk);
                }
            }
            if let Some((offset, length)) = edit {
                self.edit(index, offset.bytes(), length.into());
            }
        }
        for index in 0..self.subjects.len() {
            let goes_on = self.subjects[index].state != State::Created;
            self.start(index, goes_on.then_some(&Mode::Resume));
        }
    }

    /// Another program overwrites some of the bytes.
    fn edit(&mut self, index: usize, offset: u64, length: u64) {
        let disk = &mut self.subjects[index].disk;
        let end = offset.saturating_add(length).min(disk.members().end());
        let edited = ByteRange::new(offset, end);
        if disk.partial.is_some()
            && disk.stream.is_none()
            && disk.planted.is_none()
            && !edited.is_empty()
            && self.now < super::END_OF_TIME
        {
            let sealed = disk.recovered().is_some_and(|recovered| recovered.seals.covered() == recovered.kept);
            self.pass(if sealed { NOT_AT_ONCE } else { EDITED_AFTER });
            self.subjects[index].disk.edit(self.now, edited, self.bodies.len());
            self.bodies.push(Body::foreign());
        }
    }

    /// Changes the files of a download that does not use them.
    pub(super) fn plant(&mut self, second: bool, plant: &Plant) {
        let index = usize::from(second) % self.subjects.len();
        let subject = &mut self.subjects[index];
        let is_used = subject.is_transferring() || subject.disk.open || !subject.pending.is_empty();
        if is_used || subject.disk.stream.is_some() {
            return;
        }
        let facts = |length: Size, record: Option<u8>| {
            Some(TargetFacts { length: length.bytes(), record: record.map(|byte| vec![byte]) })
        };
        match plant {
            Plant::Target { length, record } => subject.disk.target = facts(*length, *record),
            Plant::Named { length, record } => subject.disk.named = facts(*length, *record),
            Plant::Edit { offset, length } => self.edit(index, offset.bytes(), (*length).into()),
            Plant::NoTarget => subject.disk.target = None,
            Plant::Journal { partial, .. } => {
                subject.disk.discard();
                subject.disk.planted = Some(partial.bytes());
                subject.disk.journal = planted_journal(subject, plant);
            }
            Plant::Bytes(bytes) => {
                subject.disk.discard();
                subject.disk.planted = Some(100);
                subject.disk.journal = bytes.clone();
            }
            Plant::NoPartial => {
                (subject.disk.partial, subject.disk.planted) = (None, None);
                subject.robbed = true;
            }
        }
    }
}

/// Age at which the engine no longer attributes a write to a killed run, unless checksums tell them apart.
const EDITED_AFTER: Duration = Duration::from_secs(61);

const NOT_AT_ONCE: Duration = Duration::from_millis(1);

/// The bytes that an accepted start fetches.
fn wanted(mode: &StartMode, before: &Wanted) -> Wanted {
    match mode {
        StartMode::Resume => before.clone(),
        StartMode::Ranges(ranges) if !ranges.is_empty() => Wanted::Ranges(ranges.clone()),
        StartMode::WholeFile | StartMode::Ranges(_) => Wanted::Whole,
    }
}

fn planted_journal(subject: &Subject, plant: &Plant) -> Vec<u8> {
    let Plant::Journal { complete, foreign, kept, closed, verified, tag, .. } = plant else { return Vec::new() };
    let source = Url::parse(url(subject.url.wrapping_add((*foreign).into()))).expect("a sound URL");
    let source = Key::default().fingerprint(&source);
    let wanted = subject.wanted.clone();
    let mut first = Record::Subject { source, wanted, representation: Default::default(), name: None };
    if let Record::Subject { representation, .. } = &mut first {
        representation.complete = complete.map(Size::bytes);
        representation.entity_tag = EntityTag::parse(&format!("\"{tag}\""));
    }
    let range = |&(start, length): &(Size, Size)| {
        let start = start.bytes();
        ByteRange::new(start, start.saturating_add(length.bytes()))
    };
    let mut records =
        vec![first, Record::Kept { ranges: kept.iter().map(range).collect(), modified: None, seals: Seals::default() }];
    records.extend(closed.then_some(Record::Closed));
    records.extend(verified.then_some(Record::Verified));
    journal::begin(&records, &Key::default()).0
}
