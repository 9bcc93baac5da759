//! A scene with several jobs, and its invariants.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use haul_core::border::identity::JobId;
use haul_core::engine::{Completion, Settings};
use haul_core::failure::{Cause, DiskCause};
use haul_core::job::{FileState, JobOptions, JobState, NewFile, Setting};
use haul_core::layout::RequestedRange;
use haul_core::settings::network::Network;

use super::acts::{Act, Which};
use crate::scene::origin::Served;
use crate::scene::{Scene, file, seconds};

/// Number of resumes after which every job must have ended.
const MOST_ROUNDS: u32 = 20;

const AUTHORITIES: [&str; 3] = ["o", "p", "q"];

#[derive(Clone, Debug)]
pub struct Plan {
    pub max_running: usize,
    pub max_per_origin: Option<u32>,
    /// Bytes per second of one exchange.
    pub rate: Option<u64>,
}

pub struct World {
    plan: Plan,
    scene: Scene,
    /// Jobs that are not over, with the path and start offset of each file.
    jobs: BTreeMap<JobId, Vec<(String, u64)>>,
    /// Paths of all files of all jobs.
    places: Vec<String>,
    /// All versions served at each path.
    versions: BTreeMap<String, Vec<Served>>,
    /// Paths with files that could not be removed.
    stuck: BTreeSet<String>,
    /// Jobs that were being completed when an engine died.
    half_completed: BTreeSet<JobId>,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        let Plan { max_running, max_per_origin, rate } = plan;
        let mut scene = Scene::with(Settings { max_running, max_per_origin, ..Settings::default() });
        scene.origins.rate = rate;
        Self {
            plan,
            scene,
            jobs: BTreeMap::new(),
            places: Vec::new(),
            versions: BTreeMap::new(),
            stuck: BTreeSet::new(),
            half_completed: BTreeSet::new(),
        }
    }

    pub fn perform(&mut self, act: &Act) {
        self.act(act);
        self.scene.serve();
        self.check();
    }

    fn job(&self, which: Which) -> Option<JobId> {
        let count = self.jobs.len().max(1);
        self.jobs.keys().nth(which % count).copied()
    }

    fn place(&self, which: Which) -> Option<String> {
        let count = self.places.len().max(1);
        self.places.get(which % count).cloned()
    }

    fn new_place(&mut self) -> String {
        let number = self.places.len();
        let place = format!("{}/{number}", AUTHORITIES[number % AUTHORITIES.len()]);
        let length = [0, 1, 1000, 3000, 20_000][number % 5];
        self.serve(&place, Served { version: 1, length });
        self.places.push(place.clone());
        place
    }

    fn serve(&mut self, place: &str, served: Served) {
        self.scene.origins.files.insert(place.into(), served);
        self.versions.entry(place.into()).or_default().push(served);
    }

    fn act(&mut self, act: &Act) {
        if let Act::Create { files, priority } = act {
            let job = self.scene.create();
            self.jobs.insert(job, Vec::new());
            self.scene.set(job, Setting::Priority(*priority)).unwrap();
            self.add(job, *files, None);
            return;
        }
        match act {
            Act::Fault { place, mirror, fault } => {
                let Some(place) = self.place(*place) else { return };
                let place = if *mirror { format!("m{place}") } else { place };
                match fault {
                    Some(fault) => self.scene.origins.faults.insert(place, *fault),
                    None => self.scene.origins.faults.remove(&place),
                };
            }
            Act::Change { place, length } => {
                let Some(place) = self.place(*place) else { return };
                let version = self.scene.origins.served(&place).version + 1;
                self.serve(&place, Served { version, length: *length });
            }
            Act::Refuse { place, refuses } => {
                let Some(place) = self.place(*place) else { return };
                match refuses {
                    true => self.scene.disk.refused.insert(place),
                    false => self.scene.disk.refused.remove(&place),
                };
            }
            Act::Stick { place } => {
                let Some(place) = self.place(*place) else { return };
                self.stuck.insert(place.clone());
                self.scene.disk.stuck.insert(place);
            }
            Act::Network { connected, cost } => {
                let network = Network { connected: *connected, cost: *cost, ..Network::default() };
                self.scene.engine.set_network(self.scene.now, network);
                self.scene.drain();
            }
            Act::Pass { millis } => self.scene.pass(Duration::from_millis(*millis)),
            Act::Kill => self.scene.restart(),
            Act::LosePower { kept } => self.scene.lose_power(*kept),
            Act::Close => {
                self.scene.engine.close(self.scene.now);
                self.scene.drain();
                assert!(self.scene.exchanges.is_empty());
                self.scene.restart();
            }
            of_job => self.act_on_job(of_job),
        }
    }

    fn act_on_job(&mut self, act: &Act) {
        let which = match act {
            Act::Add { job, .. }
            | Act::AddTaken { job }
            | Act::Suspend(job)
            | Act::Resume(job)
            | Act::Cancel(job)
            | Act::Complete(job)
            | Act::Priority(job, _)
            | Act::Timeout(job, _)
            | Act::RetryDelay(job, _)
            | Act::Options { job, .. }
            | Act::Rename { job, .. }
            | Act::Answer(job, _)
            | Act::Callback(job, _)
            | Act::Take(job)
            | Act::CannotKeep { job, .. }
            | Act::KillInComplete { job, .. }
            | Act::KillInCancel { job, .. } => *job,
            other => panic!("{other:?} concerns no job"),
        };
        let Some(job) = self.job(which) else { return };
        match act {
            Act::Add { files, starts, .. } => self.add(job, *files, *starts),
            Act::AddTaken { .. } => {
                let taken = self.jobs.values().flatten().next().map(|(path, _)| path.clone());
                let Some(taken) = taken.filter(|path| !self.is_named(path)) else { return };
                let busy = Err(Cause::LocalNameTaken);
                assert_eq!(self.scene.add_files(job, vec![file("o/x"), file(&taken)]), busy);
            }
            Act::Suspend(_) => self.scene.suspend(job).unwrap(),
            Act::Resume(_) => self.resume(job),
            Act::Cancel(_) => {
                let left = self.scene.cancel(job).unwrap();
                self.forget_over(job, left);
            }
            Act::Complete(_) => drop(self.complete(job)),
            Act::Priority(_, priority) => self.scene.set(job, Setting::Priority(*priority)).unwrap(),
            Act::Timeout(_, time) => self.scene.set(job, Setting::NoProgressTimeout(*time)).unwrap(),
            Act::RetryDelay(_, time) => self.scene.set(job, Setting::MinimumRetryDelay(*time)).unwrap(),
            Act::Options { keep_going, max_rate, .. } => {
                let options = JobOptions { keep_going: *keep_going, max_rate: *max_rate, ..JobOptions::default() };
                self.scene.set(job, Setting::Options(options)).unwrap();
            }
            Act::Rename { file, .. } => {
                let Some((path, _)) = self.jobs[&job].get(*file as usize) else { return };
                self.scene.rename(job, *file, &format!("m{path}")).unwrap();
            }
            Act::Answer(_, accepted) => self.scene.answer(job, *accepted),
            Act::Callback(_, is_set) => self.scene.set_callback(job, *is_set),
            Act::Take(_) => self.scene.engine.take_job(self.scene.now, job, "").unwrap(),
            Act::CannotKeep { creates, .. } => self.cannot_keep(job, *creates),
            Act::KillInComplete { named, .. } => {
                self.scene.engine.begin_completion(self.scene.now, job).unwrap();
                self.scene.drain();
                for _ in 0..*named {
                    if self.scene.engine.publish_next(self.scene.now, job) != Ok(true) {
                        break;
                    }
                    self.scene.drain();
                }
                self.half_completed.insert(job);
                self.scene.restart();
            }
            Act::KillInCancel { kept, .. } => {
                self.scene.engine.cancel_job(self.scene.now, job).unwrap();
                self.scene.drain();
                self.scene.lose_power(*kept);
                // The next engine removes files of a job cancelled before a crash in the background, and reports failures to no caller.
                let paths = self.jobs.remove(&job).unwrap_or_default();
                self.stuck.extend(
                    paths.into_iter().map(|(path, _)| path).filter(|path| self.scene.disk.stuck.contains(path)),
                );
                self.scene.pass(Duration::ZERO);
                self.scene.pass(Duration::from_millis(1));
                self.scene.engine.forget_job(job);
            }
            other => panic!("{other:?} concerns no job"),
        }
    }

    fn add(&mut self, job: JobId, count: usize, starts: Option<u64>) {
        let places: Vec<_> = (0..count).map(|_| self.new_place()).collect();
        let made = |place: &String| NewFile {
            ranges: starts.map(|offset| RequestedRange::From { offset }).into_iter().collect(),
            ..file(place)
        };
        let files = places.iter().map(made).collect();
        self.scene.add_files(job, files).unwrap();
        let known = self.jobs.get_mut(&job).expect("a job that is not over");
        known.extend(places.into_iter().map(|place| (place, starts.unwrap_or(0))));
    }

    fn resume(&mut self, job: JobId) {
        let expected = if self.jobs[&job].is_empty() { Err(Cause::JobEmpty) } else { Ok(()) };
        assert_eq!(self.scene.resume(job), expected);
    }

    fn cannot_keep(&mut self, job: JobId, creates: bool) {
        let before = self.scene.seen(job).files_total();
        self.scene.disk.ledger_is_full = true;
        let full = Err(Cause::Disk(DiskCause::NoSpace));
        if creates {
            let made = self.scene.engine.create_job(self.scene.now, 7 << 64, "owner".into(), String::new());
            self.scene.drain();
            self.scene.engine.take_back_job_change(self.scene.now);
            self.scene.drain();
            assert!(made.is_ok_and(|made| self.scene.engine.job(made).is_none()));
        } else {
            assert_eq!(self.scene.add(job, &["o/x", "p/y"]), full);
            assert_eq!(self.scene.set(job, Setting::Description("text".into())), full);
        }
        assert_eq!(self.scene.seen(job).files_total(), before);
        self.scene.disk.ledger_is_full = false;
        self.scene.drain();
        self.scene.disk.places.retain(|path, _| path != "o/x" && path != "p/y");
    }

    fn is_named(&self, path: &str) -> bool {
        self.scene.place(path).target.is_some()
    }

    /// Completes the job; whether it is over.
    fn complete(&mut self, job: JobId) -> bool {
        let asked = self.scene.requests.len();
        let state = self.scene.state(job);
        match self.scene.complete(job) {
            Ok(completion) => {
                let progress = self.scene.seen(job).progress();
                let is_whole = progress.files_transferred == progress.files_total;
                assert_eq!(completion == Completion::Complete, is_whole);
                self.forget_over(
                    job,
                    completion == Completion::UnableToDeleteFiles || !self.scene.disk.stuck.is_empty(),
                );
                true
            }
            Err(cause) => {
                assert_eq!(cause, Cause::Disk(DiskCause::Denied));
                if state == JobState::Transferred {
                    assert_eq!((self.scene.state(job), self.scene.requests.len()), (state, asked));
                }
                false
            }
        }
    }

    fn forget_over(&mut self, job: JobId, left: bool) {
        let paths = self.jobs.remove(&job).expect("a job that is not over");
        for (index, (path, start)) in (0..).zip(paths) {
            let completed = self.scene.seen(job).file_progress(index).expect("its file").completed;
            let is_named = self.is_named(&path);
            assert!(completed == is_named || (is_named && self.half_completed.contains(&job)), "{path}");
            assert!(!is_named || self.is_right(&path, start), "{path} is not what was served there");
            let left = left && self.stuck.contains(&path);
            assert!(left || !self.scene.place(&path).has_leftovers(), "something is left at {path}");
        }
        self.scene.engine.forget_job(job);
        assert!(self.scene.engine.job(job).is_none());
    }

    /// Whether the file is the requested part of a version that was served there.
    fn is_right(&self, path: &str, start: u64) -> bool {
        let Some(found) = self.scene.place(path).target else { return false };
        let is_it = |served: &Served| {
            let length = served.length.saturating_sub(start);
            found.is(served.version, &[(start, length)])
        };
        self.versions[path].iter().any(is_it)
    }

    /// Checks the invariants.
    fn check(&self) {
        let open = self.scene.engine.jobs_of("", true).unwrap();
        assert_eq!(open, self.jobs.keys().copied().collect::<Vec<_>>(), "a job is lost, or there twice");
        for (job, paths) in &self.jobs {
            self.check_progress(*job, paths.len());
        }
        let running: BTreeSet<_> = self.scene.exchanges.values().map(|exchange| exchange.download).collect();
        assert!(running.len() <= self.plan.max_running, "more run than may");
        let mut at_origins: BTreeMap<&str, u32> = BTreeMap::new();
        for exchange in self.scene.exchanges.values() {
            *at_origins.entry(&exchange.authority).or_default() += 1;
        }
        let most = self.plan.max_per_origin.unwrap_or(u32::MAX);
        assert!(at_origins.values().all(|count| *count <= most), "too much is asked of an origin: {at_origins:?}");
    }

    fn check_progress(&self, job: JobId, files: usize) {
        let seen = self.scene.seen(job);
        let progress = seen.progress();
        assert_eq!(progress.files_total as usize, files);
        let each: Vec<_> = (0..progress.files_total).filter_map(|file| seen.file_progress(file)).collect();
        let total = each.iter().map(|file| file.bytes_total).sum::<Option<u64>>();
        let written = each.iter().map(|file| file.bytes_transferred).sum::<u64>();
        assert_eq!((progress.bytes_total, progress.bytes_transferred), (total, written));
        assert!(each.iter().all(|file| file.bytes_total.is_none_or(|total| file.bytes_transferred <= total)));
        let is_here =
            |file: &u32| matches!(seen.file_state(*file), Some((FileState::Transferred | FileState::Over, _)));
        assert_eq!(progress.files_transferred as usize, (0..progress.files_total).filter(is_here).count());
        if seen.state() == JobState::Transferred {
            assert_eq!((progress.files_transferred, seen.failure()), (progress.files_total, None));
        }
    }

    /// Ends all faults; then every job must end and leave nothing behind.
    pub fn end(&mut self) {
        self.scene.origins.faults.clear();
        self.scene.disk.refused.clear();
        self.scene.disk.stuck.clear();
        self.scene.engine.set_network(self.scene.now, Network::default());
        self.scene.drain();
        let jobs: Vec<_> = self.jobs.keys().copied().collect();
        for job in &jobs {
            self.scene.set(*job, Setting::NoProgressTimeout(3600)).unwrap();
        }
        let mut rounds = 0;
        while jobs.iter().any(|job| !self.has_ended(*job)) {
            rounds += 1;
            assert!(rounds < MOST_ROUNDS, "no end in sight: {:?}", self.unended(&jobs));
            jobs.iter().filter(|job| !self.jobs[job].is_empty()).for_each(|job| self.scene.resume(*job).unwrap());
            self.scene.pass(seconds(600));
            self.check();
        }
        for job in jobs {
            assert!(self.complete(job), "a job could not be completed");
        }
        self.scene.pass(seconds(1));
        self.scene.require_empty();
    }

    fn unended(&self, jobs: &[JobId]) -> Vec<(JobId, JobState, Option<haul_core::job::JobFailure>)> {
        let unended = jobs.iter().filter(|job| !self.has_ended(**job));
        unended.map(|job| (*job, self.scene.state(*job), self.scene.failure(*job))).collect()
    }

    /// Whether the job can make no more progress. A file that has become shorter than its start offset can never be fetched.
    fn has_ended(&self, job: JobId) -> bool {
        let failure = self.scene.failure(job).filter(|_| self.scene.state(job) == JobState::Error);
        let is_hopeless = failure.is_some_and(|failure| failure.cause == Cause::InvalidRange);
        self.jobs[&job].is_empty() || is_hopeless || self.scene.state(job) == JobState::Transferred
    }
}
