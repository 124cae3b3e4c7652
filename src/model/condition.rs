//! Conditions with their names resolved: the one form that questions, patterns and descriptions share.

use super::value::{KindId, ThingId, Value};
use super::vocabulary::Step;

/// A condition on the variables of a question or pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Met if all are, failed if any is; empty: met.
    All(Vec<Condition>),
    /// Met if any is, failed if all are.
    Any(Vec<Condition>),
    /// Met where the inner one is not met.
    Not(Box<Condition>),
    /// A single test.
    Test(Test),
}

/// A test of what stands at its left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What is tested.
    pub left: Expression,
    /// How.
    pub form: TestForm,
    /// As typed, for answers and proofs: `social_capital <= weak`.
    pub text: String,
}

/// How a test tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestForm {
    /// `a < b`; `possibly`: met if some point satisfies it.
    Compare {
        /// Asks for some point instead of all.
        possibly: bool,
        /// Which comparison.
        comparison: Comparison,
        /// What it is compared with.
        right: Expression,
    },
    /// Equal to one of these.
    In(Vec<Expression>),
    /// Some statement about it is supported or denied.
    Known,
    /// None is.
    Unknown,
    /// A text that holds this one, compared folded.
    Contains(String),
}

/// What gives values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A constant.
    Value(Value),
    /// A path from a variable or a thing.
    Path(Path),
    /// How many values a path has: things or statements supported.
    CountOf(Path),
    /// Interval arithmetic.
    Binary {
        /// Which operation.
        operator: Operator,
        /// Left operand.
        left: Box<Expression>,
        /// Right operand.
        right: Box<Expression>,
    },
    /// A column of an answer by description; only in questions that describe.
    Field(Field),
    /// The values that the proofs of a row state of this attribute of the described thing: in `by`
    /// and `show` of a question that describes.
    Described(super::value::AttributeId),
}

/// The columns of an answer by description that its conditions, `show` and `order by` can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `applies`, `would apply`
    Status,
    /// The open conditions.
    Needs,
    /// `supported`, `contested`
    Standing,
    /// Whether every proof is hedged.
    Hedged,
    /// The patterns in the proofs.
    Patterns,
    /// The cases they were seen in.
    Cases,
    /// Where they are said.
    Sources,
}

impl Field {
    /// All of them, in the order of the answer's columns.
    pub const ALL: [Field; 7] = [
        Field::Status,
        Field::Needs,
        Field::Standing,
        Field::Hedged,
        Field::Patterns,
        Field::Cases,
        Field::Sources,
    ];

    /// The column's name.
    pub fn name(self) -> &'static str {
        match self {
            Field::Status => "status",
            Field::Needs => "needs",
            Field::Standing => "standing",
            Field::Hedged => "hedged",
            Field::Patterns => "patterns",
            Field::Cases => "cases",
            Field::Sources => "sources",
        }
    }
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// A variable, by its position; a question has one, at 0.
    Variable(usize),
    /// A thing by name.
    Thing(ThingId),
}

/// From a thing through references to what the last step has. Without steps it is the thing itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Where it begins.
    pub start: Start,
    /// The steps, in order; all but the last lead to things.
    pub steps: Vec<Step>,
}

/// A variable of a pattern: it stands for every thing of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Of which kind.
    pub kind: KindId,
    /// As named in the pattern; a lone variable may be nameless.
    pub name: Option<String>,
}

impl Condition {
    /// The condition that is always met.
    pub fn always() -> Condition {
        Condition::All(Vec::new())
    }

    /// Calls `visit` for every test, in order; `negated` is whether it stands below an odd or even
    /// number of `not`, one or more.
    pub fn each_test<'a>(&'a self, visit: &mut dyn FnMut(&'a Test, bool)) {
        self.walk(false, visit);
    }

    fn walk<'a>(&'a self, negated: bool, visit: &mut dyn FnMut(&'a Test, bool)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| part.walk(negated, visit));
            }
            Condition::Not(inner) => inner.walk(true, visit),
            Condition::Test(test) => visit(test, negated),
        }
    }

    /// The condition as text that parses back to it.
    pub fn text(&self) -> String {
        let joined = |parts: &[Condition], word: &str| {
            let nested = |part: &Condition| match part {
                Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                    format!("({})", part.text())
                }
                _ => part.text(),
            };
            parts.iter().map(nested).collect::<Vec<_>>().join(word)
        };
        match self {
            Condition::All(parts) => joined(parts, " and "),
            Condition::Any(parts) => joined(parts, " or "),
            Condition::Not(inner) => match **inner {
                Condition::Test(_) => format!("not {}", inner.text()),
                _ => format!("not ({})", inner.text()),
            },
            Condition::Test(test) => test.text.clone(),
        }
    }
}

impl Test {
    /// The same comparison with this value at its right; any other test stays as it is.
    pub fn with_right(&self, value: Value) -> Test {
        let form = match &self.form {
            TestForm::Compare { possibly, comparison, .. } => TestForm::Compare {
                possibly: *possibly,
                comparison: *comparison,
                right: Expression::Value(value),
            },
            other => other.clone(),
        };
        Test { left: self.left.clone(), form, text: self.text.clone() }
    }

    /// Calls `visit` for every path of the test; `counted` where only their number matters.
    pub fn each_path<'a>(&'a self, visit: &mut dyn FnMut(&'a Path, bool)) {
        self.left.each_path(visit);
        match &self.form {
            TestForm::Compare { right, .. } => right.each_path(visit),
            TestForm::In(list) => list.iter().for_each(|expression| expression.each_path(visit)),
            TestForm::Known | TestForm::Unknown | TestForm::Contains(_) => {}
        }
    }
}

impl Expression {
    /// Calls `visit` for every path; `counted` where only their number matters.
    pub fn each_path<'a>(&'a self, visit: &mut dyn FnMut(&'a Path, bool)) {
        match self {
            Expression::Path(path) => visit(path, false),
            Expression::CountOf(path) => visit(path, true),
            Expression::Binary { left, right, .. } => {
                left.each_path(visit);
                right.each_path(visit);
            }
            Expression::Value(_) | Expression::Field(_) | Expression::Described(_) => {}
        }
    }
}

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// What holds of two points exactly where this does not.
    pub fn opposite(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterOrEqual,
            Comparison::LessOrEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessOrEqual,
            Comparison::GreaterOrEqual => Comparison::Less,
        }
    }

    /// Whether it asks which value it is, and not how it compares.
    pub fn is_of_identity(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
