//! An engine with jobs and simulated disk, origins and clock, run as the component runs it.

pub mod disk;
pub mod origin;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use haul_core::border::identity::{AttemptId, DownloadId, JobId};
use haul_core::border::input::{End, Input};
use haul_core::border::output::{DiskOperation, Ending, Event, Happening, LedgerChange, Output, Request, Subject};
use haul_core::border::time::Instant;
use haul_core::download::Abilities;
use haul_core::engine::{Completion, Engine, Restored, Settings};
use haul_core::failure::{Cause, DiskCause};
use haul_core::job::{Job, JobFailure, JobState, NewFile, Setting};
use haul_core::transfer::Step;

use self::disk::{Disk, Place};
use self::origin::{Answer, Origins};
use crate::file::{File, Origin as Bytes};

/// Limit on outputs of one input, or events at one instant; more count as a livelock.
const MOST: u32 = 50_000;

/// The wall clock at the start, in nanoseconds since 1970-01-01 UTC.
const EPOCH: u64 = 1_800_000_000_000_000_000;

pub struct Exchange {
    pub download: DownloadId,
    pub authority: String,
    answer: Answer,
    head_sent: bool,
}

pub struct Scene {
    pub engine: Engine,
    settings: Settings,
    pub now: Instant,
    pub disk: Disk,
    pub origins: Origins,
    pub exchanges: BTreeMap<AttemptId, Exchange>,
    /// All requests so far.
    pub requests: Vec<Request>,
    pub told: Vec<(Instant, Event)>,
    next_id: u128,
    unwritten: bool,
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

impl Default for Scene {
    fn default() -> Self {
        Self::with(Settings::default())
    }
}

impl Scene {
    /// A scene with `max_running` places.
    pub fn of_places(max_running: usize) -> Self {
        Self::with(Settings { max_running, ..Settings::default() })
    }

    pub fn with(settings: Settings) -> Self {
        let abilities = Abilities { keeps_downloads: true, ..Abilities::default() };
        let settings = Settings { abilities, ..settings };
        let now = Instant::default() + seconds(1);
        let mut scene = Self {
            engine: Engine::new(settings.clone(), 1, now),
            settings,
            now,
            disk: Disk::default(),
            origins: Origins::default(),
            exchanges: BTreeMap::new(),
            requests: Vec::new(),
            told: Vec::new(),
            next_id: 0,
            unwritten: false,
        };
        scene.read_clock();
        scene
    }

    fn read_clock(&mut self) {
        self.engine.set_time_of_day(self.now, EPOCH + self.now.as_nanos());
    }

    /// Replaces the engine by a new one, which restores the ledger.
    pub fn restart(&mut self) {
        self.exchanges.clear();
        self.disk.let_go();
        self.unwritten = false;
        self.engine = Engine::new(self.settings.clone(), self.now.as_nanos(), self.now);
        self.read_clock();
        let ledger = self.disk.read_ledger();
        assert_eq!(self.engine.restore(self.now, ledger), Restored::All);
        self.drain();
    }

    /// Like [`Self::restart`], but with a power failure that leaves `kept` per mille of unsynced bytes.
    pub fn lose_power(&mut self, kept: usize) {
        self.disk.lose_power(kept);
        self.restart();
    }

    // Calls.

    pub fn create(&mut self) -> JobId {
        self.next_id += 1;
        let job = self.engine.create_job(self.now, self.next_id, "owner".into(), "a job".into()).unwrap();
        self.keep().unwrap();
        job
    }

    /// A job with these files. Each comes from the place at an origin with the same name as its path.
    pub fn job(&mut self, places: &[&str]) -> JobId {
        let job = self.create();
        self.add(job, places).unwrap();
        job
    }

    pub fn running(&mut self, places: &[&str]) -> JobId {
        let job = self.job(places);
        self.resume(job).unwrap();
        job
    }

