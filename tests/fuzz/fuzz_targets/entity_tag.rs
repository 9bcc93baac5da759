//! An accepted validator can go back into If-Range unchanged, and reads back the same.

#![no_main]

use haul_core::http::date;
use haul_core::http::validator::{EntityTag, LastModified};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|field: &str| {
    if let Some(tag) = EntityTag::parse(field) {
        check_tag(field, &tag);
    }
    check_date(field);
});

fn check_tag(field: &str, tag: &EntityTag) {
    let written = format!("{}{}", if tag.weak { "W/" } else { "" }, tag.opaque);
    assert_eq!(field.trim(), written);
    assert_eq!(EntityTag::parse(&written).as_ref(), Some(tag));
    let inner = tag.opaque.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).expect("two quotes");
    assert!(!inner.contains('"') && !inner.bytes().any(|byte| byte <= b' ' || byte == 0x7f), "{field:?}");
}

fn check_date(field: &str) {
    let seconds = date::parse(field);
    assert_eq!(LastModified::parse(field, None).map(|modified| modified.seconds), seconds);
    let Some(seconds) = seconds else { return };
    for (age, strong) in [(0, false), (59, false), (60, true), (u64::MAX - seconds, true)] {
        let modified = LastModified::parse(field, Some(seconds + age)).expect("a date");
        assert_eq!((modified.strong, modified.field.as_str()), (strong, field.trim()));
    }
    assert!(LastModified::parse(field, None).is_some_and(|modified| !modified.strong));
}
