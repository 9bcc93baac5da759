//! BG_FILE_PROGRESS, BG_JOB_PROGRESS and BG_JOB_TIMES.

use std::time::{Duration, SystemTime};

use haul::{Job, JobPriority, JobState, JobTimes};

use super::file2::range;
use super::sources::{FILE_GET_PROGRESS, FILE_PROGRESS, GET_PROGRESS, JOB_PROGRESS, JOB_TIMES};
use super::world::{done, ends, fetch, file, until_written};
use crate::codes::ERROR_FILE_EXISTS;
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, refused, wit};

async fn times(job: &Job) -> JobTimes {
    job.times().await.unwrap()
}

/// Asserts that `change` advances the modification time of the job.
async fn modifies(job: &Job, change: impl AsyncFnOnce(&Job)) {
    let before = times(job).await;
    change(job).await;
    let after = times(job).await;
    assert!(after.modification > before.modification, "{before:?} {after:?}");
    assert_eq!(after.creation, before.creation);
}

statements! {
    "Progress and times";

    /// BytesTotal of a file is its size.
    Doc(FILE_PROGRESS), Holds;
    async fn the_total_of_a_file_is_its_size() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        let progress = file(&job, 0).await.progress().await.unwrap();
        assert_eq!((progress.bytes_total, progress.bytes_transferred), (Some(LENGTH), HELD));
    }

    /// BytesTotal of a file downloaded in ranges is their sum.
    Doc(FILE_PROGRESS), Holds;
    async fn the_total_of_a_file_of_ranges_is_their_sum() {
        let world = World::new().await;
        let job = world.job().await;
        let (url, ranges) = (world.origin.url("/file"), [range(0, 10), range(100, 5)]);
        job.add_file_with_ranges("id", &url, world.local("0"), &ranges, Some(LENGTH)).await.unwrap();
        fetch(&job).await;
        let progress = file(&job, 0).await.progress().await.unwrap();
        assert_eq!((progress.bytes_total, progress.bytes_transferred), (Some(15), 15));
        assert_eq!(job.progress().await.unwrap().bytes_total, Some(15));
    }

    /// BytesTotal of ranges before the transfer is not documented.
    Silent(FILE_PROGRESS), Chosen("It is unknown, because a range may lie outside of the file.");
    async fn the_total_of_ranges_is_not_known_before_the_transfer() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        job.add_file_with_ranges("id", &url, world.local("0"), &[range(0, 10)], None).await.unwrap();
        assert_eq!(file(&job, 0).await.progress().await.unwrap().bytes_total, None);
    }

    /// An unknown size is DO_UNKNOWN_FILE_SIZE for a file and BG_SIZE_UNKNOWN for a job; the first one has no number.
    Silent(FILE_PROGRESS), CannotBeWritten("`option<u64>`: none if the size is unknown.");
    async fn an_unknown_size_is_none() {
        let wit = wit();
        for record in ["file-progress", "job-progress"] {
            assert_eq!(wit.parts("types", record)[0], ("bytes-total", "option<u64>".into()));
        }
    }

    /// Completed is true once the file is available, that is after Complete.
    Doc(FILE_PROGRESS), Holds;
    async fn a_file_is_completed_when_it_has_its_name() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        fetch(&job).await;
        let file = file(&job, 0).await;
        assert!(!file.progress().await.unwrap().completed);
        job.complete().await.unwrap();
        assert!(file.progress().await.unwrap().completed);
    }

    /// If Complete fails partway, Completed shows which files have their final names.
    Doc(FILE_PROGRESS), Holds;
    async fn completed_tells_how_far_complete_came() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/file?2"]).await;
        fetch(&job).await;
        std::fs::write(world.local("1"), "in the way").unwrap();
        refused(job.complete().await, ERROR_FILE_EXISTS);
        let completed = async |number| file(&job, number).await.progress().await.unwrap().completed;
        assert_eq!((completed(0).await, completed(1).await), (true, false));
        world.assert_file("0");
    }

    /// If Complete drops a file, its Completed is false.
    Inferred(FILE_GET_PROGRESS), Holds;
    async fn a_file_that_was_dropped_is_not_completed() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.complete().await.unwrap();
        assert!(!file(&job, 0).await.progress().await.unwrap().completed);
    }

    /// BytesTotal of a job is unknown while the size of one of its files is.
    Doc(JOB_PROGRESS), Holds;
    async fn the_total_of_a_job_needs_every_size() {
        let world = World::crowded().await;
        let job = world.job_of(&["/held", "/file"]).await;
        job.resume().await.unwrap();
        until_written(&job, HELD).await;
        assert_eq!(file(&job, 0).await.progress().await.unwrap().bytes_total, Some(LENGTH));
        assert_eq!(job.progress().await.unwrap().bytes_total, None);
    }

    /// BytesTotal and BytesTransferred of a job are the sums over its files.
    Doc(JOB_PROGRESS), Holds;
    async fn the_progress_of_a_job_is_a_sum() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/held"]).await;
        job.resume().await.unwrap();
        until_written(&job, LENGTH + HELD).await;
        let progress = job.progress().await.unwrap();
        assert_eq!((progress.bytes_total, progress.bytes_transferred), (Some(2 * LENGTH), LENGTH + HELD));
    }

    /// FilesTotal and FilesTransferred count the files and the transferred files.
    Doc(JOB_PROGRESS), Holds;
    async fn files_are_counted() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/held", "/file?3"]).await;
        job.resume().await.unwrap();
        until_written(&job, 2 * LENGTH + HELD).await;
        while job.progress().await.unwrap().files_transferred < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(job.progress().await.unwrap().files_total, 3);
        world.release();
        super::world::until_state(&job, JobState::Transferred).await;
        assert_eq!(job.progress().await.unwrap().files_transferred, 3);
    }

    /// The progress after the end of a job is not documented.
    Silent(GET_PROGRESS), Chosen("It remains unchanged.");
    async fn progress_can_be_read_when_the_job_is_over() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        done(&job).await;
        let progress = job.progress().await.unwrap();
        assert_eq!((progress.bytes_total, progress.bytes_transferred), (Some(LENGTH), LENGTH));
        assert_eq!((progress.files_total, progress.files_transferred), (1, 1));
    }

    /// CreationTime is the time of the job's creation, in units of 100 ns since 1601.
    Doc(JOB_TIMES), Holds;
    async fn a_job_has_its_creation_time() {
        let world = World::new().await;
        let before = SystemTime::now();
        let creation = times(&world.job().await).await.creation;
        // The component's clock may be slightly coarser.
        let leeway = Duration::from_millis(20);
        assert!(creation >= before - leeway && creation <= SystemTime::now() + leeway);
        assert_eq!(wit().parts("types", "job-times")[0], ("creation-time", "u64".into()));
    }

    /// ModificationTime of a new job is not documented.
    Silent(JOB_TIMES), Chosen("Its creation time.");
    async fn a_new_job_was_modified_when_it_was_made() {
        let world = World::new().await;
        let times = times(&world.job().await).await;
        assert_eq!(times.modification, times.creation);
    }

    /// ModificationTime changes when a client adds files.
    Doc(JOB_TIMES), Holds;
    async fn files_modify_a_job() {
        let world = World::new().await;
        let job = world.job().await;
        modifies(&job, async |job: &Job| job.add_file(&world.origin.url("/file"), world.local("0")).await.unwrap()).await;
    }

    /// ModificationTime changes when a client calls a setter.
    Doc(JOB_TIMES), Holds;
    async fn setters_modify_a_job() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        modifies(&job, async |job: &Job| job.set_display_name("a").await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_description("b").await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_priority(JobPriority::Low).await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_notify_flags(ends()).await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_minimum_retry_delay(Duration::from_secs(9)).await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_no_progress_timeout(Duration::from_secs(9)).await.unwrap()).await;
        modifies(&job, async |job: &Job| job.set_proxy_settings(Default::default()).await.unwrap()).await;
        modifies(&job, async |job: &Job| {
            file(job, 0).await.set_remote_name(&world.origin.url("/other")).await.unwrap();
        })
        .await;
    }

    /// Any setter changes ModificationTime.
    Doc(JOB_TIMES), Differs("SetNotifyInterface does not: the callback is not part of the job, and is not persisted.");
    async fn a_callback_does_not_modify_a_job() {
        let world = World::new().await;
        let job = world.job().await;
        let before = times(&job).await;
        job.set_notify_interface(super::world::Recorder::default()).await.unwrap();
        assert_eq!(times(&job).await, before);
    }

    /// ModificationTime changes with Suspend, Resume, Cancel and Complete.
    Doc(JOB_TIMES), Holds;
    async fn the_course_of_a_job_modifies_it() {
        let world = World::new().await;
        let job = world.job_of(&["/held"]).await;
        modifies(&job, async |job: &Job| job.resume().await.unwrap()).await;
        until_written(&job, HELD).await;
        modifies(&job, async |job: &Job| job.suspend().await.unwrap()).await;
        modifies(&job, async |job: &Job| {
            job.complete().await.unwrap();
        })
        .await;
        modifies(&world.job().await, async |job: &Job| {
            job.cancel().await.unwrap();
        })
        .await;
    }

    /// ModificationTime changes with the state.
    Doc(JOB_TIMES), Holds;
    async fn states_modify_a_job() {
        let world = World::new().await;
        world.origin.put("/silent", super::world::silent(&world));
        let job = world.job_of(&["/silent"]).await;
        job.resume().await.unwrap();
        modifies(&job, async |job: &Job| {
            world.engine.set_network(crate::status::OFFLINE).await.unwrap();
            assert_eq!(super::world::state_of(job).await, JobState::TransientError);
        })
        .await;
    }

    /// ModificationTime changes when data is transferred.
    Doc(JOB_TIMES), Holds;
    async fn bytes_modify_a_job() {
        let world = World::new().await;
        let held = haul_tests::origin::Fault::hold_until_released(HELD, "first");
        let again = haul_tests::origin::Fault::hold_until_released(2 * HELD, "held");
        let resource = haul_tests::origin::Resource::new(crate::world::representation(&world.content));
        let every = haul_tests::origin::When::Every;
        world.origin.put("/twice", resource.fault(every.clone(), held).fault(every, again));
        let job = world.job_of(&["/twice"]).await;
        job.resume().await.unwrap();
        until_written(&job, HELD).await;
        modifies(&job, async |job: &Job| {
            world.origin.release("first");
            until_written(job, 2 * HELD).await;
        })
        .await;
    }

    /// TransferCompletionTime is the time at which the job became TRANSFERRED.
    Doc(JOB_TIMES), Holds;
    async fn a_job_has_the_time_of_its_last_byte() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        assert_eq!(times(&job).await.transfer_completion, None);
        let before = SystemTime::now();
        world.release();
        super::world::until_state(&job, JobState::Transferred).await;
        let completion = times(&job).await.transfer_completion.unwrap();
        let leeway = Duration::from_millis(20);
        assert!(completion >= before - leeway && completion <= SystemTime::now() + leeway);
        job.complete().await.unwrap();
        assert_eq!(times(&job).await.transfer_completion, Some(completion));
    }
}
