//! A snapshot that can be asked: the door of the engine.

use super::budget::Budget;
use super::cache::{Base, Cache};
use super::difference::Difference;
use super::rules::Rules;
use super::scene::Scene;
use super::trace::Trace;
use super::{compare, conflicts, profile, search, select, strata, value, why, why_not};
use crate::answer::Answer;
use crate::error::Result;
use crate::facts::Snapshot;
use crate::model::question::{Body, Select};
use crate::model::{AttributeId, Expression, Pattern, Question, Start, ThingId, TimeScope};
use std::sync::{Arc, OnceLock};

/// A snapshot with what has been concluded from it so far. Shared by readers.
#[derive(Debug)]
pub struct Knowledge {
    snapshot: Arc<Snapshot>,
    rules: OnceLock<Arc<Rules>>,
    cache: Cache,
    /// What was concluded before the change that made this snapshot.
    base: Option<Arc<Base>>,
    catalogue: OnceLock<Arc<Knowledge>>,
}

impl Knowledge {
    /// A snapshot of which nothing has been asked yet.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Knowledge {
            snapshot,
            rules: OnceLock::new(),
            cache: Cache::default(),
            base: None,
            catalogue: OnceLock::new(),
        }
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
        self.answer_traced(question, budget, None)
    }

    /// Answers a question as if it were the first, telling `trace` what is done for it.
    ///
    /// # Errors
    /// As [`Knowledge::answer`].
    pub fn explain(&self, question: &Question, budget: &Budget, trace: &Trace) -> Result<Answer> {
        // What earlier questions have left behind would not be told of.
        let afresh = self.changed_to(Snapshot::clone(&self.snapshot));
        afresh.answer_traced(question, budget, Some(trace))
    }

    fn answer_traced(&self, question: &Question, budget: &Budget, trace: Option<&Trace>) -> Result<Answer> {
        let Question { body, scope } = question;
        if self.needs_catalogue(body) {
            let build = || Arc::new(Knowledge::new(self.snapshot.catalogue()));
            let catalogue = self.catalogue.get_or_init(build);
            return catalogue.answer_body(body, scope, budget, trace);
        }
        self.answer_body(body, scope, budget, trace)
    }

    fn answer_body(
        &self,
        body: &Body,
        scope: &TimeScope,
        budget: &Budget,
        trace: Option<&Trace>,
    ) -> Result<Answer> {
        let scene = self.scene(scope, budget).traced(trace);
        let answer = self.answer_in(&scene, body);
        scene.tell_of_demand();
        answer
    }

    fn answer_in(&self, scene: &Scene, body: &Body) -> Result<Answer> {
        match body {
            Body::Select(select) if select.description.is_some() => {
                select::answer_described(scene, self.rules(), select)
            }
            Body::Select(select) => select::answer(scene, select),
            Body::Value(expression, text) => value::answer(scene, expression, text),
            Body::Compare(comparing) => compare::answer(scene, comparing),
            Body::Gaps(comparing) => compare::gaps(scene, comparing),
            Body::Describe(things) => profile::answer(scene, things),
            Body::Search(words) => search::answer(scene, words),
            Body::Conflicts(of) => conflicts::answer(scene, *of),
            Body::Why(why) => why::answer(scene, why),
            Body::WhyNot(condition) => why_not::answer(scene, condition),
            // History is in the log, and a difference is between two snapshots: the book answers both.
            Body::History(..) | Body::Difference => Ok(Answer::default()),
        }
    }

    /// The knowledge of a snapshot that was made by changing this one's.
    pub fn changed_to(&self, snapshot: Snapshot) -> Knowledge {
        let is_same = self.snapshot.all_patterns().are(snapshot.all_patterns());
        let known = Base::new(&self.snapshot, self.rules(), &self.cache).map(Arc::new);
        let base = known.or_else(|| self.base.clone());
        let changed = Knowledge { base, ..Knowledge::new(Arc::new(snapshot)) };
        if is_same {
            let _ = changed.rules.set(self.rules().clone());
        }
        changed
    }

    /// What is gained, lost or contested in `later`, which was made by changing this knowledge's snapshot.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn difference(&self, later: &Knowledge, scope: &TimeScope, budget: &Budget) -> Result<Answer> {
        // Neither `suppose` nor `without` touches the vocabulary.
        let changed = self.snapshot.changed_in(&later.snapshot).unwrap_or_default();
        let (before, after) = (self.scene(scope, budget), later.scene(scope, budget));
        Difference { before: &before, after: &after, within: None }.answer(&changed)
    }

    /// What a question sees of this knowledge.
    pub fn scene<'a>(&'a self, scope: &'a TimeScope, budget: &'a Budget) -> Scene<'a> {
        Scene::new(&self.snapshot, scope, budget)
            .with_rules(self.rules(), Some((&self.cache, self.base.as_deref())))
    }

    /// The patterns, ready to be run.
    pub fn rules(&self) -> &Arc<Rules> {
        self.rules.get_or_init(|| Arc::new(Rules::new(self.snapshot.all_patterns())))
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
            Body::Describe(things) => things.iter().any(|thing| self.is_of_catalogue(*thing)),
            Body::Conflicts(Some(thing)) => self.is_of_catalogue(*thing),
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