    pub fn add(&mut self, job: JobId, places: &[&str]) -> Result<(), Cause> {
        self.add_files(job, places.iter().map(|place| file(place)).collect())
    }

    pub fn add_files(&mut self, job: JobId, files: Vec<NewFile>) -> Result<(), Cause> {
        self.engine.add_files(self.now, job, files).map_err(|refused| refused.cause)?;
        self.keep()
    }

    pub fn keep_draft(&mut self, job: JobId) -> Result<(), Cause> {
        self.engine.keep_job(self.now, job)?;
        self.keep()
    }

    pub fn set(&mut self, job: JobId, setting: Setting) -> Result<(), Cause> {
        self.engine.set_job(self.now, job, setting)?;
        self.keep()
    }

    pub fn set_callback(&mut self, job: JobId, calls_back: bool) {
        self.engine.set_job_callback(self.now, job, calls_back).unwrap();
        self.drain();
    }

    pub fn answer(&mut self, job: JobId, accepted: bool) {
        let id = self.seen(job).id();
        self.engine.job_notified(self.now, id, accepted);
        self.drain();
    }

    pub fn suspend(&mut self, job: JobId) -> Result<(), Cause> {
        self.engine.suspend_job(self.now, job)?;
        self.drain();
        Ok(())
    }

    pub fn resume(&mut self, job: JobId) -> Result<(), Cause> {
        self.engine.resume_job(self.now, job)?;
        self.drain();
        Ok(())
    }

    pub fn rename(&mut self, job: JobId, file: u32, place: &str) -> Result<(), Cause> {
        self.engine.set_remote_name(self.now, job, file, &format!("http://{place}"))?;
        self.drain();
        Ok(())
    }

    /// Cancels the job; whether files could not be removed.
    pub fn cancel(&mut self, job: JobId) -> Result<bool, Cause> {
        self.engine.cancel_job(self.now, job)?;
        self.drain();
        self.sweep(job);
        Ok(self.engine.has_left_files())
    }

    pub fn sweep(&mut self, job: JobId) {
        while self.engine.sweep_job(self.now, job) {
            self.drain();
        }
        self.drain();
    }

    pub fn complete(&mut self, job: JobId) -> Result<Completion, Cause> {
        self.engine.begin_completion(self.now, job)?;
        self.drain();
        while self.engine.publish_next(self.now, job)? {
            self.drain();
        }
        self.engine.finish_completion(self.now, job);
        self.drain();
        self.sweep(job);
        Ok(self.engine.completion(job))
    }

    fn keep(&mut self) -> Result<(), Cause> {
        self.drain();
        if self.unwritten {
            self.engine.take_back_job_change(self.now);
            self.drain();
            return Err(Cause::Disk(DiskCause::NoSpace));
        }
        self.engine.keep_job_change();
        Ok(())
    }

    // Observations.

    pub fn seen(&self, job: JobId) -> &Job {
        self.engine.job(job).expect("the job is known")
    }

    pub fn state(&self, job: JobId) -> JobState {
        self.seen(job).state()
    }

    pub fn failure(&self, job: JobId) -> Option<JobFailure> {
        self.seen(job).failure()
    }

    /// Total bytes, and transferred bytes and files.
    pub fn progress(&self, job: JobId) -> (Option<u64>, u64, u32) {
        let progress = self.seen(job).progress();
        (progress.bytes_total, progress.bytes_transferred, progress.files_transferred)
    }

    pub fn place(&self, path: &str) -> Place {
        self.disk.places.get(path).cloned().unwrap_or_default()
    }

    /// Whether the file has its final name and the content that its origin serves.
    pub fn has(&self, path: &str) -> bool {
        let served = self.origins.served(path);
        let is_it = |file: &File| file.length() == served.length && file.holds(served.version, 0, served.length);
        self.place(path).target.as_ref().is_some_and(is_it)
    }

    pub fn leftovers(&self) -> Vec<&str> {
        self.disk.places.iter().filter(|(_, place)| place.has_leftovers()).map(|(path, _)| path.as_str()).collect()
    }

