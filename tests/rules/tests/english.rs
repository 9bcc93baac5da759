//! Plain field English: conditions start with "if" or "when", and sentences name their actors.
//!
//! Comments of comparable crates (quinn, h2, object_store) have "what" and "where" less than once per 1,000 words, and the words of
//! [`FORBIDDEN`] never. Such a word marks a noun clause, a condition or an actor that the reader has to decode.

use std::collections::BTreeMap;
use std::fs;

use haul_rules::crates::{self, repository};
use haul_rules::{files, prose};

/// Allowed at most [`PER_THOUSAND`] times each.
const RARE: [&str; 2] = ["what", "where"];
const PER_THOUSAND: usize = 2;

/// A text with fewer words may have each rare word once.
const SMALL: usize = 300;

const FORBIDDEN: [&str; 3] = ["whoever", "somebody", "nobody"];

/// The words of every page, by its path, and of the comments of every crate and of `wit`, by its folder.
fn texts() -> BTreeMap<String, Vec<String>> {
    let folders: Vec<_> = crates::all().into_iter().map(|known| known.name).chain(["wit".into()]).collect();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in ["md", "rs", "wit"].into_iter().flat_map(files::with_extension) {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let file = file.strip_prefix(repository()).expect("a file of the repository");
        let path = file.to_string_lossy().replace('\\', "/");
        let (name, words) = if path.ends_with(".md") {
            (path, prose::words(&text))
        } else {
            // A crate can be in the folder of another one.
            let owner = folders.iter().filter(|folder| file.starts_with(folder)).max_by_key(|folder| folder.len());
            (owner.cloned().unwrap_or(path), prose::words(&prose::comments(&text)))
        };
        texts.entry(name).or_default().extend(words);
    }
    texts
}

/// The words that a text has too often, each with its count and limit.
fn excess(words: &[String]) -> Vec<String> {
    let smallest = usize::from(words.len() < SMALL);
    let rare = RARE.map(|word| (word, (words.len() * PER_THOUSAND / 1000).max(smallest)));
    let limits = rare.into_iter().chain(FORBIDDEN.map(|word| (word, 0)));
    let counts = limits.map(|(word, limit)| (word, words.iter().filter(|found| *found == word).count(), limit));
    let over = counts.filter(|(_, count, limit)| count > limit);
    over.map(|(word, count, limit)| format!("\"{word}\" {count} times in {} words, limit {limit}", words.len()))
        .collect()
}

#[test]
fn comments_and_pages_are_plain_english() {
    let texts = texts();
    assert!(texts.len() > 40, "{:?}", texts.keys());
    let lines: Vec<_> = texts
        .iter()
        .flat_map(|(name, words)| excess(words).into_iter().map(move |excess| format!("{name}: {excess}")))
        .collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

#[test]
fn small_texts_may_have_each_rare_word_once() {
    let excess_of = |text: &str| excess(&prose::words(text));
    assert_eq!(excess_of("what is where"), [""; 0]);
    assert_eq!(excess_of("what is what"), ["\"what\" 2 times in 3 words, limit 1"]);
    assert_eq!(excess_of(&("what ".to_owned() + &"word ".repeat(SMALL))), ["\"what\" 1 times in 301 words, limit 0"]);
    assert_eq!(excess_of(&("where ".repeat(2) + &"word ".repeat(998))), [""; 0]);
    assert_eq!(excess_of("Nobody"), ["\"nobody\" 1 times in 1 words, limit 0"]);
}
