//! The habits of users of curl, wget and aria2, at the native command line.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use haul_tests::origin::{Fault, Origin, Resource, Site, When};
use haul_tests::process::built;
use haul_tests::scene::{assert_holds, content, names, origin, version};
use tempfile::{TempDir, tempdir};

/// `haul` in a folder that is also its home, without variables of the test's own user.
fn haul(folder: &TempDir) -> Command {
    let mut command = Command::new(built("haul"));
    command.current_dir(folder).env_clear().env("HOME", folder.path());
    command
}

fn run(folder: &TempDir, words: &[&str]) -> Output {
    haul(folder).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

fn target(folder: &TempDir, name: &str) {
    assert_holds(&folder.path().join(name), &content());
}

#[test]
fn a_url_and_the_usual_options_are_enough() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    succeeds(&run(&folder, &[&origin.url("/file"), "-LOfq", "-C", "-", "--continue"]));
    target(&folder, "file");
}

#[test]
fn proxies_come_from_the_environment_and_from_options() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let url = origin.url("/file");
    let nowhere = "http://127.0.0.1:1";
    let words = ["get", "-q", "--retries", "0", "--fresh", "--overwrite", url.as_str()];
    for (variable, value, options, succeeds) in [
        ("http_proxy", nowhere, &[][..], false),
        ("all_proxy", nowhere, &[], false),
        ("ALL_PROXY", nowhere, &[], false),
        ("HTTP_PROXY", nowhere, &[], true),
        ("https_proxy", nowhere, &[], true),
        ("http_proxy", nowhere, &["--no-proxy", "127.0.0.1"], true),
        ("http_proxy", nowhere, &["--proxy", ""], true),
        ("no_proxy", "127.0.0.0/8", &["--proxy", nowhere], true),
        ("no_proxy", "example.com", &["-x", nowhere], false),
    ] {
        let output = haul(&folder).env(variable, value).args(words).args(options).output().unwrap();
        assert_eq!(output.status.success(), succeeds, "{variable}={value} {options:?}: {}", said(&output));
    }
}

#[test]
fn a_job_takes_the_proxy_of_the_environment() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let jobs = |words: &[&str], variable: &str| {
        haul(&folder).env(variable, "http://127.0.0.1:1").arg("jobs").args(words).output().unwrap()
    };
    succeeds(&jobs(&["add", "-n", "one", "--retry-timeout", "0", &origin.url("/file")], "OTHER"));
    let failed = jobs(&["run", "-q"], "http_proxy");
    assert_eq!(failed.status.code(), Some(5), "{}", said(&failed));
    assert!(origin.requests().is_empty());
    succeeds(&jobs(&["resume", "one"], "OTHER"));
    succeeds(&jobs(&["run", "-q"], "OTHER"));
    target(&folder, "file");
}

#[test]
fn a_host_has_the_address_of_an_option() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let port = origin.address().port();
    let url = format!("http://files.example:{port}/file");
    let resolve = format!("files.example:{port}:127.0.0.1");
    succeeds(&run(&folder, &["get", "-q", "-4", "--resolve", &resolve, &url]));
    target(&folder, "file");
    let refused = run(&folder, &["get", "-q", "-6", "--retries", "0", "--overwrite", "--resolve", &resolve, &url]);
    assert!(!refused.status.success());
}

#[test]
fn users_passwords_and_cookies_go_to_their_own_site_only() {
    let elsewhere = origin(vec![]);
    let moved =
        Resource::new(version(&content(), "v1")).fault(When::Every, Fault::redirect(302, elsewhere.url("/file")));
    let origin = Origin::start(Site::new().resource("/file", version(&content(), "v1")).resource("/moved", moved));
    let folder = tempdir().unwrap();
    let secret = |origin: &Origin, at: usize| {
        let request = &origin.requests()[at];
        ["authorization", "cookie"].map(|name| request.header(name).map(str::to_owned))
    };
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(".netrc", "machine 127.0.0.1 login me password pw");
    write("cookies", "127.0.0.1\tFALSE\t/\tFALSE\t0\tone\t1\nexample.com\tTRUE\t/\tFALSE\t0\ttwo\t2\n");
    let (file, moved) = (origin.url("/file"), origin.url("/moved"));
    let (basic, cookie) = (|text: &str| Some(format!("Basic {text}")), Some("one=1".to_owned()));
    for (words, expected) in [
        (&[][..], [basic("bWU6cHc="), None]),
        (&["--no-netrc"], [None, None]),
        (&["--no-netrc", "--load-cookies", "cookies"], [None, cookie.clone()]),
        (&["-u", "you:w", "--load-cookies", "cookies"], [basic("eW91Onc="), cookie]),
        (&["-H", "Authorization: Bearer t"], [Some("Bearer t".into()), None]),
    ] {
        let before = origin.requests().len();
        succeeds(&run(&folder, &[&["get", "-q", "--overwrite", "--fresh", file.as_str()][..], words].concat()));
        assert_eq!(secret(&origin, before), expected, "{words:?}");
    }
    succeeds(&run(&folder, &["get", "-q", "-u", "you:w", "--load-cookies", "cookies", &moved]));
    assert_eq!(secret(&elsewhere, 0), [None, None]);
    let asked = run(&folder, &["get", "-u", "you", &file]);
    assert!(said(&asked).contains("write USER:PASSWORD"), "{}", said(&asked));
    let agent = run(&folder, &["get", "-q", "--overwrite", "--fresh", "-A", "me/1", "-e", "http://r/", &file]);
    succeeds(&agent);
    let request = origin.requests().pop().unwrap();
    assert_eq!((request.header("user-agent"), request.header("referer")), (Some("me/1"), Some("http://r/")));
}

