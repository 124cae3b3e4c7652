//! Reading a CSV file: a row is a thing, a column an attribute, a cell a claim. Several rows may be about one
//! thing, where all they say of it takes many values: lists of links are such files.
//!
//! The file streams through; what is kept is the batch that comes out of it: per column the distinct
//! texts and a code a row. A text is read as a value once, however often it stands in the column.
//!
//! Cells are separated by commas and may stand in double quotes (RFC 4180); the first row names the
//! columns; the text is UTF-8, with or without a byte order mark. Limits: rows times columns stay below
//! 2^32, all names together and all titles together below 4 GiB.

mod column;
mod dictionary;
mod header;
mod rows;
#[cfg(test)]
mod tests;
mod things;

use crate::error::{Error, ErrorKind, Result};
use crate::model::change::{Batch, Operation};
use crate::model::{Directory, KindId, Vocabulary, folded};
use crate::resolve::{ImportPlan, Parameters, Resolver, new_name};
use crate::syntax::tree::{Span, Word};
use column::Column;
use header::{Reading, Target};
use rows::{Header, Row, Rows};
use std::borrow::Cow;
use std::io::Read;
use things::{Begun, Things, push};

/// So many rows lie between two calls of `progress`.
const ROWS_BETWEEN_CALLS: u32 = 8_192;

/// Reads the things and claims of a CSV file.
///
/// `origin` names the file in messages; `progress` is told, now and then, how many rows have been read; an
/// error of it ends the reading.
/// What comes out are declarations of the columns that the vocabulary does not have (if the plan says
/// `declare`), then one [`Operation::Import`]. A column without any value declares nothing.
///
/// # Errors
/// At the first thing that is wrong, with its line; nothing comes out then.
pub fn read(
    input: impl Read,
    origin: &str,
    plan: &ImportPlan,
    vocabulary: &Vocabulary,
    directory: &dyn Directory,
    progress: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<Vec<Operation>> {
    let kind = plan.kind.ok_or_else(|| {
        Error::meaning(format!("what are the rows of {origin}?"))
            .note(format!("say it with a kind: `import \"{}\" as KIND`", plan.path))
    })?;
    let parameters = Parameters::new();
    let resolver = Resolver { vocabulary, directory, parameters: &parameters };
    let mut rows = Rows::open(input, origin)?;
    let mut table = Table::new(resolver, kind, header::readings(resolver, kind, plan, &rows)?);
    while let Some(row) = rows.next()? {
        table.take(&row)?;
        if table.things.rows.is_multiple_of(ROWS_BETWEEN_CALLS) {
            progress(table.things.rows.into())?;
        }
    }
    progress(table.things.rows.into())?;
    table.finish(plan, rows.header())
}

/// What has been read so far.
struct Table<'a> {
    resolver: Resolver<'a>,
    kind: KindId,
    things: Things,
    has_aliases: bool,
    /// The column of the names and, if there is one, of the titles.
    name: usize,
    title: Option<usize>,
    columns: Vec<Column>,
    /// Columns without a header, which hold nothing.
    nameless: Vec<usize>,
}

impl<'a> Table<'a> {
    fn new(resolver: Resolver<'a>, kind: KindId, readings: Vec<Reading>) -> Self {
        let things = Things::default();
        let (columns, nameless) = (Vec::new(), Vec::new());
        let has_aliases = !resolver.vocabulary.aliases().is_empty();
        let mut table =
            Table { resolver, kind, things, has_aliases, name: 0, title: None, columns, nameless };
        for Reading { column, header, target } in readings {
            match target {
                Target::Name => table.name = column,
                Target::Title => table.title = Some(column),
                Target::Known(attribute) => {
                    let attribute = resolver.vocabulary.attribute(attribute);
                    table.columns.push(Column::known(column, header, attribute, kind));
                }
                Target::New(name) => table.columns.push(Column::new(column, header, name)),
                Target::Nothing => table.nameless.push(column),
            }
        }
        table
    }

