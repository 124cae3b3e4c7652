//! What a view keeps, from the model's types to records and back.

use super::block::Block;
use super::decode::decimal;
use super::{Unfit, v3};
use crate::model::change::PackedText;
use crate::model::view::{Bucket, ColumnOutline, Counted, Distinct, Listed, NamePage, Outline, PatternLine};
use crate::model::{
    AttributeId, Citation, Claim, ClaimId, Evidence, Name, Number, Text, ThingId, Value, When,
};
use rust_decimal::Decimal;
use std::sync::Arc;

// ---- to records ---------------------------------------------------------------------------------

impl<'a> From<&'a Outline> for v3::Outline<'a> {
    fn from(outline: &'a Outline) -> Self {
        v3::Outline {
            commit: outline.commit,
            seed: outline.seed.as_deref(),
            vocabulary: outline.vocabulary.iter().map(Into::into).collect(),
            things: outline.things,
            columns: outline.columns.iter().map(Into::into).collect(),
            cells: outline.cells.iter().map(|attribute| attribute.0).collect(),
        }
    }
}

impl<'a> From<&'a ColumnOutline> for v3::Column<'a> {
    fn from(column: &'a ColumnOutline) -> Self {
        v3::Column {
            attribute: column.attribute.0,
            commit: column.commit,
            import: column.import,
            first_ordinal: column.first_ordinal,
            evidence: (&column.evidence).into(),
            first: column.first.map(|thing| thing.0),
            rows: column.rows,
            places: column.places,
            many: column.many,
            values: column.values,
            exact: column.exact,
        }
    }
}

impl<'a> From<&'a Evidence> for v3::Evidence<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        v3::Evidence {
            citations: evidence.citations.iter().map(Into::into).collect(),
            hedged: evidence.hedged,
            observed: evidence.when.observed.as_ref().map(Into::into),
            since: evidence.when.since.as_ref().map(Into::into),
            until: evidence.when.until.as_ref().map(Into::into),
        }
    }
}

impl<'a> From<&'a Citation> for v3::Citation<'a> {
    fn from(citation: &'a Citation) -> Self {
        v3::Citation {
            source: citation.source.0,
            via: citation.via.map(|via| via.0),
            locator: citation.locator.as_deref(),
        }
    }
}

impl<'a> From<&'a PatternLine> for v3::Pattern<'a> {
    fn from(line: &'a PatternLine) -> Self {
        v3::Pattern {
            name: line.name.as_str(),
            statement: &line.statement,
            concludes: line.concludes.iter().map(|attribute| attribute.0).collect(),
            reads: line.reads.iter().map(|(attribute, complete)| (attribute.0, *complete)).collect(),
        }
    }
}

impl<'a> From<&'a Counted> for v3::Counted<'a> {
    fn from(counted: &'a Counted) -> Self {
        v3::Counted {
            first: counted.things.start,
            end: counted.things.end,
            prefix: &counted.prefix,
            number: counted.number,
            // At most 18 digits.
            width: counted.width as u8,
        }
    }
}

impl<'a> From<&'a NamePage> for v3::Names<'a> {
    fn from(page: &'a NamePage) -> Self {
        v3::Names { names: (&page.names).into(), titles: (&page.titles).into() }
    }
}

impl<'a> From<&'a PackedText> for v3::Texts<'a> {
    fn from(packed: &'a PackedText) -> Self {
        let (text, ends) = packed.parts();
        v3::Texts { text, lengths: differences(ends.iter().copied()) }
    }
}

impl<'a> From<&'a [(ThingId, Arc<[Claim]>)]> for v3::Cells<'a> {
    fn from(page: &'a [(ThingId, Arc<[Claim]>)]) -> Self {
        let mut evidence: Vec<&Arc<Evidence>> = Vec::new();
        let mut position = |wanted: &'a Arc<Evidence>| {
            // The same one, not an equal one: what is equal may say so in other words.
            let known = evidence.iter().rposition(|known| Arc::ptr_eq(known, wanted));
            known.unwrap_or_else(|| {
                evidence.push(wanted);
                evidence.len() - 1
            }) as u32
        };
        let cells = page.iter().map(|(thing, claims)| {
            let claims = claims.iter().map(|claim| v3::Claim {
                commit: claim.id.commit,
                ordinal: claim.id.ordinal,
                value: claim.value.as_ref().map(Into::into),
                denied: claim.denied,
                evidence: position(&claim.evidence),
                note: claim.note.as_deref(),
            });
            v3::Cell { thing: thing.0, claims: claims.collect() }
        });
        let cells = cells.collect();
        v3::Cells { evidence: evidence.into_iter().map(|evidence| (&**evidence).into()).collect(), cells }
    }
}

