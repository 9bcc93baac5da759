//! Jobs in the state of the test, and functions that wait for their progress.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use haul::{Completion, Job, JobCallback, JobError, JobFile, JobState, NotifyFlags, Refused};
use haul_tests::origin::{Fault, Origin, Resource, When};
use tokio::sync::Notify;

use crate::codes::Code;
use crate::world::{HELD, LENGTH, World, options, representation};

/// States before the end of a job.
pub const OPEN: [JobState; 6] = [
    JobState::Queued,
    JobState::Transferring,
    JobState::Suspended,
    JobState::Error,
    JobState::TransientError,
    JobState::Transferred,
];

/// States after the end.
pub const OVER: [JobState; 2] = [JobState::Acknowledged, JobState::Cancelled];

/// The flags of a callback by default.
pub fn ends() -> NotifyFlags {
    NotifyFlags::JOB_TRANSFERRED | NotifyFlags::JOB_ERROR
}

/// `/busy`, at the origins that have it: 503 with a retry after an hour.
pub fn busy(world: &World) -> Resource {
    Resource::new(representation(&world.content)).fault(When::Every, Fault::retry_after(503, "3600"))
}

/// A resource that never answers.
pub fn silent(world: &World) -> Resource {
    Resource::new(representation(&world.content)).fault(When::Every, Fault::NeverAnswer)
}

impl World {
    /// A world with one slot for transfers, which [`World::occupy`] takes.
    pub async fn crowded() -> Self {
        Self::built(|builder, _| builder.max_running(1)).await
    }

    /// A job without files.
    pub async fn job(&self) -> Job {
        self.engine.create_job("job").await.expect("a job")
    }

    /// A job of the resources at these paths, with the targets `0`, `1` and so on.
    pub async fn job_of(&self, paths: &[&str]) -> Job {
        self.job_into("", paths).await
    }

    /// The same, with the targets in a subfolder.
    pub async fn job_into(&self, folder: &str, paths: &[&str]) -> Job {
        let job = self.job().await;
        self.add_to(&job, folder, paths).await;
        job
    }

    /// Adds the resources at these paths, with the targets `0`, `1` and so on in a subfolder.
    pub async fn add_to(&self, job: &Job, folder: &str, paths: &[&str]) {
        for (number, path) in paths.iter().enumerate() {
            let local_name = self.folder.path().join(folder).join(number.to_string());
            job.add_file(&self.origin.url(path), local_name).await.expect("a file");
        }
        for file in files(job).await {
            // Files that have started already have these options.
            let _ = file.set_options(options()).await;
        }
    }

    /// A job of one file in this state; Queued requires a [`World::crowded`].
    pub async fn job_in(&self, state: JobState) -> Job {
        self.origin.put("/busy", busy(self));
        let path = match state {
            JobState::Transferring => "/held",
            JobState::Error => "/missing",
            JobState::TransientError => "/busy",
            _ => "/file",
        };
        let job = self.job_into(&format!("{state:?}"), &[path]).await;
        match state {
            JobState::Suspended => {}
            JobState::Queued => {
                self.occupy().await;
                job.resume().await.expect("a start");
            }
            JobState::Cancelled => {
                job.cancel().await.expect("a cancellation");
            }
            JobState::Acknowledged => done(&job).await,
            JobState::Transferring => {
                job.resume().await.expect("a start");
                until_written(&job, HELD).await;
            }
            _ => {
                job.resume().await.expect("a start");
                until_state(&job, state).await;
            }
        }
        assert_eq!(state_of(&job).await, state);
        job
    }

    /// Starts a job that keeps its slot until [`World::release`].
    pub async fn occupy(&self) -> Job {
        let job = self.job_into("occupied", &["/held"]).await;
        job.resume().await.expect("a start");
        until_written(&job, HELD).await;
        job
    }

