//! A path or an expression alone as a question.

use super::eval::start;
use super::scene::Scene;
use super::truth::{Said, Statement};
use crate::answer::{Answer, Cell, Datum, Marks, Shown, Standing, Unsaid};
use crate::error::Result;
use crate::model::{AttributeId, Claim, Expression, Name, Step, ThingId, Value};

/// Value, standing, when, note, sources and marks: a row for each claim about the cell at the end of a single step,
/// and for what patterns conclude of it; otherwise one for each value that the path or expression comes to.
pub fn answer(scene: &Scene, expression: &Expression, text: &str) -> Result<Answer> {
    let columns = ["value", "standing", "when", "note", "sources", "marks"];
    if let Expression::Path(path) = expression
        && let (Some(thing), [Step { attribute, inverse: false }]) = (start(path, &[]), &path.steps[..])
    {
        return cell_answer(scene, thing, *attribute, text, Answer::new(columns));
    }
    let mut rows = Vec::new();
    for graded in scene.graded(expression, &[], true)? {
        let mut shown = scene.shown_graded(graded);
        let sources = Cell::list(std::mem::take(&mut shown.sources).into_iter().map(Datum::Source));
        let standing = std::mem::take(&mut shown.standing);
        let marks = marked(std::mem::take(&mut shown.marks));
        let value = Cell { values: [shown].into(), ..Cell::default() };
        rows.push(vec![value, Cell::text(standing.name()), Cell::default(), Cell::default(), sources, marks]);
    }
    let mut answer = Answer::new(columns).with_rows(rows);
    if answer.is_empty() {
        answer.note(match expression {
            Expression::Path(_) => format!("nothing is known of {text}"),
            _ => format!("`{text}` comes to nothing: an operand is unknown, or a divisor may be zero"),
        });
    }
    Ok(answer)
}

fn cell_answer(
    scene: &Scene,
    thing: ThingId,
    attribute: AttributeId,
    text: &str,
    answer: Answer,
) -> Result<Answer> {
    let rows = cell_rows(scene, thing, attribute)?.into_iter().map(|row| {
        let StatementRow { value, standing, marks, when, note, sources } = row;
        vec![value, standing, when, note, sources, marked(marks)]
    });
    let mut answer = answer.with_rows(rows);
    if answer.is_empty() {
        let unseen = scene.snapshot.claims(thing, attribute).len();
        answer.note(match unseen {
            0 => format!("nothing is known of {text}"),
            1 => format!("nothing is seen of {text}: one claim is of another time, `ever` shows it"),
            _ => format!("nothing is seen of {text}: {unseen} claims are of another time, `ever` shows them"),
        });
    }
    Ok(answer)
}

/// Marks as a cell: `hedged`, `concluded`, ...
pub fn marked(marks: Marks) -> Cell {
    Cell::list(marks.words().into_iter().map(|word| Datum::Text(word.to_string())))
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

/// A row for each claim about a cell, value by value, those for it before those that deny it; for what only
/// patterns conclude; and for each source that was read and does not say.
pub fn cell_rows(scene: &Scene, thing: ThingId, attribute: AttributeId) -> Result<Vec<StatementRow>> {
    let said = scene.said(thing, attribute)?;
    let mut rows = Vec::new();
    let mut statements = said.statements();
    // Things in order of name, whatever the order in which the store met them.
    statements.sort_by_cached_key(|statement| match statement.value {
        Value::Thing(thing) => Some(Name::new(&scene.snapshot.things().name(*thing))),
        _ => None,
    });
    for statement in statements {
        for denied in [false, true] {
            rows.extend(claim_rows(scene, attribute, &said, &statement, denied));
            if said.concludes(statement.value, denied) && !said.claims_that(statement.value, denied) {
                rows.push(concluded_row(scene, thing, attribute, &statement, denied)?);
            }
        }
    }
    rows.extend(said.silent().map(|claim| StatementRow {
        value: Cell {
            unsaid: vec![Unsaid { note: "unknown".to_string(), sources: Vec::new() }],
            ..Cell::default()
        },
        standing: Cell::text("unknown"),
        marks: Marks { hedged: claim.evidence.hedged, ..Marks::default() },
        when: when(claim),
        note: note(claim),
        sources: Cell::list(scene.sources_of([claim]).into_iter().map(Datum::Source)),
    }));
    Ok(rows)
}

/// The claims that state this very value, for it or against it.
fn claim_rows(
    scene: &Scene,
    attribute: AttributeId,
    said: &Said,
    statement: &Statement,
    denied: bool,
) -> Vec<StatementRow> {
    let states = |claim: &&Claim| claim.denied == denied && claim.value.as_ref() == Some(statement.value);
    let row = |claim: &Claim| StatementRow {
        value: sided(scene, attribute, statement, denied),
        standing: Cell::text(statement.standing.name()),
        marks: Marks { hedged: claim.evidence.hedged, ..Marks::default() },
        when: when(claim),
        note: note(claim),
        sources: Cell::list(scene.sources_of([claim]).into_iter().map(Datum::Source)),
    };
    said.claims().filter(states).map(row).collect()
}

fn concluded_row(
    scene: &Scene,
    thing: ThingId,
    attribute: AttributeId,
    statement: &Statement,
    denied: bool,
) -> Result<StatementRow> {
    let sources = scene.concluded_sources(thing, attribute, statement.value, denied)?;
    Ok(StatementRow {
        value: sided(scene, attribute, statement, denied),
        standing: Cell::text(statement.standing.name()),
        marks: scene.marks(thing, attribute, statement.value, denied)?,
        when: Cell::default(),
        note: Cell::default(),
        sources: Cell::list(sources.into_iter().map(Datum::Source)),
    })
}

/// The value, or that it is not this value.
fn sided(scene: &Scene, attribute: AttributeId, statement: &Statement, denied: bool) -> Cell {
    let standing = if denied { Standing::Denied } else { Standing::Supported };
    let shown = Shown { standing, ..Shown::plain(scene.datum(attribute, statement.value)) };
    Cell { values: [shown].into(), ..Cell::default() }
}

fn when(claim: &Claim) -> Cell {
    let words = claim.evidence.when.words();
    if words.is_empty() { Cell::default() } else { Cell::text(words) }
}

fn note(claim: &Claim) -> Cell {
    claim.note.as_ref().map_or_else(Cell::default, |note| Cell::text(note.to_string()))
}
