//! Scheduling of jobs with more files than places.

use std::collections::BTreeMap;

use haul_core::border::identity::JobId;
use haul_core::engine::Settings;
use haul_core::job::{JobState, Priority, Setting};
use haul_core::settings::network::{Cost, CostFlags, Network};

use crate::scene::origin::{Fault, Served};
use crate::scene::{Scene, seconds};

/// A scene with `places` places and bodies that take `time` seconds.
fn slow(places: usize, time: u64) -> Scene {
    let mut scene = Scene::of_places(places);
    scene.origins.rate = Some(crate::scene::origin::LENGTH / time);
    scene
}

fn of(scene: &mut Scene, priority: Priority, places: &[&str]) -> JobId {
    let job = scene.job(places);
    scene.set(job, Setting::Priority(priority)).unwrap();
    scene.resume(job).unwrap();
    job
}

fn states(scene: &Scene, jobs: &[JobId]) -> Vec<JobState> {
    jobs.iter().map(|job| scene.state(*job)).collect()
}

#[test]
fn files_of_a_job_come_in_the_order_in_which_they_were_added() {
    let mut scene = slow(1, 10);
    let job = scene.running(&["o/a", "o/b", "o/c"]);
    for here in 0..3 {
        assert_eq!(scene.exchanges.len(), 1);
        scene.pass(seconds(11));
        assert_eq!(scene.progress(job).2, here + 1);
    }
    let order: Vec<_> = scene.requests.iter().map(|request| request.path_and_query.clone()).collect();
    assert_eq!(order, ["/a", "/b", "/c"]);
}

#[test]
fn several_files_of_a_job_come_at_once_where_there_are_places() {
    let mut scene = slow(3, 10);
    let job = scene.running(&["o/a", "p/b", "q/c", "r/d"]);
    scene.pass(seconds(1));
    assert_eq!(scene.exchanges.len(), 3);
    scene.pass(seconds(25));
    assert_eq!(scene.state(job), JobState::Transferred);
}

#[test]
fn who_is_more_urgent_takes_the_place_of_who_is_less() {
    use JobState::{Queued, Transferring};
    let mut scene = slow(1, 20);
    let low = of(&mut scene, Priority::Low, &["o/low"]);
    scene.pass(seconds(1));
    let normal = of(&mut scene, Priority::Normal, &["o/normal"]);
    scene.pass(seconds(1));
    let high = of(&mut scene, Priority::High, &["o/high"]);
    scene.pass(seconds(1));
    let first = of(&mut scene, Priority::Foreground, &["o/first"]);
    scene.pass(seconds(1));
    let jobs = [first, high, normal, low];
    assert_eq!(states(&scene, &jobs), [Transferring, Queued, Queued, Queued]);
    let mut ended = Vec::new();
    for _ in 0..100 {
        scene.pass(seconds(1));
        let here = |job: &JobId| scene.state(*job) == JobState::Transferred && !ended.contains(job);
        let next: Vec<_> = jobs.iter().copied().filter(here).collect();
        ended.extend(next);
    }
    assert_eq!(ended, jobs);
    let bytes: u64 = jobs.iter().map(|job| scene.seen(*job).file_stats(0).unwrap().received).sum();
    assert_eq!(bytes, 4000, "nothing was fetched twice");
}

#[test]
fn a_priority_that_is_changed_takes_effect_at_once() {
    let mut scene = slow(1, 20);
    let (one, other) = (scene.running(&["o/a"]), scene.running(&["o/b"]));
    scene.pass(seconds(1));
    assert_eq!(states(&scene, &[one, other]), [JobState::Transferring, JobState::Queued]);
    scene.set(other, Setting::Priority(Priority::High)).unwrap();
    scene.pass(seconds(0));
    assert_eq!(states(&scene, &[one, other]), [JobState::Queued, JobState::Transferring]);
    scene.set(other, Setting::Priority(Priority::Low)).unwrap();
    scene.pass(seconds(0));
    assert_eq!(states(&scene, &[one, other]), [JobState::Transferring, JobState::Queued]);
}

#[test]
fn equals_take_turns() {
    let mut scene = slow(1, 100);
    let jobs: Vec<_> = ["o/a", "o/b", "o/c"].iter().map(|place| scene.running(&[place])).collect();
    scene.pass(seconds(95));
    let here: Vec<_> = jobs.iter().map(|job| scene.progress(*job).1).collect();
    assert!(here.iter().all(|bytes| (280..=350).contains(bytes)), "{here:?}");
    scene.pass(seconds(220));
    assert!(jobs.iter().all(|job| scene.state(*job) == JobState::Transferred));
}

#[test]
fn a_job_does_not_end_the_turns_of_its_own_files() {
    let mut scene = slow(2, 100);
    let job = scene.running(&["o/a", "o/b", "o/c", "o/d"]);
    scene.pass(seconds(205));
    assert_eq!((scene.state(job), scene.requests.len()), (JobState::Transferred, 4));
}

