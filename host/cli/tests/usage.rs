//! Misuse of the command line: exit code 2, one line with the correct form, and no file touched.

use std::process::{Command, Output};

fn haul(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haul")).args(arguments).current_dir(&folder).output().unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "misuse left something behind");
    output
}

fn check(arguments: &[&str], hint: &str) {
    let output = haul(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains(hint), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
}

#[test]
fn misuse_is_told_what_to_write() {
    check(&["get"], "URL");
    check(&["get", "example.com/x"], "absolute http or https URL");
    check(&["get", "-H", "Range: bytes=0-1", "http://127.0.0.1:1/"], "E_INVALIDARG");
    check(&["get", "--range", "0-5", "--range", "3-9", "http://127.0.0.1:1/"], "share bytes");
    check(&["get", "--range", "9-5", "http://h/"], "before the first");
    check(&["get", "--range", "x", "http://h/"], "FIRST-LAST");
    check(&["get", "-c", "0", "http://h/"], "0");
    check(&["get", "-c", "+5", "http://h/"], "in digits");
    check(&["get", "--range", "+5-9", "http://h/"], "FIRST-LAST");
    check(&["get", "--max-filesize", "0", "http://h/"], "write bytes");
    check(&["get", "--max-time", "soon", "http://h/"], "write seconds");
    check(&["get", "-H", "@missing", "http://h/"], "missing cannot be read");
    check(&["get", "-H", "@", "http://h/"], "@FILE");
    check(&["get", "--checksum", "md5:00", "http://h/"], "32 hexadecimal digits");
    check(&["get", "--limit-rate", "fast", "http://h/"], "bytes per second");
    check(&["get", "-H", "no colon", "http://h/"], "Name: value");
    check(&["get", "-o", "x", "http://h/a", "http://h/b"], "--dir");
    check(&["get", "--checksum", "md5:d41d8cd98f00b204e9800998ecf8427e", "http://h/a", "http://h/b"], "one URL");
    check(&["get", "-i", "missing", "-d", "."], "cannot be read");
    check(&["fetch"], "fetch");
    check(&["errors", "--all"], "haul errors --help");
    check(&["errors", "0x80D02013", "0x80D02012"], "haul errors --help");
}

/// Checks misuse of a subcommand of `jobs`.
fn check_jobs(arguments: &[&str], hint: &str) {
    check(&[&["jobs", "--state-dir", "/proc/never"], arguments].concat(), hint);
}

#[test]
fn misuse_of_the_queue_is_told_what_to_write() {
    let url = "http://127.0.0.1:1/x";
    check_jobs(&[], "haul jobs --help");
    check_jobs(&["lst"], "lst");
    check_jobs(&["add"], "URL");
    check_jobs(&["add", "example.com/x"], "absolute http or https URL");
    check_jobs(&["add", "--mirror", "ftp://h/x", url], "'ftp://h/x'");
    check_jobs(&["add", "-o", "x", url, url], "--output takes one URL");
    check_jobs(&["add", "--ranges", "9-5", url], "before the first");
    check_jobs(&["add", "--ranges", "-5", url], "FIRST-LAST or FIRST-");
    check_jobs(&["add", "--ranges", "0-5", url, url], "--ranges takes one URL");
    check_jobs(&["add", "--checksum", "md5:00", url], "32 hexadecimal digits");
    check_jobs(&["add", "-i", "missing"], "missing cannot be read");
    check_jobs(&["add", "-", "-i", "-"], "standard input can be read once");
    check_jobs(&["add", "-"], "names no URL");
    check_jobs(&["add", "-M", "-"], "DO_E_METAINFO_CONTENT");
    check_jobs(&["add", "--job", "x", "--priority", "high", url], "haul jobs set");
    check_jobs(&["add", "--job", "x", "--suspended", url], "--suspended");
    check_jobs(&["add", "-o", "a", "--content-disposition", url], "--content-disposition");
    check_jobs(&["create", "a", "--display-name", "b"], "--display-name");
    check_jobs(&["create", "--priority", "urgent"], "foreground");
    check_jobs(&["create", "--retry-interval", "soon"], "--retry-interval");
    check_jobs(&["create", "--retry-interval", "+5"], "in digits");
    check_jobs(&["create", "-H", "@missing"], "missing cannot be read");
    check_jobs(&["add", "-i", "-", "-H", "@-", url], "standard input can be read once");
    check_jobs(&["set", "x", "-H", "@-", "--auth-header", "@-"], "standard input can be read once");
    check_jobs(&["create", "--cost-policy", "no-cellular"], "no-surcharge");
    check_jobs(&["create", "--proxy-usage", "override"], "--proxy-list");
    check_jobs(&["create", "--proxy-usage", "no-proxy", "--proxy-list", "p:1"], "--proxy-usage override");
    check_jobs(&["create", "--proxy-bypass", "h"], "--proxy-list");
    check_jobs(&["create", "--notify", "none,error"], "none stands alone");
    check_jobs(&["create", "--limit-rate", "fast"], "unlimited");
    check_jobs(&["create", "-H", "no colon"], "Name: value");
    check_jobs(&["set", "x"], "nothing is to be changed");
    check_jobs(&["set", "--description", "y"], "JOB");
    check_jobs(&["priority", "x", "high"], "foreground");
    check_jobs(&["complete"], "JOB");
    check_jobs(&["cancel", "x", "--all"], "--all");
    check_jobs(&["run", "--schedule", "Mon-Fri 8-18 2M"], "HH:MM");
    check_jobs(&["run", "--schedule", "+8:00-18:00 2M"], "HH:MM");
    check_jobs(&["run", "--schedule", "Feb 08:00-18:00 2M"], "'Feb' is no day");
    check_jobs(&["run", "--limit-rate", "unlimited"], "bytes per second");
    check_jobs(&["run", "--jobs", "0"], "0");
    check_jobs(&["run", "-q", "-v"], "--verbose");
    check_jobs(&["watch", "--interval", "0"], "seconds");
    check(&["completions", "csh"], "bash");
    check(&["man", "fetch"], "no command 'haul fetch'");
}

const JOBS: [&str; 14] = [
    "create", "add", "list", "show", "files", "watch", "set", "priority", "suspend", "resume", "complete", "cancel",
    "errors", "run",
];

fn text(arguments: &[&str]) -> String {
    let output = haul(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_know_every_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(&["completions", shell]);
        for word in [&["get", "errors", "completions", "man"][..], &JOBS].concat() {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn every_subcommand_has_a_manual_page() {
    for word in JOBS {
        assert!(text(&["man", "jobs"]).contains(word), "{word}");
        let page = text(&["man", "jobs", word]);
        assert!(page.contains(&format!("haul\\-jobs\\-{word}")) && page.contains("state\\-dir"), "{word}: {page}");
    }
    let folder = tempfile::tempdir().unwrap();
    text(&["man", "--dir", folder.path().to_str().unwrap()]);
    for name in ["haul.1", "haul-get.1", "haul-jobs.1", "haul-jobs-run.1", "haul-completions.1"] {
        let page = std::fs::read_to_string(folder.path().join(name)).unwrap();
        for section in ["EXAMPLES", "ENVIRONMENT", "FILES", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
            assert!(page.contains(&format!("\n.SH {section}\n")), "{name}: {section}");
        }
    }
    let (page, command) = (text(&["man", "get"]), "haul get \\-d downloads \\-j 8 \\-i list.txt");
    assert!(page.contains(command), "{page}");
    assert_eq!(page, std::fs::read_to_string(folder.path().join("haul-get.1")).unwrap());
}

#[test]
fn familiar_names_are_understood() {
    for words in [
        &["ls"][..],
        &["info"],
        &["add-file"],
        &["monitor"],
        &["list-files"],
        &["set-priority"],
        &["pause"],
        &["start"],
        &["remove"],
        &["rm"],
        &["get-error"],
    ] {
        assert!(text(&[&["jobs"], words, &["--help"]].concat()).contains("Usage"), "{words:?}");
    }
}

#[test]
fn help_and_version_are_no_misuse() {
    for arguments in [&["--help"][..], &["--version"], &["get", "--help"], &["jobs", "--help"], &["errors", "--help"]] {
        let output = haul(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty());
    }
}
