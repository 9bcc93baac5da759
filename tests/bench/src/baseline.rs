//! Regressions against the results that were last accepted.

use std::fmt;

use crate::document::Document;
use crate::record::{Ratio, Record};
use crate::statistics::Spread;

/// The part by which a median must get worse to count.
const TOLERANCE: f64 = 0.1;

/// A ratio that got worse by more than its noise.
#[derive(Debug, PartialEq)]
pub struct Regression {
    row: String,
    what: String,
    before: f64,
    now: f64,
}

/// The regressions of all records that are in the baseline.
pub fn regressions(baseline: &Document, now: &Document) -> Vec<Regression> {
    let known = now.records.iter().filter_map(|record| Some((baseline.record(&record.row)?, record)));
    known.flat_map(|(before, now)| of_row(before, now)).collect()
}

/// Rows that are not in the baseline.
pub fn new_rows<'a>(baseline: &Document, now: &'a Document) -> Vec<&'a str> {
    let rows = now.records.iter().map(|record| record.row.as_str());
    rows.filter(|row| baseline.record(row).is_none()).collect()
}

fn of_row(before: &Record, now: &Record) -> Vec<Regression> {
    let known = now.ratios.iter().filter_map(|ratio| Some((before.ratio(&ratio.of, &ratio.to)?, ratio)));
    let measures =
        known.flat_map(|(before, now)| [("wall", now, before.wall, now.wall), ("CPU", now, before.cpu, now.cpu)]);
    let worse = measures.filter(|(_, _, before, now)| is_worse(before, now));
    worse.map(|(measure, ratio, before, after)| Regression::new(&now.row, measure, ratio, before, after)).collect()
}

fn is_worse(before: &Spread, now: &Spread) -> bool {
    now.lower_quartile > before.upper_quartile && now.median > before.median * (1.0 + TOLERANCE)
}

impl Regression {
    fn new(row: &str, measure: &str, ratio: &Ratio, before: Spread, now: Spread) -> Self {
        let what = format!("{measure} of {} / {}", ratio.of, ratio.to);
        Self { row: row.to_owned(), what, before: before.median, now: now.median }
    }
}

impl fmt::Display for Regression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} was {:.2} and is {:.2}", self.row, self.what, self.before, self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;

    fn document(haul: f64) -> Document {
        let records = vec![record(&[("haul", haul), ("curl", 1.0)])];
        Document { records, ..Document::default() }
    }

    fn spread(lower_quartile: f64, median: f64, upper_quartile: f64) -> Spread {
        Spread { min: 0.0, lower_quartile, median, upper_quartile, max: 9.0 }
    }

    #[test]
    fn worse_is_what_lies_above_the_noise() {
        let before = spread(0.9, 1.0, 1.2);
        assert!(is_worse(&before, &spread(1.21, 1.3, 1.4)));
        assert!(!is_worse(&before, &spread(1.19, 1.3, 1.4)), "within the noise");
        assert!(!is_worse(&spread(1.0, 1.0, 1.0), &spread(1.05, 1.1, 1.2)), "no more than a tenth");
    }

    #[test]
    fn a_row_that_got_worse_is_named_with_both_medians() {
        let found = regressions(&document(0.5), &document(0.8));
        let said: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["row: wall of haul / curl was 0.50 and is 0.80", "row: CPU of haul / curl was 0.50 and is 0.80"]
        );
        assert_eq!(regressions(&document(0.8), &document(0.5)), []);
    }

    #[test]
    fn a_row_without_a_baseline_is_new() {
        assert_eq!(new_rows(&Document::default(), &document(1.0)), ["row"]);
        assert!(regressions(&Document::default(), &document(1.0)).is_empty());
        assert!(new_rows(&document(1.0), &document(1.0)).is_empty());
    }
}
