//! Conclusions on demand: what is asked about one thing is concluded from what it depends on, and nothing else.
//!
//! A goal is a cell, or what refers to a thing. Each has a table, which holds what has been concluded of it so
//! far. To complete a goal is to run the patterns that conclude it with its thing bound; what they read become
//! goals in turn. Goals of one recursive component are run again as long as their tables grow; a goal that
//! reads one of a lower stratum is run once that is complete. It is a loop over waiting goals, not a recursion:
//! a chain of references may be as long as it likes. (Tabling as in Chen and Warren, "Tabled evaluation with
//! delaying for general logic programs", JACM 43, 1996, for stratified programs.)

use super::cache::{Base, Cache, Whole};
use super::classes::{Classes, Reading};
use super::derived::{Conclusion, Conclusions, Derived, Fact};
use super::difference::Difference;
use super::fixpoint;
use super::join::Join;
use super::rules::Rules;
use super::scene::Scene;
use super::strata::{concludes, reads};
use super::tables::{Goal, Tables, Told, tick};
use crate::error::Result;
use crate::model::{AttributeId, Pattern, Step, Term, ThingId, TimeScope, Value};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// Where a scene has its conclusions from.
pub struct Concluded<'a> {
    /// Without any, nothing is concluded.
    rules: Option<Arc<Rules>>,
    /// By attribute: conclusions about all things, once somebody needed them.
    whole: Rc<Vec<OnceCell<Arc<Derived>>>>,
    /// What patterns that are being run for all things have concluded so far.
    growing: Option<Derived>,
    tables: RefCell<Tables>,
    /// Counts what is concluded: nothing rests on what has a greater number.
    clock: Rc<Cell<u32>>,
    kept: Kept<'a>,
}

/// Where conclusions are kept from one question to the next.
#[derive(Clone, Copy)]
struct Kept<'a> {
    cache: Option<&'a Cache>,
    base: Option<&'a Base>,
    scope: &'a TimeScope,
}

/// If more cells are claimed otherwise, everything is concluded again.
const MOST_CHANGED: usize = 1_024;
/// If more goals than one in so many things ask about one attribute, it is concluded for all things.
const FEW_OF: u64 = 16;
/// But never before there are so many goals.
const FEW: u64 = 64;

impl Drop for Concluded<'_> {
    fn drop(&mut self) {
        if let Some(cache) = self.kept.cache {
            cache.put_back(self.kept.scope, self.tables.take());
        }
    }
}

impl<'a> Concluded<'a> {
    /// No patterns: nothing is concluded.
    pub fn nothing(scope: &'a TimeScope) -> Self {
        let kept = Kept { cache: None, base: None, scope };
        let (whole, tables, clock) = (Rc::default(), RefCell::default(), Rc::default());
        Concluded { rules: None, whole, growing: None, tables, clock, kept }
    }

    /// What these patterns conclude, as it is asked for. `attributes` is how many the vocabulary has.
    pub fn on_demand(
        rules: Arc<Rules>,
        attributes: usize,
        scope: &'a TimeScope,
        kept: Option<(&'a Cache, Option<&'a Base>)>,
    ) -> Self {
        let cache = kept.map(|(cache, _)| cache);
        let base = kept.and_then(|(_, base)| base);
        let tables = cache.map(|cache| cache.take(scope)).unwrap_or_default();
        let whole = Rc::new(vec![OnceCell::new(); attributes]);
        let clock = Rc::new(Cell::new(tables.latest()));
        let (tables, kept) = (RefCell::new(tables), Kept { cache, base, scope });
        Concluded { rules: Some(rules), whole, growing: None, tables, clock, kept }
    }

    /// Where patterns are run for all things: what is known whole, and what they add to it.
    fn growing(&self) -> Self {
        let kept = Kept { cache: None, base: None, ..self.kept };
        let (whole, clock) = (self.whole.clone(), self.clock.clone());
        let growing = Some(Derived::default());
        Concluded { rules: None, whole, growing, tables: RefCell::default(), clock, kept }
    }

