//! Aggregates: count, sum, average, min and max, by groups.

use super::classes::Classes;
use super::eval::Typed;
use super::rows::{Key, Rows, compare_key};
use crate::answer::{Answer, Cell, Shown, Standing};
use crate::error::Result;
use crate::model::question::{Aggregate, Column, Function, Order, OrderBy, Select};
use crate::model::{Expression, Number, ThingId, Value};
use roaring::RoaringBitmap;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Classes are made only for one thing in so many, or more.
const FEW_OF: u64 = 64;

impl Rows<'_> {
    /// Groups the things and brings each group down to one value.
    pub fn aggregate(
        &self,
        select: &Select,
        aggregate: &Aggregate,
        things: &RoaringBitmap,
    ) -> Result<Answer> {
        let mut groups = self.grouped(select, aggregate, things)?;
        if select.by.is_empty() {
            groups.entry(Vec::new()).or_default();
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

    /// The groups that these things make: class by class where their own attributes decide, else one by one.
    fn grouped(
        &self,
        select: &Select,
        aggregate: &Aggregate,
        things: &RoaringBitmap,
    ) -> Result<BTreeMap<Vec<Key>, Group>> {
        let mut groups = BTreeMap::new();
        if select.by.is_empty() && aggregate.of.is_none() {
            groups.insert(Vec::new(), Group { things: things.len(), ..Group::default() });
            return Ok(groups);
        }
        let mut add =
            |thing: ThingId, times: u64| self.add_to_groups(&mut groups, select, aggregate, thing, times);
        match self.classes(select, aggregate, things)? {
            Some(classes) => {
                for (class, times) in classes.iter().zip(classes.count_in(things)).filter(|(_, n)| *n > 0) {
                    add(class.representative, times)?;
                }
                (&classes.outside & things).iter().try_for_each(|thing| add(ThingId(thing), 1))?;
            }
            None => things.iter().try_for_each(|thing| add(ThingId(thing), 1))?,
        }
        Ok(groups)
    }

    /// The classes of things that an aggregate cannot tell apart; `None` if there are none, or only few things.
    fn classes(
        &self,
        select: &Select,
        aggregate: &Aggregate,
        things: &RoaringBitmap,
    ) -> Result<Option<Arc<Classes>>> {
        let scene = self.scene;
        if self.asked.is_some() || things.len() * FEW_OF < scene.snapshot.members(select.kind).len() {
            return Ok(None);
        }
        let columns = select.by.iter().chain(&aggregate.of);
        let expressions: Vec<&Expression> = columns.map(|column| &column.expression).collect();
        scene.classes_of(select.kind, &expressions)
    }

    /// Adds a thing, and as many others of which the same is true, to the groups it belongs to.
    fn add_to_groups(
        &self,
        groups: &mut BTreeMap<Vec<Key>, Group>,
        select: &Select,
        aggregate: &Aggregate,
        thing: ThingId,
        times: u64,
    ) -> Result<()> {
        self.scene.budget.spend(1)?;
        let values = match &aggregate.of {
            Some(column) => self.measured(&column.expression, thing)?,
            None => Vec::new(),
        };
        for (key, shown) in self.group_keys(&select.by, thing)? {
            let group = groups.entry(key).or_insert_with(|| Group { shown, ..Group::default() });
            group.add(aggregate.function, &values, times);
        }
        Ok(())
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

/// A group of an aggregate, and what it comes to so far.
#[derive(Default)]
struct Group {
    shown: Vec<Cell>,
    things: u64,
    unknown: u64,
    values: u64,
    total: Total,
}

/// What the values so far come to.
#[derive(Default)]
enum Total {
    /// There are none yet.
    #[default]
    None,
    /// Their sum, or the least or greatest of them.
    Value(Typed),
    /// They cannot be added up.
    Undefined,
}

impl Group {
    /// Adds the values of a thing, and of as many others that have the same.
    fn add(&mut self, function: Function, values: &[Typed], times: u64) {
        self.things += times;
        self.values += values.len() as u64 * times;
        if values.is_empty() {
            self.unknown += times;
        }
        match function {
            Function::Count => {}
            Function::Sum | Function::Average => values.iter().for_each(|typed| self.sum_up(typed, times)),
            Function::Min => values.iter().for_each(|typed| self.compare(typed, Ordering::Less)),
            Function::Max => values.iter().for_each(|typed| self.compare(typed, Ordering::Greater)),
        }
    }

    fn sum_up(&mut self, (value, _): &Typed, times: u64) {
        let Some(number) = as_number(value) else { return };
        let added = if times == 1 { Some(number.clone()) } else { number.times(times) };
        let sum = match (&self.total, added) {
            (Total::None, Some(added)) => Number::from(0).add(&added),
            (Total::Value((Value::Number(sum), _)), Some(added)) => sum.add(&added),
            _ => None,
        };
        self.total = sum.map_or(Total::Undefined, |sum| Total::Value((Value::Number(sum), None)));
    }

    /// Takes in one value; of intervals, what is kept is the interval in which the extreme must lie.
    fn compare(&mut self, (value, attribute): &Typed, wanted: Ordering) {
        let Total::Value((best, _)) = &mut self.total else {
            self.total = Total::Value((value.clone(), *attribute));
            return;
        };
        match (best, value) {
            (Value::Number(best), Value::Number(number)) => *best = best.extreme(number, wanted),
            (Value::Number(_), _) => {}
            (best, value) if value.cmp(best) == wanted => *best = value.clone(),
            _ => {}
        }
    }

    fn result(&self, aggregate: &Aggregate) -> Option<Typed> {
        let count = if aggregate.of.is_some() { self.values } else { self.things };
        match (aggregate.function, &self.total) {
            (Function::Count, _) => Some((Value::Number(Number::exactly(count.into())), None)),
            (Function::Average, Total::Value((Value::Number(sum), _))) => {
                Some((Value::Number(sum.shared_among(count)?), None))
            }
            (_, Total::Value(typed)) => Some(typed.clone()),
            (_, Total::None | Total::Undefined) => None,
        }
    }
}

fn as_number(value: &Value) -> Option<&Number> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}
