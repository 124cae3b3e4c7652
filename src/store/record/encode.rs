//! From the model's types to records.

use super::block::{Bits, Block, from_codes, from_u32s};
use super::v1;
use crate::model::change::{
    AttributeDeclaration, Batch, BatchColumn, Commit, CommitLine, DeclaredType, Operation, PackedText,
    Retraction, StatedCitation, StatedEvidence, StatedValue, Statement, ThingName, Values,
};
use crate::model::{End, Name, Number, Period};
use std::borrow::Cow;

impl<'a> From<&'a Commit> for v1::Commit<'a> {
    fn from(commit: &'a Commit) -> Self {
        v1::Commit {
            number: commit.number,
            time: commit.time,
            author: &commit.author,
            seed: commit.seed.as_deref(),
            operations: commit.operations.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a CommitLine> for v1::CommitLine<'a> {
    fn from(line: &'a CommitLine) -> Self {
        v1::CommitLine {
            number: line.number,
            time: line.time,
            author: &line.author,
            seed: line.seed.as_deref(),
            operations: line.operations,
        }
    }
}

impl<'a> From<&'a Operation> for v1::Operation<'a> {
    fn from(operation: &'a Operation) -> Self {
        match operation {
            Operation::DeclareKind { name, plural, description } => v1::Operation::DeclareKind {
                name: name.as_str(),
                plural: plural.as_str(),
                description: description.as_deref(),
            },
            Operation::DeclareAttribute(declaration) if declaration.meanings.is_empty() => {
                v1::Operation::DeclareAttribute(declaration.into())
            }
            Operation::DeclareAttribute(declaration) => v1::Operation::DeclareMeanings {
                declaration: declaration.into(),
                meanings: declaration
                    .meanings
                    .iter()
                    .map(|(value, text)| v1::Meaning { value: value.as_str(), text })
                    .collect(),
            },
            Operation::DeclareAlias { known, alias } => {
                v1::Operation::DeclareAlias { known: known.as_str(), alias: alias.as_str() }
            }
            Operation::DeclareContext { kind, attribute, target } => v1::Operation::DeclareContext {
                kind: kind.as_str(),
                attribute: attribute.as_str(),
                target: target.as_str(),
            },
            Operation::AddThing { thing, title } => {
                v1::Operation::AddThing { thing: thing.into(), title: title.as_deref() }
            }
            Operation::Assert(statement) => v1::Operation::Assert(statement.into()),
            Operation::Retract(retraction) => v1::Operation::Retract(retraction.into()),
            Operation::DeclarePattern { name, statement } => {
                v1::Operation::DeclarePattern { name: name.as_str(), statement }
            }
            Operation::RetractPattern(name) => v1::Operation::RetractPattern(name.as_str()),
            Operation::Import(batch) => v1::Operation::ImportMany(batch.into()),
        }
    }
}

impl<'a> From<&'a ThingName> for v1::ThingName<'a> {
    fn from(thing: &'a ThingName) -> Self {
        v1::ThingName { kind: thing.kind.as_str(), name: thing.name.as_str() }
    }
}

impl<'a> From<&'a AttributeDeclaration> for v1::AttributeDeclaration<'a> {
    fn from(declaration: &'a AttributeDeclaration) -> Self {
        v1::AttributeDeclaration {
            kind: declaration.kind.as_str(),
            name: declaration.name.as_str(),
            value_type: (&declaration.value_type).into(),
            many: declaration.many,
            heading: declaration.heading.as_ref().map(Name::as_str),
            inverse: declaration.inverse.as_ref().map(Name::as_str),
            description: declaration.description.as_deref(),
        }
    }
}

impl<'a> From<&'a DeclaredType> for v1::DeclaredType<'a> {
    fn from(declared: &'a DeclaredType) -> Self {
        let names = |names: &'a [Name]| names.iter().map(Name::as_str).collect();
        match declared {
            DeclaredType::Text => v1::DeclaredType::Text,
            DeclaredType::Number(unit) => v1::DeclaredType::Number(unit.as_deref()),
            DeclaredType::Percent => v1::DeclaredType::Percent,
            DeclaredType::Year => v1::DeclaredType::Year,
            DeclaredType::Date => v1::DeclaredType::Date,
            DeclaredType::YesNo => v1::DeclaredType::YesNo,
            DeclaredType::OneOf(choices) => v1::DeclaredType::OneOf(names(choices)),
            DeclaredType::Scale(steps) => v1::DeclaredType::Scale(names(steps)),
            DeclaredType::Kind(kind) => v1::DeclaredType::Kind(kind.as_str()),
        }
    }
}

impl<'a> From<&'a Statement> for v1::Statement<'a> {
    fn from(statement: &'a Statement) -> Self {
        v1::Statement {
            subject: (&statement.subject).into(),
            attribute: statement.attribute.as_str(),
            value: statement.value.as_ref().map(Into::into),
            denied: statement.denied,
            evidence: (&statement.evidence).into(),
            note: statement.note.as_deref(),
        }
    }
}

impl<'a> From<&'a StatedValue> for v1::Value<'a> {
    fn from(value: &'a StatedValue) -> Self {
        match value {
            StatedValue::Number(number) => v1::Value::Number(number.into()),
            StatedValue::YesNo(yes) => v1::Value::YesNo(*yes),
            StatedValue::Choice(name) => v1::Value::Choice(name.as_str()),
            StatedValue::Thing(thing) => v1::Value::Thing(thing.into()),
            StatedValue::Text(text) => v1::Value::Text(text),
        }
    }
}

impl<'a> From<&'a Number> for v1::Number<'a> {
    fn from(number: &'a Number) -> Self {
        v1::Number {
            low: number.low().map(Into::into),
            high: number.high().map(Into::into),
            words: number.words(),
        }
    }
}

