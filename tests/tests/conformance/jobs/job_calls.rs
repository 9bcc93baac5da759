//! IBackgroundCopyJob: adding files, Suspend, Resume, Cancel and Complete.

use std::os::unix::fs::MetadataExt;

use haul::{Cancellation, Completion, FileInfo, JobKind, JobState};
use haul_tests::origin::Representation;
use haul_tests::scene::old;

use super::sources::{
    BITS_ADD_FILE, BITS_ADD_FILE_SET, BITS_CANCEL, BITS_COMPLETE, BITS_GET_PROGRESS, CANCEL, COMPLETE, GET_ID,
    GET_STATE, GET_TYPE, IDL, INTERFACES, RESUME, SUSPEND, WINE_JOB,
};
use super::world::{OPEN, OVER, asked, done, fails, fetch, file, files, rest, state_of, until_state, until_written};
use crate::codes::*;
use crate::http_codes::status;
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, refused, representation, wit};

/// Files with numbers as names, all with the same URL.
fn infos(world: &World, count: usize) -> Vec<FileInfo> {
    let (url, folder) = (world.origin.url("/file"), world.folder.path().to_owned());
    (0..count).map(|number| FileInfo::new(&url, folder.join(number.to_string()))).collect()
}

statements! {
    "IBackgroundCopyJob: files and state changes";

    /// The overview says that a job adds files; the pages have neither AddFile nor AddFileSet.
    Silent(INTERFACES), Chosen("Both exist; the id of a file is its URL.");
    async fn a_file_can_be_added_by_url_and_path() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let described = job.describe_files(0, 9).await.unwrap();
        assert_eq!((described.len(), &*described[0].file_id), (1, &*world.origin.url("/file")));
        done(&job).await;
        world.assert_file("0");
    }

    /// BITS: AddFileSet adds many files.
    Doc(BITS_ADD_FILE_SET), Holds;
    async fn many_files_can_be_added_at_once() {
        let world = World::new().await;
        let job = world.job().await;
        job.add_file_set(infos(&world, 3)).await.unwrap();
        done(&job).await;
        assert_eq!(world.names(), ["0", "1", "2"]);
    }

    /// BITS: for an upload AddFileSet adds all files or none. The behaviour for a download is not documented.
    Silent(BITS_ADD_FILE_SET), Chosen("All or none.");
    async fn a_set_is_added_as_a_whole() {
        let world = World::new().await;
        let job = world.job().await;
        let mut set = infos(&world, 2);
        set.push(FileInfo::new("no url", world.local("2")));
        refused(job.add_file_set(set).await, E_INVALIDARG);
        assert_eq!(job.progress().await.unwrap().files_total, 0);
        job.add_file_set(infos(&world, 2)).await.unwrap();
    }

    /// BITS: a job has at most 200 files.
    Doc(BITS_ADD_FILE), Differs("200,000; more are BG_E_TOO_MANY_FILES_IN_JOB.");
    async fn a_job_has_200000_files_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        job.add_file_set(infos(&world, 201)).await.unwrap();
        assert_eq!(job.progress().await.unwrap().files_total, 201);
        refused(job.add_file_set(infos(&world, 200_000)).await, BG_E_TOO_MANY_FILES_IN_JOB);
    }

    /// BITS: an invalid remote name is E_INVALIDARG.
    Doc(BITS_ADD_FILE), Holds;
    async fn a_file_needs_a_url() {
        let world = World::new().await;
        let job = world.job().await;
        for bad in ["", "no url", "http://", "/file"] {
            refused(job.add_file(bad, world.local("0")).await, E_INVALIDARG);
        }
    }

    /// BITS: an unsupported protocol is E_INVALIDARG on the page of AddFile and CO_E_NOT_SUPPORTED in the IDL.
    Silent(IDL), Chosen("E_INVALIDARG.");
    async fn a_file_needs_http_or_https() {
        let world = World::new().await;
        let job = world.job().await;
        job.add_file("https://localhost/file", world.local("0")).await.unwrap();
        for bad in ["ftp://localhost/file", "file:///etc/hosts"] {
            refused(job.add_file(bad, world.local("1")).await, E_INVALIDARG);
        }
    }

    /// BITS: SMB shares can be sources too.
    Doc(BITS_ADD_FILE), Differs("HTTP and HTTPS only: a component has no other network access.");
    async fn a_share_is_no_source() {
        let world = World::new().await;
        let job = world.job().await;
        for share in [r"\\server\share\file", "//server/share/file", "smb://server/share/file"] {
            refused(job.add_file(share, world.local("0")).await, E_INVALIDARG);
        }
    }

    /// BITS: a remote name has at most 2,200 characters.
    Doc(BITS_ADD_FILE), Holds;
    async fn a_url_has_2200_characters_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        let url = |length: usize| {
            let start = world.origin.url("/");
            format!("{start}{}", "x".repeat(length - start.len()))
        };
        job.add_file(&url(2200), world.local("0")).await.unwrap();
        refused(job.add_file(&url(2201), world.local("1")).await, E_INVALIDARG);
    }

    /// BITS: a segment of a remote name has at most MAX_PATH characters, and no wildcards.
    Doc(BITS_ADD_FILE), Differs("Neither limit applies to a URL.");
    async fn a_url_may_have_long_segments_and_asterisks() {
        let world = World::new().await;
        let long = format!("/{}*", "x".repeat(300));
        world.origin.put(&long, representation(&world.content));
        done(&world.job_of(&[&long]).await).await;
        world.assert_file("0");
    }

    /// BITS: a relative local name is E_INVALIDARG.
    Doc(BITS_ADD_FILE), Differs("It is resolved against the current directory, and is E_ACCESSDENIED if that \
                                 directory is not granted.");
    async fn a_relative_path_counts_from_the_current_directory() {
        let world = World::new().await;
        refused(world.job().await.add_file(&world.origin.url("/file"), "relative").await, E_ACCESSDENIED);
        let folder = tempfile::tempdir_in(".").unwrap();
        let engine = haul::Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
        let job = engine.create_job("job").await.unwrap();
        let relative = std::path::Path::new(folder.path().file_name().unwrap()).join("0");
        job.add_file(&world.origin.url("/file"), &relative).await.unwrap();
        assert_eq!(file(&job, 0).await.local_name().await.unwrap(), folder.path().canonicalize().unwrap().join("0"));
    }

    /// BITS: a local name has at most MAX_PATH characters.
    Doc(BITS_ADD_FILE), Differs("4,096 bytes; the file system limits each name in the path.");
    async fn a_path_has_4096_bytes_at_most() {
        let world = World::new().await;
        let (job, url) = (world.job().await, world.origin.url("/file"));
        let deep = |parts: usize| (0..parts).fold(world.folder.path().to_owned(), |path, _| path.join("x".repeat(99)));
        job.add_file(&url, deep(10)).await.unwrap();
        refused(job.add_file(&url, deep(41)).await, E_INVALIDARG);
    }

    /// BITS: the directories of a local name must exist.
    Doc(BITS_ADD_FILE), Differs("haul creates them when the transfer starts.");
    async fn directories_are_made() {
        let world = World::new().await;
        let job = world.job_into("one/two", &["/file"]).await;
        assert_eq!(world.names(), [""; 0]);
        done(&job).await;
        world.assert_file("one/two/0");
    }

    /// BITS: a local name that the caller cannot write is E_ACCESSDENIED.
    Doc(BITS_ADD_FILE), Holds;
    async fn a_path_outside_of_what_is_granted_is_refused() {
        let world = World::new().await;
        let job = world.job().await;
        for path in ["/somewhere/else".into(), world.local("../else")] {
            refused(job.add_file(&world.origin.url("/file"), path).await, E_ACCESSDENIED);
        }
    }

    /// The documentation does not say whether two files may have the same local name.
    Silent(BITS_ADD_FILE), Chosen("ERROR_SHARING_VIOLATION for the second file, whether the first belongs to this \
                                   job, to another job or to a download.");
    async fn a_path_belongs_to_one_file() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let url = world.origin.url("/other");
        refused(job.add_file(&url, world.local("0")).await, ERROR_SHARING_VIOLATION);
        refused(world.job().await.add_file(&url, world.local("0")).await, ERROR_SHARING_VIOLATION);
        let download = world.download().await;
        download.set_local_path(world.local("0")).await.unwrap();
        refused(download.start(haul::StartMode::WholeFile).await, ERROR_SHARING_VIOLATION);
        job.cancel().await.unwrap();
        world.job().await.add_file(&url, world.local("0")).await.unwrap();
    }

    /// BITS: files are transferred in the order in which they were added.
    Doc(BITS_ADD_FILE), Holds;
    async fn files_come_in_their_order() {
        let world = World::crowded().await;
        let paths = ["/file?c", "/other", "/file?a", "/file?b"];
        done(&world.job_of(&paths).await).await;
        let targets: Vec<_> = world.origin.requests().iter().map(|request| request.target.clone()).collect();
        assert_eq!(targets, paths);
    }

    /// BITS: files are transferred one after the other.
    Doc(BITS_ADD_FILE), Differs("Several at a time, up to the engine's limit; `max-running` 1 transfers them as BITS does.");
    async fn several_files_come_at_a_time() {
        let world = World::new().await;
        let job = world.job_of(&["/held?1", "/held?2", "/held?3"]).await;
        job.resume().await.unwrap();
        until_written(&job, 3 * HELD).await;
        world.release();
        until_state(&job, JobState::Transferred).await;
    }

    /// BITS: a failed file stops the files after it.
    Doc(BITS_ADD_FILE), Holds;
    async fn a_file_that_fails_stops_the_others() {
        let world = World::crowded().await;
        let job = world.job_of(&["/missing", "/file"]).await;
        fails(&job, status(404)).await;
        assert_eq!(asked(&world.origin), ["/missing"]);
    }

    /// BITS: the failure of one file fails the job. BITS has no option to transfer the other files anyway.
    Doc(BITS_ADD_FILE), Chosen("The option `keep-going`: the job enters ERROR when no other file is left to \
                                transfer.");
    async fn the_others_can_come_all_the_same() {
        let world = World::crowded().await;
        let job = world.job_of(&["/missing", "/file"]).await;
        job.set_options(haul::JobOptions { keep_going: true, ..Default::default() }).await.unwrap();
        fails(&job, status(404)).await;
        assert_eq!(job.complete().await.unwrap(), Completion::PartialComplete);
        assert_eq!(world.names(), ["1"]);
    }

    /// BITS: a client can add files at any time before the end.
    Doc(BITS_ADD_FILE), Holds;
    async fn files_can_be_added_before_the_end() {
        for state in OPEN {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            job.add_file(&world.origin.url("/other"), world.local("more")).await.unwrap();
            assert_eq!(job.progress().await.unwrap().files_total, 2, "{state:?}");
        }
    }

    /// BITS: a client cannot remove a file from a job.
    Doc(BITS_ADD_FILE), CannotBeWritten("The interface has no such call.");
    async fn files_cannot_be_taken_out() {
        let wit = wit();
        for name in wit.interfaces() {
            let functions = wit.interface(name).functions.keys();
            assert!(functions.into_iter().all(|name| !name.contains("remove") && !name.contains("delete")));
        }
    }

    /// Suspend stops a job and keeps the transferred data.
    Doc(SUSPEND), Holds;
    async fn suspend_keeps_what_is_here() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.suspend().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Suspended);
        world.release();
        done(&job).await;
        let requests = world.origin.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].range(), Some(&*rest()));
        world.assert_file("Transferring/0");
    }

    /// Suspend fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(SUSPEND), Holds;
    async fn a_job_that_is_over_cannot_be_suspended() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.suspend().await, DO_E_INVALID_STATE);
        }
    }

    /// New, failed and fully transferred jobs count as suspended.
    Doc(SUSPEND), Holds;
    async fn suspend_does_nothing_to_a_job_that_does_not_run() {
        for state in [JobState::Suspended, JobState::Error, JobState::Transferred] {
            let world = World::new().await;
            let job = world.job_in(state).await;
            job.suspend().await.unwrap();
            assert_eq!(state_of(&job).await, state);
        }
    }

    /// Suspend of a suspended job succeeds.
    Idl(IDL), Holds;
    async fn a_job_can_be_suspended_twice() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.suspend().await.unwrap();
        job.suspend().await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Suspended);
    }

    /// Resume of a job without files fails with DO_E_EMPTY, a name that no header has.
    Silent(RESUME), Chosen("DO_E_JOB_EMPTY.");
    async fn a_job_without_files_cannot_be_resumed() {
        let world = World::new().await;
        refused(world.job().await.resume().await, DO_E_JOB_EMPTY);
    }

    /// A job without files stays SUSPENDED after Resume.
    Observed(WINE_JOB), Holds;
    async fn a_job_without_files_stays_suspended() {
        let world = World::new().await;
        let job = world.job().await;
        job.resume().await.unwrap_err();
        assert_eq!(state_of(&job).await, JobState::Suspended);
    }

    /// Resume fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(RESUME), Holds;
    async fn a_job_that_is_over_cannot_be_resumed() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.resume().await, DO_E_INVALID_STATE);
        }
    }

    /// Resume moves a new job to TRANSFERRING at once, without QUEUED.
    Doc(RESUME), Chosen("If a slot is free; otherwise the job is QUEUED, as in BITS.");
    async fn a_new_job_transfers_at_once() {
        let world = World::crowded().await;
        let first = world.job_into("first", &["/held"]).await;
        first.resume().await.unwrap();
        assert_eq!(state_of(&first).await, JobState::Transferring);
        let second = world.job_into("second", &["/file"]).await;
        second.resume().await.unwrap();
        assert_eq!(state_of(&second).await, JobState::Queued);
    }

    /// Resume of a running job succeeds.
    Idl(IDL), Holds;
    async fn a_job_that_runs_can_be_resumed() {
        for state in [JobState::Queued, JobState::Transferring] {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            let requests = asked(&world.origin);
            job.resume().await.unwrap();
            assert_eq!((state_of(&job).await, asked(&world.origin)), (state, requests));
        }
    }

    /// Resume fails with DO_E_FILE_DOWNLOADSINK_UNSPECIFIED if a file of the job has no target.
    Inferred(RESUME), Holds;
    async fn every_file_needs_a_path() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let file = job.add_file_by_id("id", Some(&world.origin.url("/other")), &[]).await.unwrap();
        refused(job.resume().await, DO_E_FILE_DOWNLOADSINK_UNSPECIFIED);
        assert_eq!(state_of(&job).await, JobState::Suspended);
        file.set_property(haul::FileProperty::DownloadSinkFilePath(world.local("later"))).await.unwrap();
        done(&job).await;
        assert_eq!(world.names(), ["0", "later"]);
    }

    /// Cancel removes the job and its temporary files.
    Doc(CANCEL), Holds;
    async fn cancel_leaves_nothing() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.suspend().await.unwrap();
        assert!(!haul_tests::scene::names(&world.local("Transferring")).is_empty());
        assert_eq!(job.cancel().await.unwrap(), Cancellation::Cancelled);
        assert_eq!(haul_tests::scene::names(&world.local("Transferring")), [""; 0]);
        refused(world.engine.job(job.id()).await, DO_E_JOB_NOT_FOUND);
    }

    /// Cancel fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(CANCEL), Holds;
    async fn a_job_that_is_over_cannot_be_cancelled() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.cancel().await, DO_E_INVALID_STATE);
        }
    }

    /// Cancel cannot be undone.
    Doc(CANCEL), Holds;
    async fn a_cancelled_job_stays_cancelled() {
        let world = World::new().await;
        let job = world.job_in(JobState::Cancelled).await;
        refused(job.resume().await, DO_E_INVALID_STATE);
        refused(job.complete().await, DO_E_INVALID_STATE);
        assert_eq!(state_of(&job).await, JobState::Cancelled);
    }

    /// BITS: Cancel succeeds with BG_S_UNABLE_TO_DELETE_FILES if temporary files remain.
    Doc(BITS_CANCEL), Holds;
    async fn cancel_tells_of_files_that_stay() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.suspend().await.unwrap();
        let part = world.local("Transferring/0.part");
        std::fs::remove_file(&part).unwrap();
        std::fs::create_dir_all(part.join("in the way")).unwrap();
        assert_eq!(job.cancel().await.unwrap(), Cancellation::UnableToDeleteFiles);
        assert_eq!(state_of(&job).await, JobState::Cancelled);
    }

    /// Complete returns S_OK if all files are transferred, and the files get their final names.
    Doc(COMPLETE), Holds;
    async fn complete_gives_the_files_their_names() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/file?2"]).await;
        fetch(&job).await;
        assert_eq!(job.complete().await.unwrap(), Completion::Complete);
        assert_eq!((state_of(&job).await, world.names()), (JobState::Acknowledged, vec!["0".into(), "1".into()]));
        world.assert_file("0");
        world.assert_file("1");
    }

    /// Complete fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(COMPLETE), Holds;
    async fn a_job_that_is_over_cannot_be_completed() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.complete().await, DO_E_INVALID_STATE);
        }
    }

    /// Complete fails if a temporary file cannot be renamed.
    Doc(COMPLETE), Holds;
    async fn a_name_that_is_taken_fails_complete() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        fetch(&job).await;
        std::fs::write(world.local("0"), "in the way").unwrap();
        refused(job.complete().await, ERROR_FILE_EXISTS);
        assert_eq!(std::fs::read(world.local("0")).unwrap(), b"in the way");
    }

    /// BITS: if a rename fails, the job stays TRANSFERRED and the client may call Complete again.
    Doc(BITS_COMPLETE), Holds;
    async fn a_complete_that_failed_can_be_repeated() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        fetch(&job).await;
        std::fs::write(world.local("0"), "in the way").unwrap();
        job.complete().await.unwrap_err();
        assert_eq!(state_of(&job).await, JobState::Transferred);
        std::fs::remove_file(world.local("0")).unwrap();
        assert_eq!(job.complete().await.unwrap(), Completion::Complete);
        world.assert_file("0");
        assert_eq!(world.origin.requests().len(), 1);
    }

    /// Complete during the transfer of the third of five files keeps the first two only.
    Doc(COMPLETE), Holds;
    async fn complete_keeps_the_files_that_are_here() {
        let world = World::crowded().await;
        let job = world.job_of(&["/file", "/file?2", "/held", "/file?4", "/file?5"]).await;
        job.resume().await.unwrap();
        until_written(&job, 2 * LENGTH + HELD).await;
        assert_eq!(job.complete().await.unwrap(), Completion::PartialComplete);
        assert_eq!(world.names(), ["0", "1"]);
        world.assert_file("0");
        world.assert_file("1");
    }

    /// A client compares BytesTransferred with BytesTotal to find the transferred files.
    Doc(COMPLETE), Holds;
    async fn the_progress_of_a_file_tells_whether_it_is_here() {
        let world = World::crowded().await;
        let job = world.job_of(&["/file", "/held"]).await;
        job.resume().await.unwrap();
        until_written(&job, LENGTH + HELD).await;
        let here = async |number| {
            let progress = file(&job, number).await.progress().await.unwrap();
            progress.bytes_total == Some(progress.bytes_transferred)
        };
        assert_eq!((here(0).await, here(1).await), (true, false));
    }

    /// BITS: Complete returns BG_S_PARTIAL_COMPLETE if files were dropped. The page of DO has S_OK only.
    Doc(BITS_COMPLETE), Chosen("`completion` has a case for each: `complete` is S_OK, `partial-complete` is \
                                BG_S_PARTIAL_COMPLETE, and `unable-to-delete-files` is the third.");
    async fn a_partial_completion_is_told() {
        let world = World::new().await;
        assert_eq!(wit().names("background-copy-job", "completion"), [
            "complete", "partial-complete", "unable-to-delete-files",
        ]);
        let job = world.job_in(JobState::Suspended).await;
        assert_eq!(job.complete().await.unwrap(), Completion::PartialComplete);
        assert_eq!((state_of(&job).await, world.names()), (JobState::Acknowledged, Vec::new()));
    }

    /// BITS: a completed job leaves the queue.
    Doc(BITS_COMPLETE), Holds;
    async fn a_completed_job_is_not_found() {
        let world = World::new().await;
        let job = world.job_in(JobState::Acknowledged).await;
        refused(world.engine.job(job.id()).await, DO_E_JOB_NOT_FOUND);
        assert_eq!(world.engine.jobs(false).await.unwrap().count(), 0);
    }

    /// The effect of Complete on a job without files is not documented.
    Silent(COMPLETE), Chosen("The job is ACKNOWLEDGED, and the result S_OK.");
    async fn a_job_without_files_can_be_completed() {
        let world = World::new().await;
        let job = world.job().await;
        assert_eq!(job.complete().await.unwrap(), Completion::Complete);
        assert_eq!(state_of(&job).await, JobState::Acknowledged);
    }

    /// The files belong to the user who calls Complete.
    Doc(COMPLETE), Differs("They belong to the user account of the host process: to the system, callers are not \
                            users.");
    async fn files_belong_to_the_user_of_the_host() {
        let world = World::new().await;
        let job = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        job.add_file(&world.origin.url("/file"), world.local("0")).await.unwrap();
        done(&job).await;
        let (file, folder) = (std::fs::metadata(world.local("0")).unwrap(), world.folder.path().metadata().unwrap());
        assert_eq!(file.uid(), folder.uid());
    }

    /// BITS: a file gets the modification time of its remote file.
    Doc(BITS_COMPLETE), Holds;
    async fn a_file_has_the_time_of_its_origin() {
        let world = World::new().await;
        world.origin.put("/here", Representation::new(world.content.clone()).last_modified(old()));
        done(&world.job_of(&["/here"]).await).await;
        assert_eq!(std::fs::metadata(world.local("0")).unwrap().modified().unwrap(), old());
    }

    /// BITS: the creation time of the file is the remote file's time, too.
    Doc(BITS_COMPLETE), Differs("WASI cannot set the creation time.");
    async fn a_file_was_created_when_it_was_fetched() {
        let world = World::new().await;
        world.origin.put("/here", Representation::new(world.content.clone()).last_modified(old()));
        done(&world.job_of(&["/here"]).await).await;
        // Not every file system has creation times.
        if let Ok(created) = std::fs::metadata(world.local("0")).unwrap().created() {
            assert!(created > old());
        }
    }

    /// GetId returns the GUID of the job.
    Doc(GET_ID), Holds;
    async fn a_job_has_a_guid() {
        let world = World::new().await;
        let (one, other) = (world.job().await, world.job().await);
        assert_ne!(one.id(), other.id());
        let hyphens: Vec<_> = one.id().match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((one.id().len(), hyphens), (36, vec![8, 13, 18, 23]));
        assert!(one.id().chars().all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c)), "{}", one.id());
    }

    /// GetType returns DOWNLOAD, the only type that DO documents.
    Doc(GET_TYPE), Holds;
    async fn a_job_is_a_download() {
        let world = World::new().await;
        assert_eq!(world.job().await.kind().await.unwrap(), JobKind::Download);
    }

    /// GetState succeeds in every state.
    Doc(GET_STATE), Holds;
    async fn every_state_can_be_asked_for() {
        for state in OPEN.into_iter().chain(OVER) {
            let world = World::crowded().await;
            assert_eq!(world.job_in(state).await.state().await.unwrap(), state);
        }
    }

    /// BITS: a null pointer for an output is E_INVALIDARG.
    Doc(BITS_GET_PROGRESS), CannotBeWritten("Outputs are results of the functions.");
    async fn what_comes_out_is_the_result() {
        let wit = wit();
        for (method, result) in [("progress", "job-progress"), ("times", "job-times"), ("state", "job-state")] {
            let signature = wit.signature("background-copy-job", &format!("job.get-{method}"));
            assert_eq!(signature, format!("get-{method}: func() -> {result}"));
        }
    }

    /// The handling of an existing file at the local name is not documented.
    Silent(COMPLETE), Chosen("It is not replaced: the job fails with ERROR_FILE_EXISTS, unless the option `overwrite` \
                              of the file is set.");
    async fn a_file_that_is_there_is_not_replaced() {
        let world = World::new().await;
        std::fs::write(world.local("0"), "another").unwrap();
        fails(&world.job_of(&["/file"]).await, ERROR_FILE_EXISTS).await;
        assert_eq!(std::fs::read(world.local("0")).unwrap(), b"another");
        std::fs::create_dir(world.local("over")).unwrap();
        std::fs::write(world.local("over/0"), "another").unwrap();
        let job = world.job_into("over", &["/file"]).await;
        let options = haul::TransferOptions { overwrite: true, ..crate::world::options() };
        files(&job).await[0].set_options(options).await.unwrap();
        done(&job).await;
        world.assert_file("over/0");
    }
}
