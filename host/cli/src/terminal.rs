//! The abilities of the terminal at standard error.

use std::env;
use std::io::{self, IsTerminal};

use console::Term;

/// Columns and rows of a terminal that does not report them, as of a VT100.
const DEFAULT_SIZE: (usize, usize) = (80, 24);

/// Whether the cursor can be moved, so that lines can be drawn again.
pub fn can_redraw() -> bool {
    let dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    io::stderr().is_terminal() && !dumb
}

/// Columns and rows.
pub fn size() -> (usize, usize) {
    match Term::stderr().size_checked() {
        Some((rows, columns)) if columns > 0 => (columns.into(), rows.into()),
        _ => DEFAULT_SIZE,
    }
}

/// Whether colours are shown: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub fn has_colours() -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    can_redraw() && !forbidden
}

/// Whether the terminal shows progress on its tab or in the task bar: OSC 9;4, an extension of ConEmu. Others take it for a notification
/// (iTerm2 before 3.6.6 among them), so only terminals that document it are listed.
pub fn shows_progress() -> bool {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let program = set("TERM_PROGRAM");
    can_redraw()
        && set("TMUX").is_none()
        && (set("WT_SESSION").is_some()
            || set("ConEmuANSI").as_deref() == Some("ON")
            || matches!(program.as_deref(), Some("WezTerm" | "ghostty")))
}
