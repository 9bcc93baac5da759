//! Property test of paths. For any sequence of calls on downloads and jobs whose paths collide, an owner that has files beside a target is the
//! only one that may write there, through pauses, failures and deaths of the engine, and no call on another object changes its files.

use std::collections::{BTreeMap, BTreeSet};

use haul_core::border::identity::{DownloadId, JobId};
use haul_core::download::{StartMode, State};
use haul_core::failure::Cause;
use haul_core::settings::property::Property;
use proptest::prelude::*;

use crate::scene::origin::Fault;
use crate::scene::{Scene, file, seconds};

const CALLER: &str = "owner";

/// The second is the partial file of the first.
const PATHS: [&str; 3] = ["o/a", "o/a.part", "p/b"];

#[derive(Clone, Debug)]
enum Act {
    Download { path: usize, non_volatile: bool },
    Start(usize),
    Pause(usize),
    Abort(usize),
    Finalize(usize),
    Forget(usize),
    Job { path: usize },
    Resume(usize),
    Suspend(usize),
    Cancel(usize),
    Complete(usize),
    Fault { path: usize, fault: Option<Fault> },
    Pass { millis: u64 },
    Kill,
}

fn act() -> impl Strategy<Value = Act> {
    let which = 0usize..16;
    let of = |make: fn(usize) -> Act| (0usize..16).prop_map(make);
    let fault = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Fault::Status(404))),
        1 => (0u64..1000).prop_map(|bytes| Some(Fault::CutAfter(bytes))),
        1 => Just(Some(Fault::NoValidator)),
    ];
    prop_oneof![
        4 => (which.clone(), any::<bool>()).prop_map(|(path, non_volatile)| Act::Download { path, non_volatile }),
        5 => of(Act::Start),
        3 => of(Act::Pause),
        2 => of(Act::Abort),
        1 => of(Act::Finalize),
        1 => of(Act::Forget),
        2 => which.clone().prop_map(|path| Act::Job { path }),
        3 => of(Act::Resume),
        2 => of(Act::Suspend),
        1 => of(Act::Cancel),
        1 => of(Act::Complete),
        3 => (which, fault).prop_map(|(path, fault)| Act::Fault { path, fault }),
        6 => (0u64..4000).prop_map(|millis| Act::Pass { millis }),
        1 => Just(Act::Kill),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Download(DownloadId),
    Job(JobId),
}

struct World {
    scene: Scene,
    downloads: BTreeMap<DownloadId, &'static str>,
    jobs: BTreeMap<JobId, &'static str>,
    /// Targets with files that their owner has left for good: it was forgotten, or was volatile when its engine died.
    orphans: BTreeSet<&'static str>,
    made: u32,
}

/// Whether the files of two targets would be one file.
fn collide(one: &str, other: &str) -> bool {
    one == other || format!("{one}.part") == other || format!("{other}.part") == one
}

fn pick<T: Copy>(known: impl ExactSizeIterator<Item = T>, which: usize) -> Option<T> {
    let count = known.len().max(1);
    known.into_iter().nth(which % count)
}

impl World {
    fn new() -> Self {
        let mut scene = Scene::default();
        scene.origins.rate = Some(200);
        Self { scene, downloads: BTreeMap::new(), jobs: BTreeMap::new(), orphans: BTreeSet::new(), made: 0 }
    }

    fn make(&mut self, path: &str, non_volatile: bool) -> DownloadId {
        self.made += 1;
        let Scene { engine, now, .. } = &mut self.scene;
        let download = engine.create(format!("{}", self.made), CALLER.into()).unwrap();
        engine.set_property(*now, download, Property::Uri(format!("http://{}", path))).unwrap();
        engine.set_property(*now, download, Property::LocalPath(path.into())).unwrap();
        engine.set_property(*now, download, Property::NonVolatile(non_volatile)).unwrap();
        self.scene.drain();
        download
    }

    /// Bytes of the partial file and whether there is any file beside the target.
    fn files(&self, path: &str) -> (Option<u64>, bool) {
        let place = self.scene.place(path);
        (place.partial.as_ref().map(|partial| partial.length()), place.has_leftovers())
    }

