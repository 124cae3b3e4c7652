//! Cuts text into statements: the one splitter of REPL, pipe, file and crate.
//!
//! It looks at brackets, strings, comments and line ends only, so it works on what does not parse, and
//! what is wrong in one statement does not reach into the next.

/// One statement, cut out of a longer text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The statement without blanks, comments and `;` around it.
    pub text: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Where it begins in the whole text, in bytes.
    pub start: usize,
}

/// Cuts a text into its statements. Blank and comment lines yield nothing; an open bracket at the end
/// does not lose what stands before it.
///
/// ```
/// let pieces = casebook::syntax::split("clusters # all of them\ncountries; sources");
/// let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
/// assert_eq!(texts, ["clusters", "countries", "sources"]);
/// assert_eq!((pieces[1].line, pieces[1].start), (2, 23));
/// ```
pub fn split(text: &str) -> Vec<Piece> {
    let mut splitter = Splitter::default();
    let mut pieces = Vec::new();
    for line in text.split_inclusive('\n') {
        pieces.append(&mut splitter.feed(line));
    }
    pieces.extend(splitter.finish());
    pieces
}

/// The splitter for text that arrives line by line. It takes time in proportion to what it is fed.
///
/// ```
/// use casebook::syntax::Splitter;
/// let mut splitter = Splitter::default();
/// assert!(splitter.feed("cluster penang {\n").is_empty());
/// assert!(splitter.pending());
/// assert_eq!(splitter.feed("}\n")[0].text, "cluster penang {\n}");
/// assert!(!splitter.pending());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    /// The statement begun and not yet complete.
    held: Held,
    /// Brackets open at the end of what was fed.
    depth: usize,
    /// Whether the last line ended in `\`.
    continued: bool,
    /// Bytes and lines fed before the line at hand.
    bytes: usize,
    lines: usize,
}

#[derive(Clone, Debug, Default)]
struct Held {
    text: String,
    /// The length of `text` up to the last character that is neither blank nor comment.
    meant: usize,
    line: usize,
    start: usize,
}

/// What a character of a line is to the splitter.
enum Mark {
    /// This many bytes that only separate.
    Blank(usize),
    Comment,
    /// A string that is not closed on the line.
    Unclosed,
    /// Part of the statement, this many bytes.
    Meant(usize),
    Opening,
    Closing,
    Semicolon,
    /// A `\` with nothing but blanks behind it.
    Continuation,
}

impl Splitter {
    /// Takes one line, with its newline if it has one, and gives the statements that are now complete.
    pub fn feed(&mut self, line: &str) -> Vec<Piece> {
        let mut complete = Vec::new();
        for line in line.split_inclusive('\n') {
            self.read(line, &mut complete);
            self.bytes += line.len();
            self.lines += 1;
            if !self.pending() {
                complete.extend(self.take());
            }
        }
        complete
    }

    fn read(&mut self, line: &str, complete: &mut Vec<Piece>) {
        self.continued = false;
        let mut at = 0;
        while at < line.len() {
            let rest = &line[at..];
            at += match mark(rest) {
                Mark::Blank(length) => self.keep_unmeant(&rest[..length]),
                Mark::Comment => self.keep_unmeant(rest),
                Mark::Continuation => {
                    self.continued = true;
                    self.keep_unmeant(rest)
                }
                Mark::Semicolon if self.depth == 0 => {
                    complete.extend(self.take());
                    1
                }
                Mark::Unclosed => self.keep_unclosed(rest.trim_end(), at),
                Mark::Opening => {
                    self.depth += 1;
                    self.keep(&rest[..1], at)
                }
                Mark::Closing => {
                    self.depth = self.depth.saturating_sub(1);
                    self.keep(&rest[..1], at)
                }
                Mark::Semicolon => self.keep(&rest[..1], at),
                Mark::Meant(length) => self.keep(&rest[..length], at),
            };
        }
    }

    /// The end of the text: gives what was begun and never completed.
    pub fn finish(&mut self) -> Option<Piece> {
        self.depth = 0;
        self.continued = false;
        self.take()
    }

    /// Whether the next line belongs to the statement begun: a bracket is open, or the last line ended
    /// in `\`.
    pub fn pending(&self) -> bool {
        self.depth > 0 || self.continued
    }

    /// Keeps what is part of the statement; `at` is its place in the line. Gives its length.
    fn keep(&mut self, text: &str, at: usize) -> usize {
        if self.held.meant == 0 {
            self.held = Held { line: self.lines + 1, start: self.bytes + at, ..Held::default() };
        }
        self.held.text.push_str(text);
        self.held.meant = self.held.text.len();
        text.len()
    }

    /// Keeps what says nothing itself, for the sake of the places of what follows.
    fn keep_unmeant(&mut self, text: &str) -> usize {
        if self.held.meant > 0 {
            self.held.text.push_str(text);
        }
        text.len()
    }

    /// Keeps the rest of a line that begins with a string never closed. Most likely the closing quote was
    /// forgotten: brackets that close behind it close, and none that opens there stays open.
    fn keep_unclosed(&mut self, rest: &str, at: usize) -> usize {
        let before = self.depth;
        for byte in rest.bytes() {
            match byte {
                b'(' | b'[' | b'{' => self.depth += 1,
                b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.depth = self.depth.min(before);
        self.keep(rest, at)
    }

    fn take(&mut self) -> Option<Piece> {
        let mut held = std::mem::take(&mut self.held);
        held.text.truncate(held.meant);
        (held.meant > 0).then_some(Piece { text: held.text, line: held.line, start: held.start })
    }
}

/// What stands at the beginning of `rest`, the rest of a line; never empty.
fn mark(rest: &str) -> Mark {
    let first = rest.chars().next().unwrap_or('\n');
    match first {
        '#' => Mark::Comment,
        ';' => Mark::Semicolon,
        '(' | '[' | '{' => Mark::Opening,
        ')' | ']' | '}' => Mark::Closing,
        '"' => closing_quote(rest).map_or(Mark::Unclosed, |at| Mark::Meant(at + 1)),
        '\\' if rest[1..].chars().all(is_blank) => Mark::Continuation,
        blank if is_blank(blank) => Mark::Blank(blank.len_utf8()),
        other => Mark::Meant(other.len_utf8()),
    }
}

/// Whether a character separates and says nothing. A byte order mark counts, since editors leave it.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{feff}')
        || (character.is_whitespace() && !character.is_control())
}

/// Where the string that begins `rest` closes on its line, if it does.
pub(super) fn closing_quote(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}
