//! Facts: blocks, `assert` and `retract`, with their citations and qualifiers.

use super::Resolver;
use super::names::new_name;
use super::quantity::period;
use super::value::{Given, Place};
use crate::error::{Error, Result};
use crate::model::change::{
    Operation, Retraction, StatedCitation, StatedEvidence, StatedValue, Statement, ThingName,
};
use crate::model::{Attribute, AttributeId, Citation, Evidence, KindId, Name, Text, ThingId, Type, When};
use crate::report::Span;
use crate::syntax::tree::{self, Quoted, Word};

impl Resolver<'_> {
    /// `cluster penang "Penang electronics" { industry: cops }`
    pub(super) fn block(&self, block: &tree::Block) -> Result<Vec<Operation>> {
        let kind = self.stated_kind(&block.kind)?;
        let known = self.directory.find(kind, &block.name.text);
        let thing = match known {
            Some(known) => self.thing_name(known),
            None => ThingName { kind: self.kind_name(kind).clone(), name: new_name(&block.name)? },
        };
        let mut operations = Vec::with_capacity(block.entries.len() + 1);
        let title = block.title.as_ref().map(text);
        if known.is_none() || title.is_some() {
            operations.push(Operation::AddThing { thing: thing.clone(), title });
        }
        for entry in &block.entries {
            self.entry(kind, &thing, entry, &mut operations)?;
        }
        Ok(operations)
    }

    /// `assert penang.industry = cops [source]`
    pub(super) fn assertion(&self, assertion: &tree::Assertion) -> Result<Vec<Operation>> {
        let (kind, thing) = self.stated_subject(&assertion.subject)?;
        let mut operations = Vec::with_capacity(1);
        self.entry(kind, &thing, &assertion.entry, &mut operations)?;
        Ok(operations)
    }

    /// `retract penang.industry = cops`, `retract pattern localised_knowledge`
    pub(super) fn retraction(&self, retraction: &tree::Retraction) -> Result<Operation> {
        match retraction {
            tree::Retraction::Pattern(word) => self.pattern_named(word).map(Operation::RetractPattern),
            tree::Retraction::Claims { subject, attribute, statement, evidence } => {
                let (kind, subject) = self.stated_subject(subject)?;
                let attribute = attribute.as_ref().map(|word| self.attribute(kind, word)).transpose()?;
                let statement = match (attribute, statement) {
                    (Some(attribute), Some((denied, value))) => {
                        Some(self.retracted(attribute, *denied, value, &subject)?)
                    }
                    _ => None,
                };
                let evidence = self.stated_evidence(evidence, Some(&subject))?;
                let attribute = attribute.map(|id| self.vocabulary.attribute(id).name.clone());
                Ok(Operation::Retract(Retraction { subject, attribute, statement, evidence }))
            }
        }
    }

    fn retracted(
        &self,
        attribute: AttributeId,
        denied: bool,
        value: &tree::StatedValue,
        subject: &ThingName,
    ) -> Result<(bool, Option<StatedValue>)> {
        let attribute = self.vocabulary.attribute(attribute);
        self.stated(attribute, denied, value, subject)
    }

    fn stated_subject(&self, subject: &tree::Subject) -> Result<(KindId, ThingName)> {
        let thing = self.subject(subject)?;
        let kind = self.directory.kind_of(thing);
        if kind.is_catalogue() {
            return Err(self.catalogue(kind).at(subject.span));
        }
        Ok((kind, self.thing_name(thing)))
    }

    // ---- entries --------------------------------------------------------------------------------

    fn entry(
        &self,
        kind: KindId,
        thing: &ThingName,
        entry: &tree::Entry,
        operations: &mut Vec<Operation>,
    ) -> Result<()> {
        let attribute = self.vocabulary.attribute(self.attribute(kind, &entry.attribute)?);
        check_list(attribute, entry.denied, &entry.values)?;
        let evidence = self.stated_evidence(&entry.evidence, Some(thing))?;
        let note = entry.note.as_ref().map(text);
        for value in &entry.values {
            let (denied, value) = self.stated(attribute, entry.denied, value, thing)?;
            operations.push(Operation::Assert(Statement {
                subject: thing.clone(),
                attribute: attribute.name.clone(),
                value,
                denied,
                evidence: evidence.clone(),
                note: note.clone(),
            }));
        }
        Ok(())
    }

    /// Polarity and value as commits keep them: `!= yes` of a one-valued yes/no is `= no`.
    fn stated(
        &self,
        attribute: &Attribute,
        denied: bool,
        value: &tree::StatedValue,
        subject: &ThingName,
    ) -> Result<(bool, Option<StatedValue>)> {
        let Some(given) = Given::stated(value) else {
            return if denied { Err(denied_unknown(span_of(value))) } else { Ok((false, None)) };
        };
        let place = Place { label: attribute.name.as_str(), value_type: &attribute.value_type };
        match self.stated_value(place, given, Some(subject))? {
            StatedValue::YesNo(yes) if denied && !attribute.many => {
                Ok((false, Some(StatedValue::YesNo(!yes))))
            }
            value => Ok((denied, Some(value))),
        }
    }

    // ---- citations and qualifiers ---------------------------------------------------------------

    /// Citations and qualifiers by name; a source may cite itself in the block that adds it.
    pub(super) fn stated_evidence(
        &self,
        evidence: &tree::Evidence,
        itself: Option<&ThingName>,
    ) -> Result<StatedEvidence> {
        let source = |word: &Word| match itself {
            Some(itself)
                if itself.kind == *self.kind_name(KindId::SOURCE) && itself.name == Name::new(&word.text) =>
            {
                Ok(itself.name.clone())
            }
            _ => self.source(word).map(|source| self.directory.name_of(source)),
        };
        let cited = |citation: &tree::Citation| {
            Ok(StatedCitation {
                source: source(&citation.source)?,
                via: citation.via.as_ref().map(source).transpose()?,
                locator: citation.locator.as_ref().map(text),
            })
        };
        let citations = evidence.citations.iter().map(cited).collect::<Result<_>>()?;
        Ok(StatedEvidence { citations, hedged: evidence.hedged, when: when(evidence)? })
    }

    /// The same by identity, for patterns.
    pub(super) fn evidence(&self, evidence: &tree::Evidence) -> Result<Evidence> {
        let cited = |citation: &tree::Citation| {
            Ok(Citation {
                source: self.source(&citation.source)?,
                via: citation.via.as_ref().map(|via| self.source(via)).transpose()?,
                locator: citation.locator.as_ref().map(text),
            })
        };
        let mut citations: Vec<Citation> = evidence.citations.iter().map(cited).collect::<Result<_>>()?;
        citations.sort();
        citations.dedup();
        Ok(Evidence { citations, hedged: evidence.hedged, when: when(evidence)? })
    }

    /// The source that a word names.
    pub(super) fn source(&self, word: &Word) -> Result<ThingId> {
        self.thing_of(KindId::SOURCE, word)
    }
}

