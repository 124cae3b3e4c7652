//! The manual is a test suite: every block of `README.md`, `CONTRIBUTING.md` and `docs/*.md` is run.
//!
//! - `casebook`: statements, run in order in one book for each document, which holds the paper's knowledge.
//!   `<!-- book: empty -->` and `<!-- book: paper -->` begin a new one.
//! - `text`, `line`, `json`, `ndjson`, `csv`, `tsv`, `markdown`, `latex`, `html`: directly after it, the exact
//!   answer to the last of its statements in this format (`text` is `table`, 100 columns wide, with the notes
//!   below). Several may follow one another.
//! - `error`: directly after it, the report with which the last of its statements is refused. All other
//!   statements must succeed.
//! - `console`: `$ ` commands for a shell (`> ` continues one), each with what it prints, if that is shown;
//!   `casebook` is the binary, and its store one with the paper's knowledge for each document;
//!   `cargo run --release --` is the binary as on a wide terminal.
//! - `rust`: run as a doctest; `src/lib.rs` includes the document.
//! - Any other block needs `<!-- not run: REASON -->` in the line above it.
//!
//! The program in `examples/` is run as well.
//!
//! `BLESS=1 cargo test --test docs` writes the answers anew. Read the difference before it is
//! committed.

use casebook::answer::format::{Format, Options, write};
use casebook::{Casebook, Error, Outcome};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const WIDTH: usize = 100;

/// What the clock says in documents; every time in an answer is replaced by it.
const CLOCK: &str = "2026-01-31T12:00:00Z";

