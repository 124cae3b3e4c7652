//! Changing a snapshot into the next: operations, one by one.

use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::model::change::{
    AttributeDeclaration, Commit, DeclaredType, Operation, Retraction, StatedEvidence, StatedValue,
    Statement, ThingName,
};
use crate::model::{
    Attribute, AttributeId, Citation, Claim, ClaimId, Context, Directory, Evidence, Kind, KindId, Name,
    Pattern, Text, ThingId, Type, Value,
};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Reads the statement of a pattern in the light of a snapshot. The text is the language's, which this
/// layer does not know.
pub type PatternReader<'a> = &'a dyn Fn(&Snapshot, &str) -> Result<Pattern>;

/// A snapshot on its way to the next commit.
pub struct Draft<'a> {
    /// What the commit will leave behind, so far.
    pub snapshot: Snapshot,
    /// What has been done so far; what changed nothing is not among it.
    pub operations: Vec<Operation>,
    /// How much has been done so far.
    pub tally: Tally,
    pub(super) commit: u32,
    pub(super) ordinal: u32,
    last_evidence: Arc<Evidence>,
    /// The folded names of the things added, of imports those that stand in a pattern.
    pub(super) added: FxHashSet<String>,
    read_pattern: PatternReader<'a>,
}

/// How much a change did, for its summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Kinds, attributes, aliases and contexts declared or changed.
    pub vocabulary: usize,
    /// Things added or given another title.
    pub things: usize,
    /// Claims added.
    pub claims: usize,
    /// Claims replaced by later ones of the same origin.
    pub replaced: usize,
    /// Claims taken back.
    pub retracted: usize,
    /// Patterns declared, replaced or taken back.
    pub patterns: usize,
}

impl Tally {
    /// What has been done since an earlier tally.
    pub fn since(self, before: Tally) -> Tally {
        Tally {
            vocabulary: self.vocabulary - before.vocabulary,
            things: self.things - before.things,
            claims: self.claims - before.claims,
            replaced: self.replaced - before.replaced,
            retracted: self.retracted - before.retracted,
            patterns: self.patterns - before.patterns,
        }
    }
}

impl std::fmt::Display for Tally {
    /// `1 thing and 3 claims added, 1 claim replaced`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [
            (self.vocabulary, "declaration", ""),
            (self.things, "thing", ""),
            (self.claims, "claim", ""),
            (self.replaced, "claim", " replaced"),
            (self.retracted, "claim", " taken back"),
            (self.patterns, "pattern", ""),
        ];
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let said = parts.iter().filter(|(count, _, _)| *count > 0);
        let said: Vec<String> =
            said.map(|(count, what, how)| format!("{count} {what}{}{how}", plural(*count))).collect();
        f.write_str(&said.join(", "))
    }
}

impl<'a> Draft<'a> {
    /// The beginning of the commit after `snapshot`.
    pub fn new(snapshot: &Snapshot, read_pattern: PatternReader<'a>) -> Self {
        Draft {
            snapshot: snapshot.to_be_changed(),
            operations: Vec::new(),
            tally: Tally::default(),
            commit: snapshot.commit() + 1,
            ordinal: 0,
            last_evidence: Arc::default(),
            added: FxHashSet::default(),
            read_pattern,
        }
    }

    /// Does one operation.
    ///
    /// # Errors
    /// If it names what the snapshot does not have. `resolve` makes sure of that for what is typed, so
    /// that an error here means that a record does not fit the store.
    pub fn apply(&mut self, operation: Operation) -> Result<()> {
        let changed = match &operation {
            Operation::DeclareKind { name, plural, description } => {
                let kind =
                    Kind { name: name.clone(), plural: plural.clone(), description: description.clone() };
                self.declare_kind(kind)
            }
            Operation::DeclareAttribute(declaration) => self.declare_attribute(declaration)?,
            Operation::DeclareAlias { known, alias } => self.declare_alias(known, alias),
            Operation::DeclareContext { kind, attribute, target } => {
                self.declare_context(kind, attribute, target)?
            }
            Operation::AddThing { thing, title } => self.add_thing(thing, title.clone())?,
            Operation::Assert(statement) => self.assert(statement)?,
            Operation::Retract(retraction) => self.retract(retraction)?,
            Operation::DeclarePattern { statement, .. } => self.declare_pattern(statement)?,
            Operation::RetractPattern(name) => self.retract_pattern(name),
            Operation::Import(batch) => self.import(batch)?,
        };
        if changed {
            self.operations.push(operation);
        }
        Ok(())
    }

