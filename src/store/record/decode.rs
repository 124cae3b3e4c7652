//! From records to the model's types, checking what the types of a record cannot say.

use super::block::{to_codes, to_u32s};
use super::{Unfit, v1};
use crate::model::change::{
    AttributeDeclaration, Batch, BatchColumn, Commit, CommitLine, DeclaredType, Operation, PackedText,
    Retraction, StatedCitation, StatedEvidence, StatedValue, Statement, ThingName, Values,
};
use crate::model::{End, Name, Number, Period, Text, When};
use rust_decimal::Decimal;

fn name(text: Option<&str>) -> Option<Name> {
    text.map(Name::new)
}

fn text(text: Option<&str>) -> Option<Text> {
    text.map(Text::from)
}

impl TryFrom<v1::Commit<'_>> for Commit {
    type Error = Unfit;

    fn try_from(commit: v1::Commit<'_>) -> Result<Self, Unfit> {
        Ok(Commit {
            number: commit.number,
            time: commit.time,
            author: commit.author.into(),
            seed: text(commit.seed),
            operations: commit.operations.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        })
    }
}

impl From<v1::CommitLine<'_>> for CommitLine {
    fn from(line: v1::CommitLine<'_>) -> Self {
        CommitLine {
            number: line.number,
            time: line.time,
            author: line.author.into(),
            seed: text(line.seed),
            operations: line.operations,
        }
    }
}

impl TryFrom<v1::Operation<'_>> for Operation {
    type Error = Unfit;

    fn try_from(operation: v1::Operation<'_>) -> Result<Self, Unfit> {
        Ok(match operation {
            v1::Operation::DeclareKind { name, plural, description } => Operation::DeclareKind {
                name: name.into(),
                plural: plural.into(),
                description: text(description),
            },
            v1::Operation::DeclareAttribute(declaration) => Operation::DeclareAttribute(declaration.into()),
            v1::Operation::DeclareAlias { known, alias } => {
                Operation::DeclareAlias { known: known.into(), alias: alias.into() }
            }
            v1::Operation::DeclareContext { kind, attribute, target } => Operation::DeclareContext {
                kind: kind.into(),
                attribute: attribute.into(),
                target: target.into(),
            },
            v1::Operation::AddThing { thing, title } => {
                Operation::AddThing { thing: thing.into(), title: text(title) }
            }
            v1::Operation::Assert(statement) => Operation::Assert(statement.try_into()?),
            v1::Operation::Retract(retraction) => Operation::Retract(retraction.try_into()?),
            v1::Operation::DeclarePattern { name, statement } => {
                Operation::DeclarePattern { name: name.into(), statement: statement.into() }
            }
            v1::Operation::RetractPattern(name) => Operation::RetractPattern(name.into()),
            v1::Operation::Import(batch) => Operation::Import(batch.try_into()?),
            v1::Operation::ImportMany(batch) => Operation::Import(batch.try_into()?),
            v1::Operation::DeclareMeanings { declaration, meanings } => {
                let meanings =
                    meanings.into_iter().map(|meaning| (meaning.value.into(), meaning.text.into()));
                let meanings = meanings.collect();
                Operation::DeclareAttribute(AttributeDeclaration { meanings, ..declaration.into() })
            }
        })
    }
}

impl From<v1::ThingName<'_>> for ThingName {
    fn from(thing: v1::ThingName<'_>) -> Self {
        ThingName { kind: thing.kind.into(), name: thing.name.into() }
    }
}

impl From<v1::AttributeDeclaration<'_>> for AttributeDeclaration {
    fn from(declaration: v1::AttributeDeclaration<'_>) -> Self {
        AttributeDeclaration {
            kind: declaration.kind.into(),
            name: declaration.name.into(),
            value_type: declaration.value_type.into(),
            many: declaration.many,
            heading: name(declaration.heading),
            inverse: name(declaration.inverse),
            description: text(declaration.description),
            meanings: Vec::new(),
        }
    }
}

impl From<v1::DeclaredType<'_>> for DeclaredType {
    fn from(declared: v1::DeclaredType<'_>) -> Self {
        let names = |names: Vec<&str>| names.into_iter().map(Name::new).collect();
        match declared {
            v1::DeclaredType::Text => DeclaredType::Text,
            v1::DeclaredType::Number(unit) => DeclaredType::Number(text(unit)),
            v1::DeclaredType::Percent => DeclaredType::Percent,
            v1::DeclaredType::Year => DeclaredType::Year,
            v1::DeclaredType::Date => DeclaredType::Date,
            v1::DeclaredType::YesNo => DeclaredType::YesNo,
            v1::DeclaredType::OneOf(choices) => DeclaredType::OneOf(names(choices)),
            v1::DeclaredType::Scale(steps) => DeclaredType::Scale(names(steps)),
            v1::DeclaredType::Kind(kind) => DeclaredType::Kind(kind.into()),
        }
    }
}

