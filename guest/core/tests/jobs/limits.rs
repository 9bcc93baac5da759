//! Limits on jobs and files.

use haul_core::failure::Cause;
use haul_core::job::{NewFile, Setting};

use crate::scene::{Scene, file};

#[test]
fn a_caller_has_so_many_jobs_and_all_callers_have() {
    let mut scene = Scene::default();
    let create =
        |scene: &mut Scene, id, owner: &str| scene.engine.create_job(scene.now, id, owner.into(), String::new());
    for id in 0..20_000 {
        create(&mut scene, id, "one").unwrap();
    }
    assert_eq!(create(&mut scene, 50_000, "one"), Err(Cause::TooManyJobs));
    for id in 20_000..40_000 {
        create(&mut scene, id, "another").unwrap();
    }
    assert_eq!(create(&mut scene, 50_000, "third"), Err(Cause::TooManyJobsOfAll));
    let first = scene.engine.find_job("one", 0).unwrap();
    scene.cancel(first).unwrap();
    scene.engine.forget_job(first);
    assert_eq!(create(&mut scene, 50_000, "third").map(drop), Ok(()));
}

#[test]
fn a_job_has_so_many_files() {
    let mut scene = Scene::default();
    let job = scene.create();
    let files = |from: u32, count: u32| (from..from + count).map(|number| file(&format!("o/{number}"))).collect();
    for from in (0..200_000).step_by(1000) {
        scene.engine.add_files(scene.now, job, files(from, 1000)).unwrap();
        while scene.engine.poll_output().is_some() {}
    }
    let one_more = scene.engine.add_files(scene.now, job, files(200_000, 1));
    assert_eq!((one_more, scene.seen(job).files_total()), (Err(Cause::TooManyFiles.into()), 200_000));
}

#[test]
fn jobs_hold_so_many_bytes() {
    let mut scene = Scene::default();
    let job = scene.create();
    let long = |number: u32| NewFile { id: Some(format!("{number:04096}")), ..file(&format!("o/{number}")) };
    let fitting = (0..).take_while(|number| scene.add_files(job, vec![long(*number)]).is_ok()).count();
    assert!((14_000..16_500).contains(&fitting), "{fitting}");
    assert_eq!(scene.add_files(job, vec![long(99_999)]), Err(Cause::TooManyDownloads));
    let text = Setting::Description("x".repeat(1024));
    let _ = scene.set(job, text.clone());
    assert_eq!(scene.set(job, Setting::Description(String::new())), Ok(()));
    scene.cancel(job).unwrap();
    scene.engine.forget_job(job);
    let job = scene.create();
    assert_eq!((scene.set(job, text), scene.add_files(job, vec![long(0)])), (Ok(()), Ok(())));
}