impl<'a> From<&'a Value> for v3::Value<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Number(number) => v3::Value::Number(number.into()),
            Value::YesNo(yes) => v3::Value::YesNo(*yes),
            Value::Choice(at) => v3::Value::Choice(*at),
            Value::Thing(thing) => v3::Value::Thing(thing.0),
            Value::Text(text) => v3::Value::Text(text.as_str()),
        }
    }
}

impl<'a> From<&'a Distinct> for v3::Values<'a> {
    fn from(values: &'a Distinct) -> Self {
        match values {
            Distinct::Things(things) => v3::Values::Things(differences(things.iter().map(|thing| thing.0))),
            Distinct::Mixed(values) => exact(values)
                .or_else(|| things(values))
                .unwrap_or_else(|| v3::Values::Mixed(values.iter().map(Into::into).collect())),
        }
    }
}

fn exact(values: &[Value]) -> Option<v3::Values<'_>> {
    let decimal = |value: &Value| match value {
        Value::Number(number) if number.words().is_none() => number.exact(),
        _ => None,
    };
    let decimals: Vec<Decimal> = values.iter().map(decimal).collect::<Option<_>>()?;
    let mut before = 0;
    let mantissas = decimals.iter().map(|decimal| {
        let mantissa = decimal.mantissa();
        // A mantissa has at most 96 bits.
        mantissa - std::mem::replace(&mut before, mantissa)
    });
    let scales = decimals.iter().map(|decimal| decimal.scale() as u8).collect();
    Some(v3::Values::Exact { mantissas: mantissas.collect(), scales: Block(scales) })
}

fn things(values: &[Value]) -> Option<v3::Values<'_>> {
    let thing = |value: &Value| match value {
        Value::Thing(thing) => Some(thing.0),
        _ => None,
    };
    let things: Vec<u32> = values.iter().map(thing).collect::<Option<_>>()?;
    Some(v3::Values::Things(differences(things.into_iter())))
}

impl From<&[Listed]> for v3::Listed {
    fn from(listed: &[Listed]) -> Self {
        let rows = || listed.iter().map(|listed| listed.row);
        let places: Vec<u32> = listed.iter().map(|listed| listed.place).collect();
        let are_rows = rows().eq(places.iter().copied());
        v3::Listed {
            things: differences(listed.iter().map(|listed| listed.thing.0)),
            rows: rows().collect(),
            places: if are_rows { Vec::new() } else { places },
        }
    }
}

impl From<&Bucket> for v3::Bucket {
    fn from(bucket: &Bucket) -> Self {
        v3::Bucket { first: bucket.first, below: bucket.below }
    }
}

/// Each number as the difference from the one before.
pub fn differences(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut before = 0;
    numbers.map(|number| number.wrapping_sub(std::mem::replace(&mut before, number))).collect()
}

// ---- from records -------------------------------------------------------------------------------

impl TryFrom<v3::Outline<'_>> for Outline {
    type Error = Unfit;

    fn try_from(outline: v3::Outline<'_>) -> Result<Self, Unfit> {
        Ok(Outline {
            commit: outline.commit,
            seed: outline.seed.map(Text::from),
            vocabulary: outline.vocabulary.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            things: outline.things,
            columns: outline.columns.into_iter().map(Into::into).collect(),
            cells: outline.cells.into_iter().map(AttributeId).collect(),
        })
    }
}

impl From<v3::Column<'_>> for ColumnOutline {
    fn from(column: v3::Column<'_>) -> Self {
        ColumnOutline {
            attribute: AttributeId(column.attribute),
            commit: column.commit,
            import: column.import,
            first_ordinal: column.first_ordinal,
            evidence: column.evidence.into(),
            first: column.first.map(ThingId),
            rows: column.rows,
            places: column.places,
            many: column.many,
            values: column.values,
            exact: column.exact,
        }
    }
}

impl From<v3::Evidence<'_>> for Evidence {
    fn from(evidence: v3::Evidence<'_>) -> Self {
        Evidence {
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

impl From<v3::Citation<'_>> for Citation {
    fn from(citation: v3::Citation<'_>) -> Self {
        Citation {
            source: ThingId(citation.source),
            via: citation.via.map(ThingId),
            locator: citation.locator.map(Text::from),
        }
    }
}

impl From<v3::Pattern<'_>> for PatternLine {
    fn from(pattern: v3::Pattern<'_>) -> Self {
        PatternLine {
            name: Name::new(pattern.name),
            statement: pattern.statement.into(),
            concludes: pattern.concludes.into_iter().map(AttributeId).collect(),
            reads: pattern.reads.into_iter().map(|(read, complete)| (AttributeId(read), complete)).collect(),
        }
    }
}

