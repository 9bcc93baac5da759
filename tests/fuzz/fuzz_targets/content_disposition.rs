//! A suggested name is always safe, and both parameters can express it.

#![no_main]

use haul_core::http::content_disposition::file_name as suggested;
use haul_core::parse::file_name;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|field: &str| {
    if let Some(name) = suggested(field) {
        assert_eq!(file_name::safe(&name), name, "{field:?}");
        says(&format!("attachment; filename*=UTF-8''{}", percent_encoded(&name)), &name);
        says(&format!("attachment; filename=\"{}\"", quoted(&name)), &name);
    }
    let expected = file_name::safe_or_none(field);
    assert_eq!(suggested(&format!("inline; filename*=utf-8'de'{}", percent_encoded(field))), expected);
    assert_eq!(suggested(&format!("x; filename = \"{}\"", quoted(field))), expected);
});

fn says(field: &str, name: &str) {
    assert_eq!(suggested(field).as_deref(), Some(name), "{field:?}");
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn quoted(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect()
}
