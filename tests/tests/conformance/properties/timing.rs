//! NoProgressTimeoutSeconds, ForegroundPriority and BlockingMode.

use std::time::Duration;

use haul::{DownloadState, Property, PropertyId, StartMode, TransferOptions};
use haul_tests::origin::{Fault, When};

use crate::codes::{DO_E_DOWNLOAD_NO_PROGRESS, E_INVALIDARG};
use crate::http_codes::status;
use crate::sources::{PROPERTY, SAMPLE, SDK_PROPERTY_TESTS, WINGET_TIMEOUTS};
use crate::statement::statements;
use crate::world::{HELD, World, fails, options, refused, round_trip, state_of, until_transferred, wit};

statements! {
    "Properties 10 to 12: time and priority";

    /// NoProgressTimeoutSeconds can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_timeout_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::NoProgressTimeoutSeconds, Property::NoProgressTimeoutSeconds(600)).await;
    }

    /// The shortest timeout is 60 seconds.
    Doc(PROPERTY), Holds;
    async fn the_shortest_timeout_is_a_minute() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::NoProgressTimeoutSeconds(60)).await.unwrap();
        for seconds in [1, 59] {
            refused(download.set_property(Property::NoProgressTimeoutSeconds(seconds)).await, E_INVALIDARG);
        }
    }

    /// A timeout of 0 selects the default.
    Doc(PROPERTY), Holds;
    async fn a_timeout_of_zero_is_the_default() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::NoProgressTimeoutSeconds(60)).await.unwrap();
        round_trip(&download, PropertyId::NoProgressTimeoutSeconds, Property::NoProgressTimeoutSeconds(0)).await;
    }

    /// The default is 30 minutes in the foreground and 3 hours in the background according to a remark, an hour and a day according
    /// to a page of the other family.
    Observed(WINGET_TIMEOUTS), Chosen("30 minutes and 3 hours.");
    async fn the_default_timeouts_are_documented() {
        let text = wit().case_docs("do-download", "property", "no-progress-timeout-seconds");
        assert!(text.contains("1800 in the foreground and 10800 in the background"), "{text}");
    }

    /// If no byte arrives within the timeout, the download fails.
    Doc(PROPERTY), Holds;
    async fn without_a_byte_the_download_fails() {
        let world = World::faulty([(When::Every, Fault::NeverAnswer)]).await;
        let download = world.download_of("/here").await;
        let timeout = Some(Duration::from_secs(1));
        download.set_options(TransferOptions { no_progress_timeout: timeout, ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_DOWNLOAD_NO_PROGRESS).await;
    }

    /// ForegroundPriority can be written and read.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn the_priority_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::ForegroundPriority, Property::ForegroundPriority(true)).await;
    }

    /// A download is in the background by default.
    Doc(PROPERTY), Holds;
    async fn a_download_is_in_the_background_by_default() {
        let world = World::new().await;
        let priority = world.download().await.property(PropertyId::ForegroundPriority).await.unwrap();
        assert_eq!(priority, Property::ForegroundPriority(false));
    }

    /// A foreground download is faster than a background one.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_foreground_download_has_the_next_place() {
        let world = World::built(|builder, _| builder.max_running(1)).await;
        let running = world.download_in(DownloadState::Transferring).await;
        let mut waiting = Vec::new();
        for (name, foreground) in [("background", false), ("foreground", true)] {
            let download = world.download_of(&format!("/file?{name}")).await;
            download.set_local_path(world.folder.path().join(name)).await.unwrap();
            download.set_property(Property::ForegroundPriority(foreground)).await.unwrap();
            download.start(StartMode::WholeFile).await.unwrap();
            waiting.push(download);
        }
        world.release();
        for download in waiting.iter().chain([&running]) {
            download.ended().await.unwrap();
        }
        let targets: Vec<_> = world.origin.requests().into_iter().map(|request| request.target).collect();
        assert_eq!(targets, ["/held", "/file?foreground", "/file?background"]);
    }

    /// The priority may change while the download runs.
    Observed(SAMPLE), Holds;
    async fn the_priority_may_change_on_the_way() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        download.set_property(Property::ForegroundPriority(true)).await.unwrap();
        world.release();
        download.ended().await.unwrap();
    }

    /// BlockingMode can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_blocking_mode_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::BlockingMode, Property::BlockingMode(true)).await;
    }

    /// BlockingMode is FALSE by default: Start returns before the data has arrived.
    Doc(PROPERTY), Holds;
    async fn a_start_does_not_block_by_default() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        download.start(StartMode::WholeFile).await.unwrap();
        assert_eq!(state_of(&download).await, DownloadState::Transferring);
    }

    /// In BlockingMode Start returns when the download is complete.
    Doc(PROPERTY), Holds;
    async fn a_blocking_start_returns_when_all_bytes_are_here() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::BlockingMode(true)).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        assert_eq!(state_of(&download).await, DownloadState::Transferred);
    }

    /// In BlockingMode Start returns when the download has failed.
    Doc(PROPERTY), Holds;
    async fn a_blocking_start_returns_the_error() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        download.set_property(Property::BlockingMode(true)).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, status(404));
        assert_eq!(state_of(&download).await, DownloadState::Paused);
    }

    /// The documentation does not say whether a blocked Start returns when another client pauses the download.
    Silent(PROPERTY), Chosen("It does, without an error.");
    async fn a_pause_ends_a_blocking_start() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        download.set_property(Property::BlockingMode(true)).await.unwrap();
        let blocked = tokio::spawn({
            let download = download.clone();
            async move { download.start(StartMode::WholeFile).await }
        });
        until_transferred(&download, HELD).await;
        download.pause().await.unwrap();
        blocked.await.unwrap().unwrap();
        assert_eq!(state_of(&download).await, DownloadState::Paused);
    }
}
