//! Which column is read as what.

use super::rows::{Header, Rows};
use crate::error::{Error, Result};
use crate::model::{AttributeId, KindId, Name, Vocabulary, fold};
use crate::resolve::{ImportPlan, Resolver, listed, new_name};
use crate::syntax::quote;
use crate::syntax::tree::{Span, Word};
use unicode_normalization::char::is_combining_mark;

/// What one column of the file is read as. A column may be read as several things.
pub(super) struct Reading {
    /// Its position, from 0.
    pub column: usize,
    /// Its name in the file.
    pub header: String,
    /// As what.
    pub target: Target,
}

/// What a cell says.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// The name of the thing.
    Name,
    /// Its title.
    Title,
    /// A value of an attribute.
    Known(AttributeId),
    /// A value of an attribute to be declared.
    New(Name),
    /// Nothing: the column has no header and must be empty.
    Nothing,
}

/// What the plan maps, then what is called as an attribute is, then what is to be declared.
pub(super) fn readings<R: std::io::Read>(
    resolver: Resolver<'_>,
    kind: KindId,
    plan: &ImportPlan,
    rows: &Rows<R>,
) -> Result<Vec<Reading>> {
    let header = rows.header();
    let mut planner = Planner { resolver, kind, header, declare: plan.declare, readings: Vec::new() };
    for (attribute, column) in &plan.columns {
        planner.mapped(attribute, column)?;
    }
    let mapped: Vec<usize> = planner.readings.iter().map(|reading| reading.column).collect();
    for column in (0..header.names.len()).filter(|column| !mapped.contains(column)) {
        let target = planner.target_by_header(column)?;
        planner.assign(column, target)?;
    }
    if planner.readings.iter().all(|reading| reading.target != Target::Name) {
        return Err(planner.no_name());
    }
    Ok(planner.readings)
}

struct Planner<'a> {
    resolver: Resolver<'a>,
    kind: KindId,
    header: &'a Header,
    declare: bool,
    readings: Vec<Reading>,
}

