//! Arguments put together: from what the engine knows to proofs as data.

use super::derived::Fact;
use super::eval::Binding;
use super::proof::{Ground, Instance, Premise as Rests};
use super::scene::Scene;
use super::smallest::Smallest;
use super::truth::Truth;
use crate::answer::{Answer, Marks, Premise, Proof, Reason, Reference, Source, Standing, Verdict};
use crate::error::Result;
use crate::model::{Claim, Condition, Directory, KindId, Pattern, Rule, Test};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};

/// A proof goes so many conclusions deep; what is deeper is to be asked for.
const MOST_DEPTH: usize = 20;

/// Puts proofs together. One for each answer: what it has shown once it does not show again.
pub struct Arguer<'a> {
    pub scene: &'a Scene<'a>,
    pub(super) sizes: RefCell<FxHashMap<Fact, Smallest>>,
    /// What it all rests on is too much to find the smallest proof.
    pub(super) is_too_large: Cell<bool>,
    /// With the marks of the proof shown.
    pub(super) shown: RefCell<FxHashMap<Fact, Marks>>,
    /// What no proof may rest on: the statement that is to be proved.
    pub(super) but: Option<Fact>,
}

impl<'a> Arguer<'a> {
    pub fn new(scene: &'a Scene<'a>) -> Self {
        let (sizes, shown) = (RefCell::default(), RefCell::default());
        Arguer { scene, sizes, is_too_large: Cell::new(false), shown, but: None }
    }

    /// One whose proofs do not rest on a statement: none that this statement rests on is a proof of it.
    pub fn but(scene: &'a Scene<'a>, fact: &Fact) -> Self {
        Arguer { but: Some(fact.clone()), ..Arguer::new(scene) }
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
        let Some(source) = Directory::find(scene.snapshot, KindId::SOURCE, &key) else {
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
    pub fn claims(&self, ground: &Ground) -> Result<Vec<Claim>> {
        let fact = &ground.fact;
        let said = self.scene.said(fact.thing, fact.attribute)?;
        let says = |claim: &&Claim| claim.denied == fact.denied && claim.value.as_ref() == Some(&fact.value);
        let mut claims: Vec<Claim> = said.claims().filter(says).cloned().collect();
        claims.sort_by_key(|claim| (claim.evidence.hedged, claim.evidence.citations.is_empty(), claim.id));
        Ok(claims)
    }

    /// The proof by a claim.
    pub fn by_claim(&self, ground: &Ground, claim: &Claim) -> Result<Proof> {
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
        let above = self.shown.borrow().get(fact).copied();
        if above.is_some() || depth >= MOST_DEPTH {
            let stated = self.stated(fact)?;
            let remark = match above {
                Some(_) => "shown above".to_string(),
                None => {
                    let Fact { thing, attribute, value, denied } = fact;
                    let snapshot = self.scene.snapshot;
                    format!("it goes on: `why {}`", snapshot.assertable(*thing, *attribute, value, *denied))
                }
            };
            let marks = above.unwrap_or_default();
            return Ok(Proof { reason: reason(&instance.pattern), remark: Some(remark), marks, ..stated });
        }
        let proof = self.by_instance(fact, &instance, depth)?;
        self.shown.borrow_mut().insert(fact.clone(), proof.marks);
        Ok(Proof { others: smallest.ways - 1, ..proof })
    }

    /// The proof by one instance of a pattern.
    pub fn by_instance(&self, fact: &Fact, instance: &Instance, depth: usize) -> Result<Proof> {
        let (condition, failed) = decisive(&instance.pattern);
        let premises = self.premises_of(condition, &instance.binding, failed, depth + 1)?;
        self.on_premises(fact, instance, premises)
    }

    /// The proof by one instance of a pattern from these premises.
    pub fn on_premises(&self, fact: &Fact, instance: &Instance, premises: Vec<Proof>) -> Result<Proof> {
        let pattern = &instance.pattern;
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
            // That something is not met rests on no statement, whatever speaks against it besides.
            (Condition::Not(_), _) => {
                vec![unsaid(&condition.text(), self.scene.truth(condition, binding)?, failed)]
            }
            (Condition::Test(test), _) => self.of_test(test, binding, failed, depth)?,
        })
    }