impl TryFrom<v1::Statement<'_>> for Statement {
    type Error = Unfit;

    fn try_from(statement: v1::Statement<'_>) -> Result<Self, Unfit> {
        Ok(Statement {
            subject: statement.subject.into(),
            attribute: statement.attribute.into(),
            value: statement.value.map(TryInto::try_into).transpose()?,
            denied: statement.denied,
            evidence: statement.evidence.into(),
            note: text(statement.note),
        })
    }
}

impl TryFrom<v1::Value<'_>> for StatedValue {
    type Error = Unfit;

    fn try_from(value: v1::Value<'_>) -> Result<Self, Unfit> {
        Ok(match value {
            v1::Value::Number(number) => StatedValue::Number(number.try_into()?),
            v1::Value::YesNo(yes) => StatedValue::YesNo(yes),
            v1::Value::Choice(name) => StatedValue::Choice(name.into()),
            v1::Value::Thing(thing) => StatedValue::Thing(thing.into()),
            v1::Value::Text(text) => StatedValue::Text(text.into()),
        })
    }
}

impl TryFrom<v1::Number<'_>> for Number {
    type Error = Unfit;

    fn try_from(number: v1::Number<'_>) -> Result<Self, Unfit> {
        let low = number.low.map(TryInto::try_into).transpose()?;
        let high = number.high.map(TryInto::try_into).transpose()?;
        let interval = Number::from_ends(low, high).ok_or(Unfit("a number whose ends are crossed"))?;
        Ok(match number.words {
            Some(words) => interval.in_words(words),
            None => interval,
        })
    }
}

impl TryFrom<v1::End> for End {
    type Error = Unfit;

    fn try_from(end: v1::End) -> Result<Self, Unfit> {
        Ok(End { value: decimal(end.mantissa, end.scale)?, open: end.open })
    }
}

pub fn decimal(mantissa: i128, scale: u8) -> Result<Decimal, Unfit> {
    Decimal::try_from_i128_with_scale(mantissa, scale.into())
        .map_err(|_| Unfit("a decimal of more than 96 bits or 28 places"))
}

impl From<v1::Evidence<'_>> for StatedEvidence {
    fn from(evidence: v1::Evidence<'_>) -> Self {
        StatedEvidence {
            citations: evidence.citations.into_iter().map(Into::into).collect(),
            hedged: evidence.hedged,
            when: When {
                observed: evidence.observed.map(Into::into),
                since: evidence.since.map(Into::into),
                until: evidence.until.map(Into::into),
            },
        }
    }
}

impl From<v1::Citation<'_>> for StatedCitation {
    fn from(citation: v1::Citation<'_>) -> Self {
        StatedCitation {
            source: citation.source.into(),
            via: name(citation.via),
            locator: text(citation.locator),
        }
    }
}

impl From<v1::Period<'_>> for Period {
    fn from(period: v1::Period<'_>) -> Self {
        Period { first: period.first, last: period.last, text: period.text.into() }
    }
}

impl TryFrom<v1::Retraction<'_>> for Retraction {
    type Error = Unfit;

    fn try_from(retraction: v1::Retraction<'_>) -> Result<Self, Unfit> {
        let statement = match retraction.statement {
            Some((denied, value)) => Some((denied, value.map(TryInto::try_into).transpose()?)),
            None => None,
        };
        Ok(Retraction {
            subject: retraction.subject.into(),
            attribute: name(retraction.attribute),
            statement,
            evidence: retraction.evidence.into(),
        })
    }
}

impl TryFrom<v1::Batch<'_>> for Batch {
    type Error = Unfit;

    fn try_from(batch: v1::Batch<'_>) -> Result<Self, Unfit> {
        let column = |column: v1::Column| {
            let dictionary = dictionary(column.dictionary)?;
            let codes = to_codes(column.width, &column.codes.0).ok_or(Unfit("codes of a wrong width"))?;
            Ok(BatchColumn { attribute: column.attribute.into(), dictionary, codes, ends: Vec::new() })
        };
        checked(Batch {
            kind: batch.kind.into(),
            names: batch.names.try_into()?,
            titles: batch.titles.try_into()?,
            columns: batch.columns.into_iter().map(column).collect::<Result<_, Unfit>>()?,
            evidence: batch.evidence.into(),
        })
    }
}

