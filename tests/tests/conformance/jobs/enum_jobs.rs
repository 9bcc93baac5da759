//! IEnumBackgroundCopyJobs: the enumerator of a caller's jobs. DO documents no enumeration of jobs.

use haul::{Engine, Job, JobState, Jobs};

use super::sources::{
    BITS_ENUM_JOBS, BITS_JOBS, BITS_JOBS_CLONE, BITS_JOBS_COUNT, BITS_JOBS_NEXT, BITS_JOBS_RESET, BITS_JOBS_SKIP,
    INTERFACES, WINE_ENUM_JOBS,
};
use super::world::{done, state_of};
use crate::codes::E_ACCESSDENIED;
use crate::statement::statements;
use crate::world::{World, refused, wit};

/// This many jobs, and an enumerator over them.
async fn several(world: &World, count: usize) -> (Vec<Job>, Jobs) {
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(world.job().await);
    }
    (made, world.engine.jobs(false).await.unwrap())
}

async fn next(enumerator: &mut Jobs, count: usize) -> Vec<String> {
    ids(&enumerator.next(count).await.unwrap())
}

fn ids(jobs: &[Job]) -> Vec<String> {
    jobs.iter().map(|job| job.id().to_owned()).collect()
}

async fn count(engine: &Engine) -> usize {
    engine.jobs(false).await.unwrap().count()
}

