//! A snapshot that can be asked: the door of the engine.

use super::budget::Budget;
use super::derived::Derived;
use super::scene::Scene;
use super::{compare, conflicts, fixpoint, profile, search, select, strata, value};
use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::facts::Snapshot;
use crate::model::question::{Body, Select};
use crate::model::{AttributeId, Expression, Pattern, Question, Start, ThingId, TimeScope};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A snapshot with what has been concluded from it so far. Shared by readers.
#[derive(Debug)]
pub struct Knowledge {
    snapshot: Arc<Snapshot>,
    concluded: Mutex<Vec<Concluded>>,
    catalogue: OnceLock<Arc<Knowledge>>,
}

/// What a set of patterns concludes under a time scope.
#[derive(Debug)]
struct Concluded {
    patterns: Vec<Arc<Pattern>>,
    scope: TimeScope,
    derived: Arc<Derived>,
}

/// So many sets of conclusions are kept.
const KEPT: usize = 8;

impl Knowledge {
    /// A snapshot of which nothing has been asked yet.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Knowledge { snapshot, concluded: Mutex::default(), catalogue: OnceLock::new() }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Checks that the patterns of a snapshot can run.
    ///
    /// # Errors
    /// If they cannot be stratified.
    pub fn check(snapshot: &Snapshot) -> Result<()> {
        let patterns: Vec<Arc<Pattern>> = snapshot.patterns().cloned().collect();
        strata::stratify(&patterns, snapshot.vocabulary()).map(|_| ())
    }

    /// Answers a question.
    ///
    /// # Errors
    /// If the budget is spent, or a description has too many completions.
    pub fn answer(&self, question: &Question, budget: &Budget) -> Result<Answer> {
        if self.needs_catalogue(&question.body) {
            let catalogue =
                self.catalogue.get_or_init(|| Arc::new(Knowledge::new(self.snapshot.catalogue())));
            return catalogue.answer_body(&question.body, &question.scope, budget);
        }
        self.answer_body(&question.body, &question.scope, budget)
    }

    fn answer_body(&self, body: &Body, scope: &TimeScope, budget: &Budget) -> Result<Answer> {
        match body {
            Body::Select(select) if select.description.is_some() => {
                select::answer_described(self, select, scope, budget)
            }
            Body::Select(select) => {
                let reads = [reads_of(select), self.ties(select)].concat();
                select::answer(&self.scene(&reads, scope, budget)?, select)
            }
            Body::Value(expression, text) => {
                value::answer(&self.scene(&strata::read_by(expression), scope, budget)?, expression, text)
            }
            Body::Compare(comparing) => {
                compare::answer(&self.scene(&compare::reads(comparing), scope, budget)?, comparing)
            }
            Body::Gaps(comparing) => {
                compare::gaps(&self.scene(&compare::reads(comparing), scope, budget)?, comparing)
            }
            Body::Describe(thing) => {
                profile::answer(&self.scene(&self.attributes_of(*thing), scope, budget)?, *thing)
            }
            Body::Search(words) => search::answer(&self.scene(&[], scope, budget)?, words),
            Body::Conflicts(of) => {
                let reads = match of {
                    Some(thing) => self.attributes_of(*thing),
                    None => self.snapshot.vocabulary().attributes().map(|(id, _)| id).collect(),
                };
                conflicts::answer(&self.scene(&reads, scope, budget)?, *of)
            }
            Body::Why(_) => Err(Error::not_yet("`why`")),
            Body::WhyNot(_) => Err(Error::not_yet("`why not`")),
            // History is in the log, and a difference is between two snapshots: the book answers both.
            Body::History(..) | Body::Difference => Ok(Answer::default()),
        }
    }

    fn attributes_of(&self, thing: ThingId) -> Vec<AttributeId> {
        profile::reads(self.snapshot.vocabulary(), self.snapshot.things().kind(thing))
    }