impl TryFrom<v1::ManyBatch<'_>> for Batch {
    type Error = Unfit;

    fn try_from(batch: v1::ManyBatch<'_>) -> Result<Self, Unfit> {
        let column = |column: v1::ManyColumn| {
            let numbers = (column.codes.read(), column.counts.read_sums());
            let (Some(codes), Some(ends)) = numbers else { return Err(Unfit("codes of a wrong width")) };
            let dictionary = match column.values {
                v1::Values::Other(values) => dictionary(values)?,
                v1::Values::Texts(texts) => Values::texts(texts.try_into()?),
                v1::Values::Things { kind, names } => Values::things(kind.into(), names.try_into()?),
            };
            Ok(BatchColumn { attribute: column.attribute.into(), dictionary, codes, ends })
        };
        checked(Batch {
            kind: batch.kind.into(),
            names: batch.names.try_into()?,
            titles: batch.titles.try_into()?,
            columns: batch.columns.into_iter().map(column).collect::<Result<_, Unfit>>()?,
            evidence: batch.evidence.into(),
        })
    }
}

/// Checks that titles and codes are as many as they should be, and that every code has a value. That names are
/// distinct is not checked: it would take a hash table of them all.
fn checked(batch: Batch) -> Result<Batch, Unfit> {
    let Batch { names, titles, columns, .. } = &batch;
    if !titles.is_empty() && titles.len() != names.len() {
        return Err(Unfit("a batch with more or fewer titles than names"));
    }
    if !columns.iter().all(|column| fits(column, names.len())) {
        return Err(Unfit("a batch with a column longer or shorter than its names"));
    }
    let highest = |column: &BatchColumn| column.codes.iter().max().map_or(0, |code| *code as usize);
    if !columns.iter().all(|column| highest(column) <= column.dictionary.len()) {
        return Err(Unfit("a code without a value"));
    }
    Ok(batch)
}

/// Whether a column has one code for each of so many names, or ends that rise to the end of its codes.
fn fits(column: &BatchColumn, names: usize) -> bool {
    if column.ends.is_empty() {
        return column.codes.len() == names;
    }
    let last = column.ends.last().copied().unwrap_or(0) as usize;
    column.ends.len() == names && column.ends.is_sorted() && last == column.codes.len()
}

impl TryFrom<v1::Packed<'_>> for PackedText {
    type Error = Unfit;

    fn try_from(packed: v1::Packed<'_>) -> Result<Self, Unfit> {
        to_u32s(&packed.ends.0)
            .and_then(|ends| PackedText::from_parts(packed.text.into_owned(), ends))
            .ok_or(Unfit("packed texts whose ends do not rise to the end of the text"))
    }
}

fn dictionary(dictionary: v1::Dictionary<'_>) -> Result<Values, Unfit> {
    Ok(match dictionary {
        v1::Dictionary::Mixed(values) => {
            values.into_iter().map(TryInto::try_into).collect::<Result<Vec<_>, _>>()?.into()
        }
        v1::Dictionary::Exact { mantissas, scales } => exact(&mantissas.0, &scales.0)?.into(),
        v1::Dictionary::Choices(names) => {
            let names: PackedText = names.try_into()?;
            names.iter().map(|name| StatedValue::Choice(name.into())).collect::<Vec<_>>().into()
        }
        v1::Dictionary::Texts(texts) => Values::texts(texts.try_into()?),
        v1::Dictionary::Things { kind, names } => Values::things(kind.into(), names.try_into()?),
    })
}

fn exact(mantissas: &[u8], scales: &[u8]) -> Result<Vec<StatedValue>, Unfit> {
    let (mantissas, rest) = mantissas.as_chunks::<8>();
    if !rest.is_empty() || mantissas.len() != scales.len() {
        return Err(Unfit("more or fewer mantissas than scales"));
    }
    let value = |(mantissa, scale): (&[u8; 8], &u8)| {
        let value = decimal(i64::from_le_bytes(*mantissa).into(), *scale)?;
        Ok(StatedValue::Number(Number::exactly(value)))
    };
    mantissas.iter().zip(scales).map(value).collect()
}
