//! IBackgroundCopyCallback: the times of its calls, calls made within it, and the effects of its results.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use haul::{
    Completion, Event, Happening, Job, JobCallback, JobError, JobPriority, JobState, NotifyFlags, Refused, Subject,
};
use haul_tests::docs::root;
use haul_tests::origin::{Fault, When};
use tokio::sync::{Barrier, Notify, broadcast};

use super::sources::{
    BITS_CALLBACK, BITS_JOB_MODIFICATION, BITS_JOB_TRANSFERRED, BITS_REGISTERING, CALLBACK, JOB_ERROR,
    JOB_MODIFICATION, JOB_TRANSFERRED, SET_NOTIFY_INTERFACE,
};
use super::world::{Recorder, Told, asked, done, ends, fetch, silent, state_of};
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::status::OFFLINE;
use crate::world::{HELD, World, wit};

const NOT_FOUND: u32 = 0x8019_0194;

/// The events of `job` up to and including `last`, in order.
async fn up_to(events: &mut broadcast::Receiver<Event>, job: &Job, last: Happening) -> Vec<Happening> {
    let mut so_far = Vec::new();
    while so_far.last() != Some(&last) {
        let Event { subject, what, .. } = events.recv().await.unwrap();
        if subject == Subject::Job(job.id().to_owned()) {
            so_far.push(what);
        }
    }
    so_far
}

/// A callback for modifications of a job, without pending calls.
async fn watching(job: &Job) -> Recorder {
    let recorder = Recorder::of(job, NotifyFlags::JOB_MODIFICATION).await;
    // The engine reports modifications twice a second, all of them in one call: the second call covers any change before the
    // first.
    for text in ["one", "two"] {
        let told = recorder.told().len();
        job.set_description(text).await.unwrap();
        recorder.until(|now| now.len() > told).await;
    }
    recorder
}

/// A job whose origin does not answer, so that it only passes through its first states.
async fn unanswered(world: &World) -> Job {
    world.origin.put("/silent", silent(world));
    let job = world.job_of(&["/silent"]).await;
    job.resume().await.unwrap();
    job
}

/// Completes the job at its end, and wakes the test.
struct Completes(Arc<Notify>);

impl JobCallback for Completes {
    async fn job_transferred(&self, job: &Job) -> Result<(), Refused> {
        assert_eq!(job.complete().await?, Completion::Complete);
        self.0.notify_one();
        Ok(())
    }

    async fn job_error(&self, job: &Job, _: &JobError) -> Result<(), Refused> {
        assert_eq!(job.complete().await?, Completion::PartialComplete);
        self.0.notify_one();
        Ok(())
    }
}

/// Replaces the URL of the failed file and resumes the job.
struct Mends(String);

impl JobCallback for Mends {
    async fn job_transferred(&self, _: &Job) -> Result<(), Refused> {
        Ok(())
    }

    async fn job_error(&self, job: &Job, error: &JobError) -> Result<(), Refused> {
        error.file.as_ref().ok_or(Refused)?.set_remote_name(&self.0).await?;
        job.resume().await?;
        Ok(())
    }
}

/// Waits in each call for other calls.
struct Meets(Arc<Barrier>);

impl JobCallback for Meets {
    async fn job_transferred(&self, _: &Job) -> Result<(), Refused> {
        self.0.wait().await;
        Ok(())
    }

    async fn job_error(&self, _: &Job, _: &JobError) -> Result<(), Refused> {
        Err(Refused)
    }
}

/// Modifies its job in each call, and counts concurrent calls.
#[derive(Clone, Default)]
struct Nests {
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    over: Arc<Notify>,
}

impl Nests {
    async fn call(&self, job: &Job) {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let _ = job.set_description("called").await;
        let _ = job.progress().await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl JobCallback for Nests {
    async fn job_transferred(&self, job: &Job) -> Result<(), Refused> {
        self.call(job).await;
        self.over.notify_one();
        Ok(())
    }

    async fn job_error(&self, _: &Job, _: &JobError) -> Result<(), Refused> {
        Err(Refused)
    }

    async fn job_modification(&self, job: &Job) {
        self.call(job).await;
    }
}

statements! {
    "IBackgroundCopyCallback";

    /// The callback is implemented by the client.
    Doc(CALLBACK), Holds;
    async fn the_client_implements_the_callback() {
        let worlds = std::fs::read_to_string(root().join("wit/worlds.wit")).unwrap();
        let (engine, client) = worlds.split_once("world client").unwrap();
        let export = "export background-copy-callback;";
        assert!(client.contains(export) && !engine.contains(export));
    }

    /// JobTransferred is called when all files of the job are transferred.
    Doc(JOB_TRANSFERRED), Holds;
    async fn job_transferred_is_called_when_all_files_are_here() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/held"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        job.resume().await.unwrap();
        while job.progress().await.unwrap().files_transferred < 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(recorder.told(), []);
        world.release();
        recorder.until_told(Told::Transferred).await;
        assert_eq!(state_of(&job).await, JobState::Transferred);
        assert_eq!(recorder.told(), [Told::Transferred]);
    }

    /// JobError is called when the state of the job becomes ERROR, with the error.
    Doc(JOB_ERROR), Holds;
    async fn job_error_is_called_when_the_job_fails() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        job.resume().await.unwrap();
        recorder.until_told(Told::Error(NOT_FOUND)).await;
        assert_eq!(state_of(&job).await, JobState::Error);
    }