    fn act(&mut self, act: &Act) -> Option<Owner> {
        let download = |world: &Self, which| pick(world.downloads.keys().copied(), which);
        let job = |world: &Self, which| pick(world.jobs.keys().copied(), which);
        match *act {
            Act::Download { path, non_volatile } => {
                let path = PATHS[path % PATHS.len()];
                let made = self.make(path, non_volatile);
                self.downloads.insert(made, path);
                None
            }
            Act::Start(which) => {
                let id = download(self, which)?;
                let is_taken = self.others_have_files(Owner::Download(id), self.downloads[&id]);
                let started = self.scene.engine.start(self.scene.now, id, StartMode::WholeFile);
                if is_taken {
                    assert_eq!(started, Err(Cause::LocalNameTaken));
                }
                if started.is_ok() {
                    self.orphans.remove(self.downloads[&id]);
                }
                self.scene.drain();
                Some(Owner::Download(id))
            }
            Act::Pause(which) => {
                let id = download(self, which)?;
                let _ = self.scene.engine.pause(self.scene.now, id);
                self.scene.drain();
                Some(Owner::Download(id))
            }
            Act::Abort(which) => {
                let id = download(self, which)?;
                let _ = self.scene.engine.abort(self.scene.now, id);
                self.scene.drain();
                Some(Owner::Download(id))
            }
            Act::Finalize(which) => {
                let id = download(self, which)?;
                let _ = self.scene.engine.finalize(self.scene.now, id);
                self.scene.drain();
                Some(Owner::Download(id))
            }
            Act::Forget(which) => {
                let id = download(self, which)?;
                if self.scene.engine.download(id).is_some_and(|known| known.status().state == State::Transferring) {
                    return None;
                }
                self.leave(id);
                self.scene.engine.forget(id);
                self.scene.drain();
                self.scene.disk.release(id);
                Some(Owner::Download(id))
            }
            Act::Job { path } => {
                let path = PATHS[path % PATHS.len()];
                let made = self.scene.create();
                let is_taken = self.others_have_files(Owner::Job(made), path);
                let added = self.scene.add_files(made, vec![file(path)]);
                if is_taken {
                    assert_eq!(added, Err(Cause::LocalNameTaken));
                }
                match added {
                    Ok(()) => {
                        self.jobs.insert(made, path);
                    }
                    Err(_) => {
                        self.scene.cancel(made).unwrap();
                        self.scene.engine.forget_job(made);
                    }
                }
                Some(Owner::Job(made))
            }
            Act::Resume(which) => {
                let id = job(self, which)?;
                if self.scene.resume(id).is_ok() {
                    self.orphans.remove(self.jobs[&id]);
                }
                Some(Owner::Job(id))
            }
            Act::Suspend(which) => {
                let id = job(self, which)?;
                let _ = self.scene.suspend(id);
                Some(Owner::Job(id))
            }
            Act::Cancel(which) => {
                let id = job(self, which)?;
                let _ = self.scene.cancel(id);
                Some(Owner::Job(id))
            }
            Act::Complete(which) => {
                let id = job(self, which)?;
                let _ = self.scene.complete(id);
                Some(Owner::Job(id))
            }
            Act::Fault { path, fault } => {
                let place = PATHS[path % PATHS.len()].to_string();
                match fault {
                    Some(fault) => self.scene.origins.faults.insert(place, fault),
                    None => self.scene.origins.faults.remove(&place),
                };
                None
            }
            Act::Pass { .. } | Act::Kill => None,
        }
    }

    /// The engine will know `id` no longer; its files stay.
    fn leave(&mut self, id: DownloadId) {
        let path = self.downloads.remove(&id).unwrap_or_default();
        let owned = self.scene.engine.download(id).is_some_and(|known| known.owns_path());
        if owned && self.files(path).1 {
            self.orphans.insert(path);
        }
    }

    fn kill(&mut self) {
        let volatile = |world: &Self, id: &DownloadId| {
            !world.scene.engine.download(*id).is_some_and(|known| known.is_non_volatile() && !known.is_over())
        };
        let gone: Vec<_> = self.downloads.keys().copied().filter(|id| volatile(self, id)).collect();
        gone.into_iter().for_each(|id| self.leave(id));
        let paths: BTreeMap<_, _> = self
            .downloads
            .iter()
            .filter_map(|(id, path)| Some((self.scene.engine.download(*id)?.id().to_string(), *path)))
            .collect();
        self.scene.restart();
        let found = self.scene.engine.downloads_of(CALLER, None).unwrap_or_default();
        let name = |id: &DownloadId| self.scene.engine.download(*id).map(|known| known.id().to_string());
        self.downloads = found.iter().filter_map(|id| Some((*id, paths[&name(id)?]))).collect();
        self.jobs.retain(|id, _| self.scene.engine.job(*id).is_some());
    }

    /// Whether an owner other than `by` has files that a file at `path` would collide with.
    fn others_have_files(&self, by: Owner, path: &str) -> bool {
        self.owners().any(|(owner, held)| owner != by && collide(held, path) && self.has_own_files(held))
    }

    fn has_own_files(&self, path: &str) -> bool {
        self.files(path).1 && !self.orphans.contains(path)
    }

    fn owners(&self) -> impl Iterator<Item = (Owner, &'static str)> {
        let is_open = |id: &DownloadId| self.scene.engine.download(*id).is_some_and(|known| known.owns_path());
        let downloads = self.downloads.iter().filter(move |(id, _)| is_open(id));
        let is_job = |id: &JobId| self.scene.engine.job(*id).is_some_and(|job| !job.is_over());
        let jobs = self.jobs.iter().filter(move |(id, _)| is_job(id));
        downloads.map(|(id, path)| (Owner::Download(*id), *path)).chain(jobs.map(|(id, path)| (Owner::Job(*id), *path)))
    }

