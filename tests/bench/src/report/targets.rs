//! The targets, met and missed.

use std::collections::BTreeMap;

use crate::record::Record;
use crate::row::Row;
use crate::target::{Limit, Target};

/// The table of all targets, and the reasons for those that are missed.
pub fn section(measured: &[(&Row, &Record)], notes: &BTreeMap<String, String>) -> String {
    let checked: Vec<_> = measured.iter().flat_map(|(row, record)| Checked::all(row, record)).collect();
    let met = checked.iter().filter(|checked| checked.is_met()).count();
    let table: String = checked.iter().map(Checked::line).collect();
    let mut missed: Vec<_> = checked.iter().filter(|checked| !checked.is_met()).map(|checked| checked.row).collect();
    missed.dedup();
    let note = |row: &&str| notes.get(*row).map_or("not explained yet.", String::as_str);
    let bounds: String = missed.iter().map(|row| format!("\n`{row}`: {}\n", note(row))).collect();
    let bounds = if bounds.is_empty() { bounds } else { format!("\n### Bounds of the rows that miss one\n{bounds}") };
    format!(
        "\n## Targets\n\n{met} of {} are met. For memory the peak of all runs counts, for times the median of the ratios.\n\n\
         | row | target | measured | |\n| --- | --- | ---: | --- |\n{table}{bounds}",
        checked.len()
    )
}

/// A target with its measured value, if any.
struct Checked<'a> {
    row: &'a str,
    target: Target,
    figure: Option<f64>,
}

impl<'a> Checked<'a> {
    fn all(row: &'a Row, record: &Record) -> Vec<Self> {
        let checked = |target: &Target| Self { row: &row.name, target: *target, figure: target.figure(record) };
        row.targets.iter().map(checked).collect()
    }

    fn is_met(&self) -> bool {
        self.figure.is_some_and(|figure| self.target.is_met_by(figure))
    }

    fn line(&self) -> String {
        let verdict = if self.is_met() { "met" } else { "**missed**" };
        let figure = match (self.figure, self.target.limit) {
            (None, _) => "not measured".to_owned(),
            (Some(figure), Limit::Memory(_)) => format!("{figure:.0}"),
            (Some(figure), _) => format!("{figure:.2}"),
        };
        format!("| `{}` | {} | {figure} | {verdict} |\n", self.row, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::Contender;
    use crate::record::tests::record;
    use crate::rows;

    #[test]
    fn a_row_that_misses_a_target_says_what_bounds_it() {
        let limits = [Limit::Wall(0.75, Contender::Curl), Limit::Memory(40.0), Limit::Wall(1.2, Contender::Floor)];
        let mut row = rows::all().swap_remove(0);
        row.targets = limits.map(|limit| Target { of: Contender::Haul, limit }).into();
        let record = record(&[("haul", 1.0), ("curl", 1.0)]);
        let notes = BTreeMap::from([(row.name.clone(), "The disk.".to_owned())]);
        let section = section(&[(&row, &record)], &notes);
        assert!(section.contains("1 of 3 are met."), "{section}");
        let name = &row.name;
        assert!(
            section.contains(&format!("| `{name}` | haul: wall ≤ 0.75 of curl | 1.00 | **missed** |\n")),
            "{section}"
        );
        assert!(section.contains("| haul: wall ≤ 1.2 of floor | not measured | **missed** |\n"), "{section}");
        assert!(section.ends_with(&format!("miss one\n\n`{name}`: The disk.\n")), "{section}");
    }
}
