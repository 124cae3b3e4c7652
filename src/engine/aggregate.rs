//! Aggregates: count, sum, average, min and max, by groups.

use super::eval::Typed;
use super::rows::{Key, Rows, compare_key};
use crate::answer::{Answer, Cell, Shown, Standing};
use crate::error::Result;
use crate::model::question::{Aggregate, Column, Function, Order, OrderBy, Select};
use crate::model::{Expression, Number, ThingId, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;

impl Rows<'_> {
    /// Groups the things and brings each group down to one value.
    pub fn aggregate(&self, select: &Select, aggregate: &Aggregate, things: &[ThingId]) -> Result<Answer> {
        let mut groups: BTreeMap<Vec<Key>, Group> = BTreeMap::new();
        if select.by.is_empty() {
            groups.insert(Vec::new(), Group::default());
        }
        for thing in things {
            self.scene.budget.spend(1)?;
            let values = match &aggregate.of {
                Some(column) => self.measured(&column.expression, *thing)?,
                None => Vec::new(),
            };
            for (key, shown) in self.group_keys(&select.by, *thing)? {
                let group = groups.entry(key).or_insert_with(|| Group { shown, ..Group::default() });
                group.add(&values);
            }
        }
        let titles = select.by.iter().map(|column| column.title.clone());
        let mut titles: Vec<String> = titles.chain([aggregate.function.name().to_string()]).collect();
        if aggregate.of.is_some() {
            titles.push("unknown".to_string());
        }
        let mut rows: Vec<(Vec<Key>, Vec<Cell>)> = Vec::new();
        for (key, group) in groups {
            let result = group.result(aggregate);
            let mut keys = key;
            keys.push(result.clone().map_or(Key::Unknown, |(value, _)| Key::Value(value)));
            let mut cells = group.shown;
            cells.push(result.map_or_else(Cell::default, |typed| Cell::one(self.scene.typed_datum(&typed))));
            if aggregate.of.is_some() {
                cells.push(Cell::count(group.unknown));
            }
            rows.push((keys, cells));
        }
        sort_groups(&mut rows, &select.order);
        let limit = select.limit.as_ref().map_or(usize::MAX, |limit| limit.rows);
        Ok(Answer::new(titles).with_rows(rows.into_iter().take(limit).map(|(_, cells)| cells)))
    }

    /// The values of a thing that an aggregate takes in. Contested numbers of what takes one value are one
    /// number: the interval that holds them all.
    fn measured(&self, expression: &Expression, thing: ThingId) -> Result<Vec<Typed>> {
        let values = self.values(expression, thing)?;
        if values.len() < 2 || !self.takes_one_value(expression) {
            return Ok(values);
        }
        let numbers: Option<Vec<&Number>> = values.iter().map(|(value, _)| as_number(value)).collect();
        let Some(numbers) = numbers else { return Ok(values) };
        let low = numbers.iter().min_by(|a, b| a.order(b)).and_then(|number| number.low());
        let least = numbers.iter().any(|number| number.low().is_none());
        let most = numbers.iter().any(|number| number.high().is_none());
        let high = numbers.iter().filter_map(|number| number.high()).max_by_key(|end| (end.value, !end.open));
        let hull = Number::from_ends(low.filter(|_| !least), high.filter(|_| !most));
        Ok(hull.map(|hull| (Value::Number(hull), values[0].1)).into_iter().collect())
    }

    /// Whether an expression has at most one value of a thing, unless it is contested.
    fn takes_one_value(&self, expression: &Expression) -> bool {
        let mut one = true;
        expression.each_path(&mut |path, _| {
            one &= path
                .steps
                .iter()
                .all(|step| !step.inverse && !self.scene.vocabulary().attribute(step.attribute).many);
        });
        one
    }

    /// The groups a thing belongs to: one for each combination of its values, contested ones of what takes one
    /// value making one group.
    fn group_keys(&self, by: &[Column], thing: ThingId) -> Result<Vec<(Vec<Key>, Vec<Cell>)>> {
        let mut combinations = vec![(Vec::new(), Vec::new())];
        for column in by {
            let values = self.values(&column.expression, thing)?;
            let mut choices: Vec<(Key, Cell)> = values
                .into_iter()
                .map(|typed| {
                    let cell = Cell::one(self.scene.typed_datum(&typed));
                    (Key::Value(self.comparable(typed)), cell)
                })
                .collect();
            if choices.len() > 1 && self.takes_one_value(&column.expression) {
                choices = vec![together(choices)];
            }
            if choices.is_empty() {
                choices.push((Key::Unknown, Cell::default()));
            }
            let extend = |(keys, cells): &(Vec<Key>, Vec<Cell>)| {
                let extended = choices.iter().map(|(key, cell)| {
                    let keys = keys.iter().cloned().chain([key.clone()]).collect();
                    (keys, cells.iter().cloned().chain([cell.clone()]).collect())
                });
                extended.collect::<Vec<_>>()
            };
            self.scene.budget.spend((combinations.len() * choices.len()) as u64)?;
            combinations = combinations.iter().flat_map(extend).collect();
        }
        Ok(combinations)
    }
}

