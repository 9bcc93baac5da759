//! Downloads that survive their engine: the state directory after a kill and after damage, and its owner.

mod bounds;
mod damage;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use haul::{Category, Engine, Error, Property, PropertyId, StartMode};
use haul_tests::origin::{Fault, Origin, When};
use haul_tests::process::built;
use haul_tests::scene::{MIB, assert_holds, content, names, origin};
use tempfile::{TempDir, tempdir};

/// Names that remain in the state directory after all downloads and jobs.
const LASTING: [&str; 4] = ["engine.lock", "finished", "key", "queue.haul"];

async fn open(folder: &Path) -> Result<Engine, Error> {
    Engine::builder().policy(haul::Policy::allow_all()).grant(folder).state_directory(folder.join("state")).open().await
}

/// Creates a non-volatile download without starting it.
async fn leave(engine: &Engine, origin: &Origin, folder: &TempDir, name: &str) -> String {
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join(name)).await.unwrap();
    download.set_property(Property::NonVolatile(true)).await.unwrap();
    download.id().into()
}

async fn ids(engine: &Engine) -> Vec<String> {
    match engine.downloads(None).await {
        Ok(downloads) => downloads.into_iter().map(|download| download.id().into()).collect(),
        Err(Error::Failed(failure)) if failure.name == "DO_E_NO_DOWNLOADS" => Vec::new(),
        Err(other) => panic!("{other}"),
    }
}

/// The library's example `queue`, in `folder`.
fn example(folder: &TempDir, origin: &Origin) -> Command {
    let mut command = Command::new(built("examples/queue"));
    command.current_dir(folder.path()).args([&origin.url("/file"), "file"]).stdout(Stdio::null());
    command
}

#[test]
fn a_killed_program_finds_its_download_again() {
    let folder = tempdir().unwrap();
    let origin = origin(vec![
        (When::Nth(0), Fault::hold_until_released(3 * MIB, "go")),
        (When::Nth(1), Fault::hold_until_released(5 * MIB, "go")),
    ]);
    for round in 1..=2 {
        let mut running = example(&folder, &origin).spawn().unwrap();
        origin.wait_for(|requests| requests.len() == round && requests[round - 1].body_sent > 0);
        running.kill().unwrap();
        running.wait().unwrap();
    }
    let ended = example(&folder, &origin).status().unwrap();
    assert!(ended.success());
    assert_holds(&folder.path().join("file"), &content());
    assert_eq!(names(folder.path()), [".haul", "file"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let left = runtime.block_on(async {
        let engine = Engine::builder()
            .policy(haul::Policy::allow_all())
            .grant(folder.path())
            .state_directory(folder.path().join(".haul"));
        ids(&engine.open().await.unwrap()).await
    });
    assert_eq!(left, [""; 0]);
}

#[tokio::test]
async fn what_is_volatile_ends_with_its_engine_and_what_is_not_keeps_its_properties() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    let kept = leave(&engine, &origin, &folder, "kept").await;
    engine.create_download().await.unwrap().set_uri(&origin.url("/file")).await.unwrap();
    assert_eq!(ids(&engine).await.len(), 2);
    engine.close().await;

    let engine = open(folder.path()).await.unwrap();
    assert_eq!(ids(&engine).await, std::slice::from_ref(&kept));
    let download = engine.downloads(Some(Category::Id(kept))).await.unwrap().next(1).remove(0);
    assert_eq!(download.property(PropertyId::Uri).await.unwrap(), Property::Uri(origin.url("/file")));
    assert_eq!(download.property(PropertyId::NonVolatile).await.unwrap(), Property::NonVolatile(true));
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert_holds(&folder.path().join("kept"), &content());
    engine.close().await;
    assert_eq!(ids(&open(folder.path()).await.unwrap()).await, [""; 0]);
}

/// The engine that finds the download cannot read the property, because it is write-only.
#[tokio::test]
async fn a_download_that_asked_for_a_token_still_gets_it() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let open = async || {
        let builder = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path());
        let builder = builder.network_token("one", origin.url(""), "Bearer of-one");
        builder.state_directory(folder.path().join("state")).open().await.unwrap()
    };
    let engine = open().await;
    let download = engine.for_caller("one").create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    download.set_property(Property::NetworkToken(true)).await.unwrap();
    download.set_property(Property::NonVolatile(true)).await.unwrap();
    engine.close().await;

    let engine = open().await;
    let download = engine.for_caller("one").downloads(None).await.unwrap().next(1).remove(0);
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert_holds(&folder.path().join("file"), &content());
    assert!(origin.requests().iter().all(|request| request.header("authorization") == Some("Bearer of-one")));
}

