//! IDeliveryOptimizationJob and IDeliveryOptimizationJob2: files with ids, and the reason why a job failed.

use haul::{FileProperty, JobState};
use haul_tests::origin::{Content, Origin, Site};
use serde_json::Value;

use super::bare::{self, Bare, text};
use super::file2::{range, to_end};
use super::sources::{ADD_FILE_WITH_RANGES, DO_ADD_FILE, DO_JOB, DO_JOB_GET, DO_JOB_SET, DO_JOB2, ERRORS, MSIX_LOG};
use super::world::{OPEN, OVER, done, fails, fetch, file, until_state};
use crate::codes::*;
use crate::http_codes::status;
use crate::statement::statements;
use crate::world::{LENGTH, World, refused, representation, wit};

/// Adds `/file` with this id, to a unique path.
async fn add(world: &World, job: &haul::Job, id: &str) -> Result<(), haul::Error> {
    let number = job.progress().await?.files_total;
    let path = world.local(&format!("{}-{number}", job.id()));
    job.add_file_with_ranges(id, &world.origin.url("/file"), path, &[], None).await
}

statements! {
    "IDeliveryOptimizationJob and IDeliveryOptimizationJob2";

    /// AddFileWithRanges adds the file at a URL, with a local name as its target.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn a_file_is_added_with_id_url_and_path() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        job.add_file_with_ranges("content-1", &url, world.local("here"), &[], None).await.unwrap();
        done(&job).await;
        world.assert_file("here");
    }

    /// DOSwarmStats has the id of the file.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn the_id_of_a_file_is_seen_in_its_statistics() {
        let world = World::new().await;
        let job = world.job().await;
        add(&world, &job, "content-1").await.unwrap();
        assert_eq!(file(&job, 0).await.stats().await.unwrap().file_id, "content-1");
    }

    /// The id of unpublished content is any text that is unique in the job.
    Doc(ADD_FILE_WITH_RANGES), Chosen("1 to 4,096 visible ASCII characters.");
    async fn an_id_has_4096_visible_characters_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        add(&world, &job, &"x".repeat(4096)).await.unwrap();
        for bad in ["", "two words", "ümlaut", &"x".repeat(4097)] {
            refused(add(&world, &job, bad).await, E_INVALIDARG);
        }
    }

    /// The error for a second file with the same id is not documented.
    Silent(ADD_FILE_WITH_RANGES), Chosen("E_INVALIDARG.");
    async fn an_id_belongs_to_one_file_of_a_job() {
        let world = World::new().await;
        let (job, other) = (world.job().await, world.job().await);
        add(&world, &job, "one").await.unwrap();
        refused(add(&world, &job, "one").await, E_INVALIDARG);
        add(&world, &job, "two").await.unwrap();
        add(&world, &other, "one").await.unwrap();
    }

    /// The ranges are optional.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn without_ranges_the_whole_file_comes() {
        let world = World::new().await;
        let job = world.job().await;
        add(&world, &job, "id").await.unwrap();
        fetch(&job).await;
        assert_eq!(job.progress().await.unwrap().bytes_transferred, LENGTH);
    }

    /// The caller may pass the size of the file.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn a_size_can_be_told() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        job.add_file_with_ranges("known", &url, world.local("0"), &[], Some(LENGTH)).await.unwrap();
        assert_eq!(job.progress().await.unwrap().bytes_total, Some(LENGTH));
        job.add_file_with_ranges("unknown", &url, world.local("1"), &[], None).await.unwrap();
        assert_eq!(job.progress().await.unwrap().bytes_total, None);
    }

    /// The documentation does not say which size applies if the origin's size differs from the caller's.
    Silent(ADD_FILE_WITH_RANGES), Chosen("The origin's, as for a download.");
    async fn the_size_of_the_origin_counts() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        job.add_file_with_ranges("id", &url, world.local("0"), &[], Some(12)).await.unwrap();
        done(&job).await;
        world.assert_file("0");
        assert_eq!(job.progress().await.unwrap().bytes_total, Some(LENGTH));
    }

    /// An empty local name is E_INVALIDARG.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn an_empty_path_is_refused() {
        let world = World::new().await;
        let job = world.job().await;
        refused(job.add_file_with_ranges("id", &world.origin.url("/file"), "", &[], None).await, E_INVALIDARG);
        refused(job.add_file(&world.origin.url("/file"), "").await, E_INVALIDARG);
    }

    /// A target that the caller may not write is E_ACCESSDENIED.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn a_target_that_may_not_be_written_is_refused() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        refused(job.add_file_with_ranges("id", &url, "/somewhere/else", &[], None).await, E_ACCESSDENIED);
    }

    /// A local name is a full path.
    Doc(ADD_FILE_WITH_RANGES), Chosen("A path in a directory that the host granted; a path that leads out of it is \
                                       E_ACCESSDENIED.");
    async fn a_path_lies_in_a_granted_directory() {
        let world = World::built(|builder, folder| builder.state_directory(folder.path().join("state"))).await;
        let (job, url) = (world.job().await, world.origin.url("/file"));
        refused(job.add_file(&url, world.local("../outside")).await, E_ACCESSDENIED);
        refused(job.add_file(&url, world.local("state/inside")).await, E_ACCESSDENIED);
        job.add_file(&url, world.local("inside")).await.unwrap();
    }

    /// A range whose offset is BG_LENGTH_TO_EOF is DO_E_INVALID_RANGE.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn an_offset_of_all_ones_is_no_range() {
        let world = World::new().await;
        let (job, url) = (world.job().await, world.origin.url("/file"));
        for bad in [to_end(u64::MAX), range(u64::MAX, 1), range(u64::MAX - 1, 5)] {
            let added = job.add_file_with_ranges("id", &url, world.local("0"), &[bad], None).await;
            refused(added, DO_E_INVALID_RANGE);
        }
    }

    /// AddFileWithRanges fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn a_job_that_is_over_takes_no_files() {
        for state in OVER {
            let world = World::new().await;
            let job = world.job_in(state).await;
            refused(add(&world, &job, "id").await, DO_E_INVALID_STATE);
            refused(job.add_file_by_id("id", None, &[]).await, DO_E_INVALID_STATE);
        }
    }

    /// The documentation does not say whether a caller may add files while the job runs.
    Silent(ADD_FILE_WITH_RANGES), Chosen("Yes, in every state before the end, as in BITS.");
    async fn files_with_ids_can_be_added_before_the_end() {
        for state in OPEN {
            let world = World::crowded().await;
            add(&world, &world.job_in(state).await, "id").await.unwrap();
        }
    }

    /// The documentation does not say how to get IDeliveryOptimizationJob from a job.
    Silent(DO_JOB), Chosen("No such step is necessary: its functions borrow the job.");
    async fn the_functions_borrow_the_job() {
        let wit = wit();
        for name in ["add-file-with-ranges", "add-file", "get-property", "set-property"] {
            let signature = wit.signature("delivery-optimization-job", name);
            assert!(signature.contains("job: borrow<job>"), "{signature}");
        }
    }

    /// Job2's AddFile returns the new file.
    Doc(DO_ADD_FILE), Holds;
    async fn a_file_comes_back_when_it_is_added() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/file");
        let added = job.add_file_by_id("id", Some(&url), &[]).await.unwrap();
        assert_eq!(added.remote_name().await.unwrap(), url);
        assert_eq!(added.stats().await.unwrap().file_id, "id");
    }

    /// The riid of Job2's AddFile must be that of IDeliveryOptimizationFile.
    Doc(DO_ADD_FILE), CannotBeWritten("The result has its type.");
    async fn what_comes_back_has_its_type() {
        assert!(wit().signature("delivery-optimization-job", "add-file").ends_with("-> result<file, failure>"));
    }

    /// A file added with Job2's AddFile has no local name; the caller sets its sink afterwards.
    Doc(DO_JOB2), Holds;
    async fn a_file_gets_its_path_afterwards() {
        let world = World::new().await;
        let job = world.job().await;
        let file = job.add_file_by_id("id", Some(&world.origin.url("/file")), &[]).await.unwrap();
        refused(file.local_name().await, E_NOT_SET);
        file.set_property(FileProperty::DownloadSinkFilePath(world.local("later"))).await.unwrap();
        done(&job).await;
        world.assert_file("later");
    }

    /// Job2's AddFile takes ranges; no ranges means the whole file.
    Doc(DO_ADD_FILE), Holds;
    async fn a_file_without_a_path_may_have_ranges() {
        let world = World::new().await;
        let job = world.job().await;
        let file = job.add_file_by_id("id", Some(&world.origin.url("/file")), &[range(100, 10)]).await.unwrap();
        file.set_property(FileProperty::DownloadSinkFilePath(world.local("0"))).await.unwrap();
        done(&job).await;
        assert_eq!(std::fs::read(world.local("0")).unwrap(), world.bytes(100..110));
    }

    /// The URL of Job2's AddFile may be null; the source in this case is not documented.
    Silent(DO_ADD_FILE), Chosen("The host resolves the id to sources.");
    async fn a_file_may_be_known_by_its_id_only() {
        let content = Content::new(3, LENGTH);
        let served = Origin::start(Site::new().resource("/content", representation(&content)));
        let known = haul::Content { urls: vec![served.url("/content")], ..haul::Content::default() };
        let resolve = move |id: &str| (id == "content-1").then(|| known.clone());
        let world = World::built(|builder, _| builder.resolve_content(resolve)).await;
        let job = world.job().await;
        let file = job.add_file_by_id("content-1", None, &[]).await.unwrap();
        file.set_property(FileProperty::DownloadSinkFilePath(world.local("0"))).await.unwrap();
        done(&job).await;
        world.assert_file("0");
    }

    /// For a file without a URL and with an unknown id, only the names of the codes suggest the error.
    Silent(ERRORS), Chosen("DO_E_INVALID_CONTENT_ID; DO_E_DOWNLOAD_NO_URI if the host resolves no ids at all.");
    async fn an_id_that_nobody_knows_fails() {
        let knows_others = World::built(|builder, _| builder.resolve_content(|_| None)).await;
        for (world, code) in [(knows_others, DO_E_INVALID_CONTENT_ID), (World::new().await, DO_E_DOWNLOAD_NO_URI)] {
            let job = world.job().await;
            let file = job.add_file_by_id("unknown", None, &[]).await.unwrap();
            file.set_property(FileProperty::DownloadSinkFilePath(world.local("0"))).await.unwrap();
            fails(&job, code).await;
        }
    }

    /// GetProperty has ExtendedErrorInfo, a text; its content is not documented.
    Silent(DO_JOB_GET), Chosen("JSON: HResult, Name, Description, Context, and File if the error concerns a file.");
    async fn extended_error_info_is_json() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        let info: Value = serde_json::from_str(&job.extended_error_info().await.unwrap()).unwrap();
        assert_eq!(info["HResult"], "0x80190194");
        assert_eq!(info["Name"], status(404).name);
        assert_eq!(info["Context"], "none");
        assert_eq!(info["File"], world.origin.url("/missing"));
        assert!(info["Description"].as_str().is_some_and(|text| text.contains("404")));
    }

    /// The value of ExtendedErrorInfo for a job without an error is not documented.
    Silent(DO_JOB_GET), Chosen("E_NOT_SET.");
    async fn without_an_error_there_is_no_info() {
        let world = World::new().await;
        refused(world.job().await.extended_error_info().await, E_NOT_SET);
        let job = world.job_in(JobState::TransientError).await;
        assert!(job.extended_error_info().await.unwrap().contains("0x801901F7"));
    }

    /// Any other property is DO_E_UNKNOWN_PROPERTY_ID, both for reads and for writes.
    Doc(DO_JOB_GET), CannotBeWritten("`do-job-property-id` has one case.");
    async fn a_job_has_one_property_of_this_kind() {
        assert_eq!(wit().names("delivery-optimization-job", "do-job-property-id"), ["extended-error-info"]);
    }

    /// SetProperty with ExtendedErrorInfo is DO_E_READ_ONLY_PROPERTY.
    Doc(DO_JOB_SET), Holds;
    async fn extended_error_info_cannot_be_written() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        let info = text("extended-error-info", "{}");
        let answer = bare.call("delivery-optimization-job", "set-property", &[job, info]).await;
        bare::refused(answer, DO_E_READ_ONLY_PROPERTY);
    }

    /// Internally the service runs each file of a job as its own download.
    Observed(MSIX_LOG), Chosen("haul does the same; callers see neither the download nor its properties.");
    async fn each_file_has_a_download_of_its_own() {
        let world = World::new().await;
        let job = world.job_of(&["/held", "/held?2"]).await;
        job.resume().await.unwrap();
        super::world::until_written(&job, 2 * crate::world::HELD).await;
        for number in 0..2 {
            assert_eq!(file(&job, number).await.stats().await.unwrap().http_connection_count, 1);
        }
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
        world.release();
        until_state(&job, JobState::Transferred).await;
    }
}
