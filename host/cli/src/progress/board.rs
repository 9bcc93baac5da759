//! The lines of a run: one for each active file or job, and one for their total.

use haul_command::terminal::escaped;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Instant;

use super::amount;
use super::line::{Palette, Row, Wait, name_width};
use super::screen::Screen;
use crate::output;
use crate::terminal;
use crate::units;

/// The number of a row, in the order of their begin.
pub type Id = u64;

/// Rows of the terminal that stay free of files, so that the total, the number of hidden files and the prompt have room.
const RESERVED: usize = 3;

/// How a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With these bytes, of which an earlier run had kept some.
    Done {
        bytes: u64,
        kept: u64,
    },
    Failed,
    /// It is not counted, because the run stopped or the job goes on elsewhere.
    Left,
}

/// The ends of the files of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub done: usize,
    pub failed: usize,
    /// Bytes of the files that are done.
    pub bytes: u64,
    /// Bytes of these that an earlier run had kept.
    pub kept: u64,
}

pub struct Board {
    rows: BTreeMap<Id, Row>,
    next: Id,
    /// The number of files; below two there is no total.
    files: usize,
    ended: Summary,
    total: Row,
    screen: Screen,
    palette: Palette,
    /// Whether the terminal shows the progress elsewhere too, and the last such sequence.
    beside: Option<String>,
}

impl Board {
    pub fn new(now: Instant) -> Self {
        Self {
            rows: BTreeMap::new(),
            next: 0,
            files: 0,
            ended: Summary::default(),
            total: Row::new("total".into(), now),
            screen: Screen::default(),
            palette: Palette::new(terminal::has_colours()),
            beside: terminal::shows_progress().then(String::new),
        }
    }

    pub const fn expect(&mut self, files: usize) {
        self.files = files;
    }

    pub fn begin(&mut self, row: Row) -> Id {
        let id = self.next;
        self.next += 1;
        self.rows.insert(id, row);
        id
    }

    /// See [`Row::update`].
    pub fn update(&mut self, id: Id, bytes: u64, kept: u64, total: Option<u64>, remark: &str) {
        if let Some(row) = self.rows.get_mut(&id) {
            self.total.meter.skip(row.update(Instant::now(), bytes, kept, total));
            row.remark = escaped(remark).into_owned();
        }
    }

    /// Shows why no byte arrives until the next one does.
    pub fn wait(&mut self, id: Id, wait: Wait) {
        if let Some(row) = self.rows.get_mut(&id) {
            row.wait = Some(Wait { reason: escaped(&wait.reason).into_owned(), ..wait });
        }
    }

    pub fn end(&mut self, id: Id, end: End) {
        self.rows.remove(&id);
        match end {
            End::Done { bytes, kept } => {
                self.ended.done += 1;
                self.ended.bytes = self.ended.bytes.saturating_add(bytes);
                self.ended.kept = self.ended.kept.saturating_add(kept);
            }
            End::Failed => self.ended.failed += 1,
            End::Left => {}
        }
        if !self.screen.is_empty() {
            self.draw();
        }
    }

    pub const fn summary(&self) -> Summary {
        self.ended
    }

    /// Prints a line above the drawn ones.
    pub fn say(&mut self, line: &str) {
        let lines = self.lines(Instant::now());
        self.screen.draw(&format!("{}\n", escaped(line)), &lines);
    }

    pub fn draw(&mut self) {
        let now = Instant::now();
        self.add_up(now);
        let lines = self.lines(now);
        if !(lines.is_empty() && self.screen.is_empty()) {
            self.screen.draw("", &lines);
        }
        self.show_beside();
    }

    /// Prints a line for each file, without moving the cursor.
    pub fn print(&mut self) {
        let now = Instant::now();
        for row in self.rows.values() {
            let amount = amount(row.meter.bytes(), row.total);
            let rate = row.meter.rate(now).map(units::rate);
            let eta = row.eta(now).map(|seconds| format!("ETA {}", units::time(seconds)));
            let status = row.status(now).map(|(status, _)| status);
            let facts: Vec<_> = [Some(amount), status.or(rate), eta].into_iter().flatten().collect();
            output::say(&format!("{}: {}", row.name, facts.join(", ")));
        }
    }

