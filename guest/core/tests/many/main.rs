//! Lists of files: the number of exchanges with an origin finds its own level.

mod origin;

use std::collections::BTreeMap;
use std::time::Duration;

use haul_core::border::identity::{AttemptId, DownloadId, JobId};
use haul_core::border::input::{DiskDone, End, Input, Opened};
use haul_core::border::output::{DiskOperation, Output};
use haul_core::border::time::Instant;
use haul_core::download::{Abilities, StartMode, State};
use haul_core::engine::{Engine, Settings};
use haul_core::http::head::Head;
use haul_core::job::{JobState, NewFile};
use haul_core::settings::property::Property;
use haul_core::transfer::Step;

use origin::{Model, Origin, Received, fixed};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// An engine and the origin of all its files. The path of a URL is the number of the file.
struct Client {
    engine: Engine,
    origin: Origin,
    now: Instant,
    lengths: Vec<u64>,
    /// The file of each exchange.
    exchanges: BTreeMap<AttemptId, usize>,
    /// The files in the order of their requests.
    asked: Vec<usize>,
}

impl Client {
    fn new(model: Model, lengths: Vec<u64>) -> Self {
        let abilities = Abilities { keeps_downloads: true, ..Abilities::default() };
        let engine = Engine::new(Settings { abilities, ..Settings::default() }, 1, Instant::default());
        let (now, exchanges) = (Instant::default(), BTreeMap::new());
        Self { engine, origin: Origin::new(model), now, lengths, exchanges, asked: Vec::new() }
    }

    fn download(&mut self, file: usize) -> DownloadId {
        let download = self.engine.create(String::new(), String::new()).unwrap();
        let (url, path) = (format!("http://origin/{file}"), format!("file-{file}"));
        for property in [Property::Uri(url), Property::LocalPath(path)] {
            self.engine.set_property(self.now, download, property).unwrap();
        }
        self.engine.start(self.now, download, StartMode::WholeFile).unwrap();
        self.drain();
        download
    }

    /// A job with these files, which states the length of large ones.
    fn job(&mut self, id: u128, files: impl Iterator<Item = usize>) -> JobId {
        let job = self.engine.create_job(self.now, id, "owner".into(), "a job".into()).unwrap();
        let new = |file: usize| NewFile {
            remote_name: Some(format!("http://origin/{file}")),
            local_name: Some(format!("file-{file}")),
            size: Some(self.lengths[file]).filter(|length| *length > MIB),
            ..NewFile::default()
        };
        self.engine.add_files(self.now, job, files.map(new).collect()).unwrap();
        self.engine.resume_job(self.now, job).unwrap();
        self.engine.keep_job_change();
        self.drain();
        job
    }

    /// Lets everything happen up to `until`, or until nothing is left to happen.
    fn run(&mut self, until: Duration) {
        let until = Instant::default() + until;
        for _ in 0..10_000_000 {
            let event = self.origin.next().map(|at| Instant::from_nanos(at).max(self.now));
            let deadline = self.engine.deadline(self.now).filter(|_| self.engine.is_busy());
            let Some(next) = event.into_iter().chain(deadline).min().filter(|next| *next <= until) else { return };
            self.now = self.now.max(next);
            if event == Some(next) {
                if let Some((id, received)) = self.origin.step() {
                    self.receive(AttemptId(id), received);
                }
            } else {
                self.handle(Input::Time);
            }
        }
        panic!("no end in sight");
    }

    fn receive(&mut self, attempt: AttemptId, received: Received) {
        let Some(file) = self.exchanges.get(&attempt).copied() else { return };
        let field = |name: &str, value: String| (name.into(), value.into());
        match received {
            Received::Rejection => {
                self.handle(Input::Head { attempt, head: Head { status: 429, fields: Vec::new() } });
            }
            Received::Head => {
                let fields =
                    vec![field("content-length", self.lengths[file].to_string()), field("etag", format!("\"{file}\""))];
                self.handle(Input::Head { attempt, head: Head { status: 200, fields } });
            }
            Received::End => {
                while let Step::Write { limit, .. } = self.engine.step(self.now, attempt) {
                    self.handle(Input::Moved { attempt, bytes: limit });
                }
                self.handle(Input::Ended { attempt, end: End::Complete });
            }
        }
    }

    fn handle(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Disk { download, id, operation } => {
                    let done = match operation {
                        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                        DiskOperation::Begin { .. } => DiskDone::Begun { now: None },
                        DiskOperation::Sync => DiskDone::Synced { modified: None },
                        DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. } => {
                            DiskDone::JournalWritten
                        }
                        DiskOperation::Digest { .. } => DiskDone::Digested(vec![0; 4]),
                        DiskOperation::Checksums { ranges } => DiskDone::Checksums(vec![0; ranges.len()]),
                        DiskOperation::Discard => DiskDone::Discarded,
                        DiskOperation::Close => DiskDone::Closed,
                        other => panic!("{other:?}"),
                    };
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                Output::Request { attempt, request, .. } => {
                    let file: usize = request.path_and_query[1..].parse().expect("a number");
                    self.exchanges.insert(attempt, file);
                    self.asked.push(file);
                    self.origin.request(self.now.as_nanos(), attempt.0, self.lengths[file]);
                }
                Output::Cancel { attempt } => drop(self.exchanges.remove(&attempt)),
                _ => {}
            }
        }
    }

    fn progress(&self, job: JobId) -> u32 {
        self.engine.job(job).unwrap().progress().files_transferred
    }
}

const LONG: Duration = Duration::from_secs(3600);

