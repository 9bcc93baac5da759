//! Every call in every state.

use haul_core::border::identity::JobId;
use haul_core::border::output::Happening;
use haul_core::engine::Completion;
use haul_core::failure::Cause;
use haul_core::job::{JobState, NewFile, Priority, Setting};

use crate::scene::origin::Fault;
use crate::scene::{Scene, seconds};

const STATES: [JobState; 8] = [
    JobState::Suspended,
    JobState::Queued,
    JobState::Transferring,
    JobState::TransientError,
    JobState::Error,
    JobState::Transferred,
    JobState::Acknowledged,
    JobState::Cancelled,
];

/// A job in `state`.
fn brought_to(state: JobState) -> (Scene, JobId) {
    let mut scene = Scene::of_places(1);
    match state {
        JobState::Queued => {
            scene.origins.rate = Some(1);
            scene.running(&["o/other"]);
        }
        JobState::TransientError => drop(scene.origins.faults.insert("o/a".into(), Fault::Status(503))),
        JobState::Error => drop(scene.origins.faults.insert("o/a".into(), Fault::Status(404))),
        JobState::Transferring => scene.origins.rate = Some(1),
        _ => {}
    }
    let job = scene.job(&["o/a"]);
    if state != JobState::Suspended {
        scene.resume(job).unwrap();
        scene.pass(seconds(0));
    }
    match state {
        JobState::Acknowledged => assert_eq!(scene.complete(job), Ok(Completion::Complete)),
        JobState::Cancelled => assert_eq!(scene.cancel(job), Ok(false)),
        _ => {}
    }
    assert_eq!(scene.state(job), state);
    (scene, job)
}

fn is_over(state: JobState) -> bool {
    matches!(state, JobState::Acknowledged | JobState::Cancelled)
}

/// Checks the state after `call`, for each state before it.
fn check(call: impl Fn(&mut Scene, JobId) -> Result<(), Cause>, expected: impl Fn(JobState) -> JobState) {
    for from in STATES {
        let (mut scene, job) = brought_to(from);
        let result = call(&mut scene, job);
        if is_over(from) {
            assert_eq!((result, scene.state(job)), (Err(Cause::InvalidState), from), "from {from:?}");
        } else {
            assert_eq!((result, scene.state(job)), (Ok(()), expected(from)), "from {from:?}");
        }
    }
}

#[test]
fn suspend_stops_what_runs_and_nothing_else() {
    check(Scene::suspend, |from| match from {
        JobState::Queued | JobState::Transferring | JobState::TransientError => JobState::Suspended,
        other => other,
    });
}

#[test]
fn resume_lets_run_what_can_run() {
    check(Scene::resume, |from| match from {
        JobState::Queued => JobState::Queued,
        JobState::Transferred => JobState::Transferred,
        _ => JobState::Transferring,
    });
}

#[test]
fn a_job_can_be_cancelled_before_its_end() {
    check(|scene, job| scene.cancel(job).map(drop), |_| JobState::Cancelled);
}

#[test]
fn a_job_can_be_completed_before_its_end() {
    check(|scene, job| scene.complete(job).map(drop), |_| JobState::Acknowledged);
}

#[test]
fn files_can_be_added_before_the_end() {
    let call = |scene: &mut Scene, job| scene.add(job, &["o/b"]);
    check(call, |from| match from {
        JobState::Transferred => JobState::Suspended,
        // The new file takes the place of the waiting one.
        JobState::TransientError => JobState::Transferring,
        other => other,
    });
}

#[test]
fn settings_can_be_changed_before_the_end() {
    let call = |scene: &mut Scene, job| scene.set(job, Setting::Description("else".into()));
    check(call, |from| from);
}

#[test]
fn a_file_can_be_had_elsewhere_before_the_end() {
    check(
        |scene, job| scene.rename(job, 0, "p/a"),
        |from| if from == JobState::TransientError { JobState::Transferring } else { from },
    );
}

#[test]
fn a_job_can_be_taken_before_its_end() {
    let call = |scene: &mut Scene, job| scene.engine.take_job(scene.now, job, "");
    check(call, |from| from);
    let (mut scene, job) = brought_to(JobState::Suspended);
    assert_eq!(scene.engine.take_job(scene.now, job, "another"), Err(Cause::NotOwner));
    assert_eq!(scene.engine.take_job(scene.now, job, "owner"), Ok(()));
}

