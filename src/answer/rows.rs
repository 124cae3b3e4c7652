//! The rows of an answer. They are kept column by column, in as little as the column needs, and made when they are
//! looked at: an answer of millions of rows is mostly walked through once.

use super::{Answer, Cell, Datum};
use crate::model::change::PackedText;
use crate::model::question::Beside;
use std::ops::{Index, Range};

/// The cells of one column.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// Each by itself.
    Cells(Vec<Cell>),
    /// Nothing but names.
    Names(PackedText),
    /// Cells that many rows have in common, and by row the position of its own.
    Shared { cells: Vec<Cell>, rows: Vec<u32> },
}

impl Default for Column {
    fn default() -> Self {
        Column::Cells(Vec::new())
    }
}

impl Column {
    /// The cell of a row; an empty one beyond the last.
    fn cell(&self, row: usize) -> Cell {
        let cell = match self {
            Column::Cells(cells) => cells.get(row),
            Column::Names(names) => return names.get(row).map(Cell::name).unwrap_or_default(),
            Column::Shared { cells, rows } => rows.get(row).and_then(|at| cells.get(*at as usize)),
        };
        cell.cloned().unwrap_or_default()
    }

    /// Whether its values are numbers and nothing else, and there are any.
    fn is_numeric(&self) -> bool {
        let (Column::Cells(cells) | Column::Shared { cells, .. }) = self else { return false };
        let mut values = cells.iter().flat_map(|cell| cell.values.iter()).peekable();
        values.peek().is_some() && values.all(|shown| matches!(shown.datum, Datum::Number(_)))
    }
}

/// One row: a cell for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    columns: &'a [String],
    cells: Vec<Cell>,
    /// As the answer's.
    pub(super) beside: Beside,
}

/// The rows of an answer, in order.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    answer: &'a Answer,
    left: Range<usize>,
}

impl Answer {
    /// Adds rows; each has a cell for each column.
    pub(crate) fn with_rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        let mut cells = vec![Vec::new(); self.columns.len()];
        for row in rows {
            cells.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
            self.rows += 1;
        }
        self.cells = cells.into_iter().map(Column::Cells).collect();
        self
    }

    /// The same column by column: each has a cell for each of so many rows.
    pub(crate) fn with_columns(self, rows: usize, cells: Vec<Column>) -> Self {
        Answer { rows, cells, ..self }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The row at a position, from 0 on; `None` beyond the last.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        (at < self.rows).then(|| Row {
            columns: &self.columns,
            cells: self.cells.iter().map(|column| column.cell(at)).collect(),
            beside: self.beside,
        })
    }

    /// For each column, whether its values are numbers and nothing else.
    pub(super) fn numeric_columns(&self) -> Vec<bool> {
        self.cells.iter().map(Column::is_numeric).collect()
    }

    /// The rows, in order. Each is made when it is come to.
    ///
    /// ```
    /// let book = casebook::Casebook::in_memory();
    /// book.run("kind cluster")?;
    /// book.run("attribute industry of cluster: one of traditional, CoPS")?;
    /// book.run("cluster penang { industry: traditional }")?;
    /// book.run("cluster bangalore { industry: CoPS }")?;
    /// let answer = book.query("clusters show name, industry")?;
    /// let industries: Vec<String> = answer.iter().map(|row| row["industry"].to_string()).collect();
    /// assert_eq!(industries, ["CoPS", "traditional"]);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn iter(&self) -> Rows<'_> {
        Rows { answer: self, left: 0..self.rows }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        self.answer.row(self.left.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    fn nth(&mut self, skipped: usize) -> Option<Row<'a>> {
        self.answer.row(self.left.nth(skipped)?)
    }
}

impl ExactSizeIterator for Rows<'_> {}

impl<'a> IntoIterator for &'a Answer {
    type Item = Row<'a>;
    type IntoIter = Rows<'a>;

    fn into_iter(self) -> Rows<'a> {
        self.iter()
    }
}

impl Row<'_> {
    /// The cells, in the order of the columns.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cell in this column, if there is such a column.
    pub fn get(&self, column: &str) -> Option<&Cell> {
        self.cells.get(self.columns.iter().position(|name| name == column)?)
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        self.columns
    }
}

impl Index<&str> for Row<'_> {
    type Output = Cell;

    /// The cell in this column.
    ///
    /// # Panics
    /// If the answer has no such column; [`Row::get`] does not.
    fn index(&self, column: &str) -> &Cell {
        match self.get(column) {
            Some(cell) => cell,
            None => panic!("no column `{column}`; there are {}", self.columns.join(", ")),
        }
    }
}

impl PartialEq for Answer {
    /// Whether they say the same, however their columns are kept.
    fn eq(&self, other: &Answer) -> bool {
        self.columns == other.columns
            && self.rows == other.rows
            && self.notes == other.notes
            && self.beside == other.beside
            && self.argument == other.argument
            && self.iter().eq(other)
    }
}
