//! From statements to the cells of an answer.

use super::eval::Typed;
use super::graded::in_days;
use super::scene::Scene;
use super::truth::{Said, Statement};
use crate::answer::{Cell, Datum, Marks, Shown, Source, Standing, Unsaid};
use crate::error::Result;
use crate::model::{AttributeId, Citation, Claim, ThingId, Type, Value};

impl Scene<'_> {
    /// What is said of a thing on an attribute, as a cell: the supported values, contested ones among
    /// them, or the note of a source that was read and does not say.
    pub fn cell(&self, thing: ThingId, attribute: AttributeId, with_sources: bool) -> Result<Cell> {
        let things = self.snapshot.things();
        match attribute {
            AttributeId::NAME => return Ok(Cell::name(things.name(thing))),
            AttributeId::TITLE => return Ok(things.title(thing).map_or_else(Cell::default, Cell::text)),
            _ => {}
        }
        let said = self.said(thing, attribute)?;
        let mut values = Vec::new();
        // Not what is only denied, though a value that lies within it may support it: nobody says it.
        for value in said.supported() {
            values.push(self.shown(thing, attribute, &said.statement(value), false, with_sources)?);
        }
        if values.is_empty() {
            // Where nothing is supported, it shows what is not so.
            for statement in said.statements() {
                if statement.standing == Standing::Denied {
                    values.push(self.shown(thing, attribute, &statement, true, with_sources)?);
                }
            }
        }
        let unsaid = if values.is_empty() { self.unsaid(&said) } else { Vec::new() };
        Ok(Cell { values, list: said.is_many(), unsaid })
    }

    fn shown(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        statement: &Statement,
        denied: bool,
        with_sources: bool,
    ) -> Result<Shown> {
        Ok(Shown {
            datum: self.datum(attribute, statement.value),
            standing: statement.standing,
            marks: match denied {
                true => self.marks(thing, attribute, statement.value, true)?,
                false => self.marks_of(thing, attribute, statement)?,
            },
            sources: match with_sources {
                true => self.sources_for(thing, attribute, statement, denied)?,
                false => Vec::new(),
            },
        })
    }

    /// Who says a statement, or denies it: the claims, or where there are none what the proofs cite.
    pub fn sources_for(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        statement: &Statement,
        denied: bool,
    ) -> Result<Vec<Source>> {
        let claims = if denied { &statement.denying } else { &statement.supporting };
        match claims.is_empty() {
            true => self.concluded_sources(thing, attribute, statement.value, denied),
            false => Ok(self.sources_of(claims.iter().copied())),
        }
    }

    /// The marks of a statement; without conclusions its claims alone decide.
    pub fn marks_of(&self, thing: ThingId, attribute: AttributeId, statement: &Statement) -> Result<Marks> {
        if statement.concluded {
            return self.marks(thing, attribute, statement.value, false);
        }
        let hedged = |claim: &&Claim| claim.evidence.hedged;
        let claims = &statement.supporting;
        Ok(Marks { hedged: !claims.is_empty() && claims.iter().all(hedged), ..Marks::default() })
    }

    /// What the proofs of a conclusion cite.
    pub fn concluded_sources(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        value: &Value,
        denied: bool,
    ) -> Result<Vec<Source>> {
        let fact = super::derived::Fact::new(thing, attribute, value.clone(), denied);
        let mut sources: Vec<Source> =
            self.citations_of(&fact)?.iter().map(|citation| self.source(citation)).collect();
        sources.sort();
        Ok(sources)
    }

    /// The sources that were read and do not say.
    pub fn unsaid(&self, said: &Said) -> Vec<Unsaid> {
        let unsaid = |claim: &Claim| Unsaid {
            note: claim.note.as_deref().unwrap_or("unknown").to_string(),
            sources: self.sources_of([claim]),
        };
        said.silent().map(unsaid).collect()
    }

    /// The citations of some claims, each once, in order of appearance.
    pub fn sources_of<'c>(&self, claims: impl IntoIterator<Item = &'c Claim>) -> Vec<Source> {
        let mut sources = Vec::new();
        for claim in claims {
            for citation in &claim.evidence.citations {
                let source = self.source(citation);
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        sources
    }

    /// A citation as shown.
    pub fn source(&self, citation: &Citation) -> Source {
        let key = |thing: ThingId| self.snapshot.things().name(thing).to_string();
        Source {
            key: key(citation.source),
            via: citation.via.map(key),
            locator: citation.locator.as_ref().map(|locator| locator.to_string()),
        }
    }

    /// A value as shown.
    pub fn datum(&self, attribute: AttributeId, value: &Value) -> Datum {
        let is_date = self.vocabulary().attribute(attribute).value_type == Type::Date;
        match value {
            Value::Number(number) if is_date => Datum::Text(in_days(number.clone()).to_string()),
            Value::Number(number) => Datum::Number(number.clone()),
            Value::YesNo(yes) => Datum::YesNo(*yes),
            Value::Choice(_) | Value::Thing(_) => Datum::Name(self.show(attribute, value)),
            Value::Text(text) if attribute == AttributeId::NAME => Datum::Name(text.to_string()),
            Value::Text(text) => Datum::Text(text.to_string()),
        }
    }

    /// A value that may have been computed, as shown.
    pub fn typed_datum(&self, (value, attribute): &Typed) -> Datum {
        self.datum(attribute.unwrap_or(AttributeId::TITLE), value)
    }
}

/// Names from several things, which come in the order in which the store met them, in their own order: a store
/// that was exported and loaded has met them otherwise.
pub fn sort_names(values: &mut [Shown]) {
    if values.iter().all(|shown| matches!(shown.datum, Datum::Name(_))) {
        values.sort_by_cached_key(|shown| shown.datum.to_string());
    }
}
