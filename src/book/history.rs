//! What the log tells: earlier commits, and what happened to claims.

use crate::answer::{Answer, Cell, Source};
use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::change::{
    BatchColumn, Commit, Operation, StatedCitation, StatedEvidence, StatedValue, Statement, ThingName,
};
use crate::model::{AttributeId, Name, ThingId};
use crate::resolve::{Parameters, Resolver};
use crate::syntax::tree::{AsOf, Quantity};

/// The number of the commit that `as of` names.
///
/// # Errors
/// If there is no such commit yet.
pub fn commit_meant(snapshot: &Snapshot, as_of: &AsOf) -> Result<u32> {
    match as_of {
        AsOf::Commit(number, span) => {
            let last = snapshot.commit();
            let known = u32::try_from(*number).ok().filter(|number| *number <= last);
            known.ok_or_else(|| {
                Error::unknown(format!("there is no commit {number} yet"))
                    .at(*span)
                    .label(format!("the last is {last}"))
            })
        }
        AsOf::Day(day) => commit_of_day(snapshot, day),
    }
}

/// The last commit of a day, by the clocks of those who committed.
fn commit_of_day(snapshot: &Snapshot, day: &Quantity) -> Result<u32> {
    let parameters = Parameters::new();
    let last_day =
        Resolver { vocabulary: snapshot.vocabulary(), directory: snapshot, parameters: &parameters }
            .period(day)?
            .last;
    let before_end = |time: i64| time < (i64::from(last_day) + 1) * 86_400;
    let known = snapshot.commits().filter(|commit| before_end(commit.time)).map(|commit| commit.number);
    Ok(known.max().unwrap_or(0))
}

/// What happened to the claims about a thing, or about one of its attributes: a row for each change.
pub fn answer(
    snapshot: &Snapshot,
    log: &[Commit],
    thing: ThingId,
    attribute: Option<AttributeId>,
) -> Result<Answer> {
    let thing = snapshot.thing_name(thing);
    let attribute = attribute.map(|id| snapshot.vocabulary().attribute(id).name.clone());
    let mut rows = Vec::new();
    let mut origins = Origins::default();
    for commit in log.iter().filter(|commit| commit.number <= snapshot.commit()) {
        for operation in &commit.operations {
            for (change, statement) in changes(operation, &thing, attribute.as_ref()) {
                let change = if origins.replaces(snapshot, operation) { "replaced by" } else { change };
                let time = jiff::Timestamp::from_second(commit.time).map(|time| time.to_string());
                rows.push(vec![
                    Cell::count(commit.number.into()),
                    Cell::text(time.unwrap_or_default()),
                    Cell::text(commit.author.to_string()),
                    Cell::text(change),
                    Cell::text(statement),
                ]);
            }
        }
    }
    let mut answer = Answer::new(["commit", "time", "author", "change", "statement"]).with_rows(rows);
    if answer.is_empty() {
        answer.note(format!("nothing was ever claimed of {}", thing.name));
    }
    Ok(answer)
}

/// Which claims stand on one-valued attributes, by what makes a later claim take their place.
#[derive(Default)]
struct Origins(Vec<Statement>);

impl Origins {
    /// Whether an operation is a claim that takes the place of an earlier one; remembers it.
    fn replaces(&mut self, snapshot: &Snapshot, operation: &Operation) -> bool {
        let Operation::Assert(statement) = operation else {
            // What was taken back is not replaced by what comes later.
            self.0.clear();
            return false;
        };
        let vocabulary = snapshot.vocabulary();
        let kind = vocabulary.find_kind(statement.subject.kind.as_str());
        let step = kind.and_then(|kind| vocabulary.step(kind, statement.attribute.as_str()));
        if step.is_none_or(|step| vocabulary.attribute(step.attribute).many) {
            return false;
        }
        let same_place = |earlier: &Statement| {
            earlier.attribute == statement.attribute
                && earlier.denied == statement.denied
                && earlier.evidence.citations == statement.evidence.citations
                && earlier.evidence.when == statement.evidence.when
        };
        let replaces = self.0.iter().any(same_place);
        self.0.retain(|earlier| !same_place(earlier));
        self.0.push(statement.clone());
        replaces
    }
}

