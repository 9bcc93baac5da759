//! Notices to the owners of jobs.

use haul_core::border::identity::JobId;
use haul_core::border::output::{Ending, Happening};
use haul_core::job::{JobState, NotifyFlags, Setting};

use crate::scene::origin::{Fault, Served};
use crate::scene::{Scene, seconds};

fn transferred(scene: &mut Scene, calls_back: bool) -> JobId {
    let job = scene.job(&["o/a"]);
    scene.set_callback(job, calls_back);
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    assert_eq!(scene.state(job), JobState::Transferred);
    job
}

fn times(scene: &Scene, job: JobId, what: Happening) -> Vec<u64> {
    scene.times_of(job, what).iter().map(|at| at.as_nanos() / 1_000_000_000).collect()
}

#[test]
fn an_end_is_told_until_it_is_accepted() {
    let mut scene = Scene::default();
    let job = transferred(&mut scene, true);
    for _ in 0..5 {
        scene.answer(job, false);
        scene.pass(seconds(1 << 4));
    }
    assert_eq!(times(&scene, job, Happening::Ending(Ending::Transferred)), [1, 2, 19, 37, 57, 81]);
    scene.answer(job, true);
    scene.pass(seconds(3600));
    assert_eq!(scene.endings(job).len(), 6);
}

#[test]
fn who_does_not_answer_is_asked_again() {
    let mut scene = Scene::default();
    let job = transferred(&mut scene, true);
    scene.pass(seconds(150));
    assert_eq!(times(&scene, job, Happening::Ending(Ending::Transferred)), [1, 61, 121]);
}

#[test]
fn who_comes_late_hears_of_what_has_happened() {
    let mut scene = Scene::default();
    let job = transferred(&mut scene, false);
    scene.pass(seconds(100));
    assert_eq!(scene.endings(job), []);
    scene.set_callback(job, true);
    assert_eq!(scene.endings(job), [Ending::Transferred]);
    scene.answer(job, true);
    scene.set_callback(job, false);
    scene.set_callback(job, true);
    assert_eq!(scene.endings(job).len(), 2);
    assert!(scene.seen(job).notify_interface());
}

#[test]
fn who_comes_in_the_place_of_another_is_asked_once() {
    let mut scene = Scene::default();
    let job = transferred(&mut scene, true);
    scene.set_callback(job, false);
    scene.set_callback(job, true);
    scene.answer(job, true);
    scene.pass(seconds(200));
    assert_eq!(scene.endings(job).len(), 2);
}

#[test]
fn an_end_is_not_told_any_more_when_the_job_has_left_it() {
    let mut scene = Scene::default();
    scene.origins.faults.insert("o/a".into(), Fault::Status(404));
    let job = scene.job(&["o/a"]);
    scene.set_callback(job, true);
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    assert_eq!(scene.endings(job), [Ending::Error]);
    scene.suspend(job).unwrap();
    scene.cancel(job).unwrap();
    scene.pass(seconds(200));
    assert_eq!(scene.endings(job), [Ending::Error]);
}

#[test]
fn each_error_is_told() {
    let mut scene = Scene::default();
    scene.origins.faults.insert("o/a".into(), Fault::Status(404));
    let job = scene.job(&["o/a"]);
    scene.set_callback(job, true);
    for _ in 0..3 {
        scene.resume(job).unwrap();
        scene.pass(seconds(0));
        scene.answer(job, true);
    }
    scene.pass(seconds(200));
    assert_eq!(scene.endings(job).len(), 3);
}

#[test]
fn an_answer_to_an_error_that_was_mended_is_none_to_the_next_one() {
    let mut scene = Scene::default();
    scene.origins.faults.insert("o/a".into(), Fault::Status(404));
    let job = scene.job(&["o/a"]);
    scene.set_callback(job, true);
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    // The callback resumes the job, which fails again before the callback returns.
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    scene.answer(job, true);
    scene.answer(job, false);
    scene.pass(seconds(2));
    assert_eq!(scene.endings(job).len(), 3);
}

