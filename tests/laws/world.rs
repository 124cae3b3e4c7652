//! What a generated store is made of, as plain structs, and how each is said in the language.

use crate::interval::{Comparison, Interval};
use std::fmt::Write;

/// Positions in [`World::kinds`], [`World::attributes`], [`World::things`].
pub type Kind = usize;
pub type Attribute = usize;
pub type Thing = usize;

#[derive(Clone, Debug, Default)]
pub struct World {
    pub kinds: Vec<&'static str>,
    pub attributes: Vec<Declared>,
    pub things: Vec<Named>,
    pub sources: Vec<String>,
    pub patterns: Vec<Pattern>,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug)]
pub struct Declared {
    pub name: String,
    pub of: Kind,
    pub takes: Type,
    pub many: bool,
    pub inverse: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    OneOf(Vec<&'static str>),
    Scale(Vec<&'static str>),
    YesNo,
    Number,
    Year,
    Reference(Kind),
}

#[derive(Clone, Debug)]
pub enum Value {
    /// Position and word.
    Choice(usize, &'static str),
    YesNo(bool),
    /// With the words of the source.
    Number(Interval, String),
    Thing(Thing),
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Choice(a, _), Value::Choice(b, _)) => a == b,
            (Value::YesNo(a), Value::YesNo(b)) => a == b,
            (Value::Number(a, _), Value::Number(b, _)) => a == b,
            (Value::Thing(a), Value::Thing(b)) => a == b,
            _ => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    pub source: String,
    /// Which source was read, when quoted second-hand.
    pub via: Option<String>,
    pub locator: Option<&'static str>,
}

/// First and last year, with words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub first: i64,
    pub last: i64,
    pub words: String,
}

/// When a claim held; without an end on either side, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    pub observed: Option<Period>,
    pub since: Option<Period>,
    pub until: Option<Period>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub subject: Thing,
    pub attribute: Attribute,
    pub denied: bool,
    /// `None`: a source was read and does not say.
    pub value: Option<Value>,
    pub citations: Vec<Citation>,
    pub hedged: bool,
    pub when: When,
}

#[derive(Clone, Debug)]
pub enum Change {
    Assert(Claim),
    Retract(Retraction),
}

#[derive(Clone, Debug)]
pub struct Retraction {
    pub subject: Thing,
    pub attribute: Option<Attribute>,
    /// Only with an attribute: denied, and the value.
    pub statement: Option<(bool, Value)>,
    pub citation: Option<Citation>,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub name: String,
    /// The kind of each variable; with one variable it has no name.
    pub variables: Vec<Kind>,
    pub condition: Condition,
    pub necessary: bool,
    pub conclusions: Vec<Conclusion>,
    pub seen_in: Vec<Thing>,
    pub citations: Vec<Citation>,
    pub hedged: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    pub variable: usize,
    pub attribute: Attribute,
    pub denied: bool,
    pub value: Concluded,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Concluded {
    Value(Value),
    Variable(usize),
}

#[derive(Clone, Debug)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Expression, Form),
}

#[derive(Clone, Debug)]
pub enum Form {
    Compare { possibly: bool, comparison: Comparison, right: Expression },
    In(Vec<Value>),
    Known,
    Unknown,
}

#[derive(Clone, Debug)]
pub enum Expression {
    Value(Value),
    Path(Path),
    Count(Path),
    Plus(Box<Expression>, Box<Expression>),
    Minus(Box<Expression>, Box<Expression>),
}

#[derive(Clone, Debug)]
pub struct Path {
    pub variable: usize,
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub attribute: Attribute,
    pub inverse: bool,
}

const VARIABLES: [&str; 3] = ["A", "B", "C"];

impl World {
    pub fn things_of(&self, kind: Kind) -> Vec<Thing> {
        (0..self.things.len()).filter(|thing| self.things[*thing].kind == kind).collect()
    }