/// What an operation does to the claims in question, and the claim in words.
fn changes(operation: &Operation, thing: &ThingName, wanted: Option<&Name>) -> Vec<(&'static str, String)> {
    let asked = |subject: &ThingName, attribute: Option<&Name>| {
        let on = match (wanted, attribute) {
            (Some(wanted), Some(attribute)) => wanted == attribute,
            _ => true,
        };
        subject == thing && on
    };
    match operation {
        Operation::Assert(statement) if asked(&statement.subject, Some(&statement.attribute)) => {
            let change = if statement.denied { "denied" } else { "asserted" };
            let evidence = told(&statement.evidence, statement.note.as_deref());
            vec![(change, line(&statement.attribute, statement.denied, statement.value.as_ref(), &evidence))]
        }
        Operation::Retract(retraction) if asked(&retraction.subject, retraction.attribute.as_ref()) => {
            let evidence = told(&retraction.evidence, None);
            let text = match (&retraction.attribute, &retraction.statement) {
                (None, _) => format!("every claim{evidence}"),
                (Some(attribute), None) => format!("{attribute}{evidence}"),
                (Some(attribute), Some((denied, value))) => {
                    line(attribute, *denied, value.as_ref(), &evidence)
                }
            };
            vec![("taken back", text)]
        }
        Operation::Import(batch) if batch.kind == thing.kind => {
            let Some(row) = batch.names.iter().position(|name| Name::new(name) == thing.name) else {
                return Vec::new();
            };
            let columns =
                batch.columns.iter().filter(|column| wanted.is_none_or(|wanted| *wanted == column.attribute));
            let evidence = told(&batch.evidence, None);
            let claims = |column: &BatchColumn| {
                let codes = column.codes[column.places(row)].to_vec();
                let values = codes
                    .into_iter()
                    .filter_map(|code| column.dictionary.get((code as usize).checked_sub(1)?));
                let lines = values.map(|value| line(&column.attribute, false, Some(&value), &evidence));
                lines.map(|line| ("imported", line)).collect::<Vec<_>>()
            };
            columns.flat_map(claims).collect()
        }
        _ => Vec::new(),
    }
}

fn line(attribute: &Name, denied: bool, value: Option<&StatedValue>, evidence: &str) -> String {
    let sign = if denied { "!=" } else { "=" };
    match value {
        None => format!("{attribute}: unknown{evidence}"),
        Some(value) => format!("{attribute} {sign} {}{evidence}", in_words(value)),
    }
}

fn in_words(value: &StatedValue) -> String {
    match value {
        StatedValue::Number(number) => number.to_string(),
        StatedValue::YesNo(true) => "yes".to_string(),
        StatedValue::YesNo(false) => "no".to_string(),
        StatedValue::Choice(name) => name.to_string(),
        StatedValue::Thing(thing) => thing.name.to_string(),
        StatedValue::Text(text) => text.to_string(),
    }
}

/// Citations, qualifiers and note, as they would be typed.
fn told(evidence: &StatedEvidence, note: Option<&str>) -> String {
    let source = |citation: &StatedCitation| Source {
        key: citation.source.to_string(),
        via: citation.via.as_ref().map(|via| via.to_string()),
        locator: citation.locator.as_ref().map(|locator| locator.to_string()),
    };
    let sources: Vec<String> =
        evidence.citations.iter().map(|citation| source(citation).to_string()).collect();
    let hedged = evidence.hedged.then(|| "hedged".to_string());
    let qualifiers: Vec<String> =
        hedged.into_iter().chain([evidence.when.words()]).filter(|words| !words.is_empty()).collect();
    let mut words = note.map(|note| format!(" \"{note}\"")).unwrap_or_default();
    if !sources.is_empty() {
        words += &format!(" [{}]", sources.join("; "));
    }
    if !qualifiers.is_empty() {
        words += &format!(" ({})", qualifiers.join(", "));
    }
    words
}