    /// JobError is not called for transient errors.
    Doc(JOB_ERROR), Holds;
    async fn job_error_is_not_called_for_errors_that_pass() {
        let world = World::faulty([(When::First(2), Fault::status(503))]).await;
        let job = world.job_of(&["/here"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        job.resume().await.unwrap();
        recorder.until_told(Told::Transferred).await;
        assert_eq!((recorder.told(), asked(&world.origin).len()), (vec![Told::Transferred], 3));
    }

    /// JobModification is called when a client adds files.
    Doc(JOB_MODIFICATION), Holds;
    async fn job_modification_is_called_for_files_that_are_added() {
        let world = World::new().await;
        let job = world.job().await;
        let recorder = watching(&job).await;
        let told = recorder.told().len();
        job.add_file(&world.origin.url("/file"), world.local("more")).await.unwrap();
        recorder.until(|now| now.len() > told).await;
    }

    /// JobModification is called when a property changes.
    Doc(JOB_MODIFICATION), Holds;
    async fn job_modification_is_called_for_properties() {
        let world = World::new().await;
        let job = world.job().await;
        let recorder = watching(&job).await;
        let told = recorder.told().len();
        job.set_priority(JobPriority::Low).await.unwrap();
        recorder.until(|now| now.len() > told).await;
    }

    /// JobModification is called when the state changes.
    Doc(JOB_MODIFICATION), Holds;
    async fn job_modification_is_called_for_states() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        let recorder = watching(&job).await;
        let told = recorder.told().len();
        world.engine.set_network(OFFLINE).await.unwrap();
        recorder.until(|now| now.len() > told).await;
        assert_eq!(state_of(&job).await, JobState::TransientError);
    }

    /// JobModification is called when data is transferred.
    Doc(JOB_MODIFICATION), Holds;
    async fn job_modification_is_called_for_bytes() {
        let world = World::faulty([
            (When::Every, Fault::hold_until_released(0, "first")),
            (When::Every, Fault::hold_until_released(HELD, "held")),
        ])
        .await;
        let job = world.job_of(&["/here"]).await;
        job.resume().await.unwrap();
        let recorder = watching(&job).await;
        let told = recorder.told().len();
        world.origin.release("first");
        recorder.until(|now| now.len() > told).await;
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// The job and the error that are passed are borrowed: the client does not release them.
    Doc(JOB_ERROR), CannotBeWritten("`borrow<job>` and `borrow<copy-error>`.");
    async fn what_is_passed_is_borrowed() {
        let expected = "job-error: func(job: borrow<job>, error: borrow<copy-error>) -> result";
        assert_eq!(wit().signature("background-copy-callback", "job-error"), expected);
    }

    /// JobModification has a reserved argument.
    Doc(JOB_MODIFICATION), Holds;
    async fn job_modification_has_a_reserved_argument() {
        let signature = wit().signature("background-copy-callback", "job-modification");
        assert!(signature.contains("reserved: u32"), "{signature}");
    }

    /// JobModification should return S_OK.
    Doc(JOB_MODIFICATION), CannotBeWritten("The Rust method has no result; the engine ignores the result of a \
                                            component.");
    async fn job_modification_returns_nothing_that_is_heard() {
        let world = World::new().await;
        let job = world.job().await;
        let recorder = watching(&job).await;
        let told = recorder.told().len();
        job.set_priority(JobPriority::Low).await.unwrap();
        recorder.until(|now| now.len() > told).await;
        done(&world.job_into("meanwhile", &["/file"]).await).await;
        assert_eq!(recorder.told().len(), told + 1);
        let signature = wit().signature("background-copy-callback", "job-modification");
        assert_eq!(signature, "job-modification: func(job: borrow<job>, reserved: u32) -> result");
    }

    /// If JobError returns anything but S_OK, it is called again until it returns S_OK.
    Doc(JOB_ERROR), Holds;
    async fn job_error_is_called_until_it_succeeds() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        recorder.refuse(1);
        job.resume().await.unwrap();
        recorder.until(|told| told.len() == 2).await;
        assert_eq!(recorder.told(), [Told::Error(NOT_FOUND); 2]);
    }

    /// The delay before the next call of JobError is not documented.
    Silent(JOB_ERROR), Chosen("1 s, then 2, 4 and so on, at most 5 minutes.");
    async fn a_refused_call_is_repeated_after_one_second_and_then_two() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        recorder.refuse(2);
        job.resume().await.unwrap();
        let mut between = Vec::new();
        let mut last = Instant::now();
        for calls in 1..=3 {
            recorder.until(|told| told.len() == calls).await;
            between.push(last.elapsed());
            last = Instant::now();
        }
        // A little less, because the count happens at the start of a call.
        assert!(between[1] >= Duration::from_millis(950), "{between:?}");
        assert!(between[2] >= Duration::from_millis(1950), "{between:?}");
    }