    /// The steps of the smallest way in which a condition is met (or failed); `None` if it is not.
    pub fn size_of(&self, condition: &Condition, binding: &Binding, failed: bool) -> Result<Option<u64>> {
        let truth = self.scene.truth(condition, binding)?;
        if !(if failed { truth.failed } else { truth.met }) {
            return Ok(None);
        }
        let mut least: Option<u64> = None;
        for set in self.scene.alternatives(condition, binding, failed)? {
            let mut size: u64 = 1;
            let mut is_whole = true;
            for rests in &set {
                match self.least(rests)? {
                    Some((least, _)) => size = size.saturating_add(least),
                    None => is_whole = false,
                }
            }
            if is_whole {
                least = Some(least.map_or(size, |least| least.min(size)));
            }
        }
        Ok(least)
    }

    /// The premises on which a single test is met (or failed).
    pub fn of_test(&self, test: &Test, binding: &Binding, failed: bool, depth: usize) -> Result<Vec<Proof>> {
        let truth = self.scene.test(test, binding)?;
        // Of two of one size, the one with fewer different statements.
        let mut best: Option<((u64, usize), Vec<Ground>)> = None;
        for set in self.scene.alternatives_of_test(test, binding, failed)? {
            let (mut size, mut grounds) = (0u64, Vec::with_capacity(set.len()));
            for rests in &set {
                let Some((least, ground)) = self.least(rests)? else { continue };
                size = size.saturating_add(least);
                grounds.push(ground.clone());
            }
            let is_whole = grounds.len() == set.len();
            let different = grounds.iter().map(|ground| &ground.fact).collect::<FxHashSet<_>>().len();
            let size = (size, different);
            if is_whole && best.as_ref().is_none_or(|(least, _)| size < *least) {
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
            if Some(&ground.fact) == self.but.as_ref() {
                continue;
            }
            let size = match ground.claimed {
                true => Some(1),
                false => self.smallest(&ground.fact)?.size,
            };
            let Some(size) = size else { continue };
            if best.is_none_or(|(least, _)| size < least) {
                best = Some((size, ground));
            }
        }
        Ok(best)
    }
}

/// The condition on which a pattern concludes, and whether it is to fail.
pub fn decisive(pattern: &Pattern) -> (&Condition, bool) {
    match &pattern.rule {
        Rule::Sufficient { when, .. } => (when, false),
        Rule::Necessary { requires, .. } => (requires, true),
    }
}

/// A pattern as the reason of its conclusion.
pub fn reason(pattern: &Pattern) -> Reason {
    let title = pattern.title.as_ref().map(|title| title.to_string());
    Reason::Pattern { name: pattern.name.to_string(), title }
}

impl Arguer<'_> {
    /// A test that nothing decides: what is said of the cell all the same, which source was read and does not
    /// say, or that nothing is known.
    pub fn undecided(
        &self,
        test: &Test,
        binding: &Binding,
        failed: bool,
        depth: usize,
    ) -> Result<Vec<Proof>> {
        let premise = Some(decided(&test.text, self.scene.test(test, binding)?, failed));
        let mut nodes = Vec::new();
        for (thing, attribute) in self.scene.cells_tested(test, binding)? {
            let said = self.scene.said(thing, attribute)?;
            // Of what takes many values, others say nothing of this one.
            let supported = if said.is_many() { Vec::new() } else { said.supported() };
            for value in supported {
                let ground = self.scene.ground(thing, attribute, &said, value, false);
                nodes.push(Proof { premise: premise.clone(), ..self.by_ground(&ground, depth)? });
            }
            nodes.extend(said.silent().map(|claim| Proof {
                premise: premise.clone(),
                standing: Standing::Unknown,
                note: claim.note.as_ref().map(|note| note.to_string()),
                sources: self.scene.sources_of([claim]),
                ..Proof::default()
            }));
        }
        if nodes.is_empty() {
            nodes.push(Proof { premise, standing: Standing::Unknown, ..Proof::default() });
        }
        Ok(nodes)
    }
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
