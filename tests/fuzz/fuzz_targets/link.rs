//! Duplicates are a limited number of targets from the field, the best first, and can be written again.

#![no_main]

use haul_core::http::head::Head;
use haul_core::http::link::{Duplicate, duplicates};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let found = duplicates(&head(text.lines().map(String::from)));
    assert!(found.len() <= 32);
    let order = |duplicate: &Duplicate| duplicate.priority.unwrap_or(u32::MAX);
    assert!(found.is_sorted_by_key(order), "{found:?}");
    for Duplicate { target, priority } in &found {
        assert!((1..=8192).contains(&target.len()) && !target.contains('>') && text.contains(target.as_str()));
        assert!(priority.is_none_or(|priority| (1..=999_999).contains(&priority)), "{priority:?}");
    }
    assert_eq!(duplicates(&head(found.iter().map(say))), found);
    let all = found.iter().map(say).collect::<Vec<_>>().join(", ");
    assert_eq!(duplicates(&head([all])), found);
});

fn head(values: impl IntoIterator<Item = String>) -> Head {
    Head { status: 200, fields: values.into_iter().map(|value| ("link".into(), value)).collect() }
}

fn say(duplicate: &Duplicate) -> String {
    let priority = duplicate.priority.map(|priority| format!("; pri={priority}")).unwrap_or_default();
    format!("<{}>; rel=\"Duplicate other\"{priority}", duplicate.target)
}
