//! Conclusions on demand: what is asked about one thing is concluded from what it depends on, and nothing else.
//!
//! A goal is a cell, or what refers to a thing. Each has a table, which holds what has been concluded of it so
//! far. To complete a goal is to run the patterns that conclude it with its thing bound; what they read become
//! goals in turn. Goals of one recursive component are run again as long as their tables grow; a goal that
//! reads one of a lower stratum is run once that is complete. It is a loop over waiting goals, not a recursion:
//! a chain of references may be as long as it likes. (Tabling as in Chen and Warren, "Tabled evaluation with
//! delaying for general logic programs", JACM 43, 1996, for stratified programs.)

use super::derived::{Conclusion, Conclusions, Derived, Fact};
use super::difference::Difference;
use super::fixpoint;
use super::join::Join;
use super::rules::Rules;
use super::scene::Scene;
use super::strata::{concludes, reads};
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::{AttributeId, Pattern, Term, ThingId, TimeScope, Value};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A question to the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// What is concluded about a thing on an attribute.
    Cell(AttributeId, ThingId),
    /// The things that are concluded to refer to this one by an attribute.
    Referring(AttributeId, ThingId),
}

impl Goal {
    fn attribute(self) -> AttributeId {
        match self {
            Goal::Cell(attribute, _) | Goal::Referring(attribute, _) => attribute,
        }
    }
}

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

/// What has been concluded so far, by goal.
#[derive(Debug, Default)]
pub struct Tables {
    tables: FxHashMap<Goal, Table>,
    /// The goals that are not complete: lower strata first, and of one stratum the latest first.
    waiting: BTreeSet<(u32, Reverse<u32>, Goal)>,
    /// The goal that is being run, and whether it has read one that must be completed first.
    running: Option<(Goal, u32)>,
    premature: bool,
    /// So many goals ask about each attribute.
    asked: FxHashMap<AttributeId, u64>,
    latest: u32,
    /// How many goals were run, and for how long: for `explain`.
    runs: u64,
    time: Duration,
}

#[derive(Debug)]
struct Table {
    /// For [`Goal::Referring`], the things that refer, as values.
    conclusions: Arc<Vec<Conclusion>>,
    /// The same, once there are too many to look through.
    known: FxHashSet<(Value, bool)>,
    /// The goals of the same component that have read it while it grew.
    readers: Vec<Goal>,
    number: u32,
}

/// What has been concluded from one snapshot, for all its readers.
#[derive(Debug, Default)]
pub struct Cache {
    whole: Mutex<Vec<Whole>>,
    tables: Mutex<Vec<(TimeScope, Tables)>>,
}

/// A snapshot of which something has been concluded for all things, and from which another was made by a
/// change: what does not depend on the change need not be concluded again.
#[derive(Debug)]
pub struct Base {
    snapshot: Arc<Snapshot>,
    rules: Arc<Rules>,
    whole: Vec<Whole>,
}

impl Base {
    /// What is kept of a snapshot; `None` if nothing is.
    pub fn new(snapshot: &Arc<Snapshot>, rules: &Arc<Rules>, cache: &Cache) -> Option<Base> {
        let whole = Cache::lock(&cache.whole).clone();
        (!whole.is_empty()).then(|| Base { snapshot: snapshot.clone(), rules: rules.clone(), whole })
    }
}

/// What a set of patterns concludes under a time scope.
#[derive(Clone, Debug)]
struct Whole {
    patterns: Vec<Arc<Pattern>>,
    scope: TimeScope,
    derived: Arc<Derived>,
}

/// So many sets of conclusions are kept.
const KEPT_WHOLE: usize = 256;
/// Of so many time scopes are tables kept.
const KEPT_SCOPES: usize = 4;
/// Tables of more goals are not kept.
const MOST_GOALS_KEPT: usize = 200_000;
/// If more cells are claimed otherwise, everything is concluded again.
const MOST_CHANGED: usize = 1_024;
/// A table of so many conclusions is looked up by hash.
const MANY: usize = 16;
/// If more goals than one in so many things ask about one attribute, it is concluded for all things.
const FEW_OF: u64 = 16;
/// But never before there are so many goals.
const FEW: u64 = 64;

