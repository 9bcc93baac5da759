//! Messages about misuse, retries and interruptions.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use haul_tests::component;
use haul_tests::nginx::Nginx;
use haul_tests::origin::{Fault, Origin, Representation, Resource, Site, When};
use haul_tests::process::built;
use haul_tests::scene::{MIB, assert_holds, content, names, origin, request};
use haul_tests::subject::processes::command;
use haul_tests::subject::{Get, Subject};
use serde_json::Value;
use tempfile::tempdir;

/// `haul get` in its own folder, and the same under stock wasmtime.
fn both(arguments: &[&str]) -> [Output; 2] {
    let mut stock = Command::new(built("wasmtime"));
    stock.args(["run", "-S", "http", "--dir", "."]).arg(component());
    [Command::new(built("haul")), stock].map(|mut command| {
        let folder = tempdir().unwrap();
        let output = command.arg("get").args(arguments).current_dir(&folder).stdin(Stdio::null()).output().unwrap();
        assert_eq!(names(folder.path()), [""; 0], "{arguments:?}");
        output
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn misuse_is_one_line_that_names_what_is_wrong() {
    let url = "http://127.0.0.1:1/";
    for (arguments, hint) in [
        (&["-H", "Range: bytes=0-1", url][..], "--header 'Range': a request header is one that the engine sets itself"),
        (&["--auth-header", "Host: h", url], "--auth-header 'Host'"),
        (&["-H", "foo", url], "'Name: value'"),
        (&["--mirror", "ftp://h/x", url], "--mirror 'ftp://h/x': not a URL"),
        (&[""], "a URL is empty"),
        (&["-q", "-v", url], "--verbose"),
        (&["--cost-policy", "cheap", url], "no-surcharge"),
        (&["--network", "near-cap,cheap", url], "usage-based"),
        (&["--network", "near-cap,below-cap", url], "one cost"),
        (&["--insecure", "all", url], "wrong-name"),
        (&["--insecure", "unknown-ca", "--check-revocation", "--crl", "x", url], "--insecure"),
        (&["--check-revocation", url], "--crl"),
        (&["--require-integrity", url], "--integrity-info"),
        (&["--pieces", "x", "--integrity-info", "y", url], "--integrity-info"),
        (&["--decrypt", "x", "--range", "0-1", url], "--range"),
        (&["--decrypt", "-", "--integrity-info", "-", url], "standard input"),
        (&["--decrypt", "-", url], "EncryptionBufferSize"),
        (&["--integrity-info", "-", url], "PiecesHashFileUrl"),
        (&["--client-certificate", "-", url], "PEM"),
        (&["--correlation-vector", "a b", url], "visible ASCII"),
        (&["--range", "+5-9", url], "FIRST-LAST"),
        (&["--range", "5-+9", url], "FIRST-LAST"),
        (&["--retries", "+5", url], "+5"),
        (&["-c", "+5", url], "+5"),
        (&["--timeout", "+5", url], "seconds"),
        (&["--timeout", "1e3", url], "seconds"),
        (&["--limit-rate", "+5M", url], "with K, M or G"),
        (&["--max-filesize", "+5M", url], "with K, M or G"),
        (&["--max-time", "5_0", url], "seconds"),
        (&["-o", "-", "--json", url], "standard output"),
        (&["-o", "-", url, url], "one URL"),
        (&["-o", "-", "--pieces", "x", url], "--checksum"),
        (&["--metalink", "-"], "DO_E_METAINFO_CONTENT 0x80D06809"),
        (&["--pieces", "missing", url], "missing cannot be read"),
    ] {
        let [native, stock] = both(arguments);
        assert_eq!((native.status.code(), stock.status.code()), (Some(2), Some(1)), "{arguments:?}");
        for said in [text(&native.stderr), text(&stock.stderr)] {
            assert!(said.contains(hint) && said.lines().count() == 1, "{arguments:?}: {said}");
        }
    }
}

#[test]
fn an_output_that_is_a_directory_gets_the_file_under_its_own_name() {
    let origin = origin(vec![]);
    for output in ["new/", ".", "there"] {
        let folder = tempdir().unwrap();
        fs::create_dir(folder.path().join("there")).unwrap();
        let mut get = Command::new(built("haul"));
        let got = get.args(["get", "-q", "-o", output, &origin.url("/file")]).current_dir(&folder).status().unwrap();
        assert!(got.success(), "{output}");
        assert_holds(&folder.path().join(output).join("file"), &content());
    }
}

#[test]
fn only_words_that_are_not_understood_lead_to_the_help() {
    for (arguments, leads) in [(&["--metalink", "-"][..], false), (&["-i", "-"], false), (&["--no-such-option"], true)]
    {
        for output in both(arguments) {
            assert_eq!(text(&output.stderr).contains("try '"), leads, "{arguments:?}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn the_stock_runtime_leaves_tls_to_the_native_program() {
    for arguments in [&["--insecure", "unknown-ca,wrong-name"][..], &["--check-revocation", "--crl", "x"]] {
        let [_, stock] = both(&[arguments, &["--retries", "0", "https://127.0.0.1:1/"]].concat());
        let said = text(&stock.stderr);
        assert!(said.contains("E_NOTIMPL") && said.contains("the native haul can"), "{said}");
        assert_eq!(stock.status.code(), Some(1));
    }
}

/// The standard error of a run whose first two requests are refused.
fn said_of_retries(subject: Subject, options: &[&str]) -> String {
    let origin = origin(vec![(When::First(2), Fault::status(503))]);
    let folder = tempdir().unwrap();
    let output = command(subject, &request(&origin, &folder)).args(options).output().unwrap();
    assert!(output.status.success());
    assert!(text(&output.stdout).lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    text(&output.stderr)
}

#[test]
fn the_curious_are_told_of_retries_beside_json_too() {
    for subject in [Subject::Command, Subject::Stock] {
        assert_eq!(said_of_retries(subject, &[]), "");
        let said = said_of_retries(subject, &["-v"]);
        assert_eq!(said.matches("the origin answered 503; again in").count(), 2, "{said}");
        assert!(!said.contains("DEBUG"), "{said}");
    }
    assert!(said_of_retries(Subject::Command, &["-vv"]).contains("DEBUG"));
}

#[test]
fn a_wait_without_a_byte_ends_with_what_the_last_try_came_to() {
    let (source, folder) = (tempdir().unwrap(), tempdir().unwrap());
    let server = Nginx::serve(source.path());
    let get = Get::new(server.url("file").replace("http:", "https:"), folder.path().join("file")).timeout(2.0);
    for subject in [Subject::Command, Subject::Stock] {
        let outcome = subject.get(&get);
        assert!(
            outcome.error.is_some() && outcome.said.contains("the secure connection could not be made"),
            "{outcome:?}"
        );
    }
}

#[test]
fn errors_have_their_number_and_progress_is_not_repeated() {
    let (refusing, slow) =
        (origin(vec![(When::Every, Fault::status(404))]), origin(vec![(When::Every, Fault::Slow(4 * MIB))]));
    for subject in [Subject::Command, Subject::Stock] {
        let folder = tempdir().unwrap();
        let output = command(subject, &request(&refusing, &folder)).output().unwrap();
        assert!(text(&output.stderr).contains("(HTTP_E_STATUS 0x80190194)"), "{}", text(&output.stderr));
        let plain = command(subject, &request(&slow, &folder));
        let arguments: Vec<_> = plain.get_args().filter(|word| *word != "--json").collect();
        let output = Command::new(plain.get_program()).args(arguments).output().unwrap();
        assert_eq!(text(&output.stderr).lines().count(), 1, "{}", text(&output.stderr));
    }
}

/// Sends SIGINT to a run that has 2 MiB; returns its standard error and its last line of JSON.
fn interrupt(origin: &Origin) -> (String, Value) {
    let folder = tempdir().unwrap();
    let mut run = command(Subject::Command, &request(origin, &folder).connections(1));
    let child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    haul_tests::process::wait_until("2 MiB", || origin.body_bytes_sent() >= 2 * MIB);
    std::thread::sleep(Duration::from_millis(300));
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let last = text(&output.stdout).lines().last().map(|line| serde_json::from_str(line).unwrap());
    (text(&output.stderr), last.unwrap())
}

#[test]
fn an_interrupted_run_says_how_far_it_came_and_what_comes_next() {
    let held = || (When::Every, Fault::hold_until_released(2 * MIB, "never"));
    let strong = origin(vec![held()]);
    let nameless = Resource::new(Representation::new(content())).fault(held().0, held().1);
    let weak = Origin::start(Site::new().resource("/file", nameless));
    for (origin, next) in [(strong, "again to resume"), (weak, "starts over")] {
        let (said, result) = interrupt(&origin);
        assert!(said.contains(next) && said.lines().count() == 1, "{said}");
        assert_eq!((&result["error"]["message"], &result["type"]), (&"interrupted".into(), &"result".into()));
        assert_eq!(result["bytes"], 2 * MIB, "{result}");
        assert!(result["requests"].as_u64().unwrap() >= 1, "{result}");
    }
}

#[test]
fn names_in_a_list_do_nothing_to_a_terminal() {
    let origin = origin(vec![(When::Every, Fault::status(404))]);
    let name = "a\x1b[2J\u{9b}31m\u{202e}b";
    for subject in [Subject::Command, Subject::Stock] {
        let folder = tempdir().unwrap();
        let list = folder.path().join("list");
        fs::write(&list, format!("{}\t{name}\n", origin.url("/file"))).unwrap();
        let mut get = match subject {
            Subject::Stock => haul_tests::subject::processes::stock(&[folder.path()]),
            _ => Command::new(built("haul")),
        };
        let output = get.args(["get", "-i"]).arg(&list).arg("-d").arg(folder.path()).output().unwrap();
        let said = text(&output.stderr);
        assert!(said.contains(r"a\u{1b}[2J\u{9b}31m\u{202e}b") && said.lines().count() == 1, "{said:?}");
        assert!(!said.contains(['\x1b', '\u{9b}', '\u{202e}']), "{said:?}");
    }
}

/// `haul jobs` under stock wasmtime, in a folder.
fn stock_jobs(folder: &Path, words: &[&str]) -> Output {
    let mut stock = Command::new(built("wasmtime"));
    stock.args(["run", "-S", "http", "--dir", "."]).arg(component()).arg("jobs").args(words);
    stock.current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn a_stock_add_that_fails_adds_nothing() {
    let folder = tempdir().unwrap();
    let list = |folder: &Path| text(&stock_jobs(folder, &["list"]).stdout);
    let added = stock_jobs(folder.path(), &["add", "http://127.0.0.1:1/a"]);
    assert!(added.status.success(), "{}", text(&added.stderr));
    for words in [
        &["add", "http://127.0.0.1:1/b", "no URL"][..],
        &["add", "http://127.0.0.1:1/b", "http://127.0.0.1:1/a"],
        &["add", "http://127.0.0.1:1/b", "-d", ".haul"],
        &["add", "http://127.0.0.1:1/b", "--retry-timeout", "+5"],
    ] {
        assert!(!stock_jobs(folder.path(), words).status.success(), "{words:?}");
        assert_eq!(list(folder.path()).lines().count(), 1, "{words:?}");
    }
    let ledger = folder.path().join(".haul/queue.haul");
    let mut bytes = fs::read(&ledger).unwrap();
    let near_the_end = bytes.len() * 3 / 4;
    bytes[near_the_end] ^= 0x40;
    bytes.extend([1, 0, 0, 0, 0, 0, 0, 0, 0]);
    fs::write(&ledger, bytes).unwrap();
    let failed = stock_jobs(folder.path(), &["add", "http://127.0.0.1:1/b"]);
    assert!(!failed.status.success() && text(&failed.stderr).contains("set aside"), "{}", text(&failed.stderr));
    assert!(!list(folder.path()).lines().any(|job| job.ends_with(" b")), "{}", list(folder.path()));
}
