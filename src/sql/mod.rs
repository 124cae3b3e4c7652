//! The store as tables, and questions as SQL: for engines that hold more than one machine does, and for a check of
//! this one by another that shares no code with it.
//!
//! [`tables`] gives the statements that make two tables and fill them (`schema` says what stands in them), and
//! [`question`] a query on them. What speaks for a condition and what against it are two predicates here, as they
//! are two bits in the engine (`condition`); what is said of an attribute stands before the
//! query as common table expressions, each after those that its patterns read (`said`, `pattern`).
//!
//! The SQL is that of the standard where there is one to follow. What lies outside the subset, which `docs/sql.md`
//! draws, is refused with "not yet" and never translated by halves.

mod aggregate;
mod compare;
mod condition;
mod list;
mod pattern;
mod said;
mod schema;
mod side;
mod values;

use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::Question;
use crate::model::question::{Body, Select};
use said::Translator;

/// The statements that make the tables of a snapshot and fill them.
pub fn tables(snapshot: &Snapshot) -> String {
    schema::tables(snapshot)
}

/// A question as a query on these tables. Its columns are those of the answer, the values of a cell in order and
/// joined by `; `, a denied one as `!= value`; what is summed, averaged, least or greatest has four, its two ends and
/// whether each is left out.
///
/// # Errors
/// If it is outside the subset.
pub fn question(snapshot: &Snapshot, question: &Question) -> Result<String> {
    let Body::Select(select) = &question.body else {
        return Err(not_yet("a question of this form"));
    };
    refuse_clauses(select)?;
    let mut translator = Translator::new(snapshot, &question.scope);
    let query = match &select.aggregate {
        Some(aggregate) => translator.aggregate(select, aggregate)?,
        None => translator.list(select)?,
    };
    translator.with_definitions(query)
}

/// A query, and the tables that it defines for itself.
struct Query {
    tables: Vec<String>,
    select: String,
}

fn refuse_clauses(select: &Select) -> Result<()> {
    let outside = [
        (select.about.is_some(), "`about`"),
        (select.description.is_some(), "a description"),
        (select.beside.sources || select.beside.marks, "`with`"),
        (select.limit.as_ref().is_some_and(|limit| limit.per.is_some()), "`limit ... per`"),
        (select.kind.is_catalogue(), "a question about the store itself"),
    ];
    match outside.iter().find(|(is_there, _)| *is_there) {
        Some((_, form)) => Err(not_yet(form)),
        None => Ok(()),
    }
}

/// The error for what is outside the subset.
fn not_yet(form: &str) -> Error {
    Error::not_yet(format!("{form} in SQL"))
}
