//! Names and meanings of HRESULTs: every code of DO and of BITS, HTTP statuses, and the Windows codes that transfers meet.
//!
//! This is the only place that holds the names. `hresult.rs` maps haul's causes to codes.

mod bits;
mod delivery_optimization;
mod http_status;
mod system;

use alloc::borrow::Cow;

use super::Cause;

/// A code with its name and meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub code: u32,
    /// The symbolic name in the Windows headers.
    pub name: &'static str,
    /// A predicate; the sentence starts with the code and the name.
    pub meaning: Cow<'static, str>,
}

/// Code, name, meaning.
struct Entry(u32, &'static str, &'static str);

impl Entry {
    fn explain(&self) -> Explanation {
        let Self(code, name, meaning) = *self;
        Explanation { code, name, meaning: meaning.into() }
    }
}

/// In ascending order of codes.
const TABLES: [&[Entry]; 4] = [bits::SUCCESSES, system::CODES, bits::FAILURES, delivery_optimization::CODES];

/// The name and meaning of `code`; `None` if the code is in no table and carries no HTTP status.
pub fn explain(code: u32) -> Option<Explanation> {
    let status = || {
        let status = http_status::status(code)?;
        Some(Explanation { code, name: http_status::NAME, meaning: http_status::meaning(status) })
    };
    find(code).map(Entry::explain).or_else(status)
}

/// All explanations in ascending order of codes, without HTTP statuses.
pub fn all() -> impl Iterator<Item = Explanation> {
    TABLES.into_iter().flatten().map(Entry::explain)
}

/// The user's remedy for a failure with this code; if several causes share the code, that of the first in [`Cause::EACH`]. `None` if no
/// cause has the code.
pub fn advice(code: u32) -> Option<&'static str> {
    let refusal = http_status::status(code).filter(|status| *status >= 300).map(Cause::HttpStatus);
    let known = || Cause::EACH.into_iter().find(|cause| cause.hresult().code == code);
    refusal.or_else(known).map(Cause::advice)
}

/// The HRESULT that carries an HTTP status.
pub(crate) const fn of_status(status: u16) -> u32 {
    http_status::code(status)
}

/// The name of a cause's code, which is either in a table or carries a status.
pub(crate) fn name(code: u32) -> &'static str {
    find(code).map_or(http_status::NAME, |entry| entry.1)
}

fn find(code: u32) -> Option<&'static Entry> {
    let found = |table: &'static [Entry]| table.binary_search_by_key(&code, |entry| entry.0).ok().map(|at| &table[at]);
    TABLES.into_iter().find_map(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn codes_are_sorted_and_unique_and_so_are_names() {
        let codes: Vec<u32> = all().map(|known| known.code).collect();
        assert!(codes.is_sorted_by(|one, next| one < next));
        let mut names: Vec<&str> = all().map(|known| known.name).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn every_code_is_explained_in_one_clause() {
        for known in all() {
            assert_eq!(explain(known.code), Some(known.clone()));
            assert!(known.name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_'), "{known:?}");
            assert!((10..=80).contains(&known.meaning.len()), "{known:?}");
            assert!(!known.meaning.ends_with('.') && known.meaning.is_ascii(), "{known:?}");
        }
    }

    #[test]
    fn the_tables_are_complete() {
        let count = |name: &str| all().filter(|known| known.name.starts_with(name)).count();
        assert_eq!((count("DO_E_"), count("BG_E_"), count("BG_S_")), (82, 86, 5));
    }

    #[test]
    fn successes_are_the_codes_without_the_failure_bit() {
        for known in all() {
            assert_eq!(known.code >> 31 == 0, known.name.starts_with("BG_S_"), "{known:?}");
        }
    }

    #[test]
    fn statuses_have_their_reason_phrase() {
        let meaning = |code| explain(code).map(|known| (known.name, known.meaning.into_owned()));
        assert_eq!(meaning(0x8019_0194), Some(("HTTP_E_STATUS", "the origin answered 404 Not Found".into())));
        assert_eq!(meaning(0x8019_01A0).unwrap().1, "the origin answered 416 Range Not Satisfiable");
        assert_eq!(meaning(0x8019_0257).unwrap().1, "the origin answered 599, which has no registered meaning");
        for unknown in [0x8019_0063, 0x8019_0258, 0x8019_0000, 0x0019_0194, 0, u32::MAX] {
            assert_eq!(explain(unknown), None, "{unknown:#X}");
        }
    }

    #[test]
    fn advice_is_there_where_haul_reports_the_code() {
        assert_eq!(advice(0x80D0_2200), Some("set the URL before starting"));
        assert_eq!(advice(0x8019_0194), Some("check the URL"));
        for not_reported in [0x8019_00C8, 0x80D0_6819, 0x0020_0006, 1] {
            assert_eq!(advice(not_reported), None, "{not_reported:#X}");
        }
    }
}
