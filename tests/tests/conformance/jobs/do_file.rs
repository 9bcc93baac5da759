//! IDeliveryOptimizationFile and IDeliveryOptimizationFile2: the statistics and the properties of a file.

use std::time::Duration;

use haul::{
    DownloadMode, FileProperty, FilePropertyId, IntegrityCheckInfo, JobFile, JobPriority, JobState, SwarmStatus,
};
use haul_tests::origin::Content;

use super::file2::range;
use super::sources::{
    DO_FILE, DO_FILE_GET, DO_FILE_PROPERTY, DO_FILE_SET, DOWNLOAD_MODE, ERRORS, GET_STATS, MONITOR, SWARM_STATS,
    SWARM_STATUS,
};
use super::world::{OPEN, OVER, done, fails, fetch, file};
use crate::codes::*;
use crate::properties::integrity::told;
use crate::statement::statements;
use crate::world::{ENCRYPTED, HELD, LENGTH, PLAIN, World, refused, representation, wit};

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A file of a new job, without a path.
async fn new_file(world: &World) -> JobFile {
    world.job().await.add_file_by_id("id", Some(&world.origin.url("/file")), &[]).await.unwrap()
}

/// Integrity check info with a missing document.
fn nowhere(world: &World) -> IntegrityCheckInfo {
    IntegrityCheckInfo { url: world.origin.url("/missing"), digest: None, hash_of_hashes: None }
}

/// Properties that a new file accepts.
async fn each(world: &World) -> Vec<FileProperty> {
    vec![
        FileProperty::DecryptionInfo(world.decryption_info().await),
        FileProperty::IntegrityCheckInfo(nowhere(world)),
        FileProperty::IntegrityCheckMandatory(true),
        FileProperty::TotalSizeBytes(1),
    ]
}

