//! Where a command writes: the terminal, or a buffer in tests.

use std::io::{BufRead as _, IsTerminal as _, Write};

use steppe_planner::plan::text::Paint;

use crate::clock::{Clock, SystemClock, rfc3339};

/// Output, errors and the questions between.
pub struct Ui {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    input: Box<dyn FnMut() -> Option<String> + Send>,
    clock: Box<dyn Clock>,
    pub paint: Paint,
    /// The reader of the output is gone; nothing more is worth doing.
    closed: bool,
}

impl Ui {
    /// The process's own streams, painted where a terminal reads them.
    pub fn terminal() -> Ui {
        let painted = std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Ui {
            out: Box::new(std::io::stdout()),
            err: Box::new(std::io::stderr()),
            input: Box::new(|| {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line).ok().filter(|n| *n > 0).map(|_| line)
            }),
            clock: Box::new(SystemClock),
            paint: Paint { on: painted },
            closed: false,
        }
    }

    /// Streams of the caller's, with one line as the answer to a question.
    pub fn with_streams(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        answer: Option<String>,
    ) -> Ui {
        let mut answer = answer;
        Ui {
            out,
            err,
            input: Box::new(move || answer.take()),
            clock: Box::new(SystemClock),
            paint: Paint::default(),
            closed: false,
        }
    }

    /// One line, or several.
    pub fn line(&mut self, text: impl AsRef<str>) {
        let written = writeln!(self.out, "{}", text.as_ref()).and_then(|()| self.out.flush());
        self.closed |= written.is_err();
    }

    /// Bytes as they are: log output.
    pub fn raw(&mut self, bytes: &[u8]) {
        let written = self.out.write_all(bytes).and_then(|()| self.out.flush());
        self.closed |= written.is_err();
    }

    /// A heading, bold, after an empty line.
    pub fn heading(&mut self, text: &str) {
        let text = self.paint.bold(text);
        self.line("");
        self.line(text);
    }

    /// One line for the error stream.
    pub fn error(&mut self, text: impl AsRef<str>) {
        // There is nowhere left to say that this failed.
        let _ = writeln!(self.err, "{}", text.as_ref());
    }

    /// True once nobody reads the output.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Asks, and returns the trimmed answer; `None` at the end of the input.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        let written = write!(self.out, "{question} ").and_then(|()| self.out.flush());
        self.closed |= written.is_err();
        (self.input)().map(|line| line.trim().to_owned())
    }

    /// The time, nanoseconds since the epoch.
    pub fn now_ns(&self) -> i64 {
        self.clock.now_ns()
    }

    /// `==> TIME: text`, a step of the monitor.
    pub fn step(&mut self, text: &str) {
        let line = format!("==> {}: {text}", self.stamp());
        self.line(line);
    }

    /// `    TIME: text`, a detail of a step.
    pub fn detail(&mut self, text: &str) {
        let line = format!("    {}: {text}", self.stamp());
        self.line(line);
    }

    /// The time in seconds, as the monitor prints it.
    pub fn stamp(&self) -> String {
        let now = self.now_ns();
        rfc3339(now - now.rem_euclid(crate::clock::SECOND_NS))
    }
}
