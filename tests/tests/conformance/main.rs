//! All statements about the interfaces and the error codes, each as a test of its name, run through the component.
//!
//! The modules are the themes of the page. `statement.rs` defines the form of a statement, `decisions.rs` the points that the
//! sources leave open.

mod codes;
mod decisions;
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
mod jobs;
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

use decisions::{DECISIONS, Held};
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
    let after =
        [ranges::THEME, callbacks::THEME, internal::THEME, stream::THEME, flow::THEME, lifetime::THEME, numbers::THEME];
    let codes = [do_codes::THEME, explained::THEME, bits_codes::THEME, http_codes::THEME, other_codes::THEME];
    before.into_iter().chain(properties::THEMES).chain(after).chain(jobs::THEMES).chain(codes).collect()
}

/// Writes the page instead of comparing it if HAUL_WRITE_DOCS is set, as `make docs` does.
#[test]
fn the_page_is_current() {
    let page = page::page(&themes(), DECISIONS);
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
        assert!(
            ["A", "B", "D", "I", "P", "C", "S", "G", "W", "T"].contains(&key) && !rest.is_empty(),
            "{}",
            statement.source
        );
        match statement.verdict {
            Verdict::Holds => {}
            Verdict::Chosen(remark) | Verdict::CannotBeWritten(remark) | Verdict::Differs(remark) => {
                assert!(remark.ends_with('.'), "{}: {remark}", statement.test);
            }
        }
    }
}

#[test]
fn every_decision_is_held_by_tests_that_there_are() {
    let themes = themes();
    let tests: BTreeSet<_> = themes.iter().flat_map(|theme| theme.statements).map(|statement| statement.test).collect();
    let mut topics = BTreeSet::new();
    for decision in DECISIONS {
        assert!(topics.insert(decision.topic), "{}", decision.topic);
        match decision.held {
            Held::By(held_by) => {
                assert!(!held_by.is_empty(), "{}", decision.topic);
                for test in held_by {
                    assert!(tests.contains(&*format!("conformance::{test}")), "{test}");
                }
            }
            Held::ByNone(reason) => assert!(reason.ends_with('.'), "{}", decision.topic),
        }
    }
}
