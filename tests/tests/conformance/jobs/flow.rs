//! Sequences of calls. There is no official sample for this family.

use haul::{Completion, CostFlags, FileProperty, JobPriority, JobProperty, JobState, NotifyFlags};

use super::file2::range;
use super::sources::{CREATE_JOB, JOB_ERROR, JOB_TRANSFERRED};
use super::world::{Recorder, Told, ends, file, state_of, until_state, until_written};
use crate::http_codes::status;
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::world::{HELD, World};

statements! {
    "From CreateJob to Complete";

    /// CreateJob; files with ids, ranges and sizes; priority, timeout and cost; callback and flags; Resume; JobTransferred;
    /// Complete.
    Inferred(CREATE_JOB), Holds;
    async fn a_job_goes_from_its_creation_to_its_end() {
        let world = World::new().await;
        let job = world.engine.create_job("everything").await.unwrap();
        let url = world.origin.url("/file");
        job.add_file_with_ranges("parts", &url, world.local("parts"), &[range(100, 10), range(0, 5)], None).await.unwrap();
        let whole = job.add_file_by_id("whole", Some(&url), &[]).await.unwrap();
        whole.set_property(FileProperty::DownloadSinkFilePath(world.local("whole"))).await.unwrap();
        job.set_priority(JobPriority::Foreground).await.unwrap();
        job.set_no_progress_timeout(std::time::Duration::from_secs(60)).await.unwrap();
        job.set_property(JobProperty::CostFlags(CostFlags::UNRESTRICTED | CostFlags::BELOW_CAP)).await.unwrap();
        let recorder = Recorder::of(&job, ends() | NotifyFlags::JOB_MODIFICATION).await;
        job.resume().await.unwrap();
        recorder.until_told(Told::Transferred).await;
        recorder.until_told(Told::Modification).await;
        assert_eq!(job.complete().await.unwrap(), Completion::Complete);
        assert_eq!(state_of(&job).await, JobState::Acknowledged);
        assert_eq!(std::fs::read(world.local("parts")).unwrap(), [world.bytes(100..110), world.bytes(0..5)].concat());
        world.assert_file("whole");
    }

    /// JobError or ERROR; GetError with its file; SetRemoteName and Resume, or Complete, or Cancel.
    Inferred(JOB_ERROR), Holds;
    async fn a_job_that_has_failed_is_mended() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        job.resume().await.unwrap();
        recorder.until_told(Told::Error(status(404).number)).await;
        let broken = job.error().await.unwrap().file.unwrap();
        broken.set_remote_name(&world.origin.url("/file")).await.unwrap();
        job.resume().await.unwrap();
        recorder.until_told(Told::Transferred).await;
        job.complete().await.unwrap();
        world.assert_file("0");
    }

    /// After a restart: GetJob by the saved id, SetNotifyInterface again, and one check for missed events.
    Inferred(JOB_TRANSFERRED), Holds;
    async fn a_job_is_taken_up_after_a_restart() {
        let world = keeping().await;
        let job = world.job_into("files", &["/held"]).await;
        job.resume().await.unwrap();
        until_written(&job, HELD).await;
        let id = job.id().to_owned();
        drop(job);
        let world = reopen(world).await;
        world.release();
        let job = world.engine.job(&id).await.unwrap();
        until_state(&job, JobState::Transferred).await;
        let recorder = Recorder::of(&job, ends()).await;
        recorder.until_told(Told::Transferred).await;
        assert!(!file(&job, 0).await.progress().await.unwrap().completed);
        job.complete().await.unwrap();
        world.assert_file("files/0");
    }
}
