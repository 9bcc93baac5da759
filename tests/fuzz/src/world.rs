//! Runs an engine against an arbitrary script and checks the engine's invariants.
//!
//! The script decides the behaviour of callers, origins, disks and clocks. The world keeps only the shell's contract: bytes move as `step`
//! says and only while no operation on the file is in progress, and operations complete in order. All other inputs may be late, repeated,
//! wrong, or for an object that is gone.

mod body;
mod callers;
mod calls;
mod checks;
mod contents;
mod disk;
mod exchanges;
mod extents;
mod ledger;
mod network;
mod operations;
mod origin;
mod papers;
mod script;
mod stream;
mod subject;
mod wishes;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use haul_core::border::identity::{AttemptId, DownloadId, OperationId};
use haul_core::border::input::Input;
use haul_core::border::output::LedgerChange;
use haul_core::border::time::Instant;
use haul_core::download::Abilities;
use haul_core::engine::{Engine, Settings};

use self::body::Body;
use self::exchanges::Exchange;
use self::ledger::LedgerFile;
use self::network::Link;
use self::origin::{File, Validator};
use self::papers::Paper;
use self::script::{Action, Answer, Ending, Rate, Size};
use self::subject::Subject;

pub use self::script::Script;

/// Limit on the simulated time, so that deadlines do not overflow.
const END_OF_TIME: Instant = Instant::from_nanos(1 << 61);

/// Turns after which a run against a faultless world counts as a livelock.
const MOST_TURNS: u32 = 2000;

/// Files longer than this, in bytes, are not fetched to their end.
const LARGE: u64 = 8 << 20;

pub struct World {
    settings: Settings,
    engine: Engine,
    now: Instant,
    link: Link,
    file: File,
    paper: Paper,
    /// Length of the file according to callers.
    described: u64,
    /// The place of the current response, which may redirect.
    led_from: Option<String>,
    subjects: Vec<Subject>,
    exchanges: BTreeMap<AttemptId, Exchange>,
    /// All bodies so far.
    bodies: Vec<Body>,
    /// Disk operations wait until the script answers them.
    slow: bool,
    slow_digests: bool,
    /// Answers to the next operations; without one, the answer is correct.
    next: VecDeque<Answer>,
    /// Content ids that the driver was asked to resolve.
    contents: VecDeque<(DownloadId, OperationId)>,
    slow_contents: bool,
    ledger: LedgerFile,
    /// Pending changes of the ledger.
    changes: Vec<LedgerChange>,
    last_attempt: u64,
    last_operation: u64,
}

impl World {
    pub fn new(script: &Script) -> Self {
        let max_running = if script.one_at_a_time { 1 } else { 5 };
        let max_rate = script.max_rate.map(Rate::bytes);
        let max_per_origin = script.max_per_origin.map(u32::from);
        let abilities = Abilities { exchange_fields: true, resolves_content: true, keeps_downloads: true };
        let settings = Settings { max_running, max_rate, max_per_origin, abilities, ..Settings::default() };
        let now = Instant::from_nanos(1_000_000);
        let mut world = Self {
            engine: Engine::new(settings.clone(), 7, now),
            settings,
            now,
            link: Link::default(),
            file: script.file,
            paper: Paper::Right,
            subjects: Vec::new(),
            exchanges: BTreeMap::new(),
            bodies: Vec::new(),
            slow: false,
            slow_digests: false,
            described: script.file.length.bytes(),
            led_from: None,
            next: VecDeque::new(),
            contents: VecDeque::new(),
            slow_contents: false,
            ledger: LedgerFile::default(),
            changes: Vec::new(),
            last_attempt: 0,
            last_operation: 0,
        };
        let setups = [Some(&script.downloads.0), script.downloads.1.as_ref()];
        setups.into_iter().flatten().for_each(|setup| world.add(setup.clone()));
        world
    }