#[test]
fn a_job_is_its_owners_and_the_hosts() {
    let (mut scene, job) = brought_to(JobState::Suspended);
    let refused = |scene: &Scene, caller| scene.engine.job_of(caller, job).err();
    assert_eq!(["owner", "", "another"].map(|caller| refused(&scene, caller)), [None, None, Some(Cause::NotOwner)]);
    scene.engine.take_job(scene.now, job, "").unwrap();
    assert_eq!(["owner", ""].map(|caller| refused(&scene, caller)), [Some(Cause::NotOwner), None]);
    scene.cancel(job).unwrap();
    scene.engine.forget_job(job);
    assert_eq!(refused(&scene, ""), Some(Cause::InvalidState));
}

#[test]
fn a_callback_ends_with_its_owner() {
    let (mut scene, job) = brought_to(JobState::Suspended);
    scene.set_callback(job, true);
    for (taker, stays) in [("owner", true), ("", false)] {
        scene.told.clear();
        scene.engine.take_job(scene.now, job, taker).unwrap();
        scene.drain();
        assert_eq!(scene.seen(job).notify_interface(), stays, "{taker}");
        assert_eq!(scene.times_of(job, Happening::OwnerChanged).len(), usize::from(!stays), "{taker}");
    }
}

#[test]
fn a_callback_can_be_set_before_the_end() {
    check(|scene, job| scene.engine.set_job_callback(scene.now, job, true), |from| from);
}

#[test]
fn an_error_is_known_in_the_states_of_failure() {
    for from in STATES {
        let (scene, job) = brought_to(from);
        let failure = scene.failure(job);
        match from {
            JobState::Error => {
                assert_eq!(failure.map(|it| (it.cause, it.file)), Some((Cause::HttpStatus(404), Some(0))))
            }
            JobState::TransientError => {
                assert_eq!(failure.map(|it| (it.cause, it.file)), Some((Cause::HttpStatus(503), Some(0))));
            }
            _ => assert_eq!(failure, None, "in {from:?}"),
        }
    }
}

#[test]
fn only_jobs_that_are_not_over_are_found() {
    for from in STATES {
        let (scene, job) = brought_to(from);
        let id = scene.seen(job).id();
        let found = scene.engine.find_job("owner", id);
        let listed = scene.engine.jobs_of("owner", false).unwrap().contains(&job);
        assert_eq!((found == Ok(job), listed), (!is_over(from), !is_over(from)), "in {from:?}");
    }
    let (scene, job) = brought_to(JobState::Suspended);
    let id = scene.seen(job).id();
    assert_eq!(scene.engine.find_job("another", id), Err(Cause::NotOwner));
    assert_eq!(scene.engine.find_job("", id), Ok(job));
    assert_eq!(scene.engine.find_job("owner", id + 1), Err(Cause::JobNotFound));
    assert_eq!(scene.engine.jobs_of("another", false), Ok(vec![]));
    assert_eq!(scene.engine.jobs_of("", true), Ok(vec![job]));
    assert_eq!(scene.engine.jobs_of("owner", true), Err(Cause::NotOwner));
}

#[test]
fn an_empty_job_cannot_be_resumed() {
    let mut scene = Scene::default();
    let job = scene.create();
    assert_eq!(scene.resume(job), Err(Cause::JobEmpty));
    assert_eq!(scene.state(job), JobState::Suspended);
    scene.add_files(job, vec![]).unwrap();
    assert_eq!(scene.complete(job), Ok(Completion::Complete));
}

#[test]
fn a_file_without_a_path_keeps_its_job_from_being_resumed() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    scene.add_files(job, vec![pathless()]).unwrap();
    assert_eq!(scene.resume(job), Err(Cause::NoLocalPath));
    give_path(&mut scene, job, 1, "b").unwrap();
    assert_eq!(give_path(&mut scene, job, 1, "c"), Err(Cause::SinkAlreadySet));
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn a_file_that_is_added_without_a_path_to_a_running_job_waits_for_one() {
    let mut scene = Scene::default();
    let job = scene.running(&["o/a"]);
    scene.add_files(job, vec![pathless(), crate::scene::file("o/c")]).unwrap();
    scene.pass(seconds(60));
    assert_eq!((scene.state(job), scene.progress(job).2), (JobState::Queued, 2));
    give_path(&mut scene, job, 1, "b").unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
    assert_eq!(give_path(&mut scene, job, 1, "c"), Err(Cause::InvalidState));
}

fn pathless() -> NewFile {
    NewFile { id: Some("b".into()), remote_name: Some("http://o/b".into()), ..NewFile::default() }
}

fn give_path(scene: &mut Scene, job: JobId, file: u32, path: &str) -> Result<(), Cause> {
    let setting = haul_core::engine::FileSetting::LocalName(path.into());
    scene.engine.set_file(scene.now, job, file, setting)?;
    scene.engine.keep_job_change();
    scene.drain();
    Ok(())
}

