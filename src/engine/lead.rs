//! Leads: in which ways patterns, and claims about a case, speak for or against something, and what is
//! still open.

use super::completion::{completions, constants};
use super::derived::Fact;
use super::eval::{Binding, start};
use super::join::{Join, conjuncts, on_first, variables};
use super::marks::Proofs;
use super::proof::{Instance, Premise};
use super::scene::Scene;
use super::truth::Statement;
use crate::answer::Source;
use crate::error::{ErrorKind, Result};
use crate::model::{
    AttributeId, Condition, Expression, KindId, Pattern, Rule, Start, Term, Test, ThingId, Value,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::sync::Arc;

/// One way in which a pattern, or a stored claim, speaks for or against a thing.
pub struct Lead {
    /// `None`: a stored claim about the case itself.
    pub pattern: Option<Arc<Pattern>>,
    pub denied: bool,
    /// The fewest conditions that must still hold: open ones, and those that not every completion meets.
    pub needs: Vec<String>,
    /// Whether none of them is open in this completion.
    pub fires: bool,
    pub used: usize,
    pub hedged: bool,
    /// Every pattern in the proof.
    pub patterns: Vec<Arc<Pattern>>,
    pub sources: Vec<Source>,
}

/// All completions, to see what holds in each of them. The described thing is the same in all.
pub struct AllWorlds<'a> {
    /// One for each completion.
    pub scenes: Vec<Scene<'a>>,
    certain: RefCell<FxHashMap<Sought, bool>>,
}

/// A test by its place in memory, on a binding, to be met or failed.
type Sought = (*const Test, Vec<Option<ThingId>>, bool);

impl<'a> AllWorlds<'a> {
    /// These completions.
    pub fn new(scenes: Vec<Scene<'a>>) -> Self {
        AllWorlds { scenes, certain: RefCell::default() }
    }

    /// Whether a test is met (or failed) in every completion.
    fn are_certain(&self, test: &Test, binding: &Binding, failed: bool) -> Result<bool> {
        let key = (std::ptr::from_ref(test), binding.to_vec(), failed);
        if let Some(known) = self.certain.borrow().get(&key) {
            return Ok(*known);
        }
        let mut certain = true;
        for scene in &self.scenes {
            let truth = scene.test(test, binding)?;
            certain &= if failed { truth.failed } else { truth.met };
            if !certain {
                break;
            }
        }
        self.certain.borrow_mut().insert(key, certain);
        Ok(certain)
    }
}

/// Looks for all leads in one world.
pub struct Searcher<'a> {
    pub scene: &'a Scene<'a>,
    pub all: &'a AllWorlds<'a>,
    pub case: ThingId,
    pub attribute: AttributeId,
    /// The attributes that the description tells.
    pub known: &'a [AttributeId],
}

/// A condition that must still hold.
#[derive(Clone)]
struct Need<'a> {
    test: &'a Test,
    /// Whether it must fail.
    negated: bool,
    /// In words: `not ...` where it must fail.
    text: String,
    /// Whether it is open, or else holds in this completion but not in all.
    open: bool,
}

/// A set of conditions that must hold together.
type Needs<'a> = Vec<Need<'a>>;

