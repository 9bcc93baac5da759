//! The screen of a user who downloads files at a prompt.

use std::process::Command;

use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::process::built;
use haul_tests::scene::{MIB, checksum, content, old, origin, serving, version};
use haul_tests::terminal::Terminal;
use tempfile::{TempDir, tempdir};

/// `haul get` in a folder.
fn get(folder: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(built("haul"));
    command.arg("get").args(words).current_dir(folder).env("XDG_STATE_HOME", folder.path());
    command
}

fn shows(lines: &[String], parts: &[&str]) -> bool {
    lines.iter().any(|line| parts.iter().all(|part| line.contains(part)))
}

#[test]
fn a_line_has_percentage_bytes_rate_and_time_at_every_width() {
    let content = Content::new(3, 4 * MIB);
    for (columns, parts) in
        [(40, ["%", "M/s", "ETA "]), (80, ["/4.0 MiB", "iB/s", "ETA "]), (120, ["/4.0 MiB", "iB/s", "1 segment"])]
    {
        let slow = serving(version(&content, "v1"), vec![(When::Every, Fault::Slow(MIB))]);
        let folder = tempdir().unwrap();
        let words = ["-c", "1", "--checksum", &checksum(&content), &slow.url("/file")];
        let mut terminal = Terminal::run(get(&folder, &words), columns);
        let lines = terminal.wait_for("progress", |lines| shows(lines, &parts) && shows(lines, &["file", "%"]));
        assert!(lines.iter().all(|line| line.chars().count() < columns), "{lines:#?}");
        let (code, lines, _) = terminal.end();
        let [line] = &lines[..] else { panic!("one line: {lines:#?}") };
        assert!(line.starts_with("file: 4.00 MiB in ") && code == Some(0), "{line}");
        assert!(line.ends_with("iB/s, sha256 ok"), "{line}");
    }
}

#[test]
fn several_files_have_a_total_and_a_summary() {
    let resource = |name| Resource::new(version(&Content::new(5, 2 * MIB), name)).fault(When::Every, Fault::Slow(MIB));
    let missing = Resource::new(version(&content(), "v1")).fault(When::Every, Fault::status(404));
    let site = Site::new().resource("/a", resource("a")).resource("/b", resource("b")).resource("/c", missing);
    let (origin, folder) = (Origin::start(site), tempdir().unwrap());
    let urls = ["/a", "/b", "/c"].map(|path| origin.url(path));
    let words: Vec<_> = ["-c", "1"].into_iter().chain(urls.iter().map(String::as_str)).collect();
    let mut terminal = Terminal::run(get(&folder, &words), 80);
    terminal.wait_for("a total", |lines| shows(lines, &["0/3 files, 1 failed", "%", "/4.0 MiB", "iB/s"]));
    let (code, lines, _) = terminal.end();
    assert!(shows(&lines, &["404 Not Found; check the URL"]) && !shows(&lines, &["0x8019"]), "{lines:#?}");
    assert!(lines.last().unwrap().starts_with("2 of 3 files done, 1 failed: 4.00 MiB in "), "{lines:#?}");
    assert_eq!((code, lines.len()), (Some(6), 4), "{lines:#?}");
}

#[test]
fn each_wait_shows_its_reason() {
    let folder = tempdir().unwrap();
    let mut terminal = Terminal::run(get(&folder, &["http://haul.invalid/file"]), 80);
    terminal.wait_for("a retry", |lines| shows(lines, &["host not found, retry 2 in 1 s"]));
    let (code, lines, _) = terminal.end();
    assert!(shows(&lines, &["the host name was not found; check the host"]) && code == Some(5), "{lines:#?}");

    let busy = origin(vec![(When::First(1), Fault::retry_after(503, "30"))]);
    let mut terminal = Terminal::run(get(&folder, &[&busy.url("/file")]), 80);
    terminal.wait_for("a wait", |lines| shows(lines, &["server asked to wait 29 s: 503 Service Unavailable"]));
    drop(terminal);

    let silent = origin(vec![(When::Every, Fault::StallAfter(MIB))]);
    let mut terminal = Terminal::run(get(&folder, &["-c", "1", &silent.url("/file")]), 80);
    let lines = terminal.wait_for("a stall", |lines| shows(lines, &["1.0/8.0 MiB", "stalled 4 s"]));
    assert!(!shows(&lines, &["ETA"]), "{lines:#?}");
}