    /// What `about X` reads besides: all that the things asked for, and X itself, may be tied by.
    fn ties(&self, select: &Select) -> Vec<AttributeId> {
        let Some(about) = &select.about else { return Vec::new() };
        let kinds = about.things.iter().map(|thing| self.snapshot.things().kind(*thing)).chain([select.kind]);
        kinds.flat_map(|kind| self.snapshot.vocabulary().attributes_of(kind).to_vec()).collect()
    }

    /// A scene in which everything is concluded that these attributes depend on.
    pub fn scene<'a>(
        &'a self,
        reads: &[AttributeId],
        scope: &'a TimeScope,
        budget: &'a Budget,
    ) -> Result<Scene<'a>> {
        let mut scene = Scene::new(&self.snapshot, scope, budget);
        let all: Vec<Arc<Pattern>> = self.snapshot.patterns().cloned().collect();
        let patterns = strata::relevant(&all, reads);
        if patterns.is_empty() {
            return Ok(scene);
        }
        let same = |known: &&Concluded| {
            known.scope == *scope
                && known.patterns.len() == patterns.len()
                && known.patterns.iter().zip(&patterns).all(|(a, b)| Arc::ptr_eq(a, b))
        };
        let known = self.lock().iter().find(same).map(|known| known.derived.clone());
        match known {
            Some(derived) => scene.derived = derived,
            None => {
                fixpoint::conclude(&mut scene, &patterns, None)?;
                let mut kept = self.lock();
                if kept.len() >= KEPT {
                    kept.remove(0);
                }
                kept.push(Concluded { patterns, scope: scope.clone(), derived: scene.derived.clone() });
            }
        }
        Ok(scene)
    }

    /// A poisoned lock only means that another reader panicked between two whole entries.
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Concluded>> {
        self.concluded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a question is about claims, patterns, kinds, attributes or commits as things.
    fn needs_catalogue(&self, body: &Body) -> bool {
        let vocabulary = self.snapshot.vocabulary();
        let of_catalogue =
            |id: &AttributeId| vocabulary.attribute(*id).kind.is_some_and(|kind| kind.is_catalogue());
        match body {
            Body::Select(select) => select.kind.is_catalogue() || reads_of(select).iter().any(of_catalogue),
            Body::Value(expression, _) => {
                let mut of_thing = false;
                expression.each_path(&mut |path, _| {
                    of_thing |= matches!(path.start, Start::Thing(thing) if thing.0 >= self.snapshot.things().count());
                });
                of_thing || strata::read_by(expression).iter().any(of_catalogue)
            }
            Body::Compare(comparing) | Body::Gaps(comparing) => {
                compare::is_of_catalogue(comparing)
                    || compare::reads(comparing).iter().any(of_catalogue)
                    || compare::listed(comparing).iter().any(|thing| self.is_of_catalogue(*thing))
            }
            Body::Describe(thing) | Body::Conflicts(Some(thing)) => self.is_of_catalogue(*thing),
            Body::Search(_) | Body::Conflicts(None) | Body::History(..) => false,
            Body::Why(_) | Body::WhyNot(_) | Body::Difference => false,
        }
    }

    /// The things of the catalogue have ids above all others.
    fn is_of_catalogue(&self, thing: ThingId) -> bool {
        thing.0 >= self.snapshot.things().count()
    }
}

/// All attributes that a question about a kind reads.
pub fn reads_of(select: &Select) -> Vec<AttributeId> {
    let mut reads = Vec::new();
    select.condition.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| reads.extend(path.steps.iter().map(|step| step.attribute)));
    });
    let mut read = |expression: &Expression| reads.extend(strata::read_by(expression));
    select.by.iter().chain(&select.show).for_each(|column| read(&column.expression));
    if let Some(column) = select.aggregate.as_ref().and_then(|aggregate| aggregate.of.as_ref()) {
        read(&column.expression);
    }
    for order in &select.order {
        if let crate::model::question::OrderBy::Value(expression) = &order.by {
            read(expression);
        }
    }
    if let Some(per) = select.limit.as_ref().and_then(|limit| limit.per.as_ref()) {
        read(per);
    }
    reads
}
