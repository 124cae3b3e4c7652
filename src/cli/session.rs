//! Runs statements one by one: answers to `out`, what else there is to say to `messages`.

use super::arguments::Arguments;
use super::progress::Progress;
use super::{FAILED, terminal};
use crate::Budget;
use crate::answer::Answer;
use crate::answer::format::{self, Format, Options};
use crate::book::{Casebook, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::report::{Report, Span};
use crate::syntax::Piece;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A book and the way its answers are shown.
pub(super) struct Session<'a> {
    book: Casebook,
    out: Box<dyn Write + 'a>,
    messages: Box<dyn Write + 'a>,
    /// How answers are written.
    pub format: Format,
    options: Options,
    /// Whether to look up the width before each table.
    on_terminal: bool,
    /// Whether messages may use colour.
    colour: bool,
    quiet: bool,
    stop_on_error: bool,
    /// Whether to say how long each statement took.
    pub timing: bool,
    /// Cancels the question that runs, once it is set.
    cancelled: Arc<AtomicBool>,
    any_shown: bool,
    any_failed: bool,
    /// What the last statement came to: taken apart before the next one, or never, where the process ends first.
    shown: Option<Outcome>,
    /// How many of the book's notices have been said.
    noticed: usize,
}

impl<'a> Session<'a> {
    /// A session on standard output and standard error.
    pub fn new(book: Casebook, arguments: &Arguments) -> Self {
        let on_terminal = io::stdout().is_terminal();
        let colour = terminal::has_colour(&io::stdout());
        let default = if on_terminal { Format::Table } else { Format::Tsv };
        Session {
            book,
            out: Box::new(BufWriter::new(io::stdout())),
            messages: Box::new(io::stderr()),
            format: arguments.format.unwrap_or(default),
            options: Options { width: None, colour, header: !arguments.no_header },
            on_terminal,
            colour: terminal::has_colour(&io::stderr()),
            quiet: arguments.quiet,
            stop_on_error: arguments.stop_on_error,
            timing: false,
            cancelled: Arc::default(),
            any_shown: false,
            any_failed: false,
            shown: None,
            noticed: 0,
        }
    }

    /// The book.
    pub fn book(&self) -> &Casebook {
        &self.book
    }

    /// Says what there is to say about the store, and has not been said.
    pub fn notices(&mut self) {
        let notices = self.book.notices();
        for notice in &notices[self.noticed..] {
            self.say(notice);
        }
        self.noticed = notices.len();
    }

    /// Takes over the paper's knowledge of this version.
    pub fn update_paper(&mut self) {
        match self.book.update_paper() {
            Ok(changed) => self.say(&changed.summary),
            Err(error) => self.fail(error.report()),
        }
    }

    /// Runs one statement that was cut out of `origin`, empty for an argument. Fails only where the
    /// answer cannot be written.
    pub fn statement(&mut self, piece: &Piece, origin: &str) -> io::Result<()> {
        self.shown = None;
        let start = Instant::now();
        let progress = self.progress();
        let outcome = self.book.run_within(&piece.text, &self.budget(&progress));
        progress.wipe();
        let took = start.elapsed();
        self.notices();
        match outcome {
            Ok(outcome) => {
                self.show(&outcome)?;
                self.shown = Some(outcome);
            }
            Err(error) => self.fail(&placed(&error, piece, origin)),
        }
        if self.timing {
            self.say(&format!("({})", in_words(took)));
        }
        Ok(())
    }

    /// Runs the file as one transaction. Fails only where an answer cannot be written.
    pub fn file(&mut self, path: &Path) -> io::Result<()> {
        let origin = path.display().to_string();
        let progress = self.progress();
        let budget = self.budget(&progress);
        let outcomes =
            read(path, &origin).and_then(|text| self.book.run_file_within(&text, &origin, &budget));
        progress.wipe();
        self.notices();
        match outcomes {
            Ok(outcomes) => outcomes.iter().try_for_each(|outcome| self.show(outcome)),
            Err(error) => {
                self.fail(error.report());
                Ok(())
            }
        }
    }

    fn budget(&self, progress: &Progress) -> Budget {
        let progress = progress.clone();
        Budget::default().with_cancel_flag(self.cancelled.clone()).with_watch(move |rows| progress.told(rows))
    }

    fn progress(&self) -> Progress {
        Progress::new(!self.quiet && io::stderr().is_terminal())
    }

    /// The flag that cancels the question or import that runs and those behind it on its line; other changes
    /// are never cut short.
    pub fn cancel_flag(&self) -> Arc<AtomicBool> {
        self.cancelled.clone()
    }

    /// Whether the flag is set.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Takes back what was cancelled before.
    pub fn resume(&mut self) {
        self.cancelled.store(false, Ordering::Relaxed);
    }

    /// Reports a failure.
    pub fn fail(&mut self, report: &Report) {
        self.any_failed = true;
        self.say(&report.render(self.colour));
    }

    /// Writes a message. That nobody reads messages is no reason to stop.
    pub fn say(&mut self, message: &str) {
        let _ = writeln!(self.messages, "{message}");
    }

    /// Whether another statement may run.
    pub fn goes_on(&self) -> bool {
        !(self.is_cancelled() || self.stop_on_error && self.any_failed)
    }

