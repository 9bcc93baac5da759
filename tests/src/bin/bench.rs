//! `make bench`: one run, side by side and interleaved, of haul and its peers against nginx on this machine.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::process::{built, component, wait_with_usage};

const SIZE: u64 = 256 << 20;
const ROUNDS: usize = 7;

/// Bytes written and compared at once.
const BLOCK: usize = 1 << 20;

/// A program, and how it is told to fetch a URL to a path.
struct Contender {
    name: &'static str,
    command: fn(&str, &Path) -> Command,
}

#[derive(Clone, Copy)]
struct Sample {
    wall: f64,
    cpu: f64,
    memory: u64,
}

const CONTENDERS: [Contender; 6] = [
    Contender { name: "haul --no-sync", command: |url, path| haul(url, path, &["--no-sync"]) },
    Contender { name: "haul", command: |url, path| haul(url, path, &[]) },
    Contender { name: "haul.wasm, stock wasmtime, --no-sync", command: stock },
    Contender { name: "curl", command: |url, path| program("curl", &["-sS", "-o"], path, url) },
    Contender { name: "aria2c -x1", command: aria2c },
    Contender { name: "wget2", command: |url, path| program("wget2", &["-q", "-O"], path, url) },
];

fn program(name: &str, arguments: &[&str], path: &Path, url: &str) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).arg(path).arg(url);
    command
}

fn haul(url: &str, path: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(built("haul"));
    command.args(["get", "-q", url, "-o"]).arg(path).args(arguments);
    command
}

fn stock(url: &str, path: &Path) -> Command {
    let mut command = Command::new(built("wasmtime"));
    command.args(["run", "-S", "http", "--dir"]).arg(path.parent().unwrap_or(path)).arg(component());
    command.args(["get", "-q", "--no-sync", url, "-o"]).arg(path);
    command
}

fn aria2c(url: &str, path: &Path) -> Command {
    let mut command = Command::new("aria2c");
    let name = path.file_name().unwrap_or_default();
    command.args(["-q", "-x1", "--file-allocation=none", "-d"]).arg(path.parent().unwrap_or(path)).arg("-o").arg(name);
    command.arg(url);
    command
}

fn main() {
    let source = tempfile::tempdir().expect("a temporary folder");
    let original = source.path().join("file");
    let mut file = File::create(&original).expect("a file");
    let content = Content::new(5, SIZE);
    let blocks = (0..SIZE).step_by(BLOCK);
    blocks.for_each(|at| file.write_all(&content.bytes(at..at + BLOCK as u64)).expect("room for the file"));
    let nginx = Nginx::serve(source.path());
    let url = nginx.url("file");
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); CONTENDERS.len()];
    for round in 0..ROUNDS {
        for turn in 0..CONTENDERS.len() {
            let index = (turn + round) % CONTENDERS.len();
            samples[index].push(run(&CONTENDERS[index], &url, &original));
        }
    }
    println!("{} MiB from nginx on this machine, one connection, {ROUNDS} interleaved rounds, medians\n", SIZE >> 20);
    println!("{:<38}{:>9}{:>9}{:>10}{:>12}", "", "wall s", "CPU s", "MiB", "wall/curl");
    let median = |index: usize, value: fn(&Sample) -> f64| median(samples[index].iter().map(value).collect());
    let curl = CONTENDERS.iter().position(|contender| contender.name == "curl").unwrap_or(0);
    for (index, contender) in CONTENDERS.iter().enumerate() {
        let (wall, cpu) = (median(index, |sample| sample.wall), median(index, |sample| sample.cpu));
        let memory = median(index, |sample| sample.memory as f64 / f64::from(1 << 20));
        let ratio = wall / median(curl, |sample| sample.wall);
        println!("{:<38}{wall:>9.3}{cpu:>9.3}{memory:>10.0}{ratio:>12.2}", contender.name);
    }
}

fn run(contender: &Contender, url: &str, original: &Path) -> Sample {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("out");
    let started = Instant::now();
    let mut child = (contender.command)(url, &path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", contender.name));
    let (status, usage) = wait_with_usage(&mut child).expect("it ends");
    let wall = started.elapsed().as_secs_f64();
    assert!(status.success(), "{} failed", contender.name);
    assert!(same(&path, original).expect("both files can be read"), "{} wrote another file", contender.name);
    Sample { wall, cpu: usage.cpu_seconds, memory: usage.memory }
}

/// Compares block by block: the peak memory of a child starts at what its parent holds.
fn same(left: &Path, right: &Path) -> io::Result<bool> {
    let (mut left, mut right) = (File::open(left)?, File::open(right)?);
    let (mut a, mut b) = (vec![0; BLOCK], vec![0; BLOCK]);
    for _ in 0..SIZE / BLOCK as u64 {
        left.read_exact(&mut a)?;
        right.read_exact(&mut b)?;
        if a != b {
            return Ok(false);
        }
    }
    Ok(left.read(&mut a)? == 0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