    /// What stands in the patterns, folded.
    pub(super) fn words_of_patterns(&self) -> FxHashSet<String> {
        self.snapshot.patterns.words().flatten().cloned().collect()
    }

    /// Checks that every pattern still means what it meant when it was declared: patterns are kept as
    /// statements, and a new kind, alias, attribute or thing may give a word another meaning.
    ///
    /// # Errors
    /// If one would not.
    pub fn check_patterns(&self) -> Result<()> {
        // Without new vocabulary only a new thing of a name that stands in the pattern can do that.
        let concerned =
            |words: &FxHashSet<String>| self.tally.vocabulary > 0 || !words.is_disjoint(&self.added);
        if self.tally.vocabulary == 0 && self.added.is_empty() {
            return Ok(());
        }
        let patterns = &self.snapshot.patterns;
        for (at, (line, words)) in patterns.lines().zip(patterns.words()).enumerate() {
            if !concerned(words) {
                continue;
            }
            let Some(pattern) = patterns.get(at) else { continue };
            let again = (self.read_pattern)(&self.snapshot, &line.statement);
            if !again.is_ok_and(|again| again == **pattern) {
                return Err(Error::meaning(format!(
                    "pattern `{}` would no longer mean the same",
                    pattern.name
                ))
                .note("a word in it gets another meaning by this change")
                .note(format!("the pattern: {}", pattern.statement))
                .note(format!("choose another name, or first `retract pattern {}`", pattern.name)));
            }
        }
        Ok(())
    }

    /// Ends the commit: the snapshot knows of it from now on.
    pub fn finish(mut self, time: i64, author: Text, seed: Option<Text>) -> (Snapshot, Commit) {
        let commit = Commit { number: self.commit, time, author, seed, operations: self.operations };
        self.snapshot.commits.push(commit.line());
        (self.snapshot, commit)
    }

    fn declare_kind(&mut self, kind: Kind) -> bool {
        let vocabulary = Arc::make_mut(&mut self.snapshot.vocabulary);
        let known = vocabulary.find_kind(kind.name.as_str());
        if known.is_some_and(|id| *vocabulary.kind(id) == kind) {
            return false;
        }
        vocabulary.declare_kind(kind);
        self.tally.vocabulary += 1;
        true
    }

    fn declare_attribute(&mut self, declaration: &AttributeDeclaration) -> Result<bool> {
        let kind = self.kind(&declaration.kind)?;
        let value_type = match &declaration.value_type {
            DeclaredType::Text => Type::Text,
            DeclaredType::Number(unit) => Type::Number { unit: unit.clone() },
            DeclaredType::Percent => Type::Percent,
            DeclaredType::Year => Type::Year,
            DeclaredType::Date => Type::Date,
            DeclaredType::YesNo => Type::YesNo,
            DeclaredType::OneOf(names) => Type::OneOf(names.clone()),
            DeclaredType::Scale(names) => Type::Scale(names.clone()),
            DeclaredType::Kind(kind) => Type::Thing(self.kind(kind)?),
        };
        let attribute = Attribute {
            name: declaration.name.clone(),
            kind: Some(kind),
            value_type,
            many: declaration.many,
            heading: declaration.heading.clone(),
            inverse: declaration.inverse.clone(),
            description: declaration.description.clone(),
            meanings: declaration.meanings.clone(),
        };
        let vocabulary = Arc::make_mut(&mut self.snapshot.vocabulary);
        let known = vocabulary.step(kind, declaration.name.as_str());
        if known.is_some_and(|step| !step.inverse && *vocabulary.attribute(step.attribute) == attribute) {
            return Ok(false);
        }
        vocabulary.declare_attribute(attribute);
        self.tally.vocabulary += 1;
        Ok(true)
    }

