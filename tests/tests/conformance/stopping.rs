//! Pause, Abort and Finalize beyond their states.

use haul::{DownloadState, Durability, Property, PropertyId, StartMode, TransferOptions};
use haul_tests::origin::{Content, Fault, Resource, When};

use crate::codes::{DO_E_INVALID_STATE, ERROR_FILE_EXISTS};
use crate::sources::{ABORT, AGENT, FINALIZE, PAUSE, SDK_TESTS, WINGET};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, options, refused, representation, state_of, until_transferred};

statements! {
    "IDODownload::Pause, Abort and Finalize";

    /// Pause stops the transfer and leaves the download Paused.
    Doc(PAUSE), Holds;
    async fn pause_stops_the_bytes() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        download.pause().await.unwrap();
        world.release();
        let status = download.status().await.unwrap();
        assert_eq!((status.state, status.bytes_transferred), (DownloadState::Paused, HELD));
        assert_eq!(download.report().await.unwrap().connections, 0);
    }

    /// Data received before a Pause is kept for the next Start.
    Doc(PAUSE), Holds;
    async fn pause_keeps_what_arrived() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        world.release();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.report().await.unwrap().bytes_resumed, HELD);
        assert_eq!(world.origin.requests()[1].range(), Some(&*format!("bytes={HELD}-{}", LENGTH - 1)));
    }

    /// A client may call Pause right after Start, and resume the download later.
    Observed(SDK_TESTS), Holds;
    async fn a_pause_right_after_start_is_legal() {
        let world = World::new().await;
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        download.pause().await.unwrap();
        let state = state_of(&download).await;
        assert!(matches!(state, DownloadState::Paused | DownloadState::Transferred), "{state:?}");
        fetch(&download, StartMode::Resume).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Clients poll for Paused; the documentation does not say whether Pause returns earlier.
    Silent(SDK_TESTS), Chosen("The state is Paused when Pause returns.");
    async fn a_download_is_paused_when_pause_returns() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        download.pause().await.unwrap();
        assert_eq!(state_of(&download).await, DownloadState::Paused);
    }

    /// Start right after Pause continues; the documentation does not say whether it must wait for Paused.
    Silent(SDK_TESTS), Chosen("It need not wait, even if received data is not flushed yet.");
    async fn a_start_right_after_a_pause_goes_on() {
        let world = World::new().await;
        let content = Content::new(9, 4 << 20);
        let held = Fault::hold_until_released(3 << 20, "more");
        world.origin.put("/here", Resource::new(representation(&content)).fault(When::Every, held));
        let download = world.download_of("/here").await;
        download.set_options(TransferOptions { durability: Durability::Power, ..options() }).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        until_transferred(&download, 3 << 20).await;
        download.pause().await.unwrap();
        world.origin.release("more");
        fetch(&download, StartMode::Resume).await;
        assert_eq!(state_of(&download).await, DownloadState::Transferred);
    }

    /// A pause by the caller sets neither Error nor ExtendedError.
    Observed(AGENT), Holds;
    async fn a_pause_is_no_error() {
        let world = World::new().await;
        let status = world.download_in(DownloadState::Paused).await.status().await.unwrap();
        assert_eq!((status.error, status.extended_error), (None, None));
    }

    /// Abort cancels the download.
    Doc(ABORT), Holds;
    async fn abort_cancels_the_download() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Aborted).await;
        world.release();
        assert_eq!(state_of(&download).await, DownloadState::Aborted);
        assert_eq!(download.report().await.unwrap().connections, 0);
    }

    /// Abort leaves no file behind.
    Observed(SDK_TESTS), Holds;
    async fn abort_leaves_no_file() {
        let world = World::new().await;
        let _download = world.download_in(DownloadState::Aborted).await;
        assert_eq!(world.names(), [""; 0]);
    }

    /// Aborting a download that was never started leaves no file, and does not affect other downloads.
    Observed(SDK_TESTS), Holds;
    async fn aborting_what_was_never_started_touches_nothing() {
        let world = World::new().await;
        let (never, other) = (world.download().await, world.download().await);
        other.set_local_path(world.folder.path().join("other")).await.unwrap();
        never.abort().await.unwrap();
        fetch(&other, StartMode::WholeFile).await;
        other.finalize().await.unwrap();
        assert_eq!(world.names(), ["other"]);
    }

    /// Abort in Transferred is allowed, or fails with DO_E_INVALID_STATE; both are observed.
    Observed(SDK_TESTS), Chosen("It succeeds, and haul removes the data.");
    async fn abort_of_all_bytes_succeeds() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        download.abort().await.unwrap();
        assert_eq!(world.names(), [""; 0]);
    }

    /// Abort after Finalize fails with DO_E_INVALID_STATE, and the file remains.
    Observed(SDK_TESTS), Holds;
    async fn abort_does_not_touch_a_finalized_file() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        refused(download.abort().await, DO_E_INVALID_STATE);
        world.assert_whole();
    }

    /// Finalize closes the download; it cannot be started again.
    Doc(FINALIZE), Holds;
    async fn finalize_closes_the_download() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        refused(download.start(StartMode::WholeFile).await, DO_E_INVALID_STATE);
    }

    /// The file is visible under its final name only after Finalize.
    Observed(SDK_TESTS), Holds;
    async fn the_file_has_its_name_only_after_finalize() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        assert!(!world.path().exists());
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Finalize renames the temporary file; no file remains under the temporary name.
    Observed(WINGET), Holds;
    async fn finalize_leaves_the_file_only() {
        let world = World::new().await;
        let _download = world.download_in(DownloadState::Finalized).await;
        assert_eq!(world.names(), ["file"]);
    }

    /// Clients read the properties of the last response before Finalize; the documentation does not say whether they remain
    /// readable.
    Silent(WINGET), Chosen("They do.");
    async fn properties_can_be_read_after_finalize() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
        download.finalize().await.unwrap();
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
    }

    /// If the rename fails, the behaviour of Finalize is not documented.
    Silent(FINALIZE), Chosen("It fails with the error of the disk, and the client may retry: the download stays \
                              Transferred.");
    async fn a_finalize_that_fails_can_be_repeated() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        std::fs::write(world.path(), "in the way").unwrap();
        refused(download.finalize().await, ERROR_FILE_EXISTS);
        assert_eq!(state_of(&download).await, DownloadState::Transferred);
        std::fs::remove_file(world.path()).unwrap();
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// The behaviour of a transfer after its last object is released is not documented.
    Silent(PAUSE), Chosen("It continues.");
    async fn a_transfer_goes_on_without_an_object() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        let id = download.id().to_owned();
        drop(download);
        world.release();
        let again = world.engine.downloads(Some(haul::Category::Id(id))).await.unwrap().next(1).remove(0);
        until_transferred(&again, LENGTH).await;
        again.ended().await.unwrap();
        again.finalize().await.unwrap();
        world.assert_whole();
    }
}
