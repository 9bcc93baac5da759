//! IBackgroundCopyFile2: the requested ranges, and a new source.

use haul::{FileRange, JobState, TransferOptions};
use haul_tests::origin::{Content, Fault, Representation, Resource, When};

use super::sources::{BITS_FILE_RANGES, BITS_SET_REMOTE_NAME, FILE_RANGES, SET_REMOTE_NAME};
use super::world::{OVER, asked, done, fetch, file, rest, until_state, until_written};
use crate::codes::{DO_E_INVALID_STATE, E_INVALIDARG};
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, options, refused, wit};

pub const fn range(initial_offset: u64, length: u64) -> FileRange {
    FileRange { initial_offset, length: Some(length) }
}

pub const fn to_end(initial_offset: u64) -> FileRange {
    FileRange { initial_offset, length: None }
}

/// A URL of this length.
fn url_of(world: &World, characters: usize) -> String {
    let start = world.origin.url("/");
    format!("{start}{}", "x".repeat(characters - start.len()))
}

/// Starts a job at `/held`, suspends it, renames its source, and completes it; returns the statuses of the requests for the new
/// name.
async fn renamed(world: &World, name: &str) -> Vec<u16> {
    let job = world.job_in(JobState::Transferring).await;
    job.suspend().await.unwrap();
    let file = file(&job, 0).await;
    file.set_remote_name(&world.origin.url(name)).await.unwrap();
    done(&job).await;
    let requests = world.origin.requests();
    let its = requests.iter().filter(|request| request.path() == name);
    its.map(|request| request.status.unwrap()).collect()
}

/// The remote name of a file after a restart, if it was set on a suspended job that was or was not resumed before the restart.
async fn name_after_restart(resumed: bool) -> String {
    let world = keeping().await;
    let job = world.job_of(&["/held"]).await;
    job.resume().await.unwrap();
    until_written(&job, HELD).await;
    job.suspend().await.unwrap();
    file(&job, 0).await.set_remote_name(&world.origin.url("/held?again")).await.unwrap();
    if resumed {
        job.resume().await.unwrap();
    }
    let (id, start) = (job.id().to_owned(), world.origin.url(""));
    drop(job);
    let world = reopen(world).await;
    let job = world.engine.job(&id).await.unwrap();
    let name = file(&job, 0).await.remote_name().await.unwrap();
    name.strip_prefix(&start).unwrap().to_owned()
}