impl Cache {
    /// Neither holds anything that a panic between two whole entries could have spoilt.
    fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, patterns: &[Arc<Pattern>], scope: &TimeScope) -> Option<Arc<Derived>> {
        let is_same = |whole: &&Whole| {
            let pairs = || whole.patterns.iter().zip(patterns);
            whole.scope == *scope
                && whole.patterns.len() == patterns.len()
                && pairs().all(|(a, b)| Arc::ptr_eq(a, b))
        };
        Cache::lock(&self.whole).iter().find(is_same).map(|whole| whole.derived.clone())
    }

    fn keep(&self, whole: Whole) {
        let mut kept = Cache::lock(&self.whole);
        if kept.len() >= KEPT_WHOLE {
            kept.remove(0);
        }
        kept.push(whole);
    }

    /// The tables of a time scope, which are the caller's until it puts them back.
    fn take(&self, scope: &TimeScope) -> Tables {
        let mut kept = Cache::lock(&self.tables);
        let at = kept.iter().position(|(of, _)| of == scope);
        at.map(|at| kept.remove(at).1).unwrap_or_default()
    }

    /// Puts tables back; of two readers' tables the larger stay.
    fn put_back(&self, scope: &TimeScope, tables: Tables) {
        if !tables.waiting.is_empty() || tables.tables.len() > MOST_GOALS_KEPT {
            return;
        }
        let mut kept = Cache::lock(&self.tables);
        match kept.iter_mut().find(|(of, _)| of == scope) {
            Some((_, known)) if known.tables.len() >= tables.tables.len() => {}
            Some((_, known)) => *known = tables,
            None => {
                if kept.len() >= KEPT_SCOPES {
                    kept.remove(0);
                }
                kept.push((scope.clone(), tables));
            }
        }
    }
}

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
        let clock = Rc::new(Cell::new(tables.latest));
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

fn tick(clock: &Cell<u32>) -> u32 {
    clock.set(clock.get() + 1);
    clock.get()
}

impl Table {
    /// Whether something is not in the table yet; it is going to be.
    fn is_new(&mut self, value: &Value, denied: bool) -> bool {
        if self.conclusions.len() < MANY {
            return !self.conclusions.iter().any(|known| known.denied == denied && known.value == *value);
        }
        if self.known.is_empty() {
            self.known.extend(self.conclusions.iter().map(|known| (known.value.clone(), known.denied)));
        }
        self.known.insert((value.clone(), denied))
    }
}

impl Tables {
    /// The table of a goal, made if there is none, as it is now.
    fn read(&mut self, goal: Goal, stratum: u32) -> Arc<Vec<Conclusion>> {
        let number = self.tables.len() as u32;
        let asked = &mut self.asked;
        let waiting = &mut self.waiting;
        let table = self.tables.entry(goal).or_insert_with(|| {
            *asked.entry(goal.attribute()).or_default() += 1;
            waiting.insert((stratum, Reverse(number), goal));
            Table { conclusions: Arc::default(), known: FxHashSet::default(), readers: Vec::new(), number }
        });
        if let Some((reader, of_reader)) = self.running {
            if stratum == of_reader && !table.readers.contains(&reader) {
                table.readers.push(reader);
            }
            // All that are lower and were there before it began are complete.
            self.premature |=
                stratum < of_reader && waiting.contains(&(stratum, Reverse(table.number), goal));
        }
        table.conclusions.clone()
    }

    fn wait_again(&mut self, goal: Goal, stratum: u32) {
        if let Some(table) = self.tables.get(&goal) {
            self.waiting.insert((stratum, Reverse(table.number), goal));
        }
    }

