//! Jobs in a program: files, states, callbacks, callers, restarts.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use haul::{
    Cancellation, Completion, CostFlags, DigestAlgorithm, Engine, Error, ErrorContext, ExpectedDigest, FileInfo,
    FileProperty, FilePropertyId, FileRange, FileState, Job, JobCallback, JobError, JobOptions, JobPriority,
    JobProperty, JobPropertyId, JobState, NewFile, NotifyFlags, ProxySettings, ProxyUsage, Refused, Subject,
    TransferOptions,
};
use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::scene::{MIB, assert_holds, names, version};
use tempfile::{TempDir, tempdir};

/// The time limit of every wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// The length of each file, in bytes.
const LENGTH: u64 = 2 * MIB;

struct World {
    origin: Origin,
    folder: TempDir,
    engine: Engine,
}

impl World {
    async fn new() -> Self {
        Self::with(vec![]).await
    }

    /// A world with faults at `/2`.
    async fn with(faults: Vec<(When, Fault)>) -> Self {
        let folder = tempdir().unwrap();
        let engine = open(&folder).await;
        let third = Resource::new(version(&content(2), "v1"));
        let third = faults.into_iter().fold(third, |resource, (when, fault)| resource.fault(when, fault));
        let site = Site::new().resource("/0", version(&content(0), "v1")).resource("/1", version(&content(1), "v1"));
        Self { origin: Origin::start(site.resource("/2", third)), folder, engine }
    }

    fn path(&self, name: impl ToString) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name.to_string())
    }

    fn url(&self, file: u64) -> String {
        self.origin.url(&format!("/{file}"))
    }

    fn file(&self, file: u64) -> FileInfo {
        FileInfo::new(self.url(file), self.path(file))
    }

    /// A job of the three files.
    async fn job(&self) -> Job {
        let job = self.engine.create_job("three files").await.unwrap();
        job.add_file_set((0..3).map(|file| self.file(file))).await.unwrap();
        job
    }

    async fn reopen(&mut self) {
        self.engine.clone().close().await;
        self.engine = open(&self.folder).await;
    }

    /// Waits until the job is in this state.
    async fn reached(&self, job: &Job, wanted: JobState) {
        let mut events = self.engine.events();
        let reached = async {
            while job.state().await.unwrap() != wanted {
                events.recv().await.unwrap();
            }
        };
        if tokio::time::timeout(PATIENCE, reached).await.is_err() {
            panic!("not {wanted:?}: {:?}", job.describe().await);
        }
    }

    /// Waits until this many files have arrived.
    async fn arrived(&self, job: &Job, files: u32) {
        let mut events = self.engine.events();
        let arrived = async {
            while job.progress().await.unwrap().files_transferred < files {
                events.recv().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, arrived).await.unwrap();
    }

    fn assert_files(&self, files: &[u64]) {
        for file in files {
            assert_holds(&self.path(file), &content(*file));
        }
        let names = names(self.folder.path());
        let wanted = files.iter().map(ToString::to_string).chain(["state".into()]);
        assert_eq!(names, wanted.collect::<Vec<_>>());
    }
}

async fn open(folder: &TempDir) -> Engine {
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .state_directory(folder.path().join("state"));
    engine.open().await.unwrap()
}

fn content(file: u64) -> Content {
    Content::new(file, LENGTH)
}

/// Asserts that `result` failed with the HRESULT of that name.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, name: &str) {
    match result {
        Err(Error::Failed(failure)) => assert_eq!(failure.name, name),
        other => panic!("{other:?} instead of {name}"),
    }
}

#[tokio::test]
async fn a_job_goes_through_its_states() {
    let world = World::new().await;
    let job = world.engine.create_job("empty").await.unwrap();
    assert_eq!(job.state().await.unwrap(), JobState::Suspended);
    refused(job.resume().await, "DO_E_JOB_EMPTY");
    refused(job.error().await, "DO_E_ERROR_INFORMATION_UNAVAILABLE");
    for file in 0..3 {
        job.add_file(&world.url(file), world.path(file)).await.unwrap();
    }
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    let progress = job.progress().await.unwrap();
    assert_eq!((progress.files_total, progress.files_transferred), (3, 3));
    assert_eq!((progress.bytes_total, progress.bytes_transferred), (Some(3 * LENGTH), 3 * LENGTH));
    assert!(!world.path(0).exists(), "named before it is complete");
    assert_eq!(job.complete().await.unwrap(), Completion::Complete);
    assert_eq!(job.state().await.unwrap(), JobState::Acknowledged);
    world.assert_files(&[0, 1, 2]);
    refused(job.complete().await, "DO_E_INVALID_STATE");
    refused(job.resume().await, "DO_E_INVALID_STATE");
    refused(world.engine.job(job.id()).await, "DO_E_JOB_NOT_FOUND");
}

