//! Patterns with their names resolved.

use super::claim::Evidence;
use super::condition::{Condition, TestForm, Variable};
use super::name::{Name, Text};
use super::value::{AttributeId, ThingId, Value};

/// A rule that holds across cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Unique among patterns.
    pub name: Name,
    /// What it says, in own words.
    pub title: Option<Text>,
    /// One or more; an attribute without a variable belongs to the first.
    pub variables: Vec<Variable>,
    /// What it concludes from what.
    pub rule: Rule,
    /// The cases that speak for it.
    pub seen_in: Vec<ThingId>,
    /// The cases that speak against it.
    pub against: Vec<ThingId>,
    /// Citations and qualifiers.
    pub evidence: Evidence,
    /// The statement that declares it, as printed from its tree.
    pub statement: Text,
}

/// Sufficient or necessary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `when CONDITION then CONCLUSIONS`: where it is met, they follow.
    Sufficient {
        /// The condition.
        when: Condition,
        /// One or more.
        then: Vec<Conclusion>,
    },
    /// `CONCLUSION requires CONDITION`: where it is failed, the conclusion is denied.
    Necessary {
        /// What is denied.
        conclusion: Conclusion,
        /// Where this is failed.
        requires: Condition,
    },
}

/// A statement that a pattern supports or denies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// About which variable, by position.
    pub variable: usize,
    /// Which of its attributes.
    pub attribute: AttributeId,
    /// Whether the pattern denies it; for a necessary pattern, whether the *conclusion* as written is
    /// a denial (`x != v requires ...`).
    pub denied: bool,
    /// The value.
    pub value: Term,
}

/// A value or a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A constant.
    Value(Value),
    /// Whatever the variable stands for.
    Variable(usize),
}

impl Pattern {
    /// The condition, whichever way it works.
    pub fn condition(&self) -> &Condition {
        match &self.rule {
            Rule::Sufficient { when, .. } => when,
            Rule::Necessary { requires, .. } => requires,
        }
    }

    /// What is concluded where the rule fires: a necessary pattern turns its conclusion round.
    pub fn conclusions(&self) -> impl Iterator<Item = (&Conclusion, bool)> {
        let (listed, turned) = match &self.rule {
            Rule::Sufficient { then, .. } => (then.as_slice(), false),
            Rule::Necessary { conclusion, .. } => (std::slice::from_ref(conclusion), true),
        };
        listed.iter().map(move |conclusion| (conclusion, conclusion.denied != turned))
    }

    /// The attributes that it concludes, ascending.
    pub fn concludes(&self) -> Vec<AttributeId> {
        let mut attributes: Vec<AttributeId> =
            self.conclusions().map(|(conclusion, _)| conclusion.attribute).collect();
        attributes.sort_unstable();
        attributes.dedup();
        attributes
    }

    /// The attributes that it reads, ascending; `true` where it reads them through `not`, `is unknown` or
    /// `count of`, and so needs them complete.
    pub fn reads(&self) -> Vec<(AttributeId, bool)> {
        let mut reads = Vec::new();
        self.condition().each_test(&mut |test, negated| {
            let unknown = matches!(test.form, TestForm::Unknown);
            test.each_path(&mut |path, counted| {
                reads.extend(path.steps.iter().map(|step| (step.attribute, negated || unknown || counted)));
            });
        });
        reads.sort_unstable();
        reads.dedup();
        reads
    }
}
