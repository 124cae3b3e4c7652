//! `why`: proofs down to claims, the smallest first.

use super::derived::{Conclusion, Fact};
use super::eval::Binding;
use super::marks::{MOST_FACTS, Proofs};
use super::proof::{Ground, Instance, Premise as Rests};
use super::scene::Scene;
use super::truth::Truth;
use crate::answer::{Answer, Marks, Premise, Proof, Reason, Reference, Source, Standing, Verdict};
use crate::error::Result;
use crate::model::question::{Argued, Why};
use crate::model::{Claim, Condition, KindId, Pattern, Rule, Test};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};

/// A proof goes so many conclusions deep; what is deeper is to be asked for.
const MOST_DEPTH: usize = 48;
/// The size of what is not known to be smaller.
const LARGE: u64 = u64::MAX / 1024;

/// Answers `why`.
pub fn answer(scene: &Scene, why: &Why) -> Result<Answer> {
    let arguer = Arguer::new(scene);
    let mut notes = Vec::new();
    let proofs = match &why.of {
        Argued::Cell(thing, attribute) => arguer.why_cell(*thing, *attribute)?,
        Argued::Condition(condition) => {
            let truth = scene.truth(condition, &[])?;
            notes.extend(said_otherwise(condition, truth));
            arguer.why(condition, truth, why.all)?
        }
    };
    let mut answer = arguer.argued(proofs);
    if answer.proofs().is_empty() && notes.is_empty() {
        notes.push("nothing is known of it".to_string());
    }
    if !why.all && answer.proofs().iter().any(|proof| proof.others > 0) {
        notes.push("`why all ...` shows every proof".to_string());
    }
    notes.into_iter().for_each(|note| answer.note(note));
    Ok(answer)
}

fn said_otherwise(condition: &Condition, truth: Truth) -> Option<String> {
    let text = condition.text();
    match (truth.met, truth.failed) {
        (true, true) => {
            Some(format!("`{text}` is contested: first what speaks for it, then what speaks against it"))
        }
        (true, false) => None,
        (false, true) => Some(format!(
            "`{text}` does not hold: this speaks against it; `why not {text}` says what it would take"
        )),
        (false, false) => Some(format!(
            "nothing speaks for `{text}` or against it; `why not {text}` says what it would take"
        )),
    }
}

/// Puts proofs together. One for each answer: what it has shown once it does not show again.
pub struct Arguer<'a> {
    pub scene: &'a Scene<'a>,
    sizes: RefCell<FxHashMap<Fact, Smallest>>,
    /// What it all rests on is too much to find the smallest proof.
    is_too_large: Cell<bool>,
    shown: RefCell<FxHashSet<Fact>>,
}

/// How small the smallest proof of a conclusion is.
#[derive(Clone)]
struct Smallest {
    /// Steps, itself included; `None`: too large a graph to tell.
    size: Option<u64>,
    instance: Option<Instance>,
    /// So many instances of patterns conclude it.
    ways: usize,
}

impl<'a> Arguer<'a> {
    pub fn new(scene: &'a Scene<'a>) -> Self {
        Arguer { scene, sizes: RefCell::default(), is_too_large: Cell::new(false), shown: RefCell::default() }
    }

    /// The answer, with the sources that it cites.
    pub fn argued(&self, proofs: Vec<Proof>) -> Answer {
        let mut keys: Vec<String> = Vec::new();
        proofs.iter().for_each(|proof| cited(proof, &mut keys));
        let references = keys.into_iter().map(|key| self.reference(key)).collect();
        Answer::argued(proofs, references)
    }

    /// Author, year and title of a source, as far as the store knows them.
    fn reference(&self, key: String) -> Reference {
        let scene = self.scene;
        let Some(source) = crate::model::Directory::find(scene.snapshot, KindId::SOURCE, &key) else {
            return Reference { key, text: String::new() };
        };
        let words = |attribute: &str| {
            let step = scene.vocabulary().step(KindId::SOURCE, attribute)?;
            let said = scene.said(source, step.attribute).ok()?;
            let values: Vec<String> =
                said.supported().into_iter().map(|value| scene.show(step.attribute, value)).collect();
            (!values.is_empty()).then(|| values.join("; "))
        };
        let title = scene.snapshot.things().title(source).map(str::to_string);
        let text = match (words("author"), words("year")) {
            (Some(author), Some(year)) => Some(format!("{author} ({year})")),
            (author, year) => author.or(year),
        };
        Reference { key, text: text.into_iter().chain(title).collect::<Vec<_>>().join(", ") }
    }

