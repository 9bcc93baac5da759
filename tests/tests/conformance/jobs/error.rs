//! IBackgroundCopyError: the content of an error, and its lifetime.

use haul::{ErrorContext, JobState};
use haul_tests::origin::{Fault, Resource, When};

use super::bare::{self, Bare};
use super::sources::{
    BITS_CONTEXT_DESCRIPTION, BITS_ERROR_DESCRIPTION, BITS_GET_PROTOCOL, ERROR, ERROR_CONTEXT, ERROR_GET_ERROR,
    ERROR_GET_FILE, GET_ERROR, JOB_ERROR,
};
use super::world::{OPEN, OVER, fails, file, until_state};
use crate::codes::{
    BG_E_PROTOCOL_NOT_AVAILABLE, Code, DO_E_BLOCKED_BY_NO_NETWORK, DO_E_ERROR_INFORMATION_UNAVAILABLE,
    DO_E_FILE_NOT_AVAILABLE, E_INVALIDARG, ERROR_RESOURCE_LANG_NOT_FOUND,
};
use crate::http_codes::status;
use crate::statement::statements;
use crate::status::OFFLINE;
use crate::world::{World, refused, representation};

/// English of the United States and of the United Kingdom.
const ENGLISH: [u32; 2] = [0x0409, 0x0809];

const GERMAN: u32 = 0x0407;

/// A world whose `/here` responds with this status.
async fn answering(code: u16) -> World {
    World::faulty([(When::Every, Fault::status(code))]).await
}

/// The context of a job's error if its origin responds with this status.
async fn context_of(code: u16) -> ErrorContext {
    let world = answering(code).await;
    let job = world.job_of(&["/here"]).await;
    fails(&job, status(code)).await.context
}