impl Searcher<'_> {
    /// By thing, every lead to it.
    pub fn leads(&self, patterns: &[Arc<Pattern>]) -> Result<FxHashMap<ThingId, Vec<Lead>>> {
        let mut leads: FxHashMap<ThingId, Vec<Lead>> = FxHashMap::default();
        let said = self.scene.said(self.case, self.attribute)?;
        for statement in said.statements() {
            if let Value::Thing(target) = statement.value {
                leads.entry(*target).or_default().extend(self.stored(&statement));
            }
        }
        for pattern in patterns {
            self.leads_of(pattern, &mut leads)?;
        }
        Ok(leads)
    }

    /// What claims about the case itself say for and against a thing.
    fn stored(&self, statement: &Statement) -> Vec<Lead> {
        let mut leads = Vec::new();
        for (claims, denied) in [(&statement.supporting, false), (&statement.denying, true)] {
            if !claims.is_empty() {
                leads.push(Lead {
                    pattern: None,
                    denied,
                    needs: Vec::new(),
                    fires: true,
                    used: 1,
                    hedged: claims.iter().all(|claim| claim.evidence.hedged),
                    patterns: Vec::new(),
                    sources: self.scene.sources_of(claims.iter().copied()),
                });
            }
        }
        leads
    }

    fn leads_of(&self, pattern: &Arc<Pattern>, leads: &mut FxHashMap<ThingId, Vec<Lead>>) -> Result<()> {
        for (conclusion, denied) in pattern.conclusions() {
            if conclusion.attribute != self.attribute {
                continue;
            }
            let mut binding = vec![None; pattern.variables.len()];
            binding[conclusion.variable] = Some(self.case);
            let is_case = [conclusion.variable];
            let mut found: Vec<(ThingId, Vec<Option<ThingId>>)> = Vec::new();
            Join::new(self.scene, pattern, &is_case).each(&mut binding, &mut |binding| {
                let target = match &conclusion.value {
                    Term::Value(Value::Thing(target)) => Some(*target),
                    Term::Variable(at) => binding[*at],
                    Term::Value(_) => None,
                };
                found.extend(target.map(|target| (target, binding.to_vec())));
                Ok(())
            })?;
            for (target, binding) in found {
                let (parts, failed) = match &pattern.rule {
                    Rule::Sufficient { when, .. } => (conjuncts(when), false),
                    Rule::Necessary { requires, .. } => (vec![requires], true),
                };
                let on_case = |part: &&&Condition| {
                    variables(part).contains(&conclusion.variable) || variables(part).is_empty()
                };
                let parts: Vec<&Condition> = parts.iter().filter(on_case).copied().collect();
                let mut sets: Vec<Needs> = vec![Vec::new()];
                for part in parts {
                    sets = cross(&sets, &self.needs(part, &binding, failed)?);
                }
                let fires = sets.iter().any(|needs| needs.iter().all(|need| !need.open));
                if let Some(needs) = self.smallest(sets)? {
                    let lead = self.lead(pattern, denied, &binding, needs, fires)?;
                    leads.entry(target).or_default().push(lead);
                }
            }
        }
        Ok(())
    }

    /// The minimal sets of conditions that would make a condition met (or failed) in every completion. No
    /// set: it is ruled out in this one.
    fn needs<'c>(&self, condition: &'c Condition, binding: &Binding, failed: bool) -> Result<Vec<Needs<'c>>> {
        Ok(match (condition, failed) {
            (Condition::All(parts), false) | (Condition::Any(parts), true) => {
                let mut sets: Vec<Needs> = vec![Vec::new()];
                for part in parts {
                    sets = cross(&sets, &self.needs(part, binding, failed)?);
                }
                sets
            }
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                let mut sets = Vec::new();
                for part in parts {
                    sets.extend(self.needs(part, binding, failed)?);
                }
                sets
            }
            (Condition::Not(inner), _) => self.needs(inner, binding, !failed)?,
            (Condition::Test(test), _) => {
                let truth = self.scene.test(test, binding)?;
                let truth = if failed { truth.swap() } else { truth };
                let text = || if failed { format!("not {}", test.text) } else { test.text.clone() };
                match (truth.met, truth.failed) {
                    (true, _) if self.all.are_certain(test, binding, failed)? => vec![Vec::new()],
                    (false, true) => Vec::new(),
                    (met, _) => vec![vec![Need { test, negated: failed, text: text(), open: !met }]],
                }
            }
        })
    }

    /// The smallest set that can hold: of two equal in size, the first by its words.
    fn smallest<'c>(&self, sets: Vec<Needs<'c>>) -> Result<Option<Needs<'c>>> {
        let words = |needs: &Needs| needs.iter().map(|need| need.text.clone()).collect::<Vec<_>>();
        let mut sets = sets;
        sets.sort_by_cached_key(|needs| (needs.len(), words(needs)));
        for needs in sets {
            if self.is_possible(&needs)? {
                return Ok(Some(needs));
            }
        }
        Ok(None)
    }

    /// Whether some value of each one-valued attribute satisfies all conditions of a set on it.
    fn is_possible(&self, needs: &Needs) -> Result<bool> {
        let mut wanted: FxHashMap<(usize, AttributeId, KindId), Vec<Condition>> = FxHashMap::default();
        for need in needs {
            let Expression::Path(path) = &need.test.left else { continue };
            let (Start::Variable(variable), [step]) = (path.start, &path.steps[..]) else { continue };
            let attribute = self.scene.vocabulary().attribute(step.attribute);
            let Some(kind) = attribute.kind.filter(|_| !attribute.many && !step.inverse) else { continue };
            if !constants(need.test, step.attribute).is_empty() {
                let condition = on_first(&Condition::Test(need.test.clone()));
                wanted.entry((variable, step.attribute, kind)).or_default().push(match need.negated {
                    true => Condition::Not(Box::new(condition)),
                    false => condition,
                });
            }
        }
        for ((_, _, kind), conditions) in wanted.into_iter().filter(|(_, conditions)| conditions.len() > 1) {
            let together = Condition::All(conditions);
            match completions(self.scene.snapshot, kind, &together, &[], self.scene.budget) {
                Err(error) if error.kind() == ErrorKind::Meaning => return Ok(false),
                Err(error) if error.kind() != ErrorKind::Limit => return Err(error),
                _ => {}
            }
        }
        Ok(true)
    }

    fn lead(
        &self,
        pattern: &Arc<Pattern>,
        denied: bool,
        binding: &[Option<ThingId>],
        needs: Needs,
        fires: bool,
    ) -> Result<Lead> {
        let mut used: FxHashSet<AttributeId> = FxHashSet::default();
        let mut sources: Vec<Source> = Vec::new();
        let mut patterns = vec![pattern.clone()];
        let mut hedged = pattern.evidence.hedged;
        let mut facts = Vec::new();
        let is_open = |test: &Test| needs.iter().any(|need| need.open && std::ptr::eq(need.test, test));
        let mut tests = Vec::new();
        pattern.condition().each_test(&mut |test, _| tests.push(test));
        for test in tests.into_iter().filter(|test| !is_open(test)) {
            self.use_of(test, binding, &mut used, &mut facts)?;
        }
        let instance = Instance { pattern: pattern.clone(), binding: binding.to_vec() };
        if fires {
            let alternatives = self.scene.premises(&instance)?;
            hedged |= self.are_all_hedged(&alternatives)?;
            let premises = alternatives.iter().flatten();
            let cited = premises.flat_map(|premise| &premise.grounds).flat_map(|ground| &ground.citations);
            sources.extend(cited.map(|citation| self.scene.source(citation)));
        }
        for fact in facts {
            self.use_of_fact(&fact, &mut used, &mut patterns)?;
        }
        let cited = patterns.iter().flat_map(|pattern| &pattern.evidence.citations);
        let cited: Vec<Source> = cited.map(|citation| self.scene.source(citation)).collect();
        let sources = distinct(cited.into_iter().chain(sources));
        let needs = needs.into_iter().map(|need| need.text).collect();
        let pattern = Some(pattern.clone());
        Ok(Lead { pattern, denied, needs, fires, used: used.len(), hedged, patterns, sources })
    }

    /// Whether every set of premises has one that is said with reserve.
    fn are_all_hedged(&self, alternatives: &[Vec<Premise>]) -> Result<bool> {
        for premises in alternatives {
            let mut hedged = false;
            for premise in premises {
                hedged |= self.is_hedged(premise)?;
            }
            if !hedged {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_hedged(&self, premise: &Premise) -> Result<bool> {
        for ground in &premise.grounds {
            let plain = match ground.conclusion() {
                Some(fact) => !self.scene.marks(fact.thing, fact.attribute, &fact.value, fact.denied)?.hedged,
                None => ground.plainly_claimed,
            };
            if plain {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which described attributes a test uses, and which conclusions about the case.
    fn use_of(
        &self,
        test: &Test,
        binding: &Binding,
        used: &mut FxHashSet<AttributeId>,
        facts: &mut Vec<Fact>,
    ) -> Result<()> {
        let mut read = Vec::new();
        test.each_path(&mut |path, _| {
            if let (Some(thing), Some(step)) = (start(path, binding), path.steps.first()) {
                read.push((thing, *step));
            }
        });
        for (thing, step) in read.into_iter().filter(|(thing, step)| *thing == self.case && !step.inverse) {
            if self.known.contains(&step.attribute) {
                used.insert(step.attribute);
            }
            let conclusions = self.scene.conclusions(thing, step.attribute)?;
            facts.extend(
                conclusions.iter().map(|c| Fact::new(thing, step.attribute, c.value.clone(), c.denied)),
            );
        }
        Ok(())
    }

    /// What the proofs of a premise use.
    fn use_of_fact(
        &self,
        fact: &Fact,
        used: &mut FxHashSet<AttributeId>,
        patterns: &mut Vec<Arc<Pattern>>,
    ) -> Result<()> {
        let proofs = Proofs::of(self.scene, fact)?;
        for (instance, premises) in proofs.all() {
            if !patterns.contains(&instance.pattern) {
                patterns.push(instance.pattern.clone());
            }
            let cells = premises.iter().map(|premise| premise.cell);
            used.extend(
                cells.filter(|(thing, a)| *thing == self.case && self.known.contains(a)).map(|(_, a)| a),
            );
        }
        Ok(())
    }
}

/// Every union of a set from either side.
fn cross<'c>(left: &[Needs<'c>], right: &[Needs<'c>]) -> Vec<Needs<'c>> {
    let mut sets = Vec::new();
    for a in left {
        for b in right {
            let mut union = a.clone();
            union.extend(b.iter().filter(|need| !a.iter().any(|known| known.text == need.text)).cloned());
            sets.push(union);
        }
    }
    // More alternatives than anybody reads: the smallest are kept.
    if sets.len() > 256 {
        sets.sort_by_key(Vec::len);
        sets.truncate(256);
    }
    sets
}

/// Each item once, in order of appearance.
pub fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