#[tokio::test]
async fn a_suspended_job_goes_on_where_it_was() {
    let world = World::with(vec![(When::Nth(0), Fault::hold_until_released(MIB, "go"))]).await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.arrived(&job, 2).await;
    job.suspend().await.unwrap();
    assert_eq!(job.state().await.unwrap(), JobState::Suspended);
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    job.complete().await.unwrap();
    world.assert_files(&[0, 1, 2]);
}

#[tokio::test]
async fn a_job_that_is_completed_early_keeps_what_is_here() {
    let world = World::with(vec![(When::Every, Fault::hold_until_released(MIB, "go"))]).await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.arrived(&job, 2).await;
    assert_eq!(job.complete().await.unwrap(), Completion::PartialComplete);
    world.assert_files(&[0, 1]);
}

#[tokio::test]
async fn a_cancelled_job_leaves_nothing() {
    let world = World::with(vec![(When::Every, Fault::hold_until_released(MIB, "go"))]).await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.arrived(&job, 2).await;
    assert_eq!(job.cancel().await.unwrap(), Cancellation::Cancelled);
    assert_eq!(job.state().await.unwrap(), JobState::Cancelled);
    refused(job.cancel().await, "DO_E_INVALID_STATE");
    world.assert_files(&[]);
}

#[tokio::test]
async fn a_job_goes_on_by_itself_after_a_restart() {
    let mut world = World::with(vec![(When::Nth(0), Fault::hold_until_released(MIB, "go"))]).await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.arrived(&job, 2).await;
    world.reopen().await;
    assert!(matches!(job.state().await, Err(Error::Closed)));
    let again = world.engine.job(&format!("{{{}}}", job.id().to_uppercase())).await.unwrap();
    assert_eq!((again.id(), again.display_name().await.unwrap().as_str()), (job.id(), "three files"));
    world.reached(&again, JobState::Transferred).await;
    again.complete().await.unwrap();
    world.assert_files(&[0, 1, 2]);
    world.reopen().await;
    assert_eq!(world.engine.jobs(false).await.unwrap().count(), 0);
}

#[tokio::test]
async fn a_transferred_job_is_completed_after_a_restart() {
    let mut world = World::new().await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    world.reopen().await;
    let job = world.engine.jobs(false).await.unwrap().next(1).await.unwrap().remove(0);
    world.reached(&job, JobState::Transferred).await;
    assert_eq!(job.complete().await.unwrap(), Completion::Complete);
    world.assert_files(&[0, 1, 2]);
}

/// Completes jobs, transferred or not, and records its calls; it refuses the first ones.
#[derive(Clone, Default)]
struct Complete {
    told: Arc<Mutex<Vec<String>>>,
    refusals: Arc<Mutex<usize>>,
}

impl Complete {
    fn refusing(times: usize) -> Self {
        Self { refusals: Arc::new(Mutex::new(times)), ..Self::default() }
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    async fn answer(&self, job: &Job, what: String) -> Result<(), Refused> {
        self.told.lock().unwrap().push(what);
        let refuses = {
            let mut left = self.refusals.lock().unwrap();
            let refuses = *left > 0;
            *left = left.saturating_sub(1);
            refuses
        };
        if refuses {
            return Err(Refused);
        }
        job.complete().await?;
        Ok(())
    }
}

impl JobCallback for Complete {
    async fn job_transferred(&self, job: &Job) -> Result<(), Refused> {
        self.answer(job, "transferred".into()).await
    }

    async fn job_error(&self, job: &Job, error: &JobError) -> Result<(), Refused> {
        self.answer(job, error.cause.name.clone()).await
    }