fn text(quoted: &Quoted) -> Text {
    Text::from(quoted.text.as_str())
}

fn when(evidence: &tree::Evidence) -> Result<When> {
    let period = |quantity: &Option<tree::Quantity>| quantity.as_ref().map(period).transpose();
    let when = When {
        observed: period(&evidence.observed)?,
        since: period(&evidence.since)?,
        until: period(&evidence.until)?,
    };
    match (&when.since, &when.until, &evidence.until) {
        (Some(since), Some(until), Some(typed)) if until.last < since.first => {
            Err(Error::meaning(format!("`until {}` lies before `since {}`", until.text, since.text))
                .at(typed.span))
        }
        _ => Ok(when),
    }
}

/// Refuses several values where one is taken, and `unknown` beside others.
pub(super) fn check_list(attribute: &Attribute, denied: bool, values: &[tree::StatedValue]) -> Result<()> {
    let [_, second, ..] = values else { return Ok(()) };
    if !attribute.many && (!denied || attribute.value_type == Type::YesNo) {
        return Err(Error::of_type(format!("`{}` takes one value", attribute.name))
            .at(span_of(second))
            .note("two sources that disagree are two entries, each with its citation"));
    }
    match values.iter().find(|value| matches!(value, tree::StatedValue::Unknown(_))) {
        Some(unknown) => Err(Error::meaning("`unknown` stands alone, not in a list").at(span_of(unknown))),
        None => Ok(()),
    }
}

/// That `!= unknown` says nothing.
pub(super) fn denied_unknown(span: Span) -> Error {
    Error::meaning("`unknown` cannot be denied")
        .at(span)
        .note("`unknown` is a standing, not a value; what is known is stated with its value")
}

fn span_of(value: &tree::StatedValue) -> Span {
    match value {
        tree::StatedValue::Unknown(span) => *span,
        other => Given::stated(other).map(Given::span).unwrap_or_default(),
    }
}