statements! {
    "IDeliveryOptimizationFile and IDeliveryOptimizationFile2";

    /// GetStats succeeds in every state.
    Doc(GET_STATS), Holds;
    async fn every_file_has_statistics() {
        for state in OPEN.into_iter().chain(OVER) {
            let world = World::crowded().await;
            let stats = file(&world.job_in(state).await, 0).await.stats().await.unwrap();
            assert_eq!(stats.file_id, stats.source_url, "{state:?}");
        }
    }

    /// The page says that clients implement the interface.
    Silent(DO_FILE), Chosen("The engine does.");
    async fn the_engine_implements_the_statistics() {
        let worlds = std::fs::read_to_string(haul_tests::docs::root().join("wit/worlds.wit")).unwrap();
        let (engine, client) = worlds.split_once("world client").unwrap();
        let export = "export delivery-optimization-file;";
        assert!(engine.contains(export) && !client.contains(export));
    }

    /// sourceURL is the URL of the file.
    Doc(SWARM_STATS), Holds;
    async fn the_statistics_have_the_url() {
        let world = World::new().await;
        let file = file(&world.job_of(&["/file"]).await, 0).await;
        assert_eq!(file.stats().await.unwrap().source_url, world.origin.url("/file"));
        file.set_remote_name(&world.origin.url("/other")).await.unwrap();
        assert_eq!(file.stats().await.unwrap().source_url, world.origin.url("/other"));
    }

    /// fileSize is the size of the file.
    Doc(SWARM_STATS), Holds;
    async fn the_statistics_have_the_size() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let file = file(&job, 0).await;
        assert_eq!(file.stats().await.unwrap().file_size, 0);
        fetch(&job).await;
        assert_eq!(file.stats().await.unwrap().file_size, LENGTH);
    }

    /// The value of fileSize for a file downloaded in ranges is not documented.
    Silent(SWARM_STATS), Chosen("The sum of the ranges.");
    async fn the_size_of_ranges_is_their_sum() {
        let world = World::new().await;
        let job = world.job().await;
        let (url, ranges) = (world.origin.url("/file"), [range(0, 10), range(100, 5)]);
        job.add_file_with_ranges("id", &url, world.local("0"), &ranges, None).await.unwrap();
        fetch(&job).await;
        assert_eq!(file(&job, 0).await.stats().await.unwrap().file_size, 15);
    }

    /// totalBytesDownloaded and bytesFromHttp count received bytes.
    Doc(SWARM_STATS), Holds;
    async fn the_statistics_count_bytes() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        let file = file(&job, 0).await;
        let stats = file.stats().await.unwrap();
        assert_eq!((stats.total_bytes_downloaded, stats.bytes_from_http), (HELD, HELD));
        world.release();
        super::world::until_state(&job, JobState::Transferred).await;
        let stats = file.stats().await.unwrap();
        assert_eq!((stats.total_bytes_downloaded, stats.bytes_from_http), (LENGTH, LENGTH));
    }

    /// The documentation does not say whether bytes that are fetched twice count twice.
    Silent(SWARM_STATS), Chosen("They do: every written byte counts, even if it is discarded later.");
    async fn bytes_that_came_twice_count_twice() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.suspend().await.unwrap();
        let file = file(&job, 0).await;
        file.set_remote_name(&world.origin.url("/other")).await.unwrap();
        fetch(&job).await;
        assert_eq!(file.stats().await.unwrap().total_bytes_downloaded, HELD + LENGTH);
    }

    /// Bytes and connections of peers are counted by the location of the peers.
    Doc(SWARM_STATS), Differs("haul has no peers: the counts are 0.");
    async fn there_are_no_peers() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        done(&job).await;
        let stats = file(&job, 0).await.stats().await.unwrap();
        assert_eq!([stats.bytes_from_lan_peers, stats.bytes_from_group_peers, stats.bytes_from_internet_peers], [0; 3]);
        assert_eq!([stats.bytes_to_lan_peers, stats.bytes_to_group_peers, stats.bytes_to_internet_peers], [0; 3]);
        assert_eq!([stats.lan_connection_count, stats.group_connection_count, stats.internet_connection_count], [0; 3]);
        assert_eq!((stats.bytes_from_doinc, stats.doinc_connection_count), (0, 0));
    }

    /// httpConnectionCount is the number of connections to the source.
    Doc(SWARM_STATS), Holds;
    async fn connections_are_counted() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        let file = file(&job, 0).await;
        assert_eq!(file.stats().await.unwrap().http_connection_count, 1);
        job.suspend().await.unwrap();
        assert_eq!(file.stats().await.unwrap().http_connection_count, 0);
    }

    /// downloadDuration is in milliseconds in the structure, and in seconds on a page for administrators.
    Silent(MONITOR), Chosen("Milliseconds during which the file was transferring.");
    async fn the_duration_is_in_milliseconds() {
        let slow = haul_tests::origin::Fault::Slow(LENGTH * 4);
        let world = World::faulty([(haul_tests::origin::When::Every, slow)]).await;
        let job = world.job_of(&["/here"]).await;
        let begin = std::time::Instant::now();
        fetch(&job).await;
        let (lasted, most) = (file(&job, 0).await.stats().await.unwrap().download_duration, begin.elapsed());
        // A quarter of a second at this rate; a little less, because the first bytes come at once.
        assert!(lasted >= Duration::from_millis(100) && lasted <= most + Duration::from_millis(1), "{lasted:?} of {most:?}");
    }

    /// downloadMode is LAN if no mode was set, and SIMPLE if the services cannot be reached.
    Doc(DOWNLOAD_MODE), Differs("Always SIMPLE: haul downloads from the source only, without peers or services.");
    async fn the_download_mode_is_simple() {
        let world = World::new().await;
        let stats = file(&world.job_of(&["/file"]).await, 0).await.stats().await.unwrap();
        assert_eq!(stats.download_mode, DownloadMode::Simple);
    }

    /// status is Downloading, Paused or Complete.
    Doc(SWARM_STATUS), Holds;
    async fn the_status_follows_the_file() {
        let expected = [
            (JobState::Suspended, SwarmStatus::Paused),
            (JobState::Transferring, SwarmStatus::Downloading),
            (JobState::Error, SwarmStatus::Paused),
            (JobState::Transferred, SwarmStatus::Complete),
            (JobState::Acknowledged, SwarmStatus::Complete),
        ];
        for (state, status) in expected {
            let world = World::new().await;
            let job = world.job_in(state).await;
            assert_eq!(file(&job, 0).await.stats().await.unwrap().status, status, "{state:?}");
        }
    }

    /// status is Caching while a file is offered to peers.
    Doc(SWARM_STATUS), Differs("Never: haul offers no files to peers.");
    async fn no_file_is_offered() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        done(&job).await;
        assert_ne!(file(&job, 0).await.stats().await.unwrap().status, SwarmStatus::Caching);
    }

    /// isBackground is false for the foreground.
    Doc(SWARM_STATS), Holds;
    async fn the_statistics_tell_the_background() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let file = file(&job, 0).await;
        for (priority, is_background) in [
            (JobPriority::Foreground, false), (JobPriority::High, true), (JobPriority::Normal, true),
            (JobPriority::Low, true),
        ] {
            job.set_priority(priority).await.unwrap();
            assert_eq!(file.stats().await.unwrap().is_background, is_background, "{priority:?}");
        }
    }

    /// DecryptionInfo describes the encryption of the file.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn an_encrypted_file_is_decrypted() {
        let world = World::with(representation(&Content::literal(BASE64_STANDARD.decode(ENCRYPTED).unwrap()))).await;
        let job = world.job_of(&["/here"]).await;
        let info = FileProperty::DecryptionInfo(world.decryption_info().await);
        file(&job, 0).await.set_property(info).await.unwrap();
        done(&job).await;
        assert_eq!(std::fs::read(world.local("0")).unwrap(), PLAIN.as_bytes());
    }

    /// DecryptionInfo of a file is write-only.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_decryption_info_cannot_be_read() {
        let world = World::new().await;
        let file = new_file(&world).await;
        file.set_property(FileProperty::DecryptionInfo(world.decryption_info().await)).await.unwrap();
        refused(file.property(FilePropertyId::DecryptionInfo).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// IntegrityCheckInfo describes the expected pieces of the file.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn a_file_is_checked_piece_by_piece() {
        let world = World::new().await;
        let job = world.job_of(&["/other"]).await;
        let info = FileProperty::IntegrityCheckInfo(told(&world, "").await);
        file(&job, 0).await.set_property(info.clone()).await.unwrap();
        fails(&job, DO_E_BAD_PIECE_HASH).await;
        let job = world.job_into("good", &["/file"]).await;
        file(&job, 0).await.set_property(info).await.unwrap();
        done(&job).await;
        world.assert_file("good/0");
    }

    /// IntegrityCheckInfo of a file is write-only.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_integrity_check_info_cannot_be_read() {
        let world = World::new().await;
        let file = new_file(&world).await;
        file.set_property(FileProperty::IntegrityCheckInfo(nowhere(&world))).await.unwrap();
        refused(file.property(FilePropertyId::IntegrityCheckInfo).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// IntegrityCheckMandatory is read and written.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_mandatory_check_of_a_file_is_read_as_it_was_written() {
        let world = World::new().await;
        let file = new_file(&world).await;
        let read = async || file.property(FilePropertyId::IntegrityCheckMandatory).await.unwrap();
        assert_eq!(read().await, FileProperty::IntegrityCheckMandatory(false));
        file.set_property(FileProperty::IntegrityCheckMandatory(true)).await.unwrap();
        assert_eq!(read().await, FileProperty::IntegrityCheckMandatory(true));
    }

    /// With IntegrityCheckMandatory a file fails if the data for the check is missing.
    Idl(ERRORS), Holds;
    async fn a_mandatory_check_of_a_file_needs_its_info() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let file = file(&job, 0).await;
        file.set_property(FileProperty::IntegrityCheckMandatory(true)).await.unwrap();
        fails(&job, DO_E_INTEGRITYCHECKINFO_UNSPECIFIED).await;
        file.set_property(FileProperty::IntegrityCheckInfo(nowhere(&world))).await.unwrap();
        fails(&job, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE).await;
    }

    /// DownloadSinkInterface has a name and no description.
    Silent(DO_FILE_PROPERTY), Chosen("E_NOTIMPL, and unknown to GetProperty: a job outlives its callers, a stream \
                                      does not.");
    async fn a_file_has_no_stream() {
        let world = World::new().await;
        let file = new_file(&world).await;
        refused(file.set_property(FileProperty::DownloadSinkInterface).await, E_NOTIMPL);
        refused(file.property(FilePropertyId::DownloadSinkInterface).await, DO_E_UNKNOWN_PROPERTY_ID);
    }

    /// DownloadSinkFilePath is the full path of the target file.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_path_of_a_file_is_read_as_it_was_written() {
        let world = World::new().await;
        let file = new_file(&world).await;
        file.set_property(FileProperty::DownloadSinkFilePath(world.local("0"))).await.unwrap();
        let path = world.folder.path().canonicalize().unwrap().join("0");
        let read = file.property(FilePropertyId::DownloadSinkFilePath).await.unwrap();
        assert_eq!(read, FileProperty::DownloadSinkFilePath(path));
    }

    /// DownloadSinkFilePath has the limits of a local name.
    Inferred(DO_FILE_PROPERTY), Holds;
    async fn the_path_of_a_file_has_its_limits() {
        let world = World::new().await;
        let _taken = world.job_of(&["/file"]).await;
        let file = new_file(&world).await;
        let set = async |path: std::path::PathBuf| file.set_property(FileProperty::DownloadSinkFilePath(path)).await;
        refused(set("/somewhere/else".into()).await, E_ACCESSDENIED);
        refused(set("".into()).await, E_INVALIDARG);
        refused(set(world.local("0")).await, ERROR_SHARING_VIOLATION);
        set(world.local("free")).await.unwrap();
    }

    /// DO_E_FILE_DOWNLOADSINK_ALREADY_SET: the file already has a target.
    Inferred(ERRORS), Holds;
    async fn the_path_of_a_file_is_set_once() {
        let world = World::new().await;
        let file = file(&world.job_of(&["/file"]).await, 0).await;
        let another = FileProperty::DownloadSinkFilePath(world.local("another"));
        refused(file.set_property(another).await, DO_E_FILE_DOWNLOADSINK_ALREADY_SET);
    }

    /// DownloadSinkMemoryStream is deprecated: DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED.
    Inferred(ERRORS), Holds;
    async fn a_memory_stream_is_refused() {
        let world = World::new().await;
        let file = new_file(&world).await;
        let set = file.set_property(FileProperty::DownloadSinkMemoryStream).await;
        refused(set, DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED);
        refused(file.property(FilePropertyId::DownloadSinkMemoryStream).await, DO_E_UNKNOWN_PROPERTY_ID);
    }

    /// TotalSizeBytes is read and written.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_size_of_a_file_is_read_as_it_was_written() {
        let world = World::new().await;
        let job = world.job().await;
        for (number, ranges) in [&[][..], &[range(0, 5)]].into_iter().enumerate() {
            let file = job.add_file_by_id(&number.to_string(), Some(&world.origin.url("/file")), ranges).await.unwrap();
            file.set_property(FileProperty::TotalSizeBytes(LENGTH)).await.unwrap();
            let read = file.property(FilePropertyId::TotalSizeBytes).await.unwrap();
            assert_eq!(read, FileProperty::TotalSizeBytes(LENGTH));
        }
    }

    /// TotalSizeBytes of a file can be read after the transfer.
    Inferred(DO_FILE_PROPERTY), Holds;
    async fn the_size_of_a_file_is_known_after_the_transfer() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferred).await;
        let read = file(&job, 0).await.property(FilePropertyId::TotalSizeBytes).await.unwrap();
        assert_eq!(read, FileProperty::TotalSizeBytes(LENGTH));
    }

    /// GetProperty fails with E_NOT_SET for a property that was not set.
    Doc(DO_FILE_GET), Holds;
    async fn what_was_not_set_cannot_be_read() {
        let world = World::new().await;
        let file = new_file(&world).await;
        for id in [FilePropertyId::DownloadSinkFilePath, FilePropertyId::TotalSizeBytes] {
            refused(file.property(id).await, E_NOT_SET);
        }
    }

    /// An invalid property id is DO_E_UNKNOWN_PROPERTY_ID.
    Doc(DO_FILE_GET), CannotBeWritten("`do-file-property-id` has the seven properties only.");
    async fn a_file_has_seven_properties() {
        assert_eq!(wit().names("delivery-optimization-file", "do-file-property-id").len(), 7);
    }

    /// SetProperty can fail with DO_E_INVALID_STATE; the states are not documented.
    Silent(DO_FILE_SET), Chosen("Once the transfer of the file has started. A failed file can be changed again.");
    async fn a_file_can_be_set_until_it_begins() {
        for state in OPEN.into_iter().chain(OVER) {
            let world = World::crowded().await;
            let file = file(&world.job_in(state).await, 0).await;
            for property in each(&world).await {
                let set = file.set_property(property).await;
                if matches!(state, JobState::Suspended | JobState::Queued | JobState::Error) {
                    set.unwrap();
                } else {
                    refused(set, DO_E_INVALID_STATE);
                }
            }
        }
    }
}
