//! Cost of many jobs and files: each operation takes as long as with few, and each file takes little memory.

mod bounds;
mod counting;

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::{Duration, Instant as Clock};

use haul_core::border::identity::JobId;
use haul_core::border::input::{DiskDone, Input, Opened};
use haul_core::border::output::{DiskOperation, LedgerChange, Output};
use haul_core::border::time::Instant;
use haul_core::download::Abilities;
use haul_core::engine::{Engine, Restored, Settings};
use haul_core::job::{JobState, NewFile, Priority, Setting};
use haul_core::settings::network::Network;
use haul_core::store::ledger::Reader;

use counting::{forget_peak, held, peak};

/// Serializes the tests, because the allocator counts for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

const FILES: usize = 100_000;

struct Office {
    engine: Engine,
    now: Instant,
    ledger: Vec<u8>,
}

fn engine() -> Engine {
    let abilities = Abilities { keeps_downloads: true, ..Abilities::default() };
    Engine::new(Settings { abilities, ..Settings::default() }, 1, Instant::default())
}

impl Office {
    fn new() -> Self {
        Self { engine: engine(), now: Instant::default(), ledger: Vec::new() }
    }

    fn create(&mut self, id: usize) -> JobId {
        let job = self.engine.create_job(self.now, id as u128, "owner".into(), "a job".into()).unwrap();
        self.engine.keep_job_change();
        self.drain();
        job
    }

    fn add(&mut self, job: JobId, files: Vec<NewFile>) {
        self.engine.add_files(self.now, job, files).unwrap();
        self.engine.keep_job_change();
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Ledger(LedgerChange::Replace) => {
                    self.ledger.clear();
                    let write = |part: &[u8]| {
                        self.ledger.extend_from_slice(part);
                        Ok::<_, Infallible>(())
                    };
                    self.engine.write_ledger(write).unwrap();
                }
                Output::Ledger(LedgerChange::Append { bytes, .. }) => self.ledger.extend(bytes),
                Output::Disk { download, id, operation } => {
                    let done = match operation {
                        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                        DiskOperation::Discard => DiskDone::Discarded,
                        _ => DiskDone::Closed,
                    };
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                _ => {}
            }
        }
    }
}

/// A file with names of a realistic length.
fn file(job: usize, number: usize) -> NewFile {
    NewFile {
        remote_name: Some(format!("https://content.example.com/library/{job}/files/of/a/job/{number:08}.dat")),
        local_name: Some(format!("/var/lib/content/library/{job}/{number:08}.dat")),
        ..NewFile::default()
    }
}

fn timed<R>(what: &str, most: Duration, act: impl FnOnce() -> R) -> R {
    let begun = Clock::now();
    let result = act();
    let taken = begun.elapsed();
    println!("{what}: {taken:?}");
    assert!(cfg!(debug_assertions) || taken < most, "{what} took {taken:?}");
    result
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[test]
fn a_job_of_many_files_costs_what_its_files_cost() {
    let _alone = ALONE.lock();
    let mut office = Office::new();
    let job = office.create(1);
    timed("10,000 files one by one", millis(2000), || {
        (0..10_000).for_each(|number| office.add(job, vec![file(1, number)]));
    });
    timed("90,000 files in sets of 100", millis(4000), || {
        for from in (10_000..FILES).step_by(100) {
            office.add(job, (from..from + 100).map(|number| file(1, number)).collect());
        }
    });
    timed("10,000 files one by one, behind 100,000", millis(2000), || {
        (FILES..FILES + 10_000).for_each(|number| office.add(job, vec![file(1, number)]));
    });
    let each = 1000;
    timed("1,000 times resumed and suspended", millis(500), || {
        for _ in 0..each {
            office.engine.resume_job(office.now, job).unwrap();
            office.drain();
            office.engine.suspend_job(office.now, job).unwrap();
            office.drain();
        }
    });
    timed("1,000 settings and looks at the progress", millis(200), || {
        for number in 0..each {
            let priority = if number % 2 == 0 { Priority::High } else { Priority::Low };
            office.engine.set_job(office.now, job, Setting::Priority(priority)).unwrap();
            office.drain();
            let known = office.engine.job(job).unwrap();
            assert_eq!(known.progress().files_total as usize, FILES + 10_000);
            assert_eq!(known.state(), JobState::Suspended);
        }
    });
    timed("a look at each file", millis(100), || {
        let known = office.engine.job(job).unwrap();
        let named = (0..known.files_total())
            .filter(|file| known.file_progress(*file).is_some() && known.local_name(*file).is_some());
        assert_eq!(named.count(), FILES + 10_000);
    });
    timed("cancelled and swept", millis(2000), || {
        office.engine.cancel_job(office.now, job).unwrap();
        while office.engine.sweep_job(office.now, job) {
            office.drain();
        }
    });
}

#[test]
fn many_jobs_cost_as_much_each_as_few() {
    let _alone = ALONE.lock();
    let mut office = Office::new();
    let jobs: Vec<_> = timed("10,000 jobs of ten files, resumed", millis(4000), || {
        let made = |office: &mut Office, number| {
            let job = office.create(number);
            office.add(job, (0..10).map(|index| file(number, index)).collect());
            office.engine.resume_job(office.now, job).unwrap();
            office.drain();
            job
        };
        (0..10_000).map(|number| made(&mut office, number)).collect()
    });
    timed("10,000 times time passes", millis(500), || {
        for _ in 0..10_000 {
            office.now = office.now + millis(1);
            office.engine.handle(office.now, Input::Time);
            let _ = (office.engine.deadline(office.now), office.engine.is_busy());
            office.drain();
        }
    });
    timed("the network goes and comes", millis(500), || {
        for connected in [false, true] {
            office.engine.set_network(office.now, Network { connected, ..Network::default() });
            office.drain();
        }
    });
    timed("every job is suspended", millis(1000), || {
        for job in &jobs {
            office.engine.suspend_job(office.now, *job).unwrap();
            office.drain();
        }
    });
    assert!(!office.engine.is_busy());
}

#[test]
fn a_file_that_waits_takes_little_memory() {
    let _alone = ALONE.lock();
    let before = held();
    let mut office = Office::new();
    let job = office.create(1);
    for from in (0..FILES).step_by(1000) {
        office.add(job, (from..from + 1000).map(|number| file(1, number)).collect());
    }
    let ledger = core::mem::take(&mut office.ledger);
    let each = (held() - before - ledger.capacity()) / FILES;
    println!("{each} bytes a file, {} in the ledger", ledger.len() / FILES);
    assert!(each < 512, "{each} bytes a file");
    drop(office);
    let before = held();
    forget_peak();
    let mut engine = engine();
    timed("a ledger of 100,000 files is read", millis(1000), || {
        assert_eq!(engine.restore(Instant::default(), Reader::of(&ledger)), Restored::All);
    });
    let each = (held() - before) / FILES;
    let most = (peak() - before + ledger.len()) / FILES;
    println!("{each} bytes a file as it was read, {most} at most meanwhile with the ledger");
    assert!(each < 512 && most < 1024, "{each}, {most} bytes a file");
    assert_eq!(engine.job(job).unwrap().files_total() as usize, FILES);
}
