//! A scene: what one question sees. A snapshot, the time it looks at, and what patterns conclude.

use super::budget::Budget;
use super::cache::{Base, Cache};
use super::demand::Concluded;
use super::marks::KnownProofs;
use super::rules::Rules;
use super::trace::Trace;
use super::truth::Said;
use crate::error::Result;
use crate::facts::{Claims, Snapshot};
use crate::model::{
    AttributeId, Claim, ClaimId, Evidence, Name, Step, ThingId, TimeScope, Value, Vocabulary,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// What one question sees.
pub struct Scene<'a> {
    /// Claims, things, vocabulary.
    pub snapshot: &'a Snapshot,
    /// Which claims are seen by their time.
    pub scope: &'a TimeScope,
    /// What patterns conclude.
    pub(super) concluded: Concluded<'a>,
    /// What the question may cost.
    pub budget: &'a Budget,
    /// In a described case `not c` means that `c` is failed; elsewhere, that it is not met.
    pub strict_not: bool,
    referrers: RefCell<FxHashMap<AttributeId, Rc<Referrers>>>,
    pub(super) known_proofs: KnownProofs,
    watch: Option<Watch<'a>>,
    /// For `explain`.
    pub(super) trace: Option<&'a Trace>,
}

/// Things of which it is remembered what was read.
struct Watch<'a> {
    things: &'a [ThingId],
    read: RefCell<BTreeSet<(ThingId, AttributeId)>>,
}

/// From a thing to those that claims refer to it.
type Referrers = FxHashMap<ThingId, Vec<ThingId>>;

static NO_EVIDENCE: LazyLock<Arc<Evidence>> = LazyLock::new(Arc::default);

impl<'a> Scene<'a> {
    /// A scene in which nothing is concluded.
    pub fn new(snapshot: &'a Snapshot, scope: &'a TimeScope, budget: &'a Budget) -> Self {
        let concluded = Concluded::nothing(scope);
        Scene {
            snapshot,
            scope,
            concluded,
            budget,
            strict_not: false,
            referrers: RefCell::default(),
            known_proofs: KnownProofs::default(),
            watch: None,
            trace: None,
        }
    }

    /// With what these patterns conclude when it is asked for. What is kept in `cache` was concluded from
    /// this very snapshot by these patterns.
    pub fn with_rules(self, rules: &Arc<Rules>, kept: Option<(&'a Cache, Option<&'a Base>)>) -> Self {
        let attributes = self.vocabulary().attributes().count();
        let concluded = Concluded::on_demand(rules.clone(), attributes, self.scope, kept);
        Scene { concluded, ..self }
    }

    /// As of a described case, where `not c` means that `c` is failed.
    pub fn described(self) -> Self {
        Scene { strict_not: true, ..self }
    }

    /// What this scene would be of another snapshot, with the same patterns.
    pub fn of_another<'b>(&'b self, snapshot: &'b Snapshot) -> Scene<'b> {
        let scene = Scene { strict_not: self.strict_not, ..Scene::new(snapshot, self.scope, self.budget) };
        match self.concluded.rules() {
            Some(rules) => scene.with_rules(rules, None),
            None => scene,
        }
    }

    /// Telling of what it does.
    pub fn traced(self, trace: Option<&'a Trace>) -> Self {
        Scene { trace, ..self }
    }

    /// Runs one step, of which a trace is to tell: in which words, how many rows are expected, how many left.
    pub fn step<T>(
        &self,
        words: impl FnOnce() -> String,
        estimated: Option<u64>,
        rows: impl FnOnce(&T) -> u64,
        run: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        Trace::step(self.trace, words, estimated, rows, run)
    }

    /// With an eye on what is read of some things.
    pub fn watching(self, things: &'a [ThingId]) -> Self {
        Scene { watch: Some(Watch { things, read: RefCell::default() }), ..self }
    }

    /// Whether it is remembered what is read of some things.
    pub fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// The cells of the watched things that have been read, in order.
    pub fn watched(&self) -> Vec<(ThingId, AttributeId)> {
        self.watch.as_ref().map(|watch| watch.read.borrow().iter().copied().collect()).unwrap_or_default()
    }