    fn declare_alias(&mut self, known: &Name, alias: &Name) -> bool {
        let vocabulary = Arc::make_mut(&mut self.snapshot.vocabulary);
        if vocabulary.alias(alias.as_str()) == Some(known) {
            return false;
        }
        vocabulary.declare_alias(known, alias);
        self.tally.vocabulary += 1;
        true
    }

    fn declare_context(&mut self, kind: &Name, attribute: &Name, target: &Name) -> Result<bool> {
        let kind = self.kind(kind)?;
        let context =
            Context { kind, attribute: self.attribute(kind, attribute)?, target: self.kind(target)? };
        let vocabulary = Arc::make_mut(&mut self.snapshot.vocabulary);
        if vocabulary.contexts().contains(&context) {
            return Ok(false);
        }
        vocabulary.declare_context(context);
        self.tally.vocabulary += 1;
        Ok(true)
    }

    fn add_thing(&mut self, thing: &ThingName, title: Option<Text>) -> Result<bool> {
        let kind = self.kind(&thing.kind)?;
        let things = &mut self.snapshot.things;
        match (things.find(kind, thing.name.folded()), title) {
            (None, title) => {
                things.add(kind, thing.name.clone(), title);
                self.added.insert(thing.name.folded().to_string());
            }
            (Some(known), Some(title)) if things.title(known) != Some(&title) => {
                things.set_title(known, title)
            }
            _ => return Ok(false),
        }
        self.tally.things += 1;
        Ok(true)
    }

    fn assert(&mut self, statement: &Statement) -> Result<bool> {
        let id = ClaimId { commit: self.commit, ordinal: self.ordinal };
        let changed = self.assert_as(id, statement)?;
        self.ordinal += u32::from(changed);
        Ok(changed)
    }

    fn claim(&mut self, id: ClaimId, statement: &Statement) -> Result<(ThingId, AttributeId, Claim)> {
        let (subject, kind) = self.thing(&statement.subject)?;
        let attribute = self.attribute(kind, &statement.attribute)?;
        let value = statement.value.as_ref().map(|value| self.value(attribute, value)).transpose()?;
        let evidence = self.evidence(&statement.evidence)?;
        let note = statement.note.clone();
        Ok((subject, attribute, Claim { id, value, denied: statement.denied, evidence, note }))
    }

    /// Makes a claim; `false` if the very same one stands already.
    fn assert_as(&mut self, id: ClaimId, statement: &Statement) -> Result<bool> {
        let (subject, attribute, claim) = self.claim(id, statement)?;
        let Some(replaced) = self.snapshot.take_in(subject, attribute, claim) else { return Ok(false) };
        self.tally.replaced += replaced;
        self.tally.claims += 1;
        Ok(true)
    }

    fn retract(&mut self, retraction: &Retraction) -> Result<bool> {
        let (subject, kind) = self.thing(&retraction.subject)?;
        let attributes = match &retraction.attribute {
            Some(name) => vec![self.attribute(kind, name)?],
            None => self.snapshot.vocabulary.attributes_of(kind).to_vec(),
        };
        let wanted = self.evidence(&retraction.evidence)?;
        let mut taken = 0;
        for attribute in attributes {
            let statement = match &retraction.statement {
                Some((denied, value)) => {
                    Some((*denied, value.as_ref().map(|value| self.value(attribute, value)).transpose()?))
                }
                None => None,
            };
            let standing = self.snapshot.claims(subject, attribute);
            let kept: Vec<Claim> =
                standing.iter().filter(|claim| !matches(claim, &statement, &wanted)).cloned().collect();
            if kept.len() < standing.len() {
                taken += standing.len() - kept.len();
                self.snapshot.cells.put((attribute, subject), kept.into());
            }
        }
        self.tally.retracted += taken;
        Ok(taken > 0)
    }

