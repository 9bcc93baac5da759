//! IEnumBackgroundCopyFiles: the enumerator of a job's files.

use haul::{Job, JobFile, JobFiles};

use super::sources::{
    BITS_ENUM_FILES, BITS_FILES_CLONE, ENUM_FILES, FILES_COUNT, FILES_NEXT, FILES_RESET, FILES_SKIP, WINE_ENUM_FILES,
};
use super::world::{done, files};
use crate::statement::statements;
use crate::world::{World, wit};

/// A job with this many files, whose URLs end in their numbers, and an enumerator over them.
async fn several(world: &World, count: usize) -> (Job, JobFiles) {
    let paths: Vec<_> = (0..count).map(|number| format!("/file?{number}")).collect();
    let job = world.job_of(&paths.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let enumerator = job.files().await.unwrap();
    (job, enumerator)
}

/// The numbers of these files.
async fn numbers(files: Vec<JobFile>) -> Vec<usize> {
    let mut numbers = Vec::new();
    for file in files {
        let name = file.remote_name().await.unwrap();
        numbers.push(name.rsplit_once('?').unwrap().1.parse().unwrap());
    }
    numbers
}

async fn next(enumerator: &mut JobFiles, count: usize) -> Vec<usize> {
    numbers(enumerator.next(count).await.unwrap()).await
}

statements! {
    "IEnumBackgroundCopyFiles";

    /// EnumFiles returns an enumerator of the files of the job.
    Doc(ENUM_FILES), Holds;
    async fn the_files_of_a_job_can_be_enumerated() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 3).await;
        assert_eq!(next(&mut enumerator, 9).await, [0, 1, 2]);
    }

    /// Next returns the requested number of files with S_OK if that many are left.
    Doc(FILES_NEXT), Holds;
    async fn next_gives_as_many_files_as_asked_for() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 5).await;
        assert_eq!(next(&mut enumerator, 2).await, [0, 1]);
        assert_eq!(next(&mut enumerator, 3).await, [2, 3, 4]);
    }

    /// If fewer are left, Next returns them with S_FALSE.
    Doc(FILES_NEXT), CannotBeWritten("A list shorter than requested means S_FALSE.");
    async fn next_gives_fewer_files_at_the_end() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 3).await;
        assert_eq!(next(&mut enumerator, 2).await, [0, 1]);
        assert_eq!(next(&mut enumerator, 5).await, [2]);
        assert_eq!(next(&mut enumerator, 1).await, [0; 0]);
    }

    /// The pointer for the number of files may be null only if one file is requested; BITS: otherwise it is E_INVALIDARG.
    Observed(WINE_ENUM_FILES), CannotBeWritten("The number is the length of the returned list.");
    async fn the_number_of_files_is_the_length_of_the_list() {
        let signature = wit().signature("enum-background-copy-files", "file-enumerator.next");
        assert_eq!(signature, "next: func(count: u32) -> list<file>");
    }

    /// The caller releases each file.
    Doc(FILES_NEXT), CannotBeWritten("The list owns its handles; dropping a handle does not remove the file.");
    async fn a_file_that_is_let_go_stays_in_the_job() {
        let world = World::new().await;
        let (job, mut enumerator) = several(&world, 2).await;
        drop(enumerator.next(2).await.unwrap());
        assert_eq!(numbers(files(&job).await).await, [0, 1]);
    }

    /// Skip skips files.
    Doc(FILES_SKIP), Holds;
    async fn skip_passes_over_files() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 4).await;
        assert!(enumerator.skip(2));
        assert_eq!(next(&mut enumerator, 1).await, [2]);
    }

    /// If fewer files are left, Skip returns S_FALSE and moves to the end.
    Doc(FILES_SKIP), Holds;
    async fn skip_says_whether_there_were_as_many_files() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 3).await;
        assert!(!enumerator.skip(4));
        assert_eq!(next(&mut enumerator, 1).await, [0; 0]);
        assert!(!enumerator.skip(1) && enumerator.skip(0));
    }

    /// Reset goes back to the first file.
    Doc(FILES_RESET), Holds;
    async fn reset_goes_back_to_the_first_file() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 2).await;
        next(&mut enumerator, 2).await;
        enumerator.reset();
        assert_eq!(next(&mut enumerator, 2).await, [0, 1]);
    }

    /// BITS: Clone returns an enumerator at the same position. DO documents no such call.
    Doc(BITS_FILES_CLONE), Holds;
    async fn a_clone_of_files_is_at_the_same_place() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 3).await;
        next(&mut enumerator, 1).await;
        let mut clone = enumerator.clone();
        assert_eq!(next(&mut clone, 2).await, [1, 2]);
        assert_eq!(next(&mut enumerator, 2).await, [1, 2]);
    }

    /// GetCount returns the number of all files in the enumeration, whatever its position.
    Doc(FILES_COUNT), Holds;
    async fn the_count_of_files_does_not_depend_on_the_place() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 3).await;
        assert_eq!(enumerator.count(), 3);
        next(&mut enumerator, 2).await;
        assert_eq!(enumerator.count(), 3);
    }

    /// BITS: an enumerator does not include files that are added later.
    Doc(BITS_ENUM_FILES), Holds;
    async fn files_that_are_added_later_are_not_there() {
        let world = World::new().await;
        let (job, mut enumerator) = several(&world, 1).await;
        job.add_file(&world.origin.url("/file?later"), world.local("later")).await.unwrap();
        assert_eq!((enumerator.count(), next(&mut enumerator, 9).await), (1, vec![0]));
        assert_eq!(job.files().await.unwrap().count(), 2);
    }

    /// The order of the files is not documented.
    Silent(ENUM_FILES), Chosen("The order in which they were added.");
    async fn files_are_enumerated_in_their_order() {
        let world = World::new().await;
        let (_job, mut enumerator) = several(&world, 20).await;
        assert_eq!(next(&mut enumerator, 20).await, (0..20).collect::<Vec<_>>());
    }

    /// The documentation does not say whether the files of a completed or cancelled job can be enumerated.
    Silent(ENUM_FILES), Chosen("Yes, as long as a client holds the job.");
    async fn the_files_of_a_job_that_is_over_can_be_enumerated() {
        let world = World::new().await;
        let (job, _) = several(&world, 2).await;
        done(&job).await;
        assert_eq!(numbers(files(&job).await).await, [0, 1]);
    }

    /// A job without files has an empty enumerator.
    Inferred(ENUM_FILES), Holds;
    async fn a_job_without_files_has_an_enumerator() {
        let world = World::new().await;
        let mut enumerator = world.job().await.files().await.unwrap();
        assert_eq!((enumerator.count(), enumerator.next(1).await.unwrap().len()), (0, 0));
    }
}