    /// Remembers that an attribute was read of all things at once.
    pub(super) fn reads_all(&self, attribute: AttributeId) {
        if let Some(watch) = &self.watch {
            let kind = self.vocabulary().attribute(attribute).kind;
            let has_it =
                |thing: &&ThingId| kind.is_none_or(|kind| self.snapshot.things().kind(**thing) == kind);
            let things = watch.things.iter().filter(has_it);
            watch.read.borrow_mut().extend(things.map(|thing| (*thing, attribute)));
        }
    }

    /// Kinds and attributes.
    pub fn vocabulary(&self) -> &'a Vocabulary {
        self.snapshot.vocabulary()
    }

    /// Everything said about a thing on an attribute.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn said(&self, thing: ThingId, attribute: AttributeId) -> Result<Said<'_>> {
        if let Some(watch) = self.watch.as_ref().filter(|watch| watch.things.contains(&thing)) {
            watch.read.borrow_mut().insert((thing, attribute));
        }
        let claims = match attribute {
            AttributeId::NAME => Claims::Made(vec![plain(Some(&self.snapshot.things().name(thing)))]),
            AttributeId::TITLE => {
                let title = self.snapshot.things().title(thing);
                Claims::Made(title.map(|title| plain(Some(title))).into_iter().collect())
            }
            _ => self.snapshot.claims(thing, attribute),
        };
        let many = self.vocabulary().attribute(attribute).many;
        Ok(Said::new(claims, self.conclusions(thing, attribute)?, self.scope, many))
    }

    /// The things that a step leads to, by support, ascending and distinct.
    pub fn follow(&self, thing: ThingId, step: Step) -> Result<Vec<ThingId>> {
        let mut reached = match step.inverse {
            true => self.referring(thing, step.attribute)?,
            false => {
                let said = self.said(thing, step.attribute)?;
                said.supported().into_iter().filter_map(as_thing).collect()
            }
        };
        reached.sort_unstable();
        reached.dedup();
        Ok(reached)
    }

    /// The things whose attribute refers to this one, by support.
    fn referring(&self, thing: ThingId, attribute: AttributeId) -> Result<Vec<ThingId>> {
        self.reads_all(attribute);
        let known = self.referrers.borrow().get(&attribute).cloned();
        let index = match known {
            Some(index) => index,
            None => {
                let index = Rc::new(self.index_referrers(attribute)?);
                self.referrers.borrow_mut().insert(attribute, index.clone());
                index
            }
        };
        let mut referring = index.get(&thing).cloned().unwrap_or_default();
        referring.extend(self.concluded_to_refer(thing, attribute)?);
        Ok(referring)
    }

    fn index_referrers(&self, attribute: AttributeId) -> Result<Referrers> {
        let mut index = Referrers::default();
        for column in self.snapshot.columns(attribute) {
            if !self.scope.sees(&column.evidence().when) {
                continue;
            }
            self.budget.check()?;
            let irregular = self.cell_things(attribute);
            for (thing, code) in column.entries().filter(|(thing, _)| !irregular.contains(thing.0)) {
                if let Some(target) = column.dictionary().thing(code) {
                    index.entry(target).or_default().push(thing);
                }
            }
        }
        for (thing, claims) in self.snapshot.cells(attribute) {
            let seen = claims.iter().filter(|claim| !claim.denied && self.scope.sees(&claim.evidence.when));
            for target in seen.filter_map(|claim| as_thing(claim.value.as_ref()?)) {
                index.entry(target).or_default().push(thing);
            }
        }
        Ok(index)
    }

    /// The things that have a cell of their own on an attribute: there, columns do not count.
    pub fn cell_things(&self, attribute: AttributeId) -> Arc<RoaringBitmap> {
        self.snapshot.cell_things(attribute).cloned().unwrap_or_default()
    }

    /// A value in words.
    pub fn show(&self, attribute: AttributeId, value: &Value) -> String {
        self.snapshot.value_in_words(attribute, value)
    }
}

/// The thing that a value refers to.
pub fn as_thing(value: &Value) -> Option<ThingId> {
    match value {
        Value::Thing(thing) => Some(*thing),
        _ => None,
    }
}

/// Name and title as claims that nobody made.
fn plain(text: Option<&str>) -> Claim {
    let value = text.map(|text| Value::Text(Name::new(text)));
    Claim {
        id: ClaimId { commit: 0, ordinal: 0 },
        value,
        denied: false,
        evidence: NO_EVIDENCE.clone(),
        note: None,
    }
}