impl From<End> for v1::End {
    fn from(end: End) -> Self {
        // A decimal has at most 28 places.
        v1::End { mantissa: end.value.mantissa(), scale: end.value.scale() as u8, open: end.open }
    }
}

impl<'a> From<&'a StatedEvidence> for v1::Evidence<'a> {
    fn from(evidence: &'a StatedEvidence) -> Self {
        v1::Evidence {
            citations: evidence.citations.iter().map(Into::into).collect(),
            hedged: evidence.hedged,
            observed: evidence.when.observed.as_ref().map(Into::into),
            since: evidence.when.since.as_ref().map(Into::into),
            until: evidence.when.until.as_ref().map(Into::into),
        }
    }
}

impl<'a> From<&'a StatedCitation> for v1::Citation<'a> {
    fn from(citation: &'a StatedCitation) -> Self {
        v1::Citation {
            source: citation.source.as_str(),
            via: citation.via.as_ref().map(Name::as_str),
            locator: citation.locator.as_deref(),
        }
    }
}

impl<'a> From<&'a Period> for v1::Period<'a> {
    fn from(period: &'a Period) -> Self {
        v1::Period { first: period.first, last: period.last, text: &period.text }
    }
}

impl<'a> From<&'a Retraction> for v1::Retraction<'a> {
    fn from(retraction: &'a Retraction) -> Self {
        let statement = retraction.statement.as_ref();
        v1::Retraction {
            subject: (&retraction.subject).into(),
            attribute: retraction.attribute.as_ref().map(Name::as_str),
            statement: statement.map(|(denied, value)| (*denied, value.as_ref().map(Into::into))),
            evidence: (&retraction.evidence).into(),
        }
    }
}

impl<'a> From<&'a Batch> for v1::Batch<'a> {
    fn from(batch: &'a Batch) -> Self {
        v1::Batch {
            kind: batch.kind.as_str(),
            names: (&batch.names).into(),
            titles: (&batch.titles).into(),
            columns: batch.columns.iter().map(Into::into).collect(),
            evidence: (&batch.evidence).into(),
        }
    }
}

impl<'a> From<&'a Batch> for v1::ManyBatch<'a> {
    fn from(batch: &'a Batch) -> Self {
        v1::ManyBatch {
            kind: batch.kind.as_str(),
            names: (&batch.names).into(),
            titles: (&batch.titles).into(),
            columns: batch.columns.iter().map(Into::into).collect(),
            evidence: (&batch.evidence).into(),
        }
    }
}

impl<'a> From<&'a BatchColumn> for v1::ManyColumn<'a> {
    fn from(column: &'a BatchColumn) -> Self {
        let values = match (column.dictionary.as_things(), column.dictionary.as_texts()) {
            (Some((kind, names)), _) => v1::Values::Things { kind: kind.as_str(), names: names.into() },
            (_, Some(texts)) => v1::Values::Texts(texts.into()),
            _ => v1::Values::Other(dictionary(&column.dictionary)),
        };
        v1::ManyColumn {
            attribute: column.attribute.as_str(),
            values,
            codes: Bits::Numbers(&column.codes),
            counts: Bits::Steps(&column.ends),
        }
    }
}

impl<'a> From<&'a PackedText> for v1::Packed<'a> {
    fn from(packed: &'a PackedText) -> Self {
        let (text, ends) = packed.parts();
        v1::Packed { text: Cow::Borrowed(text), ends: from_u32s(ends) }
    }
}

impl<'a> From<&'a BatchColumn> for v1::Column<'a> {
    fn from(column: &'a BatchColumn) -> Self {
        let (width, codes) = from_codes(&column.codes, column.dictionary.len());
        v1::Column {
            attribute: column.attribute.as_str(),
            dictionary: dictionary(&column.dictionary),
            width,
            codes,
        }
    }
}

/// The shortest form that keeps these values.
fn dictionary(values: &Values) -> v1::Dictionary<'_> {
    if let Some((kind, names)) = values.as_things() {
        return v1::Dictionary::Things { kind: kind.as_str(), names: names.into() };
    }
    if let Some(texts) = values.as_texts() {
        return v1::Dictionary::Texts(texts.into());
    }
    let values = values.as_mixed().unwrap_or_default();
    let short = match values.first() {
        Some(StatedValue::Number(_)) => exact(values),
        Some(StatedValue::Choice(_)) => choices(values).map(v1::Dictionary::Choices),
        _ => None,
    };
    short.unwrap_or_else(|| v1::Dictionary::Mixed(values.iter().map(Into::into).collect()))
}

fn choices(values: &[StatedValue]) -> Option<v1::Packed<'_>> {
    let mut packed = PackedText::default();
    for value in values {
        let StatedValue::Choice(name) = value else { return None };
        packed.push(name.as_str());
    }
    let (text, ends) = packed.parts();
    Some(v1::Packed { text: Cow::Owned(text.to_string()), ends: from_u32s(ends) })
}

fn exact(values: &[StatedValue]) -> Option<v1::Dictionary<'_>> {
    let mut mantissas = Vec::with_capacity(values.len() * 8);
    let mut scales = Vec::with_capacity(values.len());
    for value in values {
        let StatedValue::Number(number) = value else { return None };
        let decimal = number.exact().filter(|_| number.words().is_none())?;
        mantissas.extend(i64::try_from(decimal.mantissa()).ok()?.to_le_bytes());
        scales.push(decimal.scale() as u8);
    }
    Some(v1::Dictionary::Exact { mantissas: Block(mantissas.into()), scales: Block(scales.into()) })
}
