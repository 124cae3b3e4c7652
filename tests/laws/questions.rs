//! Random questions, and their naive answers.

use crate::conditions::Conditions;
use crate::dice::Dice;
use crate::generate::{CASE, POLICY, names, period};
use crate::interval::Interval;
use crate::naive::{Scope, Sight};
use crate::world::{Condition, Expression, Kind, Path, Step, Thing, Type, Value, World};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A question about a kind.
#[derive(Clone, Debug)]
pub struct Question {
    pub kind: Kind,
    /// Only of this thing is it asked.
    pub only: Option<Thing>,
    pub condition: Option<Condition>,
    pub form: Asked,
    pub scope: Scope,
}

#[derive(Clone, Debug)]
pub enum Asked {
    /// `show name, ...`, rows in any order.
    Show(Vec<Expression>),
    /// `show name order by ... limit n`: only the order matters.
    Sorted {
        by: Path,
        descending: bool,
        limit: usize,
    },
    Aggregate {
        function: Function,
        by: Vec<Path>,
    },
}

#[derive(Clone, Debug)]
pub enum Function {
    Count,
    Sum(Path),
    Min(Path),
    Max(Path),
}

/// Rows of cells of values, each value as a word; whether the order of rows matters.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows {
    pub ordered: bool,
    pub rows: Vec<Vec<Vec<String>>>,
}

pub fn question(dice: &mut Dice, world: &World) -> Option<Question> {
    let kind = if dice.chance(75) { CASE } else { POLICY };
    let variables = [kind];
    let conditions = Conditions { world, variables: &variables, negations: 12 };
    let condition = if dice.chance(90) { Some(conditions.condition(dice, 2)?) } else { None };
    let form = match dice.below(10) {
        0..=4 => {
            let count = dice.between(0, 2);
            let columns = (0..count).map(|_| conditions.path(dice, 0).map(Expression::Path));
            let mut columns = columns.collect::<Option<Vec<_>>>()?;
            if let (Some(sum), true) = (sum(dice, world, kind), dice.chance(20)) {
                columns.push(sum);
            }
            Asked::Show(unlike(columns, world, Expression::clone))
        }
        5 | 6 => Asked::Sorted {
            by: sortable(dice, world, kind)?,
            descending: dice.chance(50),
            limit: dice.between(1, 10),
        },
        _ => {
            let count = dice.between(0, 2);
            let by = (0..count).map(|_| conditions.path(dice, 0)).collect::<Option<Vec<_>>>()?;
            let number = numbers(world, kind);
            let path = |dice: &mut Dice| (!number.is_empty()).then(|| dice.pick(&number).clone());
            let function = match dice.below(4) {
                1 => Function::Sum(path(dice)?),
                2 => Function::Min(path(dice)?),
                3 => Function::Max(path(dice)?),
                _ => Function::Count,
            };
            Asked::Aggregate { function, by: unlike(by, world, |by| Expression::Path(by.clone())) }
        }
    };
    let scope = scope(dice);
    Some(Question { kind, only: None, condition, form, scope })
}

pub fn scope(dice: &mut Dice) -> Scope {
    match dice.below(8) {
        0 => Scope::Ever,
        1 => Scope::During(period(dice)),
        _ => Scope::Standing,
    }
}

/// Each once: two columns of one title are refused.
fn unlike<T>(items: Vec<T>, world: &World, expression: impl Fn(&T) -> Expression) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let mut first = |item: &T| seen.insert(world.expression(&expression(item), false));
    items.into_iter().filter(|item| first(item)).collect()
}

fn own(attribute: usize) -> Path {
    Path { variable: 0, steps: vec![Step { attribute, inverse: false }] }
}

fn numbers(world: &World, kind: Kind) -> Vec<Path> {
    let is_number =
        |at: &usize| world.attributes[*at].of == kind && world.attributes[*at].takes == Type::Number;
    (0..world.attributes.len()).filter(is_number).map(own).collect()
}