    fn perform(&mut self, act: &Act) {
        let before: Vec<_> = self.owners().map(|(owner, path)| (owner, path, self.files(path))).collect();
        let acted = self.act(act);
        if !matches!(act, Act::Pass { .. } | Act::Kill) {
            for (owner, path, files) in before.into_iter().filter(|(owner, ..)| Some(*owner) != acted) {
                let after = self.files(path);
                assert_eq!((owner, path, after), (owner, path, files), "a call on another object changed its files");
            }
        }
        match act {
            Act::Pass { millis } => self.scene.pass(std::time::Duration::from_millis(*millis)),
            Act::Kill => self.kill(),
            _ => self.scene.serve(),
        }
        self.check();
    }

    /// Files beside a target have exactly one owner, and no new download or job gets their path.
    fn check(&mut self) {
        let owners: Vec<_> = self.owners().collect();
        for path in PATHS {
            let has_files = self.files(path).1;
            let its: Vec<_> = owners.iter().filter(|(_, held)| collide(held, path)).collect();
            let writers = its.iter().filter(|(owner, held)| matches!(owner, Owner::Download(_)) && self.files(held).1);
            assert!(writers.count() <= 1, "{path} has two owners: {its:?}");
            if !has_files || self.orphans.contains(path) {
                continue;
            }
            assert!(!its.is_empty(), "the files at {path} have no owner");
            let other = self.make(path, false);
            let started = self.scene.engine.start(self.scene.now, other, StartMode::WholeFile);
            assert_eq!(started, Err(Cause::LocalNameTaken), "{path}");
            self.scene.engine.forget(other);
            let draft = self.scene.engine.draft_job(self.scene.now, u128::MAX, CALLER.into(), String::new()).unwrap();
            let added = self.scene.engine.add_files(self.scene.now, draft, vec![file(path)]);
            assert_eq!(added.map_err(|refused| refused.cause), Err(Cause::LocalNameTaken), "{path}");
            self.scene.engine.forget_job(draft);
            self.scene.drain();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_beside_a_target_have_one_owner(acts in prop::collection::vec(act(), 1..60)) {
        let mut world = World::new();
        acts.iter().for_each(|act| world.perform(act));
    }
}

/// The files of a paused download at `o/a`, and another download for that path.
fn paused() -> (World, DownloadId, DownloadId) {
    let mut world = World::new();
    let first = world.make("o/a", true);
    world.scene.engine.start(world.scene.now, first, StartMode::WholeFile).unwrap();
    world.scene.drain();
    world.scene.pass(seconds(3));
    world.scene.engine.pause(world.scene.now, first).unwrap();
    world.scene.drain();
    let second = world.make("o/a", true);
    (world, first, second)
}

#[test]
fn a_paused_download_owns_its_path() {
    let (mut world, first, second) = paused();
    let (now, kept) = (world.scene.now, world.files("o/a"));
    assert!(kept.0.is_some_and(|bytes| bytes > 0));
    assert_eq!(world.scene.engine.start(now, second, StartMode::WholeFile), Err(Cause::LocalNameTaken));
    world.scene.engine.abort(now, second).unwrap();
    world.scene.drain();
    assert_eq!(world.files("o/a"), kept);
    let job = world.scene.create();
    assert_eq!(world.scene.add(job, &["o/a"]), Err(Cause::LocalNameTaken));
    world.scene.engine.abort(now, first).unwrap();
    world.scene.drain();
    assert_eq!((world.files("o/a"), world.scene.add(job, &["o/a"])), ((None, false), Ok(())));
}

#[test]
fn a_paused_download_owns_its_path_in_the_next_engine() {
    let (mut world, ..) = paused();
    world.scene.restart();
    let job = world.scene.create();
    assert_eq!(world.scene.add(job, &["o/a"]), Err(Cause::LocalNameTaken));
}

/// A download that failed without a byte has nothing beside its target.
#[test]
fn a_download_without_files_leaves_its_path_to_others() {
    let mut world = World::new();
    world.scene.origins.faults.insert("o/a".into(), Fault::Status(404));
    let first = world.make("o/a", true);
    world.scene.engine.start(world.scene.now, first, StartMode::WholeFile).unwrap();
    world.scene.drain();
    world.scene.pass(seconds(1));
    world.scene.origins.faults.clear();
    world.scene.restart();
    let first = world.scene.engine.downloads_of(CALLER, None).unwrap()[0];
    let second = world.make("o/a", true);
    world.scene.engine.start(world.scene.now, second, StartMode::WholeFile).unwrap();
    world.scene.drain();
    world.scene.pass(seconds(3));
    let written = world.files("o/a");
    assert!(written.0.is_some_and(|bytes| bytes > 0));
    world.scene.engine.abort(world.scene.now, first).unwrap();
    world.scene.drain();
    assert_eq!(world.files("o/a"), written);
}
