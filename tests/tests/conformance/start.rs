//! Start: the meaning of its argument, and the reasons why it fails.

use haul::{DownloadState, Property, PropertyId, StartMode, TransferOptions};

use crate::codes::{
    DO_E_DOWNLOAD_NO_URI, DO_E_DOWNLOAD_RANGES_EXPECTED, DO_E_DOWNLOAD_RANGES_UNEXPECTED, E_ACCESSDENIED,
    ERROR_FILE_EXISTS, ERROR_FILE_NOT_FOUND, ERROR_SHARING_VIOLATION,
};
use crate::sources::{AGENT, IDL, SAMPLE_DOWNLOAD, SDK_COM, SDK_TESTS, START, WINGET};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, options, ranges, refused, state_of, until};

statements! {
    "IDODownload::Start";

    /// A structure with RangeCount 0 requests the whole file.
    Doc(START), Holds;
    async fn no_ranges_are_the_whole_file() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[])).await;
        download.finalize().await.unwrap();
        world.assert_whole();
        assert_eq!(world.origin.requests()[0].range(), None);
    }

    /// A structure with ranges requests only these ranges.
    Doc(START), Holds;
    async fn ranges_are_those_ranges_only() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[(10, 20), (1000, 5)])).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), [world.bytes(10..30), world.bytes(1000..1005)].concat());
        assert_eq!(world.origin.body_bytes_sent(), 25);
    }

    /// A null pointer resumes with the ranges of the previous start.
    Doc(START), Holds;
    async fn null_resumes_with_the_ranges_of_before() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        download.start(ranges(&[(100, 2 * HELD)])).await.unwrap();
        until(&download, |status| status.bytes_transferred == HELD).await;
        download.pause().await.unwrap();
        world.release();
        fetch(&download, StartMode::Resume).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), world.bytes(100..100 + 2 * HELD));
    }

    /// A null pointer is allowed only if the download was started before; the error otherwise is not documented.
    Inferred(START), Chosen("DO_E_DOWNLOAD_RANGES_EXPECTED, the code with the best matching text.");
    async fn null_before_the_first_start_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.start(StartMode::Resume).await, DO_E_DOWNLOAD_RANGES_EXPECTED);
        assert_eq!(state_of(&download).await, DownloadState::Created);
    }

    /// The page of 2022 defines null as the whole file, the page of 2023 as resume.
    Silent(START), Chosen("The meaning of 2023: after ranges, null never fetches the whole file.");
    async fn null_after_ranges_is_not_the_whole_file() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[(5, 10)])).await;
        download.start(StartMode::Resume).await.unwrap();
        assert_eq!(download.ended().await.unwrap().bytes_total, 10);
    }

    /// Clients pass an empty structure to start and null to resume.
    Observed(SDK_COM), Holds;
    async fn an_empty_structure_begins_and_null_goes_on() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        download.start(ranges(&[])).await.unwrap();
        until(&download, |status| status.bytes_transferred == HELD).await;
        download.pause().await.unwrap();
        world.release();
        fetch(&download, StartMode::Resume).await;
        assert_eq!(download.report().await.unwrap().bytes_resumed, HELD);
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// DO_E_DOWNLOAD_RANGES_UNEXPECTED exists; its condition is not documented.
    Silent(IDL), Chosen("For ranges of encrypted content, because parts of it cannot be decrypted on their own.");
    async fn ranges_of_an_encrypted_content_are_refused() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::DecryptionInfo(world.decryption_info().await)).await.unwrap();
        refused(download.start(ranges(&[(0, 10)])).await, DO_E_DOWNLOAD_RANGES_UNEXPECTED);
    }

    /// The documentation does not say whether Start reports a missing property or the status does later.
    Silent(START), Chosen("Start, whenever it is known before a request is sent.");
    async fn what_is_missing_is_told_by_start() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_DOWNLOAD_NO_URI);
        assert_eq!(download.status().await.unwrap().error, None);
    }

    /// A failed Start leaves the download Created.
    Observed(AGENT), Holds;
    async fn a_start_that_fails_changes_nothing() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_local_path("/somewhere/else").await.unwrap();
        refused(download.start(StartMode::WholeFile).await, E_ACCESSDENIED);
        assert_eq!(state_of(&download).await, DownloadState::Created);
        refused(download.start(StartMode::Resume).await, DO_E_DOWNLOAD_RANGES_EXPECTED);
        download.set_local_path(world.path()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
    }

    /// An unusable path fails with E_ACCESSDENIED, with the status 404 or with 0x8007007B, depending on the version.
    Observed(SDK_TESTS), Chosen("From Start: E_ACCESSDENIED outside of the directories that the host grants, \
                                 otherwise the error of the path.");
    async fn a_path_that_may_not_be_used_is_refused_by_start() {
        let world = World::new().await;
        let download = world.download().await;
        for path in ["/somewhere/else", "/etc/passwd"] {
            download.set_local_path(path).await.unwrap();
            refused(download.start(StartMode::WholeFile).await, E_ACCESSDENIED);
        }
        std::fs::write(world.folder.path().join("a-file"), "").unwrap();
        download.set_local_path(world.folder.path().join("a-file/below")).await.unwrap();
        assert!(download.start(StartMode::WholeFile).await.is_err());
        assert_eq!(state_of(&download).await, DownloadState::Created);
        assert_eq!(world.origin.requests().len(), 0);
    }

    /// If the temporary file was deleted while the download was paused, resuming ends in Paused with 0x80070002.
    Observed(SDK_TESTS), Holds;
    async fn a_partial_file_that_has_gone_stops_a_resume() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        for name in world.names() {
            std::fs::remove_file(world.folder.path().join(name)).unwrap();
        }
        let _ = download.start(StartMode::Resume).await;
        let status = until(&download, |status| status.error.is_some()).await;
        assert_eq!(status.state, DownloadState::Paused);
        assert_eq!(status.error.unwrap().code, ERROR_FILE_NOT_FOUND.number);
    }

    /// If the temporary file was deleted, the behaviour of a start other than a resume is not documented.
    Silent(SDK_TESTS), Chosen("It starts over.");
    async fn a_partial_file_that_has_gone_does_not_stop_a_new_start() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        for name in world.names() {
            std::fs::remove_file(world.folder.path().join(name)).unwrap();
        }
        world.release();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// If two downloads have the same LocalPath, the second start aborts the first in the service, and fails itself in the agent.
    Observed(SDK_TESTS), Chosen("The second one fails with ERROR_SHARING_VIOLATION, and the first continues.");
    async fn of_two_downloads_at_one_path_the_second_is_refused() {
        let world = World::new().await;
        let first = world.download_in(DownloadState::Transferring).await;
        let second = world.download().await;
        refused(second.start(StartMode::WholeFile).await, ERROR_SHARING_VIOLATION);
        world.release();
        first.ended().await.unwrap();
        first.finalize().await.unwrap();
        world.assert_whole();
    }

    /// Two downloads of the same URL with different paths do not affect each other.
    Observed(SDK_TESTS), Holds;
    async fn two_downloads_of_one_url_are_independent() {
        let world = World::new().await;
        let first = world.download_in(DownloadState::Paused).await;
        let second = world.download_of("/held").await;
        second.set_local_path(world.folder.path().join("second")).await.unwrap();
        world.release();
        fetch(&second, StartMode::WholeFile).await;
        fetch(&first, StartMode::Resume).await;
        first.finalize().await.unwrap();
        second.finalize().await.unwrap();
        world.assert_whole();
        assert_eq!(std::fs::read(world.folder.path().join("second")).unwrap(), world.bytes(0..LENGTH));
    }

    /// An existing file at LocalPath is not overwritten; clients delete it first.
    Observed(WINGET), Holds;
    async fn a_file_that_is_there_already_is_not_overwritten() {
        let world = World::new().await;
        std::fs::write(world.path(), "precious").unwrap();
        let download = world.download().await;
        let started = download.start(StartMode::WholeFile).await;
        let ended = match started {
            Ok(()) => download.ended().await.map(|_| ()),
            refused => refused,
        };
        refused(ended, ERROR_FILE_EXISTS);
        assert_eq!(world.written(), b"precious");
    }

    /// The documentation does not say whether a file at LocalPath can be replaced.
    Silent(WINGET), Chosen("With the transfer option `overwrite`, and only after all data is transferred.");
    async fn a_file_that_is_there_already_can_be_overwritten_on_request() {
        let world = World::new().await;
        std::fs::write(world.path(), "old").unwrap();
        let download = world.download().await;
        download.set_options(TransferOptions { overwrite: true, ..options() }).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert_eq!(world.written(), b"old");
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// A transferred download may be started again for another portion of its file.
    Idl(IDL), Holds;
    async fn a_transferred_download_can_be_started_for_other_ranges() {
        let world = World::new().await;
        let download = world.download().await;
        fetch(&download, ranges(&[(0, 100)])).await;
        fetch(&download, ranges(&[(5000, 50)])).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), world.bytes(5000..5050));
    }

    /// A paused download may be started with different ranges.
    Idl(IDL), Holds;
    async fn a_paused_download_can_be_started_for_other_ranges() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Paused).await;
        fetch(&download, ranges(&[(7, 70)])).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), world.bytes(7..77));
    }

    /// A download can be started as soon as it has a URL and a path; all other properties are optional.
    Observed(SAMPLE_DOWNLOAD), Holds;
    async fn a_url_and_a_path_are_enough_to_start() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
    }
}
