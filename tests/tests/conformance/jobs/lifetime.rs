//! Lifetime and threads of jobs.

use haul::{Error, JobState};
use haul_tests::origin::{Content, Origin, Site};
use tempfile::TempDir;
use wasmtime::component::Val;

use super::bare::{self, Bare, string};
use super::sources::{CALLBACK, CANCEL, COMPLETE, FILES_NEXT, GET_JOB, JOB, JOB_TRANSFERRED, NATIVE_PROPERTY};
use super::world::{done, fetch, file, files, rest, state_of, until_state, until_written};
use crate::codes::{DO_E_JOB_NOT_FOUND, DO_E_JOB_TOO_OLD};
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, refused, representation, wit};

/// A job after a restart of its engine; `prepare` runs before that.
async fn reopened(paths: &[&str], prepare: impl AsyncFnOnce(&haul::Job)) -> (haul::Job, World) {
    let world = keeping().await;
    let job = world.job_into("files", paths).await;
    prepare(&job).await;
    let id = job.id().to_owned();
    drop(job);
    let world = reopen(world).await;
    (world.engine.job(&id).await.unwrap(), world)
}

/// The names in a folder.
fn names(folder: &TempDir) -> Vec<String> {
    haul_tests::scene::names(folder.path())
}

/// A job whose file has been transferred, in a component whose clock a test can advance.
async fn transferred() -> (Bare, Val) {
    let mut bare = Bare::new().await;
    let content = Content::new(3, LENGTH);
    let origin = Origin::start(Site::new().resource("/file", representation(&content)));
    let job = bare.job().await;
    bare.add_file(&job, &origin.url("/file")).await;
    bare::succeeded(bare.on_job(&job, "resume").await);
    while bare.state(&job).await != "transferred" {
        bare.drive().await;
    }
    (bare, job)
}

