//! The nearest known word for a misspelt one.

use alloc::vec::Vec;
use core::mem;

/// The known word that differs from `typed` by the fewest edits, if these are few.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters: a word with more edits is another word.
    let most = typed.chars().count().div_ceil(3);
    let near = known.into_iter().map(|word| (distance(typed, word), word)).filter(|(edits, _)| *edits <= most);
    near.min_by_key(|(edits, _)| *edits).map(|(_, word)| word)
}

/// The insertions, removals, replacements and swaps of neighbours that lead from one word to the other (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let (mut above, mut last) = (Vec::new(), '\0');
    for (at, c) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(at + 1);
        for (to, d) in other.iter().enumerate() {
            let mut edits = (row[to] + usize::from(c != *d)).min(row[to + 1] + 1).min(next[to] + 1);
            if at > 0 && to > 0 && c == other[to - 1] && last == *d {
                let swap: &Vec<usize> = &above;
                edits = edits.min(swap[to - 1] + 1);
            }
            next.push(edits);
        }
        above = mem::replace(&mut row, next);
        last = c;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (one, other, edits) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("", "ab", 2), ("kitten", "sitting", 3)]
        {
            assert_eq!((distance(one, other), distance(other, one)), (edits, edits), "{one} {other}");
        }
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        let known = ["output", "overwrite", "range", "retries"];
        for (typed, expected) in
            [("ouput", Some("output")), ("retires", Some("retries")), ("overwirte", Some("overwrite"))]
        {
            assert_eq!(nearest(typed, known), expected);
        }
        assert_eq!(nearest("proxy", known), None);
        assert_eq!(nearest("", known), None);
    }
}
