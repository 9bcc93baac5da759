//! `make demo`: a download that is killed half-way and resumed, at a prompt and under stock wasmtime.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use haul_tests::component;
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::process::built;

const SIZE: u64 = 256 << 20;

/// The most bytes that the origin sends in a second, so that the progress is visible.
const RATE: u64 = 64 << 20;

/// The result of one way of running.
struct Outcome {
    way: &'static str,
    before_the_kill: u64,
    after_the_kill: u64,
    seconds: f64,
}

impl Outcome {
    /// Bytes that the origin sent before the kill and not again.
    fn kept(&self) -> u64 {
        SIZE.saturating_sub(self.after_the_kill)
    }
}

fn main() {
    let content = Content::new(2026, SIZE);
    println!("An origin on this machine serves a generated file of {} MiB at {} MiB/s.", SIZE >> 20, RATE >> 20);
    let checksum = format!("sha256:{}", content.sha256());
    println!("Its SHA-256 is {}\n", &checksum[7..]);
    let outcomes = [
        killed_and_resumed("haul get", &content, &checksum, |_| Command::new(built("haul"))),
        killed_and_resumed("wasmtime run", &content, &checksum, |folder| {
            let mut command = Command::new(built("wasmtime"));
            command.args(["run", "-S", "http", "--dir"]).arg(folder).arg(component());
            command
        }),
    ];
    table(&outcomes);
}

fn killed_and_resumed(
    way: &'static str,
    content: &Content,
    checksum: &str,
    program: impl Fn(&Path) -> Command,
) -> Outcome {
    let resource = Resource::new(Representation::new(content.clone()).strong_etag("demo"));
    let origin = Origin::start(Site::new().resource("/file.bin", resource.fault(When::Every, Fault::CapRate(RATE))));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let get = || {
        let mut command = program(folder.path());
        command.args(["get", &origin.url("/file.bin"), "-c", "1", "--checksum", checksum, "-o"]);
        command.arg(folder.path().join("file.bin")).stdin(Stdio::null());
        command
    };
    let started = Instant::now();
    println!("$ {way} {} --checksum sha256:... -o file.bin", origin.url("/file.bin"));
    let mut child = get().spawn().expect("the program runs");
    let journal = folder.path().join("file.bin.haul");
    while origin.body_bytes_sent() < SIZE / 2 || !journal.exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "the download does not get half-way");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ends");
    let before_the_kill = origin.body_bytes_sent();
    println!("\n  ... killed (SIGKILL) after {} MiB. The same command again:\n", before_the_kill >> 20);
    let status = get().status().expect("the program runs");
    assert!(status.success(), "the second run failed");
    let bytes = std::fs::read(folder.path().join("file.bin")).expect("the file");
    assert!(bytes == content.bytes(0..SIZE), "the file differs");
    println!();
    let after_the_kill = origin.body_bytes_sent() - before_the_kill;
    Outcome { way, before_the_kill, after_the_kill, seconds: started.elapsed().as_secs_f64() }
}

fn table(outcomes: &[Outcome]) {
    println!("                                        {:>14}{:>14}", outcomes[0].way, outcomes[1].way);
    let row = |name: &str, value: &dyn Fn(&Outcome) -> String| {
        println!("{name:<40}{:>14}{:>14}", value(&outcomes[0]), value(&outcomes[1]));
    };
    let mebibytes = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
    row("sent by the origin before the kill", &|outcome| mebibytes(outcome.before_the_kill));
    row("sent by the origin after the kill", &|outcome| mebibytes(outcome.after_the_kill));
    row("not fetched twice", &|outcome| mebibytes(outcome.kept()));
    row("byte for byte, and SHA-256, as served", &|_| "yes".into());
    row("seconds, both runs", &|outcome| format!("{:.1}", outcome.seconds));
}