#[test]
fn a_resize_tears_no_line() {
    let slow = origin(vec![(When::Every, Fault::Slow(2 * MIB))]);
    let folder = tempdir().unwrap();
    let mut terminal = Terminal::run(get(&folder, &["-c", "1", &slow.url("/file")]), 120);
    terminal.wait_for("progress", |lines| shows(lines, &["file", "ETA"]));
    for columns in [60, 40, 100] {
        terminal.resize(columns);
        let is_drawn = |lines: &[String]| {
            lines.len() == 1 && lines[0].starts_with("file ") && lines[0].chars().count() >= columns / 2
        };
        terminal.wait_for("one line", is_drawn);
    }
    let (_, lines, _) = terminal.end();
    assert_eq!(lines.len(), 1, "{lines:#?}");
}

#[test]
fn an_interrupt_reports_the_kept_bytes_of_each_file() {
    let held = serving(version(&content(), "v1"), vec![(When::Every, Fault::hold_until_released(2 * MIB, "never"))]);
    for signal in ["-INT", "-TERM", "-HUP"] {
        let folder = tempdir().unwrap();
        let mut terminal = Terminal::run(get(&folder, &["-c", "1", &held.url("/file")]), 80);
        terminal.wait_for("2 MiB", |lines| shows(lines, &["2.0/8.0 MiB"]));
        let sent = Command::new("kill").args([signal, &terminal.id().to_string()]).status().unwrap();
        let (code, lines, _) = terminal.end();
        assert!(sent.success() && code == Some(130), "{signal}: {lines:#?}");
        assert!(shows(&lines, &["file: kept 2.00 MiB of 8.01 MiB (24%)"]), "{lines:#?}");
        assert!(folder.path().join("file.haul").exists(), "{signal}");
    }
}

#[test]
fn colours_and_signs_beside_the_screen_are_for_terminals_that_have_them() {
    let slow = || serving(version(&Content::new(3, MIB), "v1"), vec![(When::Every, Fault::Slow(MIB))]);
    let written = |variables: &[(&str, &str)]| {
        let (origin, folder) = (slow(), tempdir().unwrap());
        let mut command = get(&folder, &["-c", "1", &origin.url("/file")]);
        command.envs(variables.iter().copied());
        let (code, lines, written) = Terminal::run(command, 80).end();
        assert!(code == Some(0) && lines.last().unwrap().starts_with("file: 1.00 MiB"), "{lines:#?}");
        written
    };
    let (colour, sign) = ("\x1b[32m", "\x1b]9;4;");
    let plain = written(&[]);
    assert!(plain.contains(colour) && !plain.contains(sign), "{plain:?}");
    assert!(!written(&[("NO_COLOR", "1")]).contains(colour));
    let beside = written(&[("TERM_PROGRAM", "WezTerm")]);
    assert!(beside.contains("\x1b]9;4;1;") && beside.contains("\x1b]9;4;0;\x07"), "{beside:?}");
    let dumb = written(&[("TERM", "dumb"), ("TERM_PROGRAM", "WezTerm")]);
    assert!(!dumb.contains('\x1b'), "{dumb:?}");
}

#[test]
fn a_terminal_gets_no_bytes_of_a_file() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let (code, lines, _) = Terminal::run(get(&folder, &["-o", "-", &origin.url("/file")]), 200).end();
    assert!(shows(&lines, &["--output -", "'haul get -o - URL > FILE'"]) && code == Some(2), "{lines:#?}");
    assert!(origin.requests().is_empty());
}

#[test]
fn a_file_that_differs_is_described_with_the_choices() {
    let dated = version(&content(), "v1").last_modified(old());
    let (origin, folder) = (serving(dated, vec![]), tempdir().unwrap());
    std::fs::write(folder.path().join("file"), "another one").unwrap();
    let (code, lines, _) = Terminal::run(get(&folder, &[&origin.url("/file")]), 400).end();
    let parts = ["the local file has 11 B of 20", "--overwrite replaces it", "--update", "--checksum proves it"];
    assert!(shows(&lines, &parts) && code == Some(8), "{lines:#?}");
}