    /// From now on, what is concluded of these attributes is known for all things.
    fn know_whole(&self, attributes: impl Iterator<Item = AttributeId>, derived: &Arc<Derived>) {
        for attribute in attributes {
            if let Some(cell) = self.whole.get(attribute.index()) {
                // One that is whole already stays as it is: it says the same.
                let _ = cell.set(derived.clone());
            }
        }
    }

    /// The patterns, if there are any.
    pub fn rules(&self) -> Option<&Arc<Rules>> {
        self.rules.as_ref()
    }

    /// What has been concluded of goals.
    pub fn tables(&self) -> &RefCell<Tables> {
        &self.tables
    }

    fn whole(&self, attribute: AttributeId) -> Option<&Derived> {
        self.whole.get(attribute.index())?.get().map(|derived| &**derived)
    }

    /// Adds conclusions, all of one round; gives those that are new.
    pub fn add(&mut self, facts: Vec<Fact>) -> Vec<Fact> {
        let round = tick(&self.clock);
        let growing = self.growing.get_or_insert_default();
        facts.into_iter().filter(|fact| growing.add(fact, round)).collect()
    }
}

impl Scene<'_> {
    /// What patterns conclude about a thing on an attribute.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn conclusions(&self, thing: ThingId, attribute: AttributeId) -> Result<Conclusions<'_>> {
        self.table(Goal::Cell(attribute, thing))
    }

    /// The things that are concluded to refer to this one.
    pub(super) fn concluded_to_refer(&self, thing: ThingId, attribute: AttributeId) -> Result<Vec<ThingId>> {
        if let Some(derived) = self.known_for_all(attribute) {
            return Ok(derived.referring(thing, attribute));
        }
        let referring = self.table(Goal::Referring(attribute, thing))?;
        Ok(referring.iter().filter_map(|c| super::scene::as_thing(&c.value)).collect())
    }

    /// The things about which patterns conclude something on an attribute.
    pub fn concluded_things(&self, attribute: AttributeId) -> Result<Option<&RoaringBitmap>> {
        let derived = match self.known_for_all(attribute) {
            Some(derived) => derived,
            None if self.is_concluded(attribute) => self.conclude_for_all(attribute)?,
            None => return Ok(None),
        };
        Ok(derived.things(attribute))
    }

    /// Whether some pattern concludes an attribute.
    pub fn is_concluded(&self, attribute: AttributeId) -> bool {
        self.concluded.rules.as_ref().is_some_and(|rules| rules.conclude(attribute))
    }

    /// The patterns that conclude an attribute.
    pub fn patterns_concluding(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        self.concluded.rules.as_ref().map_or(&[], |rules| rules.concluding(attribute))
    }

    /// The patterns that read an attribute.
    pub fn patterns_reading(&self, attribute: AttributeId) -> &[Arc<Pattern>] {
        self.concluded.rules.as_ref().map_or(&[], |rules| rules.reading(attribute))
    }

    /// Conclusions about all things, where they are there: of patterns that are being run, so far.
    fn known_for_all(&self, attribute: AttributeId) -> Option<&Derived> {
        let concluded = &self.concluded;
        concluded.whole(attribute).or(concluded.growing.as_ref())
    }

    /// Concludes an attribute, and what it depends on, for all things.
    fn conclude_for_all(&self, attribute: AttributeId) -> Result<&Derived> {
        let concluded = &self.concluded;
        let rules = concluded.rules.clone().unwrap_or_default();
        let is_whole = |pattern: &Arc<Pattern>| {
            concludes(pattern).iter().all(|attribute| concluded.whole(*attribute).is_some())
        };
        let mut patterns = rules.relevant(&[attribute]);
        patterns.retain(|pattern| !is_whole(pattern));
        for (attribute, _) in patterns.iter().flat_map(|pattern| reads(pattern)) {
            self.reads_all(attribute);
        }
        // What is kept was concluded in a snapshot, not in a described case.
        let cache = concluded.kept.cache.filter(|_| !self.strict_not);
        let known = cache.and_then(|cache| cache.find(&patterns, self.scope));
        let derived = match known {
            Some(derived) => derived,
            None => {
                let derived = match self.patched(attribute, &mut patterns)? {
                    Some(derived) => derived,
                    None => self.conclude_by(&patterns, attribute)?,
                };
                if let Some(cache) = cache {
                    let (scope, derived) = (self.scope.clone(), derived.clone());
                    cache.keep(Whole { patterns: patterns.clone(), scope, derived });
                }
                derived
            }
        };
        concluded.clock.set(concluded.clock.get().max(derived.latest()));
        let attributes = patterns.iter().flat_map(|pattern| concludes(pattern)).chain([attribute]);
        concluded.know_whole(attributes, &derived);
        Ok(concluded.whole(attribute).unwrap_or(Derived::none()))
    }

    /// What these patterns conclude for all things, from what is known whole.
    fn conclude_by(&self, patterns: &[Arc<Pattern>], attribute: AttributeId) -> Result<Arc<Derived>> {
        let conclude = || {
            let mut scene = Scene::new(self.snapshot, self.scope, self.budget);
            scene.strict_not = self.strict_not;
            scene.concluded = self.concluded.growing();
            fixpoint::conclude(&mut scene, patterns)?;
            Ok(Arc::new(scene.concluded.growing.take().unwrap_or_default()))
        };
        let name = &self.vocabulary().attribute(attribute).name;
        let words = || format!("conclude `{name}` for all things, by {} patterns", patterns.len());
        let count = |derived: &Arc<Derived>| derived.len() as u64;
        self.step(words, None, count, conclude)
    }

    /// What was concluded of an attribute before a change, with what is different now; `None` if that is not
    /// known, or is too much. Of the patterns stay those that were run together for it then: what others conclude, it
    /// does not tell.
    fn patched(
        &self,
        attribute: AttributeId,
        patterns: &mut Vec<Arc<Pattern>>,
    ) -> Result<Option<Arc<Derived>>> {
        let Some(base) = self.concluded.kept.base.filter(|_| !self.strict_not) else { return Ok(None) };
        let of_scope = |whole: &&Whole| whole.scope == *self.scope;
        let concludes_it =
            |whole: &&Whole| whole.patterns.iter().any(|pattern| concludes(pattern).contains(&attribute));
        let Some(whole) = base.whole.iter().filter(of_scope).find(concludes_it) else { return Ok(None) };
        let Some(changed) = base.snapshot.changed_in(self.snapshot) else { return Ok(None) };
        if changed.cells.len() > MOST_CHANGED {
            return Ok(None);
        }
        let before = Scene::new(&base.snapshot, self.scope, self.budget).with_rules(&base.rules, None);
        for whole in base.whole.iter().filter(of_scope) {
            before.concluded.know_whole(whole.patterns.iter().flat_map(|p| concludes(p)), &whole.derived);
        }
        let after = self.of_another(self.snapshot);
        after.concluded.clock.set(whole.derived.latest());
        let rules = after.concluded.rules.clone().unwrap_or_default();
        let relevant = [rules.relevant(&[attribute]), base.rules.relevant(&[attribute])].concat();
        let within: FxHashSet<AttributeId> = relevant.iter().flat_map(|p| concludes(p)).collect();
        let difference = Difference { before: &before, after: &after, within: Some(&within) };
        let mut cells = Vec::new();
        for (attribute, thing) in difference.cells(&changed)? {
            if within.contains(&attribute) {
                cells.push(((attribute, thing), after.conclusions(thing, attribute)?.to_vec()));
            }
        }
        let derived = match cells.is_empty() {
            true => Some(whole.derived.clone()),
            false => Derived::patched(&whole.derived, cells).map(Arc::new),
        };
        if derived.is_some() {
            let told: FxHashSet<AttributeId> = whole.patterns.iter().flat_map(|p| concludes(p)).collect();
            patterns.retain(|pattern| concludes(pattern).iter().all(|attribute| told.contains(attribute)));
        }
        Ok(derived)
    }

    fn table(&self, goal: Goal) -> Result<Conclusions<'_>> {
        let attribute = goal.attribute();
        let concluded = &self.concluded;
        if let (Some(derived), Goal::Cell(_, thing)) = (self.known_for_all(attribute), goal) {
            return Ok(Conclusions::Kept(derived.conclusions(thing, attribute)));
        }
        if !self.is_concluded(attribute) {
            return Ok(Conclusions::Kept(&[]));
        }
        let stratum =
            |goal: Goal| concluded.rules.as_ref().map_or(0, |rules| rules.stratum(goal.attribute()));
        if let Some(step) = self.closes(attribute) {
            return self.searched(goal, step).map(Conclusions::Shared);
        }
        let (goal, is_of_class) = self.represented(goal);
        let (table, is_nested, are_many) = {
            let mut tables = concluded.tables.borrow_mut();
            let table = tables.read(goal, stratum(goal));
            let asked = tables.asked(attribute);
            (table, tables.are_running(), !is_of_class && asked > FEW && self.is_much(attribute, asked))
        };
        if let (true, Goal::Cell(_, thing)) = (are_many, goal) {
            return Ok(Conclusions::Kept(self.conclude_for_all(attribute)?.conclusions(thing, attribute)));
        }
        if is_nested || concluded.tables.borrow().are_complete() {
            return Ok(Conclusions::Shared(table));
        }
        let begun = self.trace.map(|_| Instant::now());
        let completed = self.complete(&stratum);
        if let Some(begun) = begun {
            concluded.tables.borrow_mut().took(begun.elapsed());
        }
        if completed.is_err() {
            // What is half done must not be taken for done.
            concluded.tables.take();
        }
        completed?;
        Ok(Conclusions::Shared(concluded.tables.borrow().conclusions(goal)))
    }

    /// What a search finds for a goal of a closure, in the table's form.
    fn searched(&self, goal: Goal, step: Step) -> Result<Arc<Vec<Conclusion>>> {
        if let Some(known) = self.concluded.tables.borrow().searched(goal) {
            return Ok(known);
        }
        let found = Arc::new(match goal {
            Goal::Cell(_, thing) => self.reached_as_conclusions(thing, step)?,
            Goal::Referring(_, thing) => self.reached_as_conclusions(thing, step.turned())?,
        });
        let latest = found.last().map_or(0, |last| last.round);
        let clock = &self.concluded.clock;
        clock.set(clock.get().max(latest));
        self.concluded.tables.borrow_mut().keep_searched(goal, found.clone(), latest);
        Ok(found)
    }

    /// How many things a thing reaches by an attribute that is a closure; of all things at once, if many are asked.
    pub fn reach_count(&self, thing: ThingId, attribute: AttributeId, step: Step) -> Result<u64> {
        let is_much = {
            let mut tables = self.concluded.tables.borrow_mut();
            let reach = tables.reach(attribute);
            if let Some(counts) = &reach.counts {
                return Ok(counts.get(&thing).copied().unwrap_or(0));
            }
            reach.asked += 1;
            u64::from(reach.asked) > FEW
        };
        if !is_much {
            return Ok(self.reached(thing, step)?.len() as u64);
        }
        let counts = self.reach_counts(step)?;
        let count = counts.get(&thing).copied().unwrap_or(0);
        self.concluded.tables.borrow_mut().reach(attribute).counts = Some(Arc::new(counts));
        Ok(count)
    }

    /// The goal that stands for all of its class, and whether there is a class: what follows of one thing of it
    /// follows of all, so that there is one table for them.
    fn represented(&self, goal: Goal) -> (Goal, bool) {
        let Goal::Cell(attribute, thing) = goal else { return (goal, false) };
        let key = self.reading(attribute).and_then(|reading| reading.key(self, thing));
        match key {
            Some(key) => {
                let mut tables = self.concluded.tables.borrow_mut();
                (Goal::Cell(attribute, tables.representative(attribute, key, thing)), true)
            }
            None => (goal, false),
        }
    }

    /// What decides on a concluded attribute, of a thing alone; `None` where it matters which thing it is.
    pub fn reading(&self, attribute: AttributeId) -> Option<Arc<Reading>> {
        if self.strict_not || self.is_watching() {
            return None;
        }
        let known = self.concluded.tables.borrow().reading(attribute);
        known.unwrap_or_else(|| {
            let reading = self.reading_on(attribute).map(Arc::new);
            self.concluded.tables.borrow_mut().keep_reading(attribute, reading.clone());
            reading
        })
    }

    /// All things of its kind by what is said of them on a concluded attribute; `None` where there are no classes.
    pub fn classes_on(&self, attribute: AttributeId) -> Result<Option<Arc<Classes>>> {
        if let Some(known) = self.concluded.tables.borrow().classes(attribute) {
            return Ok(known);
        }
        let classes = match self.reading(attribute) {
            Some(reading) => reading.classes(self)?.map(Arc::new),
            None => None,
        };
        self.concluded.tables.borrow_mut().keep_classes(attribute, classes.clone());
        Ok(classes)
    }

    /// Tells a trace what was concluded on demand.
    pub fn tell_of_demand(&self) {
        let Some(trace) = self.trace else { return };
        let Told { goals, runs, conclusions, time } = self.concluded.tables.borrow().told();
        if runs > 0 {
            let words = format!("of this, conclude on demand: {goals} goals, run {runs} times");
            trace.summed(words, conclusions, time);
        }
    }

    /// Whether so many goals are a large part of the things that an attribute may be concluded for. Where it is
    /// recursive, all things may be many times as much as those that these depend on.
    fn is_much(&self, attribute: AttributeId, asked: u64) -> bool {
        if self.concluded.rules().is_some_and(|rules| rules.is_recursive(attribute)) {
            return false;
        }
        let kind = self.vocabulary().attribute(attribute).kind;
        kind.is_none_or(|kind| asked * FEW_OF > self.snapshot.members(kind).len())
    }

    /// Runs waiting goals until none is left.
    fn complete(&self, stratum: &dyn Fn(Goal) -> u32) -> Result<()> {
        let tables = &self.concluded.tables;
        loop {
            let next = tables.borrow_mut().next();
            let Some(goal) = next else { return Ok(()) };
            self.budget.spend(1)?;
            let found = self.run(goal)?;
            let mut tables = tables.borrow_mut();
            match tables.done() {
                true => tables.grow(goal, stratum(goal), found, &self.concluded.clock),
                false => tables.wait_again(goal, stratum(goal)),
            }
        }
    }

    /// All that patterns conclude of a goal from what is known now.
    fn run(&self, goal: Goal) -> Result<Vec<(Value, bool)>> {
        let mut found: Vec<(Value, bool)> = Vec::new();
        for pattern in self.patterns_concluding(goal.attribute()) {
            for (conclusion, denied) in pattern.conclusions() {
                if conclusion.attribute != goal.attribute() {
                    continue;
                }
                let mut binding = vec![None; pattern.variables.len()];
                match (goal, &conclusion.value) {
                    (Goal::Cell(_, thing), _) => binding[conclusion.variable] = Some(thing),
                    _ if denied => continue,
                    (Goal::Referring(_, target), Term::Value(Value::Thing(thing))) if *thing == target => {}
                    (Goal::Referring(_, target), Term::Variable(at)) => binding[*at] = Some(target),
                    _ => continue,
                }
                Join::new(self, pattern, &[]).each(&mut binding, &mut |binding| {
                    let subject = binding[conclusion.variable];
                    let value = match (&conclusion.value, goal) {
                        (_, Goal::Referring(..)) => subject.map(Value::Thing),
                        (Term::Value(value), _) => Some(value.clone()),
                        (Term::Variable(at), _) => binding[*at].map(Value::Thing),
                    };
                    if let (Some(thing), Some(value)) = (subject, value) {
                        // A denial of `yes` is the statement `no`.
                        let fact = Fact::new(thing, goal.attribute(), value, denied);
                        found.push((fact.value, fact.denied));
                    }
                    self.budget.spend(1)
                })?;
            }
        }
        Ok(found)
    }
}
