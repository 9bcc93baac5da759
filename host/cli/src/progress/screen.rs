//! Lines at the bottom of a terminal that are drawn again and again.

use std::io::{self, Write};

use console::measure_text_width;

use crate::terminal;

/// The drawn lines. The cursor stands at the beginning of the line below them, so that a killed command leaves the prompt there.
#[derive(Debug, Default)]
pub struct Screen {
    /// Columns of each drawn line.
    drawn: Vec<usize>,
}

impl Screen {
    /// Replaces the drawn lines, with `above` as finished lines over them. One write, so that no other output comes in between.
    pub fn draw(&mut self, above: &str, lines: &[String]) {
        let text = self.replacement(above, lines, terminal::size().0);
        // The terminal may be gone, as after SIGHUP.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Whether no line is drawn.
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    fn replacement(&mut self, above: &str, lines: &[String], width: usize) -> String {
        let mut text = String::new();
        // A terminal that became narrower wraps the lines that it shows.
        let rows: usize = self.drawn.iter().map(|columns| columns.div_ceil(width.max(1)).max(1)).sum();
        if rows > 0 {
            text.push_str(&format!("\r\x1b[{rows}A\x1b[J"));
        }
        text.push_str(above);
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        self.drawn = lines.iter().map(|line| measure_text_width(line)).collect();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_replaced_also_after_the_terminal_has_wrapped_them() {
        let mut screen = Screen::default();
        let lines = ["a".repeat(70), "b".into()];
        assert_eq!(screen.replacement("", &lines, 80), format!("{}\nb\n", lines[0]));
        assert_eq!(screen.replacement("done\n", &lines[1..], 40), "\r\x1b[3A\x1b[Jdone\nb\n");
        assert_eq!(screen.replacement("", &[], 40), "\r\x1b[1A\x1b[J");
        assert!(screen.is_empty());
    }
}
