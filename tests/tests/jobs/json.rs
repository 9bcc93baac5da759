//! Every line of JSON is one that docs/reference/json-schema.json describes.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use haul_tests::component;
use haul_tests::origin::{Fault, Origin, Resource, Site, When};
use haul_tests::process::built;
use haul_tests::prompt::Prompt;
use haul_tests::scene::{checksum, content, version};
use haul_tests::schema::Schema;
use serde_json::Value;

/// The lines of a command, checked: the first one has the version, and no other.
fn lines(schema: &Schema, command: &mut Command) -> Vec<(String, Value)> {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line.get("schema"), (number == 0).then_some(&1.into()), "{line}");
    }
    lines.into_iter().map(|line| (schema.name_of(&line), line)).collect()
}

fn kinds(lines: &[(String, Value)]) -> BTreeSet<&str> {
    lines.iter().map(|(kind, _)| kind.as_str()).collect()
}

/// A file that is retried once, nothing, and a redirect to the file.
fn site() -> Origin {
    let file = || Resource::new(version(&content(), "v1").content_type("application/x-iso9660-image"));
    Origin::start(
        Site::new()
            .resource("/file", file().fault(When::First(1), Fault::status(503)))
            .resource("/gone", file().fault(When::Every, Fault::status(404)))
            .resource("/moved", file().fault(When::Every, Fault::redirect(302, "/target?token=secret")))
            .resource("/target?token=secret", file())
            .resource("/target", file()),
    )
}

fn get(native: bool, folder: &Path) -> Command {
    let mut command = Command::new(built(if native { "haul" } else { "wasmtime" }));
    if !native {
        command.args(["run", "-S", "http", "--dir", "."]).arg(component());
    }
    command.arg("get").arg("--json").current_dir(folder).env("XDG_STATE_HOME", folder);
    command
}

#[test]
fn lines_of_get_are_described_and_the_same_in_both_commands() {
    let schema = Schema::of_lines();
    for native in [true, false] {
        let (origin, folder) = (site(), tempfile::tempdir().unwrap());
        let url = origin.url("/file");
        let got = lines(&schema, get(native, folder.path()).args(["--checksum", &checksum(&content()), &url]));
        assert_eq!(kinds(&got), BTreeSet::from(["get-progress", "get-result", "get-retry"]));
        let result = &got.last().unwrap().1;
        for (field, expected) in [
            ("path", Value::from("file")),
            ("bytes", content().length().into()),
            ("sha256", content().sha256().into()),
            ("http_status", 200.into()),
            ("content_type", "application/x-iso9660-image".into()),
            ("final_url", Value::Null),
            ("retries", 1.into()),
            ("error", Value::Null),
        ] {
            assert_eq!(result[field], expected, "{field}: {result}");
        }
        assert!(result["rate"].as_u64() > Some(0), "{result}");
        let (_, retry) = got.iter().find(|(kind, _)| kind == "get-retry").unwrap();
        let error = &retry["error"];
        assert_eq!((&error["name"], &error["outcome"]), (&"HTTP_E_STATUS".into(), &"http".into()));
        assert_eq!(error["message"], "the origin answered 503 Service Unavailable");

        let failed = lines(&schema, get(native, folder.path()).args([&origin.url("/gone"), &origin.url("/moved")]));
        let result = |path: &str| {
            let is_it = |line: &&(String, Value)| line.0 == "get-result" && line.1["path"] == path;
            failed.iter().find(is_it).map(|(_, line)| line.clone()).unwrap()
        };
        assert_eq!(
            (&result("gone")["http_status"], &result("gone")["error"]["outcome"]),
            (&404.into(), &"http".into())
        );
        assert_eq!(result("moved")["final_url"], origin.url("/target?...").as_str());
    }
}

#[test]
fn lines_of_jobs_are_described() {
    let (schema, prompt, origin) = (Schema::of_lines(), Prompt::default(), site());
    let mut seen = BTreeSet::new();
    for words in [
        &["create", "empty"][..],
        &["add", "-n", "good", "--retry-interval", "5", &origin.url("/file")],
        &["add", "-n", "bad", &origin.url("/gone")],
        &["set", "good", "--description", "x"],
        &["run"],
        &["list", "--all"],
        &["show", "--files"],
        &["files"],
        &["errors"],
        &["watch"],
        &["cancel", "--all"],
        &["list", "--all"],
    ] {
        let lines = lines(&schema, prompt.command(words).arg("--json"));
        assert!(!lines.is_empty(), "{words:?}");
        seen.extend(lines.into_iter().map(|(kind, _)| kind));
    }
    let expected = ["file", "finished", "job", "job-progress", "job-result", "job-retry"];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
