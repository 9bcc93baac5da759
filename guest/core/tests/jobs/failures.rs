//! Files with transient and permanent failures.

use haul_core::failure::{Cause, NetworkCause};
use haul_core::job::{JobOptions, JobState, Priority, Setting};

use crate::scene::origin::{Fault, Served};
use crate::scene::{Scene, seconds};

fn failing(fault: Fault) -> Scene {
    let mut scene = Scene::default();
    scene.origins.faults.insert("o/a".into(), fault);
    scene
}

#[test]
fn an_error_is_mended_by_a_resume() {
    let mut scene = failing(Fault::Status(404));
    let job = scene.running(&["o/a", "o/b"]);
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Error);
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.seen(job).error_count()), (JobState::Error, 2));
    scene.origins.faults.clear();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!((scene.state(job), scene.progress(job)), (JobState::Transferred, (Some(2000), 2000, 2)));
    assert_eq!((scene.failure(job), scene.seen(job).error_count()), (None, 2));
}

#[test]
fn an_error_is_mended_by_another_url() {
    let mut scene = failing(Fault::Status(404));
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(1));
    scene.rename(job, 0, "p/a").unwrap();
    assert_eq!(scene.state(job), JobState::Error);
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
    assert_eq!((scene.seen(job).remote_name(0), scene.seen(job).file_id(0)), (Some("http://p/a"), "http://o/a"));
}

#[test]
fn a_refusal_with_403_is_an_error_of_the_remote_file() {
    use haul_core::job::ErrorContext;
    for (status, context) in [(403, ErrorContext::RemoteFile), (404, ErrorContext::None)] {
        let mut scene = failing(Fault::Status(status));
        let job = scene.running(&["o/a"]);
        scene.pass(seconds(1));
        assert_eq!(scene.failure(job).unwrap().context(), context);
    }
}

#[test]
fn what_mends_itself_goes_on() {
    for fault in [Fault::Status(503), Fault::ConnectFails, Fault::CutAfter(100), Fault::RetryAfter(5)] {
        let mut scene = failing(fault);
        let job = scene.running(&["o/a"]);
        scene.pass(seconds(0));
        assert_eq!(scene.state(job), JobState::TransientError, "{fault:?}");
        assert_eq!(scene.seen(job).error_count(), 1);
        scene.origins.faults.clear();
        scene.pass(seconds(10));
        assert_eq!((scene.state(job), scene.failure(job)), (JobState::Transferred, None), "{fault:?}");
        assert_eq!(scene.seen(job).file_stats(0).unwrap().received, 1000, "{fault:?}");
    }
}

#[test]
fn resume_does_not_wait_for_the_next_try() {
    let mut scene = failing(Fault::RetryAfter(3000));
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(60));
    scene.origins.faults.clear();
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn without_progress_for_too_long_a_job_is_in_error() {
    let mut scene = failing(Fault::ConnectFails);
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::NoProgressTimeout(600)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(590));
    assert_eq!(scene.state(job), JobState::TransientError);
    scene.pass(seconds(15));
    assert_eq!((scene.state(job), scene.failure(job).unwrap().cause), (JobState::Error, Cause::NoProgress));
    scene.origins.faults.clear();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn the_timeout_counts_although_others_have_turns_meanwhile() {
    let mut scene = Scene::of_places(1);
    scene.origins.rate = Some(1);
    scene.origins.files.insert("o/long".into(), Served { version: 1, length: 100_000 });
    scene.origins.faults.insert("o/a".into(), Fault::ConnectFails);
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::NoProgressTimeout(600)).unwrap();
    scene.resume(job).unwrap();
    scene.running(&["o/long"]);
    scene.pass(seconds(1800));
    assert_eq!((scene.state(job), scene.failure(job).unwrap().cause), (JobState::Error, Cause::NoProgress));
    let tries = scene.requests.iter().filter(|request| request.path_and_query == "/a").count();
    assert!(tries >= 10, "{tries}");
}

#[test]
fn waiting_for_a_place_is_no_silence() {
    let mut scene = Scene::of_places(1);
    scene.origins.rate = Some(1);
    scene.origins.files.insert("o/long".into(), Served { version: 1, length: 4000 });
    scene.origins.faults.insert("o/a".into(), Fault::RetryAfter(10));
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::NoProgressTimeout(600)).unwrap();
    scene.set(job, Setting::Priority(Priority::Low)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    scene.origins.faults.insert("o/long".into(), Fault::NoValidator);
    scene.running(&["o/long"]);
    scene.pass(seconds(3900));
    assert_eq!(scene.state(job), JobState::Queued);
    scene.origins.faults.clear();
    scene.pass(seconds(1200));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn a_timeout_that_is_set_while_a_job_waits_counts_at_once() {
    let mut scene = failing(Fault::ConnectFails);
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(300));
    assert_eq!(scene.state(job), JobState::TransientError);
    scene.set(job, Setting::NoProgressTimeout(60)).unwrap();
    scene.pass(seconds(31));
    assert_eq!(scene.state(job), JobState::Error);
}

