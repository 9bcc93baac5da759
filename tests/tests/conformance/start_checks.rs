//! Checks of Start with their own codes.

use haul::{DownloadState, Property, StartMode};

use crate::codes::{
    DO_E_DOWNLOAD_NO_URI, DO_E_FILE_DOWNLOADSINK_ALREADY_SET, DO_E_FILE_DOWNLOADSINK_UNSPECIFIED,
    DO_E_INTEGRITYCHECKINFO_UNAVAILABLE, DO_E_INTEGRITYCHECKINFO_UNSPECIFIED, DO_E_INVALID_CONTENT_ID,
    DO_E_INVALID_RANGE, DO_E_OVERLAPPING_RANGES,
};
use crate::sources::{ERRORS, IDL};
use crate::statement::statements;
use crate::stream::Sink;
use crate::world::{LENGTH, World, fails, ranges, refused, state_of};

statements! {
    "Checks of Start";

    /// Without Uri and ContentId the download has no source: DO_E_DOWNLOAD_NO_URI, or DO_E_DOWNLOAD_NO_CONTENT_ID.
    Idl(ERRORS), Chosen("DO_E_DOWNLOAD_NO_URI, whichever of the two the caller forgot.");
    async fn a_start_without_url_and_content_id_is_refused() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_DOWNLOAD_NO_URI);
    }

    /// A content id instead of a URL needs a service that resolves it; the behaviour without one is not documented.
    Silent(IDL), Chosen("If the host resolves no content ids, DO_E_DOWNLOAD_NO_URI.");
    async fn a_content_id_that_nobody_resolves_is_no_url() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_property(Property::ContentId("content".into())).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_DOWNLOAD_NO_URI);
    }

    /// An unknown ContentId fails with DO_E_INVALID_CONTENT_ID.
    Idl(ERRORS), Holds;
    async fn a_content_id_that_the_host_does_not_know_fails() {
        let world = World::built(|builder, _| builder.resolve_content(|_: &str| None)).await;
        let download = world.engine.create_download().await.unwrap();
        download.set_property(Property::ContentId("unknown".into())).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_INVALID_CONTENT_ID).await;
    }

    /// Without LocalPath and StreamInterface the download has no target: DO_E_FILE_DOWNLOADSINK_UNSPECIFIED; a code
    /// DO_E_LOCALPATH_NOT_SET exists too.
    Idl(ERRORS), Chosen("DO_E_FILE_DOWNLOADSINK_UNSPECIFIED, because a stream is a valid target too.");
    async fn a_start_without_path_and_stream_is_refused() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_FILE_DOWNLOADSINK_UNSPECIFIED);
    }

    /// A stream in addition to a LocalPath is rejected with DO_E_FILE_DOWNLOADSINK_ALREADY_SET.
    Idl(ERRORS), Holds;
    async fn a_stream_beside_a_path_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_stream(Sink::default()).await, DO_E_FILE_DOWNLOADSINK_ALREADY_SET);
    }

    /// A LocalPath in addition to a stream is rejected with DO_E_FILE_DOWNLOADSINK_ALREADY_SET.
    Idl(ERRORS), Holds;
    async fn a_path_beside_a_stream_is_refused() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_stream(Sink::default()).await.unwrap();
        refused(download.set_local_path(world.path()).await, DO_E_FILE_DOWNLOADSINK_ALREADY_SET);
    }

    /// IntegrityCheckMandatory without IntegrityCheckInfo fails with DO_E_INTEGRITYCHECKINFO_UNSPECIFIED.
    Idl(ERRORS), Holds;
    async fn a_mandatory_check_without_info_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_INTEGRITYCHECKINFO_UNSPECIFIED);
        assert_eq!(state_of(&download).await, DownloadState::Created);
    }

    /// IntegrityCheckMandatory with info that cannot be fetched fails with DO_E_INTEGRITYCHECKINFO_UNAVAILABLE.
    Idl(ERRORS), Holds;
    async fn a_mandatory_check_whose_info_cannot_be_fetched_fails() {
        let world = World::new().await;
        let download = world.download().await;
        let info = world.integrity_check_info(&world.origin.url("/no-such-hashes")).await;
        download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE).await;
    }

    /// An empty range fails with DO_E_INVALID_RANGE.
    Idl(ERRORS), Holds;
    async fn an_empty_range_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.start(ranges(&[(0, 10), (50, 0)])).await, DO_E_INVALID_RANGE);
    }

    /// A range whose end overflows 64 bits fails with DO_E_INVALID_RANGE.
    Idl(ERRORS), Holds;
    async fn a_range_beyond_all_numbers_is_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.start(ranges(&[(u64::MAX, 2)])).await, DO_E_INVALID_RANGE);
    }

    /// Overlapping ranges fail with DO_E_OVERLAPPING_RANGES.
    Idl(ERRORS), Holds;
    async fn overlapping_ranges_are_refused() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.start(ranges(&[(0, 10), (9, 10)])).await, DO_E_OVERLAPPING_RANGES);
    }

    /// A range outside of the file fails with DO_E_INVALID_RANGE once the size of the file is known.
    Idl(ERRORS), Holds;
    async fn a_range_outside_of_the_file_fails() {
        let world = World::new().await;
        let download = world.download().await;
        fails(&download, ranges(&[(LENGTH + 10, 10)]), DO_E_INVALID_RANGE).await;
    }
}