    /// What the process ends with.
    pub fn status(&self) -> ExitCode {
        if self.any_failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS }
    }

    fn show(&mut self, outcome: &Outcome) -> io::Result<()> {
        match outcome {
            Outcome::Answer(answer) => self.answer(answer)?,
            Outcome::Statements(text) => {
                self.out.write_all(text.as_bytes())?;
                self.out.flush()?;
            }
            Outcome::Changed(changed) if !self.quiet => self.say(&changed.summary),
            Outcome::Changed(_) => {}
        }
        Ok(())
    }

    /// Written and flushed before anything else is read, run or said.
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        if let Err(unsuited) = self.format.suits(answer) {
            self.fail(&Report::new(unsuited.to_string()));
            return Ok(());
        }
        if self.on_terminal {
            self.options.width = terminal::width();
        }
        if self.any_shown && self.format.is_set_apart(&self.options) {
            writeln!(self.out)?;
        }
        self.any_shown = true;
        format::write(answer, self.format, &self.options, &mut self.out)?;
        self.out.flush()?;
        for note in answer.notes() {
            self.say(&format!("note: {note}"));
        }
        Ok(())
    }
}

/// The report of an error in one statement, with the lines of the text that the statement stood in.
fn placed(error: &Error, piece: &Piece, origin: &str) -> Report {
    let mut report = error.report().clone();
    if origin.is_empty() || !report.origin.is_empty() {
        return report;
    }
    if report.span.is_none() || report.text.is_empty() {
        report.notes.push(format!("{origin}, line {}", piece.line));
    }
    report.origin = origin.to_string();
    report.first_line += piece.line - 1;
    report
}

fn read(path: &Path, origin: &str) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| Error::io(origin, error))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let line = text[..valid].matches('\n').count();
        invalid_byte(text.lines().nth(line).unwrap_or_default(), origin, line + 1)
    })
}

/// The error for bytes that are no text; `text` has U+FFFD in their place and begins on this line.
pub(super) fn invalid_byte(text: &str, origin: &str, line: usize) -> Error {
    let at = text.find(char::REPLACEMENT_CHARACTER).unwrap_or(0);
    Error::new(ErrorKind::Syntax, "a byte that is not UTF-8")
        .at(Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8()))
        .label("here")
        .note("statements are text in UTF-8; was this saved in another encoding?")
        .in_text(text, origin, line)
}

fn in_words(took: Duration) -> String {
    let milliseconds = took.as_secs_f64() * 1000.0;
    match milliseconds {
        ..10.0 => format!("{milliseconds:.2} ms"),
        ..1000.0 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.2} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Runs `work` in a session on an empty store that stops on no error; gives output and messages.
    pub fn session(work: impl FnOnce(&mut Session<'_>) -> io::Result<()>) -> (String, String) {
        let (mut out, mut messages) = (Vec::new(), Vec::new());
        let mut session = Session {
            book: Casebook::in_memory(),
            out: Box::new(&mut out),
            messages: Box::new(&mut messages),
            format: Format::Tsv,
            options: Options::default(),
            on_terminal: false,
            colour: false,
            quiet: false,
            stop_on_error: false,
            timing: false,
            cancelled: Arc::default(),
            any_shown: false,
            any_failed: false,
            shown: None,
            noticed: 0,
        };
        work(&mut session).expect("a vector takes everything");
        drop(session);
        let text = |bytes| String::from_utf8(bytes).expect("sessions write text");
        (text(out), text(messages))
    }

    fn piece(text: &str, line: usize) -> Piece {
        Piece { text: text.into(), line, start: 0 }
    }

    #[test]
    fn an_answer_goes_out_and_its_notes_to_messages() {
        let mut answer = Answer::new(["name"]);
        answer.note("2 clusters were open");
        let (out, messages) = session(|session| session.show(&Outcome::Answer(answer)));
        assert_eq!((out.as_str(), messages.as_str()), ("name\n", "note: 2 clusters were open\n"));
    }

    #[test]
    fn answers_are_set_apart_if_they_have_headers() {
        let answer = Outcome::Answer(Answer::new(["name"]));
        let twice = |session: &mut Session<'_>| session.show(&answer).and_then(|()| session.show(&answer));
        assert_eq!(session(twice).0, "name\n\nname\n");
        let json = |session: &mut Session<'_>| {
            session.format = Format::Json;
            twice(session)
        };
        assert_eq!(session(json).0, "[]\n[]\n");
    }

    #[test]
    fn an_answer_that_cannot_be_drawn_is_a_failure_and_the_rest_runs() {
        let answer = Outcome::Answer(Answer::new(["name"]));
        let (out, messages) = session(|session| {
            session.format = Format::Dot;
            session.show(&answer)?;
            assert!(session.any_failed);
            session.format = Format::Tsv;
            session.show(&answer)
        });
        assert_eq!(out, "name\n");
        assert!(messages.contains("error: only arguments"), "{messages}");
    }

    #[test]
    fn an_error_is_placed_in_its_stream() {
        let error = Error::syntax("no").at(Span::new(3, 4)).in_text("a\n b", "", 1);
        let report = placed(&error, &piece("a\n b", 7), "standard input");
        assert_eq!((report.position(), report.origin.as_str()), (Some((8, 2)), "standard input"));
    }

    #[test]
    fn an_error_without_a_place_names_the_line_of_its_statement() {
        let report = placed(&Error::not_yet("this"), &piece("this", 3), "standard input");
        assert_eq!(report.notes, ["standard input, line 3"]);
        assert!(placed(&Error::not_yet("this"), &piece("this", 3), "").notes.is_empty());
    }

    #[test]
    fn durations_have_three_digits_or_so() {
        assert_eq!(in_words(Duration::from_micros(1234)), "1.23 ms");
        assert_eq!(in_words(Duration::from_millis(123)), "123 ms");
        assert_eq!(in_words(Duration::from_millis(12345)), "12.35 s");
    }
}
