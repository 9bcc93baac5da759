//! Every statement about the native interfaces and the error codes, each as a test named after it, run through the component.
//!
//! The modules are the themes of the page; `statement.rs` has how a statement is written.

mod codes;
mod page;
mod secure;
mod sources;
mod statement;
mod world;

mod bits_codes;
mod callbacks;
mod do_codes;
mod enumerator;
mod explained;
mod flow;
mod http_codes;
mod internal;
mod lifetime;
mod manager;
mod numbers;
mod other_codes;
mod properties;
mod ranges;
mod start;
mod start_checks;
mod status;
mod stopping;
mod stream;
mod transitions;

use std::collections::BTreeSet;

use haul_tests::docs::root;
use statement::{Theme, Verdict};

/// In the order of the page.
fn themes() -> Vec<Theme> {
    let before = [
        manager::THEME,
        enumerator::THEME,
        start::THEME,
        start_checks::THEME,
        stopping::THEME,
        transitions::THEME,
        status::THEME,
    ];
    let after = [
        ranges::THEME,
        callbacks::THEME,
        internal::THEME,
        stream::THEME,
        flow::THEME,
        lifetime::THEME,
        numbers::THEME,
        do_codes::THEME,
        explained::THEME,
        bits_codes::THEME,
        http_codes::THEME,
        other_codes::THEME,
    ];
    before.into_iter().chain(properties::THEMES).chain(after).collect()
}

/// Writes the page instead of comparing it where the environment has HAUL_WRITE_DOCS, as `make docs` sets it.
#[test]
fn the_page_is_current() {
    let page = page::page(&themes());
    if std::env::var_os("HAUL_WRITE_DOCS").is_some() {
        page.write(&root());
    }
    page.assert_current(&root());
}

#[test]
fn no_two_statements_are_the_same() {
    let themes = themes();
    let statements = || themes.iter().flat_map(|theme| theme.statements);
    let said: BTreeSet<_> = statements().map(|statement| statement.said.concat()).collect();
    let tests: BTreeSet<_> = statements().map(|statement| statement.test).collect();
    assert_eq!((said.len(), tests.len()), (statements().count(), statements().count()));
}

#[test]
fn every_remark_says_something_and_every_source_is_a_file_or_a_thread() {
    for statement in themes().iter().flat_map(|theme| theme.statements) {
        let (key, rest) = statement.source.split_once('/').unwrap();
        assert!(["A", "D", "I", "C", "S", "G", "T"].contains(&key) && !rest.is_empty(), "{}", statement.source);
        match statement.verdict {
            Verdict::Holds => {}
            Verdict::Chosen(remark) | Verdict::CannotBeWritten(remark) | Verdict::Differs(remark) => {
                assert!(remark.ends_with('.'), "{}: {remark}", statement.test);
            }
        }
    }
}