    fn take(&mut self, row: &Row) -> Result<()> {
        if row.is_blank() {
            return Ok(());
        }
        self.expect_room(row)?;
        self.take_name(row)?;
        self.take_title(row)?;
        for column in &mut self.columns {
            column.take(row, self.resolver)?;
        }
        for &column in &self.nameless {
            if !row.cell(column)?.is_empty() {
                let what = format!("column {} has a value here, but no name in the first row", column + 1);
                return Err(row.refuse(Error::meaning(what), column));
            }
        }
        Ok(())
    }

    fn expect_room(&self, row: &Row) -> Result<()> {
        let places = u64::from(self.things.rows) + 1;
        if places * self.columns.len().max(1) as u64 >= u64::from(u32::MAX) {
            let message = "an import has at most 4,294,967,294 cells: rows times columns";
            return Err(row.refuse(Error::new(ErrorKind::Limit, message), self.name));
        }
        Ok(())
    }

    fn take_name(&mut self, row: &Row) -> Result<()> {
        let text = row.cell(self.name)?;
        let refuse = |error| row.refuse(error, self.name);
        if text.is_empty() {
            let kind = self.resolver.kind_name(self.kind);
            return Err(refuse(Error::meaning(format!("this {kind} has no name"))));
        }
        let mut folded = folded(text);
        if folded.is_empty() || text.len() > crate::syntax::MAX_NAME {
            let word = Word { text: text.to_string(), quoted: true, span: Span::new(0, text.len()) };
            new_name(&word).map_err(refuse)?;
        }
        let mut shown = None;
        if self.has_aliases
            && self.resolver.vocabulary.alias(&folded).is_some()
            && let Some(known) = self.resolver.directory.find(self.kind, text)
        {
            // An alias names the thing that is there, under its own name.
            let name = self.resolver.directory.name_of(known);
            folded = Cow::Owned(name.folded().to_string());
            shown = Some(name);
        }
        let shown = shown.as_ref().map_or(text, |name| name.as_str());
        match self.things.begin(shown, &folded, row.line).map_err(refuse)? {
            Begun::New => Ok(()),
            Begun::Again(first) => match self.one_valued() {
                None => Ok(()),
                Some(one_valued) => Err(refuse(stands_twice(text, first, row.line, &one_valued))),
            },
        }
    }

    /// What is read of a thing that takes one value, so that it cannot have two rows; an empty text if nothing
    /// is read.
    fn one_valued(&self) -> Option<String> {
        if self.title.is_some() {
            return Some("title".to_string());
        }
        match self.columns.iter().find(|column| !column.many) {
            Some(column) => Some(column.name.to_string()),
            None => self.columns.is_empty().then(String::new),
        }
    }

    fn take_title(&mut self, row: &Row) -> Result<()> {
        let Some(title) = self.title else { return Ok(()) };
        let text = row.cell(title)?;
        push(&mut self.things.titles, text, "titles").map_err(|error| row.refuse(error, title))
    }

    fn finish(self, plan: &ImportPlan, header: &Header) -> Result<Vec<Operation>> {
        let kind = self.resolver.kind_name(self.kind).clone();
        let mut operations = Vec::new();
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            if let Some((declaration, column)) = column.finish(&kind, self.resolver, &self.things, header)? {
                operations.extend(declaration.map(Operation::DeclareAttribute));
                columns.push(column);
            }
        }
        let (names, titles) = self.things.into_texts();
        let evidence = plan.evidence.clone();
        operations.push(Operation::Import(Batch { kind, names, titles, columns, evidence }));
        Ok(operations)
    }
}

/// `one_valued` is what keeps the thing from having two rows.
fn stands_twice(name: &str, first: u32, second: u64, one_valued: &str) -> Error {
    let error = Error::meaning(format!("`{name}` stands twice: on line {first} and on line {second}"))
        .note("a name is unique within its kind, whatever its case, `-`, `_` and spaces");
    match one_valued {
        "" => error,
        one => error
            .note(format!("rows of one name give it many values, and `{one}` takes one: keep one of them")),
    }
}
