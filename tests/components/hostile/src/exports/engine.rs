//! The engine interface: driving, and events and reports that the order falsifies.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{download, driver, failure, trapping};
use crate::Hostile;
use crate::bindings::exports::haul::delivery_optimization::engine::{
    Checksum, ContentRequest, DecryptionInfo, DescribedFile, DigestAhead, DigestAlgorithm, DigestRequest,
    DownloadBorrow, Event, Explanation, Failure, FileBorrow, FileDescription, Guest, Happening, IntegrityCheckInfo,
    JobBorrow, JobDescription, JobOptions, NewFile, PauseReason, PieceHashFile, Pollable, Progress, Report, Retry,
    Settings, Subject, TransferOptions,
};
use crate::order;

fn about(id: &str, what: Happening) -> Event {
    Event { subject: Subject::Download(id.into()), what }
}

fn digest(number: u64, path: &str) -> Event {
    let checksum = Checksum::Digest(DigestAlgorithm::Sha256);
    about("id", Happening::DigestWanted(DigestRequest { number, path: path.into(), checksum, range: None }))
}

/// The events that the order calls for; most orders call for none.
fn events() -> Vec<Event> {
    let with = order::with();
    let events = if order::is("unknown-ids") {
        let unknown = |number| about(&format!("unknown-{number}"), Happening::StatusChanged);
        let jobs = (0..1000).map(|number| Event {
            subject: Subject::File((format!("job-{number}"), u32::MAX)),
            what: Happening::JobTransferred,
        });
        (0..1000).map(unknown).chain(jobs).collect()
    } else if order::is("huge-event") {
        let retry = Retry { cause: failure(10_000_000), after: u64::MAX };
        alloc::vec![about("id", Happening::Retrying(retry))]
    } else if order::is("many-events") {
        (0..10_000).map(|_| about("id", Happening::RangeDropped((u64::MAX, u64::MAX)))).collect()
    } else if order::is("storm") {
        (0..100).map(|_| about("1", Happening::StatusChanged)).collect()
    } else if order::is("digests") {
        (0..100).map(|number| digest(number, &with)).collect()
    } else if order::is("digest") {
        with.split(' ').zip(0..).map(|(path, number)| digest(number, path)).collect()
    } else if order::is("digest-ahead") {
        let algorithms = alloc::vec![DigestAlgorithm::Sha256];
        let ahead = DigestAhead { path: with.clone(), algorithms, length: u64::MAX };
        alloc::vec![about("id", Happening::DigestAhead(ahead)), digest(0, &with)]
    } else if order::is("contents") {
        let request = |number| Happening::ContentWanted(ContentRequest { number, content_id: "content".into() });
        (0..100).map(|number| about("id", request(number))).collect()
    } else {
        Vec::new()
    };
    if !order::is("storm") && !order::is("digests") && !order::is("contents") && !events.is_empty() {
        order::take("");
    }
    events
}

impl Guest for Hostile {
    fn open(settings: Settings) -> Result<(), Failure> {
        let state = settings.state_directory.unwrap_or_default();
        order::take(state.rsplit('/').next().unwrap_or_default());
        order::reached("open");
        if order::is("refuse") { Err(failure(100)) } else { Ok(()) }
    }

    fn drive(wake: Option<&Pollable>, _limit: Option<u64>) -> Result<Progress, Failure> {
        order::reached("drive");
        let events = events();
        if order::is("fail") {
            return Err(failure(100));
        }
        if events.is_empty() && !order::is("idle") {
            wake.expect("the host can wake it").block();
        }
        Ok(Progress { events, reason: PauseReason::Events })
    }

    fn close() {
        order::reached("close");
    }

    fn suggest_file_name(url: String) -> String {
        match url.as_str() {
            "answers now" => driver::answers(),
            "digests now" => driver::digests(),
            "downloads now" => download::make_without_end(),
            order => order::take(order),
        }
    }

    fn explain(_code: u32) -> Option<Explanation> {
        None
    }

    fn list_explanations() -> Vec<Explanation> {
        order::reached("list_explanations");
        let text = || "meaning".repeat(1000);
        (0..1000).map(|code| Explanation { code, name: text(), meaning: text(), advice: Some(text()) }).collect()
    }

    trapping! {
        fn set_transfer_options(download: DownloadBorrow<'_>, options: TransferOptions) -> Result<(), Failure>;
        fn forget(download: DownloadBorrow<'_>) -> Result<(), Failure>;
        fn read_integrity_check_info(text: String) -> Result<IntegrityCheckInfo, Failure>;
        fn read_decryption_info(text: String) -> Result<DecryptionInfo, Failure>;
        fn read_metalink(document: Vec<u8>) -> Result<Vec<DescribedFile>, Failure>;
        fn read_piece_hash_file(document: Vec<u8>) -> Result<PieceHashFile, Failure>;
        fn get_report(download: DownloadBorrow<'_>) -> Report;
        fn set_job_options(job: JobBorrow<'_>, options: JobOptions) -> Result<(), Failure>;
        fn get_job_options(job: JobBorrow<'_>) -> Result<JobOptions, Failure>;
        fn set_file_options(file: FileBorrow<'_>, options: TransferOptions) -> Result<(), Failure>;
        fn describe_job(job: JobBorrow<'_>) -> Result<JobDescription, Failure>;
        fn describe_files(job: JobBorrow<'_>, from: u32, count: u32) -> Result<Vec<FileDescription>, Failure>;
        fn add_files(job: JobBorrow<'_>, files: Vec<NewFile>) -> Result<(), Failure>;
    }
}
