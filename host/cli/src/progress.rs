//! What a person sees while bytes arrive: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use haul::{DownloadStatus, Report};
use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};

use crate::arguments::Get;
use crate::get::Target;

/// Time between two lines of one file.
const LINES: Duration = Duration::from_secs(5);

/// Progress of a whole run.
pub struct Display {
    mode: Mode,
    /// Whether the curious get their lines.
    mentions: bool,
}

enum Mode {
    Silent,
    Lines,
    Bars(MultiProgress),
}

/// Progress of one file.
pub struct FileProgress {
    name: String,
    shown: Shown,
}

enum Shown {
    Nothing,
    Lines { last: Mutex<Instant> },
    Bar(ProgressBar),
}

impl Display {
    /// Where the bytes themselves go to the terminal, progress would be lost among them; lines of the log would tear bars.
    pub fn new(get: &Get) -> Self {
        let drowned = get.to_standard_output() && io::stdout().is_terminal();
        let mode = match get.said.quiet || get.said.json || drowned {
            true => Mode::Silent,
            false if io::stderr().is_terminal() && get.said.verbose < 2 => Mode::Bars(MultiProgress::new()),
            false => Mode::Lines,
        };
        Self { mode, mentions: !get.said.quiet && (!get.said.json || get.said.verbose > 0) }
    }

    pub fn file(&self, target: &Target) -> FileProgress {
        let name = match target {
            Target::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Target::StandardOutput => target.to_string(),
        };
        let shown = match &self.mode {
            Mode::Silent => Shown::Nothing,
            Mode::Lines => Shown::Lines { last: Mutex::new(Instant::now()) },
            Mode::Bars(bars) => Shown::Bar(bar(bars, &name)),
        };
        FileProgress { name, shown }
    }

    /// A line that stays; above the bars.
    pub fn say(&self, line: &str) {
        match &self.mode {
            Mode::Bars(bars) => bars.suspend(|| eprintln!("{line}")),
            Mode::Lines | Mode::Silent => eprintln!("{line}"),
        }
    }

    /// A line that only the curious get.
    pub fn mention(&self, line: &str) {
        if self.mentions {
            self.say(line);
        }
    }
}

/// The bar belongs to the others before anything is drawn of it.
fn bar(bars: &MultiProgress, name: &str) -> ProgressBar {
    let bar = bars.add(ProgressBar::no_length());
    bar.set_style(style("{prefix} {spinner} {bytes} {binary_bytes_per_sec} {msg}"));
    bar.set_prefix(name.to_owned());
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl FileProgress {
    pub fn update(&self, status: &DownloadStatus, report: &Report) {
        let (bytes, total) = (status.bytes_transferred, status.bytes_total);
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines { last } => {
                let mut last = last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                if bytes > 0 && last.elapsed() >= LINES {
                    *last = Instant::now();
                    eprintln!("{}: {}", self.name, amount(bytes, total));
                }
            }
            Shown::Bar(bar) => {
                if total > 0 && bar.length().is_none() {
                    bar.set_length(total);
                    bar.set_position(bytes);
                    bar.reset_eta();
                    bar.set_style(style(
                        "{prefix} [{bar:30}] {bytes}/{total_bytes} {binary_bytes_per_sec} eta {eta} {msg}",
                    ));
                }
                bar.set_position(bytes);
                bar.set_message(match report.connections {
                    0 | 1 => String::new(),
                    several => format!("{several} segments"),
                });
            }
        }
    }

    pub fn done(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn amount(bytes: u64, total: u64) -> String {
    match total {
        0 => HumanBytes(bytes).to_string(),
        total => format!("{} of {} ({}%)", HumanBytes(bytes), HumanBytes(total), bytes.saturating_mul(100) / total),
    }
}
