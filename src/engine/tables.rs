//! Tables: what has been concluded of each goal, and which goals wait to be run.

use super::classes::{Classes, Reading};
use super::derived::Conclusion;
use crate::answer::Marks;
use crate::model::{AttributeId, Citation, ThingId, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A table of so many conclusions is looked up by hash.
const MANY: usize = 16;
/// So many conclusions that were found by search are kept.
const MOST_FOUND_KEPT: usize = 1_000_000;

/// So many conclusions at most of which is kept what their proofs come to.
const MOST_PROVEN: usize = 200_000;

/// A conclusion about one thing, or about every thing of a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proven {
    /// What it is about.
    pub subject: Subject,
    /// Which attribute.
    pub attribute: AttributeId,
    /// The value.
    pub value: Value,
    /// Whether it is denied.
    pub denied: bool,
}

/// What a conclusion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// One thing.
    Thing(ThingId),
    /// Every thing with this key in the reading of the attribute.
    Class(u32),
}

/// A question to the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// What is concluded about a thing on an attribute.
    Cell(AttributeId, ThingId),
    /// The things that are concluded to refer to this one by an attribute.
    Referring(AttributeId, ThingId),
}

impl Goal {
    /// The attribute that is asked about.
    pub fn attribute(self) -> AttributeId {
        match self {
            Goal::Cell(attribute, _) | Goal::Referring(attribute, _) => attribute,
        }
    }
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
    /// What decides on an attribute of a thing; `None` where that is the thing itself.
    readings: FxHashMap<AttributeId, Option<Arc<Reading>>>,
    /// By attribute and the key of a class, the thing whose goal stands for the whole class.
    representatives: FxHashMap<(AttributeId, u32), ThingId>,
    /// All things of the attribute's kind, once somebody needed their classes.
    classes: FxHashMap<AttributeId, Option<Arc<Classes>>>,
    /// What was found by search, where an attribute is a closure.
    searched: FxHashMap<Goal, Arc<Vec<Conclusion>>>,
    /// By such an attribute: how many things were asked how many they reach, and once these are many, the answer for all.
    reach: FxHashMap<AttributeId, Reach>,
    /// How many conclusions were found by search and kept.
    found: usize,
    /// The marks that all proofs carry.
    marks: FxHashMap<Proven, Marks>,
    /// What the proofs cite.
    citations: FxHashMap<Proven, Arc<[Citation]>>,
    /// How many goals were run, and for how long: for `explain`.
    runs: u64,
    time: Duration,
}

/// How many things others reach.
#[derive(Debug, Default)]
pub struct Reach {
    /// So many were asked one by one.
    pub asked: u32,
    /// By thing.
    pub counts: Option<Arc<FxHashMap<ThingId, u64>>>,
}

/// What `explain` tells of tables.
pub struct Told {
    pub goals: usize,
    /// So often were goals run.
    pub runs: u64,
    pub conclusions: u64,
    pub time: Duration,
}

#[derive(Debug)]
struct Table {
    /// For [`Goal::Referring`], the things that refer, as values.
    conclusions: Arc<Vec<Conclusion>>,
    /// The same, once there are too many to look through.
    known: FxHashSet<(Value, bool)>,
    /// The goals of the same component that have read it while it grew.
    readers: FxHashSet<Goal>,
    number: u32,
}

