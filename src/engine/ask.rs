//! Asking by describing: what patterns lead to from a case that is only described, and what is still
//! needed for the rest.

use super::budget::Budget;
use super::completion::{Completion, completions, constants, imagine, mentioned};
use super::derived::Fact;
use super::eval::{Binding, Typed, start};
use super::fixpoint;
use super::join::{Join, conjuncts, variables};
use super::knowledge::Knowledge;
use super::proof::Proofs;
use super::scene::Scene;
use super::strata;
use super::truth::Statement;
use crate::answer::{Cell, Datum, Source, Standing};
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::condition::Field;
use crate::model::question::{Described, Description};
use crate::model::{
    AttributeId, Comparison, Condition, Expression, KindId, Pattern, Rule, Start, Term, Test, TestForm,
    ThingId, TimeScope, Value,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::sync::Arc;

/// What a description leads to, and how.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The thing asked for.
    pub thing: ThingId,
    /// Whether it applies in every completion of the description.
    pub applies: bool,
    /// Supported or contested.
    standing: Standing,
    hedged: bool,
    /// The smallest set of open conditions that would make it apply.
    needs: Vec<String>,
    /// So many of the described attributes does its best proof use.
    used: usize,
    /// Those that support it first, then those that deny it.
    patterns: Vec<Arc<Pattern>>,
    cases: Vec<String>,
    sources: Vec<Source>,
    described: Vec<Typed>,
    /// Which attribute each of `described` is a value of.
    described_of: Vec<AttributeId>,
}

impl Asked {
    /// What stands in a column of the answer.
    pub fn field(&self, field: Field) -> Cell {
        match field {
            Field::Status if self.applies => Cell::text("applies"),
            Field::Status => Cell::text("would apply if"),
            Field::Needs => Cell::list(self.needs.iter().cloned().map(Datum::Text)),
            Field::Standing => Cell::text(self.standing.name()),
            Field::Hedged => Cell::one(Datum::YesNo(self.hedged)),
            Field::Patterns => {
                Cell::list(self.patterns.iter().map(|pattern| Datum::Name(pattern.name.to_string())))
            }
            Field::Cases => Cell::list(self.cases.iter().cloned().map(Datum::Name)),
            Field::Sources => Cell::list(self.sources.iter().cloned().map(Datum::Source)),
        }
    }

    /// The values of a described attribute in the conditions of the patterns that lead here.
    pub fn described(&self, attribute: AttributeId) -> Vec<Typed> {
        let pairs = self.described.iter().zip(&self.described_of);
        pairs.filter(|(_, of)| **of == attribute).map(|(typed, _)| typed.clone()).collect()
    }
}

/// One way in which a pattern, or a stored claim, speaks for or against a thing.
struct Lead {
    /// `None`: a stored claim about the case itself.
    pattern: Option<Arc<Pattern>>,
    denied: bool,
    /// The fewest conditions that must still hold: open ones, and those that not every completion meets.
    needs: Vec<String>,
    /// Whether none of them is open in this completion.
    fires: bool,
    used: usize,
    hedged: bool,
    /// Every pattern in the proof.
    patterns: Vec<Arc<Pattern>>,
    sources: Vec<Source>,
}

/// A completion with everything that follows from it.
struct World {
    snapshot: Arc<Snapshot>,
    thing: ThingId,
    derived: Arc<super::derived::Derived>,
}

impl World {
    fn scene<'a>(&'a self, scope: &'a TimeScope, budget: &'a Budget) -> Scene<'a> {
        let mut scene = Scene::new(&self.snapshot, scope, budget);
        scene.strict_not = true;
        scene.derived = self.derived.clone();
        scene
    }
}

/// What the described case leads to: first what applies, then by the number of described attributes that
/// the best proof uses, then supported before contested, then by name.
pub fn ask(
    knowledge: &Knowledge,
    scene: &Scene,
    description: &Description,
    scope: &TimeScope,
    budget: &Budget,
) -> Result<Vec<Asked>> {
    let context = description.context;
    let snapshot = knowledge.snapshot();
    let all: Vec<Arc<Pattern>> = snapshot.patterns().cloned().collect();
    let patterns = strata::relevant(&all, &[context.attribute]);
    let (worlds, known) = match &description.of {
        Described::Hypothetical(condition) => {
            let ways = completions(snapshot, context.kind, condition, &patterns, budget)?;
            let worlds = ways.iter().map(|way| world(snapshot, context.kind, way, &patterns, scope, budget));
            (worlds.collect::<Result<Vec<World>>>()?, mentioned(condition))
        }
        Described::Stored(thing) => {
            let mut case = Scene::new(snapshot, scope, budget);
            case.strict_not = true;
            fixpoint::conclude(&mut case, &patterns, Some(*thing))?;
            let known = claimed_attributes(&case, *thing, context.kind);
            (vec![World { snapshot: snapshot.clone(), thing: *thing, derived: case.derived }], known)
        }
    };
    let scenes = worlds.iter().map(|world| world.scene(scope, budget)).collect();
    let all = AllWorlds { scenes, certain: RefCell::default() };
    let mut leads: Vec<FxHashMap<ThingId, Vec<Lead>>> = Vec::with_capacity(worlds.len());
    for (world, case) in worlds.iter().zip(&all.scenes) {
        let searcher = Searcher {
            scene: case,
            all: &all,
            case: world.thing,
            attribute: context.attribute,
            known: &known,
        };
        leads.push(searcher.leads(&patterns)?);
    }
    let mut targets: Vec<ThingId> = leads.iter().flat_map(|leads| leads.keys().copied()).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut asked = Vec::new();
    for target in targets {
        let ways: Vec<&[Lead]> =
            leads.iter().map(|leads| leads.get(&target).map_or(&[][..], Vec::as_slice)).collect();
        asked.extend(combine(scene, context, target, &ways)?);
    }
    let name = |asked: &Asked| crate::model::Name::new(scene.snapshot.things().name(asked.thing));
    asked.sort_by_cached_key(|asked| {
        (!asked.applies, std::cmp::Reverse(asked.used), asked.standing, name(asked))
    });
    Ok(asked)
}