#[test]
fn every_example_is_run() {
    let mut faults = String::new();
    for path in documents() {
        let name = path.strip_prefix(root()).expect("documents are in the package").display().to_string();
        let text = std::fs::read_to_string(&path).expect("documents are text");
        let mut run = Run::new(&name);
        let written = run.document(&text);
        faults.push_str(&run.faults);
        if blessing() && written != text {
            std::fs::write(&path, written).expect("documents can be written");
        } else if written != text {
            faults.push_str(&difference(&name, &text, &written));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn what_is_not_run_or_has_another_answer_is_a_fault() {
    let faults = |text: &str| {
        let mut run = Run::new("a.md");
        let same = run.document(text) == text;
        (run.faults, same)
    };
    let refused = |text: &str, message: &str| {
        let (found, _) = faults(text);
        assert!(found.contains(message), "no `{message}` in: {found}");
    };
    refused("```\nclusters\n```\n", "a.md:1: this block is not run");
    refused("    clusters\n", "a.md:1: an indented block is not run");
    refused("```sh\nls\n```\n", "say why");
    refused("```text\n4\n```\n", "does not directly follow a statement");
    refused("```casebook\nno such thing\n```\n", "a.md:2: refused");
    refused("```casebook\nclusters\n```\n\n```error\n```\n", "an error was expected");
    refused("```casebook\nclusters\n", "has no end");
    refused("```rust\nlet a = 1;\n```\n", "does not include this document");
    assert_eq!(faults("<!-- not run: a reason -->\n```sh\nls\n```\n"), (String::new(), true));
    let counted = "```casebook\ncount clusters\n```\n\n```tsv\ncount\n4\n```\n";
    assert_eq!(faults(counted), (String::new(), true));
    assert_eq!(faults(&counted.replace('4', "5")), (String::new(), false));
}

#[allow(dead_code)]
#[path = "../examples/link.rs"]
mod link;

#[test]
fn the_example_program_says_what_it_should() {
    let said = link::report(&Casebook::in_memory()).expect("nothing is refused");
    let path = root().join("tests/docs/link.out");
    if blessing() {
        std::fs::write(&path, &said).expect("it can be written");
    }
    assert_eq!(said, std::fs::read_to_string(path).expect("it is there"));
}

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("docs")).expect("there is a folder of documents");
    let mut found: Vec<PathBuf> = folder.map(|entry| entry.expect("it can be listed").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.extend(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    found.sort();
    found
}

/// One document on its way.
struct Run<'a> {
    name: &'a str,
    book: Casebook,
    /// What the last statement came to, as long as its answer may follow.
    last: Option<Result<Outcome, Error>>,
    shell: Option<Shell>,
    faults: String,
}

impl<'a> Run<'a> {
    fn new(name: &'a str) -> Self {
        Run { name, book: paper(), last: None, shell: None, faults: String::new() }
    }

    /// Runs all blocks; gives the document with the answers that came.
    fn document(&mut self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        let mut lines = text.split_inclusive('\n').enumerate().peekable();
        let mut excused = false;
        while let Some((at, line)) = lines.next() {
            written.push_str(line);
            let Some(kind) = line.trim_end().strip_prefix("```") else {
                excused = self.prose(at + 1, line.trim_end());
                continue;
            };
            let mut body = String::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| line.trim_end() != "```") {
                body.push_str(line);
            }
            let Some((_, end)) = lines.next() else {
                self.fault(at + 1, "the block has no end");
                return written;
            };
            let follows_answer =
                text.lines().skip(at + 2 + body.lines().count()).find(|line| !line.is_empty());
            let expects_error = follows_answer == Some("```error");
            written.push_str(&match excused {
                true => body,
                false => self.block(at + 1, kind, body, expects_error),
            });
            written.push_str(end);
            excused = false;
        }
        self.settle();
        written
    }

    /// A line outside blocks; true if it excuses the block that begins on the next one.
    fn prose(&mut self, line: usize, text: &str) -> bool {
        if text.is_empty() {
            return false;
        }
        self.settle();
        match text.strip_prefix("<!-- ").and_then(|comment| comment.strip_suffix(" -->")) {
            Some("book: empty") => self.book = Casebook::in_memory(),
            Some("book: paper") => self.book = paper(),
            Some(comment) => {
                return comment.strip_prefix("not run: ").is_some_and(|reason| !reason.is_empty());
            }
            None if text.starts_with("    ") || text.starts_with('\t') => {
                self.fault(line, "an indented block is not run; fence it");
            }
            None => {}
        }
        false
    }

    /// Runs a block; gives what should stand in it.
    fn block(&mut self, line: usize, kind: &str, body: String, expects_error: bool) -> String {
        match kind {
            "casebook" => {
                self.statements(line, &body, expects_error);
                body
            }
            "error" => match &self.last {
                Some(Err(error)) => format!("{}\n", error.report().render(false)),
                _ => self.unasked(line, kind, body),
            },
            "console" => self.console(line, &body),
            "rust" => {
                let lib = include_str!("../src/lib.rs");
                if !lib.contains(&format!("include_str!(\"../{}\")", self.name)) {
                    self.fault(line, "src/lib.rs does not include this document, so its Rust is not run");
                }
                body
            }
            _ => match (format(kind), &self.last) {
                (Some(format), Some(Ok(outcome))) => shown(outcome, format),
                (Some(_), _) => self.unasked(line, kind, body),
                (None, _) => {
                    self.fault(line, "this block is not run; say why: <!-- not run: REASON -->");
                    body
                }
            },
        }
    }

    fn unasked(&mut self, line: usize, kind: &str, body: String) -> String {
        match &self.last {
            Some(Err(error)) => self.fault(line, &format!("refused:\n{error}")),
            Some(Ok(_)) => self.fault(line, "an error was expected, and the statement succeeded"),
            None => self.fault(line, &format!("`{kind}` does not directly follow a statement")),
        }
        body
    }

    fn statements(&mut self, line: usize, body: &str, expects_error: bool) {
        self.settle();
        let pieces = casebook::syntax::split(body);
        for (at, piece) in pieces.iter().enumerate() {
            let outcome = self.book.run(&piece.text);
            let is_last = at + 1 == pieces.len();
            match outcome {
                Err(error) if !(is_last && expects_error) => {
                    self.fault(line + piece.line, &format!("refused:\n{error}"));
                }
                outcome if is_last => self.last = Some(outcome),
                _ => {}
            }
        }
    }

    fn settle(&mut self) {
        self.last = None;
    }

    fn console(&mut self, line: usize, body: &str) -> String {
        self.settle();
        let mut written = String::new();
        for Typed { text, command, shows_output } in typed(body) {
            let (succeeded, output) = self.shell.get_or_insert_with(Shell::new).run(&command);
            if !succeeded {
                self.fault(line, &format!("`{command}` failed:\n{output}"));
            }
            written.push_str(&text);
            written.push_str(if shows_output { &output } else { "" });
        }
        written
    }

    fn fault(&mut self, line: usize, message: &str) {
        let _ = writeln!(self.faults, "{}:{line}: {message}", self.name);
    }
}

fn paper() -> Casebook {
    Casebook::in_memory_with_paper().expect("the seed is sound")
}

fn format(kind: &str) -> Option<Format> {
    match kind {
        "text" => Some(Format::Table),
        "table" => None,
        _ => kind.parse().ok(),
    }
}

fn shown(outcome: &Outcome, format: Format) -> String {
    let text = match outcome {
        Outcome::Answer(answer) => {
            let mut out = Vec::new();
            let options = Options { width: Some(WIDTH), ..Options::default() };
            write(answer, format, &options, &mut out).expect("a vector takes everything");
            let mut text = String::from_utf8(out).expect("answers are text").replace('\r', "");
            if format == Format::Table {
                answer.notes().iter().for_each(|note| text.push_str(&format!("note: {note}\n")));
            }
            text
        }
        Outcome::Changed(changed) => format!("{}\n", changed.summary),
        Outcome::Statements(text) => text.clone(),
    };
    at_the_clock(&text)
}

/// With [`CLOCK`] for every time.
fn at_the_clock(text: &str) -> String {
    let is_time = |window: &[u8]| {
        let as_in = |(found, shown): (&u8, &u8)| {
            if shown.is_ascii_digit() { found.is_ascii_digit() } else { found == shown }
        };
        window.iter().zip(CLOCK.as_bytes()).all(as_in)
    };
    let mut bytes = text.as_bytes().to_vec();
    for at in 0..bytes.len().saturating_sub(CLOCK.len() - 1) {
        if is_time(&bytes[at..at + CLOCK.len()]) {
            bytes[at..at + CLOCK.len()].copy_from_slice(CLOCK.as_bytes());
        }
    }
    String::from_utf8(bytes).expect("only ASCII was replaced")
}

/// A command of a console block.
struct Typed {
    /// The lines that it stands on.
    text: String,
    command: String,
    shows_output: bool,
}

fn typed(body: &str) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    for line in body.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push(Typed { text: format!("{line}\n"), command: command.to_string(), shows_output: false });
            continue;
        }
        let Some(last) = all.last_mut() else { continue };
        match line.strip_prefix("> ").filter(|_| !last.shows_output) {
            Some(more) => {
                last.text.push_str(&format!("{line}\n"));
                last.command.push_str(&format!("\n{more}"));
            }
            None => last.shows_output = true,
        }
    }
    all
}

