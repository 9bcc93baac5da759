//! DO_DOWNLOAD_STATUS: its fields, and reports of failures.

use std::time::Duration;

use haul::{DownloadState, Network, NetworkCost, StartMode, TransferOptions};
use haul_tests::origin::{Fault, When};

use crate::codes::{DO_E_BLOCKED_BY_NO_NETWORK, DO_E_DOWNLOAD_NO_PROGRESS};
use crate::sources::{AGENT, GET_STATUS, SDK_STATUS, SDK_TESTS, STATUS, WINGET, WINGET_LOG, WINGET_NO_PROGRESS};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, options, ranges, refused, until, wit};

/// Without a network.
pub const OFFLINE: Network =
    Network { connected: false, cost: NetworkCost::Unrestricted, roaming: false, cellular: false };

/// A network that no policy excludes.
pub const ONLINE: Network = Network { connected: true, ..OFFLINE };

statements! {
    "DO_DOWNLOAD_STATUS";

    /// The status has BytesTotal, BytesTransferred, State, Error and ExtendedError.
    Doc(STATUS), Holds;
    async fn the_status_has_five_fields() {
        assert_eq!(wit().names("types", "download-status"), ["bytes-total", "bytes-transferred", "state", "error", "extended-error"]);
    }

    /// GetStatus returns the current status.
    Doc(GET_STATUS), Holds;
    async fn a_status_is_a_snapshot() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        let before = download.status().await.unwrap();
        download.pause().await.unwrap();
        let after = download.status().await.unwrap();
        assert_eq!((before.state, after.state), (DownloadState::Transferring, DownloadState::Paused));
    }

    /// GetStatus fails in no state.
    Doc(GET_STATUS), Holds;
    async fn every_state_has_a_status() {
        let world = World::new().await;
        for state in [DownloadState::Created, DownloadState::Aborted, DownloadState::Finalized] {
            assert_eq!(world.download_in(state).await.status().await.unwrap().state, state);
        }
    }

    /// BytesTotal and BytesTransferred are 0 until the first response has the size.
    Observed(WINGET_LOG), Holds;
    async fn nothing_is_known_before_the_first_response() {
        let world = World::faulty([(When::Every, Fault::NeverAnswer)]).await;
        let download = world.download_of("/here").await;
        download.start(StartMode::WholeFile).await.unwrap();
        world.origin.until(|requests| !requests.is_empty()).await;
        let status = download.status().await.unwrap();
        assert_eq!((status.bytes_total, status.bytes_transferred), (0, 0));
        assert_eq!(status.state, DownloadState::Transferring);
    }

    /// BytesTotal of a whole file is its size.
    Observed(WINGET_LOG), Holds;
    async fn the_total_of_a_whole_file_is_its_size() {
        let world = World::new().await;
        let status = world.download_in(DownloadState::Transferring).await.status().await.unwrap();
        assert_eq!(status.bytes_total, LENGTH);
    }

    /// BytesTotal of ranges is their sum.
    Doc(STATUS), Holds;
    async fn the_total_of_ranges_is_their_sum() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[(0, 100), (200, 1000)])).await;
        let status = download.status().await.unwrap();
        assert_eq!((status.bytes_total, status.bytes_transferred), (1100, 1100));
    }

    /// BytesTransferred grows in steps of about 1 MB.
    Observed(WINGET_LOG), Differs("It counts every written byte, so that a small file shows progress too.");
    async fn the_bytes_transferred_are_counted_as_they_are_written() {
        let world = World::new().await;
        let status = world.download_in(DownloadState::Transferring).await.status().await.unwrap();
        assert_eq!(status.bytes_transferred, HELD);
    }

    /// For a permanent error the state is Paused and Error a failure.
    Observed(SDK_STATUS), Holds;
    async fn a_permanent_error_is_paused_with_an_error() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.state == DownloadState::Paused).await;
        assert_eq!(status.error.map(|error| error.code), Some(0x8019_0194));
        assert_eq!(status.extended_error, None);
    }

    /// For a transient error the state is Paused, Error S_OK and ExtendedError a failure.
    Observed(SDK_STATUS), Holds;
    async fn a_transient_error_is_paused_with_an_extended_error() {
        let world = World::faulty([(When::Every, Fault::retry_after(503, "600"))]).await;
        let download = world.download_of("/here").await;
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.state == DownloadState::Paused).await;
        assert_eq!(status.error, None);
        assert_eq!(status.extended_error.map(|error| error.code), Some(0x8019_01F7));
    }

    /// A download with a transient error resumes by itself.
    Observed(SDK_STATUS), Holds;
    async fn a_transient_error_passes_by_itself() {
        let world = World::faulty([(When::Nth(0), Fault::retry_after(503, "0"))]).await;
        let download = world.download_of("/here").await;
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Without a network the transient error is DO_E_BLOCKED_BY_NO_NETWORK.
    Observed(WINGET), Holds;
    async fn no_network_is_a_transient_error() {
        let world = World::new().await;
        world.engine.set_network(OFFLINE).await.unwrap();
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.state == DownloadState::Paused).await;
        assert_eq!(status.error, None);
        assert_eq!(status.extended_error.map(|error| error.code), Some(DO_E_BLOCKED_BY_NO_NETWORK.number));
        world.engine.set_network(ONLINE).await.unwrap();
        download.ended().await.unwrap();
    }

    /// If the caller paused a download, it has neither Error nor ExtendedError.
    Observed(SDK_STATUS), Holds;
    async fn paused_by_the_caller_has_no_error() {
        let world = World::new().await;
        let status = world.download_in(DownloadState::Paused).await.status().await.unwrap();
        assert_eq!((status.state, status.error, status.extended_error), (DownloadState::Paused, None, None));
    }

    /// A download is complete in Transferred and in Finalized.
    Observed(SDK_STATUS), Holds;
    async fn transferred_and_finalized_are_complete() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        let transferred = download.status().await.unwrap();
        download.finalize().await.unwrap();
        let finalized = download.status().await.unwrap();
        for status in [transferred, finalized] {
            assert_eq!((status.bytes_total, status.bytes_transferred), (LENGTH, LENGTH));
            assert_eq!((status.error, status.extended_error), (None, None));
        }
    }

    /// If a download makes no progress within the timeout, it is Paused with Error DO_E_DOWNLOAD_NO_PROGRESS.
    Observed(WINGET_NO_PROGRESS), Holds;
    async fn no_progress_is_a_permanent_error() {
        let world = World::faulty([(When::Nth(0), Fault::StallAfter(HELD)), (When::From(1), Fault::NeverAnswer)]).await;
        let download = world.download_of("/here").await;
        let timeout = Some(Duration::from_secs(1));
        download.set_options(TransferOptions { no_progress_timeout: timeout, ..options() }).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        refused(download.ended().await, DO_E_DOWNLOAD_NO_PROGRESS);
        assert_eq!(download.status().await.unwrap().state, DownloadState::Paused);
    }

    /// The agent has Error in Transferring as well; the documentation does not say whether the service does.
    Silent(AGENT), Chosen("A download has an error only in Paused.");
    async fn an_error_stands_in_paused_only() {
        let world = World::faulty([(When::Nth(0), Fault::CutAfter(HELD)), (When::Nth(1), Fault::NeverAnswer)]).await;
        let download = world.download_of("/here").await;
        download.start(StartMode::WholeFile).await.unwrap();
        world.origin.until(|requests| requests.len() == 2).await;
        let status = until(&download, |status| status.state == DownloadState::Transferring).await;
        assert_eq!((status.error, status.extended_error), (None, None));
    }

    /// After an error the caller may correct its cause and start again; the documentation does not say whether this clears Error.
    Silent(SDK_TESTS), Chosen("A start clears it.");
    async fn a_start_clears_the_error() {
        let world = World::new().await;
        let download = world.download_of("/no-such-file").await;
        download.start(StartMode::WholeFile).await.unwrap();
        download.ended().await.unwrap_err();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.status().await.unwrap().error, None);
    }

    /// Transferred data is kept while a URL fails, and used once the URL is corrected.
    Observed(AGENT), Holds;
    async fn bytes_stay_while_the_url_fails() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        download.set_uri(&world.origin.url("/no-such-file")).await.unwrap();
        download.start(StartMode::Resume).await.unwrap();
        download.ended().await.unwrap_err();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.report().await.unwrap().bytes_resumed, HELD);
        download.finalize().await.unwrap();
        world.assert_whole();
    }
}