/// Contested values as one key and one cell.
fn together(choices: Vec<(Key, Cell)>) -> (Key, Cell) {
    let mut choices = choices;
    choices.sort_by(|(a, _), (b, _)| a.cmp(b));
    let values = choices.iter().filter_map(|(key, _)| match key {
        Key::Value(value) => Some(value.clone()),
        _ => None,
    });
    let key = Key::Contested(values.collect());
    let shown = choices
        .into_iter()
        .flat_map(|(_, cell)| cell.values)
        .map(|shown| Shown { standing: Standing::Contested, ..shown });
    (key, Cell { values: shown.collect(), ..Cell::default() })
}

fn sort_groups(rows: &mut [(Vec<Key>, Vec<Cell>)], order: &[Order]) {
    let columns: Vec<(usize, &Order)> = order
        .iter()
        .filter_map(|order| match order.by {
            OrderBy::Column(at) => Some((at, order)),
            OrderBy::Value(_) => None,
        })
        .collect();
    rows.sort_by(|(a, _), (b, _)| {
        let pairs =
            columns.iter().filter_map(|(at, order)| Some((a.get(*at)?, b.get(*at)?, order.descending)));
        pairs
            .map(|(a, b, descending)| compare_key(a, b, descending))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}

/// A group of an aggregate.
#[derive(Default)]
struct Group {
    shown: Vec<Cell>,
    things: u64,
    unknown: u64,
    values: Vec<Typed>,
}

impl Group {
    fn add(&mut self, values: &[Typed]) {
        self.things += 1;
        self.unknown += u64::from(values.is_empty());
        self.values.extend_from_slice(values);
    }

    fn result(&self, aggregate: &Aggregate) -> Option<Typed> {
        let numbers = || self.values.iter().filter_map(|(value, _)| as_number(value));
        let sum = || numbers().try_fold(Number::from(0), |sum, number| sum.add(number));
        match aggregate.function {
            Function::Count => {
                let count = if aggregate.of.is_some() { self.values.len() as u64 } else { self.things };
                Some((Value::Number(Number::exactly(count.into())), None))
            }
            Function::Sum if self.values.is_empty() => None,
            Function::Sum => Some((Value::Number(sum()?), None)),
            Function::Average => {
                let mean = sum()?.shared_among(self.values.len() as u64)?;
                Some((Value::Number(mean), None))
            }
            Function::Min => self.extreme(Ordering::Less),
            Function::Max => self.extreme(Ordering::Greater),
        }
    }

    /// The least or greatest value; of intervals, the interval in which it must lie.
    fn extreme(&self, wanted: Ordering) -> Option<Typed> {
        let (first, attribute) = self.values.first()?;
        let Value::Number(_) = first else {
            let better = |a: &Value, b: &Value| a.cmp(b) == wanted;
            let best = self
                .values
                .iter()
                .fold(first, |best, (value, _)| if better(value, best) { value } else { best });
            return Some((best.clone(), *attribute));
        };
        let mut numbers = self.values.iter().filter_map(|(value, _)| as_number(value));
        let least = numbers.next()?.clone();
        let best = numbers.fold(least, |best, number| best.extreme(number, wanted));
        Some((Value::Number(best), *attribute))
    }
}

fn as_number(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
