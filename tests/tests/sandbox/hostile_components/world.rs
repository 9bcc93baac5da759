//! An engine with a hostile component, files that it must not touch, and another engine at work.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use haul::{Builder, Download, Engine, Error, FetchReport, Limits};
use haul_tests::origin::Origin;
use haul_tests::scene::{assert_holds, content, names, origin};
use tempfile::{TempDir, tempdir};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The time limit of every wait, on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(60);

const SECRET: &[u8] = b"not for components";

pub fn hostile() -> &'static [u8] {
    static HOSTILE: OnceLock<Vec<u8>> = OnceLock::new();
    HOSTILE.get_or_init(|| fs::read(env!("HAUL_TEST_HOSTILE")).unwrap())
}

/// Limits that a test reaches soon.
pub fn small() -> Limits {
    Limits::default()
        .memory(64 << 20)
        .compute_time(Duration::from_secs(1))
        .call_time(Duration::from_secs(6))
        .wake_time(Duration::from_secs(2))
        .handles(5000)
        .resources(1000)
        .fields(100)
        .open_files(20)
        .listings(4)
        .requests(20)
        .url_bytes(1000)
        .header_bytes(10_000)
        .events(5000)
        .call_bytes(4 << 20)
        .questions(50)
}

pub struct World {
    pub origin: Origin,
    folder: TempDir,
    /// The order, which is also the name of the state directory.
    order: String,
    /// The transfer of the other engine.
    other: JoinHandle<Result<FetchReport, Error>>,
}

impl World {
    /// Puts a job into the state directory, and starts a transfer of another engine.
    pub async fn new(order: &str) -> Self {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        for name in ["granted", "granted/inner", "outside", "other", "states"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("secret"), SECRET).unwrap();
        fs::write(folder.path().join("outside/secret"), SECRET).unwrap();
        fs::write(folder.path().join("granted/file"), "bytes").unwrap();
        let engine = Engine::builder()
            .policy(haul::Policy::allow_all())
            .grant(folder.path().join("other"))
            .open()
            .await
            .unwrap();
        let (url, path) = (origin.url("/file"), folder.path().join("other/file"));
        let other = tokio::spawn(async move { engine.fetch(&url, path).await });
        let world = Self { origin, folder, order: order.into(), other };
        let before = world.own().await;
        before.create_job("kept").await.unwrap();
        before.close().await;
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// A path as text for an order.
    pub fn text(&self, name: &str) -> String {
        self.path(name).into_os_string().into_string().unwrap()
    }

    fn state(&self) -> PathBuf {
        self.path("states").join(&self.order)
    }

    /// An engine with haul's own component and the same state directory.
    async fn own(&self) -> Engine {
        Engine::builder()
            .policy(haul::Policy::allow_all())
            .grant(self.path("granted"))
            .state_directory(self.state())
            .open()
            .await
            .unwrap()
    }

    pub async fn open(&self) -> Result<Engine, Error> {
        self.open_with(small()).await
    }

    pub async fn open_with(&self, limits: Limits) -> Result<Engine, Error> {
        self.open_built(Engine::builder().policy(haul::Policy::allow_all()).limits(limits)).await
    }

    pub async fn open_built(&self, builder: Builder) -> Result<Engine, Error> {
        let open = builder.component(hostile()).grant(self.path("granted")).state_directory(self.state()).open();
        timeout(LIMIT, open).await.expect("opening ends")
    }

    /// Asserts that the other engine finishes its file, that files outside the grant are untouched, and that haul's own component
    /// finds its queue.
    pub async fn assert_intact(self) {
        timeout(LIMIT, self.other).await.expect("the other transfer ends").unwrap().unwrap();
        assert_holds(&self.folder.path().join("other/file"), &content());
        assert_eq!(names(&self.folder.path().join("other")), ["file"]);
        assert_eq!(names(self.folder.path()), ["granted", "other", "outside", "secret", "states"]);
        assert_eq!(names(&self.folder.path().join("outside")), ["secret"]);
        for name in ["secret", "outside/secret"] {
            assert_eq!(fs::read(self.folder.path().join(name)).unwrap(), SECRET);
        }
        let again = Engine::builder().policy(haul::Policy::allow_all()).grant(self.folder.path().join("granted"));
        let again = again.state_directory(self.folder.path().join("states").join(&self.order)).open().await.unwrap();
        let jobs = again.jobs(false).await.unwrap().rest().await.unwrap();
        assert_eq!(jobs.len(), 1);
        assert_eq!(jobs[0].display_name().await.unwrap(), "kept");
    }
}

/// Gives an order; the component carries it out at once if its export is `now`.
pub async fn order(engine: &Engine, text: &str) -> Result<String, Error> {
    timeout(LIMIT, engine.suggest_file_name(text)).await.expect("an order is answered")
}

pub async fn ordered(engine: &Engine, text: &str) -> String {
    order(engine, text).await.unwrap()
}

/// Creates a download and reads its status.
pub async fn download(engine: &Engine) -> Result<Download, Error> {
    timeout(LIMIT, async {
        let download = engine.create_download().await?;
        download.status().await?;
        Ok(download)
    })
    .await
    .expect("the calls end")
}

/// The reason why the component was stopped.
#[track_caller]
pub fn reason<T>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Trapped(reason)) => reason,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was not stopped"),
    }
}

/// Asserts that the engine stops the component, and that every later call reports the same reason.
pub async fn assert_stopped(engine: &Engine, expected: &str) {
    let stopped = async { while engine.explain(1).await.is_ok() {} };
    timeout(LIMIT, stopped).await.expect("it is stopped");
    let told = reason(engine.explain(1).await);
    assert!(told.contains(expected), "{told}");
}