    fn declare_pattern(&mut self, statement: &str) -> Result<bool> {
        let pattern = Arc::new((self.read_pattern)(&self.snapshot, statement)?);
        let patterns = &mut self.snapshot.patterns;
        match patterns.position(&pattern.name) {
            Some(at) if patterns.get(at) == Some(&pattern) => return Ok(false),
            Some(at) => patterns.set(at, pattern),
            None => patterns.push(pattern),
        }
        self.tally.patterns += 1;
        Ok(true)
    }

    fn retract_pattern(&mut self, name: &Name) -> bool {
        let Some(at) = self.snapshot.patterns.position(name) else { return false };
        self.snapshot.patterns.remove(at);
        self.tally.patterns += 1;
        true
    }

    // ---- names to ids ---------------------------------------------------------------------------

    pub(super) fn kind(&self, name: &Name) -> Result<KindId> {
        self.snapshot.vocabulary.find_kind(name.as_str()).ok_or_else(|| missing("kind", name))
    }

    pub(super) fn attribute(&self, kind: KindId, name: &Name) -> Result<AttributeId> {
        let step = self.snapshot.vocabulary.step(kind, name.as_str()).filter(|step| !step.inverse);
        step.map(|step| step.attribute).ok_or_else(|| missing("attribute", name))
    }

    fn thing(&self, thing: &ThingName) -> Result<(ThingId, KindId)> {
        let kind = self.kind(&thing.kind)?;
        let id = self.snapshot.find(kind, thing.name.as_str());
        Ok((id.ok_or_else(|| missing(thing.kind.as_str(), &thing.name))?, kind))
    }

    pub(super) fn value(&self, attribute: AttributeId, value: &StatedValue) -> Result<Value> {
        Ok(match value {
            StatedValue::Number(number) => Value::Number(number.clone()),
            StatedValue::YesNo(yes) => Value::YesNo(*yes),
            StatedValue::Choice(name) => {
                let vocabulary = &self.snapshot.vocabulary;
                let value_type = &vocabulary.attribute(attribute).value_type;
                let choice = vocabulary.choice(value_type, name.as_str());
                Value::Choice(choice.ok_or_else(|| missing("value", name))?)
            }
            StatedValue::Thing(thing) => Value::Thing(self.thing(thing)?.0),
            StatedValue::Text(text) => Value::Text(Name::new(text)),
        })
    }

    /// The evidence, sorted; the same one again for a run of claims that share it.
    pub(super) fn evidence(&mut self, stated: &StatedEvidence) -> Result<Arc<Evidence>> {
        let mut citations = Vec::with_capacity(stated.citations.len());
        for citation in &stated.citations {
            citations.push(Citation {
                source: self.source(&citation.source)?,
                via: citation.via.as_ref().map(|via| self.source(via)).transpose()?,
                locator: citation.locator.clone(),
            });
        }
        citations.sort();
        citations.dedup();
        let evidence = Evidence { citations, hedged: stated.hedged, when: stated.when.clone() };
        // Evidence is shared only where its words agree, too: `mid 1990s` is not written `1994..1996`.
        if *self.last_evidence != evidence || self.last_evidence.when.words() != evidence.when.words() {
            self.last_evidence = Arc::new(evidence);
        }
        Ok(self.last_evidence.clone())
    }

    fn source(&self, name: &Name) -> Result<ThingId> {
        self.snapshot.find(KindId::SOURCE, name.as_str()).ok_or_else(|| missing("source", name))
    }
}

