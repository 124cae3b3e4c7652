//! Expressions as what gives rows: tables, how they are joined, and the columns in which the value stands.

use super::compare::Sort;
use super::not_yet;
use super::said::Translator;
use super::side::{NO_HIGH, NO_LOW, Side};
use crate::error::Result;
use crate::model::{AttributeId, Expression, Operator, Path, Start, Step, Value};

/// Tables and how they are joined; a subquery of what stands around it.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// `"cluster.industry" s1`
    pub from: Vec<String>,
    /// `s1.thing = v0.id`
    pub on: Vec<String>,
}

/// The values of an expression: a row for each; a constant is a value without a table.
#[derive(Clone, Debug)]
pub struct Values {
    pub rows: Joined,
    pub side: Side,
    pub sort: Sort,
}

impl Joined {
    /// With a further table, joined so.
    pub fn and(mut self, table: String, on: impl IntoIterator<Item = String>) -> Joined {
        self.from.push(table);
        self.on.extend(on);
        self
    }

    /// With the tables of another.
    pub fn with(mut self, other: Joined) -> Joined {
        self.from.extend(other.from);
        self.on.extend(other.on);
        self
    }

    /// `SELECT columns FROM ... WHERE ... AND predicate`
    pub fn select(&self, columns: &str, predicates: &[String]) -> String {
        let all: Vec<&str> = self.on.iter().chain(predicates).map(String::as_str).collect();
        let from =
            if self.from.is_empty() { String::new() } else { format!(" FROM {}", self.from.join(", ")) };
        let on = if all.is_empty() { String::new() } else { format!(" WHERE {}", all.join(" AND ")) };
        format!("SELECT {columns}{from}{on}")
    }

    /// That the predicate is true in some row.
    pub fn some(&self, predicate: &str) -> String {
        match self.from.is_empty() {
            true => format!("({predicate})"),
            false => format!("EXISTS ({})", self.select("1", &[format!("({predicate})")])),
        }
    }
}

/// So many operators may stand in one another: each writes its operands down twice.
const OPERATORS: usize = 3;

