//! Completion and cancellation of jobs.

use haul_core::border::identity::JobId;
use haul_core::engine::{Completion, FileSetting};
use haul_core::failure::{Cause, DiskCause};
use haul_core::job::{FileState, JobState};
use haul_core::settings::transfer_options::TransferOptions;

use crate::file::File;
use crate::scene::origin::{Fault, LENGTH, Served};
use crate::scene::{Scene, seconds};

/// The engine keeps no job in memory except those that a caller still holds.
fn require_nothing_left(scene: &mut Scene, jobs: &[JobId]) {
    jobs.iter().for_each(|job| scene.engine.forget_job(*job));
    scene.require_empty();
}

#[test]
fn files_have_their_names_once_the_job_is_completed() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(1));
    assert!(!scene.has("o/a"));
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(scene.has("o/a") && scene.has("o/b") && scene.leftovers().is_empty());
    require_nothing_left(&mut scene, &[job]);
}

#[test]
fn what_is_not_here_is_dropped() {
    let mut scene = Scene::of_places(2);
    scene.origins.rate = Some(100);
    scene.origins.files.insert("o/c".into(), Served { version: 1, length: 100_000 });
    let job = scene.running(&["o/a", "o/b", "o/c", "o/d", "o/e"]);
    scene.pass(seconds(15));
    assert_eq!((scene.progress(job).2, scene.leftovers().len()), (2, 4));
    assert_eq!(scene.complete(job), Ok(Completion::Partial));
    assert!(scene.has("o/a") && scene.has("o/b") && scene.leftovers().is_empty());
    let files: Vec<_> = (0..5).map(|file| scene.seen(job).file_progress(file).unwrap().completed).collect();
    assert_eq!(files, [true, true, false, false, false]);
    assert_eq!(scene.seen(job).file_state(4), Some((FileState::Over, None)));
    require_nothing_left(&mut scene, &[job]);
}

#[test]
fn a_file_that_cannot_have_its_name_leaves_the_job_as_it_was() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a", "o/b", "o/c"]);
    scene.pass(seconds(1));
    scene.disk.refused.insert("o/b".into());
    let failed = Err(Cause::Disk(DiskCause::Denied));
    assert_eq!((scene.complete(job), scene.state(job)), (failed, JobState::Transferred));
    let completed = |scene: &Scene| [0, 1, 2].map(|file| scene.seen(job).file_progress(file).unwrap().completed);
    assert_eq!(completed(&scene), [true, false, false]);
    assert_eq!((scene.complete(job), scene.state(job)), (failed, JobState::Transferred));
    scene.disk.refused.clear();
    let asked = scene.requests.len();
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert_eq!((completed(&scene), scene.requests.len()), ([true; 3], asked));
    assert!(["o/a", "o/b", "o/c"].iter().all(|path| scene.has(path)));
    require_nothing_left(&mut scene, &[job]);
}

#[test]
fn a_job_that_could_not_be_completed_goes_on() {
    let mut scene = Scene::of_places(2);
    scene.origins.rate = Some(100);
    scene.origins.files.insert("o/b".into(), Served { version: 1, length: 5000 });
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(12));
    scene.disk.refused.insert("o/a".into());
    assert_eq!(scene.complete(job), Err(Cause::Disk(DiskCause::Denied)));
    scene.pass(seconds(0));
    assert_eq!(scene.state(job), JobState::Transferring);
    scene.pass(seconds(60));
    scene.disk.refused.clear();
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn a_partial_file_that_has_gone_is_fetched_again_after_a_resume() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(1));
    scene.disk.places.remove("o/a");
    assert_eq!(scene.complete(job), Err(Cause::PartialGone));
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.complete(job)), (JobState::Transferred, Ok(Completion::Complete)));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn a_file_that_came_meanwhile_is_not_replaced_unless_that_was_asked_for() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    scene.disk.places.entry("o/a".into()).or_default().target = Some(File::default());
    assert_eq!(scene.complete(job), Err(Cause::Disk(DiskCause::TargetExists)));
    scene.disk.places.entry("o/a".into()).or_default().target = None;
    assert_eq!(scene.complete(job), Ok(Completion::Complete));

    let job = scene.job(&["o/b"]);
    let options = TransferOptions { overwrite: true, ..TransferOptions::default() };
    scene.engine.set_file(scene.now, job, 0, FileSetting::Options(options.into())).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    scene.disk.places.entry("o/b".into()).or_default().target = Some(File::default());
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn cancel_removes_what_was_fetched() {
    let mut scene = Scene::of_places(2);
    scene.origins.rate = Some(100);
    scene.origins.faults.insert("o/d".into(), Fault::Status(404));
    let job = scene.running(&["o/a", "o/b", "o/c", "o/d"]);
    scene.pass(seconds(14));
    assert!(!scene.leftovers().is_empty());
    assert_eq!(scene.cancel(job), Ok(false));
    assert_eq!((scene.leftovers(), scene.exchanges.len()), (vec![], 0));
    require_nothing_left(&mut scene, &[job]);
}

