//! A queue of many files under random kills of its runs and random changes of its jobs, with faulty origins. At the end every
//! file is right, and no job is lost or duplicated.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::nginx::Nginx;
use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use crate::prompt::Prompt;

/// The size of the queue, and the length of the disturbance.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    pub seed: u64,
    pub jobs: u64,
    pub files_of_a_job: u64,
    /// The time during which jobs and runs are disturbed; after it the queue runs to its end.
    pub disturbed: Duration,
}

/// The result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    pub files: u64,
    pub kills: u32,
    pub calls: u32,
    /// The most memory that a run held, in bytes.
    pub memory: u64,
}

/// A seeded generator of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

struct File {
    job: u64,
    url: String,
    content: Content,
    name: String,
}

/// # Panics
///
/// If a file is wrong, another file is left beside the files, or a job is lost or duplicated.
pub fn survive(chaos: Chaos) -> Outcome {
    let mut dice = Dice(chaos.seed);
    let served = tempfile::tempdir().expect("a temporary folder");
    let nginx = Nginx::serve(served.path());
    let (files, site) = make_files(chaos, &mut dice, &nginx, served.path());
    let origin = Origin::start(site);
    let prompt = Prompt::default();
    let known = add_jobs(chaos, &prompt, &files, &origin);
    let mut outcome = Outcome { files: files.len() as u64, ..Outcome::default() };
    let mut run = prompt.run(&["--watch"]);
    let end = Instant::now() + chaos.disturbed;
    while Instant::now() < end {
        if dice.below(40) == 0 {
            kill(&mut run);
            outcome.kills += 1;
            run = prompt.run(&["--watch"]);
        } else {
            disturb(&prompt, &mut dice, &known);
            outcome.calls += 1;
        }
        outcome.memory = outcome.memory.max(memory_of(&run));
    }
    kill(&mut run);
    settle(&prompt, &known);
    check(&prompt, &files);
    outcome
}

fn make_files(chaos: Chaos, dice: &mut Dice, nginx: &Nginx, served: &Path) -> (Vec<File>, Site) {
    let mut files = Vec::new();
    let mut site = Site::new();
    for number in 0..chaos.jobs * chaos.files_of_a_job {
        let length = match dice.below(20) {
            0 => 0,
            1 => dice.below(8 << 20),
            2..6 => dice.below(1 << 20),
            _ => dice.below(64 << 10),
        };
        let content = Content::new(chaos.seed ^ number, length);
        let name = format!("file-{number}");
        let url = if number % 2 == 0 {
            fs::write(served.join(&name), content.bytes(0..length)).expect("a file to serve");
            nginx.url(&name)
        } else {
            let representation = Representation::new(content.clone()).strong_etag(format!("v{number}"));
            let resource = faults(dice, length).into_iter().fold(Resource::new(representation), |resource, fault| {
                let until = 1 + dice.below(3) as usize;
                resource.fault(When::First(until), fault)
            });
            site = site.resource(format!("/{name}"), resource);
            format!("/{name}")
        };
        files.push(File { job: number % chaos.jobs, url, content, name });
    }
    (files, site)
}

fn faults(dice: &mut Dice, length: u64) -> Vec<Fault> {
    let some = dice.below(length.max(1));
    match dice.below(8) {
        0 => vec![Fault::CutAfter(some)],
        1 => vec![Fault::ResetAfter(some)],
        2 => vec![Fault::status(503)],
        3 => vec![Fault::CapRate(64 << 10)],
        4 => vec![Fault::IgnoreRange, Fault::CutAfter(some)],
        5 => vec![Fault::retry_after(429, "1")],
        _ => Vec::new(),
    }
}

/// Adds all jobs; returns their ids.
fn add_jobs(chaos: Chaos, prompt: &Prompt, files: &[File], origin: &Origin) -> BTreeSet<String> {
    let add = |job| {
        let lines = files.iter().filter(|file| file.job == job).map(|file| {
            let url = if file.url.starts_with('/') { origin.url(&file.url) } else { file.url.clone() };
            format!("{url}\n  out={}\n", file.name)
        });
        let list = prompt.path(&format!("list-{job}"));
        fs::write(&list, lines.collect::<String>()).expect("a list");
        let name = format!("job-{job}");
        let list = list.to_string_lossy().into_owned();
        prompt.said(&["add", "-i", &list, "-d", "files", "--display-name", &name]).trim().to_owned()
    };
    let known: BTreeSet<_> = (0..chaos.jobs).map(add).collect();
    assert_eq!(known.len() as u64, chaos.jobs, "each job has an id of its own");
    known
}

/// Makes one random call. It may fail, because its job is already complete or its run was killed.
fn disturb(prompt: &Prompt, dice: &mut Dice, known: &BTreeSet<String>) {
    let which = dice.below(known.len() as u64) as usize;
    let Some(job) = known.iter().nth(which) else { return };
    let level = ["foreground", "high", "normal", "low"][dice.below(4) as usize];
    match dice.below(8) {
        0 | 1 => drop(prompt.output(&["suspend", job])),
        2..5 => drop(prompt.output(&["resume", job])),
        5 | 6 => drop(prompt.output(&["priority", level, job])),
        _ => {
            let listed = prompt.output(&["list"]);
            let text = String::from_utf8_lossy(&listed.stdout).into_owned();
            let ids: Vec<_> = text.lines().filter_map(|line| line.split('\t').next()).collect();
            let different: BTreeSet<_> = ids.iter().collect();
            assert_eq!(ids.len(), different.len(), "a job is there twice");
            assert!(ids.iter().all(|id| known.contains(*id)), "a job that nobody made: {ids:?}");
        }
    }
}

fn kill(run: &mut Child) {
    run.kill().expect("a run can be killed");
    run.wait().expect("it ends");
}

fn memory_of(run: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Runs all jobs to their end.
fn settle(prompt: &Prompt, known: &BTreeSet<String>) {
    for id in known {
        drop(prompt.output(&["resume", id]));
    }
    prompt.said(&["run", "--quiet"]);
    assert_eq!(prompt.said(&["list"]), "", "jobs are left");
}

fn check(prompt: &Prompt, files: &[File]) {
    let folder = prompt.path("files");
    for file in files {
        let found = fs::read(folder.join(&file.name)).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        assert!(found == file.content.bytes(0..file.content.length()), "{} is wrong", file.name);
    }
    assert_eq!(fs::read_dir(folder).expect("the folder").count(), files.len(), "leftovers");
}
