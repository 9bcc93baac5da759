//! Secrets in use: downloads that succeed and fail, and jobs from start to end.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use haul_tests::origin::{Fault, Origin, Resource, Site, When};
use haul_tests::process::wait_until;
use haul_tests::prompt::interrupt;
use haul_tests::scene::{content, version};
use tempfile::tempdir;

use super::{MARK, Place, assert_files_unmarked, assert_unmarked, unmarked};

/// `/file`, which is busy at the first request, and `/missing`.
fn origin() -> Origin {
    let file = Resource::new(version(&content(), "v1")).fault(When::First(1), Fault::status(503));
    let missing = Resource::new(version(&content(), "v1")).fault(When::Every, Fault::status(404));
    Origin::start(Site::new().resource("/file", file).resource("/missing", missing))
}

/// A URL with a password and a token.
fn secret_url(origin: &Origin, path: &str) -> String {
    let url = origin.url(path).replacen("://", &format!("://user:{MARK}@"), 1);
    format!("{url}?token={MARK}")
}

/// A Metalink document with these URLs.
fn metalink(urls: &[&str]) -> String {
    let urls: String = urls.iter().map(|url| format!("<url>{url}</url>")).collect();
    format!(
        "<?xml version=\"1.0\"?><metalink xmlns=\"urn:ietf:params:xml:ns:metalink\"><file name=\"described\">{urls}</file></metalink>"
    )
}

#[test]
fn a_download_says_nothing_of_its_secrets() {
    let (key, bearer) = (format!("X-Key: {MARK}"), format!("Authorization: Bearer {MARK}"));
    for native in [true, false] {
        let origin = origin();
        let (work, documents) = (tempdir().unwrap(), tempdir().unwrap());
        let place = Place { work: &work, documents: &documents };
        let (file, missing) = (secret_url(&origin, "/file"), secret_url(&origin, "/missing"));
        let list = place.document("list", &format!("{file}\tlisted\n{missing}\tgone\n"));
        let described = place.document("described", &metalink(&[&missing, &file]));
        let run = |words: &[&str]| {
            let words = [&["get", "--retries", "1"], words].concat();
            let output = unmarked(if native { place.native(&words) } else { place.stock(&words) });
            output.status.success()
        };
        assert!(run(&["-H", &key, "--auth-header", &bearer, "--json", &file, "-o", "one"]));
        assert!(run(&["-v", "--mirror", &missing, &file, "-o", "two"]));
        assert!(run(&["--metalink", &described, "-v"]));
        assert!(!run(&["-v", &missing, "-H", &key]));
        assert!(!run(&["--json", &missing, &file]));
        assert!(!run(&["-i", &list, "--json", "-v"]));
        if native {
            assert!(run(&["-vv", &file, "-o", "three", "-H", &key]));
            assert!(!run(&["-vv", &missing, "--auth-header", &bearer]));
        }
        assert!(origin.requests().iter().any(|request| request.header("x-key") == Some(MARK)));
        assert_files_unmarked(work.path());
    }
}