impl Translator<'_> {
    /// The values that are supported for an expression.
    pub fn values(&mut self, expression: &Expression) -> Result<Values> {
        match expression {
            Expression::Value(value) => {
                let words = match value {
                    Value::Text(text) => text.as_str(),
                    // What no text is compared by its place, its ends or its target.
                    _ => "",
                };
                let (side, sort) = (Side::of(value, words), Sort::of_value(value));
                Ok(Values { rows: Joined::default(), side, sort })
            }
            Expression::Path(path) => self.path_values(path),
            Expression::CountOf(path) => {
                let Values { rows, side, .. } = self.path_values(path)?;
                let count = rows.select(&format!("count(DISTINCT {})", side.value), &[]);
                let side = Side::of_ends(&format!("({count})"));
                Ok(Values { rows: Joined::default(), side, sort: Sort::Number })
            }
            Expression::Binary { operator, left, right } => {
                if depth(expression) > OPERATORS {
                    return Err(not_yet("arithmetic of more than four terms"));
                }
                let (left, right) = (self.values(left)?, self.values(right)?);
                let side = match operator {
                    Operator::Add => sum(&left.side, &right.side),
                    Operator::Subtract => sum(&left.side, &negated(&right.side)),
                    Operator::Multiply | Operator::Divide => return Err(not_yet("`*` and `/`")),
                };
                Ok(Values { rows: left.rows.with(right.rows), side, sort: Sort::Number })
            }
            Expression::Field(_) | Expression::Described(_) => Err(not_yet("a description")),
        }
    }

    fn path_values(&mut self, path: &Path) -> Result<Values> {
        let start = start(path);
        let Some((last, hops)) = path.steps.split_last() else {
            let name = |column| format!("(SELECT {column} FROM thing WHERE id = {start})");
            let side = Side { value: name("folded"), words: name("name"), ..Side::of_thing(&start) };
            return Ok(Values { rows: Joined::default(), side, sort: Sort::Thing });
        };
        let (rows, end) = self.walk(start, hops)?;
        self.step_values(rows, &end, *last)
    }

    /// What one more step leads to from `end`.
    pub fn step_values(&mut self, rows: Joined, end: &str, step: Step) -> Result<Values> {
        if !step.inverse {
            return self.cell_values(rows, end, step.attribute, 0);
        }
        let (rows, referrer) = self.hop(rows, end, step)?;
        let thing = self.alias();
        let rows = rows.and(format!("thing {thing}"), [format!("{thing}.id = {referrer}")]);
        let (value, words) = (format!("{thing}.folded"), format!("{thing}.name"));
        Ok(Values { rows, side: Side { value, words, ..Side::of_thing(&referrer) }, sort: Sort::Thing })
    }

    /// The values of a cell that something supports (`denied` = 0) or denies.
    pub fn cell_values(
        &mut self,
        rows: Joined,
        thing: &str,
        attribute: AttributeId,
        denied: u8,
    ) -> Result<Values> {
        let (table, row) = (self.cells(attribute)?, self.alias());
        let on = [format!("{row}.thing = {thing}"), format!("{row}.denied = {denied}")];
        let (side, sort) = (Side::of_row(&row), self.sort(attribute));
        Ok(Values { rows: rows.and(format!("{table} {row}"), on), side, sort })
    }

    /// The things that some steps lead to by support, and the column in which they stand.
    pub fn walk(&mut self, start: String, steps: &[Step]) -> Result<(Joined, String)> {
        let mut walk = (Joined::default(), start);
        for step in steps {
            walk = self.hop(walk.0, &walk.1, *step)?;
        }
        Ok(walk)
    }

    fn hop(&mut self, rows: Joined, end: &str, step: Step) -> Result<(Joined, String)> {
        let (table, row) = (self.cells(step.attribute)?, self.alias());
        let (from, to) = if step.inverse { ("target", "thing") } else { ("thing", "target") };
        let on = [format!("{row}.{from} = {end}"), format!("{row}.denied = 0")];
        Ok((rows.and(format!("{table} {row}"), on), format!("{row}.{to}")))
    }
}

/// The thing at which a path begins.
pub fn start(path: &Path) -> String {
    match path.start {
        Start::Variable(at) => format!("v{at}.id"),
        Start::Thing(thing) => thing.to_string(),
    }
}

/// How many operators stand in one another.
fn depth(expression: &Expression) -> usize {
    match expression {
        Expression::Binary { left, right, .. } => 1 + depth(left).max(depth(right)),
        _ => 0,
    }
}

/// End by end; what has no end keeps none, and is then not left out.
fn sum(a: &Side, b: &Side) -> Side {
    let end = |x: &str, y: &str, none: &str, beyond: &str| {
        format!("CASE WHEN {x} + {y} {beyond} THEN {none} ELSE {x} + {y} END")
    };
    let open = |x: &str, y: &str, x_open: &str, y_open: &str, beyond: &str| {
        format!("CASE WHEN {x} + {y} {beyond} OR {x_open} + {y_open} = 0 THEN 0 ELSE 1 END")
    };
    let (below, above) = ("<= -1e299", ">= 1e299");
    let wrapped = |text: String| format!("({text})");
    Side {
        low: wrapped(end(&a.low, &b.low, NO_LOW, below)),
        low_open: wrapped(open(&a.low, &b.low, &a.low_open, &b.low_open, below)),
        high: wrapped(end(&a.high, &b.high, NO_HIGH, above)),
        high_open: wrapped(open(&a.high, &b.high, &a.high_open, &b.high_open, above)),
        ..Side::of_thing("NULL")
    }
}

fn negated(side: &Side) -> Side {
    Side {
        low: format!("-({})", side.high),
        low_open: side.high_open.clone(),
        high: format!("-({})", side.low),
        high_open: side.low_open.clone(),
        ..side.clone()
    }
}