statements! {
    "IBackgroundCopyFile2";

    /// GetFileRanges returns the ranges of the file.
    Doc(FILE_RANGES), Holds;
    async fn a_file_has_its_ranges() {
        let world = World::new().await;
        let file = world.job().await.add_file_by_id("id", None, &[range(10, 5), range(100, 7)]).await.unwrap();
        assert_eq!(file.ranges().await.unwrap(), [range(10, 5), range(100, 7)]);
    }

    /// GetFileRanges returns S_FALSE, no range and no array if none were given.
    Doc(FILE_RANGES), Holds;
    async fn a_whole_file_has_no_ranges() {
        let world = World::new().await;
        assert_eq!(file(&world.job_of(&["/file"]).await, 0).await.ranges().await.unwrap(), []);
    }

    /// GetFileRanges returns the requested ranges, not the transferred ones.
    Doc(FILE_RANGES), Holds;
    async fn the_ranges_are_those_that_were_asked_for() {
        let world = World::new().await;
        let job = world.job().await;
        let (wanted, url) = ([range(0, LENGTH)], world.origin.url("/held"));
        job.add_file_with_ranges("id", &url, world.local("0"), &wanted, None).await.unwrap();
        let file = file(&job, 0).await;
        assert_eq!(file.ranges().await.unwrap(), wanted);
        job.resume().await.unwrap();
        until_written(&job, HELD).await;
        assert_eq!(file.ranges().await.unwrap(), wanted);
    }

    /// The order of the ranges is not documented; BITS keeps the order of the caller.
    Silent(BITS_FILE_RANGES), Chosen("The order of the caller.");
    async fn the_ranges_keep_their_order() {
        let world = World::new().await;
        let wanted = [range(500, 5), range(0, 10), range(100, 1)];
        let file = world.job().await.add_file_by_id("id", None, &wanted).await.unwrap();
        assert_eq!(file.ranges().await.unwrap(), wanted);
    }

    /// GetFileRanges returns a range up to the end with the length BG_LENGTH_TO_EOF.
    Doc(BITS_FILE_RANGES), CannotBeWritten("It has no length: `option<u64>`.");
    async fn a_range_to_the_end_has_no_length() {
        let world = World::new().await;
        let file = world.job().await.add_file_by_id("id", None, &[to_end(100)]).await.unwrap();
        assert_eq!(file.ranges().await.unwrap(), [to_end(100)]);
    }

    /// The caller frees the returned array, which has as many ranges as the count says.
    Doc(FILE_RANGES), CannotBeWritten("A list has its length, and the caller owns it.");
    async fn the_ranges_are_a_list() {
        let signature = wit().signature("background-copy-file2", "get-file-ranges");
        assert_eq!(signature, "get-file-ranges: func(file: borrow<file>) -> list<file-range>");
    }

    /// SetRemoteName with an invalid URL is E_INVALIDARG.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_remote_name_has_to_be_a_url() {
        let world = World::new().await;
        let file = file(&world.job_of(&["/file"]).await, 0).await;
        for bad in ["", "no url", "http://", "/file", "ftp://localhost/file"] {
            refused(file.set_remote_name(bad).await, E_INVALIDARG);
        }
        assert_eq!(file.remote_name().await.unwrap(), world.origin.url("/file"));
    }

    /// SetRemoteName with more than 2,200 characters is E_INVALIDARG.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_remote_name_has_2200_characters_at_most() {
        let world = World::new().await;
        let file = file(&world.job_of(&["/file"]).await, 0).await;
        file.set_remote_name(&url_of(&world, 2200)).await.unwrap();
        refused(file.set_remote_name(&url_of(&world, 2201)).await, E_INVALIDARG);
    }

    /// BITS: SetRemoteName is BG_E_INVALID_STATE if the job is completed or cancelled.
    Doc(BITS_SET_REMOTE_NAME), Chosen("DO_E_INVALID_STATE, as for the other calls of Delivery Optimization.");
    async fn a_job_that_is_over_has_no_new_names() {
        for state in OVER {
            let world = World::new().await;
            let file = file(&world.job_in(state).await, 0).await;
            refused(file.set_remote_name(&world.origin.url("/other")).await, DO_E_INVALID_STATE);
        }
    }

    /// SetRemoteName is not saved at once.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_new_name_is_not_saved_at_once() {
        assert_eq!(name_after_restart(false).await, "/held");
    }

    /// Suspend, SetRemoteName and Resume save it.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_new_name_is_saved_by_resume() {
        assert_eq!(name_after_restart(true).await, "/held?again");
    }

    /// If the new source has the same content, the file resumes at the same offset.
    Doc(SET_REMOTE_NAME), Holds;
    async fn the_same_content_goes_on_at_the_same_place() {
        let world = World::new().await;
        assert_eq!(renamed(&world, "/file").await, [206]);
        assert_eq!(world.origin.requests()[1].range(), Some(&*rest()));
        world.assert_file("Transferring/0");
    }

    /// The same size and timestamp mean the same content.
    Doc(SET_REMOTE_NAME), Differs("They prove nothing: a strong validator, a digest or pieces do. A date counts as \
                                   one if it is at least a minute older than the response.");
    async fn the_same_size_is_not_the_same_content() {
        let world = World::new().await;
        let unproven = Resource::new(Representation::new(world.content.clone()));
        world.origin.put("/unproven", unproven.fault(When::Every, Fault::IgnoreIfRange));
        assert!(renamed(&world, "/unproven").await.contains(&200));
        world.assert_file("Transferring/0");
    }

    /// If the size or the timestamp of the new source differs, the file starts over.
    Doc(SET_REMOTE_NAME), Holds;
    async fn another_content_starts_over() {
        let world = World::new().await;
        let other = Content::new(9, LENGTH + 1);
        world.origin.put("/longer", Representation::new(other.clone()).strong_etag("longer"));
        assert!(renamed(&world, "/longer").await.contains(&200));
        assert!(std::fs::read(world.local("Transferring/0")).unwrap() == other.bytes(0..LENGTH + 1));
    }

    /// If the new server cannot resume, the file starts over.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_server_that_cannot_resume_starts_over() {
        let world = World::new().await;
        assert_eq!(renamed(&world, "/ignores-ranges").await, [200]);
        world.assert_file("Transferring/0");
    }

    /// Transferred files are left alone.
    Doc(SET_REMOTE_NAME), Holds;
    async fn a_file_that_is_here_keeps_its_name() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferred).await;
        let file = file(&job, 0).await;
        file.set_remote_name(&world.origin.url("/other")).await.unwrap();
        assert_eq!(file.remote_name().await.unwrap(), world.origin.url("/file"));
        job.resume().await.unwrap();
        job.complete().await.unwrap();
        world.assert_file("Transferred/0");
        assert_eq!(asked(&world.origin), ["/file"]);
    }

    /// The effect of SetRemoteName on a file in transfer is not documented.
    Silent(SET_REMOTE_NAME), Chosen("The transfer restarts at once with the new URL, and keeps the data that it may \
                                     keep.");
    async fn a_new_name_is_used_at_once() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        file(&job, 0).await.set_remote_name(&world.origin.url("/file")).await.unwrap();
        until_state(&job, JobState::Transferred).await;
        assert_eq!(asked(&world.origin), ["/held", "/file"]);
    }

    /// The effect of a new name on a file with a known digest is not documented.
    Silent(SET_REMOTE_NAME), Chosen("The digest verifies the stored data, whatever the validators say.");
    async fn a_digest_proves_what_is_here() {
        let world = World::new().await;
        let cut = Resource::new(Representation::new(world.content.clone()).strong_etag("one"));
        world.origin.put("/first", cut.fault(When::Every, Fault::hold_until_released(HELD, "held")));
        world.origin.put("/second", Representation::new(world.content.clone()).strong_etag("two"));
        let job = world.job_of(&["/first"]).await;
        let expected = vec![haul::ExpectedDigest {
            algorithm: haul::DigestAlgorithm::Sha256,
            value: sha256(&world.bytes(0..LENGTH)),
        }];
        let file = file(&job, 0).await;
        file.set_options(TransferOptions { expected, ..options() }).await.unwrap();
        job.resume().await.unwrap();
        until_written(&job, HELD).await;
        file.set_remote_name(&world.origin.url("/second")).await.unwrap();
        fetch(&job).await;
        job.complete().await.unwrap();
        world.assert_file("0");
        assert_eq!(world.origin.requests()[1].range(), Some(&*rest()));
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).to_vec()
}
