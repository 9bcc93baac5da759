//! `tests/bench/notes.md`: the reasons why rows miss a target.

use std::collections::BTreeMap;

/// Texts by row name. Each text follows a line of `## ` and one name, or several with commas.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    let sections = text.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
    let noted = sections.flat_map(|(names, note)| names.split(',').map(move |name| (name, note)));
    noted.map(|(name, note)| (name.trim().to_owned(), note.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_note_may_be_for_several_rows() {
        let notes = parse("# Notes\n\nFor readers.\n\n## a, b\n\nThe disk.\nIt is slow.\n\n## c\n\nThe sun.\n");
        let found: Vec<_> = notes.iter().map(|(name, note)| (name.as_str(), note.as_str())).collect();
        assert_eq!(found, [("a", "The disk.\nIt is slow."), ("b", "The disk.\nIt is slow."), ("c", "The sun.")]);
    }
}