#[test]
fn as_many_turns_end_as_others_wait() {
    let mut scene = slow(4, 100);
    let job = scene.running(&["o/a", "o/b", "o/c", "o/d", "o/e"]);
    scene.pass(seconds(1));
    let other = scene.running(&["o/f"]);
    scene.pass(seconds(31));
    assert_eq!((scene.state(other), scene.requests.len()), (JobState::Transferring, 5));
    scene.pass(seconds(300));
    assert_eq!(states(&scene, &[job, other]), [JobState::Transferred, JobState::Transferred]);
}

#[test]
fn who_could_not_go_on_later_is_left_alone() {
    let mut scene = slow(1, 100);
    scene.origins.faults.insert("o/a".into(), Fault::NoValidator);
    let (one, other) = (scene.running(&["o/a"]), scene.running(&["o/b"]));
    scene.pass(seconds(102));
    assert_eq!(states(&scene, &[one, other]), [JobState::Transferred, JobState::Transferring]);
    assert_eq!(scene.seen(one).file_stats(0).unwrap().received, 1000);
}

#[test]
fn nobody_starves() {
    let mut scene = slow(1, 10);
    let low = of(&mut scene, Priority::Low, &["o/low"]);
    let many: Vec<String> = (0..60).map(|number| format!("o/{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let first = of(&mut scene, Priority::Foreground, &many);
    scene.pass(seconds(75));
    assert_eq!(scene.state(low), JobState::Transferred);
    assert!(scene.progress(first).2 >= 5);
}

#[test]
fn the_least_urgent_is_not_stopped_in_a_turn_that_was_due() {
    let mut scene = slow(1, 20);
    let many: Vec<String> = (0..6).map(|number| format!("o/{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let low = of(&mut scene, Priority::Low, &["o/low"]);
    let first = of(&mut scene, Priority::Foreground, &many);
    scene.pass(seconds(85));
    assert_eq!(states(&scene, &[low, first]), [JobState::Transferring, JobState::Queued]);
    let other = of(&mut scene, Priority::Foreground, &["o/other"]);
    scene.pass(seconds(5));
    assert_eq!(states(&scene, &[low, other]), [JobState::Transferring, JobState::Queued]);
}

#[test]
fn who_waits_to_try_again_lets_others_go() {
    let mut scene = slow(1, 20);
    scene.origins.faults.insert("o/a".into(), Fault::RetryAfter(15));
    let one = scene.running(&["o/a"]);
    scene.pass(seconds(1));
    assert_eq!(scene.state(one), JobState::TransientError);
    let other = of(&mut scene, Priority::Low, &["o/b"]);
    scene.pass(seconds(1));
    assert_eq!(states(&scene, &[one, other]), [JobState::TransientError, JobState::Transferring]);
    scene.origins.faults.clear();
    scene.pass(seconds(15));
    assert_eq!(states(&scene, &[one, other]), [JobState::Transferring, JobState::Queued]);
}

#[test]
fn downloads_and_jobs_wait_in_one_line() {
    use haul_core::download::{StartMode, State};
    use haul_core::settings::property::Property;
    let mut scene = slow(1, 20);
    let low = of(&mut scene, Priority::Low, &["o/a"]);
    let download = scene.engine.create("id".into(), "caller".into()).unwrap();
    for property in [Property::Uri("http://o/b".into()), Property::LocalPath("o/b".into())] {
        scene.engine.set_property(scene.now, download, property).unwrap();
    }
    scene.engine.start(scene.now, download, StartMode::WholeFile).unwrap();
    scene.drain();
    scene.pass(seconds(1));
    assert_eq!(scene.state(low), JobState::Queued);
    scene.pass(seconds(21));
    assert_eq!(scene.engine.download(download).unwrap().status().state, State::Transferred);
    scene.pass(seconds(20));
    assert_eq!(scene.state(low), JobState::Transferred);
}

#[test]
fn the_networks_cost_stops_a_job_and_lets_it_go_on() {
    let mut scene = slow(2, 20);
    let (one, other) = (scene.running(&["o/a"]), scene.running(&["o/b"]));
    scene.pass(seconds(2));
    let dear = Network { cost: Cost::OverCapCharged, ..Network::default() };
    scene.set(other, Setting::CostFlags(CostFlags::ALWAYS)).unwrap();
    scene.engine.set_network(scene.now, dear);
    scene.drain();
    assert_eq!(states(&scene, &[one, other]), [JobState::TransientError, JobState::Transferring]);
    assert_eq!(scene.failure(one).unwrap().cause, haul_core::failure::Cause::BlockedByCost);
    assert_eq!((scene.exchanges.len(), scene.seen(one).error_count()), (1, 0));
    scene.pass(seconds(60));
    assert!(!scene.engine.is_busy());
    scene.set(one, Setting::CostFlags(CostFlags::ALWAYS)).unwrap();
    assert_eq!(scene.state(one), JobState::Transferring);
    scene.set(one, Setting::CostFlags(CostFlags::STANDARD)).unwrap();
    assert_eq!(scene.state(one), JobState::TransientError);
    scene.engine.set_network(scene.now, Network::default());
    scene.drain();
    assert_eq!(scene.state(one), JobState::Transferring);
    scene.pass(seconds(60));
    assert_eq!(scene.state(one), JobState::Transferred);
    assert_eq!(scene.seen(one).file_stats(0).unwrap().received, 1000);
}

#[test]
fn a_job_has_its_own_rate() {
    let mut scene = Scene::of_places(2);
    scene.origins.rate = Some(1 << 30);
    let length = 10 << 20;
    let places = ["o/a", "o/b"];
    scene.origins.files = places.map(|place| (place.into(), Served { version: 1, length })).into();
    let job = scene.job(&places);
    let options = haul_core::job::JobOptions { max_rate: Some(1 << 20), ..Default::default() };
    scene.set(job, Setting::Options(options)).unwrap();
    scene.resume(job).unwrap();
    scene.pass(seconds(10));
    let here = scene.progress(job).1;
    assert!((9 << 20..=12 << 20).contains(&here), "{here}");
}

/// Current number of exchanges with each origin.
fn at_origins(scene: &Scene) -> BTreeMap<&str, u32> {
    let mut counts = BTreeMap::new();
    scene.exchanges.values().for_each(|exchange| *counts.entry(exchange.authority.as_str()).or_default() += 1);
    counts
}

fn limited(max_running: usize, max_per_origin: u32) -> Scene {
    let settings = Settings { max_running, max_per_origin: Some(max_per_origin), ..Settings::default() };
    let mut scene = Scene::with(settings);
    scene.origins.rate = Some(100);
    scene
}

#[test]
fn an_origin_without_room_takes_no_place_from_others() {
    let mut scene = limited(4, 2);
    let first = scene.running(&["o/a", "o/b", "o/c", "o/d"]);
    let second = scene.running(&["o/e", "p/f"]);
    let third = scene.running(&["p/g", "q/h"]);
    for _ in 0..60 {
        scene.pass(seconds(1));
        assert!(at_origins(&scene).values().all(|count| *count <= 2), "{:?}", at_origins(&scene));
        if scene.requests.len() < 6 {
            assert_eq!(scene.exchanges.len(), 4, "{:?}", at_origins(&scene));
        }
    }
    assert_eq!(states(&scene, &[first, second, third]), [JobState::Transferred; 3]);
}

#[test]
fn an_origins_room_goes_to_the_most_urgent_and_in_turns() {
    let mut scene = limited(4, 1);
    scene.origins.rate = Some(10);
    let low = of(&mut scene, Priority::Low, &["o/a"]);
    scene.pass(seconds(5));
    let (one, other) = (scene.running(&["o/b"]), scene.running(&["o/c"]));
    scene.pass(seconds(1));
    assert_eq!(states(&scene, &[low, one, other]), [JobState::Queued, JobState::Transferring, JobState::Queued]);
    scene.pass(seconds(31));
    assert_eq!(states(&scene, &[low, one, other]), [JobState::Queued, JobState::Queued, JobState::Transferring]);
    scene.suspend(other).unwrap();
    scene.pass(seconds(1));
    assert_eq!(states(&scene, &[low, one]), [JobState::Queued, JobState::Transferring]);
    scene.pass(seconds(190));
    assert_eq!(states(&scene, &[low, one]), [JobState::Transferred, JobState::Transferred]);
}

#[test]
fn who_waits_to_try_again_lets_others_have_its_room_at_the_origin() {
    let mut scene = limited(4, 1);
    scene.origins.faults.insert("o/a".into(), Fault::RetryAfter(60));
    let one = scene.running(&["o/a"]);
    scene.pass(seconds(1));
    let other = scene.running(&["o/b"]);
    scene.pass(seconds(15));
    assert_eq!(states(&scene, &[one, other]), [JobState::TransientError, JobState::Transferred]);
}

#[test]
fn connections_of_a_file_do_not_go_beyond_an_origins_limit() {
    let mut scene = limited(4, 3);
    scene.origins.rate = Some(1 << 20);
    for place in ["o/a", "o/b"] {
        scene.origins.files.insert(place.into(), Served { version: 1, length: 1 << 30 });
    }
    let job = scene.running(&["o/a", "o/b"]);
    for _ in 0..30 {
        scene.pass(seconds(1));
        assert!(scene.exchanges.len() <= 3);
    }
    assert_eq!(scene.exchanges.len(), 3);
    let other = scene.running(&["p/c"]);
    scene.pass(seconds(1));
    assert_eq!(states(&scene, &[job, other])[1], JobState::Transferred);
}
