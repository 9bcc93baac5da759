//! Persistence across engines, and rollback of changes that could not be stored.

use haul_core::engine::{Completion, FileSetting};
use haul_core::failure::{Cause, DiskCause};
use haul_core::job::{JobState, NewFile, Priority, Setting};
use haul_core::layout::RequestedRange;

use crate::scene::origin::{Fault, Served};
use crate::scene::{Scene, file, seconds};

/// A file with a valid encrypted length.
const ENCRYPTED: Served = Served { version: 1, length: 992 };

#[test]
fn settings_and_files_outlive_the_engine() {
    let mut scene = Scene::default();
    let job = scene.create();
    for setting in [
        Setting::DisplayName("name".into()),
        Setting::Description("text".into()),
        Setting::Priority(Priority::High),
        Setting::MinimumRetryDelay(7),
        Setting::NoProgressTimeout(70),
        Setting::NotificationClass(5),
    ] {
        scene.set(job, setting).unwrap();
    }
    let parts = NewFile {
        id: Some("parts".into()),
        ranges: vec![
            RequestedRange::Bounded { offset: 500, length: 100 },
            RequestedRange::Bounded { offset: 0, length: 10 },
        ],
        ..file("o/parts")
    };
    scene.add_files(job, vec![file("o/a"), parts]).unwrap();
    let id = scene.seen(job).id();
    scene.restart();
    let seen = scene.seen(job);
    assert_eq!((seen.id(), seen.owner(), seen.display_name(), seen.description()), (id, "owner", "name", "text"));
    assert_eq!((seen.priority(), seen.minimum_retry_delay(), seen.no_progress_timeout()), (Priority::High, 7, 70));
    assert_eq!((seen.file_id(1), seen.file_ranges(1).len(), seen.local_name(0)), ("parts", 2, Some("o/a")));
    assert_eq!(scene.engine.find_job("owner", id), Ok(job));
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.progress(job), scene.complete(job)), ((Some(1110), 1110, 2), Ok(Completion::Complete)));
    assert!(scene.place("o/parts").target.unwrap().is(1, &[(500, 100), (0, 10)]));
}

#[test]
fn jobs_go_on_by_themselves() {
    let mut scene = Scene::of_places(2);
    scene.origins.rate = Some(100);
    scene.origins.files.insert("o/a".into(), Served { version: 1, length: 3000 });
    let job = scene.running(&["o/a", "o/b", "o/c"]);
    let idle = scene.job(&["o/d"]);
    scene.pass(seconds(20));
    scene.restart();
    assert_eq!((scene.state(job), scene.state(idle)), (JobState::Transferring, JobState::Suspended));
    scene.pass(seconds(30));
    assert_eq!(scene.state(job), JobState::Transferred);
    let received: u64 = (0..3).map(|file| scene.seen(job).file_stats(file).unwrap().received).sum();
    assert!(received <= 5000 + 1000, "{received}");
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(["o/a", "o/b", "o/c"].iter().all(|path| scene.has(path)));
}

#[test]
fn what_is_transferred_needs_no_request_to_be_completed() {
    for kept in [0, 500, 1000] {
        let mut scene = Scene::default();
        let job = scene.running(&["o/a", "o/b", "o/c"]);
        scene.pass(seconds(1));
        scene.lose_power(kept);
        let asked = scene.requests.len();
        scene.pass(seconds(1));
        assert_eq!(scene.state(job), JobState::Transferred, "{kept}");
        assert_eq!((scene.complete(job), scene.requests.len()), (Ok(Completion::Complete), asked), "{kept}");
        assert!(["o/a", "o/b", "o/c"].iter().all(|path| scene.has(path)));
    }
}

#[test]
fn what_has_rotted_since_another_engine_verified_it_gets_no_name() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
    scene.restart();
    scene.disk.rot("o/b");
    assert_eq!(scene.complete(job), Err(Cause::PartialGone));
    assert_eq!((scene.has("o/a"), scene.has("o/b")), (true, false));
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.complete(job)), (JobState::Transferred, Ok(Completion::Complete)));
    assert!(scene.has("o/b"));
}