fn sum(dice: &mut Dice, world: &World, kind: Kind) -> Option<Expression> {
    let numbers = numbers(world, kind);
    if numbers.is_empty() {
        return None;
    }
    let term = |dice: &mut Dice| Box::new(Expression::Path(dice.pick(&numbers).clone()));
    let (a, b) = (term(dice), term(dice));
    Some(if dice.chance(50) { Expression::Plus(a, b) } else { Expression::Minus(a, b) })
}

fn sortable(dice: &mut Dice, world: &World, kind: Kind) -> Option<Path> {
    let own: Vec<Path> =
        (0..world.attributes.len()).filter(|at| world.attributes[*at].of == kind).map(own).collect();
    (!own.is_empty()).then(|| dice.pick(&own).clone())
}

impl Question {
    pub fn text(&self, world: &World) -> String {
        let kind = ["cases", "policies"][self.kind];
        let path = |path: &Path| world.expression(&Expression::Path(path.clone()), false);
        let condition = self.condition.as_ref().map(|condition| world.condition(condition, false));
        let only = self.only.map(|thing| format!("name = {}", world.things[thing].name));
        let tests: Vec<String> = only.into_iter().chain(condition).collect();
        let condition =
            if tests.is_empty() { String::new() } else { format!(" where {}", tests.join(" and ")) };
        let mut text = match &self.form {
            Asked::Show(columns) => {
                let columns = columns.iter().map(|column| format!(", {}", world.expression(column, false)));
                format!("{kind}{condition} show name{}", columns.collect::<String>())
            }
            Asked::Sorted { by, descending, limit } => {
                let direction = if *descending { " desc" } else { "" };
                format!("{kind}{condition} show name order by {}{direction} limit {limit}", path(by))
            }
            Asked::Aggregate { function, by } => {
                let by: Vec<String> = by.iter().map(path).collect();
                let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
                let function = match function {
                    Function::Count => "count".to_string(),
                    Function::Sum(of) => format!("sum {} of", path(of)),
                    Function::Min(of) => format!("min {} of", path(of)),
                    Function::Max(of) => format!("max {} of", path(of)),
                };
                format!("{function} {kind}{condition}{by}")
            }
        };
        text += &self.scope.words();
        text
    }

    pub fn answer(&self, sight: &Sight) -> Rows {
        let world = sight.world;
        let meets = |thing: &Thing| self.condition.as_ref().is_none_or(|c| sight.truth(c, &[*thing]).met);
        let asked = |thing: &Thing| self.only.is_none_or(|only| only == *thing);
        let things: Vec<Thing> = world.things_of(self.kind).into_iter().filter(asked).filter(meets).collect();
        match &self.form {
            Asked::Show(columns) => {
                let row = |thing: &Thing| {
                    let cells = columns.iter().map(|column| cell(sight, &sight.values(column, &[*thing])));
                    names(world, &[*thing]).into_iter().map(|name| vec![name]).chain(cells).collect()
                };
                Rows { ordered: false, rows: things.iter().map(row).collect() }
            }
            Asked::Sorted { by, descending, limit } => {
                let mut things = things;
                things.sort_by(|a, b| {
                    let by = Expression::Path(by.clone());
                    let (x, y) = (sight.values(&by, &[*a]), sight.values(&by, &[*b]));
                    let names = world.things[*a].name.cmp(&world.things[*b].name);
                    by_key(world, x, y, *descending).then(names)
                });
                things.truncate(*limit);
                let rows = things.iter().map(|thing| vec![names(world, &[*thing])]).collect();
                Rows { ordered: true, rows }
            }
            Asked::Aggregate { function, by } => aggregate(sight, function, by, &things),
        }
    }
}

/// The values of a cell as words, in an order of their own.
fn cell(sight: &Sight, values: &[Value]) -> Vec<String> {
    let mut words: Vec<String> = values.iter().map(|value| word(sight.world, value)).collect();
    words.sort();
    words
}

pub fn word(world: &World, value: &Value) -> String {
    match value {
        Value::Number(interval, _) => interval.to_string(),
        _ => world.value(value),
    }
}