#[test]
fn flags_choose_what_is_told() {
    let told = |bits| {
        let mut scene = Scene::default();
        scene.origins.faults.insert("o/b".into(), Fault::Status(404));
        let jobs = [scene.job(&["o/a"]), scene.job(&["o/b"])];
        for job in jobs {
            scene.set(job, Setting::NotifyFlags(NotifyFlags::from_bits(bits))).unwrap();
            scene.set_callback(job, true);
            scene.resume(job).unwrap();
        }
        scene.pass(seconds(10));
        let modified = jobs.iter().any(|job| !scene.times_of(*job, Happening::Modification).is_empty());
        (jobs.map(|job| scene.endings(job).len()), modified)
    };
    assert_eq!(told(0), ([0, 0], false));
    assert_eq!(told(1), ([1, 0], false));
    assert_eq!(told(2), ([0, 1], false));
    assert_eq!(told(3), ([1, 1], false));
    assert_eq!(told(8), ([0, 0], true));
    assert_eq!(told(15), ([0, 0], false));
}

#[test]
fn flags_that_are_set_late_count() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::NotifyFlags(NotifyFlags::from_bits(7))).unwrap();
    scene.set_callback(job, true);
    scene.resume(job).unwrap();
    scene.pass(seconds(10));
    assert_eq!(scene.endings(job), []);
    scene.set(job, Setting::NotifyFlags(NotifyFlags::default())).unwrap();
    assert_eq!(scene.endings(job), [Ending::Transferred]);
}

#[test]
fn modifications_are_told_twice_a_second_at_most() {
    let mut scene = Scene::default();
    scene.origins.rate = Some(100_000);
    for place in ["o/a", "o/b"] {
        scene.origins.files.insert(place.into(), Served { version: 1, length: 1_000_000 });
    }
    let job = scene.job(&["o/a", "o/b"]);
    scene.set(job, Setting::NotifyFlags(NotifyFlags::JOB_MODIFICATION)).unwrap();
    scene.set_callback(job, true);
    scene.resume(job).unwrap();
    for _ in 0..100 {
        scene.pass(core::time::Duration::from_millis(50));
        scene.set(job, Setting::Description("another".into())).unwrap();
    }
    scene.pass(seconds(1));
    let told = scene.times_of(job, Happening::Modification);
    assert!((9..=14).contains(&told.len()), "{}", told.len());
    assert!(told.windows(2).all(|pair| pair[1].since(pair[0]).as_millis() >= 500));
}

#[test]
fn each_turn_of_the_state_is_told_to_the_driver_at_once() {
    let mut scene = Scene::default();
    scene.origins.rate = Some(1);
    let job = scene.job(&["o/a"]);
    let mut told = scene.times_of(job, Happening::StatusChanged).len();
    for _ in 0..5 {
        scene.resume(job).unwrap();
        scene.suspend(job).unwrap();
        let now = scene.times_of(job, Happening::StatusChanged).len();
        assert!(now >= told + 2);
        told = now;
    }
}

#[test]
fn a_class_is_told_of_what_an_earlier_engine_saw() {
    let mut scene = Scene::default();
    let job = scene.job(&["o/a"]);
    scene.set(job, Setting::NotificationClass(7)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(0));
    assert_eq!(scene.endings(job).len(), 1);
    scene.restart();
    assert_eq!(scene.endings(job).len(), 2);
    scene.answer(job, true);
    scene.pass(seconds(100));
    assert_eq!(scene.endings(job).len(), 2);
}

#[test]
fn a_callback_is_not_kept_across_restarts() {
    let mut scene = Scene::default();
    let job = transferred(&mut scene, true);
    scene.restart();
    assert!(!scene.seen(job).notify_interface());
    scene.pass(seconds(100));
    assert_eq!(scene.endings(job).len(), 1);
    scene.set_callback(job, true);
    assert_eq!(scene.endings(job).len(), 2);
}
