//! The screen of a user who keeps a queue at a prompt.

use std::process::Command;

use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::process::wait_until;
use haul_tests::prompt::{Prompt, interrupt};
use haul_tests::scene::{MIB, assert_holds, checksum, content, origin, serving, version};
use haul_tests::terminal::Terminal;

fn shows(lines: &[String], parts: &[&str]) -> bool {
    lines.iter().any(|line| parts.iter().all(|part| line.contains(part)))
}

/// Files at `/a` and `/c`, and nothing at `/b`.
fn two_of_three() -> Origin {
    let there = || Resource::new(version(&content(), "v1"));
    let missing = there().fault(When::Every, Fault::status(404));
    Origin::start(Site::new().resource("/a", there()).resource("/b", missing).resource("/c", there()))
}

fn add_three(prompt: &Prompt, origin: &Origin, options: &[&str]) {
    let urls = ["/a", "/b", "/c"].map(|path| origin.url(path));
    let urls: Vec<_> = urls.iter().map(String::as_str).collect();
    prompt.said(&[&["add", "-n", "three"], options, &urls].concat());
}

#[test]
fn a_failed_file_holds_no_other_back() {
    let (prompt, origin) = (Prompt::default(), two_of_three());
    add_three(&prompt, &origin, &[]);
    let (code, told) = prompt.refused(&["run"]);
    let parts = ["three: 2 of 3 files done; ", "/b", "404 Not Found; check the URL"];
    assert!(code == Some(6) && parts.iter().all(|part| told.contains(part)), "{told}");
    for path in ["a", "c"] {
        assert_holds(&prompt.path(path), &content());
    }
    let asked = origin.requests().len();
    origin.put("/b", Resource::new(version(&content(), "v1")));
    prompt.said(&["resume", "three"]);
    prompt.said(&["run"]);
    assert_holds(&prompt.path("b"), &content());
    assert_eq!(
        (prompt.said(&["list"]).as_str(), origin.requests().iter().skip(asked).all(|r| r.path() == "/b")),
        ("", true)
    );
}

#[test]
fn the_rule_of_bits_is_an_option() {
    let (prompt, origin) = (Prompt::default(), two_of_three());
    add_three(&prompt, &origin, &["--keep-going=no"]);
    assert_eq!(prompt.refused(&["run"]).0, Some(6));
    assert!(["a", "b", "c"].iter().all(|path| !prompt.path(path).exists()));
}

#[test]
fn a_list_shows_rate_time_age_and_error() {
    let (prompt, bad) = (Prompt::default(), two_of_three());
    let slow = serving(version(&content(), "v1"), vec![(When::Every, Fault::Slow(MIB))]);
    prompt.said(&["add", "-n", "bad", &bad.url("/b")]);
    prompt.said(&["add", "-n", "slow", "-c", "1", &slow.url("/file")]);
    let run = prompt.run(&["--watch"]);
    wait_until("a rate", || prompt.objects(&["list"]).iter().any(|job| job["rate"].as_u64() > Some(MIB / 2)));
    let (code, lines, _) = Terminal::run(prompt.command(&["list"]), 160).end();
    assert!(shows(&lines, &["slow", "transferring", "0/1", "% of 8.01 MiB", "iB/s", " s ", "ETA "]), "{lines:#?}");
    assert!(
        shows(&lines, &["bad", "error", "0/1", "the origin answered 404 Not Found"]) && code == Some(0),
        "{lines:#?}"
    );
    for columns in [40, 80] {
        let (_, lines, _) = Terminal::run(prompt.command(&["list"]), columns).end();
        assert!(lines.len() == 3 && shows(&lines, &["slow", "%"]), "{lines:#?}");
    }
    assert_eq!(interrupt(run), Some(130));
}