    /// Places of all requests so far.
    pub fn asked(&self) -> BTreeSet<String> {
        self.requests.iter().map(place_of).collect()
    }

    pub fn endings(&self, job: JobId) -> Vec<Ending> {
        let ending = |(_, event): &(Instant, Event)| match event.what {
            Happening::Ending(ending) if event.subject == Subject::Job(job) => Some(ending),
            _ => None,
        };
        self.told.iter().filter_map(ending).collect()
    }

    /// Times at which `what` was reported for the job.
    pub fn times_of(&self, job: JobId, what: Happening) -> Vec<Instant> {
        let is_it = |event: &Event| event.subject == Subject::Job(job) && event.what == what;
        self.told.iter().filter(|(_, event)| is_it(event)).map(|(at, _)| *at).collect()
    }

    /// The engine keeps nothing in memory of jobs that are over.
    pub fn require_empty(&mut self) {
        self.drain();
        let seen = format!("{:#?}", self.engine);
        let kept = [
            "downloads",
            "running",
            "mutated",
            "entries",
            "by_path",
            "jobs",
            "by_guid",
            "touched",
            "by_time",
            "by_job",
            "active_files",
            "held",
            "by_file",
            "by_age",
            "sweeping",
            "retrying",
            "removals",
            "owners",
            "open",
            "of_download",
            "kept",
            "used",
            "own",
        ];
        for map in kept {
            let is_empty = [format!(" {map}: {{}}"), format!(" {map}: []")].iter().any(|text| seen.contains(text));
            assert!(is_empty, "{map} is not empty\n{seen}");
        }
        assert!(self.exchanges.is_empty() && !self.engine.is_busy());
    }

    // Simulation.

    /// Lets `time` pass and simulates everything that happens in it.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        let mut at_one_moment = 0;
        loop {
            self.serve();
            if self.now >= end {
                return;
            }
            let tick = self.origins.rate.filter(|_| !self.exchanges.is_empty()).map(|_| self.now + seconds(1));
            let deadline = self.engine.deadline(self.now);
            let next = [Some(end), tick, deadline].into_iter().flatten().min().unwrap_or(end).max(self.now);
            at_one_moment = if next > self.now { 0 } else { at_one_moment + 1 };
            assert!(at_one_moment < MOST, "no end in sight");
            let before = core::mem::replace(&mut self.now, next);
            self.read_clock();
            self.flow(self.origins.rate.map_or(u64::MAX, |rate| {
                let until = |at: Instant| u128::from(rate) * u128::from(at.as_nanos()) / 1_000_000_000;
                u64::try_from(until(self.now) - until(before)).unwrap_or(u64::MAX)
            }));
            if deadline.is_some_and(|deadline| deadline <= self.now) {
                self.engine.handle(self.now, Input::Time);
                self.drain();
                let next = self.engine.deadline(self.now);
                assert!(next.is_none_or(|next| next > self.now) || self.progressed(), "the deadline stays in the past");
            }
        }
    }

    /// Whether a deadline that is due again makes progress in steps.
    fn progressed(&mut self) -> bool {
        (0..MOST).any(|_| {
            self.engine.handle(self.now, Input::Time);
            self.drain();
            self.engine.deadline(self.now).is_none_or(|next| next > self.now)
        })
    }

    /// Simulates everything that takes no time: heads, and bodies without a rate limit.
    pub fn serve(&mut self) {
        for count in 0.. {
            assert!(count < MOST, "no end in sight");
            let is_lively = |exchange: &&Exchange| {
                !exchange.head_sent && (exchange.answer.head.is_some() || exchange.answer.end.is_some())
            };
            let next = self.exchanges.iter().find(|(_, exchange)| is_lively(exchange)).map(|(id, _)| *id);
            let Some(attempt) = next else { return };
            self.answer_request(attempt);
            if self.origins.rate.is_none() {
                self.receive(attempt, u64::MAX);
            }
        }
    }