    /// The local path of the file with this name.
    pub fn local(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// # Panics
    ///
    /// If that file differs from the content of the origin.
    #[track_caller]
    pub fn assert_file(&self, name: &str) {
        let bytes = std::fs::read(self.local(name)).expect("the file");
        assert!(bytes == self.bytes(0..LENGTH), "{name} differs");
    }
}

pub async fn files(job: &Job) -> Vec<JobFile> {
    job.files().await.expect("an enumerator").rest().await.expect("files")
}

/// The file with this index.
pub async fn file(job: &Job, number: usize) -> JobFile {
    files(job).await.swap_remove(number)
}

pub async fn state_of(job: &Job) -> JobState {
    job.state().await.expect("a state")
}

/// Waits until the job reaches the state by itself.
///
/// # Panics
///
/// If it stops in another state.
pub async fn until_state(job: &Job, wished: JobState) {
    loop {
        let state = state_of(job).await;
        if state == wished {
            return;
        }
        assert!(state.is_under_way(), "{state:?} instead of {wished:?}");
        tokio::task::yield_now().await;
    }
}

/// Waits until this many bytes are written.
pub async fn until_written(job: &Job, bytes: u64) {
    while job.progress().await.expect("the progress").bytes_transferred < bytes {
        tokio::task::yield_now().await;
    }
}

/// Resumes a job and waits until it has transferred everything.
pub async fn fetch(job: &Job) {
    job.resume().await.expect("a start");
    until_state(job, JobState::Transferred).await;
}

/// Transfers everything and completes the job.
pub async fn done(job: &Job) {
    fetch(job).await;
    assert_eq!(job.complete().await.expect("names"), Completion::Complete);
}

/// Resumes a job and waits for the error that stops it.
pub async fn fails(job: &Job, code: Code) -> JobError {
    job.resume().await.expect("a start");
    until_state(job, JobState::Error).await;
    let error = job.error().await.expect("an error");
    assert_eq!((error.cause.name.as_str(), error.cause.code), (code.name, code.number), "{}", error.cause);
    error
}

/// A call of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Transferred,
    /// With the HRESULT.
    Error(u32),
    Modification,
}

/// Records its calls, returns the prepared results, and wakes the test at each call.
#[derive(Clone, Default)]
pub struct Recorder {
    told: Arc<Mutex<Vec<Told>>>,
    answers: Arc<Mutex<VecDeque<Result<(), Refused>>>>,
    more: Arc<Notify>,
}

impl Recorder {
    /// A recorder that is set as the job's callback, with these flags.
    pub async fn of(job: &Job, flags: NotifyFlags) -> Self {
        job.set_notify_flags(flags).await.expect("flags");
        let recorder = Self::default();
        job.set_notify_interface(recorder.clone()).await.expect("a callback");
        recorder
    }

    /// Refuses this many of the next calls.
    pub fn refuse(&self, calls: usize) {
        self.answers.lock().unwrap().extend((0..calls).map(|_| Err(Refused)));
    }

    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// Waits until `shown` holds of the calls so far.
    pub async fn until(&self, shown: impl Fn(&[Told]) -> bool) {
        loop {
            let more = self.more.notified();
            if shown(&self.told()) {
                return;
            }
            more.await;
        }
    }

    /// Waits until this call has occurred.
    pub async fn until_told(&self, what: Told) {
        self.until(|told| told.contains(&what)).await;
    }

    fn note(&self, what: Told) -> Result<(), Refused> {
        self.told.lock().unwrap().push(what);
        self.more.notify_one();
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(()))
    }
}

impl JobCallback for Recorder {
    async fn job_transferred(&self, _: &Job) -> Result<(), Refused> {
        self.note(Told::Transferred)
    }

    async fn job_error(&self, _: &Job, error: &JobError) -> Result<(), Refused> {
        self.note(Told::Error(error.cause.code))
    }

    async fn job_modification(&self, _: &Job) {
        let _ = self.note(Told::Modification);
    }
}

/// The `Range` of a request for the rest of `/held`.
pub fn rest() -> String {
    format!("bytes={HELD}-{}", LENGTH - 1)
}

/// The paths of the requests so far, in order.
pub fn asked(origin: &Origin) -> Vec<String> {
    origin.requests().iter().map(|request| request.path().to_owned()).collect()
}