    async fn job_modification(&self, _job: &Job) {
        self.told.lock().unwrap().push("modification".into());
    }
}

#[tokio::test]
async fn a_callback_completes_the_job() {
    let world = World::new().await;
    let (job, callback) = (world.job().await, Complete::default());
    let told = job.set_notify_interface(callback.clone()).await.unwrap();
    assert!(job.notify_interface().await.unwrap());
    job.resume().await.unwrap();
    drop(job);
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap();
    assert_eq!(callback.told(), ["transferred"]);
    world.assert_files(&[0, 1, 2]);
}

#[tokio::test]
async fn a_callback_that_refuses_is_called_again() {
    let world = World::new().await;
    let (job, callback) = (world.job().await, Complete::refusing(2));
    let told = job.set_notify_interface(callback.clone()).await.unwrap();
    job.resume().await.unwrap();
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap();
    assert_eq!(callback.told(), ["transferred"; 3]);
    world.assert_files(&[0, 1, 2]);
}

#[tokio::test]
async fn a_callback_is_told_what_has_happened_before_and_only_the_last_one_is() {
    let world = World::new().await;
    let (job, first, second) = (world.job().await, Complete::default(), Complete::default());
    let replaced = job.set_notify_interface(first.clone()).await.unwrap();
    job.set_notify_flags(NotifyFlags::DISABLE).await.unwrap();
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    job.remove_notify_interface().await.unwrap();
    tokio::time::timeout(PATIENCE, replaced).await.unwrap().unwrap();
    assert!(!job.notify_interface().await.unwrap());
    job.set_notify_flags(NotifyFlags::JOB_TRANSFERRED).await.unwrap();
    let told = job.set_notify_interface(second.clone()).await.unwrap();
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap();
    assert_eq!((first.told(), second.told()), (vec![], vec!["transferred".to_owned()]));
}

#[tokio::test]
async fn modifications_are_told_to_those_who_ask() {
    let world = World::new().await;
    let (job, callback) = (world.job().await, Complete::default());
    job.set_notify_flags(NotifyFlags::JOB_TRANSFERRED | NotifyFlags::JOB_MODIFICATION).await.unwrap();
    let told = job.set_notify_interface(callback.clone()).await.unwrap();
    job.set_description("modified").await.unwrap();
    let modified = async {
        while callback.told().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, modified).await.unwrap();
    job.resume().await.unwrap();
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap();
    let told = callback.told();
    assert_eq!((told.first().unwrap().as_str(), told.last().unwrap().as_str()), ("modification", "transferred"));
}

#[tokio::test]
async fn an_error_says_which_file_it_was_and_the_callback_keeps_the_others() {
    let world = World::with(vec![(When::Every, Fault::status(403))]).await;
    let job = world.job().await;
    job.set_options(JobOptions { keep_going: true, ..JobOptions::default() }).await.unwrap();
    job.resume().await.unwrap();
    world.reached(&job, JobState::Error).await;
    let error = job.error().await.unwrap();
    assert_eq!((error.context, error.protocol.as_deref()), (ErrorContext::RemoteFile, Some("http")));
    let file = error.file.as_ref().unwrap();
    assert_eq!(file.remote_name().await.unwrap(), world.url(2));
    assert_eq!(file.local_name().await.unwrap(), world.path(2));
    assert!(!error.description(0x0409).await.unwrap().is_empty());
    refused(error.context_description(0x0407).await, "ERROR_RESOURCE_LANG_NOT_FOUND");
    assert!(job.extended_error_info().await.unwrap().contains(&error.cause.name));
    let description = job.describe().await.unwrap();
    assert_eq!(description.error.unwrap().file, Some(2));
    assert_eq!((description.error_count, job.error_count().await.unwrap()), (1, 1));

    let callback = Complete::default();
    let told = job.set_notify_interface(callback.clone()).await.unwrap();
    tokio::time::timeout(PATIENCE, told).await.unwrap().unwrap();
    assert_eq!(callback.told(), [error.cause.name]);
    world.assert_files(&[0, 1]);
}

#[tokio::test]
async fn a_failed_file_gets_another_url() {
    let world = World::with(vec![(When::Every, Fault::status(404))]).await;
    let job = world.job().await;
    job.resume().await.unwrap();
    world.reached(&job, JobState::Error).await;
    let file = job.error().await.unwrap().file.unwrap();
    file.set_remote_name(&world.url(1)).await.unwrap();
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    job.complete().await.unwrap();
    assert_holds(&world.path(2), &content(1));
}

#[tokio::test]
async fn files_are_enumerated_in_their_order() {
    let world = World::new().await;
    let job = world.job().await;
    let mut files = job.files().await.unwrap();
    job.add_file(&world.url(0), world.path("later")).await.unwrap();
    assert_eq!(files.count(), 3);
    let first = files.next(1).await.unwrap();
    assert_eq!(first[0].remote_name().await.unwrap(), world.url(0));
    let mut copy = files.clone();
    assert!(files.skip(1));
    assert!(!files.skip(2));
    assert!(files.next(1).await.unwrap().is_empty());
    assert_eq!(copy.next(9).await.unwrap().len(), 2);
    files.reset();
    let all = files.rest().await.unwrap();
    assert_eq!(all[2].local_name().await.unwrap(), world.path(2));
    let described = job.describe_files(1, 9).await.unwrap();
    assert_eq!(described.len(), 3);
    assert_eq!(described[0].local_name.as_ref(), Some(&world.path(1)));
    assert_eq!((described[0].file_id.clone(), described[0].state), (world.url(1), FileState::Waiting));
}

#[tokio::test]
async fn many_files_are_added_and_enumerated_at_once() {
    const MANY: u32 = 20_000;
    let world = World::new().await;
    let job = world.engine.create_job("many").await.unwrap();
    let file = |number| FileInfo::new(world.origin.url(&format!("/many/{number}")), world.path(number));
    job.add_file_set((0..MANY).map(file)).await.unwrap();
    let files = job.files().await.unwrap().rest().await.unwrap();
    assert_eq!(files.len(), MANY as usize);
    assert_eq!(files.last().unwrap().local_name().await.unwrap(), world.path(MANY - 1));
    assert_eq!(job.describe_files(MANY - 5, 100).await.unwrap().len(), 5);
    drop(files);
    job.cancel().await.unwrap();
}

#[tokio::test]
async fn files_are_added_with_their_options_while_their_job_runs() {
    let mut world = World::new().await;
    let job = world.engine.create_job("running").await.unwrap();
    job.add_file(&world.url(0), world.path(0)).await.unwrap();
    job.resume().await.unwrap();
    let file = |number: u64, sha256: Vec<u8>| {
        let mut file = NewFile::new(world.url(number), world.path(number));
        let expected = vec![ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: sha256 }];
        file.options = Some(TransferOptions { expected, ..TransferOptions::default() });
        file
    };
    refused(job.add_files([file(1, vec![0; 32]), file(2, vec![0; 31])]).await, "E_INVALIDARG");
    let taken = job.add_files([file(1, vec![0; 32]), file(0, vec![0; 32])]).await.unwrap_err().to_string();
    assert!(taken.contains(&world.path(0).display().to_string()), "{taken}");
    assert_eq!(job.progress().await.unwrap().files_total, 1);
    let mut part = file(1, vec![0; 32]);
    (part.file_id, part.ranges) = (Some("part".into()), vec![FileRange { initial_offset: 0, length: Some(10) }]);
    job.add_files([part]).await.unwrap();
    // If the first file has arrived by now, the new one has suspended its job.
    job.resume().await.unwrap();
    world.reached(&job, JobState::Error).await;
    assert_eq!(job.error().await.unwrap().cause.name, "BG_E_VALIDATION_FAILED");