impl TryFrom<v3::Counted<'_>> for Counted {
    type Error = Unfit;

    fn try_from(counted: v3::Counted<'_>) -> Result<Self, Unfit> {
        let last = u64::from(counted.end.saturating_sub(counted.first));
        if counted.width > 18 || counted.number.checked_add(last).is_none() {
            return Err(Unfit("names that count with more than 18 digits"));
        }
        Ok(Counted {
            things: counted.first..counted.end,
            prefix: counted.prefix.to_string(),
            number: counted.number,
            width: counted.width.into(),
        })
    }
}

impl TryFrom<v3::Names<'_>> for NamePage {
    type Error = Unfit;

    fn try_from(names: v3::Names<'_>) -> Result<Self, Unfit> {
        Ok(NamePage { names: names.names.try_into()?, titles: names.titles.try_into()? })
    }
}

impl TryFrom<v3::Texts<'_>> for PackedText {
    type Error = Unfit;

    fn try_from(texts: v3::Texts<'_>) -> Result<Self, Unfit> {
        let ends = sums(&texts.lengths).collect();
        PackedText::from_parts(texts.text.to_string(), ends)
            .ok_or(Unfit("texts whose lengths are not that of the text"))
    }
}

impl TryFrom<v3::Cells<'_>> for Vec<(ThingId, Arc<[Claim]>)> {
    type Error = Unfit;

    fn try_from(page: v3::Cells<'_>) -> Result<Self, Unfit> {
        let evidence: Vec<Arc<Evidence>> =
            page.evidence.into_iter().map(|evidence| Arc::new(evidence.into())).collect();
        let claim = |claim: v3::Claim<'_>| {
            let evidence = evidence.get(claim.evidence as usize).ok_or(Unfit("a claim without evidence"))?;
            Ok(Claim {
                id: ClaimId { commit: claim.commit, ordinal: claim.ordinal },
                value: claim.value.map(TryInto::try_into).transpose()?,
                denied: claim.denied,
                evidence: evidence.clone(),
                note: claim.note.map(Text::from),
            })
        };
        let cell = |cell: v3::Cell<'_>| {
            let claims = cell.claims.into_iter().map(claim).collect::<Result<_, Unfit>>()?;
            Ok((ThingId(cell.thing), claims))
        };
        page.cells.into_iter().map(cell).collect()
    }
}

impl TryFrom<v3::Value<'_>> for Value {
    type Error = Unfit;

    fn try_from(value: v3::Value<'_>) -> Result<Self, Unfit> {
        Ok(match value {
            v3::Value::Number(number) => Value::Number(number.try_into()?),
            v3::Value::YesNo(yes) => Value::YesNo(yes),
            v3::Value::Choice(at) => Value::Choice(at),
            v3::Value::Thing(thing) => Value::Thing(ThingId(thing)),
            v3::Value::Text(text) => Value::Text(Name::new(text)),
        })
    }
}

impl TryFrom<v3::Values<'_>> for Distinct {
    type Error = Unfit;

    fn try_from(values: v3::Values<'_>) -> Result<Self, Unfit> {
        let mixed = match values {
            v3::Values::Things(things) => return Ok(Distinct::Things(sums(&things).map(ThingId).collect())),
            v3::Values::Mixed(values) => values.into_iter().map(TryInto::try_into).collect(),
            v3::Values::Exact { mantissas, scales } if mantissas.len() == scales.0.len() => {
                let mut mantissa = 0_i128;
                let value = |(difference, scale): (i128, &u8)| {
                    mantissa = mantissa.wrapping_add(difference);
                    Ok(Value::Number(Number::exactly(decimal(mantissa, *scale)?)))
                };
                mantissas.into_iter().zip(scales.0.iter()).map(value).collect()
            }
            v3::Values::Exact { .. } => Err(Unfit("more or fewer mantissas than scales")),
        };
        mixed.map(Distinct::Mixed)
    }
}

impl TryFrom<v3::Listed> for Vec<Listed> {
    type Error = Unfit;

    fn try_from(listed: v3::Listed) -> Result<Self, Unfit> {
        let v3::Listed { things, rows, places } = listed;
        let places = if places.is_empty() { rows.clone() } else { places };
        if things.len() != rows.len() || places.len() != rows.len() {
            return Err(Unfit("more or fewer things than rows"));
        }
        let listed = sums(&things).zip(rows).zip(places);
        Ok(listed.map(|((thing, row), place)| Listed { thing: ThingId(thing), row, place }).collect())
    }
}

impl From<v3::Bucket> for Bucket {
    fn from(bucket: v3::Bucket) -> Self {
        Bucket { first: bucket.first, below: bucket.below }
    }
}

/// What [`differences`] were taken of.
pub fn sums(differences: &[u32]) -> impl Iterator<Item = u32> + '_ {
    differences.iter().scan(0_u32, |sum, difference| {
        *sum = sum.wrapping_add(*difference);
        Some(*sum)
    })
}
