//! The ledger's file over many engines: its size stays in proportion to the queue, and secrets leave it.

use std::convert::Infallible;
use std::time::Duration;

use haul_core::border::identity::{DownloadId, JobId};
use haul_core::border::input::{DiskDone, Input, Opened};
use haul_core::border::output::{DiskOperation, LedgerChange, Output};
use haul_core::border::time::Instant;
use haul_core::download::Abilities;
use haul_core::engine::{Engine, FileSetting, Restored, Settings};
use haul_core::job::{JobOptions, NewFile, Setting};
use haul_core::parse::url::Url;
use haul_core::settings::property::Property;
use haul_core::settings::proxy::{ProxySettings, ProxyUsage};
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::ledger::Reader;

const SECRET: &str = "s3cr3t-m4rk";

/// The file in the state directory.
#[derive(Default)]
struct Disk {
    ledger: Vec<u8>,
}

/// One engine that uses the file.
struct Run<'a> {
    engine: Engine,
    now: Instant,
    disk: &'a mut Disk,
}

impl Disk {
    fn open(&mut self) -> Run<'_> {
        let abilities = Abilities { keeps_downloads: true, exchange_fields: true, ..Abilities::default() };
        let now = Instant::from_nanos(1_000_000_000);
        let mut engine = Engine::new(Settings { abilities, ..Settings::default() }, 1, now);
        let reader = Reader::of(&self.ledger);
        self.ledger.truncate(reader.length() as usize);
        assert_eq!(engine.restore(now, reader), Restored::All);
        let mut run = Run { engine, now, disk: self };
        run.drain();
        run
    }

    fn holds_secret(&self) -> bool {
        self.ledger.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes())
    }
}

impl Run<'_> {
    fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Ledger(LedgerChange::Append { bytes, .. }) => self.disk.ledger.extend(bytes),
                Output::Ledger(LedgerChange::Replace) => {
                    self.disk.ledger.clear();
                    let write = |part: &[u8]| {
                        self.disk.ledger.extend_from_slice(part);
                        Ok::<_, Infallible>(())
                    };
                    self.engine.write_ledger(write).unwrap();
                }
                Output::Disk { download, id, operation } => {
                    let done = match operation {
                        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                        DiskOperation::Discard => DiskDone::Discarded,
                        _ => DiskDone::Closed,
                    };
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                _ => {}
            }
        }
    }

    fn job(&mut self, id: u128) -> JobId {
        let job = self.engine.create_job(self.now, id, "owner".into(), "a job".into()).unwrap();
        self.engine.keep_job_change();
        self.drain();
        job
    }

    fn add(&mut self, job: JobId, files: Vec<NewFile>) {
        self.engine.add_files(self.now, job, files).unwrap();
        self.engine.keep_job_change();
        self.drain();
    }

    fn set(&mut self, job: JobId, setting: Setting) {
        self.engine.set_job(self.now, job, setting).unwrap();
        self.drain();
    }

    fn cancel(&mut self, job: JobId) {
        self.engine.cancel_job(self.now, job).unwrap();
        while self.engine.sweep_job(self.now, job) {
            self.drain();
        }
        self.engine.forget_job(job);
        self.drain();
    }

    fn download(&mut self, id: &str, properties: Vec<Property>) -> DownloadId {
        let download = self.engine.create(id.into(), "owner".into()).unwrap();
        for property in properties.into_iter().chain([Property::NonVolatile(true)]) {
            self.engine.set_property(self.now, download, property).unwrap();
        }
        self.drain();
        download
    }

    fn abort(&mut self, download: DownloadId) {
        self.engine.abort(self.now, download).unwrap();
        self.engine.forget(download);
        self.drain();
    }

    fn close(mut self) {
        self.engine.close(self.now);
        self.drain();
    }
}

fn file(number: usize) -> NewFile {
    NewFile {
        remote_name: Some(format!("https://content.example/files/{number}")),
        local_name: Some(format!("/var/lib/content/{number}")),
        ..NewFile::default()
    }
}

fn headers(text: &str) -> Setting {
    Setting::Options(JobOptions { custom_headers: text.into(), ..JobOptions::default() })
}

