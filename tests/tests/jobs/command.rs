//! The queue at a prompt: `haul jobs`, alone and beside a process that runs the queue.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::process::wait_until;
use haul_tests::prompt::{Prompt, interrupt};
use haul_tests::scene::{MIB, assert_holds, checksum, content, origin, origin_of, version};
use serde_json::Value;

fn state(job: &Value) -> &str {
    job["state"].as_str().unwrap()
}

#[test]
fn a_job_is_made_filled_run_and_gone() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let id = prompt.said(&["create", "images"]);
    let id = id.trim();
    assert_eq!(prompt.said(&["add", "--job", "images", &origin.url("/file"), "-o", "sub/file"]).trim(), id);
    assert_eq!(prompt.said(&["list"]), format!("{id}\timages\tsuspended\tnormal\t0\t1\t0\t-\n"));
    prompt.said(&["resume", &id[..6]]);
    prompt.said(&["run"]);
    assert_holds(&prompt.path("sub/file"), &content());
    assert_eq!(prompt.said(&["list"]), "");
    assert!(!prompt.socket().exists());
}

#[test]
fn urls_become_a_job_that_is_completed_where_nobody_says_otherwise() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file"), "--checksum", &checksum(&content()), "--display-name", "one"]);
    prompt.said(&["run", "--no-complete"]);
    assert!(!prompt.path("file").exists());
    let [job] = &prompt.objects(&["list"])[..] else { panic!("one job") };
    assert_eq!((state(job), &job["bytes"], &job["total"]), ("transferred", &content().length().into(), &job["bytes"]));
    prompt.said(&["complete", "one"]);
    assert_holds(&prompt.path("file"), &content());
    assert_eq!(prompt.said(&["list"]), "");
}

#[test]
fn whoever_looks_fetches_nothing() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file")]);
    for words in
        [&["list"][..], &["show"], &["files"], &["errors"], &["priority", "--all", "high"], &["show", "--files"]]
    {
        prompt.said(words);
    }
    assert_eq!(state(&prompt.objects(&["list"])[0]), "queued");
    assert!(origin.requests().is_empty());
}

#[test]
fn a_process_adds_while_another_runs_the_queue() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let run = prompt.run(&["--watch"]);
    let id = prompt.said(&["add", &origin.url("/file"), "-d", "deep/down"]);
    wait_until("the file", || prompt.path("deep/down/file").exists());
    assert_holds(&prompt.path("deep/down/file"), &content());
    wait_until("the job is gone", || prompt.said(&["list"]).is_empty());
    let (code, told) = prompt.refused(&["show", id.trim()]);
    assert!(code == Some(1) && told.contains("no such job"), "{told}");
    let (code, told) = prompt.refused(&["run"]);
    assert!(code == Some(1) && told.contains("already"), "{told}");
    assert_eq!(interrupt(run), Some(130));
    assert_eq!(prompt.said(&["list"]), "");
    assert!(!prompt.socket().exists());
}

#[test]
fn a_killed_run_is_gone_on_with_by_the_next_one() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file")]);
    let mut run = prompt.run(&["--limit-rate", "1M"]);
    // The engine makes a checkpoint every two seconds.
    wait_until("3 MiB", || origin.body_bytes_sent() > 3 * MIB);
    std::thread::sleep(Duration::from_secs(2));
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(prompt.socket().exists());
    assert_eq!(prompt.said(&["list"]).split('\t').nth(2), Some("queued"));
    prompt.said(&["run"]);
    assert_holds(&prompt.path("file"), &content());
    assert!(origin.requests().iter().any(|request| request.is_ranged()));
}