#[test]
fn what_cannot_be_removed_is_told() {
    let mut scene = Scene::default();
    let (one, other) = (scene.running(&["o/a"]), scene.job(&["o/b", "o/c"]));
    scene.origins.faults.insert("o/c".into(), Fault::CutAfter(100));
    scene.resume(other).unwrap();
    scene.pass(seconds(0));
    scene.disk.stuck.extend(["o/a".into(), "o/c".into()]);
    assert_eq!(scene.cancel(one), Ok(true));
    assert_eq!(scene.complete(other), Ok(Completion::UnableToDeleteFiles));
    assert!(scene.has("o/b"));
}

#[test]
fn files_that_are_added_to_a_transferred_job_are_fetched_beside_the_others() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(1));
    scene.add(job, &["o/b"]).unwrap();
    assert_eq!(scene.state(job), JobState::Suspended);
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.requests.len()), (JobState::Transferred, 2));
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn what_was_at_the_target_before_stays_there() {
    let mut scene = Scene::default();
    let mut file = File::default();
    file.write(0, LENGTH, crate::file::Origin { version: 1, source: 0 });
    scene.disk.places.entry("o/a".into()).or_default().target = Some(file);
    let job = scene.job(&["o/a", "o/b"]);
    let expected = vec![haul_core::content::digest::ExpectedDigest {
        algorithm: haul_core::content::digest::Algorithm::Sha256,
        value: vec![0; 32],
    }];
    let options = TransferOptions { expected, ..TransferOptions::default() };
    scene.engine.set_file(scene.now, job, 0, FileSetting::Options(options.into())).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.asked().contains("o/a")), (JobState::Transferred, false));
    scene.restart();
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn a_job_that_nobody_cares_for_is_cancelled_after_thirty_days() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(1));
    scene.pass(seconds(29 * 24 * 3600));
    scene.set(job, haul_core::job::Setting::Description("still wanted".into())).unwrap();
    scene.pass(seconds(30 * 24 * 3600 - 10));
    assert_eq!(scene.state(job), JobState::Transferred);
    scene.pass(seconds(20));
    assert_eq!((scene.state(job), scene.leftovers()), (JobState::Cancelled, vec![]));
    assert_eq!(scene.resume(job), Err(Cause::JobTooOld));
    require_nothing_left(&mut scene, &[job]);
}

#[test]
fn an_encrypted_file_is_kept_until_it_has_its_name() {
    let mut scene = Scene::default();
    for place in ["o/a", "o/c"] {
        scene.origins.files.insert(place.into(), Served { version: 1, length: 992 });
    }
    let info = || haul_core::parse::decryption_info::DecryptionInfo::new(vec![7; 16], 16).unwrap();
    let job = scene.job(&["o/a", "o/b"]);
    scene.engine.set_file(scene.now, job, 0, FileSetting::DecryptionInfo(info())).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.failure(job)), (JobState::Transferred, None));
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
    require_nothing_left(&mut scene, &[job]);

    let job = scene.job(&["o/c"]);
    scene.engine.set_file(scene.now, job, 0, FileSetting::DecryptionInfo(info())).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.cancel(job), scene.leftovers()), (Ok(false), vec![]));
    require_nothing_left(&mut scene, &[job]);
}