/// A queue with a ledger of about `bytes` bytes.
fn filled(bytes: usize) -> Disk {
    let mut disk = Disk::default();
    let mut run = disk.open();
    if bytes > 0 {
        let job = run.job(1);
        run.add(job, (0..bytes / 70).map(file).collect());
    }
    run.close();
    disk
}

/// Short-lived commands add a job, and the next ones cancel it.
#[test]
fn a_queue_of_short_engines_stays_small() {
    let mut disk = Disk::default();
    let mut largest = 0;
    for round in 0..200_u128 {
        let mut run = disk.open();
        let job = run.job(round + 1);
        run.add(job, (0..50).map(file).collect());
        run.close();
        let mut run = disk.open();
        let job = run.engine.jobs_of("owner", false).unwrap()[0];
        run.cancel(job);
        run.close();
        largest = largest.max(disk.ledger.len());
    }
    assert!(largest < 64 << 10, "{largest} bytes");
}

#[test]
fn a_ledger_of_dead_records_is_written_anew_at_opening() {
    let mut disk = filled(1 << 20);
    let mut run = disk.open();
    let job = run.engine.jobs_of("owner", false).unwrap()[0];
    for number in 0..20_000 {
        run.set(job, Setting::Description(format!("{number}{}", "-".repeat(100))));
        let growth = run.disk.ledger.len();
        assert!(growth < 3 << 20, "{growth} bytes");
    }
    // The ledger is as a killed engine leaves it, and as an engine without the rule wrote it.
    let record = run.disk.ledger.clone();
    drop(run);
    let tail = {
        let mut other = filled(0);
        let mut run = other.open();
        let job = run.job(1);
        let before = run.disk.ledger.len();
        run.set(job, Setting::Description("dead".repeat(200)));
        run.disk.ledger[before..].to_vec()
    };
    disk.ledger = record;
    let alive = disk.ledger.len();
    while disk.ledger.len() < 3 * alive {
        disk.ledger.extend(&tail);
    }
    disk.open();
    assert!(disk.ledger.len() <= alive, "{} bytes of {alive}", disk.ledger.len());
}

#[test]
fn a_ledger_whose_largest_job_has_gone_is_small_when_its_engine_closes() {
    let mut disk = filled(1 << 20);
    let mut run = disk.open();
    let kept = run.job(2);
    run.add(kept, vec![file(1_000_000)]);
    let largest = run.engine.jobs_of("owner", false).unwrap().into_iter().find(|job| *job != kept).unwrap();
    run.cancel(largest);
    run.close();
    assert!(disk.ledger.len() < 1000, "{} bytes", disk.ledger.len());
    let run = disk.open();
    assert_eq!(run.engine.jobs_of("owner", false).unwrap(), [kept]);
}

#[test]
fn a_ledger_that_comes_in_parts_is_the_same() {
    let mut disk = filled(100_000);
    for part in [1, 11, 12, 13, 4096, 99_999] {
        let mut reader = Reader::default();
        disk.ledger.chunks(part).for_each(|bytes| reader.feed(bytes));
        assert_eq!(reader.length(), disk.ledger.len() as u64, "in parts of {part}");
    }
    // A torn tail is recognised in parts of any size, and damage before the end is reported.
    let whole = disk.ledger.clone();
    for (tail, damaged) in [(vec![0; 5000], false), (vec![7; 5000], true), ([vec![0; 5000], vec![1]].concat(), true)] {
        for part in [1, 1000, 1 << 20] {
            let mut reader = Reader::default();
            [whole.clone(), tail.clone()].concat().chunks(part).for_each(|bytes| reader.feed(bytes));
            assert_eq!(reader.length(), whole.len() as u64);
            let mut engine = Engine::new(Settings::default(), 1, Instant::default());
            let restored = engine.restore(Instant::default(), reader);
            let expected = if damaged { Restored::Damaged { sound: whole.len() as u64 } } else { Restored::All };
            assert_eq!(restored, expected, "in parts of {part}");
            assert_eq!(engine.jobs_of("owner", false).unwrap().len(), 1);
        }
    }
    disk.ledger = whole;
}