#[test]
fn what_is_added_while_a_run_is_killed_is_there_as_a_whole_or_not_at_all() {
    const FILES: u64 = 3000;
    let prompt = Prompt::default();
    let origin = Origin::start(Site::new());
    let lines = |job: usize| -> String {
        let line = |number| format!("{}\n  out={job}/{number}\n  split=1\n", origin.url(&format!("/{number}")));
        (0..FILES).map(line).collect()
    };
    let mut before = 0;
    for (number, milliseconds) in [0, 20, 40, 60, 80, 120, 160, 240, 400].into_iter().enumerate() {
        let list = prompt.path(&format!("list-{number}"));
        fs::write(&list, lines(number)).unwrap();
        let mut run = prompt.run(&["--watch", "--network", "unrestricted,roaming"]);
        let list = list.to_string_lossy();
        let words = ["add", "-i", &list, "-d", "files", "--display-name", "new", "--cost-policy", "no-roaming"];
        let mut add = prompt.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.kill().unwrap();
        run.wait().unwrap();
        let ended = add.wait().unwrap();
        let jobs = prompt.objects(&["list"]);
        let least = before + usize::from(ended.success());
        assert!((least..=before + 1).contains(&jobs.len()), "{before}, then {}", jobs.len());
        for job in &jobs {
            assert_eq!((&job["files"], state(job)), (&FILES.into(), "queued"));
        }
        before = jobs.len();
    }
}

#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let (prompt, origin) =
        (Prompt::default(), origin(vec![(When::First(1), Fault::hold_until_released(3 * MIB, "never"))]));
    prompt.said(&["add", &origin.url("/file")]);
    let run = prompt.run(&[]);
    wait_until("3 MiB", || prompt.objects(&["list"])[0]["bytes"].as_u64() >= Some(3 * MIB));
    assert_eq!(interrupt(run), Some(130));
    prompt.said(&["run"]);
    assert_holds(&prompt.path("file"), &content());
    let ranged =
        |requests: &[haul_tests::origin::RecordedRequest]| requests.iter().any(|r| r.header("range").is_some());
    assert!(ranged(&origin.requests()));
}

#[test]
fn a_job_that_fails_says_why_and_the_others_go_on() {
    let prompt = Prompt::default();
    let missing = Resource::new(version(&content(), "v1")).fault(When::Every, Fault::status(404));
    let origin = Origin::start(Site::new().resource("/missing", missing).resource("/file", version(&content(), "v1")));
    let id = prompt.said(&["add", &origin.url("/missing?token=secret"), "-n", "bad"]);
    prompt.said(&["add", &origin.url("/file")]);
    let (code, told) = prompt.refused(&["run"]);
    assert!(code == Some(1) && told.contains("HTTP_E_STATUS") && !told.contains("secret"), "{told}");
    assert_holds(&prompt.path("file"), &content());
    let errors = prompt.said(&["errors"]);
    for part in ["bad (", "0x80190194", "/missing", "the origin answered 404", "advice"] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    let [job] = &prompt.objects(&["errors", "bad"])[..] else { panic!("one job") };
    assert_eq!((state(job), &job["id"], &job["error"]["code"]), ("error", &id.trim().into(), &"0x80190194".into()));
    origin.put("/missing", Resource::new(version(&content(), "v1")));
    prompt.said(&["resume", "bad"]);
    prompt.said(&["run"]);
    assert_holds(&prompt.path("missing"), &content());
}

#[test]
fn what_a_job_is_told_is_shown_again() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let told = [
        "--description",
        "for the lab",
        "--priority",
        "low",
        "--retry-interval",
        "30",
        "--retry-timeout",
        "3600",
        "--cost-policy",
        "no-surcharge",
        "--proxy-list",
        "proxy:8080",
        "--proxy-bypass",
        "<local>",
        "--keep-going",
        "--limit-rate",
        "2M",
        "--notify",
        "error,modification",
    ];
    prompt.said(&[&["create", "lab"], &told[..]].concat());
    let [job] = &prompt.objects(&["show", "lab"])[..] else { panic!("one job") };
    for (field, value) in [
        ("description", "for the lab".into()),
        ("priority", "low".into()),
        ("retry_interval", 30.into()),
        ("retry_timeout", 3600.into()),
        ("cost_policy", "no-surcharge".into()),
        ("proxy_usage", "override".into()),
        ("proxy_list", "proxy:8080".into()),
        ("proxy_bypass", "<local>".into()),
        ("keep_going", true.into()),
        ("limit_rate", (2 << 20).into()),
        ("notify", serde_json::json!(["error", "modification"])),
    ] {
        assert_eq!(job[field], value, "{field}");
    }
    prompt.said(&["set", "lab", "--display-name", "bench", "--limit-rate", "unlimited", "--proxy-usage", "no-proxy"]);
    prompt.said(&["priority", "foreground", "bench"]);
    let job = &prompt.objects(&["show", "bench"])[0];
    assert_eq!(
        (&job["limit_rate"], &job["keep_going"], &job["priority"]),
        (&Value::Null, &true.into(), &"foreground".into())
    );
    let shown = prompt.said(&["show"]);
    for part in
        ["display name    bench", "proxy           no-proxy", "limit rate      unlimited", "state           suspended"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(origin.requests().is_empty());
}

