//! The rows of a CSV file, one at a time, and errors at a cell.

use crate::error::{Error, ErrorKind, Result};
use crate::report::Span;
use ::csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Terminator};
use std::cell::Cell;
use std::io::{Chain, Read};
use std::rc::Rc;

/// The most bytes that one row may have: 16 MiB.
const MAX_ROW: usize = 16 * 1024 * 1024;

/// So much of a row is shown in a message, in characters.
const SHOWN: usize = 80;

/// A file on its way through.
pub(super) struct Rows<R> {
    reader: Reader<Guarded<Chain<R, &'static [u8]>>>,
    cells: Cells,
    read_since: Rc<Cell<usize>>,
    header: Header,
}

/// The first row.
pub(super) struct Header {
    /// The file, for messages.
    pub origin: String,
    /// Trimmed.
    pub names: Vec<String>,
    line: u64,
}

/// One row below the header.
pub(super) struct Row<'a> {
    header: &'a Header,
    cells: &'a Cells,
    /// On which it begins, from 1.
    pub line: u64,
}

/// The cells of a row.
#[derive(Default)]
enum Cells {
    /// Before the first row.
    #[default]
    None,
    Text(StringRecord),
    /// One of them is not UTF-8.
    Bytes(ByteRecord),
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Cells::None => 0,
            Cells::Text(cells) => cells.len(),
            Cells::Bytes(cells) => cells.len(),
        }
    }

    /// A cell; empty beyond the last.
    fn bytes(&self, at: usize) -> &[u8] {
        match self {
            Cells::None => &[],
            Cells::Text(cells) => cells.get(at).unwrap_or_default().as_bytes(),
            Cells::Bytes(cells) => cells.get(at).unwrap_or_default(),
        }
    }

    /// A cell; `None` if it is not UTF-8.
    fn text(&self, at: usize) -> Option<&str> {
        match self {
            Cells::None => Some(""),
            Cells::Text(cells) => Some(cells.get(at).unwrap_or_default()),
            Cells::Bytes(cells) => std::str::from_utf8(cells.get(at).unwrap_or_default()).ok(),
        }
    }

    /// All of them run together.
    fn as_slice(&self) -> &[u8] {
        match self {
            Cells::None => &[],
            Cells::Text(cells) => cells.as_slice().as_bytes(),
            Cells::Bytes(cells) => cells.as_slice(),
        }
    }

    fn into_record(self) -> ByteRecord {
        match self {
            Cells::None => ByteRecord::new(),
            Cells::Text(cells) => cells.into_byte_record(),
            Cells::Bytes(cells) => cells,
        }
    }
}

impl From<ByteRecord> for Cells {
    fn from(record: ByteRecord) -> Self {
        // All at once that is quicker than cell by cell.
        match StringRecord::from_byte_record(record) {
            Ok(cells) => Cells::Text(cells),
            Err(error) => Cells::Bytes(error.into_byte_record()),
        }
    }
}

/// A reader that refuses to go on for ever within one row.
struct Guarded<R> {
    inner: R,
    read_since: Rc<Cell<usize>>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.read_since.get() > MAX_ROW {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        let read = self.inner.read(buffer)?;
        self.read_since.set(self.read_since.get() + read);
        Ok(read)
    }
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    pub fn open(input: R, origin: &str) -> Result<Self> {
        let read_since = Rc::new(Cell::new(0));
        // With a line feed behind every row, the line of a row is known from where it ends.
        let guarded = Guarded { inner: input.chain(&b"\n"[..]), read_since: read_since.clone() };
        // Rows of another length are refused here, in the words of the researcher; the `\r` of a line's
        // end is blank.
        let mut options = ReaderBuilder::new();
        options.has_headers(false).flexible(true).terminator(Terminator::Any(b'\n'));
        let reader = options.from_reader(guarded);
        let header = Header { origin: origin.to_string(), names: Vec::new(), line: 1 };
        let mut rows = Rows { reader, cells: Cells::None, read_since, header };
        while rows.advance()? {
            if !rows.row().is_blank() {
                return rows.with_header();
            }
        }
        let error = Error::meaning(format!("{origin} is empty"));
        Err(error.note("the first row of a CSV file names its columns"))
    }

