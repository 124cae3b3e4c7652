//! The command line: arguments, pipe and prompt over the public door. Answers go to standard output,
//! everything else to standard error.

mod arguments;
mod check;
mod command;
mod location;
mod pipe;
mod progress;
mod repl;
mod session;
mod terminal;

use crate::book::Casebook;
use crate::error::Error;
use arguments::{Arguments, Work};
use clap::Parser;
use session::Session;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

/// A statement failed.
const FAILED: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;
/// The store cannot be opened.
const NO_STORE: u8 = 3;
/// Ended by Ctrl-C, as shells state it.
const INTERRUPTED: i32 = 130;

/// What the binary does: parses the arguments of the process, runs what they ask for, and gives the exit
/// status.
pub fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => run(&arguments),
        Err(usage) => {
            // Nobody is left to tell where even this cannot be printed.
            let _ = usage.print();
            if usage.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
        }
    }
}

fn run(arguments: &Arguments) -> ExitCode {
    if arguments.check {
        return store_of(arguments)
            .and_then(|path| check::run(&path))
            .unwrap_or_else(|error| refused(&error, NO_STORE));
    }
    let book = match open(arguments) {
        Ok(book) => book,
        Err(error) => return refused(&error, NO_STORE),
    };
    let mut session = Session::new(book, arguments);
    session.notices();
    if arguments.update_seed {
        session.update_paper();
    }
    let done = match arguments.work(io::stdin().is_terminal(), io::stdout().is_terminal()) {
        Work::Given => {
            if may_import(arguments) {
                cancel_or_end(&session);
            }
            given(&mut session, arguments)
        }
        Work::Pipe => pipe::run(&mut session, io::stdin().lock()),
        Work::Prompt => return repl::run(&mut session, arguments.quiet),
    };
    let status = match done {
        Ok(()) => session.status(),
        Err(closed) if closed.kind() == io::ErrorKind::BrokenPipe => session.status(),
        Err(error) => refused(&Error::io("standard output", error), FAILED),
    };
    // Everything has been written, and the process ends: to take what a large store was read into apart would take time.
    std::mem::forget(session);
    status
}

fn store_of(arguments: &Arguments) -> Result<PathBuf, Error> {
    arguments.db.clone().map_or_else(location::default_store, Ok)
}

fn open(arguments: &Arguments) -> Result<Casebook, Error> {
    let path = store_of(arguments)?;
    if arguments.empty { Casebook::open(path) } else { Casebook::open_with_paper(path) }
}

/// Whether there may be an import to cancel. To watch for Ctrl-C takes a thread, which a question alone is not worth: it
/// ends with the process.
fn may_import(arguments: &Arguments) -> bool {
    let imports = |text: &String| {
        crate::syntax::split(text).iter().any(|piece| piece.text.trim_start().starts_with("import"))
    };
    !arguments.file.is_empty() || arguments.statement.iter().any(imports)
}

/// Makes Ctrl-C cancel what runs, with a message, and a second one end the process. Where there can be no handler, the
/// first one does.
fn cancel_or_end(session: &Session<'_>) {
    let cancelled = session.cancel_flag();
    let _ = ctrlc::set_handler(move || {
        if cancelled.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    });
}

/// Files first, then statements, each in the order given.
fn given(session: &mut Session<'_>, arguments: &Arguments) -> io::Result<()> {
    for path in &arguments.file {
        if session.goes_on() {
            session.file(path)?;
        }
    }
    for argument in &arguments.statement {
        for piece in crate::syntax::split(argument) {
            if session.goes_on() {
                session.statement(&piece, "")?;
            }
        }
    }
    Ok(())
}

fn refused(error: &Error, status: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "{}", error.report().render(terminal::has_colour(&io::stderr())));
    ExitCode::from(status)
}
