//! Memory bounds: with each limit on callers' data filled, the next engine can open the ledger within the library's memory limit.

use haul_core::border::identity::AttemptId;
use haul_core::download::StartMode;
use haul_core::failure::Cause;
use haul_core::http::head::Head;
use haul_core::job::Setting;
use haul_core::parse::url::Url;
use haul_core::settings::property::Property;
use haul_core::settings::transfer_options::TransferOptions;

use super::*;

/// `Limits::memory` of the library.
const MEMORY: usize = 256 << 20;

/// Limit on the memory to read, rewrite and serve a full queue. The rest is for transfers: stacks, heads and buffers.
const MOST: usize = MEMORY * 3 / 4;

/// Fills an engine until it rejects more, and opens its ledger with another engine.
fn fill(what: &str, mut add: impl FnMut(&mut Office, usize) -> Result<(), Cause>) {
    let _alone = ALONE.lock();
    let before = held();
    let mut office = Office::new();
    let refused = (0..1_000_000).find_map(|number| {
        let refused = add(&mut office, number).err();
        office.engine.keep_job_change();
        office.drain_but_replace();
        refused.map(|cause| (number, cause))
    });
    let (number, cause) = refused.expect("a bound");
    let filled = held() - before;
    println!("{what}: {cause:?} after {number}, {} MiB", filled >> 20);
    assert!(filled < MOST, "{what} hold {filled} bytes");
    let path = std::env::temp_dir().join(format!("haul-bounds-{}-{number}", std::process::id()));
    office.write_to(&path);
    drop(office);
    let before = held();
    forget_peak();
    let mut engine = engine();
    assert_eq!(engine.restore(Instant::default(), read_from(&path)), Restored::All);
    while engine.poll_output().is_some() {}
    let mut length = 0;
    let count = |part: &[u8]| {
        length += part.len();
        Ok::<_, Infallible>(())
    };
    engine.write_ledger(count).unwrap();
    std::fs::remove_file(&path).unwrap();
    let most = peak() - before;
    println!("{what}: {} MiB of ledger, {} MiB of memory at most", length >> 20, most >> 20);
    assert!(most < MOST, "{what} take {most} bytes");
}

#[test]
fn downloads_of_few_words() {
    fill("small downloads", |office, number| {
        let caller = format!("caller {}", number / 9_999);
        let download = office.engine.create(format!("{number:036}"), caller)?;
        office.engine.set_property(office.now, download, Property::NonVolatile(true))
    });
}

#[test]
fn downloads_of_many_words() {
    fill("large downloads", |office, number| {
        let download = office.engine.create(format!("{number:036}"), format!("caller {}", number / 500))?;
        let headers = format!("A: {}\r\n", "a".repeat(4_000)).repeat(4);
        office.engine.set_property(office.now, download, Property::HttpCustomHeaders(headers))?;
        office.engine.set_property(office.now, download, Property::NonVolatile(true))
    });
}

#[test]
fn downloads_of_many_mirrors() {
    fill("downloads with mirrors", |office, number| {
        let download = office.engine.create(format!("{number:036}"), format!("caller {}", number / 1000))?;
        let mirrors = (0..63).map(|mirror| Url::parse(&format!("http://m{mirror}.example/")).unwrap()).collect();
        let options = TransferOptions { mirrors, ..TransferOptions::default() };
        office.engine.set_options(download, options)?;
        office.engine.set_property(office.now, download, Property::NonVolatile(true))
    });
}

#[test]
fn jobs_without_files() {
    fill("bare jobs", |office, number| {
        let owner = format!("owner {}", number / 19_999);
        office.engine.create_job(office.now, number as u128, owner, String::new()).map(drop)
    });
}

#[test]
fn jobs_of_many_words() {
    fill("jobs with descriptions", |office, number| {
        let owner = format!("owner {}", number / 5_000);
        let job = office.engine.create_job(office.now, number as u128, owner, "n".repeat(256))?;
        office.engine.set_job(office.now, job, Setting::Description("d".repeat(1024)))
    });
}