    let draft = world.engine.draft_job("draft").await.unwrap();
    draft.add_files([NewFile::new(world.url(2), world.path(2))]).await.unwrap();
    draft.resume().await.unwrap();
    refused(world.engine.job(draft.id()).await, "DO_E_JOB_NOT_FOUND");
    let dropped = world.engine.draft_job("dropped").await.unwrap();
    drop(dropped);
    draft.keep().await.unwrap();
    world.reached(&draft, JobState::Transferred).await;
    let id = draft.id().to_owned();
    world.reopen().await;
    assert_eq!(world.engine.jobs(true).await.unwrap().count(), 2);
    world.engine.job(&id).await.unwrap().complete().await.unwrap();
    assert_holds(&world.path(2), &content(2));
}

#[tokio::test]
async fn ranges_and_late_paths_are_those_of_the_files() {
    let world = World::new().await;
    let job = world.engine.create_job("parts").await.unwrap();
    let ranges = [
        FileRange { initial_offset: 1000, length: Some(500) },
        FileRange { initial_offset: LENGTH - 10, length: None },
        FileRange { initial_offset: 0, length: Some(100) },
    ];
    job.add_file_with_ranges("parts", &world.url(0), world.path(0), &ranges, Some(LENGTH)).await.unwrap();
    let overlapping = [ranges[0], ranges[0]];
    let again = job.add_file_with_ranges("again", &world.url(0), world.path(7), &overlapping, None).await;
    refused(again, "DO_E_OVERLAPPING_RANGES");
    let same_id = job.add_file_with_ranges("parts", &world.url(0), world.path(7), &[], None).await;
    refused(same_id, "E_INVALIDARG");
    let late = job.add_file_by_id("late", Some(&world.url(1)), &[]).await.unwrap();
    refused(job.resume().await, "DO_E_FILE_DOWNLOADSINK_UNSPECIFIED");
    refused(late.local_name().await, "E_NOT_SET");
    late.set_property(FileProperty::DownloadSinkFilePath(world.path(1))).await.unwrap();
    let path = late.property(FilePropertyId::DownloadSinkFilePath).await.unwrap();
    assert_eq!(path, FileProperty::DownloadSinkFilePath(world.path(1)));
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    let parts = job.files().await.unwrap().next(1).await.unwrap().remove(0);
    assert_eq!(parts.ranges().await.unwrap(), ranges);
    assert_eq!(parts.progress().await.unwrap().bytes_total, Some(610));
    assert!(late.ranges().await.unwrap().is_empty());
    assert!(late.response_headers().await.unwrap().contains("\r\netag: \"v1\"\r\n"));
    let stats = late.stats().await.unwrap();
    assert_eq!((stats.file_id.as_str(), stats.bytes_from_http), ("late", LENGTH));
    job.complete().await.unwrap();
    assert!(late.progress().await.unwrap().completed);
    let wanted: Vec<_> = [1000..1500, LENGTH - 10..LENGTH, 0..100].map(|range| content(0).bytes(range)).concat();
    assert_eq!(std::fs::read(world.path(0)).unwrap(), wanted);
    assert_holds(&world.path(1), &content(1));
}

