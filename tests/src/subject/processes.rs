//! The subjects with a process: `haul get`, and the same under stock wasmtime.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{Get, Outcome, Subject};
use crate::component;
use crate::process::built;

pub fn get(subject: Subject, get: &Get) -> Outcome {
    let output = command(subject, get).output().expect("the program runs");
    let stdout = String::from_utf8(output.stdout).expect("the output is text");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
    let result = lines.rev().find(|line| line["type"] == "result");
    let result = result.unwrap_or_else(|| panic!("no result: {said}"));
    let number = |name: &str| result[name].as_u64().unwrap_or_else(|| panic!("{name} in {result}"));
    let is_shown_whole = get.metalink.is_none() && !get.url.contains(['@', '?', '#']);
    assert!(!is_shown_whole || result["url"] == get.url.as_str(), "{result}");
    Outcome {
        error: result["error"]["name"].as_str().map(String::from),
        code: output.status.code(),
        bytes: number("bytes"),
        resumed: number("resumed_bytes"),
        requests: number("requests"),
        restarts: number("restarts"),
        path: result["path"].as_str().expect("a path").into(),
        said,
    }
}

pub fn spawn(subject: Subject, get: &Get) -> Child {
    command(subject, get).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
}

/// The command line for `get`.
pub fn command(subject: Subject, get: &Get) -> Command {
    let parent = get.path.parent().expect("a folder");
    let mut command = match subject {
        Subject::Command => Command::new(built("haul")),
        Subject::Stock => {
            let documents = [&get.metalink, &get.pieces, &get.integrity_info, &get.decrypt];
            let documents = documents.into_iter().flatten().filter_map(|document| document.parent());
            stock(&[parent].into_iter().chain(get.records.as_deref()).chain(documents).collect::<Vec<_>>())
        }
        Subject::Embedded => panic!("the embedded engine is no process"),
    };
    command.stdin(Stdio::null()).args(["get", "--json"]);
    match &get.records {
        Some(records) => command.arg("--state-dir").arg(records),
        None => command.env_remove("HOME").env_remove("XDG_STATE_HOME"),
    };
    match &get.metalink {
        Some(document) => command.arg("--metalink").arg(document).arg("-d").arg(parent),
        None if get.content_disposition => command.args([&get.url, "--content-disposition", "-d"]).arg(parent),
        None => command.args([&get.url, "-o"]).arg(&get.path),
    };
    command.args(["--retries", &get.retries.to_string(), "--timeout", &get.timeout.to_string()]);
    for range in &get.ranges {
        command.arg(format!("--range={range}"));
    }
    for header in &get.headers {
        command.args(["-H", header]);
    }
    if let Some(connections) = get.connections {
        command.args(["-c", &connections.to_string()]);
    }
    if let Some(checksum) = &get.checksum {
        command.args(["--checksum", checksum]);
    }
    if let Some(rate) = get.limit_rate {
        command.args(["--limit-rate", &rate.to_string()]);
    }
    for mirror in &get.mirrors {
        command.args(["--mirror", mirror]);
    }
    if let Some(document) = &get.pieces {
        command.arg("--pieces").arg(document);
    }
    if let Some(rate) = get.min_rate {
        command.args(["--min-rate", &rate.to_string()]);
    }
    add_settings(&mut command, get);
    add_flags(&mut command, get);
    command
}

fn add_settings(command: &mut Command, get: &Get) {
    for header in &get.auth_headers {
        command.args(["--auth-header", header]);
    }
    for (option, file) in [("--integrity-info", &get.integrity_info), ("--decrypt", &get.decrypt)] {
        if let Some(file) = file {
            command.arg(option).arg(file);
        }
    }
    let texts = [
        ("--correlation-vector", &get.correlation_vector),
        ("--cost-policy", &get.cost_policy),
        ("--network", &get.network),
    ];
    for (option, text) in texts {
        if let Some(text) = text {
            command.args([option, text]);
        }
    }
}

fn add_flags(command: &mut Command, get: &Get) {
    let flags = [
        ("--overwrite", get.overwrite),
        ("--fresh", get.fresh),
        ("--no-sync", !get.sync),
        ("--refresh", get.refresh),
        ("--require-integrity", get.require_integrity),
        ("--background", get.background),
        ("--no-cellular", get.no_cellular),
    ];
    command.args(flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag));
}

/// `wasmtime run` with the component and access to `folders`.
pub fn stock(folders: &[&Path]) -> Command {
    let mut command = Command::new(built("wasmtime"));
    command.args(["run", "-S", "http"]);
    for folder in folders {
        command.arg("--dir").arg(folder);
    }
    command.arg(component());
    command
}
