//! Queues of kind each: every machine does every job that fits it, on its own disk.

use haul_lab::origin::{Content, Origin, Representation, Site};
use haul_tests::scene::assert_holds;

use crate::fleet::Fleet;

fn content() -> Content {
    Content::new(7, 300_000)
}

fn origin() -> Origin {
    Origin::start(Site::new().resource("/a", Representation::new(content()).strong_etag("v1")))
}

#[test]
fn every_machine_with_the_labels_does_a_job_once_also_one_that_joins_later() {
    let (fleet, origin) = (Fleet::new("each"), origin());
    let dir = |name: &str| fleet.folder.path().join(name);
    let work = |name: &str, site: &str| {
        let place = dir(name);
        std::fs::create_dir(&place).unwrap();
        let label = format!("site={site}");
        let options = ["--label", &label, "--dir", place.to_str().unwrap(), "--exit-when-idle"];
        let mut worker = fleet.worker(name, &options);
        assert_eq!(worker.exit_code(), Some(0), "{}", worker.log());
    };
    fleet.said(&["add", "-o", "all.bin", &origin.url("/a")]);
    fleet.said(&["add", "-o", "lab/only.bin", "--select", "site=lab", &origin.url("/a")]);
    work("m1", "lab");
    work("m2", "office");
    assert_holds(&dir("m1").join("all.bin"), &content());
    assert_holds(&dir("m1").join("lab/only.bin"), &content());
    assert_holds(&dir("m2").join("all.bin"), &content());
    assert!(!dir("m2").join("lab").exists());
    work("m3", "lab");
    assert_holds(&dir("m3").join("lab/only.bin"), &content());

    let shown = &fleet.objects(&["show"])[0];
    let machines = shown["machines"].as_array().unwrap().iter();
    let done: Vec<_> =
        machines.map(|machine| (machine["host"].as_str().unwrap(), machine["done"].as_i64().unwrap())).collect();
    assert_eq!(done, [("m1", 2), ("m2", 1), ("m3", 2)]);
    assert_eq!(fleet.objects(&["show", "all.bin"]).len(), 3);
    // Nothing is left to do for a machine that comes again.
    let requests = origin.requests().len();
    let mut again =
        fleet.worker("m1", &["--label", "site=lab", "--dir", dir("m1").to_str().unwrap(), "--exit-when-idle"]);
    assert_eq!(again.exit_code(), Some(0));
    assert_eq!((origin.requests().len(), fleet.count("done")), (requests, 5));
}

#[test]
fn a_credential_stays_on_the_machine() {
    let (fleet, origin) = (Fleet::new("each"), origin());
    let keys = fleet.folder.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    std::fs::write(keys.join("mirror"), "X-Token: s3cret\n").unwrap();
    fleet.said(&["add", "--credential", "mirror", "-o", "a", &origin.url("/a")]);
    let mut without = fleet.worker("m1", &["--exit-when-idle"]);
    assert_eq!(without.exit_code(), Some(0));
    assert!(without.log().contains("--credentials DIR"), "{}", without.log());
    let worker = fleet.worker("m2", &["--credentials", keys.to_str().unwrap()]);
    worker.wait_for("\"done\"");
    assert!(origin.requests().iter().all(|request| request.header("x-token") == Some("s3cret")));
    let stored = fleet.database.sql("SELECT spec, (SELECT string_agg(t::text, '') FROM haul.task t) FROM haul.job");
    assert!(stored.contains("mirror") && !stored.contains("s3cret"), "{stored}");
}

/// As behind a pooler, which passes no notifications: workers poll.
#[test]
fn a_job_begins_without_a_notification() {
    let (fleet, origin) = (Fleet::new("once"), origin());
    fleet.add(&origin.url("/a"), "a", &content(), &[]);
    let _worker = fleet.worker("m1", &[]);
    fleet.wait_for("done", 1);
    fleet.database.sql(
        "WITH new AS (INSERT INTO haul.job (id, queue, name, priority, spec, selector)
                      SELECT haul.new_id(), queue, 'b', 0, jsonb_set(spec, '{files,0,path}', '\"b\"'), selector FROM haul.job
                      RETURNING id, queue)
         INSERT INTO haul.task (job, queue, priority) SELECT id, queue, 0 FROM new",
    );
    fleet.wait_for("done", 2);
    assert_holds(&fleet.file("b"), &content());
}
