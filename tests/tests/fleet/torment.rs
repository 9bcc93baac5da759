//! Kills and stops of workers and of the server: nothing is lost, and nothing is done twice.

use std::time::{Duration, Instant};

use haul_lab::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_lab::process::wait_until;
use haul_tests::scene::assert_holds;

use crate::fleet::{Fleet, Worker};

/// The size of the torment. `make fleet` sets `FLEET_KILLS`.
struct Size {
    jobs: u64,
    length: u64,
    workers: usize,
    kills: u32,
}

impl Size {
    fn get() -> Self {
        match std::env::var("FLEET_KILLS").ok().and_then(|kills| kills.parse().ok()) {
            Some(kills) => Self { jobs: 200, length: 20 << 20, workers: 4, kills },
            None => Self { jobs: 24, length: 1_000_000, workers: 3, kills: 8 },
        }
    }
}

/// Counts each change of a task to done.
const AUDIT: &str = "
    CREATE TABLE audit (job uuid);
    CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (NEW.job); RETURN NULL; END';
    CREATE TRIGGER audit AFTER UPDATE ON haul.task FOR EACH ROW WHEN (OLD.state <> 'done' AND NEW.state = 'done') EXECUTE FUNCTION audited();";

#[test]
fn kills_and_stops_lose_nothing_and_complete_nothing_twice() {
    let size = Size::get();
    let mut fleet = Fleet::new("once");
    fleet.database.sql(AUDIT);
    fleet.database.sql("UPDATE haul.queue SET max_attempts = 1000");
    let contents: Vec<_> = (0..size.jobs).map(|seed| Content::new(seed + 1, size.length)).collect();
    let mut site = Site::new();
    for (number, content) in contents.iter().enumerate() {
        let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
        // Slow enough that most kills hit a transfer.
        site = site.resource(format!("/{number}"), resource.fault(When::Every, Fault::Slow(size.length)));
    }
    let origin = Origin::start(site);
    for (number, content) in contents.iter().enumerate() {
        fleet.add(&origin.url(&format!("/{number}")), &format!("d/{number}"), content, &[]);
    }
    let names: Vec<_> = (0..size.workers).map(|number| format!("m{number}")).collect();
    let mut workers: Vec<_> = names.iter().map(|name| fleet.worker(name, &["--tasks", "4"])).collect();
    let mut random = fastrand();
    for number in 0..size.kills {
        let done = fleet.count("done");
        let all = u32::try_from(size.jobs).unwrap();
        if done == all {
            break;
        }
        let chosen = random() % workers.len();
        match (number, random() % 3) {
            (number, _) if number == size.kills / 2 => {
                fleet.database.signal(if random() % 2 == 0 { "-KILL" } else { "-QUIT" });
                fleet.database.restart();
            }
            (_, 0) => stop_for_two_leases(&workers[chosen]),
            _ => workers[chosen].restart(),
        }
        // The next blow falls once the fleet has done something more, but within ten seconds.
        let patience = Instant::now() + Duration::from_secs(10);
        while fleet.count("done") == done && Instant::now() < patience {
            std::thread::yield_now();
        }
    }
    let deadline = Instant::now() + Duration::from_secs(60 + 5 * size.jobs);
    while u64::from(fleet.count("done")) < size.jobs {
        assert!(Instant::now() < deadline, "{}", fleet.said(&["show"]));
    }
    for (number, content) in contents.iter().enumerate() {
        assert_holds(&fleet.file(&format!("d/{number}")), content);
    }
    let twice = fleet.database.sql("SELECT count(*), count(DISTINCT job) FROM audit");
    assert_eq!(twice, format!("{0}|{0}", size.jobs));
    // Workers remove their bytes of tasks that others did at their next renewals.
    wait_until("only the files are left", || std::fs::read_dir(fleet.file("d")).unwrap().count() == contents.len());
}

/// Longer than its lease, so that another worker takes its tasks.
fn stop_for_two_leases(worker: &Worker) {
    worker.signal("-STOP");
    let until = Instant::now() + Duration::from_secs(4);
    while Instant::now() < until {
        std::thread::yield_now();
    }
    worker.signal("-CONT");
}

/// A generator with a fixed seed.
fn fastrand() -> impl FnMut() -> usize {
    let mut state: u64 = 2026;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(state >> 33).unwrap()
    }
}
