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

    /// Length is a number of bytes: a range ends before Offset plus Length.
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

    /// The length DO_LENGTH_TO_EOF extends the range to the end of the file.
    Idl(IDL), Holds;
    async fn a_range_can_reach_to_the_end() {
        let world = World::new().await;
        let to_end = StartMode::Ranges(vec![RequestedRange::ToEnd { offset: LENGTH - 9 }]);
        assert_eq!(file_of(&world, to_end).await, world.bytes(LENGTH - 9..LENGTH));
    }

    /// DO_LENGTH_TO_EOF is the 64-bit number with all bits set.
    Idl(IDL), CannotBeWritten("`to-end` is a separate case without a length; a range whose length has all bits set \
                               lies outside of every file.");
    async fn to_the_end_is_no_number() {
        let wit = wit();
        assert!(wit.parts("types", "requested-range").contains(&("to-end", "u64".into())));
        let world = World::new().await;
        let download = world.download().await;
        download.start(ranges(&[(0, u64::MAX)])).await.unwrap();
        refused(download.ended().await, DO_E_INVALID_RANGE);
    }

    /// RangeCount 0 means the whole file, not an empty one.
    Doc(RANGES_INFO), Holds;
    async fn a_count_of_zero_is_the_whole_file() {
        let world = World::new().await;
        assert!(file_of(&world, ranges(&[])).await == world.bytes(0..LENGTH));
    }

    /// RangeCount and the length of the array that follows it agree.
    Doc(RANGES_INFO), CannotBeWritten("A list has its length.");
    async fn the_count_is_the_length_of_the_list() {
        let wit = wit();
        assert!(wit.parts("do-download", "start-mode").contains(&("ranges", "list<requested-range>".into())));
    }

    /// The ranges {0,100} and {200,1000} result in 1100 bytes.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn two_ranges_give_the_sum_of_their_bytes() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(0, 100), (200, 1000)])).await.len(), 1100);
    }

    /// The documentation does not say whether ranges lie in the file back to back or at their offsets.
    Silent(RANGE), Chosen("Back to back in the caller's order, as in BITS.");
    async fn ranges_lie_one_after_the_other() {
        let world = World::new().await;
        let written = file_of(&world, ranges(&[(100, 50), (300, 60)])).await;
        assert_eq!(written, [world.bytes(100..150), world.bytes(300..360)].concat());
    }

    /// The documentation does not say whether ranges must be sorted.
    Silent(RANGE), Chosen("They need not be; their order is kept.");
    async fn ranges_need_not_be_sorted() {
        let world = World::new().await;
        let written = file_of(&world, ranges(&[(300, 60), (0, 10), (100, 50)])).await;
        assert_eq!(written, [world.bytes(300..360), world.bytes(0..10), world.bytes(100..150)].concat());
    }

    /// An example on a page has two ranges with the same offset, which contradicts the error for overlaps.
    Silent(FILE_RANGE), Chosen("They overlap: DO_E_OVERLAPPING_RANGES.");
    async fn two_ranges_with_one_offset_overlap() {
        let world = World::new().await;
        refused(world.download().await.start(ranges(&[(5, 10), (5, 20)])).await, DO_E_OVERLAPPING_RANGES);
    }

    /// Adjacent ranges do not overlap.
    Inferred(RANGE), Holds;
    async fn ranges_that_touch_do_not_overlap() {
        let world = World::new().await;
        assert_eq!(file_of(&world, ranges(&[(10, 10), (0, 10), (20, 5)])).await, [
            world.bytes(10..20), world.bytes(0..10), world.bytes(20..25),
        ].concat());
    }

    /// A range outside of the file fails with DO_E_INVALID_RANGE.
    Doc(FILE_RANGE), Holds;
    async fn a_range_that_begins_outside_fails() {
        let world = World::new().await;
        fails(&world.download().await, ranges(&[(LENGTH, 1)]), DO_E_INVALID_RANGE).await;
    }

    /// The error for a range that begins inside of the file and ends outside is not documented.
    Silent(FILE_RANGE), Chosen("DO_E_INVALID_RANGE: the caller gets all requested bytes or none.");
    async fn a_range_that_ends_outside_fails() {
        let world = World::new().await;
        fails(&world.download().await, ranges(&[(LENGTH - 5, 10)]), DO_E_INVALID_RANGE).await;
    }

    /// The maximum number of ranges is not documented; BITS has a limit of 500.
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

    /// For an origin without support for ranges, only a code suggests the error.
    Inferred(IDL), Chosen("DO_E_INSUFFICIENT_RANGE_SUPPORT: haul never fetches the whole file instead without the \
                           caller's consent.");
    async fn ranges_at_an_origin_without_ranges_fail() {
        let world = World::new().await;
        let download = world.download_of("/ignores-ranges").await;
        fails(&download, ranges(&[(100, 10)]), DO_E_INSUFFICIENT_RANGE_SUPPORT).await;
    }

    /// A client cannot request the last bytes of a file without its size.
    Doc(RANGE), Chosen("haul adds `suffix`: the last bytes, or all of a shorter file.");
    async fn the_last_bytes_can_be_asked_for() {
        let world = World::new().await;
        let suffix = StartMode::Ranges(vec![RequestedRange::Suffix { length: 12 }, bounded(0, 3)]);
        assert_eq!(file_of(&world, suffix).await, [world.bytes(LENGTH - 12..LENGTH), world.bytes(0..3)].concat());
    }
}
