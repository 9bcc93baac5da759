//! DO_DOWNLOAD_RANGE, DO_DOWNLOAD_RANGES_INFO, and the content of a file of ranges.

use haul::{RequestedRange, StartMode};

use crate::codes::{DO_E_INSUFFICIENT_RANGE_SUPPORT, DO_E_INVALID_RANGE, DO_E_OVERLAPPING_RANGES, E_INVALIDARG};
use crate::sources::{FILE_RANGE, IDL, RANGE, RANGES_INFO, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{LENGTH, World, bounded, fails, fetch, ranges, refused, wit};

/// Downloads the ranges and returns the content of the file.
async fn file_of(world: &World, mode: StartMode) -> Vec<u8> {
    let download = world.download().await;
    fetch(&download, mode).await;
    download.finalize().await.unwrap();
    world.written()
}

statements! {
    "Ranges";

    /// Offset counts from 0.
    Doc(RANGE), Holds;
    async fn offsets_count_from_zero() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(0, 1)])).await, world.bytes(0..1));
    }

    /// Length is a number of bytes, so that a range ends before Offset plus Length.
    Doc(RANGE), Holds;
    async fn a_range_ends_before_offset_plus_length() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(10, 5)])).await, world.bytes(10..15));
    }

    /// Length must not be 0.
    Doc(RANGE), Holds;
    async fn a_length_of_zero_is_refused() {
        let world = World::new().await;
        refused(world.download().await.start(ranges(&[(10, 0)])).await, DO_E_INVALID_RANGE);
    }

    /// The length DO_LENGTH_TO_EOF reaches to the end of the file.
    Idl(IDL), Holds;
    async fn a_range_can_reach_to_the_end() {
        let world = World::new().await;
        let to_end = StartMode::Ranges(vec![RequestedRange::ToEnd { offset: LENGTH - 9 }]);
        assert_eq!(file_of(&world, to_end).await, world.bytes(LENGTH - 9..LENGTH));
    }

    /// DO_LENGTH_TO_EOF is the 64-bit number of all ones.
    Idl(IDL), CannotBeWritten("`to-end` is a case of its own, which has no length; all ones as a length of bytes is a range \
                               outside of every file.");
    async fn to_the_end_is_no_number() {
        let wit = wit();
        assert!(wit.parts("types", "requested-range").contains(&("to-end", "u64".into())));
        let world = World::new().await;
        let download = world.download().await;
        download.start(ranges(&[(0, u64::MAX)])).await.unwrap();
        refused(download.ended().await, DO_E_INVALID_RANGE);
    }

    /// RangeCount 0 is the whole file, not nothing.
    Doc(RANGES_INFO), Holds;
    async fn a_count_of_zero_is_the_whole_file() {
        let world = World::new().await;
        assert!(file_of(&world, ranges(&[])).await == world.bytes(0..LENGTH));
    }

    /// RangeCount and the length of the array that follows it agree.
    Doc(RANGES_INFO), CannotBeWritten("A list knows its length.");
    async fn the_count_is_the_length_of_the_list() {
        let wit = wit();
        assert!(wit.parts("do-download", "start-mode").contains(&("ranges", "list<requested-range>".into())));
    }

    /// The ranges {0,100} and {200,1000} give 1100 bytes.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn two_ranges_give_the_sum_of_their_bytes() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(0, 100), (200, 1000)])).await.len(), 1100);
    }

    /// Whether ranges lie in the file one after the other, or at their offsets, is not said.
    Silent(RANGE), Chosen("One after the other in the caller's order, as in BITS.");
    async fn ranges_lie_one_after_the_other() {
        let world = World::new().await;
        let written = file_of(&world, ranges(&[(100, 50), (300, 60)])).await;
        assert_eq!(written, [world.bytes(100..150), world.bytes(300..360)].concat());
    }

    /// Whether ranges have to be sorted is not said.
    Silent(RANGE), Chosen("They need not be; their order is kept.");
    async fn ranges_need_not_be_sorted() {
        let world = World::new().await;
        let written = file_of(&world, ranges(&[(300, 60), (0, 10), (100, 50)])).await;
        assert_eq!(written, [world.bytes(300..360), world.bytes(0..10), world.bytes(100..150)].concat());
    }

    /// Two ranges with one offset stand in an example of a page and contradict the error for overlaps.
    Silent(FILE_RANGE), Chosen("They overlap: DO_E_OVERLAPPING_RANGES.");
    async fn two_ranges_with_one_offset_overlap() {
        let world = World::new().await;
        refused(world.download().await.start(ranges(&[(5, 10), (5, 20)])).await, DO_E_OVERLAPPING_RANGES);
    }

    /// Ranges that touch do not overlap.
    Inferred(RANGE), Holds;
    async fn ranges_that_touch_do_not_overlap() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(10, 10), (0, 10), (20, 5)])).await, [
            world.bytes(10..20), world.bytes(0..10), world.bytes(20..25),
        ].concat());
    }

    /// A range outside of the file gives DO_E_INVALID_RANGE.
    Doc(FILE_RANGE), Holds;
    async fn a_range_that_begins_outside_fails() {
        let world = World::new().await;
        fails(&world.download().await, ranges(&[(LENGTH, 1)]), DO_E_INVALID_RANGE).await;
    }

    /// What a range gives that begins inside of the file and ends outside is not said.
    Silent(FILE_RANGE), Chosen("DO_E_INVALID_RANGE: the caller gets the bytes that were asked for, or none.");
    async fn a_range_that_ends_outside_fails() {
        let world = World::new().await;
        fails(&world.download().await, ranges(&[(LENGTH - 5, 10)]), DO_E_INVALID_RANGE).await;
    }

    /// How many ranges there may be is not said; BITS has a limit of 500.
    Silent(RANGES_INFO), Chosen("10,000; more are E_INVALIDARG.");
    async fn there_may_be_ten_thousand_ranges() {
        let world = World::new().await;
        let of = |count: u64| -> Vec<_> { (0..count).map(|number| (number * 100, 1)).collect() };
        let expected: Vec<_> = of(600).iter().flat_map(|&(offset, _)| world.bytes(offset..offset + 1)).collect();
        assert_eq!(file_of(&world, ranges(&of(600))).await, expected);
        let download = world.download().await;
        refused(download.start(ranges(&of(10_001))).await, E_INVALIDARG);
        download.set_local_path(world.folder.path().join("many")).await.unwrap();
        download.start(ranges(&of(10_000))).await.unwrap();
        download.abort().await.unwrap();
    }

    /// Every start after Transferred may have new ranges.
    Idl(IDL), Holds;
    async fn every_start_may_have_new_ranges() {
        let world = World::new().await;
        let download = world.download().await;
        for start in [(0, 10), (50, 10), (20, 5)] {
            fetch(&download, ranges(&[start])).await;
        }
        download.finalize().await.unwrap();
        assert_eq!(world.written(), world.bytes(20..25));
    }

    /// What ranges give at an origin that does not serve any is told by a code only.
    Inferred(IDL), Chosen("DO_E_INSUFFICIENT_RANGE_SUPPORT: nobody gets a whole file fetched behind their back.");
    async fn ranges_at_an_origin_without_ranges_fail() {
        let world = World::new().await;
        let download = world.download_of("/ignores-ranges").await;
        fails(&download, ranges(&[(100, 10)]), DO_E_INSUFFICIENT_RANGE_SUPPORT).await;
    }

    /// The last bytes of a file cannot be asked for without its size.
    Doc(RANGE), Chosen("`suffix` is added: the last bytes, or all of a shorter file.");
    async fn the_last_bytes_can_be_asked_for() {
        let world = World::new().await;
        let suffix = StartMode::Ranges(vec![RequestedRange::Suffix { length: 12 }, bounded(0, 3)]);
        assert_eq!(file_of(&world, suffix).await, [world.bytes(LENGTH - 12..LENGTH), world.bytes(0..3)].concat());
    }
}
