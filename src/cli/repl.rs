//! The prompt.

use super::command::{self, Command};
use super::session::Session;
use super::{FAILED, location, terminal};
use crate::Offer;
use crate::book::Casebook;
use crate::error::Error;

use crate::syntax::{Splitter, split};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::{Hint, Hinter};
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::borrow::Cow;
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
    let mut editor = editor(session.book().clone())?;
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

/// Makes Ctrl-C end the question or import that runs, and not the process. While a line is typed the editor reads it
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

fn editor(book: Casebook) -> rustyline::Result<Editor<Reader, FileHistory>> {
    let config = Config::builder()
        .max_history_size(REMEMBERED)?
        .auto_add_history(true)
        .completion_type(CompletionType::List)
        // It would ask the terminal.
        .check_cursor_position(false)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Reader { book, colour: terminal::has_colour(&io::stdout()) }));
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
struct Reader {
    /// Knows what may stand at the cursor.
    book: Casebook,
    colour: bool,
}

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
    type Candidate = Pair;

    /// What fits at the cursor, each with what it is. A store that cannot be read offers nothing; the statement
    /// will say why.
    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if command::is_command(line) {
            return Ok((at, Vec::new()));
        }
        let (start, offers) = self.book.offers(line, at).unwrap_or((at, Vec::new()));
        let longest = offers.iter().map(|offer| offer.text.chars().count()).max().unwrap_or(0);
        Ok((start, offers.into_iter().map(|offer| listed(offer, longest, terminal::width())).collect()))
    }
}

/// An offer as it is listed: on one line, which on a terminal of this width shows where the next begins.
fn listed(offer: Offer, longest: usize, width: Option<usize>) -> Pair {
    let Offer { text, description } = offer;
    if description.is_empty() {
        return Pair { display: text.clone(), replacement: text };
    }
    let room = width.unwrap_or(80).saturating_sub(2);
    let display: String = format!("{text:longest$}  {description}").chars().take(room).collect();
    Pair { display, replacement: text }
}

/// Behind the cursor on a new line, until something is typed: that the statement goes on.
struct GoesOn(&'static str);

impl Hint for GoesOn {
    fn display(&self) -> &str {
        self.0
    }

    /// It is said, and not offered.
    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Reader {
    type Hint = GoesOn;

    fn hint(&self, line: &str, _: usize, _: &Context<'_>) -> Option<GoesOn> {
        goes_on(line).map(GoesOn)
    }
}

fn goes_on(input: &str) -> Option<&'static str> {
    let before = input.strip_suffix('\n').filter(|_| !is_complete(input))?;
    Some(if before.ends_with('\\') { "(the line goes on)" } else { "(a bracket is open)" })
}

impl Highlighter for Reader {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }
}

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
    fn a_new_line_says_why_the_statement_goes_on() {
        assert_eq!(goes_on("cluster penang {\n"), Some("(a bracket is open)"));
        assert_eq!(goes_on("clusters \\\n"), Some("(the line goes on)"));
        assert_eq!(goes_on("cluster penang {\n  in"), None);
        assert_eq!(goes_on("cluster penang {"), None);
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