#[test]
fn headers_of_a_job_reach_the_origin() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file"), "-H", "X-Team: lab"]);
    prompt.said(&["set", "file", "--limit-rate", "1G"]);
    prompt.said(&["run"]);
    assert!(origin.requests().iter().all(|request| request.header("x-team") == Some("lab")));
}

#[test]
fn a_list_of_aria2_is_taken_over() {
    let prompt = Prompt::default();
    let part = Content::new(3, 5000);
    let site = Site::new().resource("/a", version(&content(), "v1")).resource("/b", version(&part, "v1"));
    let origin = Origin::start(
        site.resource("/gone", Resource::new(version(&part, "v1")).fault(When::Every, Fault::status(404))),
    );
    let (a, b, gone) = (origin.url("/a"), origin.url("/b"), origin.url("/gone"));
    let sum = content().sha256();
    let list = format!(
        "# two files\n{gone}\t{a}\n dir=here\n out=first\n checksum=sha-256={sum}\n file-allocation=none\n{b}\n header=Cookie: a=b\n split=2\n"
    );
    let mut add = prompt
        .command(&["add", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let output = add.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && told.contains("line 6: the option file-allocation is passed over"), "{told}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    prompt.said(&["run"]);
    assert_holds(&prompt.path("here/first"), &content());
    assert_holds(&prompt.path("b"), &part);
    let cookies: Vec<_> = origin
        .requests()
        .iter()
        .filter_map(|request| Some((request.path().to_owned(), request.header("cookie")?.to_owned())))
        .collect();
    assert!(
        !cookies.is_empty() && cookies.iter().all(|cookie| *cookie == ("/b".to_owned(), "a=b".to_owned())),
        "{cookies:?}"
    );
}

#[test]
fn ranges_are_put_back_to_back() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file"), "--ranges", "0-999,5000-", "-o", "ends"]);
    prompt.said(&["run"]);
    let expected = [content().bytes(0..1000), content().bytes(5000..content().length())].concat();
    assert!(fs::read(prompt.path("ends")).unwrap() == expected);
}

#[test]
fn a_job_that_is_not_here_is_completed_in_part_only_on_demand() {
    let prompt = Prompt::default();
    let slow = Resource::new(version(&content(), "v1")).fault(When::Every, Fault::hold_until_released(MIB, "never"));
    let origin = Origin::start(Site::new().resource("/file", version(&content(), "v1")).resource("/slow", slow));
    prompt.said(&["add", &origin.url("/file"), &origin.url("/slow"), "-n", "both"]);
    let run = prompt.run(&[]);
    wait_until("one file", || prompt.objects(&["list"])[0]["files_transferred"] == 1);
    let (code, told) = prompt.refused(&["complete", "both"]);
    assert!(code == Some(1) && told.contains("1 of 2 files are here; --partial"), "{told}");
    assert_eq!(prompt.said(&["complete", "--all"]), "");
    prompt.said(&["complete", "both", "--partial"]);
    assert_holds(&prompt.path("file"), &content());
    assert!(!prompt.path("slow").exists());
    let ended = { run }.wait().unwrap();
    assert_eq!(ended.code(), Some(0));
}

#[test]
fn jobs_are_suspended_and_cancelled_beside_a_run() {
    let (prompt, origin) = (Prompt::default(), origin(vec![(When::Every, Fault::hold_until_released(MIB, "never"))]));
    let run = prompt.run(&["--watch"]);
    prompt.said(&["add", &origin.url("/file"), "-n", "held"]);
    wait_until("bytes", || prompt.objects(&["list"])[0]["bytes"].as_u64() >= Some(MIB));
    assert_eq!(state(&prompt.objects(&["suspend", "held"])[0]), "suspended");
    prompt.said(&["watch"]);
    assert_eq!(state(&prompt.objects(&["resume", "--all"])[0]), "transferring");
    assert_eq!(state(&prompt.objects(&["reset"])[0]), "cancelled");
    assert_eq!(interrupt(run), Some(130));
    assert_eq!(prompt.said(&["list"]), "");
    assert!(!prompt.path("file.part").exists());
}

#[test]
fn a_watched_job_is_followed_to_its_end() {
    let (prompt, origin) = (Prompt::default(), origin(vec![(When::Every, Fault::CapRate(8 * MIB))]));
    prompt.said(&["add", &origin.url("/file"), "-n", "seen"]);
    let watch =
        prompt.command(&["watch", "seen", "--json", "--interval", "0.1"]).stdout(Stdio::piped()).spawn().unwrap();
    prompt.said(&["run", "--no-complete"]);
    let output = watch.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], state(&last)), (&"result".into(), "transferred"));
}

