//! For any bytes, restoring a ledger never panics. The restored state, appended to or rewritten, is restored as the same. Each input is
//! read once as it is and once with corrected checksums.

#![no_main]

use haul_core::border::identity::{DownloadId, JobId};
use haul_core::border::output::{LedgerChange, Output, Subject};
use haul_core::border::time::Instant;
use haul_core::download::Abilities;
use haul_core::engine::{Engine, Restored, Settings};
use haul_core::failure::Cause;
use haul_core::job::NewFile;
use haul_core::settings::property::{Property, PropertyId};
use haul_core::store::ledger::Reader;
use haul_core_fuzz::frames;
use libfuzzer_sys::fuzz_target;

const NOW: Instant = Instant::from_nanos(1_000_000_000);

fuzz_target!(|bytes: &[u8]| {
    take_up(bytes);
    take_up(&frames::mended(b"haul ledger 3\n", bytes));
});

fn restored(bytes: &[u8]) -> (Engine, Restored) {
    let abilities = Abilities { exchange_fields: true, resolves_content: true, keeps_downloads: true };
    let mut engine = Engine::new(Settings { abilities, ..Settings::default() }, 7, NOW);
    let restored = engine.restore(NOW, reader(bytes));
    (engine, restored)
}

/// A reader gives the same result for small parts as for all bytes at once.
fn reader(bytes: &[u8]) -> Reader {
    let mut reader = Reader::default();
    bytes.chunks(7).for_each(|part| reader.feed(part));
    assert_eq!(reader.length(), Reader::of(bytes).length());
    reader
}

/// Restores a ledger, or the sound part of it.
fn take_up(bytes: &[u8]) {
    match restored(bytes) {
        (engine, Restored::All) => check(engine, bytes),
        (mut engine, Restored::Damaged { sound }) => {
            assert!(sound <= bytes.len() as u64, "more than there is");
            let ledger = frames::ledger_of(&mut engine);
            let (engine, restored) = restored(&ledger);
            assert_eq!(restored, Restored::All, "the written ledger is sound");
            check(engine, &ledger);
        }
    }
}

/// The ledger with appended records, and a rewritten ledger, describe the same state as the engine.
fn check(mut engine: Engine, bytes: &[u8]) {
    let mut file_of_ledger = bytes[..Reader::of(bytes).length() as usize].to_vec();
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);

    engine.create("one that is new".into(), "somebody".into()).expect("one more download");
    let all = downloads(&engine);
    let last = *all.last().expect("the one that was created");
    engine.set_property(NOW, last, Property::NonVolatile(true)).expect("there is a state directory");
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);

    engine.distrust_ledger();
    engine.set_property(NOW, last, Property::ForegroundPriority(true)).expect("a new download");
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);

    let job = engine.create_job(NOW, 7, String::new(), "a new job".into()).expect("one more job");
    let file = |name: &str| NewFile {
        remote_name: Some(format!("http://new.example/{name}")),
        local_name: Some(format!("/nowhere/that/is/taken/{name}")),
        ..NewFile::default()
    };
    engine.add_files(NOW, job, vec![file("one"), file("other")]).expect("two new files");
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);
    engine.resume_job(NOW, job).expect("a job with files");
    engine.set_remote_name(NOW, job, 1, "http://another.example/").expect("a sound URL");
    engine.suspend_job(NOW, job).expect("a job that is not over");
    engine.resume_job(NOW, job).expect("a job with files");
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);

    for download in all {
        let _ = engine.abort(NOW, download);
        engine.forget(download);
    }
    for job in jobs(&engine) {
        engine.cancel_job(NOW, job).expect("a job that is not over");
        while engine.sweep_job(NOW, job) {}
        engine.forget_job(job);
    }
    write(&mut engine, &mut file_of_ledger);
    compare(&engine, &file_of_ledger);
    assert!(jobs(&engine).is_empty());
}

fn write(engine: &mut Engine, file: &mut Vec<u8>) {
    while let Some(output) = engine.poll_output() {
        match output {
            Output::Ledger(LedgerChange::Replace) => *file = frames::ledger_of(engine),
            Output::Ledger(LedgerChange::Append { bytes, .. }) => file.extend(bytes),
            _ => {}
        }
    }
}

/// Another engine restores the same downloads.
fn compare(engine: &Engine, file: &[u8]) {
    let (other, restored) = restored(file);
    assert_eq!(restored, Restored::All, "what is written can be read");
    assert_eq!(facts(engine), facts(&other));
}

/// The properties of downloads and the jobs that outlive the engine. A ledger written by an engine contains no others.
fn facts(engine: &Engine) -> (Vec<Vec<Result<Property, Cause>>>, Vec<String>) {
    let of = |download: DownloadId| {
        let download = engine.download(download).expect("a known download");
        PropertyId::ALL.iter().map(|id| download.property(*id)).collect()
    };
    let outlives = |facts: &Vec<_>| facts.contains(&Ok(Property::NonVolatile(true)));
    let downloads = downloads(engine).into_iter().map(of).filter(outlives).collect();
    (downloads, jobs(engine).into_iter().map(|job| facts_of_job(engine, job)).collect())
}

fn facts_of_job(engine: &Engine, id: JobId) -> String {
    let job = engine.job(id).expect("a known job");
    let settings = (job.display_name(), job.description(), job.priority(), job.notify_flags(), job.cost_flags());
    let patience = (job.minimum_retry_delay(), job.no_progress_timeout(), job.notification_class());
    let file = |file| (job.file_id(file), job.remote_name(file), job.local_name(file), job.file_ranges(file));
    let files: Vec<_> = (0..job.files_total()).map(file).collect();
    format!("{id:?} {} {} {settings:?} {patience:?} {files:?}", job.id(), job.owner())
}

/// Open downloads of all callers.
fn downloads(engine: &Engine) -> Vec<DownloadId> {
    let all = (1..=engine.last_download()).map(DownloadId);
    let is_callers = |id: &DownloadId| matches!(engine.subject(*id), Subject::Download(_));
    let is_open = |id: &DownloadId| engine.download(*id).is_some_and(|download| !download.is_over());
    all.filter(|id| is_open(id) && is_callers(id)).collect()
}

fn jobs(engine: &Engine) -> Vec<JobId> {
    engine.jobs_of("", true).expect("those of all for the host")
}