/// Every way for a secret to enter and to leave ledgers, the last of which is too large for an immediate rewrite.
#[test]
fn secrets_leave_the_ledger_with_their_jobs() {
    let proxy = ProxySettings::check(ProxyUsage::Override, Some(format!("http://me:{SECRET}@proxy:3128")), None);
    let proxy = Setting::Proxy(proxy.unwrap());
    let signed = || format!("https://content.example/file?signature={SECRET}");
    let header = || format!("Authorization: Bearer {SECRET}");
    for size in [0, 100 << 10, 2 << 20] {
        let mut disk = filled(size);
        let gone = |disk: &mut Disk, what: &str, act: &mut dyn FnMut(&mut Run<'_>)| {
            let mut run = disk.open();
            act(&mut run);
            run.close();
            assert!(!disk.holds_secret(), "{what}, beside {size} bytes");
        };
        gone(&mut disk, "headers of a cancelled job", &mut |run| {
            let job = run.job(7);
            run.set(job, headers(&header()));
            assert!(run.disk.holds_secret());
            run.cancel(job);
        });
        gone(&mut disk, "replaced headers", &mut |run| {
            let job = run.job(8);
            run.set(job, headers(&header()));
            run.set(job, headers("Accept: */*"));
        });
        gone(&mut disk, "a replaced proxy", &mut |run| {
            let job = run.job(9);
            run.set(job, proxy.clone());
            run.set(job, Setting::Proxy(ProxySettings::NoProxy));
        });
        gone(&mut disk, "headers of a job that got another owner", &mut |run| {
            let job = run.job(10);
            run.set(job, headers(&header()));
            run.engine.take_job(run.now, job, "").unwrap();
            run.drain();
        });
        gone(&mut disk, "a URL", &mut |run| {
            let job = run.job(11);
            run.add(job, vec![NewFile { remote_name: Some(signed()), ..file(1_000_001) }]);
            run.cancel(job);
        });
        gone(&mut disk, "a replaced mirror", &mut |run| {
            let job = run.job(12);
            run.add(job, vec![file(1_000_002)]);
            let mirrors = vec![Url::parse(&signed()).unwrap()];
            let options = TransferOptions { mirrors, ..TransferOptions::default() };
            run.engine.set_file(run.now, job, 0, FileSetting::Options(Box::new(options))).unwrap();
            run.engine.keep_job_change();
            run.drain();
            assert!(run.disk.holds_secret());
            run.engine.set_file(run.now, job, 0, FileSetting::Options(Box::default())).unwrap();
            run.drain();
        });
        for property in
            [Property::HttpCustomHeaders(header()), Property::HttpCustomAuthHeaders(header()), Property::Uri(signed())]
        {
            gone(&mut disk, "an aborted download", &mut |run| {
                let download = run.download("one", vec![property.clone()]);
                assert!(run.disk.holds_secret());
                run.abort(download);
            });
        }
        gone(&mut disk, "replaced headers of a download", &mut |run| {
            let download = run.download("other", vec![Property::HttpCustomHeaders(header())]);
            run.engine.set_property(run.now, download, Property::HttpCustomHeaders(String::new())).unwrap();
            run.drain();
        });
    }
}

#[test]
fn secrets_leave_a_large_ledger_within_a_minute_or_at_the_next_opening() {
    let mut disk = filled(2 << 20);
    let mut run = disk.open();
    let job = run.job(7);
    run.set(job, headers(&format!("Cookie: {SECRET}")));
    run.cancel(job);
    assert!(run.disk.holds_secret(), "the ledger is too large for a rewrite at once");
    let left = run.disk.ledger.clone();
    run.engine.handle(run.now, Input::Time);
    assert_eq!(run.engine.deadline(run.now), Some(run.now + Duration::from_secs(60)));
    run.now = run.now + Duration::from_secs(60);
    run.engine.handle(run.now, Input::Time);
    run.drain();
    assert!(!run.disk.holds_secret());
    drop(run);
    disk.ledger = left;
    disk.open();
    assert!(!disk.holds_secret());
}