/// Whether a claim agrees with all that a retraction gives.
fn matches(claim: &Claim, statement: &Option<(bool, Option<Value>)>, wanted: &Evidence) -> bool {
    let said =
        statement.as_ref().is_none_or(|(denied, value)| claim.denied == *denied && claim.value == *value);
    let cited = |wanted: &Citation| {
        claim.evidence.citations.iter().any(|citation| {
            citation.source == wanted.source
                && (wanted.via.is_none() || citation.via == wanted.via)
                && (wanted.locator.is_none() || citation.locator == wanted.locator)
        })
    };
    let (when, asked) = (&claim.evidence.when, &wanted.when);
    let dated = (asked.observed.is_none() || asked.observed == when.observed)
        && (asked.since.is_none() || asked.since == when.since)
        && (asked.until.is_none() || asked.until == when.until);
    said && wanted.citations.iter().all(cited) && (!wanted.hedged || claim.evidence.hedged) && dated
}

pub(super) fn missing(what: &str, name: &Name) -> Error {
    Error::damaged(format!("a record names the {what} `{name}`, which the store does not have"))
        .note("the log and this version of Casebook do not fit together; keep the folder, and restore a backup or an export")
}

impl Snapshot {
    /// The snapshot after a commit that was read from the store.
    pub fn after(&self, commit: &Commit, read_pattern: PatternReader) -> Result<Snapshot> {
        let mut draft = Draft::new(self, read_pattern);
        draft.commit = commit.number;
        for operation in &commit.operations {
            draft.apply(operation.clone())?;
        }
        let mut snapshot = draft.snapshot;
        snapshot.commits.push(commit.line());
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Takes in one claim more. On a one-valued attribute it takes the place of those of the same origin, as
    /// many as this gives; `None` if the very same claim stands already.
    fn take_in(&mut self, subject: ThingId, attribute: AttributeId, claim: Claim) -> Option<usize> {
        let many = self.vocabulary.attribute(attribute).many;
        let standing = self.claims(subject, attribute);
        let unchanged = |old: &Claim| {
            old.same_as(&claim) && old.note == claim.note && old.evidence.hedged == claim.evidence.hedged
        };
        if standing.iter().any(unchanged) {
            return None;
        }
        let gives_way = |old: &&Claim| old.same_as(&claim) || (!many && old.replaced_by(&claim));
        let kept: Vec<Claim> = standing.iter().filter(|old| !gives_way(old)).cloned().collect();
        let replaced = standing.len() - kept.len();
        self.cells.put((attribute, subject), kept.into_iter().chain([claim]).collect());
        Some(replaced)
    }

    /// A snapshot in which these are claimed besides, without citation: thing, attribute, value, and whether it
    /// is denied. It is what it would be if they had been asserted.
    pub fn supposing(
        &self,
        claimed: impl IntoIterator<Item = (ThingId, AttributeId, Value, bool)>,
    ) -> Snapshot {
        let mut snapshot = self.to_be_changed();
        let commit = self.commit() + 1;
        for (ordinal, (thing, attribute, value, denied)) in (0..).zip(claimed) {
            let id = ClaimId { commit, ordinal };
            let claim = Claim { id, value: Some(value), denied, evidence: Arc::default(), note: None };
            snapshot.take_in(thing, attribute, claim);
        }
        snapshot
    }

    /// A snapshot with one thing more, nameless, of which exactly this is known, without citation: attribute,
    /// value, and whether it is denied.
    pub fn imagine(
        &self,
        kind: KindId,
        told: impl IntoIterator<Item = (AttributeId, Value, bool)>,
    ) -> (Snapshot, ThingId) {
        let mut snapshot = self.to_be_changed();
        // No thing that was stated or imported has an empty name.
        let thing = snapshot.things.add(kind, Name::new(""), None);
        let commit = self.commit() + 1;
        for (ordinal, (attribute, value, denied)) in (0..).zip(told) {
            let id = ClaimId { commit, ordinal };
            let claim = Claim { id, value: Some(value), denied, evidence: Arc::default(), note: None };
            let standing = snapshot.cells.get((attribute, thing)).map(|claims| claims.to_vec());
            let claims: Arc<[Claim]> = standing.into_iter().flatten().chain([claim]).collect();
            snapshot.cells.put((attribute, thing), claims);
        }
        (snapshot, thing)
    }
}