statements! {
    "Lifetime of jobs";

    /// A job survives the process that created it: GetJob finds it by the saved id.
    Doc(GET_JOB), Holds;
    async fn a_job_survives_its_objects() {
        let world = World::new().await;
        let id = world.job_in(JobState::Transferring).await.id().to_owned();
        let job = world.engine.job(&id).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// Jobs survive a restart of the service, without a property to request it.
    Doc(NATIVE_PROPERTY), Holds;
    async fn a_job_survives_a_restart() {
        let (job, world) = reopened(&["/file"], async |job: &haul::Job| {
            job.set_description("kept").await.unwrap();
        })
        .await;
        assert_eq!((job.description().await.unwrap(), state_of(&job).await), ("kept".into(), JobState::Suspended));
        done(&job).await;
        world.assert_file("files/0");
    }

    /// The service chooses the storage for jobs.
    Doc(NATIVE_PROPERTY), Chosen("The state directory; an engine without one does not persist jobs.");
    async fn without_a_state_directory_no_job_is_kept() {
        let world = World::new().await;
        let id = world.job().await.id().to_owned();
        let World { folder, engine, .. } = world;
        engine.close().await;
        let engine = haul::Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
        refused(engine.job(&id).await, DO_E_JOB_NOT_FOUND);
    }

    /// The behaviour of a running job after a restart is not documented.
    Silent(NATIVE_PROPERTY), Chosen("It resumes by itself, from the stored data.");
    async fn a_job_goes_on_after_a_restart() {
        let (job, world) = reopened(&["/held"], async |job: &haul::Job| {
            job.resume().await.unwrap();
            until_written(job, HELD).await;
        })
        .await;
        world.release();
        until_state(&job, JobState::Transferred).await;
        job.complete().await.unwrap();
        world.assert_file("files/0");
        assert_eq!(world.origin.requests()[1].range(), Some(&*rest()));
    }

    /// The state of a fully transferred or failed job after a restart is not documented.
    Silent(NATIVE_PROPERTY), Chosen("The same state, without a request to the origin.");
    async fn the_ends_of_a_job_survive_a_restart() {
        let (job, world) = reopened(&["/file"], async |job: &haul::Job| fetch(job).await).await;
        assert_eq!(state_of(&job).await, JobState::Transferred);
        job.complete().await.unwrap();
        world.assert_file("files/0");
        assert_eq!(world.origin.requests().len(), 1);
        let (job, world) = reopened(&["/missing"], async |job: &haul::Job| {
            job.resume().await.unwrap();
            until_state(job, JobState::Error).await;
        })
        .await;
        assert_eq!(state_of(&job).await, JobState::Error);
        assert_eq!(job.error().await.unwrap().cause.code, crate::http_codes::status(404).number);
        assert_eq!(world.origin.requests().len(), 1);
    }

    /// The documentation does not list the settings of a job that survive beside its files.
    Silent(NATIVE_PROPERTY), Chosen("All settings, its times and its error count; not the callback.");
    async fn settings_survive_a_restart() {
        let mut before = None;
        let (job, _world) = reopened(&["/missing"], async |job: &haul::Job| {
            job.set_display_name("kept").await.unwrap();
            job.set_priority(haul::JobPriority::Low).await.unwrap();
            job.set_notify_flags(haul::NotifyFlags::JOB_ERROR).await.unwrap();
            job.set_minimum_retry_delay(std::time::Duration::from_secs(9)).await.unwrap();
            job.set_no_progress_timeout(std::time::Duration::from_secs(99)).await.unwrap();
            job.resume().await.unwrap();
            until_state(job, JobState::Error).await;
            before = Some(job.describe().await.unwrap());
        })
        .await;
        assert_eq!(job.describe().await.unwrap(), before.unwrap());
    }

    /// ACKNOWLEDGED and CANCELLED are final, even after a restart.
    Doc(COMPLETE), Holds;
    async fn a_job_that_is_over_does_not_come_back() {
        let world = keeping().await;
        done(&world.job_of(&["/file"]).await).await;
        world.job().await.cancel().await.unwrap();
        let world = reopen(world).await;
        assert_eq!(world.engine.jobs(true).await.unwrap().count(), 0);
    }

    /// Cancel removes temporary files, including those of an earlier run of the service.
    Doc(CANCEL), Holds;
    async fn cancel_after_a_restart_leaves_nothing() {
        let (job, world) = reopened(&["/held"], async |job: &haul::Job| {
            job.resume().await.unwrap();
            until_written(job, HELD).await;
            job.suspend().await.unwrap();
        })
        .await;
        assert!(!haul_tests::scene::names(&world.local("files")).is_empty());
        job.cancel().await.unwrap();
        assert_eq!(haul_tests::scene::names(&world.local("files")), [""; 0]);
    }

    /// A job is kept for less than 30 days and then removed.
    Doc(COMPLETE), Chosen("After 30 days without a change of the job.");
    async fn a_job_that_is_left_alone_goes_after_30_days() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        bare.pass(29).await;
        assert_eq!(bare.state(&job).await, "suspended");
        bare.pass(2).await;
        assert_eq!(bare.state(&job).await, "cancelled");
    }

    /// Only the name of a code suggests the error of calls on such a job.
    Inferred(COMPLETE), Chosen("DO_E_JOB_TOO_OLD.");
    async fn a_job_that_is_too_old_says_so() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        bare.pass(31).await;
        bare::refused(bare.on_job(&job, "suspend").await, DO_E_JOB_TOO_OLD);
        bare::refused(bare.on_job(&job, "complete").await, DO_E_JOB_TOO_OLD);
    }

    /// The documentation does not say which changes of a job restart the 30 days.
    Silent(COMPLETE), Chosen("Each change of its modification time.");
    async fn a_change_lets_the_days_begin_anew() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        bare.pass(20).await;
        let arguments = [job.clone(), string("still wanted")];
        bare::succeeded(bare.call("background-copy-job", "[method]job.set-description", &arguments).await);
        bare.pass(20).await;
        assert_eq!(bare.state(&job).await, "suspended");
        bare.pass(11).await;
        assert_eq!(bare.state(&job).await, "cancelled");
    }

    /// A job that is TRANSFERRED and neither completed nor cancelled for 30 days is cancelled, and its files are deleted.
    Doc(JOB_TRANSFERRED), Holds;
    async fn a_transferred_job_that_is_left_alone_is_cancelled() {
        let (mut bare, job) = transferred().await;
        assert_ne!(names(&bare.folder), [""; 0]);
        bare.pass(29).await;
        assert_eq!(bare.state(&job).await, "transferred");
        bare.pass(2).await;
        bare.drive().await;
        assert_eq!(bare.state(&job).await, "cancelled");
        assert_eq!(names(&bare.folder), [""; 0]);
    }

    /// The caller releases the objects that it receives.
    Doc(FILES_NEXT), CannotBeWritten("The caller owns returned handles; dropping one drops the handle only.");
    async fn objects_of_a_job_are_owned() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        drop((files(&job).await, job.files().await.unwrap(), job.clone()));
        done(&job).await;
        let wit = wit();
        assert!(wit.signature("background-copy-manager", "create-job").ends_with("-> result<job, failure>"));
        assert!(wit.signature("background-copy-error", "copy-error.get-file").ends_with("-> result<file, failure>"));
    }

    /// The caller may release objects in any order, because COM counts references.
    Inferred(JOB), Holds;
    async fn objects_may_be_let_go_in_any_order() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        let (error, files, of_job) = (job.error().await.unwrap(), job.files().await.unwrap(), file(&job, 0).await);
        drop(job);
        assert_eq!(of_job.local_name().await.unwrap(), error.file.as_ref().unwrap().local_name().await.unwrap());
        drop(error);
        assert_eq!(files.rest().await.unwrap().len(), 1);
    }

    /// The documentation does not say whether a job may be used from every thread.
    Silent(JOB), Chosen("Yes, and from several threads at once.");
    async fn a_job_may_be_used_from_every_thread() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let job = job.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(job.state()).unwrap()
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), JobState::Transferring);
        }
    }

    /// Calls fail when the service has stopped, and callbacks are no longer called.
    Inferred(CALLBACK), Chosen("The crate `haul` returns `Error::Closed`.");
    async fn calls_on_a_job_fail_when_the_engine_is_closed() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let task = job.set_notify_interface(super::world::Recorder::default()).await.unwrap();
        world.engine.close().await;
        task.await.unwrap();
        assert!(matches!(job.state().await, Err(Error::Closed)));
        assert!(matches!(job.resume().await, Err(Error::Closed)));
    }
}