    /// Removes all lines.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.files = 0;
        self.screen.draw("", &[]);
        if self.beside.as_ref().is_some_and(|last| !last.is_empty()) {
            tell_terminal("\x1b]9;4;0;\x07");
        }
    }

    /// The sums over all files. The total is known once each file has begun and has a size.
    fn add_up(&mut self, now: Instant) {
        let bytes = self.rows.values().map(|row| row.meter.bytes()).fold(self.ended.bytes, u64::saturating_add);
        let begun = self.rows.len() + self.ended.done + self.ended.failed;
        let sizes = self.rows.values().map(|row| row.total).sum::<Option<u64>>();
        self.total.total = sizes.filter(|_| begun >= self.files).map(|sizes| sizes.saturating_add(self.ended.bytes));
        self.total.meter.update(now, bytes);
    }

    fn lines(&self, now: Instant) -> Vec<String> {
        let (width, height) = terminal::size();
        let shown = self.rows.len().min(height.saturating_sub(RESERVED).max(1));
        let has_total = self.files > 1 && !self.rows.is_empty();
        let title = self.title();
        let names = self.rows.values().take(shown).map(|row| row.name.as_str());
        let name = name_width(names.chain(has_total.then_some(title.as_str())), width);
        let line = |row: &Row| row.line(now, width, name, &self.palette);
        let mut lines: Vec<_> = self.rows.values().take(shown).map(line).collect();
        if shown < self.rows.len() {
            lines.push(format!("and {} more", self.rows.len() - shown));
        }
        if has_total {
            lines.push(line(&Row { name: title, ..self.total.clone() }));
        }
        lines
    }

    /// The name of the total.
    fn title(&self) -> String {
        let failed = match self.ended.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        format!("{}/{} files{failed}", self.ended.done, self.files)
    }

    /// OSC 9;4: 1 and a percentage, 3 while the size is not known, 4 while the run waits.
    fn show_beside(&mut self) {
        let now = Instant::now();
        let row = if self.rows.len() == 1 && self.files < 2 { self.rows.values().next() } else { Some(&self.total) };
        let (Some(row), Some(last)) = (row.filter(|_| !self.rows.is_empty()), &mut self.beside) else { return };
        let percent = row.total.map(|total| units::percent(row.meter.bytes(), total));
        let waits = self.rows.values().all(|row| row.wait.is_some() || row.meter.stalled(now).is_some());
        let sequence = match percent {
            Some(percent) => format!("\x1b]9;4;{};{percent}\x07", if waits { 4 } else { 1 }),
            None => "\x1b]9;4;3;\x07".into(),
        };
        if *last != sequence {
            tell_terminal(&sequence);
            *last = sequence;
        }
    }
}

fn tell_terminal(sequence: &str) {
    // The terminal may be gone, as after SIGHUP.
    let _ = io::stderr().lock().write_all(sequence.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_known_once_every_file_has_a_size() {
        let now = Instant::now();
        let mut board = Board::new(now);
        board.expect(3);
        let one = board.begin(Row { total: Some(100), ..Row::new("one".into(), now) });
        let two = board.begin(Row { total: Some(50), ..Row::new("two".into(), now) });
        board.update(two, 20, 0, Some(50), "");
        board.add_up(now);
        assert_eq!((board.total.total, board.total.meter.bytes()), (None, 20));
        board.end(one, End::Done { bytes: 100, kept: 30 });
        board.end(two, End::Failed);
        board.begin(Row { total: Some(7), ..Row::new("three".into(), now) });
        board.add_up(now);
        assert_eq!((board.total.total, board.total.meter.bytes()), (Some(107), 100));
        assert_eq!(board.summary(), Summary { done: 1, failed: 1, bytes: 100, kept: 30 });
        assert_eq!(board.title(), "1/3 files, 1 failed");
    }
}
