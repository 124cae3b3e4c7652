//! A path or an expression alone as a question.

use super::eval::start;
use super::scene::Scene;
use super::truth::{Said, Statement};
use crate::answer::{Answer, Cell, Datum, Marks, Source};
use crate::error::Result;
use crate::model::{AttributeId, Claim, Expression, Path, ThingId};

/// Value, standing, when, note and sources: a row for each statement at the end of a path, or one for
/// what an expression comes to.
pub fn answer(scene: &Scene, expression: &Expression, text: &str) -> Result<Answer> {
    let columns = ["value", "standing", "when", "note", "sources"];
    if let Expression::Path(path) = expression
        && let Some(rows) = statements(scene, path)?
    {
        let mut answer = Answer::new(columns).with_rows(rows);
        if answer.is_empty() {
            answer.note(format!("nothing is known of {text}"));
        }
        return Ok(answer);
    }
    let mut sources = Vec::new();
    let mut paths = Vec::new();
    expression.each_path(&mut |path, _| paths.push(path));
    for path in paths {
        sources.extend(path_sources(scene, path)?);
    }
    sources.dedup();
    let values = scene.values(expression, &[])?;
    let rows = values.iter().map(|typed| {
        let sources = Cell::list(sources.iter().cloned().map(Datum::Source));
        let supported = Cell::text("supported");
        vec![Cell::one(scene.typed_datum(typed)), supported, Cell::default(), Cell::default(), sources]
    });
    let mut answer = Answer::new(columns).with_rows(rows);
    if answer.is_empty() {
        answer.note(format!("`{text}` comes to nothing: an operand is unknown, or a divisor may be zero"));
    }
    Ok(answer)
}

/// A row for each statement about the cells at the end of a path; `None` where no cells stand there.
fn statements(scene: &Scene, path: &Path) -> Result<Option<Vec<Vec<Cell>>>> {
    let Some((last, hops)) = path.steps.split_last().filter(|(last, _)| !last.inverse) else {
        return Ok(None);
    };
    let Some(from) = start(path, &[]) else { return Ok(None) };
    let mut rows = Vec::new();
    for thing in scene.walk(from, hops)? {
        rows.extend(cell_rows(scene, thing, last.attribute)?.into_iter().map(|row| {
            let StatementRow { mut value, standing, marks, when, note, sources } = row;
            value.values.iter_mut().for_each(|shown| shown.marks = marks);
            vec![value, standing, when, note, sources]
        }));
    }
    Ok(Some(rows))
}

/// What there is to say about one statement.
pub struct StatementRow {
    pub value: Cell,
    pub standing: Cell,
    pub marks: Marks,
    pub when: Cell,
    pub note: Cell,
    pub sources: Cell,
}

/// A row for each statement about a cell, and for each source that was read and does not say.
pub fn cell_rows(scene: &Scene, thing: ThingId, attribute: AttributeId) -> Result<Vec<StatementRow>> {
    let said = scene.said(thing, attribute);
    let mut rows = Vec::new();
    for statement in said.statements() {
        rows.push(statement_row(scene, thing, attribute, &said, &statement)?);
    }
    rows.extend(said.silent().map(|claim| StatementRow {
        value: Cell { note: Some("unknown".to_string()), ..Cell::default() },
        standing: Cell::text("unknown"),
        marks: Marks::default(),
        when: when(&[claim]),
        note: notes(&[claim]),
        sources: Cell::list(scene.sources_of([claim]).into_iter().map(Datum::Source)),
    }));
    Ok(rows)
}

fn statement_row(
    scene: &Scene,
    thing: ThingId,
    attribute: AttributeId,
    _said: &Said,
    statement: &Statement,
) -> Result<StatementRow> {
    // The claims that state this value, for or against; what is denied only by another value's support
    // has that value's row.
    let states = |claim: &&&Claim| claim.value.as_ref() == Some(statement.value);
    let mut claims: Vec<&Claim> = statement.supporting.clone();
    claims.extend(statement.denying.iter().filter(states));
    let mut sources = scene.sources_of(claims.iter().copied());
    let is_denied = statement.supporting.is_empty() && !statement.concluded;
    if claims.is_empty() {
        sources = scene.concluded_sources(thing, attribute, statement.value, is_denied)?;
    }
    let marks = match (is_denied, claims.is_empty()) {
        (true, true) => scene.marks(thing, attribute, statement.value)?,
        (true, false) => {
            Marks { hedged: claims.iter().all(|claim| claim.evidence.hedged), ..Marks::default() }
        }
        (false, _) => scene.marks_of(thing, attribute, statement)?,
    };
    Ok(StatementRow {
        value: Cell::one(scene.datum(attribute, statement.value)),
        standing: Cell::text(statement.standing.name()),
        marks,
        when: when(&claims),
        note: notes(&claims),
        sources: Cell::list(sources.into_iter().map(Datum::Source)),
    })
}

fn when(claims: &[&Claim]) -> Cell {
    joined(claims.iter().map(|claim| claim.evidence.when.words()))
}

fn notes(claims: &[&Claim]) -> Cell {
    joined(claims.iter().filter_map(|claim| claim.note.as_ref().map(|note| note.to_string())))
}

fn joined(texts: impl Iterator<Item = String>) -> Cell {
    let mut texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.dedup();
    if texts.is_empty() { Cell::default() } else { Cell::text(texts.join("; ")) }
}

fn path_sources(scene: &Scene, path: &Path) -> Result<Vec<Source>> {
    let Some((last, hops)) = path.steps.split_last().filter(|(last, _)| !last.inverse) else {
        return Ok(Vec::new());
    };
    let Some(from) = start(path, &[]) else { return Ok(Vec::new()) };
    let mut sources = Vec::new();
    for thing in scene.walk(from, hops)? {
        let said = scene.said(thing, last.attribute);
        sources.extend(scene.sources_of(said.claims().filter(|claim| !claim.denied)));
    }
    Ok(sources)
}