    fn answer_request(&mut self, attempt: AttemptId) {
        let Some(exchange) = self.exchanges.get_mut(&attempt) else { return };
        exchange.head_sent = true;
        match (exchange.answer.head.clone(), exchange.answer.end) {
            (Some(head), _) => self.handle(Input::Head { attempt, head }),
            (None, Some(end)) => self.end(attempt, end),
            (None, None) => {}
        }
    }

    /// Delivers at most `bytes` to each exchange.
    fn flow(&mut self, bytes: u64) {
        let attempts: Vec<_> = self.exchanges.keys().copied().collect();
        attempts.into_iter().for_each(|attempt| self.receive(attempt, bytes));
    }

    fn receive(&mut self, attempt: AttemptId, mut bytes: u64) {
        while let Some(exchange) = self.exchanges.get_mut(&attempt).filter(|exchange| exchange.head_sent) {
            let Answer { version, from, to, end, .. } = exchange.answer;
            let step = self.engine.step(self.now, attempt);
            match (step, end) {
                (Step::Drain, _) => return self.end(attempt, End::Complete),
                (_, Some(end)) if from == to => return self.end(attempt, end),
                _ if from == to => return,
                _ => {}
            }
            let (Step::Write { limit, .. } | Step::Skip { limit }) = step else { return };
            let moved = (to - from).min(limit).min(bytes);
            if moved == 0 {
                return;
            }
            exchange.answer.from += moved;
            bytes -= moved;
            if let Step::Write { offset, .. } = step {
                let origin = Bytes { version, source: from };
                self.disk.write(exchange.download, offset, moved, origin, self.now.as_nanos());
            }
            self.handle(Input::Moved { attempt, bytes: moved });
        }
    }

    fn end(&mut self, attempt: AttemptId, end: End) {
        self.exchanges.remove(&attempt);
        self.handle(Input::Ended { attempt, end });
    }

    pub fn handle(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.drain();
    }

    pub fn drain(&mut self) {
        for count in 0.. {
            assert!(count < MOST, "outputs without end");
            let Some(output) = self.engine.poll_output() else { return self.write_rest() };
            match output {
                Output::Disk { download, id, operation } => self.perform(download, id, operation),
                Output::Request { download, attempt, request } => {
                    let answer = self.origins.answer(&request);
                    let authority = request.authority.clone();
                    self.exchanges.insert(attempt, Exchange { download, authority, answer, head_sent: false });
                    self.requests.push(request);
                }
                Output::Cancel { attempt } => {
                    self.exchanges.remove(&attempt);
                }
                Output::Ledger(change) => {
                    if !self.disk.change_ledger(change, &mut self.engine) {
                        self.unwritten = true;
                        self.engine.distrust_ledger();
                    }
                }
                Output::Released { download } => self.disk.release(download),
                Output::DigestAhead { .. } => {}
                Output::Event(event) => self.told.push((self.now, event)),
                Output::WantContent { .. } => panic!("nobody asked for {output:?}"),
            }
        }
    }

    fn perform(
        &mut self,
        download: DownloadId,
        id: haul_core::border::identity::OperationId,
        operation: DiskOperation,
    ) {
        let done = self.disk.perform(download, operation, self.now.as_nanos());
        self.engine.handle(self.now, Input::Disk { download, id, done });
    }

    /// Writes pending ledger changes once there is space.
    fn write_rest(&mut self) {
        if self.unwritten && !self.disk.ledger_is_full {
            self.disk.change_ledger(LedgerChange::Replace, &mut self.engine);
            self.unwritten = false;
        }
    }
}

/// A file from a place at an origin to the path with the same name.
pub fn file(place: &str) -> NewFile {
    NewFile { remote_name: Some(format!("http://{place}")), local_name: Some(place.into()), ..NewFile::default() }
}

pub fn place_of(request: &Request) -> String {
    format!("{}{}", request.authority, request.path_and_query)
}
