//! Budgets of origins for the whole fleet.

use haul_lab::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_lab::process::wait_until;

use crate::fleet::Fleet;

/// One refusal holds every worker.
#[test]
fn a_429_at_one_worker_holds_the_others() {
    let fleet = Fleet::new("once");
    let content = Content::new(3, 1000);
    let busy = Resource::new(Representation::new(content.clone())).fault(When::First(1), Fault::retry_after(429, "8"));
    let site = Site::new().resource("/busy", busy).resource("/b", Representation::new(content.clone()));
    let origin = Origin::start(site);
    let other = fleet.worker("m2", &[]);
    other.wait_for("\"connected\"");
    fleet.database.sql("UPDATE haul.queue SET paused = true");
    fleet.add(&origin.url("/busy"), "busy", &content, &[]);
    let worker = fleet.worker("m1", &["--tasks", "1"]);
    worker.wait_for("\"connected\"");
    // Only one of them can take the job.
    fleet.database.sql("UPDATE haul.queue SET paused = false; SELECT pg_notify('haul_fleet', 'q')");
    let is_held = "SELECT count(*) FROM haul.origin WHERE hold_until > now()";
    wait_until("the origin is held", || fleet.database.sql(is_held) == "1");
    fleet.add(&origin.url("/b"), "b", &content, &[]);
    fleet.wait_for("held", 2);
    while fleet.database.sql(is_held) == "1" {
        assert_eq!(origin.requests().len(), 1, "no request while the origin is held");
    }
    fleet.wait_for("done", 2);
    assert!(worker.log().contains("\"held\"") || other.log().contains("\"held\""));
}

/// All exchanges of all workers together.
#[test]
fn an_origin_never_has_more_exchanges_than_its_slots() {
    let fleet = Fleet::new("once");
    let content = Content::new(3, 400_000);
    let mut site = Site::new();
    for number in 0..12 {
        let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
        site = site.resource(format!("/{number}"), resource.fault(When::Every, Fault::Slow(400_000)));
    }
    let origin = Origin::start(site);
    fleet.said(&["limit", &origin.url("/"), "--slots", "2", "--limit-rate", "100M"]);
    for number in 0..12 {
        fleet.add(&origin.url(&format!("/{number}")), &number.to_string(), &content, &[]);
    }
    let mut workers: Vec<_> = ["m1", "m2", "m3"].iter().map(|name| fleet.worker(name, &["--tasks", "4"])).collect();
    let mut most = 0;
    let mut killed = false;
    wait_until("all are done", || {
        let in_flight = origin.requests().iter().filter(|request| !request.ended).count();
        most = most.max(in_flight);
        // The share of a dead worker counts until its lease ends.
        if !killed && fleet.count("done") >= 3 {
            workers[0].kill();
            killed = true;
        }
        fleet.count("done") == 12
    });
    assert!((1..=2).contains(&most), "{most} exchanges at a time");
    assert!(killed);
    let used = fleet.objects(&["show"])[0]["origins"][0]["slots"].clone();
    assert_eq!(used, 2);
}

#[test]
fn a_job_that_never_fits_a_budget_fails_with_the_way_out() {
    let fleet = Fleet::new("each");
    let origin = Origin::start(Site::new().resource("/a", Representation::new(Content::new(1, 10))));
    fleet.said(&["limit", &origin.url("/"), "--slots", "1"]);
    let list = fleet.folder.path().join("list");
    std::fs::write(&list, format!("{0}\n out=a\n{0}\n out=b\n", origin.url("/a"))).unwrap();
    fleet.said(&["add", "-i", list.to_str().unwrap()]);
    let mut worker = fleet.worker("m1", &["--exit-when-idle"]);
    assert_eq!(worker.exit_code(), Some(0));
    assert!(worker.log().contains("--jobs 1"), "{}", worker.log());
    fleet.said(&["resume", "a"]);
    let mut worker = fleet.worker("m1", &["--exit-when-idle", "--jobs", "1"]);
    assert_eq!((worker.exit_code(), fleet.count("done")), (Some(0), 1), "{}", worker.log());
}