statements! {
    "IBackgroundCopyError";

    /// A job has an error in ERROR and TRANSIENT_ERROR; otherwise GetError fails with DO_E_ERROR_INFORMATION_UNAVAILABLE.
    Doc(GET_ERROR), Holds;
    async fn there_is_an_error_in_the_two_states_of_error() {
        for state in OPEN.into_iter().chain(OVER) {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            match state {
                JobState::Error => assert_eq!(job.error().await.unwrap().cause.code, status(404).number),
                JobState::TransientError => assert_eq!(job.error().await.unwrap().cause.code, status(503).number),
                _ => {
                    refused(job.error().await, DO_E_ERROR_INFORMATION_UNAVAILABLE);
                }
            }
        }
    }

    /// A failed call does not set the error of the job.
    Doc(ERROR), Holds;
    async fn a_call_that_fails_makes_no_error() {
        let world = World::new().await;
        let job = world.job().await;
        refused(job.add_file("no url", world.local("0")).await, E_INVALIDARG);
        refused(job.error().await, DO_E_ERROR_INFORMATION_UNAVAILABLE);
    }

    /// The error remains until the job is TRANSFERRING again.
    Doc(GET_ERROR), Holds;
    async fn an_error_goes_when_the_job_goes_on() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        file(&job, 0).await.set_remote_name(&world.origin.url("/held")).await.unwrap();
        assert!(job.error().await.is_ok());
        job.resume().await.unwrap();
        until_state(&job, JobState::Transferring).await;
        refused(job.error().await, DO_E_ERROR_INFORMATION_UNAVAILABLE);
    }

    /// One page says that an error object is valid until the job is TRANSFERRING, another until the process ends.
    Silent(GET_ERROR), Chosen("It keeps its content.");
    async fn an_error_object_keeps_what_it_has_seen() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        let error = job.error().await.unwrap();
        let before = error.description(ENGLISH[0]).await.unwrap();
        file(&job, 0).await.set_remote_name(&world.origin.url("/file")).await.unwrap();
        job.resume().await.unwrap();
        until_state(&job, JobState::Transferred).await;
        job.complete().await.unwrap();
        assert_eq!(error.description(ENGLISH[0]).await.unwrap(), before);
    }

    /// GetError returns the context and the HRESULT.
    Doc(ERROR_GET_ERROR), Holds;
    async fn an_error_has_a_context_and_a_code() {
        let world = answering(410).await;
        let job = world.job_of(&["/here"]).await;
        let error = fails(&job, status(410)).await;
        assert_eq!((error.context, error.cause.code), (ErrorContext::None, 0x8019_019A));
    }

    /// The context is REMOTE_FILE if the cause is HTTP 403.
    Doc(JOB_ERROR), Holds;
    async fn the_context_of_403_is_the_remote_file() {
        assert_eq!(context_of(403).await, ErrorContext::RemoteFile);
    }

    /// Otherwise the context is NONE.
    Doc(JOB_ERROR), Holds;
    async fn the_context_of_anything_else_is_none() {
        for code in [400, 401, 404, 405, 407, 451, 501] {
            assert_eq!(context_of(code).await, ErrorContext::None, "{code}");
        }
    }

    /// The other contexts of BITS, such as that of the local file, are not supported.
    Doc(ERROR_CONTEXT), Holds;
    async fn an_error_of_the_disk_has_no_context() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        std::fs::write(world.local("0"), "another file").unwrap();
        let error = fails(&job, crate::codes::ERROR_FILE_EXISTS).await;
        assert_eq!(error.context, ErrorContext::None);
    }

    /// GetFile returns the file that the error concerns.
    Doc(ERROR_GET_FILE), Holds;
    async fn an_error_has_its_file() {
        let world = World::crowded().await;
        let job = world.job_of(&["/file", "/missing", "/other"]).await;
        let error = fails(&job, status(404)).await;
        let name = error.file.unwrap().remote_name().await.unwrap();
        assert_eq!(name, world.origin.url("/missing"));
    }

    /// GetFile returns no file if the error concerns none.
    Doc(ERROR_GET_FILE), Holds;
    async fn an_error_of_the_network_has_no_file() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        world.engine.set_network(OFFLINE).await.unwrap();
        until_state(&job, JobState::TransientError).await;
        let error = job.error().await.unwrap();
        assert_eq!(error.cause.code, DO_E_BLOCKED_BY_NO_NETWORK.number);
        assert!(error.file.is_none() && error.protocol.is_none());
    }

    /// BITS: GetErrorDescription returns a text in the requested language. DO documents no such call.
    Doc(BITS_ERROR_DESCRIPTION), Holds;
    async fn an_error_can_be_said_in_words() {
        let world = World::new().await;
        let error = world.job_in(JobState::Error).await.error().await.unwrap();
        for language in ENGLISH {
            assert_eq!(error.description(language).await.unwrap(), "the origin answered 404");
        }
    }

    /// BITS: GetErrorDescription with the language 0 is E_INVALIDARG.
    Doc(BITS_ERROR_DESCRIPTION), Holds;
    async fn an_error_needs_a_language() {
        let world = World::new().await;
        let error = world.job_in(JobState::Error).await.error().await.unwrap();
        refused(error.description(0).await, E_INVALIDARG);
    }

    /// BITS: a language that is not installed is ERROR_RESOURCE_LANG_NOT_FOUND.
    Doc(BITS_ERROR_DESCRIPTION), Chosen("Every language but English counts as not installed.");
    async fn an_error_is_not_said_in_other_languages() {
        let world = World::new().await;
        let error = world.job_in(JobState::Error).await.error().await.unwrap();
        refused(error.description(GERMAN).await, ERROR_RESOURCE_LANG_NOT_FOUND);
        refused(error.context_description(GERMAN).await, ERROR_RESOURCE_LANG_NOT_FOUND);
    }

    /// BITS: GetErrorContextDescription returns a text for the context.
    Doc(BITS_CONTEXT_DESCRIPTION), Holds;
    async fn a_context_can_be_said_in_words() {
        let mut said = Vec::new();
        for code in [403, 404] {
            let world = answering(code).await;
            let error = fails(&world.job_of(&["/here"]).await, status(code)).await;
            said.push(error.context_description(ENGLISH[0]).await.unwrap());
            refused(error.context_description(0).await, E_INVALIDARG);
        }
        assert_ne!(said[0], said[1]);
        assert!(said.iter().all(|text| !text.is_empty()));
    }

    /// BITS: GetProtocol returns "http" or "file".
    Doc(BITS_GET_PROTOCOL), Chosen("The scheme of the file's URL: \"http\" or \"https\", because haul supports no \
                                    other.");
    async fn an_error_has_the_protocol_of_its_file() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        assert_eq!(job.error().await.unwrap().protocol.as_deref(), Some("http"));
        file(&job, 0).await.set_remote_name("https://127.0.0.1:1/file").await.unwrap();
        job.set_no_progress_timeout(std::time::Duration::ZERO).await.unwrap();
        job.resume().await.unwrap();
        until_state(&job, JobState::Error).await;
        assert_eq!(job.error().await.unwrap().protocol.as_deref(), Some("https"));
    }

    /// If several files fail, the documentation does not say which one the error concerns.
    Silent(ERROR_GET_FILE), Chosen("The first one that fails; with `keep-going` the one that was added first.");
    async fn of_several_files_the_first_is_the_one() {
        let world = World::crowded().await;
        let gone: fn(&World, u16) -> Resource = |world, code| {
            Resource::new(representation(&world.content)).fault(When::Every, Fault::status(code))
        };
        world.origin.put("/gone", gone(&world, 410));
        let job = world.job_of(&["/gone", "/missing"]).await;
        assert_eq!(fails(&job, status(410)).await.file.unwrap().remote_name().await.unwrap(), world.origin.url("/gone"));
        let job = world.job_into("all", &["/missing", "/gone"]).await;
        job.set_options(haul::JobOptions { keep_going: true, ..Default::default() }).await.unwrap();
        let error: Code = status(404);
        assert_eq!(fails(&job, error).await.file.unwrap().remote_name().await.unwrap(), world.origin.url("/missing"));
        assert_eq!(world.origin.requests().len(), 3);
    }

    /// GetFile fails with DO_E_FILE_NOT_AVAILABLE if the error concerns no file.
    Doc(ERROR_GET_FILE), Holds;
    async fn an_error_about_no_file_says_so() {
        let mut bare = Bare::new().await;
        let error = bare.error_of_no_file().await;
        let answer = bare.call("background-copy-error", "[method]copy-error.get-file", &[error]).await;
        bare::refused(answer, DO_E_FILE_NOT_AVAILABLE);
    }

    /// BITS: GetProtocol fails with BG_E_PROTOCOL_NOT_AVAILABLE if the error concerns no protocol.
    Doc(BITS_GET_PROTOCOL), Holds;
    async fn an_error_about_no_file_has_no_protocol() {
        let mut bare = Bare::new().await;
        let error = bare.error_of_no_file().await;
        let answer = bare.call("background-copy-error", "[method]copy-error.get-protocol", &[error]).await;
        bare::refused(answer, BG_E_PROTOCOL_NOT_AVAILABLE);
    }
}
