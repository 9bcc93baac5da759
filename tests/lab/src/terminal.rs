//! A program on a pseudo-terminal, and the screen that its user sees. A narrower screen wraps its lines, as most terminals do.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use avt::Vt;

/// Rows of every screen.
const ROWS: usize = 24;

/// The longest wait for output.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    keyboard: File,
    program: Child,
    output: Receiver<Vec<u8>>,
    screen: Vt,
    /// Everything that the program has written.
    written: Vec<u8>,
    /// The end of it that is not on the screen yet.
    begun: Vec<u8>,
}

impl Terminal {
    /// Runs a command on a terminal with so many columns.
    ///
    /// # Panics
    ///
    /// If there is no pseudo-terminal, or the program does not run.
    pub fn run(mut command: Command, columns: usize) -> Self {
        let (keyboard, side) = pair();
        let program = {
            let copy = || Stdio::from(side.try_clone().expect("a descriptor"));
            command.stdin(copy()).stdout(copy()).stderr(copy());
            for name in ["NO_COLOR", "TMUX", "WT_SESSION", "ConEmuANSI", "TERM_PROGRAM"] {
                if !command.get_envs().any(|(known, _)| known == name) {
                    command.env_remove(name);
                }
            }
            if !command.get_envs().any(|(known, _)| known == "TERM") {
                command.env("TERM", "xterm-256color");
            }
            resize(&keyboard, columns);
            command.spawn().expect("the program runs")
        };
        // With the copies of the command, the program alone holds its side, and the reader sees the end.
        drop((command, side));
        let (sender, output) = channel();
        let mut reader = keyboard.try_clone().expect("a descriptor");
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = Vt::builder().size(columns, ROWS).build();
        Self { keyboard, program, output, screen, written: Vec::new(), begun: Vec::new() }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// Makes the screen wider or narrower.
    pub fn resize(&mut self, columns: usize) {
        resize(&self.keyboard, columns);
        self.screen.resize(columns, ROWS);
    }

    /// Types a text.
    ///
    /// # Panics
    ///
    /// If the terminal is gone.
    pub fn type_text(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("the terminal takes it");
    }

    /// Reads until the screen shows what `holds` looks for, and returns its lines.
    ///
    /// # Panics
    ///
    /// If the program ends before, or that takes longer than a minute.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, holds: impl Fn(&[String]) -> bool) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let lines = self.lines();
            if holds(&lines) {
                return lines;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(chunk) => self.feed(&chunk),
                Err(RecvTimeoutError::Timeout) => panic!("waited in vain for {what}: {lines:#?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without {what}: {lines:#?}"),
            }
        }
    }

    /// Reads to the end of the program; returns its exit code, the lines of the screen and of what scrolled off it, and all that it wrote.
    ///
    /// # Panics
    ///
    /// If it takes longer than a minute.
    #[track_caller]
    pub fn end(mut self) -> (Option<i32>, Vec<String>, String) {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(chunk) => self.feed(&chunk),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {:#?}", self.lines()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let code = self.program.wait().expect("it ended").code();
        let lines = self.screen.text().into_iter().filter(|line| !line.is_empty()).collect();
        (code, lines, String::from_utf8_lossy(&self.written).into_owned())
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.screen.view().map(|line| line.text().trim_end().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    }

    fn feed(&mut self, chunk: &[u8]) {
        self.written.extend_from_slice(chunk);
        // A chunk may end within a character.
        self.begun.extend_from_slice(chunk);
        let whole = std::str::from_utf8(&self.begun).map_or_else(|error| error.valid_up_to(), str::len);
        let text: Vec<u8> = self.begun.drain(..whole).collect();
        self.screen.feed_str(&String::from_utf8_lossy(&text));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The two sides of a pseudo-terminal.
fn pair() -> (File, OwnedFd) {
    let (mut keyboard, mut side) = (-1, -1);
    // SAFETY: both pointers are to live locals; null leaves the name and the settings to the system.
    #[allow(unsafe_code)]
    let opened = unsafe {
        let null = std::ptr::null_mut();
        libc::openpty(&raw mut keyboard, &raw mut side, null, null.cast(), null.cast())
    };
    assert_eq!(opened, 0, "no pseudo-terminal");
    // SAFETY: the descriptors are new, and no other value owns them.
    #[allow(unsafe_code)]
    let (keyboard, side) = unsafe { (File::from_raw_fd(keyboard), OwnedFd::from_raw_fd(side)) };
    // The program must not inherit the keyboard's side: its end would never be seen.
    // SAFETY: a flag of an open descriptor.
    #[allow(unsafe_code)]
    unsafe {
        libc::fcntl(keyboard.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC);
        libc::fcntl(side.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC);
    }
    (keyboard, side)
}

fn resize(terminal: &File, columns: usize) {
    let (columns, rows) = (u16::try_from(columns).expect("columns"), ROWS as u16);
    let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the request takes a pointer to a winsize.
    #[allow(unsafe_code)]
    let set = unsafe { libc::ioctl(terminal.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
    assert_eq!(set, 0, "the size is set");
}