    /// Adds what is new, all of one round; whoever has read the table waits again.
    fn grow(&mut self, goal: Goal, stratum: u32, found: Vec<(Value, bool)>, clock: &Cell<u32>) {
        let Some(table) = self.tables.get_mut(&goal) else { return };
        let mut round = None;
        for (value, denied) in found {
            if table.is_new(&value, denied) {
                let round = *round.get_or_insert_with(|| tick(clock));
                Arc::make_mut(&mut table.conclusions).push(Conclusion { value, denied, round });
            }
        }
        if round.is_some() {
            self.latest = clock.get();
            let readers = table.readers.clone();
            readers.into_iter().for_each(|reader| self.wait_again(reader, stratum));
        }
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
        self.concluded.rules.as_ref().is_some_and(|rules| !rules.concluding(attribute).is_empty())
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
                let conclude = || {
                    let mut scene = Scene::new(self.snapshot, self.scope, self.budget);
                    scene.strict_not = self.strict_not;
                    scene.concluded = concluded.growing();
                    fixpoint::conclude(&mut scene, &patterns)?;
                    Ok(Arc::new(scene.concluded.growing.take().unwrap_or_default()))
                };
                let name = &self.vocabulary().attribute(attribute).name;
                let words = || format!("conclude `{name}` for all things, by {} patterns", patterns.len());
                let count = |derived: &Arc<Derived>| derived.len() as u64;
                let derived = match self.patched(attribute)? {
                    Some(derived) => derived,
                    None => self.step(words, None, count, conclude)?,
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

    /// What was concluded of an attribute before a change, with what is different now; `None` if that is not
    /// known, or is too much.
    fn patched(&self, attribute: AttributeId) -> Result<Option<Arc<Derived>>> {
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
        if cells.is_empty() {
            return Ok(Some(whole.derived.clone()));
        }
        Ok(Derived::patched(&whole.derived, cells).map(Arc::new))
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
        let (table, is_nested, are_many) = {
            let mut tables = concluded.tables.borrow_mut();
            let table = tables.read(goal, stratum(goal));
            let asked = tables.asked.get(&attribute).copied().unwrap_or(0);
            (table, tables.running.is_some(), asked > FEW && self.is_much(attribute, asked))
        };
        if let (true, Goal::Cell(_, thing)) = (are_many, goal) {
            return Ok(Conclusions::Kept(self.conclude_for_all(attribute)?.conclusions(thing, attribute)));
        }
        if is_nested || concluded.tables.borrow().waiting.is_empty() {
            return Ok(Conclusions::Shared(table));
        }
        let begun = self.trace.map(|_| Instant::now());
        let completed = self.complete(&stratum);
        if let Some(begun) = begun {
            let mut tables = concluded.tables.borrow_mut();
            tables.time += begun.elapsed();
        }
        if completed.is_err() {
            // What is half done must not be taken for done.
            concluded.tables.take();
        }
        completed?;
        let tables = concluded.tables.borrow();
        Ok(Conclusions::Shared(tables.tables.get(&goal).map(|t| t.conclusions.clone()).unwrap_or_default()))
    }

    /// Tells a trace what was concluded on demand.
    pub fn tell_of_demand(&self) {
        let tables = self.concluded.tables.borrow();
        if let Some(trace) = self.trace.filter(|_| tables.runs > 0) {
            let words = format!(
                "of this, conclude on demand: {} goals, run {} times",
                tables.tables.len(),
                tables.runs
            );
            let conclusions = tables.tables.values().map(|table| table.conclusions.len() as u64).sum();
            trace.summed(words, conclusions, tables.time);
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
            let goal = {
                let mut tables = tables.borrow_mut();
                let Some((stratum, _, goal)) = tables.waiting.pop_first() else { return Ok(()) };
                tables.running = Some((goal, stratum));
                tables.premature = false;
                tables.runs += 1;
                goal
            };
            self.budget.spend(1)?;
            let found = self.run(goal);
            let mut tables = tables.borrow_mut();
            tables.running = None;
            match (found?, tables.premature) {
                (_, true) => tables.wait_again(goal, stratum(goal)),
                (found, false) => tables.grow(goal, stratum(goal), found, &self.concluded.clock),
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
