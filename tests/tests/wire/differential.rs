//! The short form of `make differential`.

use haul_tests::differential::{corpus, differences};

/// Every so-manieth case of the corpus runs here; together they take a few seconds.
const STEP: usize = 5;

#[test]
fn haul_fetches_what_curl_fetches_or_the_corpus_has_the_reason() {
    let cases: Vec<_> = corpus().into_iter().step_by(STEP).collect();
    let found = differences(&cases);
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), cases.len(), found.join("\n"));
}