    /// The statements that declare kinds, attributes, sources and things.
    pub fn declarations(&self) -> Vec<String> {
        let mut statements = vec!["kind policy plural policies".to_string(), "kind case".to_string()];
        statements.extend(self.attributes.iter().map(|declared| self.declaration(declared)));
        statements.extend(self.sources.iter().map(|source| format!("source {source} {{ }}")));
        let thing = |thing: &Named| format!("{} {} {{ }}", self.kinds[thing.kind], thing.name);
        statements.extend(self.things.iter().map(thing));
        statements
    }

    fn declaration(&self, declared: &Declared) -> String {
        let takes = match &declared.takes {
            Type::OneOf(names) => format!("one of {}", names.join(", ")),
            Type::Scale(names) => format!("scale {}", names.join(" < ")),
            Type::YesNo => "yes/no".to_string(),
            Type::Number => "number".to_string(),
            Type::Year => "year".to_string(),
            Type::Reference(kind) => self.kinds[*kind].to_string(),
        };
        let many = if declared.many { "many " } else { "" };
        let inverse = declared.inverse.as_ref().map_or(String::new(), |name| format!(" inverse {name}"));
        format!("attribute {} of {}: {many}{takes}{inverse}", declared.name, self.kinds[declared.of])
    }

    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Choice(_, word) => word.to_string(),
            Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
            Value::Number(_, words) => words.clone(),
            Value::Thing(thing) => self.things[*thing].name.clone(),
        }
    }

    pub fn change(&self, change: &Change) -> String {
        match change {
            Change::Assert(claim) => {
                format!("assert {}", self.claim(claim))
            }
            Change::Retract(retraction) => {
                let mut text = format!("retract {}", self.things[retraction.subject].name);
                if let Some(attribute) = retraction.attribute {
                    write!(text, ".{}", self.name(attribute)).expect("texts grow");
                }
                if let Some((denied, value)) = &retraction.statement {
                    let sign = if *denied { "!=" } else { "=" };
                    write!(text, " {sign} {}", self.value(value)).expect("texts grow");
                }
                if let Some(citation) = &retraction.citation {
                    write!(text, " [{}]", cited(citation)).expect("texts grow");
                }
                text
            }
        }
    }

    /// A claim as it is asserted or supposed.
    pub fn claim(&self, claim: &Claim) -> String {
        let value = claim.value.as_ref().map_or("unknown".to_string(), |value| self.value(value));
        let path = self.cell(claim.subject, claim.attribute);
        format!("{path} {} {value}{}", sign(claim.denied), evidence(claim))
    }

    pub fn cell(&self, subject: Thing, attribute: Attribute) -> String {
        format!("{}.{}", self.things[subject].name, self.name(attribute))
    }

    /// `c1.capital != weak`
    pub fn statement(&self, subject: Thing, attribute: Attribute, denied: bool, value: &Value) -> String {
        format!("{} {} {}", self.cell(subject, attribute), sign(denied), self.value(value))
    }

    /// The statements that make this store, without those that declare things and sources.
    pub fn told(&self) -> String {
        let mut statements = self.declarations();
        statements.retain(|statement| !statement.ends_with("{ }"));
        statements.extend(self.changes.iter().map(|change| self.change(change)));
        statements.extend(self.patterns.iter().map(|pattern| self.pattern(pattern)));
        statements.join("\n")
    }

    pub fn name(&self, attribute: Attribute) -> &str {
        &self.attributes[attribute].name
    }

    pub fn pattern(&self, pattern: &Pattern) -> String {
        let several = pattern.variables.len() > 1;
        let variable = |(at, kind): (usize, &Kind)| match several {
            true => format!("{} {}", self.kinds[*kind], VARIABLES[at]),
            false => self.kinds[*kind].to_string(),
        };
        let variables: Vec<String> = pattern.variables.iter().enumerate().map(variable).collect();
        let conclusion = |conclusion: &Conclusion| {
            let owner = if several { format!("{}.", VARIABLES[conclusion.variable]) } else { String::new() };
            let sign = if conclusion.denied { "!=" } else { "=" };
            let value = match &conclusion.value {
                Concluded::Value(value) => self.value(value),
                Concluded::Variable(at) => VARIABLES[*at].to_string(),
            };
            format!("{owner}{} {sign} {value}", self.name(conclusion.attribute))
        };
        let conclusions: Vec<String> = pattern.conclusions.iter().map(conclusion).collect();
        let conclusions = conclusions.join(" and ");
        let condition = self.condition(&pattern.condition, several);
        let rule = match pattern.necessary {
            true => format!("{conclusions} requires {condition}"),
            false => format!("when {condition} then {conclusions}"),
        };
        let seen: Vec<&str> = pattern.seen_in.iter().map(|thing| &self.things[*thing].name[..]).collect();
        let seen = if seen.is_empty() { String::new() } else { format!(" seen in {}", seen.join(", ")) };
        let cited = cited_together(&pattern.citations);
        let hedged = if pattern.hedged { " (hedged)" } else { "" };
        format!("pattern {} {{ for {} {rule}{seen}{cited}{hedged} }}", pattern.name, variables.join(", "))
    }

    /// A condition in words; variables are named where there are several.
    pub fn condition(&self, condition: &Condition, several: bool) -> String {
        let joined = |parts: &[Condition], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.condition(part, several)).collect();
            format!("({})", parts.join(word))
        };
        match condition {
            Condition::All(parts) => joined(parts, " and "),
            Condition::Any(parts) => joined(parts, " or "),
            Condition::Not(inner) => format!("not {}", self.condition(inner, several)),
            Condition::Test(left, form) => {
                let left = self.expression(left, several);
                match form {
                    Form::Compare { possibly, comparison, right } => {
                        let possibly = if *possibly { "possibly " } else { "" };
                        format!("{possibly}{left} {comparison} {}", self.expression(right, several))
                    }
                    Form::In(values) => {
                        let values: Vec<String> = values.iter().map(|value| self.value(value)).collect();
                        format!("{left} in ({})", values.join(", "))
                    }
                    Form::Known => format!("{left} is known"),
                    Form::Unknown => format!("{left} is unknown"),
                }
            }
        }
    }

    pub fn expression(&self, expression: &Expression, several: bool) -> String {
        match expression {
            Expression::Value(value) => self.value(value),
            Expression::Path(path) => self.path(path, several),
            Expression::Count(path) => format!("count of {}", self.path(path, several)),
            Expression::Plus(a, b) => {
                format!("{} + {}", self.expression(a, several), self.expression(b, several))
            }
            Expression::Minus(a, b) => {
                format!("{} - {}", self.expression(a, several), self.expression(b, several))
            }
        }
    }

    fn path(&self, path: &Path, several: bool) -> String {
        let step = |step: &Step| {
            let declared = &self.attributes[step.attribute];
            let inverse = declared.inverse.as_deref().filter(|_| step.inverse);
            inverse.unwrap_or(&declared.name).to_string()
        };
        let variable = several.then(|| VARIABLES[path.variable].to_string());
        variable.into_iter().chain(path.steps.iter().map(step)).collect::<Vec<_>>().join(".")
    }
}

fn cited(citation: &Citation) -> String {
    let locator = citation.locator.map_or(String::new(), |locator| format!(" \"{locator}\""));
    let via = citation.via.as_ref().map_or(String::new(), |via| format!(" via {via}"));
    format!("{}{via}{locator}", citation.source)
}

fn cited_together(citations: &[Citation]) -> String {
    let citations: Vec<String> = citations.iter().map(cited).collect();
    if citations.is_empty() { String::new() } else { format!(" [{}]", citations.join("; ")) }
}

fn sign(denied: bool) -> &'static str {
    if denied { "!=" } else { "=" }
}

fn evidence(claim: &Claim) -> String {
    let mut text = cited_together(&claim.citations);
    let times = [("in", &claim.when.observed), ("since", &claim.when.since), ("until", &claim.when.until)];
    let mut qualifiers: Vec<String> = times
        .iter()
        .filter_map(|(word, period)| Some(format!("{word} {}", period.as_ref()?.words)))
        .collect();
    if claim.hedged {
        qualifiers.push("hedged".to_string());
    }
    if !qualifiers.is_empty() {
        write!(text, " ({})", qualifiers.join(", ")).expect("texts grow");
    }
    text
}
