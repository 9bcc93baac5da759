//! BG_FILE_RANGE: the allowed ranges, and the content of a file of ranges.

use haul::FileRange;
use haul_tests::origin::{Fault, When};

use super::file2::{range, to_end};
use super::sources::{
    ADD_FILE_WITH_RANGES, BITS_ADD_FILE_WITH_RANGES, FILE_RANGE, IDL_2_0, MSIX_RANGES, MSIX_REQUESTS,
};
use super::world::{done, fails};
use crate::codes::{
    BG_E_TOO_MANY_RANGES_IN_FILE, Code, DO_E_INSUFFICIENT_RANGE_SUPPORT, DO_E_INVALID_RANGE, DO_E_OVERLAPPING_RANGES,
};
use crate::statement::statements;
use crate::world::{LENGTH, World, refused, wit};

/// A job that downloads these ranges to `0`.
async fn job_of(world: &World, path: &str, ranges: &[FileRange]) -> Result<haul::Job, haul::Error> {
    let job = world.job().await;
    job.add_file_with_ranges("id", &world.origin.url(path), world.local("0"), ranges, None).await?;
    Ok(job)
}

/// The content of a file of these ranges.
async fn file_of(world: &World, ranges: &[FileRange]) -> Vec<u8> {
    done(&job_of(world, "/file", ranges).await.unwrap()).await;
    std::fs::read(world.local("0")).unwrap()
}

/// Asserts that the job refuses these ranges when the file is added.
async fn is_refused(ranges: &[FileRange], code: Code) {
    let world = World::new().await;
    refused(job_of(&world, "/file", ranges).await, code);
}

/// Asserts that the job fails on these ranges when it runs.
async fn is_failed(path: &str, ranges: &[FileRange], code: Code) {
    let world = World::new().await;
    fails(&job_of(&world, path, ranges).await.unwrap(), code).await;
}

