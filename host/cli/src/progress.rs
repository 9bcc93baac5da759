//! Progress for people: lines that are drawn again on a terminal, a line every few seconds elsewhere.

mod board;
mod line;
mod meter;
mod screen;

use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use haul_command::terminal::escaped;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use self::board::{Board, Id};
pub use self::board::{End, Summary};
use self::line::Row;
pub use self::line::Wait;
use crate::arguments::Get;
use crate::output;
use crate::terminal;
use crate::units;

/// Time between two drawings, so that a second of a countdown is never skipped and the drawing costs nothing.
const FRAME: Duration = Duration::from_millis(200);

/// Time between two lines of one file or job if the cursor cannot be moved, so that the log of a build stays short.
const LINES: Duration = Duration::from_secs(5);

/// Progress of a whole run.
pub struct Display {
    mode: Mode,
    /// Whether lines about events are printed.
    mentions: bool,
    /// Draws at each frame.
    ticker: Option<AbortHandle>,
}

enum Mode {
    Silent,
    Lines(Shared),
    Drawn(Shared),
}

type Shared = Arc<Mutex<Board>>;

/// The amount of output.
#[derive(Clone, Copy, Debug)]
pub struct Loudness {
    pub quiet: bool,
    pub json: bool,
    pub verbose: u8,
}

/// Progress of one file or job. It ends with [`Progress::done`].
pub struct Progress(Option<(Shared, Id)>);

impl Display {
    /// If the log is on, progress is shown in lines, because log lines would tear a drawing.
    pub fn new(loudness: Loudness) -> Self {
        let Loudness { quiet, json, verbose } = loudness;
        let board = || Arc::new(Mutex::new(Board::new(Instant::now())));
        let mode = match quiet || json {
            true => Mode::Silent,
            false if terminal::can_redraw() && verbose < 2 => Mode::Drawn(board()),
            false => Mode::Lines(board()),
        };
        let ticker = Handle::try_current().ok().and_then(|runtime| match &mode {
            Mode::Silent => None,
            Mode::Drawn(board) => Some(runtime.spawn(each(FRAME, board.clone(), Board::draw)).abort_handle()),
            Mode::Lines(board) => Some(runtime.spawn(each(LINES, board.clone(), Board::print)).abort_handle()),
        });
        Self { mode, mentions: !quiet && (!json || verbose > 0), ticker }
    }

    /// The number of files of the run, for the line of their total.
    pub fn expect(&self, files: usize) {
        if let Some(board) = self.board() {
            locked(board).expect(files);
        }
    }

    pub fn begin(&self, name: &str) -> Progress {
        Progress(self.board().map(|board| {
            let row = Row::new(escaped(name).into_owned(), Instant::now());
            (board.clone(), locked(board).begin(row))
        }))
    }

    /// Whether [`Progress::update`] shows anything.
    pub const fn shows_progress(&self) -> bool {
        !matches!(self.mode, Mode::Silent)
    }

    /// Whether [`Self::mention`] prints nothing.
    pub const fn is_silent(&self) -> bool {
        !self.mentions
    }

    /// The ends of the files so far.
    pub fn summary(&self) -> Summary {
        self.board().map_or_else(Summary::default, |board| locked(board).summary())
    }

    /// Prints a line, above the drawn ones if there are any.
    pub fn say(&self, line: &str) {
        match &self.mode {
            Mode::Drawn(board) => locked(board).say(line),
            Mode::Lines(_) | Mode::Silent => output::say(line),
        }
    }

    /// Prints a line unless the output [is silent](Self::is_silent).
    pub fn mention(&self, line: &str) {
        if self.mentions {
            self.say(line);
        }
    }

    const fn board(&self) -> Option<&Shared> {
        match &self.mode {
            Mode::Silent => None,
            Mode::Lines(board) | Mode::Drawn(board) => Some(board),
        }
    }
}

impl Drop for Display {
    /// Removes the drawn lines.
    fn drop(&mut self) {
        if let Some(ticker) = &self.ticker {
            ticker.abort();
        }
        if let Mode::Drawn(board) = &self.mode {
            locked(board).clear();
        }
    }
}

/// A panic elsewhere must not take the progress with it.
fn locked(board: &Shared) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn each(period: Duration, board: Shared, show: fn(&mut Board)) {
    loop {
        tokio::time::sleep(period).await;
        show(&mut locked(&board));
    }
}

impl Loudness {
    pub const fn of(get: &Get) -> Self {
        Self { quiet: get.said.volume.quiet, json: get.said.json, verbose: get.said.volume.verbose }
    }
}

impl Progress {
    /// `bytes` are here, of which an earlier run kept `kept`.
    pub fn update(&self, bytes: u64, kept: u64, total: Option<u64>, remark: &str) {
        if let Some((board, id)) = &self.0 {
            locked(board).update(*id, bytes, kept, total, remark);
        }
    }

    /// Shows why no byte arrives until the next one does.
    pub fn wait(&self, wait: Wait) {
        if let Some((board, id)) = &self.0 {
            locked(board).wait(*id, wait);
        }
    }

    /// Removes the line, and counts the file.
    pub fn done(self, end: End) {
        if let Some((board, id)) = &self.0 {
            locked(board).end(*id, end);
        }
    }
}

/// Whether a person reads standard error.
pub fn to_person() -> bool {
    io::stderr().is_terminal()
}

/// Transferred bytes, for people.
pub fn amount(bytes: u64, total: Option<u64>) -> String {
    match total.filter(|total| *total > 0) {
        None => units::size(bytes),
        Some(total) => {
            format!("{} of {} ({}%)", units::size(bytes), units::size(total), units::percent(bytes, total))
        }
    }
}