#[test]
fn without_patience_every_failure_is_final() {
    let settings =
        [vec![Setting::NoProgressTimeout(0)], vec![Setting::NoProgressTimeout(60), Setting::MinimumRetryDelay(61)]];
    for settings in settings {
        let mut scene = failing(Fault::ConnectFails);
        let job = scene.job(&["o/a"]);
        settings.into_iter().for_each(|setting| scene.set(job, setting).unwrap());
        scene.resume(job).unwrap();
        scene.pass(seconds(0));
        let cause = Cause::Network(NetworkCause::ConnectFailed);
        assert_eq!((scene.state(job), scene.failure(job).unwrap().cause), (JobState::Error, cause));
        assert_eq!((scene.seen(job).error_count(), scene.requests.len()), (1, 1));
    }
}

#[test]
fn what_was_received_counts_whatever_becomes_of_it() {
    let mut scene = failing(Fault::CutAfter(600));
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(0));
    scene.origins.faults.insert("o/a".into(), Fault::IgnoresRange);
    scene.pass(seconds(10));
    assert_eq!(scene.state(job), JobState::Transferred);
    assert_eq!(scene.seen(job).file_stats(0).unwrap().received, 600 + 1000);
}

#[test]
fn patience_that_ends_meanwhile_leaves_the_failure_that_was_borne() {
    for (timeout, cause) in [(0, Cause::Network(NetworkCause::ConnectFailed)), (60, Cause::NoProgress)] {
        let mut scene = failing(Fault::ConnectFails);
        // Its turn has ended, so it waits for its retry without a place.
        let job = scene.job(&["o/a"]);
        scene.set(job, Setting::MinimumRetryDelay(50)).unwrap();
        scene.resume(job).unwrap();
        let other = scene.running(&["p/b"]);
        scene.pass(seconds(40));
        scene.set(job, Setting::NoProgressTimeout(timeout)).unwrap();
        scene.pass(seconds(200));
        assert_eq!((scene.state(job), scene.failure(job).unwrap().cause), (JobState::Error, cause), "{timeout}");
        scene.cancel(other).unwrap();
    }
}

#[test]
fn retries_are_not_made_before_the_minimum_delay() {
    let mut scene = failing(Fault::ConnectFails);
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::MinimumRetryDelay(100)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(99));
    assert_eq!(scene.requests.len(), 1);
    scene.pass(seconds(450));
    assert!((4..=6).contains(&scene.requests.len()), "{}", scene.requests.len());
}

#[test]
fn a_failed_file_stops_its_job() {
    let mut scene = Scene::of_places(1);
    scene.origins.faults.insert("o/b".into(), Fault::Status(404));
    let job = scene.running(&["o/a", "o/b", "o/c"]);
    scene.pass(seconds(10));
    assert_eq!((scene.state(job), scene.progress(job).2), (JobState::Error, 1));
    assert_eq!(scene.failure(job).unwrap().file, Some(1));
    assert!(!scene.asked().contains("o/c"));
}

#[test]
fn a_job_that_keeps_going_fetches_what_it_can() {
    let mut scene = Scene::of_places(1);
    scene.origins.faults.insert("o/a".into(), Fault::Status(404));
    let job = scene.job(&["o/a", "o/b", "o/c"]);
    scene.set(job, Setting::Options(JobOptions { keep_going: true, ..Default::default() })).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(10));
    assert_eq!((scene.state(job), scene.progress(job).2), (JobState::Error, 2));
    assert_eq!(scene.failure(job).unwrap().file, Some(0));
    scene.origins.faults.clear();
    scene.resume(job).unwrap();
    scene.pass(seconds(1));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn silence_is_a_failure() {
    let mut scene = failing(Fault::Silence);
    let job = scene.running(&["o/a"]);
    scene.pass(seconds(59));
    assert_eq!(scene.state(job), JobState::Transferring);
    scene.pass(seconds(2));
    assert_eq!(scene.seen(job).error_count(), 1);
    scene.pass(seconds(86_500));
    assert_eq!(scene.state(job), JobState::Error);
}