#[test]
fn failures_outlive_the_engine() {
    let mut scene = Scene::default();
    scene.origins.faults.insert("o/b".into(), Fault::Status(404));
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(1));
    let failure = scene.failure(job);
    let times = scene.seen(job).times();
    scene.restart();
    assert_eq!((scene.state(job), scene.failure(job)), (JobState::Error, failure));
    assert_eq!((scene.seen(job).error_count(), scene.seen(job).times().creation), (1, times.creation));
    scene.origins.faults.clear();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn a_new_remote_name_is_durable_once_the_job_is_resumed() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a", "o/b"]);
    scene.add_files(job, vec![NewFile { local_name: Some("o/c".into()), ..file("o/a") }]).unwrap();
    [0, 2].into_iter().for_each(|file| scene.rename(job, file, "p/a").unwrap());
    scene.restart();
    assert_eq!(scene.seen(job).remote_name(0), Some("http://o/a"));
    [0, 2].into_iter().for_each(|file| scene.rename(job, file, "p/a").unwrap());
    scene.resume(job).unwrap();
    scene.restart();
    let seen = scene.seen(job);
    assert_eq!(seen.files_total(), 3);
    assert_eq!(
        [0, 1, 2].map(|file| seen.remote_name(file)),
        [Some("http://p/a"), Some("http://o/b"), Some("http://p/a")]
    );
    assert_eq!(seen.file_id(2), "http://o/a");
}

#[test]
fn another_url_for_the_same_content_goes_on_with_what_has_come() {
    let mut scene = Scene::default();
    scene.origins.rate = Some(100);
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(5));
    scene.rename(job, 0, "p/a").unwrap();
    scene.pass(seconds(6));
    assert_eq!((scene.state(job), scene.asked().contains("p/a")), (JobState::Transferred, true));
    assert_eq!(scene.seen(job).file_stats(0).unwrap().received, 1000);
    scene.rename(job, 0, "q/a").unwrap();
    assert_eq!((scene.state(job), scene.seen(job).remote_name(0)), (JobState::Transferred, Some("http://p/a")));
}

#[test]
fn an_engine_that_dies_while_it_completes_leaves_a_job_that_can_be_completed() {
    for named in 0..=3 {
        for kept in [0, 1000] {
            let mut scene = Scene::default();
            let job = scene.running(&["o/a", "o/b", "o/c"]);
            scene.pass(seconds(1));
            scene.engine.begin_completion(scene.now, job).unwrap();
            scene.drain();
            for _ in 0..named {
                assert_eq!(scene.engine.publish_next(scene.now, job), Ok(true));
                scene.drain();
            }
            scene.lose_power(kept);
            assert_eq!(scene.state(job), JobState::Transferred, "{named}, {kept}");
            let asked = scene.requests.len();
            assert_eq!(scene.complete(job), Ok(Completion::Complete), "{named}, {kept}");
            assert!(["o/a", "o/b", "o/c"].iter().all(|path| scene.has(path)));
            assert_eq!((scene.requests.len(), scene.leftovers()), (asked, vec![]));
        }
    }
}

