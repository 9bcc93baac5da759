//! The commands for operators, and their errors.

use haul_lab::origin::Content;

use crate::fleet::Fleet;

const URL: &str = "http://127.0.0.1:1/x";

#[test]
fn a_queue_is_made_once_and_jobs_are_added_found_and_cancelled() {
    let fleet = Fleet::without_queue();
    let (code, told) = fleet.refused(&["list"]);
    assert!(code == Some(1) && told.contains("haul fleet init"), "{told}");
    fleet.said(&["init", "--kind", "once"]);
    fleet.said(&["init", "--kind", "once"]);
    let (code, told) = fleet.refused(&["init", "--kind", "each"]);
    assert!(code == Some(2) && told.contains("is of kind once"), "{told}");
    fleet.said(&["migrate"]);

    let content = Content::new(1, 10);
    let one = fleet.add(URL, "maps/one.bin", &content, &[]);
    let other = fleet.add(URL, "two.bin", &content, &["--priority", "5", "-n", "two"]);
    let jobs = fleet.objects(&["list"]);
    let ids: Vec<_> = jobs.iter().map(|job| job["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [other.as_str(), &one]);
    assert_eq!((jobs[1]["name"].as_str(), jobs[0]["priority"].as_i64()), (Some("one.bin"), Some(5)));
    let path = fleet.database.sql("SELECT spec->'files'->0->>'path' FROM haul.job WHERE name = 'one.bin'");
    assert_eq!(path, "maps/one.bin");

    fleet.said(&["cancel", "two", &one[..30]]);
    assert_eq!(fleet.count("cancelled"), 2);
    assert!(fleet.objects(&["list"]).iter().all(|job| job["cancelled"] == true));
    for (words, hint) in [(["cancel", "three"], "no job 'three'"), (["show", &one[..4]], "several jobs")] {
        let (code, told) = fleet.refused(&words);
        assert!(code == Some(2) && told.contains(hint), "{told}");
    }
}

#[test]
fn pause_and_resume_change_the_queue_and_resume_tries_failed_jobs_again() {
    let fleet = Fleet::new("once");
    let is_paused = || fleet.objects(&["show"])[0]["paused"].as_bool().unwrap();
    fleet.said(&["pause"]);
    assert!(is_paused());
    fleet.said(&["resume"]);
    assert!(!is_paused());
    let id = fleet.add(URL, "x", &Content::new(1, 10), &[]);
    fleet.database.sql("UPDATE haul.task SET state = 'failed', attempts = 10, error = 'broken', finished = now()");
    let shown = &fleet.objects(&["show"])[0];
    assert_eq!((&shown["failures"][0]["error"], &shown["totals"][0]["state"]), (&"broken".into(), &"failed".into()));
    fleet.said(&["resume", &id]);
    assert_eq!(fleet.database.sql("SELECT state, attempts FROM haul.task"), "ready|0");
}

#[test]
fn a_job_that_the_queue_cannot_do_is_refused_with_the_way_out() {
    let fleet = Fleet::new("once");
    let digest = format!("sha256:{}", "0".repeat(64));
    for (words, hint) in [
        (vec!["add", URL], "needs a digest"),
        (vec!["add", "--checksum", &digest, "--overwrite", URL], "no file is replaced"),
        (vec!["add", "--checksum", &digest, "-o", "../x", URL], "relative path"),
        (vec!["add", "--checksum", &digest, "-o", "/etc/x", URL], "relative path"),
        (vec!["add", "--checksum", &digest, "--select", "a=b", URL], "leave out the labels"),
        (vec!["add", "--checksum", &digest, "http://u:s3cret@127.0.0.1:1/x"], "name a credential"),
        (vec!["limit", "ftp://h"], "no http or https URL"),
        (vec!["limit", URL, "--limit-rate", "1M"], "--slots"),
        (vec!["init", "--kind", "some"], "once or each"),
        (vec!["init", "--kind", "once", "--lease", "1", "--queue", &fleet.database.url("r")], "lease"),
    ] {
        let (code, told) = fleet.refused(&words);
        assert!(code != Some(0) && told.contains(hint) && !told.contains("s3cret"), "{words:?}: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    assert_eq!(fleet.objects(&["list"]).len(), 0);
}

#[test]
fn a_url_with_a_password_or_without_a_queue_is_refused() {
    let fleet = Fleet::without_queue();
    for (url, hint) in [
        ("postgres://u:s3cret@127.0.0.1/d/q", ".pgpass"),
        ("postgres://u@127.0.0.1/d", "names no queue"),
        ("mysql://u:s3cret@h/d/q", "postgres://USER@HOST/DATABASE/QUEUE"),
    ] {
        let (code, told) = fleet.refused(&["list", "--queue", url]);
        assert!(code == Some(2) && told.contains(hint) && !told.contains("s3cret"), "{told}");
    }
    let (code, told) = fleet.refused(&["list", "--queue", "postgres://u@127.0.0.1:1/d/q?sslmode=disable"]);
    assert!(code == Some(1) && told.contains("127.0.0.1/d"), "{told}");
}

/// Users with these roles, and the words that each may use.
#[test]
fn each_role_may_do_its_part_only() {
    let fleet = Fleet::new("once");
    for role in ["add", "work", "look"] {
        fleet.database.sql(&format!("CREATE ROLE u_{role} LOGIN IN ROLE haul_{role}"));
    }
    let digest = format!("sha256:{}", "0".repeat(64));
    let add = ["add", "--checksum", &digest, "-o", "x", URL];
    let limit = ["limit", URL, "--slots", "3"];
    for (words, may) in [
        (&["show"][..], ["add", "work", "look"].as_slice()),
        (&["list"], &["add", "work", "look"]),
        (&add, &["add"]),
        (&["pause"], &["add"]),
        (&["resume"], &["add"]),
        (&limit, &["add", "work"]),
        (&["cancel", "x"], &["add"]),
        (&["work", "--exit-when-idle"], &["work"]),
    ] {
        for role in ["add", "work", "look"] {
            let url = fleet.database.url_for(&format!("u_{role}"), "q");
            let (code, told) = fleet.refused(&[words, &["--queue", &url]].concat());
            assert_eq!(code == Some(0), may.contains(&role), "{role} {words:?}: {told}");
            assert!(code == Some(0) || told.contains("grant it haul_add"), "{role} {words:?}: {told}");
        }
    }
}

/// A version of the tables that this program does not know.
#[test]
fn newer_tables_are_left_alone() {
    let fleet = Fleet::new("once");
    fleet.database.sql("UPDATE haul.version SET version = 1000");
    for words in [&["list"][..], &["migrate"]] {
        let (code, told) = fleet.refused(words);
        assert!(code == Some(1) && told.contains("install a newer haul"), "{told}");
    }
}
