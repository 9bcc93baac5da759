//! An accepted Content-Range means exactly what its text says, and can be written again.

#![no_main]

use haul_core::http::content_range::ContentRange;
use haul_core::http::request::range_field;
use haul_core_fuzz::text::bare;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|field: &str| {
    let Some(parsed) = ContentRange::parse(field) else { return };
    let said = say(parsed);
    assert_eq!(bare(field), bare(&said), "{field:?}");
    assert_eq!(ContentRange::parse(&said), Some(parsed));
});

/// The field in its shortest form.
fn say(parsed: ContentRange) -> String {
    match parsed {
        ContentRange::Unsatisfied { complete } => format!("bytes */{complete}"),
        ContentRange::Satisfied { range, complete } => {
            assert!(range.start < range.end && complete.is_none_or(|complete| range.end <= complete));
            let last = range.end - 1;
            if !range.is_open() {
                assert_eq!(range_field(range), format!("bytes={}-{last}", range.start));
            }
            let complete = complete.map_or("*".into(), |complete| complete.to_string());
            format!("bytes {}-{last}/{complete}", range.start)
        }
    }
}