    /// Executes the script; then all faults end, and every download must end.
    pub fn run(&mut self, actions: &[Action]) {
        for action in actions {
            self.pass(Duration::from_micros(10));
            self.act(action);
            self.check();
        }
        self.end();
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Respond { exchange, response } => self.respond(*exchange, response),
            Action::Insist { response, times } => self.insist(response, *times),
            Action::Flow { exchange, steps } => self.flow(*exchange, *steps),
            Action::Trickle { exchange, bytes } => self.trickle(*exchange, (*bytes).into()),
            Action::End { exchange, end } => self.end_exchange(*exchange, *end),
            Action::Stale { exchange, what } => self.stale_input(*exchange, what),
            Action::Slow(slow) => {
                self.slow = *slow;
                self.settle();
            }
            Action::SlowDigests(slow) => {
                self.slow_digests = *slow;
                self.settle();
            }
            Action::Answer(answer) => self.answer_next(*answer, false),
            Action::AnswerDigest(answer) => self.answer_next(*answer, true),
            Action::Next(answer) => self.next.push_back(*answer),
            Action::StaleAnswer { operation, wrong } => self.stale_answer(*operation, *wrong),
            Action::Wait(exponent) => self.wait(Duration::from_micros(1 << (exponent % 48))),
            Action::Deadline => self.wait_for_deadline(),
            Action::Call { download, call } => self.call(*download, call),
            Action::Change(file) => self.file = *file,
            Action::Plant { download, plant } => self.plant(*download, plant),
            Action::Kill { power, edit, cut } => self.kill(*power, *edit, *cut),
            Action::Network(link) => self.set_network(*link),
            Action::Paper(paper) => self.paper = *paper,
            Action::SlowContents(slow) => {
                self.slow_contents = *slow;
                self.settle();
            }
            Action::Content(described) => {
                self.answer_content(*described);
                self.settle();
            }
            Action::StaleContent { operation, described } => self.stale_content(*operation, *described),
            Action::LedgerFull => self.ledger.is_full = true,
            Action::SinkFull { exchange } => self.hold(*exchange),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now = (self.now + time).min(END_OF_TIME);
    }

    fn wait(&mut self, time: Duration) {
        self.pass(time);
        self.handle_time();
    }

    fn wait_for_deadline(&mut self) {
        let Some(deadline) = self.engine.deadline(self.now) else { return };
        if deadline <= END_OF_TIME {
            self.now = self.now.max(deadline);
            self.handle_time();
        }
    }

    /// Handling the time does all that is due, so that a shell that waits for the deadline never spins. A download that gets the place of
    /// another may be due at once.
    fn handle_time(&mut self) {
        for _ in 0..=self.subjects.len() {
            self.handle(Input::Time);
            self.settle();
            if self.engine.deadline(self.now).is_none_or(|deadline| deadline > self.now) {
                return;
            }
        }
        panic!("{:?} is not after {:?}", self.engine.deadline(self.now), self.now);
    }

    /// Ends all faults: every download must end, and complete files are renamed.
    fn end(&mut self) {
        (self.slow, self.slow_digests, self.slow_contents) = (false, false, false);
        (self.next, self.paper) = (VecDeque::new(), Paper::Right);
        self.set_network(Link::default());
        let length = if self.described < LARGE { Size::Any(self.described) } else { Size::Chunks(5) };
        self.file = File { length, validator: Validator::Tag(255) };
        for attempt in self.exchanges.keys().copied().collect::<Vec<_>>() {
            self.feed_end(attempt, Ending::ConnectionLost);
        }
        let held = self.settings.max_rate.is_some() || self.subjects.iter().any(|subject| !subject.can_end());
        if held {
            return;
        }
        let mut turns = 0..MOST_TURNS;
        while self.subjects.iter().any(|subject| subject.is_transferring()) {
            assert!(turns.next().is_some(), "no end in sight");
            self.turn();
            self.check();
        }
        self.finalize_all();
        self.check();
    }

    fn turn(&mut self) {
        let attempts: Vec<_> = self.exchanges.keys().copied().collect();
        for attempt in &attempts {
            self.advance(*attempt, 8);
        }
        if attempts.is_empty() || self.engine.deadline(self.now).is_some_and(|deadline| deadline <= self.now) {
            self.wait_for_deadline();
        }
        self.pass(Duration::from_millis(10));
    }
}
