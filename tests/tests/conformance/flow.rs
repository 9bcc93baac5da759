//! The ways in which clients use the interfaces, from the first call to the last.

use haul::{Category, DownloadState, Property, PropertyId, RequestedRange, StartMode};

use crate::codes::DO_E_NO_DOWNLOADS;
use crate::http_codes::status;
use crate::sources::{SAMPLE, SAMPLE_DOWNLOAD, SDK_COM, SDK_DOWNLOAD, SDK_TESTS, WINGET};
use crate::statement::statements;
use crate::stream::Sink;
use crate::world::{HELD, LENGTH, World, fails, fetch, ranges, refused, state_of, until};

statements! {
    "From CreateDownload to Finalize";

    /// Create, set Uri, DisplayName and LocalPath, start without ranges, wait for Transferred, read the response, finalize.
    Observed(WINGET), Holds;
    async fn a_whole_file_to_a_path() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        download.set_property(Property::DisplayName("a client".into())).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        download.set_property(Property::ForegroundPriority(true)).await.unwrap();
        download.start(ranges(&[])).await.unwrap();
        until(&download, |status| status.state == DownloadState::Transferred).await;
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// For a stream, the client passes one range from 0 to the end.
    Observed(SAMPLE), Holds;
    async fn a_whole_file_to_a_stream() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        download.set_stream(sink.clone()).await.unwrap();
        fetch(&download, StartMode::Ranges(vec![RequestedRange::ToEnd { offset: 0 }])).await;
        download.finalize().await.unwrap();
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// For parts of a file, the client passes their ranges.
    Observed(SDK_COM), Holds;
    async fn parts_of_a_file_to_a_path() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[(0, 100), (200, 1000)])).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written().len(), 1100);
    }

    /// After a permanent error the client corrects the Uri and starts with null.
    Observed(SAMPLE_DOWNLOAD), Holds;
    async fn a_mended_url_is_started_with_null() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        fails(&download, StartMode::WholeFile, status(404)).await;
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// A client that gives up aborts the download, and no file remains.
    Observed(SDK_DOWNLOAD), Holds;
    async fn giving_up_leaves_nothing() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        fails(&download, StartMode::WholeFile, status(404)).await;
        download.abort().await.unwrap();
        assert_eq!(world.names(), [""; 0]);
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// A client with a time limit aborts the download when the limit is reached.
    Observed(SDK_DOWNLOAD), Holds;
    async fn a_limit_on_time_ends_in_abort() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        let waited = tokio::time::timeout(std::time::Duration::from_millis(20), download.ended()).await;
        assert!(waited.is_err());
        download.abort().await.unwrap();
        assert_eq!(world.names(), [""; 0]);
    }

    /// A client that lost its object finds the download by its Id and resumes it with null.
    Observed(SAMPLE), Holds;
    async fn a_download_is_found_by_its_id_and_resumed() {
        let world = World::new().await;
        let id = world.download_in(DownloadState::Paused).await.id().to_owned();
        let again = world.engine.downloads(Some(Category::Id(id))).await.unwrap().next(1).remove(0);
        world.release();
        fetch(&again, StartMode::Resume).await;
        assert_eq!(again.report().await.unwrap().bytes_resumed, HELD);
        again.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Several downloads run at once; the failure of one does not affect the others.
    Observed(SDK_TESTS), Holds;
    async fn downloads_do_not_disturb_each_other() {
        let world = World::new().await;
        let mut downloads = Vec::new();
        for (name, path) in [("one", "/file"), ("two", "/held"), ("three", "/no-such-file"), ("four", "/other")] {
            let download = world.download_of(path).await;
            download.set_local_path(world.folder.path().join(name)).await.unwrap();
            download.start(StartMode::WholeFile).await.unwrap();
            downloads.push(download);
        }
        downloads[1].abort().await.unwrap();
        downloads[0].ended().await.unwrap();
        downloads[2].ended().await.unwrap_err();
        downloads[3].ended().await.unwrap();
        downloads[0].finalize().await.unwrap();
        downloads[3].finalize().await.unwrap();
        assert_eq!(world.names(), ["four", "one"]);
    }

    /// Resuming a finalized download fails.
    Observed(SDK_TESTS), Holds;
    async fn what_was_finalized_is_not_resumed() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Finalized).await;
        refused(download.start(StartMode::Resume).await, crate::codes::DO_E_INVALID_STATE);
        assert_eq!(state_of(&download).await, DownloadState::Finalized);
    }
}
