//! The results of several rows, as stored in a file.

use std::fs;
use std::path::{Path, PathBuf};

use haul_tests::docs::root;
use serde::{Deserialize, Serialize};

use crate::contender::versions;
use crate::machine;
use crate::record::Record;
use crate::row::Row;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Document {
    pub machine: String,
    /// The programs with their versions.
    pub programs: Vec<String>,
    pub records: Vec<Record>,
}

/// The file of the accepted results.
pub fn accepted() -> PathBuf {
    root().join("tests/bench/baseline.json")
}

impl Document {
    /// A document for this machine and its installed programs. The error names a missing program.
    pub fn here() -> Result<Self, String> {
        let programs = [versions()?, vec![machine::wasmtime()]].concat();
        Ok(Self { machine: machine::description(), programs, records: Vec::new() })
    }

    /// The stored document; an empty one if there is no such file.
    ///
    /// # Panics
    ///
    /// If the file has other content.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).ok();
        text.map(|text| serde_json::from_str(&text).expect("a file of this program")).unwrap_or_default()
    }

    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) {
        let text = serde_json::to_string_pretty(self).expect("text");
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text + "\n").expect("a file for what was measured");
    }

    pub fn record(&self, row: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.row == row)
    }

    /// A document in which newer records replace older ones, in the order of `rows`. It drops records of other rows, and older
    /// ones of another machine.
    pub fn updated(&self, newer: &Self, rows: &[Row]) -> Self {
        let older = |row: &Row| self.record(&row.name).filter(|_| self.machine == newer.machine);
        let latest = |row: &Row| newer.record(&row.name).or_else(|| older(row)).cloned();
        let records = rows.iter().filter_map(latest).map(Record::condensed).collect();
        Self { records, ..newer.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;
    use crate::rows;

    fn document(date: &str, names: &[&str]) -> Document {
        let named = |name: &&str| Record { row: (*name).into(), date: date.into(), ..record(&[("curl", 1.0)]) };
        Document { records: names.iter().map(named).collect(), ..Document::default() }
    }

    #[test]
    fn what_was_not_measured_again_stays() {
        let old = document("old", &["capped-100m", "sha256-2g", "a row of earlier"]);
        let both = old.updated(&document("new", &["tls-256m-c1", "capped-100m"]), &rows::all());
        let dates: Vec<_> = both.records.iter().map(|record| (record.row.as_str(), record.date.as_str())).collect();
        assert_eq!(dates, [("sha256-2g", "old"), ("tls-256m-c1", "new"), ("capped-100m", "new")]);
        assert!(both.records.iter().all(|record| record.contenders[0].samples.is_empty()));
    }

    #[test]
    fn what_was_measured_on_another_machine_goes() {
        let old = Document { machine: "another".into(), ..document("old", &["sha256-2g"]) };
        let both = old.updated(&document("new", &["capped-100m"]), &rows::all());
        assert_eq!(both.records.len(), 1);
    }
}
