//! Back from ids to names: claims, declarations and evidence as they would be stated.

use super::snapshot::Snapshot;
use crate::model::change::{
    AttributeDeclaration, DeclaredType, Operation, StatedCitation, StatedEvidence, StatedValue, Statement,
    ThingName,
};
use crate::model::{AttributeId, Claim, Evidence, KindId, Name, ThingId, Type, Value};

impl Snapshot {
    /// A thing by the names of its kind and of itself.
    pub fn thing_name(&self, thing: ThingId) -> ThingName {
        let kind = self.vocabulary.kind(self.things.kind(thing)).name.clone();
        ThingName { kind, name: Name::new(&self.things.name(thing)) }
    }

    /// A claim as it would be stated.
    pub fn stated(&self, subject: ThingId, attribute: AttributeId, claim: &Claim) -> Statement {
        Statement {
            subject: self.thing_name(subject),
            attribute: self.vocabulary.attribute(attribute).name.clone(),
            value: claim.value.as_ref().map(|value| self.stated_value(attribute, value)),
            denied: claim.denied,
            evidence: self.stated_evidence(&claim.evidence),
            note: claim.note.clone(),
        }
    }

    /// A value as it would be stated.
    pub fn stated_value(&self, attribute: AttributeId, value: &Value) -> StatedValue {
        match value {
            Value::Number(number) => StatedValue::Number(number.clone()),
            Value::YesNo(yes) => StatedValue::YesNo(*yes),
            Value::Choice(at) => {
                let choices = self.vocabulary.attribute(attribute).value_type.choices();
                StatedValue::Choice(choices.get(*at as usize).cloned().unwrap_or_else(|| Name::new("")))
            }
            Value::Thing(thing) => StatedValue::Thing(self.thing_name(*thing)),
            Value::Text(text) => StatedValue::Text(text.text()),
        }
    }

    /// Evidence as it would be stated.
    pub fn stated_evidence(&self, evidence: &Evidence) -> StatedEvidence {
        let name = |thing: ThingId| Name::new(&self.things.name(thing));
        let citations = evidence.citations.iter().map(|citation| StatedCitation {
            source: name(citation.source),
            via: citation.via.map(name),
            locator: citation.locator.clone(),
        });
        StatedEvidence {
            citations: citations.collect(),
            hedged: evidence.hedged,
            when: evidence.when.clone(),
        }
    }

    /// The declarations of the vocabulary, built-in ones left out, in an order in which they can be made.
    pub fn declarations(&self) -> Vec<Operation> {
        let vocabulary = self.vocabulary();
        let builtin = crate::model::Vocabulary::new();
        let kinds = vocabulary
            .kinds()
            .filter(|(id, kind)| !builtin.kinds().any(|(known, builtin)| known == *id && builtin == *kind));
        let mut operations: Vec<Operation> = kinds
            .map(|(_, kind)| Operation::DeclareKind {
                name: kind.name.clone(),
                plural: kind.plural.clone(),
                description: kind.description.clone(),
            })
            .collect();
        for (id, attribute) in vocabulary.attributes().skip(builtin.attributes().count()) {
            if let Some(kind) = attribute.kind {
                operations.push(Operation::DeclareAttribute(self.declaration(id, kind)));
            }
        }
        for context in vocabulary.contexts() {
            operations.push(Operation::DeclareContext {
                kind: vocabulary.kind(context.kind).name.clone(),
                attribute: vocabulary.attribute(context.attribute).name.clone(),
                target: vocabulary.kind(context.target).name.clone(),
            });
        }
        operations
    }

    /// The aliases; they come after the things that they may stand for.
    pub fn alias_declarations(&self) -> Vec<Operation> {
        let aliases = self.vocabulary.aliases();
        let declare = |(alias, known): (&Name, &Name)| Operation::DeclareAlias {
            known: known.clone(),
            alias: alias.clone(),
        };
        aliases.into_iter().map(declare).collect()
    }

    fn declaration(&self, id: AttributeId, kind: KindId) -> AttributeDeclaration {
        let attribute = self.vocabulary.attribute(id);
        let kind_name = |kind: KindId| self.vocabulary.kind(kind).name.clone();
        AttributeDeclaration {
            kind: kind_name(kind),
            name: attribute.name.clone(),
            value_type: match &attribute.value_type {
                Type::Text => DeclaredType::Text,
                Type::Number { unit } => DeclaredType::Number(unit.clone()),
                Type::Percent => DeclaredType::Percent,
                Type::Year => DeclaredType::Year,
                Type::Date => DeclaredType::Date,
                Type::YesNo => DeclaredType::YesNo,
                Type::OneOf(names) => DeclaredType::OneOf(names.clone()),
                Type::Scale(names) => DeclaredType::Scale(names.clone()),
                Type::Thing(kind) => DeclaredType::Kind(kind_name(*kind)),
                // Only a built-in attribute has it, and those are not declared.
                Type::AnyThing => DeclaredType::Text,
            },
            many: attribute.many,
            heading: attribute.heading.clone(),
            inverse: attribute.inverse.clone(),
            description: attribute.description.clone(),
            meanings: attribute.meanings.clone(),
        }
    }
}