fn add_files(office: &mut Office, number: usize, file: impl Fn(usize) -> NewFile) -> Result<(), Cause> {
    let owner = format!("owner {}", number / 1000);
    let job = office.engine.create_job(office.now, number as u128, owner, String::new())?;
    let files = (0..100).map(|index| file(number * 100 + index)).collect();
    office.engine.add_files(office.now, job, files).map_err(|refused| refused.cause)
}

#[test]
fn jobs_of_short_names() {
    fill("files with short names", |office, number| {
        add_files(office, number, |file| NewFile {
            remote_name: Some("http://a/".into()),
            local_name: Some(format!("/{file:x}")),
            ..NewFile::default()
        })
    });
}

#[test]
fn jobs_of_long_names() {
    fill("files with long names", |office, number| {
        add_files(office, number, |file| NewFile {
            remote_name: Some(format!("http://a/{}", "u".repeat(2000))),
            local_name: Some(format!("/{}/{file:x}", "p".repeat(4000))),
            ..NewFile::default()
        })
    });
}

#[test]
fn jobs_of_files_with_options() {
    fill("files with options", |office, number| {
        add_files(office, number, |file| NewFile {
            remote_name: Some("http://a/".into()),
            local_name: Some(format!("/{file:x}")),
            id: Some(format!("{file:x}")),
            options: Some(Box::new(TransferOptions { overwrite: true, ..TransferOptions::default() })),
            ..NewFile::default()
        })
    });
}

impl Office {
    /// Discards the ledger changes.
    fn drain_but_replace(&mut self) {
        self.requests();
    }

    /// Responds to every request with a head of `bytes` bytes.
    fn answer_with_head_of(&mut self, bytes: usize) {
        for attempt in self.requests() {
            let fields = vec![("Content-Length".into(), "9000000".into()), ("X".into(), "x".repeat(bytes))];
            let head = Head { status: 200, fields };
            self.engine.handle(self.now, Input::Head { attempt, head });
        }
        self.requests();
    }

    fn requests(&mut self) -> Vec<AttemptId> {
        let mut requests = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Ledger(LedgerChange::Replace) => {
                    self.engine.write_ledger(|_| Ok::<_, Infallible>(())).unwrap();
                }
                Output::Request { attempt, .. } => requests.push(attempt),
                Output::Disk { download, id, operation } => {
                    let done = match operation {
                        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                        DiskOperation::Begin { .. } => DiskDone::Begun { now: None },
                        DiskOperation::Discard => DiskDone::Discarded,
                        DiskOperation::Sync => DiskDone::Synced { modified: None },
                        DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. } => {
                            DiskDone::JournalWritten
                        }
                        _ => DiskDone::Closed,
                    };
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                _ => {}
            }
        }
        requests
    }

    fn write_to(&mut self, path: &std::path::Path) {
        use std::io::Write;
        let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        self.engine.write_ledger(|part| file.write_all(part)).unwrap();
        file.flush().unwrap();
    }
}

fn read_from(path: &std::path::Path) -> Reader {
    use std::io::Read;
    let mut file = std::fs::File::open(path).unwrap();
    let mut reader = Reader::default();
    let mut part = vec![0; 256 << 10];
    loop {
        match file.read(&mut part).unwrap() {
            0 => return reader,
            count => reader.feed(&part[..count]),
        }
    }
}

/// Origins that send large heads to downloads that are not finalized.
#[test]
fn downloads_with_large_heads() {
    fill("downloads with large heads", |office, number| {
        let caller = format!("caller {}", number / 500);
        let download = office.engine.create(format!("{number:036}"), caller)?;
        let properties = [
            Property::Uri(format!("http://a/{number}")),
            Property::LocalPath(format!("/{number}")),
            Property::NonVolatile(true),
        ];
        for property in properties {
            office.engine.set_property(office.now, download, property)?;
        }
        office.engine.start(office.now, download, StartMode::WholeFile)?;
        office.answer_with_head_of(900 << 10);
        office.engine.pause(office.now, download)
    });
}
