//! What is said of an attribute, as common table expressions that a query begins with.
//!
//! Each attribute that is read has one: the claims that the question sees by their time.

use super::Query;
use super::compare::Sort;
use super::not_yet;
use super::schema::{ALWAYS, attribute_name};
use super::side::{COLUMNS, quoted, text};
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::{AttributeId, Pattern, TimeScope};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a question is translated with: where it asks, and what it has read so far.
pub struct Translator<'a> {
    pub(super) snapshot: &'a Snapshot,
    scope: &'a TimeScope,
    aliases: u32,
    read: BTreeSet<AttributeId>,
}

impl<'a> Translator<'a> {
    pub fn new(snapshot: &'a Snapshot, scope: &'a TimeScope) -> Self {
        Translator { snapshot, scope, aliases: 0, read: BTreeSet::new() }
    }

    /// A name for a row that no other has.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("s{}", self.aliases)
    }

    /// What is said of an attribute, as a table: `thing`, `denied`, the columns of a value, `first_day`, `last_day`.
    ///
    /// # Errors
    /// If the attribute is one of the catalogue's.
    pub fn cells(&mut self, attribute: AttributeId) -> Result<String> {
        if self.snapshot.vocabulary().attribute(attribute).kind.is_some_and(|kind| kind.is_catalogue()) {
            return Err(not_yet("a question about the store itself"));
        }
        let concludes =
            |pattern: &Arc<Pattern>| pattern.conclusions().any(|(it, _)| it.attribute == attribute);
        if self.snapshot.patterns().any(concludes) {
            return Err(not_yet("what patterns conclude"));
        }
        self.read.insert(attribute);
        Ok(quoted(&self.name(attribute)))
    }

    /// How the values of an attribute compare.
    pub fn sort(&self, attribute: AttributeId) -> Sort {
        Sort::of_type(&self.snapshot.vocabulary().attribute(attribute).value_type)
    }

    /// Whether a thing may have several of them.
    pub fn takes_many(&self, attribute: AttributeId) -> bool {
        self.snapshot.vocabulary().attribute(attribute).many
    }

    fn name(&self, attribute: AttributeId) -> String {
        attribute_name(self.snapshot.vocabulary(), attribute)
    }

    /// The query, behind the definitions of all that it reads.
    pub fn with_definitions(self, query: Query) -> Result<String> {
        let mut definitions = Vec::new();
        for attribute in &self.read {
            let (name, claimed) = (quoted(&self.name(*attribute)), self.claimed(*attribute));
            definitions.push(format!("{name} AS NOT MATERIALIZED ({claimed})"));
        }
        definitions.extend(query.tables);
        if definitions.is_empty() {
            return Ok(query.select);
        }
        Ok(format!("WITH RECURSIVE\n{}\n{}", definitions.join(",\n"), query.select))
    }

    /// The claims that the question sees.
    fn claimed(&self, attribute: AttributeId) -> String {
        let (first, last) = ALWAYS;
        let of_thing = |value: &str, words: &str| {
            format!(
                "SELECT id AS thing, 0 AS denied, {value} AS value, {words} AS words, NULL AS target, NULL AS low, \
                 NULL AS low_open, NULL AS high, NULL AS high_open, {first} AS first_day, {last} AS last_day \
                 FROM thing WHERE {words} IS NOT NULL"
            )
        };
        match attribute {
            AttributeId::NAME => of_thing("folded", "name"),
            AttributeId::TITLE => of_thing("folded_title", "title"),
            _ => format!(
                "SELECT thing, denied, {}, first_day, last_day FROM claim WHERE attribute = {}{}",
                COLUMNS.join(", "),
                text(&self.name(attribute)),
                self.seen()
            ),
        }
    }

    fn seen(&self) -> String {
        match self.scope {
            TimeScope::Standing => " AND ended = 0".to_string(),
            TimeScope::During(period) => {
                format!(" AND first_day <= {} AND last_day >= {}", period.last, period.first)
            }
            TimeScope::Ever => String::new(),
        }
    }
}