    fn with_header(mut self) -> Result<Self> {
        let first = self.row();
        let names = (0..first.cells.len()).map(|at| first.cell(at).map(str::to_string));
        let (names, line) = (names.collect::<Result<_>>()?, first.line);
        (self.header.names, self.header.line) = (names, line);
        Ok(self)
    }

    /// What the columns are called.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next row; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        if !self.advance()? {
            return Ok(None);
        }
        let row = self.row();
        if row.cells.len() != row.header.names.len() && !row.is_blank() {
            return Err(row.is_ragged());
        }
        Ok(Some(row))
    }

    fn row(&self) -> Row<'_> {
        let within = self.cells.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let line = self.reader.position().line().saturating_sub(within + 1);
        Row { header: &self.header, cells: &self.cells, line }
    }

    fn advance(&mut self) -> Result<bool> {
        self.read_since.set(0);
        let origin = &self.header.origin;
        let line = self.reader.position().line();
        let mut record = std::mem::take(&mut self.cells).into_record();
        let read = self.reader.read_byte_record(&mut record);
        self.cells = record.into();
        read.map_err(|error| match error.into_kind() {
            ::csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                let message = format!("{origin}: the row on line {line} has more than 16 MiB");
                Error::new(ErrorKind::Limit, message).note("is there a `\"` that is not closed?")
            }
            ::csv::ErrorKind::Io(error) => Error::io(origin, error),
            other => Error::new(ErrorKind::Io, format!("{origin}: {other:?}")),
        })
    }
}

impl Header {
    /// The error at a cell of the header.
    pub fn refuse(&self, error: Error, column: usize) -> Error {
        let name = self.names.get(column).map_or("", String::as_str);
        at_cell(error, name, &self.origin, self.line)
    }

    /// The error at a cell below the header.
    pub fn refuse_cell(&self, error: Error, column: usize, text: &str, line: u64) -> Error {
        let error = match self.names.get(column) {
            Some(name) if !name.is_empty() => error.label(format!("in the column `{name}`")),
            _ => error,
        };
        at_cell(error, text, &self.origin, line)
    }
}

impl Row<'_> {
    /// A cell, without the blanks around it; not necessarily UTF-8.
    fn bytes(&self, column: usize) -> &[u8] {
        self.cells.bytes(column).trim_ascii()
    }

    /// A cell as text, without the blanks around it.
    pub fn cell(&self, column: usize) -> Result<&str> {
        let Some(text) = self.cells.text(column) else {
            let error = Error::new(ErrorKind::Syntax, "this is not valid UTF-8");
            return Err(self.refuse(error.note("save the file as UTF-8 and import it again"), column));
        };
        // To tell that nothing is blank is quicker than to look for what is.
        let is_tight = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
        let bytes = text.as_bytes();
        Ok(if is_tight(bytes.first()) && is_tight(bytes.last()) { text } else { text.trim() })
    }

    /// Whether every cell is empty.
    pub fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|column| self.bytes(column).is_empty())
    }

    /// The error at a cell of this row.
    pub fn refuse(&self, error: Error, column: usize) -> Error {
        let text = String::from_utf8_lossy(self.bytes(column));
        self.header.refuse_cell(error, column, &text, self.line)
    }

    fn is_ragged(&self) -> Error {
        let cells = (0..self.cells.len()).map(|at| String::from_utf8_lossy(self.cells.bytes(at)));
        let cells: Vec<_> = cells.collect();
        let (count, wanted) = (cells.len(), self.header.names.len());
        let error = Error::syntax(format!("the first row has {wanted} cells, this one {count}"))
            .note("a cell that holds a comma stands in double quotes: `\"Penang, Malaysia\"`");
        at_cell(error, &cells.join(","), &self.header.origin, self.line)
    }
}

/// The error at a text that begins on this line of the file.
fn at_cell(error: Error, text: &str, origin: &str, line: u64) -> Error {
    let cut = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    // Without a text there would be no place to show.
    let shown = if text.is_empty() { " " } else { &text[..cut] };
    let error = if error.report().span.is_none_or(|span| span.end > cut) {
        error.at(Span::new(0, shown.len()))
    } else {
        error
    };
    error.in_text(shown, origin, line as usize)
}
