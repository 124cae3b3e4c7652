//! The rows of an answer about a kind: sort, limit, show.

use super::ask::Asked;
use super::cells::sort_names;
use super::eval::Typed;
use super::scene::Scene;
use super::truth::{Truth, at_points, holds};
use crate::answer::{Answer, Cell, Column as Cells, Datum, Shown};
use crate::error::Result;
use crate::model::change::PackedText;
use crate::model::condition::Field;
use crate::model::question::{Column, Limit, Order, OrderBy, Select};
use crate::model::{
    AttributeId, Condition, Expression, KindId, Name, Path, Start, Step, Test, TestForm, ThingId, Value,
    folded,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Classes are made only for one thing in so many, or more.
pub const FEW_OF: u64 = 64;

/// The things of an answer, with what a description has found out about each.
pub struct Rows<'a> {
    /// What the question sees.
    pub scene: &'a Scene<'a>,
    /// By thing, where the question describes.
    pub asked: Option<&'a FxHashMap<ThingId, &'a Asked>>,
}

/// What rows are sorted and grouped by: a value that does not depend on how things are numbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Value(Value),
    /// Several values of what takes one.
    Contested(Vec<Value>),
    Unknown,
}

impl Rows<'_> {
    /// The answer about these things: a list, or an aggregate.
    pub fn present(&self, select: &Select, things: &RoaringBitmap) -> Result<Answer> {
        match &select.aggregate {
            Some(aggregate) => self.aggregate(select, aggregate, things),
            None => self.list(select, things.iter().map(ThingId).collect()),
        }
    }

    /// The same about things in an order of their own.
    pub fn present_in_order(&self, select: &Select, things: Vec<ThingId>) -> Result<Answer> {
        match &select.aggregate {
            Some(aggregate) => {
                let things = things.iter().map(|thing| thing.0).collect();
                self.aggregate(select, aggregate, &things)
            }
            None => self.list(select, things),
        }
    }

    fn list(&self, select: &Select, things: Vec<ThingId>) -> Result<Answer> {
        let columns = match select.show.is_empty() {
            true => self.default_columns(select),
            false => select.show.clone(),
        };
        let things = self.sort(things, &select.order, &columns)?;
        let things = self.limit(things, select.limit.as_ref())?;
        self.scene.budget.spend(things.len() as u64)?;
        let cells = columns.iter().map(|column| self.column(select, &column.expression, &things));
        let cells = cells.collect::<Result<_>>()?;
        let answer = Answer::new(columns.into_iter().map(|column| column.title));
        Ok(answer.with_beside(select.beside).with_columns(things.len(), cells))
    }

    /// The cells of an expression for these things: one for every class of them, if there are many and their own
    /// attributes decide on it.
    fn column(&self, select: &Select, expression: &Expression, things: &[ThingId]) -> Result<Cells> {
        let cell = |thing| self.cell(expression, thing, select.beside.sources);
        if is_name(expression) {
            let mut names = PackedText::default();
            let all = self.scene.snapshot.things();
            things.iter().for_each(|thing| names.push_with(|to| all.write_name(*thing, to)));
            return Ok(Cells::Names(names));
        }
        let many = things.len() as u64 * FEW_OF >= self.scene.snapshot.members(select.kind).len();
        let classes = match self.asked.is_none() && many {
            true => self.scene.classes_of(select.kind, &[expression])?,
            false => None,
        };
        let Some(classes) = classes else {
            let mut cells = Vec::with_capacity(things.len());
            for thing in things {
                self.scene.budget.check()?;
                cells.push(cell(*thing)?);
            }
            return Ok(Cells::Cells(cells));
        };
        let (mut cells, mut rows) = (Vec::new(), Vec::with_capacity(things.len()));
        // By number of the class, where its cell is.
        let mut known: Vec<Option<u32>> = vec![None; classes.len()];
        for &thing in things {
            // What follows in a case by a pattern that was seen there is not marked as by analogy.
            let class = if self.scene.was_seen_in(thing) { None } else { classes.number(thing) };
            let place = class.and_then(|class| known.get_mut(class));
            if let Some(Some(at)) = place {
                rows.push(*at);
                continue;
            }
            let at = cells.len() as u32;
            cells.push(cell(thing)?);
            rows.push(at);
            if let Some(place) = place {
                *place = Some(at);
            }
        }
        Ok(Cells::Shared { cells, rows })
    }

    /// `name`, `title`, and what the conditions mention; by description, what is to be said of each.
    fn default_columns(&self, select: &Select) -> Vec<Column> {
        let path = |attribute| {
            Expression::Path(Path {
                start: Start::Variable(0),
                steps: vec![Step { attribute, inverse: false }],
            })
        };
        let column = |title: &str, expression| Column { title: title.to_string(), expression };
        let mut columns =
            vec![column("name", path(AttributeId::NAME)), column("title", path(AttributeId::TITLE))];
        if self.asked.is_some() {
            columns.extend(Field::ALL.iter().map(|field| column(field.name(), Expression::Field(*field))));
            return columns;
        }
        let mut mentioned = Vec::new();
        select.condition.each_test(&mut |test, _| test.each_path(&mut |path, _| mentioned.push(path)));
        for path in
            mentioned.into_iter().filter(|path| path.start == Start::Variable(0) && !path.steps.is_empty())
        {
            let expression = Expression::Path(path.clone());
            if !columns.iter().any(|known| known.expression == expression) {
                columns.push(column(&self.path_title(path), expression));
            }
        }
        columns
    }

    fn path_title(&self, path: &Path) -> String {
        let name = |step: &Step| {
            let attribute = self.scene.vocabulary().attribute(step.attribute);
            let name = if step.inverse { attribute.inverse.as_ref() } else { None };
            name.unwrap_or(&attribute.name).to_string()
        };
        path.steps.iter().map(name).collect::<Vec<_>>().join(".")
    }

    fn sort(&self, things: Vec<ThingId>, order: &[Order], columns: &[Column]) -> Result<Vec<ThingId>> {
        // A description comes with an order of its own.
        if order.is_empty() && self.asked.is_some() {
            return Ok(things);
        }
        if order.is_empty() {
            return Ok(self.sort_by_name(things));
        }
        let mut keyed = Vec::with_capacity(things.len());
        for thing in things {
            let mut keys = Vec::with_capacity(order.len());
            for order in order {
                let values = match &order.by {
                    OrderBy::Value(expression) => self.values(expression, thing)?,
                    OrderBy::Column(at) => match columns.get(*at) {
                        Some(column) => self.values(&column.expression, thing)?,
                        None => Vec::new(),
                    },
                };
                keys.push(self.key(values, order.descending));
            }
            keyed.push((keys, self.place_by_name(thing), thing));
        }
        keyed.sort_by(|(a, a_name, _), (b, b_name, _)| {
            compare_keys(a, b, order).then_with(|| a_name.cmp(b_name))
        });
        Ok(keyed.into_iter().map(|(_, _, thing)| thing).collect())
    }

    /// In order of name, looked at again only where the first eight bytes are the same.
    fn sort_by_name(&self, things: Vec<ThingId>) -> Vec<ThingId> {
        let mut name = String::new();
        let mut placed = Vec::with_capacity(things.len());
        for thing in things {
            name.clear();
            placed.push((first_eight(&self.sorted_by(thing, &mut name)), thing));
        }
        placed.sort_unstable();
        for same in placed.chunk_by_mut(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1) {
            same.sort_by_cached_key(|(_, thing)| self.place_by_name(*thing));
        }
        placed.into_iter().map(|(_, thing)| thing).collect()
    }

    /// What things are in order by: the folded name.
    fn place_by_name(&self, thing: ThingId) -> String {
        let mut name = String::new();
        self.sorted_by(thing, &mut name).into_owned()
    }

    /// The same in a text that was empty, or nothing of it where it is folded otherwise.
    fn sorted_by<'n>(&self, thing: ThingId, name: &'n mut String) -> Cow<'n, str> {
        if !self.is_numbered(thing) {
            self.scene.snapshot.things().write_name(thing, name);
        }
        folded(name)
    }

    /// The key of a cell: its least value, or, descending, its greatest.
    fn key(&self, values: Vec<Typed>, descending: bool) -> Key {
        let keys = values.into_iter().map(|typed| self.comparable(typed));
        let key = if descending { keys.max() } else { keys.min() };
        key.map_or(Key::Unknown, Key::Value)
    }

    /// Whether a thing has its place by the order in which it was made, and not by its name: `c9.1` comes before
    /// `c10.1`.
    fn is_numbered(&self, thing: ThingId) -> bool {
        matches!(self.scene.snapshot.things().kind(thing), KindId::CLAIM | KindId::COMMIT)
    }

    /// A value that compares the same however things are numbered.
    pub fn comparable(&self, (value, attribute): Typed) -> Value {
        match (&value, attribute) {
            (Value::Thing(thing), _) if !self.is_numbered(*thing) => {
                Value::Text(Name::new(&self.scene.snapshot.things().name(*thing)))
            }
            _ => value,
        }
    }

    fn limit(&self, things: Vec<ThingId>, limit: Option<&Limit>) -> Result<Vec<ThingId>> {
        let Some(limit) = limit else { return Ok(things) };
        let Some(per) = &limit.per else { return Ok(things.into_iter().take(limit.rows).collect()) };
        let mut taken: BTreeMap<Vec<Value>, usize> = BTreeMap::new();
        let mut kept = Vec::new();
        for thing in things {
            let group = self.values(per, thing)?.into_iter().map(|typed| self.comparable(typed)).collect();
            let taken = taken.entry(group).or_default();
            if *taken < limit.rows {
                *taken += 1;
                kept.push(thing);
            }
        }
        Ok(kept)
    }

    /// The supported values of an expression for the thing in a row.
    pub fn values(&self, expression: &Expression, thing: ThingId) -> Result<Vec<Typed>> {
        let asked = self.asked.and_then(|asked| asked.get(&thing));
        match (expression, asked) {
            (Expression::Field(field), Some(asked)) => {
                let cell = asked.field(*field);
                let data = cell.values.iter().map(|shown| shown.datum.clone());
                let value = |datum: Datum| match datum {
                    Datum::YesNo(yes) => Value::YesNo(yes),
                    Datum::Number(number) => Value::Number(number),
                    other => Value::Text(Name::new(&other.to_string())),
                };
                Ok(data.map(|datum| (value(datum), None)).collect())
            }
            (Expression::Described(attribute), Some(asked)) => Ok(asked.described(*attribute)),
            (Expression::Binary { operator, left, right }, Some(_)) => {
                let (left, right) = (self.values(left, thing)?, self.values(right, thing)?);
                let pairs = left.iter().flat_map(|left| right.iter().map(move |right| (left, right)));
                Ok(pairs.filter_map(|(left, right)| self.scene.apply(*operator, left, right)).collect())
            }
            _ => self.scene.values(expression, &[Some(thing)]),
        }
    }

    fn cell(&self, expression: &Expression, thing: ThingId, with_sources: bool) -> Result<Cell> {
        if let (Expression::Field(field), Some(asked)) =
            (expression, self.asked.and_then(|asked| asked.get(&thing)))
        {
            return Ok(asked.field(*field));
        }
        // One step forward leads to a cell, which knows what it does not say, too.
        if let Expression::Path(Path { start: Start::Variable(_), steps }) = expression
            && let [Step { attribute, inverse: false }] = steps[..]
        {
            return self.scene.cell(thing, attribute, with_sources);
        }
        let mut values: Vec<Shown> = match expression {
            Expression::Described(_) | Expression::Binary { .. } if self.asked.is_some() => {
                let values = self.values(expression, thing)?;
                values.iter().map(|typed| Shown::plain(self.scene.typed_datum(typed))).collect()
            }
            _ => {
                let graded = self.scene.graded(expression, &[Some(thing)], with_sources)?;
                graded.into_iter().map(|graded| self.scene.shown_graded(graded)).collect()
            }
        };
        let several = values.len() > 1 && matches!(expression, Expression::Path(_));
        let list = several || is_inverse(expression) || matches!(expression, Expression::Described(_));
        if list {
            sort_names(&mut values);
        }
        Ok(Cell { values: values.into(), list, unsaid: Vec::new() })
    }

    /// The truth of a condition on the thing in a row and what the description has found out about it.
    pub fn truth(&self, condition: &Condition, thing: ThingId) -> Result<Truth> {
        Truth::of(condition, false, &mut |test| match test.left {
            Expression::Field(_) => self.test_field(test, thing),
            _ => self.scene.test(test, &[Some(thing)]),
        })
    }

    fn test_field(&self, test: &Test, thing: ThingId) -> Result<Truth> {
        let left = self.values(&test.left, thing)?;
        let agrees = |wanted: &Expression, comparison| -> Result<bool> {
            let wanted = self.values(wanted, thing)?;
            Ok(left.iter().any(|(left, _)| {
                wanted.iter().any(|(wanted, _)| at_points(holds(left, comparison, wanted), false).met)
            }))
        };
        Ok(match &test.form {
            TestForm::Compare { comparison: crate::model::Comparison::NotEqual, right, .. } => {
                Truth::crisp(!agrees(right, crate::model::Comparison::Equal)?)
            }
            TestForm::Compare { comparison, right, .. } => Truth::crisp(agrees(right, *comparison)?),
            TestForm::In(list) => {
                let mut any = false;
                for item in list {
                    any |= agrees(item, crate::model::Comparison::Equal)?;
                }
                Truth::crisp(any)
            }
            TestForm::Known => Truth::crisp(!left.is_empty()),
            TestForm::Unknown => Truth::crisp(left.is_empty()),
            TestForm::Contains(words) => {
                let wanted = crate::model::fold(words);
                let held =
                    |typed: &Typed| crate::model::fold(&self.scene.show_typed(typed)).contains(&wanted);
                Truth::crisp(left.iter().any(held))
            }
        })
    }
}

/// Whether it is the name of the thing in a row.
fn is_name(expression: &Expression) -> bool {
    let Expression::Path(Path { start: Start::Variable(_), steps }) = expression else { return false };
    matches!(steps[..], [Step { attribute: AttributeId::NAME, inverse: false }])
}

/// The first eight bytes of a name: in the order of names, since the first in which they differ decides.
fn first_eight(name: &str) -> u64 {
    let mut first = [0; 8];
    first.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    u64::from_be_bytes(first)
}

fn is_inverse(expression: &Expression) -> bool {
    matches!(expression, Expression::Path(path) if path.steps.iter().any(|step| step.inverse))
}

/// Keys in order; what is unknown comes last, ascending or descending.
fn compare_keys(a: &[Key], b: &[Key], order: &[Order]) -> Ordering {
    let pairs = a.iter().zip(b).zip(order);
    pairs
        .map(|((a, b), order)| compare_key(a, b, order.descending))
        .find(|o| o.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// One pair of keys.
pub fn compare_key(a: &Key, b: &Key, descending: bool) -> Ordering {
    match (a, b) {
        (Key::Value(a), Key::Value(b)) if descending => b.cmp(a),
        // The variant for what is unknown is the greater one.
        _ => a.cmp(b),
    }
}
