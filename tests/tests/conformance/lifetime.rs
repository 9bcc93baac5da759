//! Lifetime, ownership and threads of downloads.

use haul::{Category, Download, DownloadState, Engine, Error, Property, PropertyId, StartMode};
use tempfile::TempDir;

use crate::codes::{DO_E_NO_DOWNLOADS, E_NOTIMPL};
use crate::sources::{CALLBACK_INTERFACE, ENUMERATE, GET_PROPERTY, PROPERTY, SAMPLE, SAMPLE_INTEROP, SDK_HEADER};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fails, fetch, refused, state_of, until_transferred, wit};

/// A world whose engine keeps non-volatile downloads.
pub async fn keeping() -> World {
    World::built(|builder, folder| builder.state_directory(state(folder))).await
}

fn state(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("state")
}

/// Closes the engine and opens another one on the same folder.
pub async fn reopen(world: World) -> World {
    let World { origin, folder, engine, content } = world;
    engine.close().await;
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .state_directory(state(&folder))
        .open()
        .await
        .unwrap();
    World { origin, folder, engine, content }
}

/// A non-volatile download after its engine was closed and reopened; `prepare` runs before that.
pub async fn reopened(prepare: impl AsyncFnOnce(&Download)) -> (Download, World) {
    reopened_of("/held", prepare).await
}

/// The same for the resource at `path`.
async fn reopened_of(path: &str, prepare: impl AsyncFnOnce(&Download)) -> (Download, World) {
    let world = keeping().await;
    let download = world.download_of(path).await;
    download.set_property(Property::NonVolatile(true)).await.unwrap();
    prepare(&download).await;
    let id = download.id().to_owned();
    drop(download);
    let world = reopen(world).await;
    let mut found = world.engine.downloads(Some(Category::Id(id))).await.unwrap();
    (found.next(1).remove(0), world)
}

