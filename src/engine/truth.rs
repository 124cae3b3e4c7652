//! What a cell says to a test: met, failed, both or neither.

use super::derived::Conclusions;
use crate::answer::Standing;
use crate::error::Result;
use crate::facts::Claims;
use crate::model::{
    Claim, Comparison, Condition, Holds, Number, Test, TestForm, TimeScope, Value, When, fold,
};
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Whether a condition is met and whether it is failed; neither means that it is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Something speaks for it.
    pub met: bool,
    /// Something speaks against it.
    pub failed: bool,
}

impl Truth {
    /// A condition that cannot be open or contested.
    pub fn crisp(met: bool) -> Truth {
        Truth { met, failed: !met }
    }

    /// The truth of the opposite statement: what supports one denies the other.
    pub fn swap(self) -> Truth {
        Truth { met: self.failed, failed: self.met }
    }

    /// The truth of a condition from that of its tests. With `strict_not`, `not c` means that `c` is failed;
    /// otherwise, that it is not met.
    ///
    /// # Errors
    /// Those of `test`.
    pub fn of(
        condition: &Condition,
        strict_not: bool,
        test: &mut dyn FnMut(&Test) -> Result<Truth>,
    ) -> Result<Truth> {
        Ok(match condition {
            Condition::All(parts) => {
                let mut truth = Truth { met: true, failed: false };
                for part in parts {
                    let part = Truth::of(part, strict_not, test)?;
                    truth = Truth { met: truth.met && part.met, failed: truth.failed || part.failed };
                }
                truth
            }
            Condition::Any(parts) => {
                let mut truth = Truth { met: false, failed: true };
                for part in parts {
                    let part = Truth::of(part, strict_not, test)?;
                    truth = Truth { met: truth.met || part.met, failed: truth.failed && part.failed };
                }
                truth
            }
            Condition::Not(inner) => {
                let inner = Truth::of(inner, strict_not, test)?;
                if strict_not { inner.swap() } else { Truth::crisp(!inner.met) }
            }
            Condition::Test(one) => test(one)?,
        })
    }

    /// Whichever of both is met or failed.
    pub fn merge(self, other: Truth) -> Truth {
        Truth { met: self.met || other.met, failed: self.failed || other.failed }
    }
}

/// Everything said about one thing on one attribute: claims that the question sees, and conclusions.
#[derive(Debug)]
pub struct Said<'a> {
    claims: Claims<'a>,
    conclusions: Conclusions<'a>,
    scope: &'a TimeScope,
    many: bool,
}

/// One value with all that is said for and against it.
#[derive(Debug)]
pub struct Statement<'a> {
    /// The value.
    pub value: &'a Value,
    /// Supported, denied or contested.
    pub standing: Standing,
    /// The claims that support it.
    pub supporting: Vec<&'a Claim>,
    /// The claims that deny it, by denial or, on a one-valued attribute, by supporting another value.
    pub denying: Vec<&'a Claim>,
    /// Whether patterns conclude it.
    pub concluded: bool,
}

static UNDATED: LazyLock<When> = LazyLock::new(When::default);

impl<'a> Said<'a> {
    /// All claims about a cell, of which those in `scope` are seen, and the conclusions.
    pub fn new(claims: Claims<'a>, conclusions: Conclusions<'a>, scope: &'a TimeScope, many: bool) -> Self {
        Said { claims, conclusions, scope, many }
    }