statements! {
    "Ranges of a file of a job";

    /// BITS: the local file has the ranges in the given order, back to back, without the bytes between them.
    Doc(BITS_ADD_FILE_WITH_RANGES), Holds;
    async fn ranges_lie_back_to_back() {
        let world = World::new().await;
        let file = file_of(&world, &[range(100, 50), range(900, 60)]).await;
        assert_eq!(file, [world.bytes(100..150), world.bytes(900..960)].concat());
    }

    /// BITS: the ranges 100 to 199, 900 to 999 and 400 to 499 make a file of 300 bytes.
    Doc(BITS_ADD_FILE_WITH_RANGES), Holds;
    async fn the_example_of_bits_has_300_bytes() {
        let world = World::new().await;
        let file = file_of(&world, &[range(100, 100), range(900, 100), range(400, 100)]).await;
        assert_eq!(file, [world.bytes(100..200), world.bytes(900..1000), world.bytes(400..500)].concat());
    }

    /// BITS: a range to the end need not be the last one: {24,17}, {111,EOF}, {83,7}.
    Doc(BITS_ADD_FILE_WITH_RANGES), Holds;
    async fn a_range_to_the_end_need_not_be_the_last() {
        let world = World::new().await;
        let file = file_of(&world, &[range(24, 17), to_end(111), range(83, 7)]).await;
        assert_eq!(file, [world.bytes(24..41), world.bytes(111..LENGTH), world.bytes(83..90)].concat());
    }

    /// DO's own call documents neither whether ranges must be sorted nor how the file is laid out.
    Silent(ADD_FILE_WITH_RANGES), Chosen("As in BITS: ranges need not be sorted, and lie back to back in the given \
                                          order.");
    async fn ranges_keep_the_order_of_the_caller() {
        let world = World::new().await;
        let file = file_of(&world, &[range(500, 5), range(0, 3), range(20, 4)]).await;
        assert_eq!(file, [world.bytes(500..505), world.bytes(0..3), world.bytes(20..24)].concat());
    }

    /// BITS: no ranges at all are E_INVALIDARG; in DO the ranges are optional.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn no_ranges_are_the_whole_file() {
        let world = World::new().await;
        assert!(file_of(&world, &[]).await == world.bytes(0..LENGTH));
    }

    /// InitialOffset counts from 0, and Length is a number of bytes.
    Doc(FILE_RANGE), Holds;
    async fn a_range_has_an_offset_and_a_length() {
        let world = World::new().await;
        assert_eq!(file_of(&world, &[range(0, 1), range(7, 2)]).await, [world.bytes(0..1), world.bytes(7..9)].concat());
    }

    /// The length of a range must not be 0.
    Doc(FILE_RANGE), Holds;
    async fn an_empty_range_is_refused() {
        is_refused(&[range(10, 0)], DO_E_INVALID_RANGE).await;
    }

    /// BG_LENGTH_TO_EOF is a length, not an offset.
    Doc(FILE_RANGE), CannotBeWritten("The length is optional, the offset is not; all ones as an offset is \
                                      DO_E_INVALID_RANGE.");
    async fn only_a_length_may_be_missing() {
        let expected = [("initial-offset", "u64".into()), ("length", "option<u64>".into())];
        assert_eq!(wit().parts("types", "file-range"), expected);
        is_refused(&[to_end(u64::MAX)], DO_E_INVALID_RANGE).await;
    }

    /// BG_LENGTH_TO_EOF is the number with all bits set.
    Idl(IDL_2_0), CannotBeWritten("It is no number; a range of that many bytes lies outside of every file.");
    async fn a_length_of_all_ones_is_no_marker() {
        is_failed("/file", &[range(0, u64::MAX)], DO_E_INVALID_RANGE).await;
    }

    /// A range outside of the file is DO_E_INVALID_RANGE.
    Doc(FILE_RANGE), Holds;
    async fn a_range_outside_of_the_file_fails() {
        is_failed("/file", &[range(LENGTH, 1)], DO_E_INVALID_RANGE).await;
        is_failed("/file", &[to_end(LENGTH)], DO_E_INVALID_RANGE).await;
    }

    /// BITS: a range that reaches beyond the end fails the job when it runs.
    Doc(BITS_ADD_FILE_WITH_RANGES), Holds;
    async fn a_range_beyond_the_end_fails() {
        is_failed("/file", &[range(LENGTH - 5, 10)], DO_E_INVALID_RANGE).await;
    }

    /// Overlapping ranges are DO_E_OVERLAPPING_RANGES.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn overlapping_ranges_are_refused() {
        is_refused(&[range(0, 10), range(9, 5)], DO_E_OVERLAPPING_RANGES).await;
        is_refused(&[to_end(100), range(5000, 1)], DO_E_OVERLAPPING_RANGES).await;
    }

    /// Identical ranges are DO_E_OVERLAPPING_RANGES.
    Doc(ADD_FILE_WITH_RANGES), Holds;
    async fn a_range_that_is_given_twice_is_refused() {
        is_refused(&[range(10, 10), range(10, 10)], DO_E_OVERLAPPING_RANGES).await;
    }

    /// Ranges with the same offset are rejected if the longer one comes first, because they are sorted by offset only.
    Doc(ADD_FILE_WITH_RANGES), Chosen("They are rejected in either order.");
    async fn ranges_with_one_offset_are_refused() {
        is_refused(&[range(100, 5), range(100, 3)], DO_E_OVERLAPPING_RANGES).await;
        is_refused(&[range(100, 3), range(100, 5)], DO_E_OVERLAPPING_RANGES).await;
    }

    /// The example of ranges with the same offset has one of length 0: offset 100 with 5 bytes, then with none.
    Doc(ADD_FILE_WITH_RANGES), Differs("DO_E_INVALID_RANGE: a length of 0 is invalid, and haul checks lengths before \
                                        overlaps.");
    async fn an_empty_range_does_not_overlap() {
        is_refused(&[range(100, 5), range(100, 0)], DO_E_INVALID_RANGE).await;
    }

    /// Adjacent ranges of a file do not overlap.
    Inferred(FILE_RANGE), Holds;
    async fn ranges_of_a_job_may_touch() {
        let world = World::new().await;
        let file = file_of(&world, &[range(10, 10), range(0, 10)]).await;
        assert_eq!(file, [world.bytes(10..20), world.bytes(0..10)].concat());
    }

    /// BITS: a file has at most 500 ranges. DO documents no limit.
    Silent(ADD_FILE_WITH_RANGES), Chosen("10,000; more are BG_E_TOO_MANY_RANGES_IN_FILE.");
    async fn a_file_has_10000_ranges_at_most() {
        let world = World::new().await;
        let of = |count: u64| -> Vec<_> { (0..count).map(|number| range(number * 3, 1)).collect() };
        job_of(&world, "/file", &of(10_000)).await.unwrap().cancel().await.unwrap();
        refused(job_of(&world, "/file", &of(10_001)).await, BG_E_TOO_MANY_RANGES_IN_FILE);
    }

    /// If a server responds with 200 to a range request, the error is DO_E_INSUFFICIENT_RANGE_SUPPORT.
    Observed(MSIX_RANGES), Holds;
    async fn a_server_without_ranges_fails() {
        is_failed("/ignores-ranges", &[range(100, 10)], DO_E_INSUFFICIENT_RANGE_SUPPORT).await;
    }

    /// Each range is a request of its own.
    Observed(MSIX_REQUESTS), Holds;
    async fn each_range_is_a_request() {
        let world = World::new().await;
        file_of(&world, &[range(100, 10), range(200, 10), range(110, 10)]).await;
        let requests = world.origin.requests();
        let mut asked: Vec<_> = requests.iter().filter_map(|request| request.range()).collect();
        asked.sort_unstable();
        assert_eq!(asked, ["bytes=100-109", "bytes=110-119", "bytes=200-209"]);
    }

    /// BITS: a response in which the server joins ranges is invalid.
    Doc(BITS_ADD_FILE_WITH_RANGES), Chosen("haul requests ranges one by one; from a longer response it takes the \
                                            requested part only.");
    async fn an_answer_with_more_gives_its_part() {
        let world = World::faulty([(When::Every, Fault::LongerRange { by: 100 })]).await;
        done(&job_of(&world, "/here", &[range(10, 5), range(50, 5)]).await.unwrap()).await;
        assert_eq!(std::fs::read(world.local("0")).unwrap(), [world.bytes(10..15), world.bytes(50..55)].concat());
    }
}