#[tokio::test]
async fn a_transferred_download_is_finalized_by_the_next_engine_without_a_request() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    let id = leave(&engine, &origin, &folder, "file").await;
    let download = engine.downloads(None).await.unwrap().next(1).remove(0);
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    engine.close().await;
    let requests = origin.requests().len();

    let engine = open(folder.path()).await.unwrap();
    let download = engine.downloads(Some(Category::Id(id))).await.unwrap().next(1).remove(0);
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert_holds(&folder.path().join("file"), &content());
    assert_eq!(origin.requests().len(), requests);
}

#[tokio::test]
async fn one_engine_at_a_time_has_a_state_directory_that_its_owner_alone_can_read() {
    let folder = tempdir().unwrap();
    let first = open(folder.path()).await.unwrap();
    let Err(Error::Failed(failure)) = open(folder.path()).await else { panic!("two engines on one ledger") };
    assert_eq!(failure.name, "ERROR_SHARING_VIOLATION");
    let mode = fs::metadata(folder.path().join("state")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    first.close().await;
    open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn nothing_is_kept_without_a_state_directory_and_that_is_said() {
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let download = engine.create_download().await.unwrap();
    let Err(Error::Failed(failure)) = download.set_property(Property::NonVolatile(true)).await else { panic!() };
    assert_eq!(failure.name, "E_NOTIMPL");
    download.set_property(Property::NonVolatile(false)).await.unwrap();
}

#[tokio::test]
async fn no_download_reaches_into_the_state_directory() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    leave(&engine, &origin, &folder, "kept").await;
    let download = engine.for_caller("plugin").create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    for name in ["state/queue.haul", "state/engine.lock", "state/below/it"] {
        download.set_local_path(folder.path().join(name)).await.unwrap();
        let Err(Error::Failed(failure)) = download.start(StartMode::WholeFile).await else { panic!("{name}") };
        assert_eq!(failure.name, "E_ACCESSDENIED", "{name}");
    }
    assert_eq!(names(&folder.path().join("state")), LASTING);
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_set() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    download.set_property(Property::NonVolatile(true)).await.unwrap_err();
    assert_eq!(download.property(PropertyId::NonVolatile).await.unwrap(), Property::NonVolatile(false));
    download.set_property(Property::DisplayName("volatile".into())).await.unwrap();
}

#[tokio::test]
async fn an_aborted_download_of_an_earlier_engine_leaves_no_files() {
    let folder = tempdir().unwrap();
    let origin = origin(vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "go"))]);
    let engine = open(folder.path()).await.unwrap();
    leave(&engine, &origin, &folder, "file").await;
    let download = engine.downloads(None).await.unwrap().next(1).remove(0);
    download.start(StartMode::WholeFile).await.unwrap();
    while download.status().await.unwrap().bytes_transferred == 0 {
        tokio::task::yield_now().await;
    }
    engine.close().await;
    let engine = open(folder.path()).await.unwrap();
    let download = engine.downloads(None).await.unwrap().next(1).remove(0);
    assert_eq!(names(folder.path()), ["file.haul", "file.part", "state"]);
    download.abort().await.unwrap();
    assert_eq!(names(folder.path()), ["state"]);
}