#[test]
fn files_are_added_all_or_none() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    let with_id = |place: &str, id: &str| NewFile { id: Some(id.into()), ..crate::scene::file(place) };
    assert_eq!(scene.add(job, &["o/b", "o/a"]).map_err(is_busy), Err(true));
    let twice = vec![with_id("o/c", "x"), with_id("o/d", "x")];
    assert_eq!(scene.add_files(job, twice), Err(Cause::FileIdTaken));
    assert_eq!(scene.add(job, &["o/b", "o:x/c"]), Err(Cause::RemoteNameInvalid));
    assert_eq!(scene.seen(job).files_total(), 1);
    scene.add_files(job, vec![with_id("o/b", "x"), with_id("o/c", "y"), crate::scene::file("o/d")]).unwrap();
    assert_eq!(scene.seen(job).files_total(), 4);
}

fn is_busy(cause: Cause) -> bool {
    cause == Cause::LocalNameTaken
}

#[test]
fn no_path_belongs_to_two() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    let other = scene.job(&["o/b"]);
    assert_eq!(scene.add(other, &["o/a"]).map_err(is_busy), Err(true));
    assert_eq!(scene.add(other, &["o/a.part"]).map_err(is_busy), Err(true));
    scene.cancel(job).unwrap();
    scene.add(other, &["o/a"]).unwrap();
    scene.resume(other).unwrap();
    scene.pass(seconds(1));
    scene.complete(other).unwrap();
    let third = scene.job(&["o/a"]);
    scene.cancel(third).unwrap();
    assert!(scene.has("o/a") && scene.has("o/b"));
}

#[test]
fn progress_is_known_file_by_file() {
    let mut scene = Scene::of_places(1);
    let job = scene.create();
    let sized = |place: &str| NewFile { size: Some(1000), ..crate::scene::file(place) };
    scene.add_files(job, vec![sized("o/a"), crate::scene::file("o/b")]).unwrap();
    assert_eq!(scene.progress(job), (None, 0, 0));
    assert_eq!(scene.seen(job).file_progress(0).unwrap().bytes_total, Some(1000));
    scene.origins.rate = Some(100);
    scene.resume(job).unwrap();
    scene.pass(seconds(5));
    assert_eq!(scene.progress(job), (None, 500, 0));
    scene.pass(seconds(10));
    let (total, here, files) = scene.progress(job);
    assert!(total == Some(2000) && (1480..=1500).contains(&here) && files == 1, "{here}");
    let progress = scene.seen(job).file_progress(0).unwrap();
    assert_eq!((progress.bytes_transferred, progress.completed), (1000, false));
    scene.pass(seconds(6));
    scene.complete(job).unwrap();
    assert!(scene.seen(job).file_progress(0).unwrap().completed);
    assert_eq!(scene.progress(job), (Some(2000), 2000, 2));
}

#[test]
fn times_are_told() {
    let mut scene = Scene::default();
    let job = scene.create();
    let created = scene.seen(job).times();
    assert_eq!((created.creation, created.transfer_completion), (created.modification, None));
    scene.pass(seconds(10));
    scene.add(job, &["o/a"]).unwrap();
    let added = scene.seen(job).times();
    assert_eq!(added.modification - created.creation, 100_000_000);
    scene.pass(seconds(10));
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    let ended = scene.seen(job).times();
    assert_eq!(ended.transfer_completion, Some(created.creation + 200_000_000));
    assert_eq!(ended.modification, created.creation + 200_000_000);
}

#[test]
fn a_priority_that_is_set_takes_effect_on_the_default_timeout() {
    let mut scene = Scene::default();
    let job = scene.create();
    assert_eq!(scene.seen(job).no_progress_timeout(), 86_400);
    scene.set(job, Setting::Priority(Priority::Foreground)).unwrap();
    assert_eq!(scene.seen(job).no_progress_timeout(), 3600);
}

#[test]
fn what_is_too_long_is_refused() {
    let mut scene = Scene::default();
    let name = |length| "x".repeat(length);
    let made = scene.engine.create_job(scene.now, 1 << 100, "owner".into(), name(257));
    assert_eq!(made, Err(Cause::InvalidArgument));
    let job = scene.create();
    assert_eq!(scene.set(job, Setting::DisplayName(name(257))), Err(Cause::TextTooLong));
    assert_eq!(scene.set(job, Setting::Description(name(1025))), Err(Cause::TextTooLong));
    scene.set(job, Setting::Description(name(1024))).unwrap();
    assert_eq!(scene.add(job, &[&format!("o/{}", name(2200))]), Err(Cause::RemoteNameInvalid));
    let nowhere = NewFile { local_name: Some(String::new()), ..crate::scene::file("o/a") };
    assert_eq!(scene.add_files(job, vec![nowhere]), Err(Cause::LocalNameInvalid));
}