#[test]
fn a_watch_that_is_interrupted_says_so() {
    let prompt = Prompt::default();
    let origin = origin(vec![]);
    prompt.said(&["add", &origin.url("/file")]);
    let mut watch = prompt.command(&["watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(watch.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("queued"), "{line}");
    assert_eq!(interrupt(watch), Some(130));
}

#[test]
fn what_cannot_be_written_is_a_failure() {
    let prompt = Prompt::default();
    prompt.said(&["create", "images"]);
    for words in [&["list"][..], &["list", "--json"], &["show"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = prompt.command(words).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && told.contains("standard output"), "{words:?}: {told}");
    }
}

#[test]
fn a_path_that_another_job_has_is_named() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file"), "-o", "sub/one"]);
    let (code, told) = prompt.refused(&["add", &origin.url("/other"), &origin.url("/file"), "-o", "sub/one"]);
    assert!(code == Some(2), "{told}");
    let (code, told) = prompt.refused(&["add", &origin.url("/else"), "-o", "sub/one", "--overwrite"]);
    let path = prompt.path("sub/one").display().to_string();
    assert!(code == Some(1) && told.contains(&path) && told.contains("another download or job"), "{told}");
    assert_eq!(prompt.objects(&["list"]).len(), 1);
}

#[test]
fn a_state_directory_may_have_a_long_path() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let deep = prompt.path(&"x".repeat(120)).join("state");
    let state = ["--state-dir", deep.to_str().unwrap()];
    let mut run = prompt.command(&[&["run", "--watch"][..], &state].concat()).stderr(Stdio::null()).spawn().unwrap();
    wait_until("the queue is run", || deep.join("run.sock").exists());
    prompt.said(&[&["add", &origin.url("/file")][..], &state].concat());
    wait_until("the file", || prompt.path("file").exists());
    assert_holds(&prompt.path("file"), &content());
    run.kill().unwrap();
    run.wait().unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_state_directory_that_exists_keeps_its_mode_also_behind_a_link() {
    let prompt = Prompt::default();
    let (directory, link) = (prompt.path("own"), prompt.path("link"));
    fs::create_dir(&directory).unwrap();
    symlink(&directory, &link).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    prompt.said(&["create", "images", "--state-dir", "link"]);
    for name in ["own", "link"] {
        assert_eq!(prompt.said(&["list", "--state-dir", name]).split('\t').nth(1), Some("images"));
    }
    assert_eq!(mode(&directory), 0o755);
    for file in fs::read_dir(&directory).unwrap().map(Result::unwrap) {
        assert_eq!(mode(&file.path()) & 0o077, 0, "{file:?} can be read by others");
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o775)).unwrap();
    let (code, told) = prompt.refused(&["list", "--state-dir", "link"]);
    assert!(code == Some(1) && told.contains("chmod go-w"), "{told}");
    assert_eq!(mode(&directory), 0o775);
}