#[test]
fn what_a_killed_engine_did_not_remove_is_removed_by_the_next_one() {
    let paths: Vec<String> = (0..200).map(|number| format!("o/{number}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for completes in [false, true] {
        let mut scene = Scene::of_places(3);
        let job = scene.job(&paths);
        let cut = paths.iter().take(150).map(|path| (String::from(*path), Fault::CutAfter(10)));
        scene.origins.faults = cut.collect();
        scene.resume(job).unwrap();
        scene.pass(seconds(0));
        assert!(scene.leftovers().len() > 150);
        match completes {
            true => {
                scene.engine.begin_completion(scene.now, job).unwrap();
                scene.drain();
                while scene.engine.publish_next(scene.now, job).unwrap() {
                    scene.drain();
                }
                scene.engine.finish_completion(scene.now, job);
            }
            false => scene.engine.cancel_job(scene.now, job).unwrap(),
        }
        scene.drain();
        assert!(scene.engine.sweep_job(scene.now, job));
        scene.drain();
        scene.lose_power(0);
        let another = scene.create();
        assert_eq!(scene.add(another, &["o/100"]), Err(Cause::LocalNameTaken));
        scene.pass(seconds(1));
        assert_eq!(scene.leftovers(), Vec::<&str>::new());
        scene.add(another, &["o/100"]).unwrap();
        scene.cancel(another).unwrap();
        [job, another].into_iter().for_each(|job| scene.engine.forget_job(job));
        scene.require_empty();
        scene.restart();
        assert_eq!(scene.engine.jobs_of("", true), Ok(vec![]));
        assert!(scene.engine.job(job).is_none());
    }
}

#[test]
fn what_the_ledger_cannot_keep_is_taken_back() {
    let full = Err(Cause::Disk(DiskCause::NoSpace));
    let mut scene = Scene::default();
    scene.origins.rate = Some(100);
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(2));
    scene.disk.ledger_is_full = true;
    assert_eq!(scene.set(job, Setting::Description("text".into())), full);
    assert_eq!(scene.add(job, &["o/b", "o/c"]), full);
    assert_eq!((scene.seen(job).description(), scene.seen(job).files_total()), ("", 1));
    assert_eq!(scene.exchanges.len(), 1);
    scene.disk.ledger_is_full = false;
    scene.drain();
    scene.add(job, &["o/c", "o/b"]).unwrap();
    scene.pass(seconds(20));
    assert_eq!((scene.state(job), scene.progress(job).2), (JobState::Transferred, 3));
    scene.disk.ledger_is_full = true;
    assert_eq!((scene.add(job, &["o/d"]), scene.state(job)), (full, JobState::Transferred));
    let made = scene.engine.create_job(scene.now, 77, "owner".into(), "another".into());
    scene.drain();
    scene.engine.take_back_job_change(scene.now);
    scene.drain();
    assert_eq!((made.is_ok(), scene.engine.find_job("owner", 77)), (true, Err(Cause::JobNotFound)));
    scene.disk.ledger_is_full = false;
    scene.drain();
    scene.restart();
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(["o/a", "o/b", "o/c"].iter().all(|path| scene.has(path)));
    assert_eq!(scene.engine.find_job("owner", 77), Err(Cause::JobNotFound));
}

#[test]
fn a_path_that_the_ledger_cannot_keep_is_taken_back() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a"]);
    let pathless = NewFile { local_name: None, ..file("o/b") };
    scene.add_files(job, vec![pathless]).unwrap();
    scene.disk.ledger_is_full = true;
    let path = || FileSetting::LocalName("o/b".into());
    scene.engine.set_file(scene.now, job, 1, path()).unwrap();
    scene.drain();
    scene.engine.take_back_job_change(scene.now);
    scene.drain();
    assert_eq!((scene.seen(job).local_name(1), scene.asked().contains("o/b")), (None, true));
    scene.disk.ledger_is_full = false;
    scene.drain();
    scene.pass(seconds(5));
    assert_eq!(scene.progress(job).2, 1);
    scene.engine.set_file(scene.now, job, 1, path()).unwrap();
    scene.engine.keep_job_change();
    scene.drain();
    scene.pass(seconds(5));
    assert_eq!((scene.state(job), scene.complete(job)), (JobState::Transferred, Ok(Completion::Complete)));
    assert!(scene.has("o/b"));
}

#[test]
fn an_engine_that_is_closed_keeps_what_has_come() {
    let mut scene = Scene::of_places(1);
    scene.origins.rate = Some(100);
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(5));
    scene.engine.close(scene.now);
    scene.drain();
    assert_eq!(scene.exchanges.len(), 0);
    scene.restart();
    scene.pass(seconds(30));
    assert_eq!(scene.state(job), JobState::Transferred);
    let received: u64 = (0..2).map(|file| scene.seen(job).file_stats(file).unwrap().received).sum();
    assert_eq!(received, 2000);
}

#[test]
fn what_an_encrypted_file_has_come_to_is_fetched_again() {
    let mut scene = Scene::default();
    scene.origins.files.insert("o/a".into(), ENCRYPTED);
    let job = scene.job(&["o/a", "o/b"]);
    let info = haul_core::parse::decryption_info::DecryptionInfo::new(vec![7; 16], 16).unwrap();
    scene.engine.set_file(scene.now, job, 0, FileSetting::DecryptionInfo(info)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
    scene.restart();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.complete(job)), (JobState::Transferred, Ok(Completion::Complete)));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

