//! The few Markdown elements of the pages.

/// The paragraphs of a documentation comment, unchanged, with an empty line after them.
pub fn paragraphs(docs: Option<&str>) -> String {
    docs.map(|docs| format!("{}\n\n", docs.trim_end())).unwrap_or_default()
}

/// The first sentence of a documentation comment, on one line.
pub fn first_sentence(docs: &str) -> String {
    let line = one_line(docs);
    line.find(". ").map_or(line.clone(), |end| line[..=end].to_owned())
}

/// A documentation comment on one line.
pub fn one_line(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of a table of contents that links to the heading `name`.
pub fn contents_line(name: &str, docs: Option<&str>) -> String {
    let about = docs.map(first_sentence).unwrap_or_default();
    format!("- [`{name}`](#{name}): {about}\n")
}

/// A table row; the separators of cells are escaped.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The header of a table.
pub fn head(columns: &[&str]) -> String {
    row(columns.iter().copied()) + &row(columns.iter().map(|_| "---"))
}

/// `text` as code; empty if `text` is.
pub fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::{code, first_sentence, head, row};

    #[test]
    fn a_sentence_ends_at_its_full_stop() {
        assert_eq!(first_sentence("IDODownload: one\nfile on its way. More."), "IDODownload: one file on its way.");
        assert_eq!(first_sentence("Version 0.1 has one"), "Version 0.1 has one");
    }

    #[test]
    fn cells_keep_to_their_row() {
        assert_eq!(row(["a\nb", "c|d"]), "| a b | c\\|d |\n");
        assert_eq!(head(&["x"]), "| x |\n| --- |\n");
        assert_eq!(code("") + &code("y"), "`y`");
    }
}