fn world(
    snapshot: &Arc<Snapshot>,
    kind: KindId,
    way: &Completion,
    patterns: &[Arc<Pattern>],
    scope: &TimeScope,
    budget: &Budget,
) -> Result<World> {
    let (snapshot, thing) = imagine(snapshot, kind, way);
    let mut scene = Scene::new(&snapshot, scope, budget);
    scene.strict_not = true;
    fixpoint::conclude(&mut scene, patterns, Some(thing))?;
    let derived = scene.derived;
    Ok(World { snapshot: Arc::new(snapshot), thing, derived })
}

fn claimed_attributes(scene: &Scene, thing: ThingId, kind: KindId) -> Vec<AttributeId> {
    let attributes = scene.vocabulary().attributes_of(kind).iter().copied();
    attributes.filter(|attribute| scene.said(thing, *attribute).claims().next().is_some()).collect()
}

/// All completions, to see what holds in each of them. The described thing is the same in all.
struct AllWorlds<'a> {
    scenes: Vec<Scene<'a>>,
    certain: RefCell<FxHashMap<Sought, bool>>,
}

/// A test by its place in memory, on a binding, to be met or failed.
type Sought = (*const Test, Vec<Option<ThingId>>, bool);

impl AllWorlds<'_> {
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
struct Searcher<'a> {
    scene: &'a Scene<'a>,
    all: &'a AllWorlds<'a>,
    case: ThingId,
    attribute: AttributeId,
    /// The attributes that the description tells.
    known: &'a [AttributeId],
}

/// A condition that must still hold.
#[derive(Clone)]
struct Need<'a> {
    test: &'a Test,
    /// In words: `not ...` where it must fail.
    text: String,
    /// Whether it is open, or else holds in this completion but not in all.
    open: bool,
}

/// A set of conditions that must hold together.
type Needs<'a> = Vec<Need<'a>>;

