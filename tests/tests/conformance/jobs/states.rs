//! The states of a job, and the transitions between them.

use std::time::Duration;

use haul::{Job, JobPriority, JobState, Network, NetworkCost};
use haul_tests::origin::{Fault, When};

use super::sources::{BITS_LIFE_CYCLE, CANCEL, COMPLETE, IDL, JOB_STATE, RESUME, SUSPEND};
use super::world::{OPEN, OVER, busy, done, ends, fails, fetch, file, silent, state_of, until_state, until_written};
use crate::codes::{
    DO_E_BLOCKED_BY_COST_TRANSFER_POLICY, DO_E_BLOCKED_BY_NO_NETWORK, DO_E_INVALID_STATE, DO_E_JOB_EMPTY,
};
use crate::http_codes::status;
use crate::statement::statements;
use crate::status::{OFFLINE, ONLINE};
use crate::world::{World, refused, wit};

/// A job in TRANSFERRING whose origin does not answer.
async fn unanswered(world: &World) -> Job {
    world.origin.put("/silent", silent(world));
    let job = world.job_of(&["/silent"]).await;
    job.resume().await.unwrap();
    assert_eq!(state_of(&job).await, JobState::Transferring);
    job
}

statements! {
    "States of a job";

    /// SUSPENDED, Resume of a job with files: TRANSFERRING.
    Doc(RESUME), Holds;
    async fn suspended_resume() {
        let world = World::new().await;
        unanswered(&world).await;
    }

    /// SUSPENDED, Resume of a job without files: SUSPENDED.
    Doc(RESUME), Holds;
    async fn suspended_resume_without_files() {
        let world = World::new().await;
        let job = world.job().await;
        refused(job.resume().await, DO_E_JOB_EMPTY);
        assert_eq!(state_of(&job).await, JobState::Suspended);
    }

    /// QUEUED, when a slot becomes free: TRANSFERRING.
    Doc(JOB_STATE), Holds;
    async fn queued_turn() {
        let world = World::crowded().await;
        world.origin.put("/silent", silent(&world));
        world.occupy().await;
        let job = world.job_of(&["/silent"]).await;
        job.resume().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Queued);
        world.release();
        until_state(&job, JobState::Transferring).await;
    }

    /// CONNECTING is not supported.
    Doc(JOB_STATE), Holds;
    async fn connecting_is_never_seen() {
        let world = World::faulty([(When::Every, Fault::hold_until_released(0, "held"))]).await;
        let job = world.job_of(&["/here"]).await;
        job.resume().await.unwrap();
        while world.origin.requests().is_empty() {
            assert_eq!(state_of(&job).await, JobState::Transferring);
            tokio::task::yield_now().await;
        }
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// TRANSFERRING, when its time slice ends: QUEUED in BITS; DO documents no such transition.
    Silent(JOB_STATE), Chosen("QUEUED, when another job takes its slot.");
    async fn transferring_turn_over() {
        let world = World::crowded().await;
        let job = unanswered(&world).await;
        let urgent = world.job_into("urgent", &["/silent"]).await;
        urgent.set_priority(JobPriority::Foreground).await.unwrap();
        urgent.resume().await.unwrap();
        until_state(&job, JobState::Queued).await;
        until_state(&urgent, JobState::Transferring).await;
    }

    /// TRANSFERRING, when the user signs out: QUEUED.
    Doc(JOB_STATE), Differs("haul has no user sessions: a job continues even if no client holds it.");
    async fn transferring_alone() {
        let world = World::new().await;
        let caller = world.engine.for_caller("somebody");
        let job = caller.create_job("job").await.unwrap();
        job.add_file(&world.origin.url("/held"), world.local("0")).await.unwrap();
        job.resume().await.unwrap();
        let id = job.id().to_owned();
        drop((job, caller));
        let job = world.engine.job(&id).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// TRANSFERRING, Suspend: SUSPENDED.
    Doc(SUSPEND), Holds;
    async fn transferring_suspend() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        job.suspend().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Suspended);
    }

    /// QUEUED and TRANSIENT_ERROR, Suspend: SUSPENDED.
    Inferred(SUSPEND), Holds;
    async fn queued_suspend() {
        for state in [JobState::Queued, JobState::TransientError] {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            job.suspend().await.unwrap();
            assert_eq!(state_of(&job).await, JobState::Suspended, "{state:?}");
        }
    }

    /// TRANSFERRING, transient failure: TRANSIENT_ERROR.
    Doc(JOB_STATE), Holds;
    async fn transferring_failure_that_passes() {
        let world = World::new().await;
        let job = world.job_in(JobState::TransientError).await;
        assert_eq!(job.error().await.unwrap().cause.code, status(503).number);
    }

    /// TRANSFERRING, when the cost policy forbids the network: TRANSIENT_ERROR.
    Doc(JOB_STATE), Holds;
    async fn transferring_cost() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        world.engine.set_network(Network { cost: NetworkCost::OverCapCharged, ..ONLINE }).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::TransientError);
        assert_eq!(job.error().await.unwrap().cause.code, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY.number);
    }

    /// TRANSFERRING, when the network is lost: TRANSIENT_ERROR.
    Doc(JOB_STATE), Holds;
    async fn transferring_network_gone() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        world.engine.set_network(OFFLINE).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::TransientError);
        assert_eq!(job.error().await.unwrap().cause.code, DO_E_BLOCKED_BY_NO_NETWORK.number);
    }

    /// TRANSFERRING, permanent failure: ERROR.
    Doc(JOB_STATE), Holds;
    async fn transferring_failure() {
        let world = World::new().await;
        fails(&world.job_of(&["/missing"]).await, status(404)).await;
    }

    /// TRANSFERRING, when all files are transferred: TRANSFERRED.
    Doc(JOB_STATE), Holds;
    async fn transferring_all_here() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        world.release();
        until_state(&job, JobState::Transferred).await;
    }

    /// TRANSIENT_ERROR, when the engine retries: TRANSFERRING.
    Doc(JOB_STATE), Holds;
    async fn transient_error_retry() {
        let world = World::faulty([
            (When::Nth(0), Fault::retry_after(503, "1")),
            (When::From(1), Fault::hold_until_released(1, "held")),
        ])
        .await;
        let job = world.job_of(&["/here"]).await;
        job.resume().await.unwrap();
        until_state(&job, JobState::TransientError).await;
        until_written(&job, 1).await;
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// TRANSIENT_ERROR, when the network returns: TRANSFERRING.
    Doc(JOB_STATE), Holds;
    async fn transient_error_network_back() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        for network in [OFFLINE, Network { cost: NetworkCost::NearCap, ..ONLINE }] {
            world.engine.set_network(network).await.unwrap();
            assert_eq!(state_of(&job).await, JobState::TransientError);
            world.engine.set_network(ONLINE).await.unwrap();
            until_state(&job, JobState::Transferring).await;
        }
    }

    /// TRANSIENT_ERROR without progress: ERROR.
    Doc(JOB_STATE), Holds;
    async fn transient_error_no_progress() {
        let world = World::faulty([(When::Every, Fault::status(503))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_no_progress_timeout(Duration::from_secs(1)).await.unwrap();
        job.resume().await.unwrap();
        until_state(&job, JobState::TransientError).await;
        until_state(&job, JobState::Error).await;
    }

    /// TRANSIENT_ERROR, Resume: TRANSFERRING.
    Inferred(RESUME), Holds;
    async fn transient_error_resume() {
        let world = World::new().await;
        let job = world.job_in(JobState::TransientError).await;
        world.origin.put("/busy", silent(&world));
        job.resume().await.unwrap();
        until_state(&job, JobState::Transferring).await;
        world.origin.until(|requests| requests.len() == 2).await;
    }

    /// ERROR, Resume: TRANSFERRING.
    Inferred(RESUME), Holds;
    async fn error_resume() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        world.origin.put("/missing", silent(&world));
        job.resume().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// Every state before the end, Cancel: CANCELLED.
    Doc(CANCEL), Holds;
    async fn open_cancel() {
        for state in OPEN {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            job.cancel().await.unwrap();
            assert_eq!(state_of(&job).await, JobState::Cancelled, "{state:?}");
        }
    }

    /// Every state before the end, Complete: ACKNOWLEDGED.
    Doc(COMPLETE), Holds;
    async fn open_complete() {
        for state in OPEN {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            job.complete().await.unwrap();
            assert_eq!(state_of(&job).await, JobState::Acknowledged, "{state:?}");
        }
    }

    /// TRANSFERRED, when a client adds files: not documented; in BITS the job may be resumed.
    Silent(BITS_LIFE_CYCLE), Chosen("SUSPENDED, and Resume downloads them.");
    async fn transferred_add_file() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferred).await;
        job.add_file(&world.origin.url("/other"), world.local("Transferred/more")).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Suspended);
        done(&job).await;
        assert_eq!(haul_tests::scene::names(&world.local("Transferred")), ["0", "more"]);
    }

    /// TRANSFERRED, Resume: not documented.
    Silent(RESUME), Chosen("A no-op.");
    async fn transferred_resume() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferred).await;
        job.resume().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferred);
        assert_eq!(world.origin.requests().len(), 1);
    }

    /// ERROR, when the failed file is the last missing one and the client corrects the cause: Resume continues.
    Doc(JOB_STATE), Holds;
    async fn error_mended() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        file(&job, 0).await.set_remote_name(&world.origin.url("/file")).await.unwrap();
        fetch(&job).await;
    }

    /// SUSPENDED, when nothing is left to fetch: Resume leads to TRANSFERRED in BITS.
    Silent(BITS_LIFE_CYCLE), Chosen("TRANSFERRED.");
    async fn suspended_resume_with_everything() {
        let world = World::crowded().await;
        let job = world.job_of(&["/file", "/held"]).await;
        job.resume().await.unwrap();
        until_written(&job, crate::world::LENGTH + 1).await;
        job.suspend().await.unwrap();
        world.release();
        fetch(&job).await;
    }

    /// ACKNOWLEDGED and CANCELLED, any call that changes something: DO_E_INVALID_STATE, which some pages omit.
    Silent(IDL), Chosen("DO_E_INVALID_STATE for all of them.");
    async fn over_any_change() {
        for state in OVER {
            let world = World::new().await;
            let job = world.job_in(state).await;
            let url = world.origin.url("/file");
            refused(job.add_file(&url, world.local("more")).await, DO_E_INVALID_STATE);
            refused(job.set_display_name("a").await, DO_E_INVALID_STATE);
            refused(job.set_description("a").await, DO_E_INVALID_STATE);
            refused(job.set_priority(JobPriority::High).await, DO_E_INVALID_STATE);
            refused(job.set_notify_flags(ends()).await, DO_E_INVALID_STATE);
            refused(job.set_minimum_retry_delay(Duration::from_secs(9)).await, DO_E_INVALID_STATE);
            refused(job.set_no_progress_timeout(Duration::from_secs(9)).await, DO_E_INVALID_STATE);
            refused(job.set_proxy_settings(Default::default()).await, DO_E_INVALID_STATE);
            refused(job.set_options(Default::default()).await, DO_E_INVALID_STATE);
            assert_eq!(state_of(&job).await, state);
        }
    }

    /// If one file has a transient failure while others transfer, the state is not documented.
    Silent(JOB_STATE), Chosen("TRANSFERRING, as long as one file transfers.");
    async fn one_file_that_comes_is_transferring() {
        let world = World::new().await;
        world.origin.put("/busy", busy(&world));
        let job = world.job_of(&["/busy", "/held"]).await;
        job.resume().await.unwrap();
        world.origin.until(|requests| requests.len() == 2).await;
        until_written(&job, 1).await;
        assert_eq!(state_of(&job).await, JobState::Transferring);
        world.release();
        until_state(&job, JobState::TransientError).await;
        assert_eq!(job.progress().await.unwrap().files_transferred, 1);
    }

    /// BG_JOB_STATE has no other states.
    Doc(JOB_STATE), Holds;
    async fn there_are_nine_states() {
        assert_eq!(wit().names("types", "job-state").len(), 9);
    }
}
