//! The prompt.

use super::command::{self, Command};
use super::session::Session;
use super::{FAILED, location};
use crate::error::Error;
use crate::syntax::{Splitter, split};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Editor, Helper};
use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

const PROMPT: &str = "casebook> ";

/// How many statements the history keeps.
const REMEMBERED: usize = 10_000;

const WELCOME: &str = concat!(
    "Casebook ",
    env!("CARGO_PKG_VERSION"),
    ". Try:  clusters  |  interventions where industry = CoPS and social_capital = weak  |  .help"
);

/// Reads and runs until Ctrl-D or `.quit`. A failed statement does not fail the session.
pub(super) fn run(session: &mut Session<'_>, quiet: bool) -> ExitCode {
    match converse(session, quiet) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ReadlineError::Io(closed)) if closed.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            session.fail(Error::io("the terminal", io::Error::other(error)).report());
            ExitCode::from(FAILED)
        }
    }
}

fn converse(session: &mut Session<'_>, quiet: bool) -> rustyline::Result<()> {
    let mut editor = editor()?;
    let history = History::open(&mut editor);
    cancel_on_interrupt(session);
    if !quiet {
        session.say(WELCOME);
    }
    loop {
        match editor.readline(PROMPT) {
            Ok(input) => {
                history.append(&mut editor);
                if !obey(session, &input)? {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Makes Ctrl-C end the question that runs, and not the process. While a line is typed the editor reads it
/// as a key. Where there can be no handler, it ends the process.
fn cancel_on_interrupt(session: &Session<'_>) {
    let cancelled = session.cancel_flag();
    let _ = ctrlc::set_handler(move || cancelled.store(true, Ordering::Relaxed));
}

/// Does what was typed; false if it was to leave.
fn obey(session: &mut Session<'_>, input: &str) -> io::Result<bool> {
    if command::is_command(input) {
        return Ok(command(session, input));
    }
    session.resume();
    for piece in split(input) {
        if !session.is_cancelled() {
            session.statement(&piece, "")?;
        }
    }
    Ok(true)
}

fn command(session: &mut Session<'_>, input: &str) -> bool {
    match input.parse::<Command>() {
        Ok(Command::Quit) => return false,
        Ok(Command::Help) => session.say(command::HELP),
        Ok(Command::Format(format)) => session.format = format,
        Ok(Command::Timing(on)) => session.timing = on,
        Err(error) => session.fail(error.report()),
    }
    true
}

fn editor() -> rustyline::Result<Editor<Reader, FileHistory>> {
    let config = Config::builder()
        .max_history_size(REMEMBERED)?
        .auto_add_history(true)
        // It would ask the terminal.
        .check_cursor_position(false)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Reader));
    Ok(editor)
}

/// The file that remembers what was typed; `None` where there is no place for it. The prompt works
/// without, so its faults are passed over.
struct History(Option<PathBuf>);

impl History {
    fn open(editor: &mut Editor<Reader, FileHistory>) -> History {
        let path = location::history()
            .filter(|path| path.parent().is_some_and(|parent| make_private(parent).is_ok()));
        if let Some(path) = &path {
            let _ = editor.load_history(path);
        }
        History(path)
    }

    /// After each statement, so that a second session and a crash lose nothing. The editor makes the file
    /// readable to its owner alone.
    fn append(&self, editor: &mut Editor<Reader, FileHistory>) {
        if let Some(path) = &self.0 {
            let _ = editor.append_history(path);
        }
    }
}

/// Makes a folder that only its owner can look into, if it is not there.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What the editor asks while a statement is typed.
struct Reader;

impl Validator for Reader {
    /// The editor goes on to a next line while the statement does.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let complete = is_complete(context.input());
        Ok(if complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

fn is_complete(input: &str) -> bool {
    let mut splitter = Splitter::default();
    splitter.feed(input);
    command::is_command(input) || !splitter.pending()
}

impl Completer for Reader {
    type Candidate = String;
}

impl Hinter for Reader {
    type Hint = String;
}

impl Highlighter for Reader {}

impl Helper for Reader {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::session::tests::session;

    #[test]
    fn a_statement_goes_on_while_a_bracket_is_open() {
        assert!(!is_complete("cluster penang {"));
        assert!(!is_complete("clusters \\"));
        assert!(is_complete("cluster penang {\n}"));
        assert!(is_complete(".help {"));
    }

    #[test]
    fn an_interrupt_ends_the_question_and_not_the_session() {
        let (out, messages) = session(|session| {
            obey(session, "kind cluster; cluster penang { }")?;
            session.cancel_flag().store(true, Ordering::Relaxed);
            session.statement(&split("clusters show name")[0], "")?;
            obey(session, "clusters show name").map(drop)
        });
        assert_eq!(out, "name\npenang\n");
        assert_eq!(messages.matches("cancelled").count(), 1, "{messages}");
    }

    #[test]
    fn commands_are_obeyed() {
        let typed = |line: &'static str| session(move |session| obey(session, line).map(drop)).1;
        assert!(typed(".help").contains(".timing"));
        assert!(typed(".hlep").contains("did you mean `.help`?"));
        session(|session| obey(session, ".quit").map(|stays| assert!(!stays)));
    }
}