/// The next round.
pub fn tick(clock: &Cell<u32>) -> u32 {
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
    /// The round of the last conclusion.
    pub fn latest(&self) -> u32 {
        self.latest
    }

    /// How many goals there are.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    /// Whether no goal waits.
    pub fn are_complete(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether a goal is being run.
    pub fn are_running(&self) -> bool {
        self.running.is_some()
    }

    /// So many goals of the present question ask about an attribute.
    pub fn asked(&self, attribute: AttributeId) -> u64 {
        self.asked.get(&attribute).copied().unwrap_or(0)
    }

    /// What decides on an attribute, found out once.
    pub fn reading(&self, attribute: AttributeId) -> Option<Option<Arc<Reading>>> {
        self.readings.get(&attribute).cloned()
    }

    /// Keeps what decides on an attribute.
    pub fn keep_reading(&mut self, attribute: AttributeId, reading: Option<Arc<Reading>>) {
        self.readings.insert(attribute, reading);
    }

    /// The thing that stands for a class: the first of it that was asked about.
    pub fn representative(&mut self, attribute: AttributeId, key: u32, thing: ThingId) -> ThingId {
        *self.representatives.entry((attribute, key)).or_insert(thing)
    }

    /// The classes of an attribute, if they have been made.
    pub fn classes(&self, attribute: AttributeId) -> Option<Option<Arc<Classes>>> {
        self.classes.get(&attribute).cloned()
    }

    /// Keeps the classes of an attribute.
    pub fn keep_classes(&mut self, attribute: AttributeId, classes: Option<Arc<Classes>>) {
        self.classes.insert(attribute, classes);
    }

    /// What was found by search for a goal.
    pub fn searched(&self, goal: Goal) -> Option<Arc<Vec<Conclusion>>> {
        self.searched.get(&goal).cloned()
    }

    /// Keeps what was found by search, as long as that is not too much; it is of rounds up to `latest`.
    pub fn keep_searched(&mut self, goal: Goal, found: Arc<Vec<Conclusion>>, latest: u32) {
        self.latest = self.latest.max(latest);
        self.found += found.len();
        if self.found > MOST_FOUND_KEPT {
            self.found = found.len();
            self.searched.clear();
        }
        self.searched.insert(goal, found);
    }

    /// The marks of a conclusion, if they are known.
    pub fn marks(&self, proven: &Proven) -> Option<Marks> {
        self.marks.get(proven).copied()
    }

    /// Keeps the marks of a conclusion.
    pub fn keep_marks(&mut self, proven: Proven, marks: Marks) {
        if self.marks.len() >= MOST_PROVEN {
            self.marks.clear();
        }
        self.marks.insert(proven, marks);
    }

    /// What the proofs of a conclusion cite, if it is known.
    pub fn citations(&self, proven: &Proven) -> Option<Arc<[Citation]>> {
        self.citations.get(proven).cloned()
    }

    /// Keeps what the proofs of a conclusion cite.
    pub fn keep_citations(&mut self, proven: Proven, citations: Arc<[Citation]>) {
        if self.citations.len() >= MOST_PROVEN {
            self.citations.clear();
        }
        self.citations.insert(proven, citations);
    }

    /// How many things are reached by this attribute, as far as that was counted.
    pub fn reach(&mut self, attribute: AttributeId) -> &mut Reach {
        self.reach.entry(attribute).or_default()
    }

    /// For another question.
    pub fn begin(&mut self) {
        self.asked.clear();
    }

    /// What has been concluded of a goal.
    pub fn conclusions(&self, goal: Goal) -> Arc<Vec<Conclusion>> {
        self.tables.get(&goal).map(|table| table.conclusions.clone()).unwrap_or_default()
    }

    /// The next goal to be run: until it is done, what is read is read for it.
    pub fn next(&mut self) -> Option<Goal> {
        let (stratum, _, goal) = self.waiting.pop_first()?;
        self.running = Some((goal, stratum));
        self.premature = false;
        self.runs += 1;
        Some(goal)
    }

    /// The goal that was run is done; `false` if it has read what was not complete, and must be run again.
    pub fn done(&mut self) -> bool {
        self.running = None;
        !self.premature
    }

    /// What has been done so far.
    pub fn told(&self) -> Told {
        let conclusions = self.tables.values().map(|table| table.conclusions.len() as u64).sum();
        Told { goals: self.tables.len(), runs: self.runs, conclusions, time: self.time }
    }

    /// Counts time in, for `explain`.
    pub fn took(&mut self, time: Duration) {
        self.time += time;
    }

    /// The table of a goal, made if there is none, as it is now.
    pub fn read(&mut self, goal: Goal, stratum: u32) -> Arc<Vec<Conclusion>> {
        let number = self.tables.len() as u32;
        let asked = &mut self.asked;
        let waiting = &mut self.waiting;
        let table = self.tables.entry(goal).or_insert_with(|| {
            *asked.entry(goal.attribute()).or_default() += 1;
            waiting.insert((stratum, Reverse(number), goal));
            Table {
                conclusions: Arc::default(),
                known: FxHashSet::default(),
                readers: FxHashSet::default(),
                number,
            }
        });
        if let Some((reader, of_reader)) = self.running {
            if stratum == of_reader {
                table.readers.insert(reader);
            }
            // All that are lower and were there before it began are complete.
            self.premature |=
                stratum < of_reader && waiting.contains(&(stratum, Reverse(table.number), goal));
        }
        table.conclusions.clone()
    }

    /// Has a goal run again.
    pub fn wait_again(&mut self, goal: Goal, stratum: u32) {
        if let Some(table) = self.tables.get(&goal) {
            self.waiting.insert((stratum, Reverse(table.number), goal));
        }
    }

    /// Adds what is new, all of one round; whoever has read the table waits again.
    pub fn grow(&mut self, goal: Goal, stratum: u32, found: Vec<(Value, bool)>, clock: &Cell<u32>) {
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
