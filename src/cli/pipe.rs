//! Statements through standard input. Each is run and answered before the next is waited for.

use super::session::{Session, invalid_byte};
use crate::error::Error;
use crate::syntax::{Piece, Splitter};
use std::io::{self, BufRead};

const ORIGIN: &str = "standard input";

/// Runs what comes, to the end of `input` or until nobody reads the answers.
pub(super) fn run(session: &mut Session<'_>, mut input: impl BufRead) -> io::Result<()> {
    let mut splitter = Splitter::default();
    let mut invalid = InvalidLines::default();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        match input.read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                session.fail(Error::io(ORIGIN, error).report());
                return Ok(());
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        invalid.note(line, &bytes);
        for piece in splitter.feed(&text) {
            statement(session, &piece, &invalid)?;
            if !session.goes_on() {
                return Ok(());
            }
        }
        if !splitter.pending() {
            invalid.lines.clear();
        }
    }
    splitter.finish().map_or(Ok(()), |piece| statement(session, &piece, &invalid))
}

fn statement(session: &mut Session<'_>, piece: &Piece, invalid: &InvalidLines) -> io::Result<()> {
    if invalid.touch(piece) {
        session.fail(invalid_byte(&piece.text, ORIGIN, piece.line).report());
        return Ok(());
    }
    session.statement(piece, ORIGIN)
}

/// The lines with bytes that are not UTF-8, among those of the statement at hand.
#[derive(Default)]
struct InvalidLines {
    lines: Vec<usize>,
}

impl InvalidLines {
    fn note(&mut self, line: usize, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_err() {
            self.lines.push(line);
        }
    }

    /// Whether such bytes stand in the statement. What stands in place of them is looked for as well:
    /// another statement on the same line is none the worse.
    fn touch(&self, piece: &Piece) -> bool {
        let last = piece.line + piece.text.matches('\n').count();
        self.lines.iter().any(|line| (piece.line..=last).contains(line))
            && piece.text.contains(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::session::tests::session;

    /// The messages that this input brings about.
    fn messages(input: &[u8]) -> String {
        session(|session| run(session, input)).1
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(messages(b""), "");
        assert_eq!(messages(b"\n# only a comment\n;;\n"), "");
    }

    #[test]
    fn an_invalid_byte_is_an_error_with_its_line_and_the_rest_runs() {
        let found =
            messages(b"# \xff in a comment is nothing\n\ncluster a {\n title: \"caf\xe9\"\n}\nodd odd odd\n");
        assert!(found.contains("a byte that is not UTF-8"), "{found}");
        assert!(found.contains("standard input:4:"), "{found}");
        assert!(found.contains("line 6") || found.contains("standard input:6:"), "{found}");
    }

    #[test]
    fn an_invalid_byte_spoils_its_own_statement_only() {
        let found = messages(b"odd odd odd; \xff; odd odd odd\n");
        assert_eq!(found.matches("not UTF-8").count(), 1, "{found}");
        assert_eq!(found.matches("error").count(), 3, "{found}");
    }
}
