//! How far an import is: a line on a terminal that comes when it takes long, and goes when it is done.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is done sooner is not worth a line.
const PATIENCE: Duration = Duration::from_secs(1);
/// So long a line stands at least.
const PACE: Duration = Duration::from_millis(100);

/// The line of one statement or file; clones share it.
#[derive(Clone)]
pub(super) struct Progress(Option<Arc<Mutex<Line>>>);

struct Line {
    /// When the statement began, the file that is read now, and the line that stands there.
    start: Instant,
    file: Instant,
    shown: Option<Instant>,
    rows: u64,
}

impl Progress {
    /// Shown on standard error, or nowhere.
    pub fn new(is_shown: bool) -> Self {
        let now = Instant::now();
        let line = || Arc::new(Mutex::new(Line { start: now, file: now, shown: None, rows: 0 }));
        Progress(is_shown.then(line))
    }

    /// So many rows of a file have been read.
    pub fn told(&self, rows: u64) {
        let Some(line) = &self.0 else { return };
        let text = line.lock().unwrap_or_else(PoisonError::into_inner).told(rows, Instant::now());
        if let Some(text) = text {
            let _ = write!(io::stderr(), "\r{text}\x1b[K");
        }
    }

    /// Takes the line away.
    pub fn wipe(&self) {
        let Some(line) = &self.0 else { return };
        if line.lock().unwrap_or_else(PoisonError::into_inner).shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Line {
    /// What is to be shown now, if it is time.
    fn told(&mut self, rows: u64, now: Instant) -> Option<String> {
        if rows < self.rows {
            self.file = now;
        }
        self.rows = rows;
        let is_due = self.shown.is_none_or(|shown| now - shown >= PACE);
        if now - self.start < PATIENCE || !is_due {
            return None;
        }
        self.shown = Some(now);
        let seconds = (now - self.file).as_secs_f64();
        let rate = if seconds > 0.1 {
            format!(", {} a second", grouped((rows as f64 / seconds) as u64))
        } else {
            String::new()
        };
        Some(format!("{} rows read{rate}; Ctrl-C cancels", grouped(rows)))
    }
}

/// `1,234,567`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_after_a_second_and_changes_ten_times_in_one() {
        let start = Instant::now();
        let mut line = Line { start, file: start, shown: None, rows: 0 };
        let mut at = |rows, millis| line.told(rows, start + Duration::from_millis(millis));
        assert_eq!(at(8_192, 900), None);
        assert_eq!(
            at(2_000_000, 2_000).as_deref(),
            Some("2,000,000 rows read, 1,000,000 a second; Ctrl-C cancels")
        );
        assert_eq!(at(2_008_192, 2_050), None);
        // The next file.
        assert_eq!(at(999, 2_100).as_deref(), Some("999 rows read; Ctrl-C cancels"));
    }
}
