//! IBackgroundCopyFile: the names of a file.

use haul::{JobState, StartMode};
use haul_tests::origin::{Fault, When};

use super::sources::{BITS_REMOTE_NAME, DO_ADD_FILE, FILE, LOCAL_NAME, REMOTE_NAME, WINE_FILE};
use super::world::{asked, done, fails, file, files};
use crate::codes::E_NOT_SET;
use crate::http_codes::status;
use crate::statement::statements;
use crate::world::{World, refused, wit};

statements! {
    "IBackgroundCopyFile";

    /// GetRemoteName returns the full URL.
    Doc(REMOTE_NAME), Holds;
    async fn the_remote_name_is_the_whole_url() {
        let world = World::new().await;
        let job = world.job_of(&["/file?version=1"]).await;
        assert_eq!(file(&job, 0).await.remote_name().await.unwrap(), world.origin.url("/file?version=1"));
    }

    /// GetRemoteName returns the URL set with SetRemoteName.
    Doc(REMOTE_NAME), Holds;
    async fn the_remote_name_is_the_one_that_was_set_last() {
        let world = World::new().await;
        let file = file(&world.job_of(&["/file"]).await, 0).await;
        file.set_remote_name(&world.origin.url("/other")).await.unwrap();
        assert_eq!(file.remote_name().await.unwrap(), world.origin.url("/other"));
    }

    /// GetLocalName returns the full path.
    Doc(LOCAL_NAME), Holds;
    async fn the_local_name_is_the_whole_path() {
        let world = World::new().await;
        let name = file(&world.job_of(&["/file"]).await, 0).await.local_name().await.unwrap();
        assert_eq!(name, world.folder.path().canonicalize().unwrap().join("0"));
    }

    /// GetProgress before the transfer: the size is unknown, no byte is transferred, and the file is not complete.
    Observed(WINE_FILE), Holds;
    async fn nothing_is_known_of_a_new_file() {
        let world = World::new().await;
        let progress = file(&world.job_of(&["/file"]).await, 0).await.progress().await.unwrap();
        assert_eq!((progress.bytes_total, progress.bytes_transferred, progress.completed), (None, 0, false));
    }

    /// The caller frees the strings that it receives.
    Doc(LOCAL_NAME), CannotBeWritten("The caller owns a returned string.");
    async fn names_belong_to_whoever_gets_them() {
        let wit = wit();
        for name in ["get-remote-name", "get-local-name"] {
            let signature = wit.signature("background-copy-file", &format!("file.{name}"));
            assert_eq!(signature, format!("{name}: func() -> result<string, failure>"));
        }
    }

    /// A file comes from IBackgroundCopyError::GetFile or IEnumBackgroundCopyFiles::Next.
    Doc(FILE), Holds;
    async fn a_file_comes_from_an_error_and_from_an_enumerator() {
        let world = World::new().await;
        let job = world.job_in(JobState::Error).await;
        let (found, failed) = (file(&job, 0).await, job.error().await.unwrap().file.unwrap());
        found.set_remote_name(&world.origin.url("/other")).await.unwrap();
        assert_eq!(failed.remote_name().await.unwrap(), world.origin.url("/other"));
    }

    /// BITS: after a reported redirect the remote name may differ from the URL that was set.
    Doc(BITS_REMOTE_NAME), Differs("haul follows redirects without a report: every request starts at the URL that \
                                    was set.");
    async fn a_redirect_does_not_change_the_remote_name() {
        let world = World::faulty([(When::Every, Fault::redirect(302, "/file"))]).await;
        let job = world.job_of(&["/here"]).await;
        done(&job).await;
        assert_eq!(asked(&world.origin), ["/here", "/file"]);
        assert_eq!(file(&job, 0).await.remote_name().await.unwrap(), world.origin.url("/here"));
    }

    /// The names of a file that was added by its id only are not documented.
    Silent(DO_ADD_FILE), Chosen("E_NOT_SET for both names.");
    async fn a_file_may_have_no_names() {
        let world = World::new().await;
        let file = world.job().await.add_file_by_id("content", None, &[]).await.unwrap();
        refused(file.remote_name().await, E_NOT_SET);
        refused(file.local_name().await, E_NOT_SET);
    }

    /// The lifetime of a file object is not documented.
    Silent(FILE), Chosen("As long as the client holds it, even after the end of the job.");
    async fn a_file_object_outlives_its_job() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let file = file(&job, 0).await;
        done(&job).await;
        let id = job.id().to_owned();
        drop(job);
        assert!(file.progress().await.unwrap().completed);
        assert_eq!(file.local_name().await.unwrap().file_name().unwrap(), "0");
        refused(world.engine.job(&id).await, crate::codes::DO_E_JOB_NOT_FOUND);
    }

    /// The documentation does not say how a user and password in a file's URL are handled.
    Silent(REMOTE_NAME), Chosen("The remote name includes them; summaries and errors leave them out.");
    async fn secrets_of_a_url_are_not_shown() {
        let world = World::new().await;
        let job = world.job().await;
        let url = world.origin.url("/missing?key=secret").replace("http://", "http://me:secret@");
        job.add_file(&url, world.local("0")).await.unwrap();
        assert_eq!(files(&job).await[0].remote_name().await.unwrap(), url);
        let shown = job.describe_files(0, 1).await.unwrap()[0].remote_name.clone().unwrap();
        assert!(shown.ends_with("/missing?...") && !shown.contains("secret"), "{shown}");
        fails(&job, status(404)).await;
        let info = job.extended_error_info().await.unwrap();
        assert!(info.contains("/missing") && !info.contains("secret"), "{info}");
    }

    /// A job offers no access to downloads of the other family.
    Silent(FILE), Chosen("None: jobs do not list downloads, and enumerations of downloads do not list files of jobs.");
    async fn files_are_no_downloads() {
        let world = World::new().await;
        let _job = world.job_in(JobState::Transferring).await;
        refused(world.engine.downloads(None).await.map(|_| ()), crate::codes::DO_E_NO_DOWNLOADS);
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        assert_eq!(world.engine.jobs(false).await.unwrap().count(), 1);
        assert_eq!(world.engine.downloads(None).await.unwrap().next(9).len(), 1);
    }
}
