//! Lost leases, lost databases and failed jobs.

use haul_lab::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_lab::process::wait_until;
use haul_tests::scene::assert_holds;

use crate::fleet::Fleet;

fn content() -> Content {
    Content::new(7, 3_000_000)
}

/// An origin that stops after 1 MB of `/a` until `go` is released.
fn stopping_origin() -> Origin {
    let resource = Resource::new(Representation::new(content()).strong_etag("v1"));
    Origin::start(Site::new().resource("/a", resource.fault(When::Every, Fault::hold_until_released(1_000_000, "go"))))
}

/// Another worker took the task while the first one was at it: the first one changes no state.
#[test]
fn a_worker_that_lost_its_lease_is_refused() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let worker = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    fleet
        .database
        .sql("UPDATE haul.task SET gen = gen + 1, holder = gen_random_uuid(), lease_until = now() + interval '1 h'");
    worker.wait_for("\"lost\"");
    // Its transfer ends although the origin would go on.
    wait_until("the exchange ends", || origin.requests().iter().all(|request| request.ended));
    origin.release("go");
    assert_eq!(fleet.database.sql("SELECT state, gen FROM haul.task"), "held|2");
    // The lease of the other worker is over, and the task comes back.
    fleet.database.sql("UPDATE haul.task SET lease_until = now() - interval '1 s'");
    worker.wait_for("\"done\"");
    assert_eq!(fleet.database.sql("SELECT state, gen, attempts FROM haul.task"), "done|3|2");
    assert_holds(&fleet.file("a"), &content());
    wait_until("one file is left", || std::fs::read_dir(fleet.file("")).unwrap().count() == 1);
}

/// The worker stops at the end of its lease by its own clock, keeps its bytes, and goes on with them.
#[test]
fn a_worker_without_a_database_ends_with_its_lease_and_resumes_later() {
    let (mut fleet, origin) = (Fleet::new("once"), stopping_origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let worker = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    fleet.database.signal("-QUIT");
    worker.wait_for("\"disconnected\"");
    wait_until("the exchange ends", || origin.requests().iter().all(|request| request.ended));
    assert!(!fleet.file("a").exists());
    origin.release("go");
    let before = origin.requests().len();
    fleet.database.restart();
    worker.wait_for("\"done\"");
    assert_holds(&fleet.file("a"), &content());
    let later = origin.requests();
    assert!(later[before..].iter().all(|request| request.is_ranged()), "{later:#?}");
}

/// The answer to the acknowledgement was lost: the worker repeats it.
#[test]
fn a_stopped_worker_wakes_up_after_its_task_is_done_by_another() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let stopped = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    stopped.signal("-STOP");
    let other = fleet.worker("m2", &[]);
    other.wait_for("\"claimed\"");
    origin.release("go");
    other.wait_for("\"done\"");
    assert_holds(&fleet.file("a"), &content());
    stopped.signal("-CONT");
    stopped.wait_for("\"lost\"");
    assert!(!stopped.log().contains("\"done\""));
    // The stale worker removes its own bytes, and nothing else.
    wait_until("one file is left", || std::fs::read_dir(fleet.file("")).unwrap().count() == 1);
    assert_holds(&fleet.file("a"), &content());
    assert_eq!(fleet.database.sql("SELECT state, gen FROM haul.task"), "done|2");
}

#[test]
fn a_file_with_the_right_bytes_counts_and_another_one_is_never_replaced() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    origin.release("go");
    let right = content();
    std::fs::create_dir(fleet.file("")).unwrap();
    std::fs::write(fleet.file("right"), right.bytes(0..right.length())).unwrap();
    std::fs::write(fleet.file("wrong"), "mine").unwrap();
    fleet.add(&origin.url("/a"), "right", &right, &[]);
    fleet.add(&origin.url("/a"), "wrong", &right, &[]);
    fleet.database.sql("UPDATE haul.queue SET max_attempts = 2");
    let worker = fleet.worker("m1", &[]);
    fleet.wait_for("done", 1);
    fleet.wait_for("failed", 1);
    drop(worker);
    assert_eq!(std::fs::read_to_string(fleet.file("wrong")).unwrap(), "mine");
    assert_eq!(fleet.database.sql("SELECT attempts FROM haul.task WHERE state = 'failed'"), "2");
    assert_eq!(fleet.objects(&["show"])[0]["failures"][0]["name"], "wrong");
}

#[test]
fn a_wrong_digest_fails_at_once_and_a_missing_file_after_all_attempts() {
    let fleet = Fleet::new("once");
    let missing = Resource::new(Representation::new(content())).fault(When::Every, Fault::status(404));
    let origin =
        Origin::start(Site::new().resource("/a", Representation::new(content())).resource("/missing", missing));
    fleet.database.sql("UPDATE haul.queue SET max_attempts = 3");
    fleet.add(&origin.url("/a"), "wrong", &Content::new(8, 10), &[]);
    fleet.add(&origin.url("/missing"), "missing", &content(), &[]);
    let worker = fleet.worker("m1", &[]);
    fleet.wait_for("failed", 2);
    let rows = fleet
        .database
        .sql("SELECT j.name, t.attempts, t.error <> '' FROM haul.task t JOIN haul.job j ON j.id = t.job ORDER BY 1");
    assert_eq!(rows, "missing|3|t\nwrong|1|t", "{}", worker.log());
    wait_until("nothing is left behind", || std::fs::read_dir(fleet.file("")).unwrap().count() == 0);
}

/// Workers that die at a job use its attempts up.
#[test]
fn a_job_that_kills_its_workers_fails_in_the_end() {
    let fleet = Fleet::new("once");
    fleet.add("http://127.0.0.1:1/x", "x", &content(), &[]);
    fleet.database.sql("UPDATE haul.task SET state = 'held', attempts = 10, lease_until = now() - interval '1 s', holder = gen_random_uuid()");
    let _worker = fleet.worker("m1", &[]);
    fleet.wait_for("failed", 1);
    assert_eq!(fleet.database.sql("SELECT attempts, error FROM haul.task"), "10|its workers disappeared");
}

#[test]
fn a_cancelled_job_stops_and_its_bytes_go() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    let id = fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let worker = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    fleet.said(&["cancel", &id]);
    worker.wait_for("\"lost\"");
    wait_until("its bytes are gone", || std::fs::read_dir(fleet.file("")).unwrap().count() == 0);
    assert_eq!(fleet.count("cancelled"), 1);
}

#[test]
fn a_paused_queue_stops_its_workers_until_it_is_resumed() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let worker = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    fleet.said(&["pause"]);
    wait_until("the exchange ends", || origin.requests().iter().all(|request| request.ended));
    origin.release("go");
    assert_eq!(fleet.count("held"), 1);
    fleet.said(&["resume"]);
    worker.wait_for("\"done\"");
    assert_holds(&fleet.file("a"), &content());
}

/// An interrupted worker gives its tasks back without an attempt, and another one takes them at once.
#[test]
fn an_interrupted_worker_gives_its_jobs_back() {
    let (fleet, origin) = (Fleet::new("once"), stopping_origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let mut worker = fleet.worker("m1", &[]);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent >= 1_000_000));
    assert_eq!(worker.interrupt(), Some(130));
    assert_eq!(fleet.database.sql("SELECT state, attempts FROM haul.task"), "ready|0");
    origin.release("go");
    worker.restart();
    worker.wait_for("\"done\"");
    assert_holds(&fleet.file("a"), &content());
    let requests = origin.requests();
    assert!(requests.last().unwrap().is_ranged(), "its bytes were kept: {requests:#?}");
}
