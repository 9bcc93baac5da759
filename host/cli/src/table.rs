//! Lists in columns: aligned on a terminal, and separated by tabs elsewhere.

use console::{Alignment, measure_text_width, pad_str, truncate_str};

/// Rows of `N` cells each, for a terminal.
pub struct Table<const N: usize> {
    pub headings: [&'static str; N],
    pub rows: Vec<[String; N]>,
    /// The column that shrinks if the terminal is narrow, and the part of its cells that is cut.
    pub yielding: (usize, Cut),
}

/// The part of a text that is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Beginning,
    End,
}

/// Spaces between two columns, so that values with one space stay apart.
const GAP: usize = 2;

/// Least width of the column that shrinks, so that it still shows the start of a name.
const LEAST: usize = 8;

impl<const N: usize> Table<N> {
    /// The table for a terminal of this width. The last column is not padded.
    pub fn aligned(&self, width: usize) -> String {
        let widths = self.widths(width);
        let headings = self.headings.map(str::to_owned);
        [&headings].into_iter().chain(&self.rows).map(|row| self.line(row, &widths)).collect()
    }

    fn line(&self, row: &[String; N], widths: &[usize; N]) -> String {
        let cells = row.iter().zip(widths).map(|(cell, width)| {
            pad_str(&self.yielding.1.apply(cell, *width), *width, Alignment::Left, None).into_owned()
        });
        let line = cells.collect::<Vec<_>>().join(&" ".repeat(GAP));
        line.trim_end().to_owned() + "\n"
    }

    fn widths(&self, width: usize) -> [usize; N] {
        let mut widths: [usize; N] = std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| measure_text_width(&row[column]));
            cells.chain([measure_text_width(self.headings[column])]).max().unwrap_or(0)
        });
        let all = widths.iter().sum::<usize>() + GAP * N.saturating_sub(1);
        let yielding = &mut widths[self.yielding.0];
        *yielding = yielding.saturating_sub(all.saturating_sub(width)).max(LEAST.min(*yielding));
        widths
    }
}

impl Cut {
    /// Cuts `text` to this many columns.
    fn apply(self, text: &str, width: usize) -> String {
        if self == Self::End || measure_text_width(text) <= width {
            return truncate_str(text, width, "...").into_owned();
        }
        let rest = |from: usize| text.chars().skip(from).collect::<String>();
        let fits = |from: &usize| measure_text_width(&rest(*from)) + 3 <= width;
        (0..=text.chars().count()).find(fits).map_or_else(String::new, |from| format!("...{}", rest(from)))
    }
}

/// Rows for programs: cells separated by tabs, nothing cut.
pub fn separated<const N: usize>(rows: &[[String; N]]) -> String {
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table<3> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        Table {
            headings: ["ID", "NAME", "STATE"],
            rows: vec![row(["1", "a name of some length", "queued"]), row(["22", "b", "error"])],
            yielding: (1, Cut::End),
        }
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let expected = "ID  NAME                   STATE\n\
                        1   a name of some length  queued\n\
                        22  b                      error\n";
        assert_eq!(table().aligned(80), expected);
    }

    #[test]
    fn one_column_gives_way_where_it_is_narrow() {
        let expected = "ID  NAME         STATE\n\
                        1   a name o...  queued\n\
                        22  b            error\n";
        assert_eq!(table().aligned(23), expected);
        assert!(table().aligned(1).lines().all(|line| line.len() <= 2 + GAP + LEAST + GAP + 6));
    }

    #[test]
    fn of_paths_the_end_stays() {
        assert_eq!(Cut::Beginning.apply("/srv/images/debian.iso", 15), "...s/debian.iso");
        assert_eq!(Cut::Beginning.apply("/srv/images/debian.iso", 22), "/srv/images/debian.iso");
        assert_eq!(Cut::End.apply("Debian images", 9), "Debian...");
    }

    #[test]
    fn programs_get_everything() {
        assert_eq!(separated(&table().rows), "1\ta name of some length\tqueued\n22\tb\terror\n");
    }
}