/// A folder in which the commands of a document are run.
struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Shell {
        let shell = Shell { folder: tempfile::tempdir().expect("there is room for a folder") };
        // So that the first command of the document does not say where the store was made.
        shell.run("casebook kinds");
        shell
    }

    /// Whether it succeeded, and all that it printed.
    fn run(&self, command: &str) -> (bool, String) {
        let binary = Path::new(env!("CARGO_BIN_EXE_casebook"));
        let folder = binary.parent().expect("it is in a folder");
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let searched = [folder.to_path_buf()].into_iter().chain(std::env::split_paths(&inherited));
        let command = command.replace("cargo run --release --", "casebook --format table");
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(searched).expect("paths can be joined"))
            .env("CASEBOOK_DB", self.folder.path().join("paper"))
            .env("HOME", self.folder.path())
            .env("USER", "ana")
            .env("NO_COLOR", "1")
            .output()
            .expect("there is a shell");
        let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
        (output.status.success(), at_the_clock(&text))
    }
}

/// The first few lines that differ.
fn difference(name: &str, text: &str, written: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (text.lines().collect(), written.lines().collect());
    let from = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let excerpt = |lines: &[&str], sign: char| {
        lines.iter().skip(from).take(12).map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    format!("{name}:{}: the answer has changed\n{}{}", from + 1, excerpt(&old, '-'), excerpt(&new, '+'))
}