impl Planner<'_> {
    /// `permanent_workers from employees`
    fn mapped(&mut self, attribute: &Name, column: &str) -> Result<()> {
        let names = &self.header.names;
        let by_name = |wanted: &dyn Fn(&str) -> bool| names.iter().position(|name| wanted(name));
        let folded = fold(column);
        let found = by_name(&|name| name == column).or_else(|| by_name(&|name| fold(name) == folded));
        let Some(found) = found else { return Err(self.no_column(column)) };
        let target = match known_target(self.resolver.vocabulary, self.kind, attribute.as_str()) {
            Some(target) => target,
            None => Target::New(attribute.clone()),
        };
        self.assign(found, target)
    }

    fn target_by_header(&self, column: usize) -> Result<Target> {
        let header = self.header.names[column].as_str();
        if fold(header).is_empty() {
            return Ok(Target::Nothing);
        }
        let vocabulary = self.resolver.vocabulary;
        if let Some(target) = known_target(vocabulary, self.kind, header) {
            return Ok(target);
        }
        let word = Word { text: header.to_string(), quoted: true, span: Span::new(0, header.len()) };
        if vocabulary.step(self.kind, header).is_some() {
            // An inverse: it is read and never stated, and the resolver says so.
            let stated = self.resolver.attribute(self.kind, &word).map(Target::Known);
            return stated.map_err(|error| self.header.refuse(error, column));
        }
        if self.declare { self.new_attribute(column) } else { Err(self.no_attribute(column, &word)) }
    }

    /// The attribute that a column declares: its header, made one word of the language.
    fn new_attribute(&self, column: usize) -> Result<Target> {
        let header = &self.header.names[column];
        let name = one_word(header);
        let word = Word { text: name.clone(), quoted: false, span: Span::new(0, header.len()) };
        if word.to_string() != name {
            let error = Error::meaning(format!("`{header}` cannot be the name of an attribute"));
            return Err(self.header.refuse(self.with_mapping(error, column), column));
        }
        let name = new_name(&word).map_err(|error| self.header.refuse(error, column))?;
        // `Export share (%)` may be an attribute that is there, once it is one word.
        let known = known_target(self.resolver.vocabulary, self.kind, name.as_str());
        Ok(known.unwrap_or(Target::New(name)))
    }

    fn assign(&mut self, column: usize, target: Target) -> Result<()> {
        let header = self.header.names[column].clone();
        let taken = self.readings.iter().find(|reading| reading.target == target);
        match taken.filter(|_| target != Target::Nothing) {
            Some(other) => {
                let what = self.words(&target);
                let error = Error::meaning(format!("`{what}` is read from two columns"))
                    .note(format!("it is already read from the column `{}`", other.header));
                Err(self.header.refuse(self.with_mapping(error, column), column))
            }
            None => {
                self.readings.push(Reading { column, header, target });
                Ok(())
            }
        }
    }

    fn words(&self, target: &Target) -> Name {
        match target {
            Target::Name => Name::new("name"),
            Target::Title => Name::new("title"),
            Target::Known(attribute) => self.resolver.vocabulary.attribute(*attribute).name.clone(),
            Target::New(name) => name.clone(),
            Target::Nothing => Name::new(""),
        }
    }

    // ---- refusals -------------------------------------------------------------------------------

    fn with_mapping(&self, error: Error, column: usize) -> Error {
        let header = quote(&self.header.names[column]);
        error.note(format!("`ATTRIBUTE from {header}` in the statement says what the column is"))
    }

    fn no_attribute(&self, column: usize, word: &Word) -> Error {
        let error = self.resolver.no_attribute(self.kind, word, &[]);
        let error = self.with_mapping(error, column);
        let error =
            error.note("`declare` at the end of the statement adds the attributes that are not known");
        self.header.refuse(error, column)
    }

    fn no_column(&self, column: &str) -> Error {
        let names = self.header.column_names();
        let word = Word { text: column.to_string(), quoted: true, span: Span::new(0, column.len()) };
        let error = Error::unknown(format!("{} has no column `{column}`", self.header.origin));
        let error = self.resolver.mend(error, &word, &names);
        error.note(format!("its columns are {}", listed(&names, "and")))
    }

    fn no_name(&self) -> Error {
        let Header { origin, names, .. } = self.header;
        let kind = self.resolver.kind_name(self.kind);
        let error = Error::meaning(format!("{origin} has no column `name`, by which a {kind} is known"))
            .note(format!("its columns are {}", listed(&self.header.column_names(), "and")));
        match names.as_slice() {
            names if names.iter().any(|name| name.contains('\r')) => {
                error.note("its lines end in carriage returns alone; save it with line feeds")
            }
            [only] if only.contains([';', '\t']) => error.note("cells are separated by commas"),
            [first, ..] => {
                error.note(format!("`name from {}` in the statement says which it is", quote(first)))
            }
            [] => error,
        }
    }
}

/// What a column is that is called as an attribute is.
fn known_target(vocabulary: &Vocabulary, kind: KindId, name: &str) -> Option<Target> {
    let step = vocabulary.step(kind, name).filter(|step| !step.inverse)?;
    Some(match step.attribute {
        AttributeId::NAME => Target::Name,
        AttributeId::TITLE => Target::Title,
        attribute => Target::Known(attribute),
    })
}

/// `Export share (%)` as `Export_share`.
fn one_word(header: &str) -> String {
    let mut word = String::with_capacity(header.len());
    for character in header.chars() {
        if character.is_alphanumeric() || is_combining_mark(character) {
            word.push(character);
        } else if !word.ends_with('_') {
            word.push('_');
        }
    }
    word.trim_matches('_').to_string()
}

impl Header {
    fn column_names(&self) -> Vec<Name> {
        self.names.iter().filter(|name| !name.is_empty()).map(|name| Name::new(name)).collect()
    }
}