    /// The claims that the question sees.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| self.scope.sees(&claim.evidence.when))
    }

    fn stated(&self, denied: bool) -> impl Iterator<Item = (&Value, &When)> {
        let claims = self.claims().filter(move |claim| claim.denied == denied);
        let claimed = claims.filter_map(|claim| Some((claim.value.as_ref()?, &claim.evidence.when)));
        let conclusions = self.conclusions.iter().filter(move |conclusion| conclusion.denied == denied);
        claimed.chain(conclusions.map(|conclusion| (&conclusion.value, &*UNDATED)))
    }

    /// Whether the attribute takes many values.
    pub fn is_many(&self) -> bool {
        self.many
    }

    /// Whether patterns conclude this value, or its denial.
    pub fn concludes(&self, value: &Value, denied: bool) -> bool {
        self.conclusions.iter().any(|conclusion| conclusion.denied == denied && conclusion.value == *value)
    }

    /// Whether a claim states this value, or denies it.
    pub fn claims_that(&self, value: &Value, denied: bool) -> bool {
        self.claims().any(|claim| claim.denied == denied && claim.value.as_ref() == Some(value))
    }

    /// Whether everything that is said here is said there, too, of the same time.
    pub fn says_as_much_as(&self, other: &Said) -> bool {
        let among =
            |denied: bool| self.stated(denied).all(|said| other.stated(denied).any(|known| known == said));
        among(false) && among(true)
    }

    /// Whether patterns conclude the same.
    pub fn concludes_as(&self, other: &Said) -> bool {
        let conclusions = || self.conclusions.iter();
        self.conclusions.len() == other.conclusions.len()
            && conclusions().all(|c| other.concludes(&c.value, c.denied))
    }

    /// The values that something supports, each once.
    pub fn supported(&self) -> Vec<&Value> {
        let mut values: Vec<&Value> = Vec::new();
        let mut seen: FxHashSet<&Value> = FxHashSet::default();
        for (value, _) in self.stated(false) {
            if seen.insert(value) {
                values.push(value);
            }
        }
        values
    }

    /// Whether some statement about the cell is supported or denied.
    pub fn is_known(&self) -> bool {
        self.stated(false).next().is_some() || self.stated(true).next().is_some()
    }

    /// Met by support, failed by denial. On a one-valued attribute support for a value that excludes
    /// this one denies it. Support and denial at times that do not overlap do not conflict: support counts.
    pub fn equals(&self, wanted: &Value) -> Truth {
        let supporting: Vec<&When> =
            self.stated(false).filter(|(value, _)| value.amounts_to(wanted)).map(|(_, when)| when).collect();
        let conflicts = |when: &When| supporting.is_empty() || supporting.iter().any(|s| s.overlaps(when));
        let denied = self.stated(true).any(|(value, when)| wanted.amounts_to(value) && conflicts(when));
        let excluded =
            !self.many && self.stated(false).any(|(value, when)| value.excludes(wanted) && conflicts(when));
        Truth { met: !supporting.is_empty(), failed: denied || excluded }
    }

    /// Whether a statement, that the cell is this value or not, is said and denies `wanted`, at a time at which
    /// nothing or something supports that.
    pub fn speaks_against(&self, value: &Value, denied: bool, wanted: &Value) -> bool {
        let against = match denied {
            true => wanted.amounts_to(value),
            false => !self.many && value.excludes(wanted),
        };
        let supporting: Vec<&When> =
            self.stated(false).filter(|(value, _)| value.amounts_to(wanted)).map(|(_, when)| when).collect();
        let conflicts = |when: &When| supporting.is_empty() || supporting.iter().any(|s| s.overlaps(when));
        against && self.stated(denied).any(|(said, when)| said == value && conflicts(when))
    }

    /// Whether this is stated, or denied, by a claim or a conclusion.
    pub fn states(&self, value: &Value, denied: bool) -> bool {
        self.stated(denied).any(|(said, _)| said == value)
    }

    /// The truth of `cell comparison right`: an ordering is met if some value seen meets it entirely, and
    /// failed if some misses it entirely.
    pub fn compare(&self, comparison: Comparison, right: &Value, possibly: bool) -> Truth {
        match (comparison, possibly) {
            (Comparison::Equal, false) => self.equals(right),
            (Comparison::NotEqual, false) => self.equals(right).swap(),
            // Beside some point of a value seen, an explicit denial counts, as without `possibly`.
            (Comparison::Equal | Comparison::NotEqual, true) => {
                let plain = self.compare(comparison, right, false);
                let some =
                    self.stated(false).any(|(value, _)| holds(value, comparison, right) != Holds::Nowhere);
                Truth { met: plain.met || some, failed: plain.failed }
            }
            _ => {
                let mut truth = Truth::default();
                for (value, _) in self.stated(false) {
                    truth = truth.merge(at_points(holds(value, comparison, right), possibly));
                }
                truth
            }
        }
    }

    /// The truth of a test whose right side is constant.
    pub fn meets(&self, form: &TestForm) -> Truth {
        use crate::model::Expression::Value as Constant;
        match form {
            TestForm::Compare { possibly, comparison, right: Constant(right) } => {
                self.compare(*comparison, right, *possibly)
            }
            TestForm::Compare { .. } => Truth::default(),
            TestForm::In(list) => {
                let mut all_failed = true;
                let mut met = false;
                for item in list {
                    let Constant(value) = item else { continue };
                    let truth = self.equals(value);
                    met |= truth.met;
                    all_failed &= truth.failed;
                }
                Truth { met, failed: all_failed }
            }
            TestForm::Known => Truth { met: self.is_known(), failed: false },
            TestForm::Unknown => Truth::crisp(!self.is_known()),
            // The words of a value of another type than text are the scene's to find.
            TestForm::Contains(words) => self.contains(words, &|value| match value {
                Value::Text(text) => text.as_str().to_string(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            }),
        }
    }

    /// The truth of `cell contains words`, values being shown by `show`.
    pub fn contains(&self, words: &str, show: &dyn Fn(&Value) -> String) -> Truth {
        let wanted = fold(words);
        let mut truth = Truth::default();
        for (value, _) in self.stated(false) {
            truth = truth.merge(Truth::crisp(fold(&show(value)).contains(&wanted)));
        }
        truth
    }

    /// Value by value, what is said for and against each: supported ones and those explicitly denied, in
    /// order of appearance.
    pub fn statements(&self) -> Vec<Statement<'_>> {
        let mut values = self.supported();
        for (value, _) in self.stated(true) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values.into_iter().map(|value| self.statement(value)).collect()
    }

    /// What is said for and against one value.
    pub fn statement<'s>(&'s self, value: &'s Value) -> Statement<'s> {
        let truth = self.equals(value);
        let supports =
            |claim: &&Claim| !claim.denied && claim.value.as_ref().is_some_and(|v| v.amounts_to(value));
        let supporting: Vec<&Claim> = self.claims().filter(supports).collect();
        let concluded = self.conclusions.iter().any(|c| !c.denied && c.value.amounts_to(value));
        let opposes = |claim: &&Claim| {
            let against = claim.value.as_ref().is_some_and(|said| match claim.denied {
                true => value.amounts_to(said),
                false => !self.many && said.excludes(value),
            });
            let undisturbed = supporting.is_empty() && !concluded;
            let overlaps = |s: &&Claim| s.evidence.when.overlaps(&claim.evidence.when);
            against && (undisturbed || concluded || supporting.iter().any(overlaps))
        };
        let denying: Vec<&Claim> = self.claims().filter(opposes).collect();
        let standing = Standing::of(truth.met, truth.failed);
        Statement { value, standing, supporting, denying, concluded }
    }

    /// The claims that a source was read and does not say.
    pub fn silent(&self) -> impl Iterator<Item = &Claim> {
        self.claims().filter(|claim| claim.value.is_none())
    }
}

/// Met and failed from how a comparison holds over the points of both sides.
pub fn at_points(holds: Holds, possibly: bool) -> Truth {
    match holds {
        Holds::Everywhere => Truth { met: true, failed: false },
        Holds::Nowhere => Truth { met: false, failed: true },
        Holds::Somewhere => Truth { met: possibly, failed: false },
    }
}

/// How `left comparison right` holds. Choices compare by their position, text by its folded form;
/// values of different sorts never agree.
pub fn holds(left: &Value, comparison: Comparison, right: &Value) -> Holds {
    let rank = |value: &Value| match value {
        Value::Choice(at) => Some(Number::from(i64::from(*at))),
        Value::Number(number) => Some(number.clone()),
        _ => None,
    };
    if let (Some(left), Some(right)) = (rank(left), rank(right)) {
        return left.compare(comparison, &right);
    }
    let order = left.cmp(right);
    let met = match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    };
    if met { Holds::Everywhere } else { Holds::Nowhere }
}