    // ---- roots ----------------------------------------------------------------------------------

    /// The smallest proof of each side of each statement about a cell.
    fn why_cell(
        &self,
        thing: crate::model::ThingId,
        attribute: crate::model::AttributeId,
    ) -> Result<Vec<Proof>> {
        let said = self.scene.said(thing, attribute)?;
        let mut proofs = Vec::new();
        for statement in said.statements() {
            for denied in [false, true] {
                let ground = self.scene.ground(thing, attribute, &said, statement.value, denied);
                if ground.claimed || ground.concluded {
                    proofs.push(self.by_ground(&ground, 0)?);
                }
            }
        }
        Ok(proofs)
    }

    /// What speaks for a condition, then what speaks against it.
    fn why(&self, condition: &Condition, truth: Truth, all: bool) -> Result<Vec<Proof>> {
        let mut proofs = Vec::new();
        for (is_so, failed) in [(truth.met, false), (truth.failed, true)] {
            if !is_so {
                continue;
            }
            // A fact that both sides rest on is shown on both.
            self.shown.borrow_mut().clear();
            match condition {
                Condition::Test(test) if all => proofs.extend(self.every(test, failed)?),
                Condition::Test(test) => {
                    let mut nodes = self.of_test(test, &[], failed, 0)?;
                    match nodes.len() {
                        1 => proofs.extend(nodes.pop().map(|node| root(node, test, truth))),
                        _ => proofs.push(together(condition, truth, nodes)),
                    }
                }
                _ => proofs.push(together(condition, truth, self.premises_of(condition, &[], failed, 0)?)),
            }
        }
        Ok(proofs)
    }

    /// A proof by each claim and each pattern that decides a test, the smallest first.
    fn every(&self, test: &Test, failed: bool) -> Result<Vec<Proof>> {
        let truth = self.scene.test(test, &[])?;
        let mut found: Vec<(u64, Proof)> = Vec::new();
        for set in self.scene.alternatives_of_test(test, &[], failed)? {
            let [rests] = &set[..] else {
                let nodes = self.of_test(test, &[], failed, 0)?;
                return Ok(vec![together(&Condition::Test(test.clone()), truth, nodes)]);
            };
            for ground in &rests.grounds {
                for claim in self.claims(ground)? {
                    found.push((1, root(self.by_claim(ground, &claim)?, test, truth)));
                }
                if ground.concluded {
                    for instance in self.scene.instances(&ground.fact)? {
                        self.shown.borrow_mut().clear();
                        let node = self.by_instance(&ground.fact, &instance, 0)?;
                        found.push((steps(&node), root(node, test, truth)));
                    }
                }
            }
        }
        found.sort_by_key(|(size, _)| *size);
        let proofs = found.into_iter().map(|(_, proof)| Proof { others: 0, ..proof });
        Ok(proofs.collect())
    }

    // ---- statements -----------------------------------------------------------------------------

    /// The smallest proof of a statement: by a claim, else by a pattern.
    pub fn by_ground(&self, ground: &Ground, depth: usize) -> Result<Proof> {
        let claims = self.claims(ground)?;
        match claims.first() {
            Some(claim) => self.by_claim(ground, claim),
            None => self.by_pattern(&ground.fact, depth),
        }
    }

    /// The claims that say it: those without reserve and with a citation first.
    fn claims(&self, ground: &Ground) -> Result<Vec<Claim>> {
        let fact = &ground.fact;
        let said = self.scene.said(fact.thing, fact.attribute)?;
        let says = |claim: &&Claim| claim.denied == fact.denied && claim.value.as_ref() == Some(&fact.value);
        let mut claims: Vec<Claim> = said.claims().filter(says).cloned().collect();
        claims.sort_by_key(|claim| (claim.evidence.hedged, claim.evidence.citations.is_empty(), claim.id));
        Ok(claims)
    }

    fn by_claim(&self, ground: &Ground, claim: &Claim) -> Result<Proof> {
        let others = self.claims(ground)?.len() - 1 + self.ways(&ground.fact, ground.concluded)?;
        // What is only supposed has no number: no commit holds it.
        let name = match claim.id.commit > self.scene.snapshot.commit() {
            true => "supposed".to_string(),
            false => claim.id.to_string(),
        };
        let when = claim.evidence.when.words();
        Ok(Proof {
            reason: Reason::Claim(name),
            marks: Marks { hedged: claim.evidence.hedged, ..Marks::default() },
            when: (!when.is_empty()).then_some(when),
            note: claim.note.as_ref().map(|note| note.to_string()),
            sources: self.scene.sources_of([claim]),
            others,
            ..self.stated(&ground.fact)?
        })
    }

