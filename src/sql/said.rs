//! What is said of an attribute, by claims and by patterns, as common table expressions that a query begins with.
//!
//! An attribute that no pattern concludes has one, the claims that the question sees by their time. Of one that
//! patterns conclude there are three: what is claimed, what is concluded, and both.

use super::Query;
use super::compare::Sort;
use super::not_yet;
use super::pattern::reads;
use super::schema::{ALWAYS, attribute_name};
use super::side::{COLUMNS, quoted, text};
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::{AttributeId, TimeScope};
use std::collections::BTreeSet;

/// What a question is translated with: where it asks, and what it has read so far.
pub struct Translator<'a> {
    pub(super) snapshot: &'a Snapshot,
    scope: &'a TimeScope,
    aliases: u32,
    read: BTreeSet<AttributeId>,
}

/// What has been defined.
#[derive(Default)]
struct Defined {
    attributes: BTreeSet<AttributeId>,
    /// Those whose definition waits for that of another.
    underway: Vec<AttributeId>,
    tables: Vec<String>,
}

/// The parts of what is said of an attribute that patterns conclude.
pub struct Tables {
    pub claims: String,
    pub conclusions: String,
}

impl Tables {
    fn of(name: &str) -> Tables {
        Tables {
            claims: quoted(&format!("{name} claimed")),
            conclusions: quoted(&format!("{name} concluded")),
        }
    }
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
    pub fn with_definitions(mut self, query: Query) -> Result<String> {
        let mut defined = Defined::default();
        for attribute in self.read.clone() {
            self.define(attribute, &mut defined)?;
        }
        defined.tables.extend(query.tables);
        if defined.tables.is_empty() {
            return Ok(query.select);
        }
        Ok(format!("WITH RECURSIVE\n{}\n{}", defined.tables.join(",\n"), query.select))
    }

    /// Defines what is said of an attribute, after all that this rests on.
    fn define(&mut self, attribute: AttributeId, defined: &mut Defined) -> Result<()> {
        if !defined.attributes.insert(attribute) {
            return Ok(());
        }
        let (name, claimed) = (self.name(attribute), self.claimed(attribute));
        let patterns = self.concluding(attribute);
        if patterns.is_empty() {
            // Where it is used, the index of the claims finds the row.
            defined.tables.push(format!("{} AS NOT MATERIALIZED ({claimed})", quoted(&name)));
            return Ok(());
        }
        defined.underway.push(attribute);
        for read in patterns.iter().flat_map(|pattern| reads(pattern)).filter(|read| *read != attribute) {
            if defined.underway.contains(&read) {
                return Err(not_yet("a pattern that recurs through several attributes"));
            }
            self.define(read, defined)?;
        }
        defined.underway.pop();
        let tables = Tables::of(&name);
        let concluded = self.concluded(attribute, &patterns, &tables)?;
        let columns = format!("thing, denied, {}", COLUMNS.join(", "));
        let ((first, last), Tables { claims, conclusions }) = (ALWAYS, tables);
        defined.tables.extend([
            format!("{claims} AS NOT MATERIALIZED ({claimed})"),
            format!("{conclusions} ({columns}) AS MATERIALIZED ({concluded})"),
            format!(
                "{} AS MATERIALIZED (SELECT * FROM {claims} UNION ALL SELECT {columns}, {first}, {last} FROM {conclusions})",
                quoted(&name)
            ),
        ]);
        Ok(())
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