/// A list whose first file can be added and whose second has an error.
fn half_right(origin: &Origin, wrong: &str) -> String {
    format!("{}\n{}\n{wrong}\n", origin.url("/file"), origin.url("/other"))
}

#[test]
fn an_add_that_fails_adds_nothing() {
    for is_run in [false, true] {
        let (prompt, origin) = (Prompt::default(), origin(vec![]));
        prompt.said(&["create", "there"]);
        let run = is_run.then(|| prompt.run(&["--watch"]));
        for (wrong, code) in [
            (" header=Range: bytes=0-1", 2),
            (" header=X-Own: job\n out=file", 1),
            (" header=X-Own: job\n dir=/dev/null/x", 2),
            (" out=../x", 2),
            (" checksum=md5=00", 2),
        ] {
            fs::write(prompt.path("list"), half_right(&origin, wrong)).unwrap();
            for job in [&[][..], &["--job", "there"]] {
                let (ended, told) = prompt.refused(&[&["add", "-i", "list", "--overwrite"], job].concat());
                assert!(ended == Some(code) || !job.is_empty(), "{wrong}: {ended:?}, {told}");
                assert!(ended != Some(0) && told.starts_with("haul: "), "{wrong}: {told}");
                let jobs = prompt.objects(&["list"]);
                assert_eq!((jobs.len(), &jobs[0]["files"]), (1, &0.into()), "{wrong} {job:?}: {told}");
            }
        }
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = prompt.command(&["add", "--suspended", &origin.url("/file")]).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && told.contains("nothing was added"), "{told}");
        assert_eq!(prompt.objects(&["list"]).len(), 1);
        assert!(run.is_none_or(|run| interrupt(run) == Some(130)));
        assert!(origin.requests().is_empty());
    }
}

/// Control characters in a name, as another user of the queue or a list may set them.
const HOSTILE: &str = "a\x1b[2J\u{9b}31m\u{202e}b";
const ESCAPED: &str = r"a\u{1b}[2J\u{9b}31m\u{202e}b";

#[test]
fn names_of_others_do_nothing_to_a_terminal() {
    let (prompt, origin) = (Prompt::default(), origin(vec![(When::Every, Fault::status(404))]));
    let line = format!("{}\n out={HOSTILE}\n", origin.url("/file"));
    fs::write(prompt.path("list"), line).unwrap();
    prompt.said(&["add", "-i", "list", "-n", &format!("{HOSTILE}\nhaul: another")]);
    let run = prompt.output(&["run"]);
    assert_eq!(run.status.code(), Some(1));
    let mut texts = vec![String::from_utf8(run.stderr).unwrap()];
    texts.extend([&["list"][..], &["show", "--files"], &["files"], &["errors"]].map(|words| prompt.said(words)));
    texts.push(prompt.refused(&["show", &format!("{HOSTILE}{HOSTILE}")]).1);
    for text in &texts {
        assert!(text.contains(ESCAPED), "{text:?}");
        let harmful = |c: char| c != '\n' && c != '\t' && c.is_control() || c == '\u{202e}';
        assert!(!text.contains(harmful) && !text.contains("\nhaul: another"), "{text:?}");
    }
    let json = prompt.said(&["list", "--json"]);
    assert!(json.contains(r"\u009b31m\u202eb") && !json.contains('\u{202e}'), "{json}");
    assert_eq!(prompt.objects(&["list"])[0]["display_name"], format!("{HOSTILE}\nhaul: another"));
}