#[tokio::test]
async fn what_is_set_for_a_job_is_what_it_says_and_outlives_the_engine() {
    let mut world = World::new().await;
    let before = SystemTime::now() - Duration::from_secs(60);
    let job = world.job().await;
    job.set_display_name("renamed").await.unwrap();
    refused(job.set_display_name(&"x".repeat(257)).await, "BG_E_STRING_TOO_LONG");
    job.set_description("what for").await.unwrap();
    job.set_priority(JobPriority::High).await.unwrap();
    job.set_notify_flags(NotifyFlags::JOB_ERROR).await.unwrap();
    refused(job.set_notify_flags(NotifyFlags::FILE_RANGES_TRANSFERRED).await, "E_NOTIMPL");
    job.set_minimum_retry_delay(Duration::from_millis(1500)).await.unwrap();
    job.set_no_progress_timeout(Duration::from_secs(99)).await.unwrap();
    let cost = JobProperty::CostFlags(CostFlags::UNRESTRICTED | CostFlags::BELOW_CAP);
    job.set_property(cost.clone()).await.unwrap();
    refused(job.property(JobPropertyId::NotificationClsid).await, "E_NOT_SET");
    refused(job.property(JobPropertyId::OnDemandMode).await, "DO_E_UNKNOWN_PROPERTY_ID");
    job.set_options(JobOptions { custom_headers: "X-Job: 1".into(), ..JobOptions::default() }).await.unwrap();
    let id = job.id().to_owned();
    world.reopen().await;
    let job = world.engine.job(&id).await.unwrap();
    let description = job.describe().await.unwrap();
    assert_eq!((description.display_name.as_str(), description.description.as_str()), ("renamed", "what for"));
    assert_eq!((description.priority, description.notify_flags), (JobPriority::High, NotifyFlags::JOB_ERROR));
    assert_eq!(description.minimum_retry_delay, Duration::from_secs(5));
    assert_eq!(description.no_progress_timeout, Duration::from_secs(99));
    let times = job.times().await.unwrap();
    assert!(before < times.creation && times.creation <= times.modification, "{times:?}");
    assert_eq!((times.transfer_completion, description.state), (None, JobState::Suspended));
    assert_eq!(job.property(JobPropertyId::CostFlags).await.unwrap(), cost);
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    assert!(world.origin.requests().iter().all(|request| request.header("x-job") == Some("1")));
    assert!(job.times().await.unwrap().transfer_completion.is_some());
    job.complete().await.unwrap();
}