#[test]
fn jobs_say_nothing_of_their_secrets_and_leave_none() {
    let origin = origin();
    let (work, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let place = Place { work: &work, documents: &documents };
    let (file, missing) = (secret_url(&origin, "/file"), secret_url(&origin, "/missing"));
    let (key, bearer) = (format!("X-Key: {MARK}"), format!("Authorization: Bearer {MARK}"));
    let proxies = format!("http://user:{MARK}@127.0.0.1:1 user:{MARK}/x@127.0.0.1:2");
    let run = |words: &[&str]| unmarked(place.native(&[&["jobs"], words].concat()));
    let looks: [&[&str]; 5] = [&["list"], &["show", "--files"], &["files"], &["errors"], &["set", "--all", "-H", &key]];
    let look = || {
        for words in looks {
            for json in [&[][..], &["--json"]] {
                assert!(run(&[words, json].concat()).status.success(), "{words:?}");
            }
        }
    };
    let list = place.document("list", &format!("{file}\t{missing}\n out=listed\n header=Cookie: {MARK}\n"));
    let described = place.document("described", &metalink(&[&file, &missing]));
    assert!(
        run(&["create", "proxied", "--proxy-list", &proxies, "--proxy-bypass", &proxies, "--json"]).status.success()
    );
    assert!(run(&["add", "--job", "proxied", &missing]).status.success());
    assert!(
        run(&["set", "proxied", "--proxy-list", &proxies, "--proxy-bypass", &proxies, "--retry-timeout", "0"])
            .status
            .success()
    );
    assert!(run(&["add", &file, "-n", "good", "-H", &key, "--auth-header", &bearer, "--json"]).status.success());
    assert!(run(&["add", "-i", &list, "-n", "listed"]).status.success());
    assert!(run(&["add", "-M", &described, "-n", "described"]).status.success());
    assert!(run(&["add", &missing, "-o", "bad", "-n", "bad", "-H", &key]).status.success());
    look();
    run(&["resume", "--all"]);
    let _ = run(&["run", "-v", "--no-complete"]);
    look();
    let _ = run(&["run", "-vv", "--no-complete"]);
    let shown = run(&["show", "proxied"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.contains("override http://127.0.0.1:1 127.0.0.1:2 but for http://127.0.0.1:1 127.0.0.1:2"),
        "{shown}"
    );

    let runner = place.native(&["jobs", "run", "--watch", "--no-complete"]).stderr(Stdio::null()).spawn().unwrap();
    let socket = work.path().join("state/haul/run.sock");
    wait_until("the queue is run", || socket.exists());
    look();
    let mut stream = UnixStream::connect(&socket).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
    lines.next();
    for request in [
        r#"{"request":"describe","jobs":"all"}"#.to_owned(),
        r#"{"request":"files","job":"bad","from":0}"#.to_owned(),
        format!(r#"{{"request":"files","job":"http://user:{MARK}@h","from":0}}"#),
        format!(r#"{{"request":"files","job":"bad","from":"{MARK}"}}"#),
    ] {
        writeln!(stream, "{request}").unwrap();
        assert_unmarked(lines.next().unwrap().as_bytes(), &request);
    }
    assert_eq!(interrupt(runner), Some(130));

    assert!(run(&["complete", "good", "--json"]).status.success());
    let _ = run(&["complete", "listed", "described", "--partial"]);
    assert!(run(&["cancel", "--all"]).status.success());
    assert!(run(&["list"]).stdout.is_empty());
    assert!(origin.requests().iter().any(|request| request.header("x-key") == Some(MARK)));
    assert_files_unmarked(work.path());
}

#[test]
fn the_queue_of_the_component_says_nothing_of_its_secrets_and_leaves_none() {
    let origin = origin();
    let (work, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let place = Place { work: &work, documents: &documents };
    let (file, missing) = (secret_url(&origin, "/file"), secret_url(&origin, "/missing"));
    let list = place.document("list", &format!("{file}\n{missing}\n"));
    let run = |words: &[&str]| unmarked(place.stock(&[&["jobs"], words].concat()));
    fs::create_dir(work.path().join("listed")).unwrap();
    assert!(run(&["add", &file, "--display-name", "good", "--json"]).status.success());
    assert!(run(&["add", "-i", &list, "-d", "listed", "--display-name", "listed", "--keep-going"]).status.success());
    assert!(run(&["add", &missing, "--display-name", "bad"]).status.success());
    let _ = run(&["run"]);
    for words in [&["list"][..], &["show", "--all"], &["errors"], &["suspend", "--all"]] {
        for json in [&[][..], &["--json"]] {
            run(&[words, json].concat());
        }
    }
    let _ = run(&["complete", "listed", "--partial", "--json"]);
    assert!(run(&["cancel", "--all"]).status.success());
    assert!(run(&["list"]).stdout.is_empty());
    assert_files_unmarked(work.path());
}