#[test]
fn a_schedule_limits_the_rate_at_its_hours() {
    let small = Content::new(5, 3 * MIB);
    for (window, least) in [("00:00-24:00 1M", 1.5), ("Mon-Sun 00:00-24:00 unlimited", 0.0)] {
        let (prompt, origin) = (Prompt::default(), origin_of(&small, vec![]));
        prompt.said(&["add", &origin.url("/file")]);
        let begun = Instant::now();
        prompt.said(&["run", "--schedule", window, "--limit-rate", "64K"]);
        assert_holds(&prompt.path("file"), &small);
        let seconds = begun.elapsed().as_secs_f64();
        assert!(seconds >= least && seconds < 20.0, "{window}: {seconds} s");
    }
}

#[test]
fn a_network_that_costs_too_much_ends_the_run() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file")]);
    let (code, told) = prompt.refused(&["run", "--network", "unrestricted,roaming"]);
    assert!(code == Some(3) && told.contains("DO_E_BLOCKED_BY_COST_TRANSFER_POLICY"), "{told}");
    assert!(origin.requests().is_empty());
    prompt.said(&["run"]);
    assert_holds(&prompt.path("file"), &content());
}

#[test]
fn every_subcommand_speaks_json() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let url = origin.url("/file");
    let made = prompt.objects(&["create", "images"]);
    let id = made[0]["id"].as_str().unwrap();
    for words in [
        &["add", "--job", id, &url][..],
        &["list"],
        &["show", "images", "--files"],
        &["files"],
        &["set", id, "--description", "x"],
        &["priority", "high", "images"],
        &["resume", "images"],
        &["suspend", "images"],
        &["watch"],
        &["resume", "images"],
        &["run", "--no-complete"],
        &["complete", "images"],
    ] {
        let objects = prompt.objects(words);
        let last = objects.last().unwrap_or_else(|| panic!("{words:?} is silent"));
        assert_eq!(last.get("job").or(last.get("id")).and_then(Value::as_str), Some(id), "{words:?}: {last}");
    }
    assert_holds(&prompt.path("file"), &content());
    for words in [&["errors"][..], &["cancel", "--all"], &["reset"]] {
        assert!(prompt.objects(words).is_empty());
    }
}

#[test]
fn a_name_that_is_nobodys_or_several_jobs_is_refused() {
    let prompt = Prompt::default();
    prompt.said(&["create", "images"]);
    let (code, told) = prompt.refused(&["suspend", "images", "maps"]);
    assert!(code == Some(1) && told.starts_with("haul: maps: there is no such job"), "{told}");
    prompt.said(&["create", "images"]);
    let (code, told) = prompt.refused(&["show", "images"]);
    assert!(code == Some(1) && told.contains("2 jobs are called so"), "{told}");
}

#[test]
fn what_has_gone_before_a_job_is_completed_is_fetched_again() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    prompt.said(&["add", &origin.url("/file"), "--display-name", "one"]);
    prompt.said(&["run", "--no-complete"]);
    fs::remove_file(prompt.path("file.part")).unwrap();
    for _ in 0..2 {
        assert_eq!(prompt.refused(&["run"]).0, Some(1));
        assert_eq!(state(&prompt.objects(&["list"])[0]), "error");
    }
    prompt.said(&["resume", "one"]);
    prompt.said(&["run"]);
    assert_holds(&prompt.path("file"), &content());
    assert_eq!(prompt.said(&["list"]), "");
}

#[test]
fn a_run_outlives_ten_thousand_requests() {
    let (prompt, origin) = (Prompt::default(), origin(vec![]));
    let list: String = (0..10_100).map(|number| format!("{}\n", origin.url(&format!("/missing-{number}")))).collect();
    fs::write(prompt.path("list"), list).unwrap();
    prompt.said(&["add", "-i", "list", "-d", "files", "--keep-going", "--display-name", "many"]);
    assert_eq!(prompt.refused(&["run", "--quiet"]).0, Some(1));
    let files = prompt.objects(&["files", "many"]);
    assert!(files.len() == 10_100 && files.iter().all(|file| file["state"] == "failed"));
}