statements! {
    "Lifetime, ownership and threads";

    /// A download survives the object that created it; the same caller can find it and bind it again.
    Doc(ENUMERATE), Holds;
    async fn a_download_survives_its_object() {
        let world = World::new().await;
        let id = world.download_in(DownloadState::Paused).await.id().to_owned();
        let mut found = world.engine.downloads(Some(Category::Id(id))).await.unwrap();
        assert_eq!(state_of(&found.next(1)[0]).await, DownloadState::Paused);
    }

    /// With NonVolatile a download survives a restart of the service.
    Doc(PROPERTY), Holds;
    async fn a_non_volatile_download_survives_a_restart() {
        let (download, world) = reopened(async |download: &Download| {
            download.set_property(Property::DisplayName("kept".into())).await.unwrap();
        })
        .await;
        assert_eq!(state_of(&download).await, DownloadState::Created);
        let name = download.property(PropertyId::DisplayName).await.unwrap();
        assert_eq!(name, Property::DisplayName("kept".into()));
        world.release();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Without NonVolatile a restart loses the download.
    Doc(PROPERTY), Holds;
    async fn a_volatile_download_does_not_survive_a_restart() {
        let world = keeping().await;
        let _download = world.download().await;
        let world = reopen(world).await;
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// The state of a download after a restart is not documented.
    Silent(PROPERTY), Chosen("A download that was Transferring is Paused, with the stored data.");
    async fn a_transfer_is_paused_after_a_restart() {
        let (download, world) = reopened(async |download: &Download| {
            download.start(StartMode::WholeFile).await.unwrap();
            until_transferred(download, HELD).await;
        })
        .await;
        assert_eq!(state_of(&download).await, DownloadState::Paused);
        world.release();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.report().await.unwrap().bytes_resumed, HELD);
        download.finalize().await.unwrap();
        assert_eq!(world.written().len() as u64, LENGTH);
    }

    /// After a crash a client finds its download by the saved Id, and resumes it with null.
    Observed(SAMPLE), Holds;
    async fn a_download_is_resumed_with_null_after_a_restart() {
        let (download, world) = reopened(async |download: &Download| {
            download.start(crate::world::ranges(&[(0, 2 * HELD)])).await.unwrap();
            until_transferred(download, HELD).await;
        })
        .await;
        world.release();
        fetch(&download, StartMode::Resume).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), world.bytes(0..2 * HELD));
    }

    /// The documentation does not say how a restart affects a complete download.
    Silent(PROPERTY), Chosen("haul checks its data, and the download is Transferred again without a request.");
    async fn a_complete_download_survives_a_restart() {
        let world = keeping().await;
        let download = world.download_in(DownloadState::Paused).await;
        download.set_property(Property::NonVolatile(true)).await.unwrap();
        world.release();
        fetch(&download, StartMode::Resume).await;
        drop(download);
        let world = reopen(world).await;
        let again = world.engine.downloads(None).await.unwrap().next(1).remove(0);
        assert_eq!(again.ended().await.unwrap().state, DownloadState::Transferred);
        again.finalize().await.unwrap();
        world.assert_whole();
        assert_eq!(world.origin.requests().len(), 2);
    }

    /// The documentation does not say how a restart affects an error.
    Silent(PROPERTY), Chosen("The download is Paused; the next start that fails reports the error again.");
    async fn an_error_does_not_survive_a_restart() {
        let (download, _world) = reopened_of("/no-such-file", async |download: &Download| {
            download.start(StartMode::WholeFile).await.unwrap();
            download.ended().await.unwrap_err();
        })
        .await;
        let status = download.status().await.unwrap();
        assert_eq!(status.state, DownloadState::Paused);
        assert_eq!((status.error, status.extended_error), (None, None));
        fails(&download, StartMode::Resume, crate::http_codes::status(404)).await;
    }

    /// A finalized or aborted download has ended, even after a restart.
    Inferred(PROPERTY), Holds;
    async fn what_is_over_does_not_come_back() {
        let world = keeping().await;
        for end in [DownloadState::Finalized, DownloadState::Aborted] {
            let download = world.download().await;
            download.set_local_path(world.folder.path().join(format!("{end:?}"))).await.unwrap();
            download.set_property(Property::NonVolatile(true)).await.unwrap();
            match end {
                DownloadState::Aborted => download.abort().await.unwrap(),
                _ => {
                    fetch(&download, StartMode::WholeFile).await;
                    download.finalize().await.unwrap();
                }
            }
        }
        let world = reopen(world).await;
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// The documentation does not say whether a caller keeps its identity after a restart.
    Silent(ENUMERATE), Chosen("It does, by the name that the host assigns to it.");
    async fn a_caller_is_the_same_after_a_restart() {
        let world = keeping().await;
        let download = world.engine.for_caller("one").create_download().await.unwrap();
        download.set_property(Property::NonVolatile(true)).await.unwrap();
        let id = download.id().to_owned();
        drop(download);
        let world = reopen(world).await;
        refused(world.engine.for_caller("other").downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
        let found = world.engine.for_caller("one").downloads(None).await.unwrap().next(1);
        assert_eq!(found[0].id(), id);
    }

    /// A service with a registry always has storage, so no page covers NonVolatile without storage.
    Silent(PROPERTY), Chosen("E_NOTIMPL in an engine without a state directory.");
    async fn without_a_state_directory_nothing_is_kept() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_property(Property::NonVolatile(true)).await, E_NOTIMPL);
        download.set_property(Property::NonVolatile(false)).await.unwrap();
    }

    /// The caller frees each returned VARIANT, string and array.
    Doc(GET_PROPERTY), CannotBeWritten("The caller owns returned strings and lists.");
    async fn what_comes_out_belongs_to_the_caller() {
        let signature = wit().signature("do-download", "download.get-property");
        assert_eq!(signature, "get-property: func(id: property-id) -> result<property, failure>");
    }

    /// The caller releases each returned object.
    Doc(ENUMERATE), CannotBeWritten("The caller owns returned handles; dropping one drops the handle only.");
    async fn an_object_that_comes_out_is_owned() {
        let wit = wit();
        assert!(wit.signature("do-manager", "create-download").ends_with("-> result<download, failure>"));
        assert!(wit.signature("do-manager", "enum-downloads").ends_with("-> result<download-enumerator, failure>"));
    }

    /// The arguments of a callback are borrowed for the call.
    Doc(CALLBACK_INTERFACE), CannotBeWritten("`borrow<download>`, and a status by value.");
    async fn what_is_passed_to_a_callback_is_borrowed() {
        let signature = wit().signature("do-download-status-callback", "on-status-change");
        assert!(signature.contains("borrow<download>") && signature.contains("status: download-status"));
    }

    /// The enumerator returns IUnknown; every client knows its identifier.
    Observed(SAMPLE_INTEROP), CannotBeWritten("WIT identifies interfaces by name, and elements are typed.");
    async fn elements_have_their_type() {
        assert!(wit().signature("do-manager", "download-enumerator.next").ends_with("list<download>"));
    }

    /// The documentation does not say whether every thread may call an object.
    Silent(SDK_HEADER), Chosen("Yes, and several threads at once.");
    async fn a_download_may_be_used_from_every_thread() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let download = download.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(download.status()).unwrap().state
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.join().unwrap(), DownloadState::Transferring);
        }
    }

    /// Calls fail when the service stops.
    Inferred(SAMPLE), Chosen("The crate `haul` returns `Error::Closed` for every call after the engine was closed.");
    async fn calls_fail_when_the_engine_is_closed() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        world.engine.close().await;
        assert!(matches!(download.status().await, Err(Error::Closed)));
        assert!(matches!(download.pause().await, Err(Error::Closed)));
        assert!(matches!(download.start(StartMode::Resume).await, Err(Error::Closed)));
    }
}
