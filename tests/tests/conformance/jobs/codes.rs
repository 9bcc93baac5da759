//! The codes of Delivery Optimization for jobs, each as the component returns it.

use haul::{FileProperty, JobState};
use wasmtime::component::Val;

use super::bare::{self, Bare, string};
use super::sources::ERRORS;
use crate::codes::{
    DO_E_ERROR_INFORMATION_UNAVAILABLE, DO_E_FILE_NOT_AVAILABLE, DO_E_JOB_EMPTY, DO_E_JOB_NOT_FOUND, DO_E_JOB_TOO_OLD,
    DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED, DO_E_NO_SERVICE,
};
use crate::statement::statements;
use crate::world::{World, refused};

statements! {
    "Codes of Delivery Optimization for jobs";

    /// 0x80D01001, DO_E_NO_SERVICE: no service is available for the call.
    Idl(ERRORS), Chosen("The engine is not open. In the crate `haul` the engine is always open, and a call after its \
                         end returns `Error::Closed`.");
    async fn do_e_no_service() {
        let mut bare = Bare::closed().await;
        let arguments = [string("job"), Val::Enum("download".into())];
        bare::refused(bare.call("background-copy-manager", "create-job", &arguments).await, DO_E_NO_SERVICE);
        bare::refused(bare.call("do-manager", "create-download", &[]).await, DO_E_NO_SERVICE);
    }

    /// 0x80D02003, DO_E_JOB_NOT_FOUND: there is no such job.
    Idl(ERRORS), Holds;
    async fn do_e_job_not_found() {
        let world = World::new().await;
        let id = world.job_in(JobState::Cancelled).await.id().to_owned();
        refused(world.engine.job(&id).await, DO_E_JOB_NOT_FOUND);
    }

    /// 0x80D02004, DO_E_JOB_EMPTY: the job has no files.
    Idl(ERRORS), Holds;
    async fn do_e_job_empty() {
        let world = World::new().await;
        refused(world.job().await.resume().await, DO_E_JOB_EMPTY);
    }

    /// 0x80D0200B, DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED: a stream in memory is not supported.
    Idl(ERRORS), Holds;
    async fn do_e_memorystream_download_not_supported() {
        let world = World::new().await;
        let file = world.job().await.add_file_by_id("id", None, &[]).await.unwrap();
        let set = file.set_property(FileProperty::DownloadSinkMemoryStream).await;
        refused(set, DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED);
    }

    /// 0x80D0200C, DO_E_JOB_TOO_OLD: a job was neither completed nor cancelled in time.
    Idl(ERRORS), Holds;
    async fn do_e_job_too_old() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        bare.pass(31).await;
        bare::refused(bare.on_job(&job, "resume").await, DO_E_JOB_TOO_OLD);
    }

    /// 0x80D02010, DO_E_FILE_NOT_AVAILABLE: the error does not concern a file.
    Idl(ERRORS), Holds;
    async fn do_e_file_not_available() {
        let mut bare = Bare::new().await;
        let error = bare.error_of_no_file().await;
        let answer = bare.call("background-copy-error", "[method]copy-error.get-file", &[error]).await;
        bare::refused(answer, DO_E_FILE_NOT_AVAILABLE);
    }

    /// 0x80D02014, DO_E_ERROR_INFORMATION_UNAVAILABLE: the job has no error.
    Idl(ERRORS), Holds;
    async fn do_e_error_information_unavailable() {
        let world = World::new().await;
        refused(world.job().await.error().await, DO_E_ERROR_INFORMATION_UNAVAILABLE);
    }
}
