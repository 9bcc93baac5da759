//! The reports: tables and a plot.

mod head;
mod notes;
mod plot;
mod table;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use haul_tests::docs::root;

use crate::document::Document;
use crate::group::Group;
use crate::record::Record;
use crate::row::Row;

pub use table::row;

/// The page and the plot of the rows that have a record.
pub struct Report {
    page: String,
    plot: String,
}

/// The folder of the published page.
pub fn published() -> PathBuf {
    root().join("docs/reference")
}

impl Report {
    pub fn new(rows: &[Row], document: &Document) -> Self {
        let measured: Vec<_> = rows.iter().filter_map(|row| Some((row, document.record(&row.name)?))).collect();
        let notes = notes::parse(&fs::read_to_string(root().join("tests/bench/notes.md")).unwrap_or_default());
        let groups: String = Group::ALL.iter().map(|group| section(*group, &measured)).collect();
        let page = format!("{}{groups}{}", head::head(document), targets::section(&measured, &notes));
        Self { page, plot: plot::plot(&measured) }
    }

    /// # Panics
    ///
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) {
        fs::write(folder.join("bench.md"), &self.page).expect("a file for the page");
        fs::write(folder.join("bench.svg"), &self.plot).expect("a file for the plot");
    }
}

fn section(group: Group, measured: &[(&Row, &Record)]) -> String {
    let of_group: Vec<_> = measured.iter().filter(|(row, _)| row.group == group).collect();
    if of_group.is_empty() {
        return String::new();
    }
    let tables: String = of_group.iter().map(|(row, record)| table::row(row, record)).collect();
    let records: Vec<_> = of_group.iter().map(|(_, record)| *record).collect();
    format!("\n## {}\n\n{}\n{tables}\n{}", head::title(group), head::about(group), table::commands(&records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::accepted;
    use crate::rows;

    #[test]
    fn the_page_is_current() {
        let report = Report::new(&rows::all(), &Document::read(&accepted()));
        if accepted().exists() {
            let page = fs::read_to_string(published().join("bench.md")).expect("the page");
            assert!(page == report.page, "docs/reference/bench.md is not current: run `target/release/bench --page`");
        }
    }
}