/// Ascending by the least value, descending by the greatest; what is unknown last.
fn by_key(world: &World, a: Vec<Value>, b: Vec<Value>, descending: bool) -> Ordering {
    let key = |values: Vec<Value>| {
        let keys = values.iter().map(|value| rank(world, value));
        if descending { keys.max() } else { keys.min() }
    };
    match (key(a), key(b)) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
    }
}

/// Choices by position, yes after no, intervals by their ends, references by name.
fn rank(world: &World, value: &Value) -> (i64, i64, String) {
    match value {
        Value::Choice(at, _) => (*at as i64, 0, String::new()),
        Value::YesNo(yes) => (i64::from(*yes), 0, String::new()),
        Value::Number(interval, _) => (interval.first(), interval.last(), String::new()),
        Value::Thing(thing) => (0, 0, world.things[*thing].name.clone()),
    }
}

/// Whether each step of a path takes one value.
fn takes_one_value(world: &World, path: &Path) -> bool {
    path.steps.iter().all(|step| !step.inverse && !world.attributes[step.attribute].many)
}

/// A thing counts once per value of each of `by`, and once for all values of what takes one value, however
/// contested; contested numbers of what takes one are the interval that holds them. Unknown values are left out
/// and counted.
fn aggregate(sight: &Sight, function: &Function, by: &[Path], things: &[Thing]) -> Rows {
    let mut groups: BTreeMap<Vec<Vec<String>>, Vec<Thing>> = BTreeMap::new();
    if by.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for thing in things {
        let mut keys = vec![Vec::new()];
        for path in by {
            let values = sight.values(&Expression::Path(path.clone()), &[*thing]);
            let mut words: Vec<String> = values.iter().map(|value| word(sight.world, value)).collect();
            words.sort();
            let cells: Vec<Vec<String>> = match takes_one_value(sight.world, path) || words.is_empty() {
                true => vec![words],
                false => words.into_iter().map(|word| vec![word]).collect(),
            };
            let longer = |key: &Vec<Vec<String>>| {
                let longer = cells.iter().map(|cell| key.iter().cloned().chain([cell.clone()]).collect());
                longer.collect::<Vec<_>>()
            };
            keys = keys.iter().flat_map(longer).collect();
        }
        for key in keys {
            groups.entry(key).or_default().push(*thing);
        }
    }
    let mut rows = Vec::new();
    for (key, members) in groups {
        let mut row: Vec<Vec<String>> = key;
        let (path, combine): (_, fn(&Interval, &Interval) -> Interval) = match function {
            Function::Count => {
                row.push(vec![Interval::exactly(members.len() as i64).to_string()]);
                rows.push(row);
                continue;
            }
            Function::Sum(path) => (path, Interval::plus),
            Function::Min(path) => (path, Interval::lesser),
            Function::Max(path) => (path, Interval::greater),
        };
        let mut unknown = 0;
        let mut numbers = Vec::new();
        for member in members {
            let values = sight.values(&Expression::Path(path.clone()), &[member]);
            unknown += i64::from(values.is_empty());
            let of_member = values.into_iter().filter_map(|value| match value {
                Value::Number(interval, _) => Some(interval),
                _ => None,
            });
            let of_member: Vec<Interval> = of_member.collect();
            if takes_one_value(sight.world, path) {
                let low = of_member.iter().cloned().reduce(|a, b| a.lesser(&b));
                let high = of_member.iter().cloned().reduce(|a, b| a.greater(&b));
                numbers.extend(low.zip(high).map(|(low, high)| Interval::new(low.low, high.high)));
            } else {
                numbers.extend(of_member);
            }
        }
        let result = numbers.into_iter().reduce(|a, b| combine(&a, &b));
        row.push(result.map(|interval| interval.to_string()).into_iter().collect());
        row.push(vec![Interval::exactly(unknown).to_string()]);
        rows.push(row);
    }
    Rows { ordered: false, rows }
}