/// Seconds in which a list is fetched by downloads.
fn list(model: Model, lengths: &[u64]) -> f64 {
    let mut client = Client::new(model, lengths.to_vec());
    let downloads: Vec<_> = (0..lengths.len()).map(|file| client.download(file)).collect();
    client.run(LONG);
    let state = |download: &DownloadId| client.engine.download(*download).unwrap().status().state;
    assert!(downloads.iter().all(|download| state(download) == State::Transferred));
    client.now.as_nanos() as f64 / 1e9
}

fn assert_near_the_best(model: Model, lengths: &[u64]) {
    let best = (1..=64).map(|at_once| fixed(model, lengths, at_once)).fold(f64::INFINITY, f64::min);
    let own = list(model, lengths);
    println!("{model:?}: {own:.3} s, the best fixed number {best:.3} s");
    assert!(own <= best * 1.05, "{own} s instead of {best} s with {model:?}");
}

#[test]
fn a_list_is_as_fast_as_with_the_best_fixed_number() {
    let millis = Duration::from_millis;
    let small = vec![4 * KIB; 4000];
    for latency in [20, 40, 100].map(millis) {
        assert_near_the_best(Model { latency, ..Model::default() }, &small);
        assert_near_the_best(Model { latency, bandwidth: 20 * MIB, ..Model::default() }, &vec![64 * KIB; 2000]);
        assert_near_the_best(Model { latency, servers: 12, service: millis(10), ..Model::default() }, &small);
        assert_near_the_best(Model { latency, servers: 40, service: millis(30), ..Model::default() }, &small);
    }
    assert_near_the_best(Model { latency: millis(1), bandwidth: 10 * MIB, ..Model::default() }, &small);
}

#[test]
fn an_origin_whose_answers_wait_for_each_other_is_asked_for_fewer() {
    let service = Duration::from_millis(10);
    let model = Model { latency: Duration::from_millis(1), servers: 1, service, ..Model::default() };
    let mut client = Client::new(model, vec![4 * KIB; 600]);
    let _downloads: Vec<_> = (0..600).map(|file| client.download(file)).collect();
    client.run(Duration::from_secs(5));
    assert!(client.exchanges.len() <= 20, "{}", client.exchanges.len());
}

#[test]
fn an_origin_that_objects_is_left_in_peace() {
    for (latency, most) in [(1, 8), (40, 8), (100, 8), (40, 1), (40, 30)] {
        let service = Duration::from_millis(5);
        let model = Model { latency: Duration::from_millis(latency), service, most, ..Model::default() };
        let mut client = Client::new(model, vec![64 * KIB; 3000]);
        let job = client.job(1, 0..3000);
        client.run(LONG);
        assert_eq!(client.engine.job(job).unwrap().state(), JobState::Transferred);
        let late = |times: &[u64]| times.iter().filter(|at| **at > 1_000_000_000).count();
        let (requests, rejections) = (late(&client.origin.requests), late(&client.origin.rejections));
        println!("{latency} ms, {most}: {rejections} of {requests}, {} in all", client.origin.rejections.len());
        assert!(rejections * 100 <= requests * 3, "{rejections} of {requests} with {latency} ms, {most}");
        let (own, best) = (client.now.as_nanos() as f64 / 1e9, fixed(model, &client.lengths, most.min(64)));
        assert!(own < best * 1.3, "{own} s instead of {best} s with {latency} ms, {most}");
    }
}

#[test]
fn downloads_of_a_list_survive_an_origin_that_objects() {
    let model = Model { most: 8, ..Model::default() };
    assert!(list(model, &vec![64 * KIB; 500]) < 5.0);
}

#[test]
fn large_files_are_fetched_a_few_at_a_time() {
    let model = Model { bandwidth: 100 * MIB, ..Model::default() };
    let mut client = Client::new(model, vec![40 * MIB; 100]);
    client.job(1, 0..100);
    client.run(Duration::from_secs(20));
    let begun = client.exchanges.values().collect::<std::collections::BTreeSet<_>>().len();
    assert!((2..=6).contains(&begun), "{begun}");
}

#[test]
fn a_large_file_of_known_length_does_not_begin_last() {
    let lengths: Vec<_> = (0..400).map(|file| if file < 398 { 16 * KIB } else { 32 * MIB }).collect();
    let mut client = Client::new(Model { bandwidth: 20 * MIB, ..Model::default() }, lengths);
    client.job(1, 0..400);
    client.run(LONG);
    let begun = |file| client.asked.iter().position(|asked| *asked == file).unwrap();
    assert!(begun(398) < 16, "{}", begun(398));
    let seconds = client.now.as_nanos() as f64 / 1e9;
    assert!(seconds < 4.2, "{seconds}");
}

#[test]
fn a_job_that_comes_later_does_not_wait_for_an_earlier_one() {
    let mut client = Client::new(Model::default(), vec![64 * KIB; 3000]);
    let first = client.job(1, 0..2900);
    client.run(Duration::from_millis(500));
    let second = client.job(2, 2900..3000);
    client.run(Duration::from_millis(800));
    assert!(client.progress(first) < 2000 && client.progress(second) == 100, "{}", client.progress(second));
}

#[test]
fn a_job_of_large_files_does_not_keep_another_from_its_origin() {
    let lengths = (0..120).map(|file| if file < 100 { 40 * MIB } else { 16 * KIB }).collect();
    let mut client = Client::new(Model { bandwidth: 50 * MIB, ..Model::default() }, lengths);
    client.job(1, 0..100);
    client.run(Duration::from_secs(5));
    let small = client.job(2, 100..120);
    client.run(Duration::from_secs(120));
    assert_eq!(client.progress(small), 20);
}