#[test]
fn options_come_from_a_file_and_from_variables() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let home = folder.path().join(".config/haul");
    fs::create_dir_all(&home).unwrap();
    let write = |text: &str| fs::write(home.join("config.toml"), text).unwrap();
    write("quiet = true\n[get]\ndir = 'from-file'\nuser-agent = 'file'\n");
    let url = origin.url("/file");
    let agent = || origin.requests().pop().unwrap().header("user-agent").map(str::to_owned);
    let output = run(&folder, &["get", &url]);
    assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
    target(&folder, "from-file/file");
    assert_eq!(agent().as_deref(), Some("file"));
    succeeds(&haul(&folder).env("HAUL_DIR", "from-variable").args(["get", &url]).output().unwrap());
    target(&folder, "from-variable/file");
    succeeds(&haul(&folder).env("HAUL_DIR", "from-variable").args(["get", "-d", "given", &url]).output().unwrap());
    target(&folder, "given/file");
    succeeds(&run(&folder, &["get", "--no-config", "-q", &url]));
    target(&folder, "file");
    let shown = haul(&folder).env("HAUL_RETRIES", "3").arg("config").output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    for line in ["get --dir from-file", "get --retries 3  (HAUL_RETRIES)", "jobs run --quiet true"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    write("retires = 3\n");
    let refused = run(&folder, &["get", &url]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("config.toml: there is no option retires; did you mean retries?"),
        "{}",
        said(&refused)
    );
}

#[test]
fn programs_run_after_files_without_a_shell() {
    let gone = Resource::new(version(&content(), "v1")).fault(When::Every, Fault::status(404));
    let origin = Origin::start(Site::new().resource("/file", version(&content(), "v1")).resource("/gone", gone));
    let folder = tempdir().unwrap();
    let program = folder.path().join("program");
    fs::write(
        &program,
        "#!/bin/sh\nprintf '%s|' \"$1\" \"$2\" \"$HAUL_PATH\" \"$HAUL_BYTES\" \"${HAUL_ERROR:+error}\" >>log\n",
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (done, failed) = ("./program $HOME done;", "./program x failed");
    let words = ["get", "-q", "--on-complete", done, "--on-error", failed];
    let output = run(&folder, &[&words[..], &["-j", "1", &origin.url("/file"), &origin.url("/gone")]].concat());
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log, format!("$HOME|done;|./file|{}||x|failed|./gone|0|error|", content().length()));
}

#[test]
fn a_pattern_and_a_file_of_digests_serve_several_urls() {
    let site =
        ["/a1", "/a2"].into_iter().fold(Site::new(), |site, path| site.resource(path, version(&content(), "v1")));
    let (origin, folder) = (Origin::start(site), tempdir().unwrap());
    let sum = content().sha256();
    let write = |text: String| fs::write(folder.path().join("SUMS"), text).unwrap();
    let get = || run(&folder, &["get", "-q", "--glob", "--checksum", "@SUMS", "-d", "d", &origin.url("/a[1-2]")]);
    write(format!("{sum}  a1\n"));
    let missing = get();
    assert!(said(&missing).contains("SUMS has no line for a2") && origin.requests().is_empty(), "{}", said(&missing));
    write(format!("{sum}  a1\nSHA256 (a2) = {}\n", sum.replace('0', "1")));
    assert_eq!(get().status.code(), Some(4));
    assert_eq!(names(&folder.path().join("d")), ["a1"]);
    write(format!("{sum}  a1\nSHA256 (a2) = {sum}\n"));
    succeeds(&get());
    target(&folder, "d/a2");
}

#[test]
fn a_list_may_be_utf_16_and_has_options_of_aria2() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let text = format!("{}\r\n out=sub/x\r\n header=X-One: 1\r\n", origin.url("/file"));
    let bytes: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("list"), bytes).unwrap();
    succeeds(&run(&folder, &["get", "-q", "-i", "list"]));
    target(&folder, "sub/x");
    assert_eq!(origin.requests()[0].header("x-one"), Some("1"));
}

#[test]
fn a_misspelt_word_has_a_suggestion() {
    let folder = tempdir().unwrap();
    for (words, hint) in [
        (&["get", "--ouput", "x", "http://h/"][..], "did you mean '--output'?"),
        (&["gte"], "did you mean 'get'?"),
        (&["jobs", "lsit"], "did you mean 'list'?"),
    ] {
        let output = run(&folder, words);
        assert!(output.status.code() == Some(2) && said(&output).contains(hint), "{words:?}: {}", said(&output));
    }
    let short = String::from_utf8(run(&folder, &["get", "-h"]).stdout).unwrap();
    assert!(short.contains("--output") && !short.contains("--decrypt"), "{short}");
}
