//! JSON documents with one object.

use serde::de::DeserializeOwned;

/// Reads a text that is one object; ignores a byte order mark before it. `None` for other texts, including arrays, which serde would accept
/// as the object's members in order.
pub fn object<T: DeserializeOwned>(text: &str) -> Option<T> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_object = text.trim_start().starts_with('{');
    if is_object { serde_json::from_str(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct One {
        member: u8,
    }

    #[test]
    fn only_an_object_is_read() {
        let read = |text| object::<One>(text).map(|read| read.member);
        assert_eq!(read("\u{feff} {\"member\": 1, \"other\": null}"), Some(1));
        for bad in ["", "[1]", "1", "{}", "{\"member\": 256}", "{\"member\": 1} {}", "{\"member\": 1, \"member\": 1}"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