    fn by_pattern(&self, fact: &Fact, depth: usize) -> Result<Proof> {
        let smallest = self.smallest(fact)?;
        let Some(instance) = smallest.instance else { return self.stated(fact) };
        if depth >= MOST_DEPTH || !self.shown.borrow_mut().insert(fact.clone()) {
            let stated = self.stated(fact)?;
            let note = match depth >= MOST_DEPTH {
                true => format!("it goes on: `why {}`", stated.statement),
                false => "shown above".to_string(),
            };
            return Ok(Proof { reason: reason(&instance.pattern), note: Some(note), ..stated });
        }
        Ok(Proof { others: smallest.ways - 1, ..self.by_instance(fact, &instance, depth)? })
    }

    /// The proof by one instance of a pattern.
    pub fn by_instance(&self, fact: &Fact, instance: &Instance, depth: usize) -> Result<Proof> {
        let pattern = &instance.pattern;
        let premises = match &pattern.rule {
            Rule::Sufficient { when, .. } => self.premises_of(when, &instance.binding, false, depth + 1)?,
            Rule::Necessary { requires, .. } => {
                self.premises_of(requires, &instance.binding, true, depth + 1)?
            }
        };
        let is_seen = instance.binding.iter().flatten().any(|thing| pattern.seen_in.contains(thing));
        let mut marks = Marks {
            concluded: true,
            hedged: pattern.evidence.hedged,
            by_analogy: !is_seen,
            ..Marks::default()
        };
        for premise in &premises {
            let contested = premise.premise.as_ref().is_some_and(|p| p.truth == Verdict::Contested);
            marks = marks.or(Marks { concluded: true, contested_ground: contested, ..Marks::default() });
            marks = marks.or(premise.marks);
        }
        let sources = pattern.evidence.citations.iter().map(|citation| self.scene.source(citation)).collect();
        Ok(Proof { reason: reason(pattern), marks, sources, premises, ..self.stated(fact)? })
    }

    /// A statement without a reason yet.
    pub fn stated(&self, fact: &Fact) -> Result<Proof> {
        let said = self.scene.said(fact.thing, fact.attribute)?;
        let truth = said.equals(&fact.value);
        let statement =
            self.scene.snapshot.statement_in_words(fact.thing, fact.attribute, &fact.value, fact.denied);
        Ok(Proof { statement, standing: Standing::of(truth.met, truth.failed), ..Proof::default() })
    }

    // ---- conditions -----------------------------------------------------------------------------

