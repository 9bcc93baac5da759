//! Names of jobs: an id, a display name, or a prefix of an id.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The fewest characters of a prefix that stands for an id, because a shorter one may be a display name with a typing error.
const SHORTEST: usize = 4;

/// The index of the job that `text` names among these ids and display names: an id, else a display name, else a prefix of an id. It
/// must be unique.
///
/// # Errors
///
/// No job or several jobs have that name.
pub fn find(known: &[(&str, &str)], text: &str) -> Result<usize, String> {
    let id = text.trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase();
    let called = |is_meant: &dyn Fn(&(&str, &str)) -> bool| -> Vec<usize> {
        (0..known.len()).filter(|at| is_meant(&known[*at])).collect()
    };
    let by_id = called(&|(known, _)| *known == id);
    let by_name = called(&|(_, name)| *name == text);
    let by_prefix = called(&|(known, _)| id.len() >= SHORTEST && known.starts_with(&id));
    let meant = [by_id, by_name, by_prefix].into_iter().find(|meant| !meant.is_empty()).unwrap_or_default();
    match meant[..] {
        [at] => Ok(at),
        [] => Err("there is no such job; 'jobs list' has those that there are".into()),
        [one, other, ..] => Err(format!(
            "{} jobs are called so, such as {} and {}; write the id of one",
            meant.len(),
            known[one].0,
            known[other].0
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, &str); 5] = [
        ("3f2a0000-0000-0000-0000-000000000001", "images"),
        ("3f2b0000-0000-0000-0000-000000000002", "maps"),
        ("90000000-0000-0000-0000-000000000003", "maps"),
        ("3f2a0000-0000-0000-0000-000000000004", "3f2c"),
        ("50000000-0000-0000-0000-000000000005", "90000000-0000-0000-0000-000000000003"),
    ];

    #[test]
    fn a_job_is_meant_by_its_id_a_prefix_of_it_or_its_name() {
        for (text, expected) in [
            ("3f2a0000-0000-0000-0000-000000000001", 0),
            ("{3F2A0000-0000-0000-0000-000000000001}", 0),
            ("90000000-0000-0000-0000-000000000003", 2),
            ("3f2b", 1),
            ("9000", 2),
            ("images", 0),
            ("3f2c", 3),
        ] {
            assert_eq!(find(&KNOWN, text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_ambiguous_or_unknown_name_is_no_job() {
        for (text, hint) in [
            ("maps", "2 jobs are called so"),
            ("3F2A", "2 jobs are called so"),
            ("9", "no such job"),
            ("Images", "no such job"),
            ("", "no such job"),
            ("{}", "no such job"),
        ] {
            let told = find(&KNOWN, text).unwrap_err();
            assert!(told.contains(hint), "{text}: {told}");
        }
    }
}