impl Searcher<'_> {
    fn leads(&self, patterns: &[Arc<Pattern>]) -> Result<FxHashMap<ThingId, Vec<Lead>>> {
        let mut leads: FxHashMap<ThingId, Vec<Lead>> = FxHashMap::default();
        let said = self.scene.said(self.case, self.attribute);
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
                if let Some(needs) = self.smallest(sets) {
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
                    (met, _) => vec![vec![Need { test, text: text(), open: !met }]],
                }
            }
        })
    }

    /// The smallest set that can hold: of two equal in size, the first by its words.
    fn smallest<'c>(&self, sets: Vec<Needs<'c>>) -> Option<Needs<'c>> {
        let words = |needs: &Needs| needs.iter().map(|need| need.text.clone()).collect::<Vec<_>>();
        sets.into_iter()
            .filter(|needs| self.is_possible(needs))
            .min_by_key(|needs| (needs.len(), words(needs)))
    }

    /// Whether no two conditions of a set want different values of a one-valued attribute.
    fn is_possible(&self, needs: &Needs) -> bool {
        let wanted = |need: &Need| match (&need.test.left, &need.test.form) {
            (
                Expression::Path(path),
                TestForm::Compare { comparison: Comparison::Equal, right: Expression::Value(value), .. },
            ) if path.steps.len() == 1 && !need.text.starts_with("not ") => {
                Some((path.steps[0].attribute, value.clone()))
            }
            _ => None,
        };
        let wanted: Vec<(AttributeId, Value)> = needs.iter().filter_map(wanted).collect();
        let clash = |(at, (attribute, value)): (usize, &(AttributeId, Value))| {
            !self.scene.vocabulary().attribute(*attribute).many
                && wanted[at + 1..].iter().any(|(other, wanted)| other == attribute && wanted.excludes(value))
        };
        !wanted.iter().enumerate().any(clash)
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
        let open: Vec<&str> =
            needs.iter().filter(|need| need.open).map(|need| need.test.text.as_str()).collect();
        let mut tests = Vec::new();
        pattern.condition().each_test(&mut |test, _| tests.push(test));
        for test in tests.into_iter().filter(|test| !open.contains(&test.text.as_str())) {
            self.use_of(test, binding, &mut used, &mut facts)?;
        }
        let instance = super::proof::Instance { pattern: pattern.clone(), binding: binding.to_vec() };
        if fires {
            for premise in self.scene.premises(&instance)? {
                hedged |= premise
                    .grounds
                    .iter()
                    .all(|ground| !ground.plainly_claimed && ground.concluded.is_none());
                let cited = premise.grounds.iter().flat_map(|ground| &ground.citations);
                sources.extend(cited.map(|citation| self.scene.source(citation)));
            }
        }
        for fact in facts {
            self.use_of_fact(&fact, &mut used, &mut patterns, &mut hedged)?;
        }
        let cited = patterns.iter().flat_map(|pattern| &pattern.evidence.citations);
        let cited: Vec<Source> = cited.map(|citation| self.scene.source(citation)).collect();
        let sources = distinct(cited.into_iter().chain(sources));
        let needs = needs.into_iter().map(|need| need.text).collect();
        let pattern = Some(pattern.clone());
        Ok(Lead { pattern, denied, needs, fires, used: used.len(), hedged, patterns, sources })
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
            let conclusions = self.scene.derived.conclusions(thing, step.attribute);
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
        hedged: &mut bool,
    ) -> Result<()> {
        let proofs = Proofs::of(self.scene, fact)?;
        *hedged |= self.scene.marks(fact.thing, fact.attribute, &fact.value)?.hedged;
        for (instance, premises) in proofs.instances.values().flatten() {
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

fn distinct<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

/// Puts together what the completions say of one thing; `None` if nothing speaks for it.
fn combine(
    scene: &Scene,
    context: crate::model::Context,
    target: ThingId,
    ways: &[&[Lead]],
) -> Result<Option<Asked>> {
    let applies = ways.iter().all(|leads| leads.iter().any(|lead| !lead.denied && lead.fires));
    let supporting: Vec<&Lead> =
        ways.iter().flat_map(|leads| leads.iter()).filter(|lead| !lead.denied).collect();
    if supporting.is_empty() {
        return Ok(None);
    }
    let denying: Vec<&Lead> = ways.iter().flat_map(|leads| leads.iter()).filter(|lead| lead.denied).collect();
    let needs = match applies {
        true => Vec::new(),
        false => {
            let sets = supporting.iter().map(|lead| lead.needs.clone());
            sets.min_by_key(|needs| (needs.len(), needs.clone())).unwrap_or_default()
        }
    };
    let counts = |lead: &&Lead| if applies { lead.fires } else { lead.needs.len() == needs.len() };
    let counted: Vec<&Lead> = supporting.into_iter().filter(counts).collect();
    let patterns = distinct(counted.iter().chain(&denying).flat_map(|lead| lead.patterns.iter().cloned()));
    let seen_in = patterns.iter().flat_map(|pattern| pattern.seen_in.iter().copied());
    let stored = stored_cases(scene, context.attribute, target)?;
    let cases = distinct(seen_in.chain(stored))
        .into_iter()
        .map(|case| scene.snapshot.things().name(case).to_string());
    let sources = distinct(counted.iter().chain(&denying).flat_map(|lead| lead.sources.iter().cloned()));
    let (described, described_of) = described_values(context.kind, &counted, scene);
    Ok(Some(Asked {
        thing: target,
        applies,
        standing: if denying.is_empty() { Standing::Supported } else { Standing::Contested },
        hedged: counted.iter().all(|lead| lead.hedged),
        needs,
        used: counted.iter().map(|lead| lead.used).max().unwrap_or(0),
        patterns,
        cases: cases.collect(),
        sources,
        described,
        described_of,
    }))
}

/// The stored cases about which a claim says this.
fn stored_cases(scene: &Scene, attribute: AttributeId, target: ThingId) -> Result<Vec<ThingId>> {
    let step = crate::model::Step { attribute, inverse: true };
    let referring = scene.follow(target, step)?;
    let claims = |case: &ThingId| {
        let said = scene.said(*case, attribute);
        said.claims().any(|claim| !claim.denied && claim.value == Some(Value::Thing(target)))
    };
    Ok(referring.into_iter().filter(claims).collect())
}

/// The constants in the conditions of the patterns, by attribute of the described kind.
fn described_values(kind: KindId, leads: &[&Lead], scene: &Scene) -> (Vec<Typed>, Vec<AttributeId>) {
    let mut pairs: Vec<(Typed, AttributeId)> = Vec::new();
    for pattern in leads.iter().flat_map(|lead| lead.pattern.iter()) {
        pattern.condition().each_test(&mut |test, negated| {
            let Expression::Path(path) = &test.left else { return };
            let of_kind = |at: usize| pattern.variables.get(at).is_some_and(|variable| variable.kind == kind);
            if negated || !matches!(path.start, Start::Variable(at) if of_kind(at)) {
                return;
            }
            for &attribute in scene.vocabulary().attributes_of(kind) {
                let values = constants(test, attribute).into_iter();
                pairs.extend(values.map(|value| ((value, Some(attribute)), attribute)));
            }
        });
    }
    distinct(pairs).into_iter().unzip()
}