#[test]
fn jobs_that_ended_stay_in_the_history() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", "-n", "whole", "--checksum", &checksum(&content()), &origin.url("/file")]);
    prompt.said(&["run"]);
    prompt.said(&["add", "-n", "dropped", "-o", "other", &origin.url("/file")]);
    prompt.said(&["cancel", "dropped"]);
    assert_eq!(prompt.objects(&["list"]).len(), 0);
    let ended = prompt.objects(&["list", "--all"]);
    let facts: Vec<_> = ended.iter().map(|job| (&job["display_name"], &job["ending"], &job["bytes"])).collect();
    assert_eq!(
        facts,
        [
            (&"dropped".into(), &"cancelled".into(), &0.into()),
            (&"whole".into(), &"completed".into(), &content().length().into()),
        ]
    );
    assert_eq!(ended[1]["digest"]["hex"], content().sha256());
    let (_, lines, _) = Terminal::run(prompt.command(&["list", "--all"]), 200).end();
    assert!(shows(&lines, &["whole", "1/1", "8.01 MiB", &checksum(&content())]), "{lines:#?}");
}

#[test]
fn the_rate_of_all_jobs_changes_while_they_run() {
    let prompt = Prompt::default();
    let (code, told) = prompt.refused(&["limit-rate", "1M"]);
    assert!(code == Some(1) && told.contains("no process runs the queue"), "{told}");
    let origin = origin(vec![]);
    prompt.said(&["add", &origin.url("/file")]);
    let mut run = prompt.run(&["--limit-rate", "1K"]);
    wait_until("the job runs", || prompt.objects(&["list"])[0]["state"] == "transferring");
    prompt.said(&["limit-rate", "unlimited"]);
    assert!(run.wait().unwrap().success());
    assert_holds(&prompt.path("file"), &content());
}

#[test]
fn cancel_and_reset_report_the_dropped_data_and_reset_asks() {
    let (prompt, origin) = (Prompt::default(), two_of_three());
    add_three(&prompt, &origin, &["--suspended"]);
    prompt.said(&["add", "-n", "one", "-o", "one", &origin.url("/a")]);
    assert_eq!(prompt.refused(&["run", "--no-complete"]).0, Some(0));
    assert!(prompt.refused(&["cancel", "one"]).1.contains("one: cancelled, 8.01 MiB dropped"));

    let mut terminal = Terminal::run(prompt.command(&["reset"]), 120);
    terminal.wait_for("a question", |lines| shows(lines, &["Cancel 1 job with 3 files", "[y/N]"]));
    terminal.type_text("n\n");
    let (code, lines, _) = terminal.end();
    assert!(shows(&lines, &["nothing was cancelled"]) && code == Some(1), "{lines:#?}");
    assert_eq!(prompt.objects(&["list"]).len(), 1);
    let (code, lines, _) = Terminal::run(prompt.command(&["reset", "--yes"]), 120).end();
    assert!(shows(&lines, &["three: cancelled, nothing was here"]) && code == Some(0), "{lines:#?}");
    assert!(prompt.refused(&["reset"]).1.contains("the queue is empty"));
    assert_eq!(
        prompt.refused(&["complete", "--all"]),
        (Some(0), "nothing to complete: no job is transferred\n".into())
    );
}

#[test]
fn a_run_whose_terminal_goes_away_makes_a_last_checkpoint() {
    let held = Fault::hold_until_released(2 * MIB, "never");
    let origin = serving(version(&Content::new(7, 8 * MIB), "v1"), vec![(When::Every, held)]);
    let prompt = Prompt::default();
    prompt.said(&["add", "-n", "held", "-c", "1", &origin.url("/file")]);
    let mut terminal = Terminal::run(prompt.command(&["run"]), 80);
    terminal.wait_for("2 MiB", |lines| shows(lines, &["held", "2.0/8.0 MiB"]));
    let sent = Command::new("kill").args(["-HUP", &terminal.id().to_string()]).status().unwrap();
    assert!(sent.success() && terminal.end().0 == Some(130));
    assert_eq!(prompt.objects(&["list"])[0]["bytes"], 2 * MIB);
}