statements! {
    "IEnumBackgroundCopyJobs";

    /// The overview says that the manager enumerates jobs; its page has no such method.
    Silent(INTERFACES), Chosen("The manager does, as in BITS.");
    async fn jobs_can_be_enumerated() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        assert_eq!(next(&mut enumerator, 9).await, ids(&made));
    }

    /// The result of an enumeration without jobs is not documented; for downloads it is DO_E_NO_DOWNLOADS.
    Silent(BITS_ENUM_JOBS), Chosen("An empty enumerator, as in BITS.");
    async fn an_enumeration_may_be_empty() {
        let world = World::new().await;
        let mut enumerator = world.engine.jobs(false).await.unwrap();
        assert_eq!((enumerator.count(), enumerator.next(1).await.unwrap().len()), (0, 0));
    }

    /// BITS: without a flag the enumeration has the caller's jobs.
    Doc(BITS_ENUM_JOBS), Holds;
    async fn a_caller_enumerates_its_own_jobs() {
        let world = World::new().await;
        let (one, other) = (world.engine.for_caller("one"), world.engine.for_caller("other"));
        let job = one.create_job("job").await.unwrap();
        let its = one.jobs(false).await.unwrap().rest().await.unwrap();
        assert_eq!(ids(&its), [job.id()]);
        assert_eq!((count(&other).await, count(&world.engine).await), (0, 0));
    }

    /// BITS: with BG_JOB_ENUM_ALL_USERS it has the jobs of all users.
    Doc(BITS_ENUM_JOBS), Holds;
    async fn the_host_enumerates_all_jobs() {
        let world = World::new().await;
        for caller in ["one", "other"] {
            world.engine.for_caller(caller).create_job("job").await.unwrap();
        }
        assert_eq!(world.engine.jobs(true).await.unwrap().count(), 2);
    }

    /// BITS: only administrators may do this; other callers get E_ACCESSDENIED.
    Doc(BITS_ENUM_JOBS), Holds;
    async fn a_caller_cannot_enumerate_all_jobs() {
        let world = World::new().await;
        refused(world.engine.for_caller("one").jobs(true).await.map(|_| ()), E_ACCESSDENIED);
    }

    /// BITS: the order of the jobs is not fixed.
    Doc(BITS_ENUM_JOBS), Chosen("The order of creation.");
    async fn jobs_come_in_the_order_of_their_creation() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 20).await;
        assert_eq!(next(&mut enumerator, 20).await, ids(&made));
    }

    /// BITS: completed and cancelled jobs are not enumerated.
    Doc(BITS_ENUM_JOBS), Holds;
    async fn jobs_that_are_over_are_not_enumerated() {
        let world = World::new().await;
        done(&world.job_of(&["/file"]).await).await;
        world.job().await.cancel().await.unwrap();
        let left = world.job().await;
        let found = world.engine.jobs(false).await.unwrap().rest().await.unwrap();
        assert_eq!(ids(&found), [left.id()]);
    }

    /// BITS: an enumerator does not include jobs that are created later.
    Doc(BITS_JOBS), Holds;
    async fn jobs_that_are_made_later_are_not_there() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 1).await;
        let _later = world.job().await;
        assert_eq!(next(&mut enumerator, 9).await, ids(&made));
    }

    /// BITS: jobs that end after the enumeration stay in the enumerator, with their state.
    Doc(BITS_JOBS), Holds;
    async fn jobs_that_end_meanwhile_are_there() {
        let world = World::new().await;
        let (mut made, mut enumerator) = several(&world, 1).await;
        made.pop().unwrap().cancel().await.unwrap();
        let found = enumerator.next(1).await.unwrap();
        assert_eq!(state_of(&found[0]).await, JobState::Cancelled);
    }

    /// BITS: Next returns the requested number of jobs, or the rest.
    Doc(BITS_JOBS_NEXT), Holds;
    async fn next_gives_jobs() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        assert_eq!(next(&mut enumerator, 2).await, ids(&made[..2]));
        assert_eq!(next(&mut enumerator, 5).await, ids(&made[2..]));
        assert_eq!(next(&mut enumerator, 1).await, [""; 0]);
    }

    /// BITS: Skip skips jobs, and returns S_FALSE if fewer are left.
    Doc(BITS_JOBS_SKIP), Holds;
    async fn skip_passes_over_jobs() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        assert!(enumerator.skip(1));
        assert_eq!(next(&mut enumerator, 1).await, ids(&made[1..2]));
        assert!(!enumerator.skip(2));
    }

    /// BITS: Reset goes back to the first job.
    Doc(BITS_JOBS_RESET), Holds;
    async fn reset_goes_back_to_the_first_job() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 2).await;
        next(&mut enumerator, 2).await;
        enumerator.reset();
        assert_eq!(next(&mut enumerator, 2).await, ids(&made));
    }

    /// BITS: Clone returns an enumerator of jobs at the same position.
    Doc(BITS_JOBS_CLONE), Holds;
    async fn a_clone_of_jobs_is_at_the_same_place() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 2).await;
        next(&mut enumerator, 1).await;
        let mut clone = enumerator.clone();
        assert_eq!(next(&mut clone, 2).await, ids(&made[1..]));
        assert_eq!(next(&mut enumerator, 2).await, ids(&made[1..]));
    }

    /// BITS: GetCount returns the number of all jobs in the enumeration, whatever its position.
    Doc(BITS_JOBS_COUNT), Holds;
    async fn the_count_of_jobs_does_not_depend_on_the_place() {
        let world = World::new().await;
        let (_made, mut enumerator) = several(&world, 3).await;
        enumerator.skip(2);
        assert_eq!(enumerator.count(), 3);
    }

    /// BITS: each new job increases the count by one.
    Observed(WINE_ENUM_JOBS), Holds;
    async fn the_count_grows_with_each_job() {
        let world = World::new().await;
        let mut held = Vec::new();
        for number in 1..4 {
            held.push(world.job().await);
            assert_eq!(count(&world.engine).await, number);
        }
    }

    /// BITS: the enumerator is a separate interface.
    Doc(BITS_JOBS), Chosen("A resource of `background-copy-manager` with the five methods.");
    async fn the_enumerator_of_jobs_has_five_methods() {
        let wit = wit();
        for name in ["next", "skip", "reset", "clone", "get-count"] {
            wit.signature("background-copy-manager", &format!("job-enumerator.{name}"));
        }
    }
}