    /// The premises on which a condition is met (or failed), of several ways the smallest.
    pub fn premises_of(
        &self,
        condition: &Condition,
        binding: &Binding,
        failed: bool,
        depth: usize,
    ) -> Result<Vec<Proof>> {
        Ok(match (condition, failed) {
            (Condition::All(parts), false) | (Condition::Any(parts), true) => {
                let mut premises = Vec::new();
                for part in parts {
                    premises.extend(self.premises_of(part, binding, failed, depth)?);
                }
                premises
            }
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                let mut best: Option<(u64, &Condition)> = None;
                for part in parts {
                    if let Some(size) = self.size_of(part, binding, failed)?
                        && best.as_ref().is_none_or(|(least, _)| size < *least)
                    {
                        best = Some((size, part));
                    }
                }
                match best {
                    Some((_, part)) => self.premises_of(part, binding, failed, depth)?,
                    None => Vec::new(),
                }
            }
            (Condition::Not(inner), _) if self.scene.strict_not || failed => {
                self.premises_of(inner, binding, !failed, depth)?
            }
            // That something is not met rests on no statement.
            (Condition::Not(_), _) => {
                vec![unsaid(&condition.text(), self.scene.truth(condition, binding)?, failed)]
            }
            (Condition::Test(test), _) => self.of_test(test, binding, failed, depth)?,
        })
    }

    /// The steps of the smallest way in which a condition is met (or failed); `None` if it is not.
    fn size_of(&self, condition: &Condition, binding: &Binding, failed: bool) -> Result<Option<u64>> {
        let truth = self.scene.truth(condition, binding)?;
        if !(if failed { truth.failed } else { truth.met }) {
            return Ok(None);
        }
        let mut least: Option<u64> = None;
        for set in self.scene.alternatives(condition, binding, failed)? {
            let mut size = 1;
            for rests in &set {
                size += self.least(rests)?.map_or(LARGE, |(size, _)| size);
            }
            least = Some(least.map_or(size, |least| least.min(size)));
        }
        Ok(least.or(Some(1)))
    }

    /// The premises on which a single test is met (or failed).
    fn of_test(&self, test: &Test, binding: &Binding, failed: bool, depth: usize) -> Result<Vec<Proof>> {
        let truth = self.scene.test(test, binding)?;
        let mut best: Option<(u64, Vec<Ground>)> = None;
        for set in self.scene.alternatives_of_test(test, binding, failed)? {
            let (mut size, mut grounds) = (0u64, Vec::with_capacity(set.len()));
            for rests in &set {
                let Some((least, ground)) = self.least(rests)? else { continue };
                size = size.saturating_add(least);
                grounds.push(ground.clone());
            }
            if best.as_ref().is_none_or(|(least, _)| size < *least) {
                best = Some((size, grounds));
            }
        }
        let grounds = best.map(|(_, grounds)| grounds).unwrap_or_default();
        if grounds.is_empty() {
            return Ok(vec![unsaid(&test.text, truth, failed)]);
        }
        let premise = decided(&test.text, truth, failed);
        let node =
            |ground: &Ground| Ok(Proof { premise: Some(premise.clone()), ..self.by_ground(ground, depth)? });
        grounds.iter().map(node).collect()
    }

    /// The ground of a premise with the smallest proof.
    fn least<'g>(&self, rests: &'g Rests) -> Result<Option<(u64, &'g Ground)>> {
        let mut best: Option<(u64, &Ground)> = None;
        for ground in &rests.grounds {
            let size = match ground.claimed {
                true => 1,
                false => self.smallest(&ground.fact)?.size.unwrap_or(LARGE),
            };
            if best.is_none_or(|(least, _)| size < least) {
                best = Some((size, ground));
            }
        }
        Ok(best)
    }

    // ---- sizes ----------------------------------------------------------------------------------

    fn ways(&self, fact: &Fact, concluded: bool) -> Result<usize> {
        if concluded { Ok(self.smallest(fact)?.ways) } else { Ok(0) }
    }

    fn smallest(&self, fact: &Fact) -> Result<Smallest> {
        if let Some(known) = self.sizes.borrow().get(fact) {
            return Ok(known.clone());
        }
        if !self.is_too_large.get() {
            let proofs = Proofs::of(self.scene, fact)?;
            self.is_too_large.set(proofs.instances.len() >= MOST_FACTS);
            let found = sizes(&proofs).into_iter().filter(|(_, smallest)| smallest.size.is_some());
            let mut sizes = self.sizes.borrow_mut();
            found.for_each(|(fact, smallest)| {
                sizes.entry(fact).or_insert(smallest);
            });
        }
        let known = self.sizes.borrow().get(fact).cloned();
        let smallest = match known {
            Some(known) => known,
            None => self.earliest(fact)?,
        };
        Ok(self.sizes.borrow_mut().entry(fact.clone()).or_insert(smallest).clone())
    }

    /// Some proof, where there are too many to find the smallest: by an instance whose premises were all there
    /// before the conclusion.
    fn earliest(&self, fact: &Fact) -> Result<Smallest> {
        let round = self.round(fact)?.unwrap_or(u32::MAX);
        let instances = self.scene.instances(fact)?;
        let mut earliest = None;
        'instances: for instance in &instances {
            for set in self.scene.premises(instance)? {
                let mut was_there = true;
                for rests in &set {
                    was_there &= self.was_there(rests, round)?;
                }
                if was_there {
                    earliest = Some(instance.clone());
                    break 'instances;
                }
            }
        }
        let size = Some(LARGE + u64::from(round));
        Ok(Smallest { size, instance: earliest, ways: instances.len().max(1) })
    }

    fn was_there(&self, rests: &Rests, round: u32) -> Result<bool> {
        for ground in &rests.grounds {
            if ground.claimed || self.round(&ground.fact)?.is_some_and(|appeared| appeared < round) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn round(&self, fact: &Fact) -> Result<Option<u32>> {
        let conclusions = self.scene.conclusions(fact.thing, fact.attribute)?;
        let is_fact = |c: &&Conclusion| c.denied == fact.denied && c.value == fact.value;
        Ok(conclusions.iter().find(is_fact).map(|c| c.round))
    }
}

/// The sizes of the smallest proofs: a conclusion takes one step more than its premises together (Knuth, "A
/// generalization of Dijkstra's algorithm", 1977, by rounds until nothing gets smaller). A proof in which a
/// conclusion rests on itself is never the smallest.
fn sizes(proofs: &Proofs) -> FxHashMap<Fact, Smallest> {
    let mut sizes: FxHashMap<Fact, Smallest> = FxHashMap::default();
    for (fact, instances) in &proofs.instances {
        let mut bindings: Vec<(&str, &[Option<crate::model::ThingId>])> =
            instances.iter().map(|(i, _)| (i.pattern.name.folded(), &i.binding[..])).collect();
        bindings.sort_unstable();
        bindings.dedup();
        sizes.insert(fact.clone(), Smallest { size: None, instance: None, ways: bindings.len().max(1) });
    }
    loop {
        let mut smaller = Vec::new();
        for (fact, instances) in &proofs.instances {
            let known = sizes.get(fact).and_then(|smallest| smallest.size);
            let sized = instances
                .iter()
                .filter_map(|(instance, premises)| Some((size_of_instance(premises, &sizes)?, instance)));
            let best = sized.min_by_key(|(size, instance)| (*size, instance.pattern.evidence.hedged));
            if let Some((size, instance)) = best.filter(|(size, _)| known.is_none_or(|known| *size < known)) {
                smaller.push((fact, size, instance));
            }
        }
        if smaller.is_empty() {
            return sizes;
        }
        for (fact, size, instance) in smaller {
            if let Some(smallest) = sizes.get_mut(fact) {
                smallest.size = Some(size);
                smallest.instance = Some(instance.clone());
            }
        }
    }
}

fn size_of_instance(premises: &[Rests], sizes: &FxHashMap<Fact, Smallest>) -> Option<u64> {
    let mut total = 1u64;
    for rests in premises {
        let size = |ground: &Ground| match ground.claimed {
            true => Some(1),
            false => sizes.get(&ground.fact)?.size,
        };
        total = total.saturating_add(rests.grounds.iter().filter_map(size).min()?);
    }
    Some(total)
}

/// A pattern as the reason of its conclusion.
pub fn reason(pattern: &Pattern) -> Reason {
    let title = pattern.title.as_ref().map(|title| title.to_string());
    Reason::Pattern { name: pattern.name.to_string(), title }
}

/// What became of a condition that is wanted to be met (or failed).
pub fn decided(condition: &str, truth: Truth, failed: bool) -> Premise {
    let holds = if failed { truth.failed } else { truth.met };
    Premise { condition: condition.to_string(), truth: Verdict::of(truth.met, truth.failed), holds }
}

/// A premise that rests on no statement, or that nothing decides.
pub fn unsaid(condition: &str, truth: Truth, failed: bool) -> Proof {
    Proof {
        premise: Some(decided(condition, truth, failed)),
        standing: Standing::Unknown,
        ..Proof::default()
    }
}

/// The first step of a proof: the condition stands beside the statement only where it is another.
fn root(node: Proof, test: &Test, truth: Truth) -> Proof {
    let says_it_all = node.statement == test.text && !(truth.met && truth.failed);
    let premise = Premise {
        condition: test.text.clone(),
        truth: Verdict::of(truth.met, truth.failed),
        holds: truth.met,
    };
    Proof { premise: (!says_it_all).then_some(premise), ..node }
}

/// Several premises as one proof of a condition.
fn together(condition: &Condition, truth: Truth, premises: Vec<Proof>) -> Proof {
    let marks = premises.iter().fold(Marks::default(), |marks, premise| marks.or(premise.marks));
    Proof {
        statement: condition.text(),
        standing: Standing::of(truth.met, truth.failed),
        marks,
        premises,
        ..Proof::default()
    }
}

/// So many steps does a proof have.
fn steps(proof: &Proof) -> u64 {
    1 + proof.premises.iter().map(steps).sum::<u64>()
}

/// The keys of all sources that a proof cites, in order of appearance.
fn cited(proof: &Proof, keys: &mut Vec<String>) {
    for Source { key, via, .. } in &proof.sources {
        for key in [Some(key), via.as_ref()].into_iter().flatten() {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    proof.premises.iter().for_each(|premise| cited(premise, keys));
}
