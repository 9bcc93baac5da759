//! IBackgroundCopyManager: creates jobs, and finds them by id.

use haul::JobState;

use super::bare::{self, Bare, string};
use super::sources::{BITS_CREATE_JOB, BITS_MANAGER_DESCRIPTION, CREATE_JOB, GET_JOB, IDL, JOB_TYPE};
use super::world::{done, state_of};
use crate::codes::{Code, DO_E_JOB_NOT_FOUND, E_ACCESSDENIED, E_INVALIDARG, E_NOTIMPL, ERROR_RESOURCE_LANG_NOT_FOUND};
use crate::statement::statements;
use crate::world::{World, refused, wit};

const ENGLISH: u32 = 0x0409;

/// The GUID of no job.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

async fn found(world: &World, id: &str) -> String {
    world.engine.job(id).await.unwrap().id().to_owned()
}

/// Asserts that the component refuses to create a job of this type.
async fn refuses_to_create(kind: &str, code: Code) {
    let mut bare = Bare::new().await;
    let arguments = [string("job"), wasmtime::component::Val::Enum(kind.into())];
    bare::refused(bare.call("background-copy-manager", "create-job", &arguments).await, code);
}

statements! {
    "IBackgroundCopyManager";

    /// A new job is SUSPENDED.
    Doc(CREATE_JOB), Holds;
    async fn a_new_job_is_suspended() {
        let world = World::new().await;
        assert_eq!(state_of(&world.job().await).await, JobState::Suspended);
    }

    /// The name of a job has at most 256 characters.
    Doc(CREATE_JOB), Holds;
    async fn a_job_can_have_a_name_of_256_characters() {
        let world = World::new().await;
        let name = "ü".repeat(256);
        assert_eq!(world.engine.create_job(&name).await.unwrap().display_name().await.unwrap(), name);
    }

    /// The result of CreateJob for a longer name is not documented; in BITS it is E_INVALIDARG.
    Silent(BITS_CREATE_JOB), Chosen("E_INVALIDARG.");
    async fn a_longer_name_is_refused() {
        let world = World::new().await;
        refused(world.engine.create_job(&"a".repeat(257)).await, E_INVALIDARG);
    }

    /// The name must not be null.
    Doc(CREATE_JOB), CannotBeWritten("A string is never null; an empty string is a valid name.");
    async fn a_job_may_have_an_empty_name() {
        let world = World::new().await;
        assert_eq!(world.engine.create_job("").await.unwrap().display_name().await.unwrap(), "");
        let signature = wit().signature("background-copy-manager", "create-job");
        assert_eq!(signature, "create-job: func(display-name: string, kind: job-type) -> result<job, failure>");
    }

    /// Names need not be unique.
    Doc(CREATE_JOB), Holds;
    async fn two_jobs_may_have_one_name() {
        let world = World::new().await;
        let (one, other) = (world.job().await, world.job().await);
        assert_ne!(found(&world, one.id()).await, found(&world, other.id()).await);
    }

    /// CreateJob returns the job and its id.
    Doc(CREATE_JOB), Chosen("The job object has the id.");
    async fn a_job_is_found_by_the_id_that_it_has() {
        let world = World::new().await;
        let job = world.engine.create_job("wanted").await.unwrap();
        assert_eq!(world.engine.job(job.id()).await.unwrap().display_name().await.unwrap(), "wanted");
    }

    /// DO has downloads only: the result for an upload is not documented.
    Silent(JOB_TYPE), Chosen("E_NOTIMPL.");
    async fn there_are_no_uploads() {
        refuses_to_create("upload", E_NOTIMPL).await;
        refuses_to_create("upload-reply", E_NOTIMPL).await;
    }

    /// BITS: a user has at most 60 jobs, and a machine 300.
    Doc(BITS_CREATE_JOB), Differs("20,000 and 40,000; more are BG_E_TOO_MANY_JOBS_PER_USER and \
                                   BG_E_TOO_MANY_JOBS_PER_MACHINE.");
    async fn a_caller_may_have_more_than_300_jobs() {
        let world = World::new().await;
        let somebody = world.engine.for_caller("somebody");
        for _ in 0..301 {
            somebody.create_job("job").await.unwrap();
        }
        assert_eq!(somebody.jobs(false).await.unwrap().count(), 301);
    }

    /// GetJob returns the job with the saved id.
    Doc(GET_JOB), Holds;
    async fn a_job_is_found_by_its_id() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_description("the one").await.unwrap();
        assert_eq!(world.engine.job(job.id()).await.unwrap().description().await.unwrap(), "the one");
    }

    /// An id is a GUID.
    Idl(IDL), Chosen("In haul a text, with or without braces, in upper or lower case; any other text is \
                      E_INVALIDARG.");
    async fn an_id_is_the_text_of_a_guid() {
        let world = World::new().await;
        let job = world.job().await;
        for text in [job.id().to_uppercase(), format!("{{{}}}", job.id())] {
            assert_eq!(found(&world, &text).await, job.id());
        }
        for bad in ["", "no guid", &job.id()[1..]] {
            refused(world.engine.job(bad).await, E_INVALIDARG);
        }
    }

    /// If the job does not exist, GetJob fails with DO_E_NOT_FOUND, a name that no header has.
    Silent(GET_JOB), Chosen("DO_E_JOB_NOT_FOUND.");
    async fn an_unknown_id_is_not_found() {
        let world = World::new().await;
        refused(world.engine.job(NOBODY).await, DO_E_JOB_NOT_FOUND);
    }

    /// GetJob does not find a completed or cancelled job.
    Inferred(GET_JOB), Holds;
    async fn a_job_that_is_over_is_not_found() {
        let world = World::new().await;
        let (completed, cancelled) = (world.job_of(&["/file"]).await, world.job().await);
        done(&completed).await;
        cancelled.cancel().await.unwrap();
        for job in [completed, cancelled] {
            refused(world.engine.job(job.id()).await, DO_E_JOB_NOT_FOUND);
        }
    }

    /// GetJob fails with E_ACCESSDENIED for the job of another user.
    Doc(GET_JOB), Holds;
    async fn the_job_of_another_caller_is_refused() {
        let world = World::new().await;
        let job = world.engine.for_caller("one").create_job("job").await.unwrap();
        refused(world.engine.for_caller("other").job(job.id()).await, E_ACCESSDENIED);
        assert_eq!(world.engine.for_caller("one").job(job.id()).await.unwrap().id(), job.id());
    }

    /// Administrators may use the jobs of all users.
    Doc(CREATE_JOB), Chosen("The host is the administrator.");
    async fn the_host_may_use_every_job() {
        let world = World::new().await;
        let job = world.engine.for_caller("one").create_job("job").await.unwrap();
        world.engine.job(job.id()).await.unwrap().cancel().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Cancelled);
    }

    /// BITS: GetErrorDescription returns the description of a code. DO documents no such call.
    Doc(BITS_MANAGER_DESCRIPTION), Holds;
    async fn a_code_can_be_said_in_words() {
        let world = World::new().await;
        for code in [DO_E_JOB_NOT_FOUND, E_ACCESSDENIED] {
            let explained = world.engine.explain(code.number).await.unwrap().unwrap();
            assert_eq!(world.engine.error_description(code.number, ENGLISH).await.unwrap(), explained.meaning);
        }
    }

    /// BITS: for a language that is not installed the result is ERROR_RESOURCE_LANG_NOT_FOUND.
    Doc(BITS_MANAGER_DESCRIPTION), Chosen("The same for a code without a text; the language 0 is E_INVALIDARG.");
    async fn a_code_is_said_in_english() {
        let world = World::new().await;
        let said = async |code: Code, language| world.engine.error_description(code.number, language).await;
        refused(said(DO_E_JOB_NOT_FOUND, 0x0407).await, ERROR_RESOURCE_LANG_NOT_FOUND);
        refused(said(Code { number: 0x8ABC_0001, name: "" }, ENGLISH).await, ERROR_RESOURCE_LANG_NOT_FOUND);
        refused(said(DO_E_JOB_NOT_FOUND, 0).await, E_INVALIDARG);
    }
}