/// Every length at which a write to the ledger may be cut: at the ends of records and within them.
fn cuts(before: &[u8], after: &[u8]) -> Vec<usize> {
    assert!(after.starts_with(before));
    (before.len()..after.len()).step_by(97).chain([after.len()]).collect()
}

/// More files than one record holds.
fn many(first: u32) -> Vec<NewFile> {
    (first..first + 2500).map(|number| file(&format!("o/{number}"))).collect()
}

#[test]
fn files_are_added_all_or_none_however_the_process_dies() {
    let mut scene = Scene::of_places(0);
    let job = scene.running(&["o/a"]);
    let before = scene.disk.ledger.clone();
    scene.add_files(job, many(0)).unwrap();
    let after = scene.disk.ledger.clone();
    for cut in cuts(&before, &after) {
        scene.disk.ledger = after[..cut].to_vec();
        scene.restart();
        let found = scene.seen(job).files_total();
        assert_eq!(scene.state(job), JobState::Queued, "{cut}");
        assert!(found == 2501 || (found == 1 && cut < after.len()), "{found} files at {cut} of {}", after.len());
        // The next addition is not affected by the incomplete one.
        scene.add(job, &["o/b"]).unwrap();
        scene.restart();
        assert_eq!(scene.seen(job).files_total(), found + 1, "{cut}");
    }
}

#[test]
fn a_draft_is_kept_as_a_whole_or_not_at_all() {
    let mut scene = Scene::of_places(0);
    scene.create();
    let before = scene.disk.ledger.clone();
    let draft = scene.engine.draft_job(scene.now, 77, "owner".into(), "draft".into()).unwrap();
    scene.set(draft, Setting::Priority(Priority::High)).unwrap();
    scene.add_files(draft, many(0)).unwrap();
    scene.resume(draft).unwrap();
    assert_eq!(scene.disk.ledger, before);
    scene.keep_draft(draft).unwrap();
    let after = scene.disk.ledger.clone();
    for cut in cuts(&before, &after) {
        scene.disk.ledger = after[..cut].to_vec();
        scene.restart();
        let found = scene.engine.find_job("owner", 77);
        assert!(found.is_ok() || (found == Err(Cause::JobNotFound) && cut < after.len()), "{cut}");
        if let Ok(found) = found {
            let job = scene.seen(found);
            assert_eq!((job.state(), job.files_total(), job.priority()), (JobState::Queued, 2500, Priority::High));
        }
        // Another job may get its number.
        let another = scene.create();
        scene.restart();
        assert_eq!(scene.seen(another).files_total(), 0, "{cut}");
    }
}

#[test]
fn nobody_hears_of_a_draft() {
    let mut scene = Scene::default();
    scene.told.clear();
    let draft = scene.engine.draft_job(scene.now, 77, "owner".into(), "draft".into()).unwrap();
    scene.add(draft, &["o/a"]).unwrap();
    scene.resume(draft).unwrap();
    scene.pass(seconds(5));
    assert_eq!(scene.engine.find_job("owner", 77), Err(Cause::JobNotFound));
    assert_eq!(scene.engine.jobs_of("owner", false), Ok(vec![]));
    assert_eq!((scene.told.len(), scene.requests.len()), (0, 0));
    let mut dropped = scene.engine.draft_job(scene.now, 78, "owner".into(), "dropped".into()).unwrap();
    assert_eq!(scene.add(dropped, &["o/a"]), Err(Cause::LocalNameTaken));
    scene.add(dropped, &["o/b"]).unwrap();
    scene.engine.forget_job(dropped);
    assert!(scene.engine.job(dropped).is_none());

    scene.disk.ledger_is_full = true;
    assert_eq!(scene.keep_draft(draft), Err(Cause::Disk(DiskCause::NoSpace)));
    assert_eq!(scene.engine.find_job("owner", 77), Err(Cause::JobNotFound));
    scene.disk.ledger_is_full = false;
    scene.keep_draft(draft).unwrap();
    scene.pass(seconds(5));
    assert_eq!((scene.engine.find_job("owner", 77), scene.state(draft)), (Ok(draft), JobState::Transferred));
    dropped = scene.job(&["o/b"]);
    assert_eq!(scene.keep_draft(dropped), Ok(()));
}