    /// BITS: if JobTransferred fails, it is called again.
    Doc(BITS_JOB_TRANSFERRED), Holds;
    async fn job_transferred_is_called_until_it_succeeds() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        recorder.refuse(1);
        fetch(&job).await;
        recorder.until(|told| told.len() == 2).await;
        assert_eq!(recorder.told(), [Told::Transferred; 2]);
    }

    /// JobTransferred normally completes the job.
    Doc(JOB_TRANSFERRED), Holds;
    async fn job_transferred_may_complete_the_job() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let completed = Arc::new(Notify::new());
        job.set_notify_interface(Completes(completed.clone())).await.unwrap();
        job.resume().await.unwrap();
        completed.notified().await;
        assert_eq!(state_of(&job).await, JobState::Acknowledged);
        world.assert_file("0");
    }

    /// The files are not available before Complete.
    Doc(JOB_TRANSFERRED), Holds;
    async fn the_files_are_not_available_before_complete() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        fetch(&job).await;
        assert!(!world.local("0").exists());
        job.complete().await.unwrap();
        world.assert_file("0");
    }

    /// JobError may complete the job; files already transferred are kept.
    Doc(JOB_ERROR), Holds;
    async fn job_error_may_complete_the_job() {
        let world = World::crowded().await;
        let job = world.job_of(&["/file", "/missing"]).await;
        let completed = Arc::new(Notify::new());
        job.set_notify_interface(Completes(completed.clone())).await.unwrap();
        job.resume().await.unwrap();
        completed.notified().await;
        assert_eq!(state_of(&job).await, JobState::Acknowledged);
        assert_eq!(world.names(), ["0"]);
    }

    /// JobError may correct the cause and resume the job.
    Doc(JOB_ERROR), Holds;
    async fn job_error_may_mend_and_resume() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        job.set_notify_interface(Mends(world.origin.url("/file"))).await.unwrap();
        job.resume().await.unwrap();
        while state_of(&job).await != JobState::Transferred {
            tokio::task::yield_now().await;
        }
        job.complete().await.unwrap();
        world.assert_file("0");
    }

    /// A callback does not survive a restart: an application sets it again when it starts.
    Doc(CALLBACK), Holds;
    async fn a_callback_is_not_kept_over_a_restart() {
        let world = keeping().await;
        let job = world.job_of(&["/file"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        assert!(job.notify_interface().await.unwrap());
        let id = job.id().to_owned();
        drop(job);
        let world = reopen(world).await;
        let job = world.engine.job(&id).await.unwrap();
        assert!(!job.notify_interface().await.unwrap());
        let again = Recorder::of(&job, ends()).await;
        fetch(&job).await;
        again.until_told(Told::Transferred).await;
        assert_eq!(recorder.told(), []);
    }

    /// BITS: a callback that is set late receives earlier events.
    Doc(BITS_CALLBACK), Holds;
    async fn a_late_callback_is_told_of_the_end() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferred).await;
        Recorder::of(&job, ends()).await.until_told(Told::Transferred).await;
        let job = world.job_in(JobState::Error).await;
        Recorder::of(&job, ends()).await.until_told(Told::Error(NOT_FOUND)).await;
    }

    /// BITS: JobModification is not called for the transitions to ERROR and TRANSFERRED.
    Doc(BITS_JOB_MODIFICATION), Holds;
    async fn job_modification_is_not_called_for_the_ends() {
        let world = World::new().await;
        let job = unanswered(&world).await;
        job.set_no_progress_timeout(Duration::from_secs(4)).await.unwrap();
        let recorder = watching(&job).await;
        let mut events = world.engine.events();
        job.set_notify_flags(ends() | NotifyFlags::JOB_MODIFICATION).await.unwrap();
        // The job ends at least half a second after the report of modifications.
        let before_the_end = up_to(&mut events, &job, Happening::JobError).await;
        let last = before_the_end.iter().rposition(|what| *what == Happening::JobModification);
        assert_eq!(last.map(|last| &before_the_end[last + 1..]), Some(&[Happening::Changed, Happening::JobError][..]));
        drop(recorder);
    }

    /// BITS: a JobTransferred can overtake a JobModification.
    Doc(BITS_JOB_MODIFICATION), Holds;
    async fn job_transferred_can_overtake_a_modification() {
        let world = World::new().await;
        for attempt in 0..20 {
            let job = world.job_into(&attempt.to_string(), &["/file"]).await;
            let recorder = Recorder::of(&job, ends() | NotifyFlags::JOB_MODIFICATION).await;
            fetch(&job).await;
            recorder.until_told(Told::Transferred).await;
            recorder.until_told(Told::Modification).await;
            if recorder.told()[0] == Told::Transferred {
                return;
            }
        }
        panic!("modifications always come first");
    }

    /// BITS: at most four notifications of one user run at once.
    Doc(BITS_CALLBACK), Differs("In the crate `haul` jobs do not wait for each other; a client component receives \
                                 one call at a time.");
    async fn callbacks_of_different_jobs_do_not_wait_for_each_other() {
        let world = World::new().await;
        let all = Arc::new(Barrier::new(9));
        for number in 0..8 {
            let job = world.job_into(&number.to_string(), &["/file"]).await;
            job.set_notify_interface(Meets(all.clone())).await.unwrap();
            job.resume().await.unwrap();
        }
        tokio::time::timeout(Duration::from_secs(30), all.wait()).await.expect("eight calls under way");
    }

    /// BITS: a callback must not block.
    Doc(BITS_CALLBACK), Chosen("It may: it runs in its own task, and is called again if it does not return within a \
                                minute.");
    async fn a_callback_that_waits_holds_up_nobody() {
        let world = World::new().await;
        let waits = Arc::new(Barrier::new(2));
        let job = world.job_into("waits", &["/file"]).await;
        job.set_notify_interface(Meets(waits.clone())).await.unwrap();
        fetch(&job).await;
        done(&world.job_into("goes on", &["/file"]).await).await;
        assert_eq!(state_of(&job).await, JobState::Transferred);
        waits.wait().await;
    }

    /// BITS: in a single-threaded apartment a callback can be re-entered while it runs.
    Doc(BITS_REGISTERING), Chosen("Calls for one job run one after the other, even if they modify the job.");
    async fn calls_for_one_job_follow_each_other() {
        let world = World::faulty([(When::Every, Fault::Slow(64 * 1024))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_notify_flags(ends() | NotifyFlags::JOB_MODIFICATION).await.unwrap();
        let nests = Nests::default();
        job.set_notify_interface(nests.clone()).await.unwrap();
        job.resume().await.unwrap();
        nests.over.notified().await;
        assert_eq!(nests.most.load(Ordering::SeqCst), 1);
    }

    /// BITS: a client must implement all three methods, even unused ones.
    Doc(BITS_CALLBACK), CannotBeWritten("A component exports the whole interface; in Rust JobModification has a \
                                         default.");
    async fn the_callback_has_three_methods() {
        let wit = wit();
        let functions = &wit.interface("background-copy-callback").functions;
        assert!(functions.keys().eq(["job-transferred", "job-error", "job-modification"]));
    }

    /// BITS: the callback that was set last is called.
    Doc(BITS_CALLBACK), Holds;
    async fn the_last_callback_is_called() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let (first, last) = (Recorder::of(&job, ends()).await, Recorder::of(&job, ends()).await);
        fetch(&job).await;
        last.until_told(Told::Transferred).await;
        assert_eq!(first.told(), []);
    }

    /// BITS: an application clears the callback before it exits.
    Doc(SET_NOTIFY_INTERFACE), Holds;
    async fn a_callback_that_was_cleared_is_not_called() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let cleared = Recorder::of(&job, ends()).await;
        job.remove_notify_interface().await.unwrap();
        fetch(&job).await;
        let later = Recorder::of(&job, ends()).await;
        later.until_told(Told::Transferred).await;
        assert_eq!(cleared.told(), []);
    }
}