#[tokio::test]
async fn a_job_goes_through_its_proxy() {
    let world = World::new().await;
    let job = world.engine.create_job("through a proxy").await.unwrap();
    job.add_file("http://files.test/0", world.path(0)).await.unwrap();
    let proxy = ProxySettings {
        usage: ProxyUsage::Override,
        proxy_list: Some(world.origin.address().to_string().into()),
        proxy_bypass_list: None,
    };
    refused(
        job.set_proxy_settings(ProxySettings { usage: ProxyUsage::NoProxy, ..proxy.clone() }).await,
        "E_INVALIDARG",
    );
    job.set_proxy_settings(proxy.clone()).await.unwrap();
    assert_eq!(job.proxy_settings().await.unwrap(), proxy);
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    job.complete().await.unwrap();
    assert_holds(&world.path(0), &content(0));
    assert!(world.origin.requests().iter().all(|request| request.target == "http://files.test/0"));
}

#[tokio::test]
async fn callers_have_their_own_jobs_and_the_host_has_all() {
    let world = World::new().await;
    let (one, two) = (world.engine.for_caller("one"), world.engine.for_caller("two"));
    let job = one.create_job("of one").await.unwrap();
    assert_eq!(job.owner().await.unwrap(), "one");
    assert_eq!(two.jobs(false).await.unwrap().count(), 0);
    refused(two.job(job.id()).await, "E_ACCESSDENIED");
    refused(two.jobs(true).await, "E_ACCESSDENIED");
    assert_eq!(world.engine.jobs(false).await.unwrap().count(), 0);
    let seen = world.engine.jobs(true).await.unwrap().rest().await.unwrap();
    assert_eq!(seen.iter().map(Job::id).collect::<Vec<_>>(), [job.id()]);
    seen[0].take_ownership().await.unwrap();
    assert_eq!(job.owner().await.unwrap(), "");
    assert_eq!(one.jobs(false).await.unwrap().count(), 0);
    assert_eq!(world.engine.jobs(false).await.unwrap().count(), 1);
    refused(one.job("no guid").await, "E_INVALIDARG");
    refused(one.job("00000000-0000-0000-0000-000000000000").await, "DO_E_JOB_NOT_FOUND");
}

#[tokio::test]
async fn events_say_which_job_and_which_file() {
    let world = World::new().await;
    let job = world.job().await;
    let mut events = world.engine.events();
    job.resume().await.unwrap();
    world.reached(&job, JobState::Transferred).await;
    let mut subjects = Vec::new();
    while let Ok(event) = events.try_recv() {
        assert_eq!(event.subject.job(), Some(job.id()));
        subjects.push(event.subject);
    }
    assert!(subjects.contains(&Subject::Job(job.id().into())), "{subjects:?}");
    for index in 0..3 {
        assert!(subjects.contains(&Subject::File { job: job.id().into(), index }), "{subjects:?}");
    }
}

#[tokio::test]
async fn codes_are_described() {
    let world = World::new().await;
    let text = world.engine.error_description(0x80D0_2003, 0x0409).await.unwrap();
    assert!(!text.is_empty());
    refused(world.engine.error_description(0x80D0_2003, 0).await, "E_INVALIDARG");
    refused(world.engine.error_description(0x1234_5678, 0x0409).await, "ERROR_RESOURCE_LANG_NOT_FOUND");
    world.engine.set_max_rate(Some(1 << 20)).await.unwrap();
    world.engine.set_max_rate(None).await.unwrap();
}
