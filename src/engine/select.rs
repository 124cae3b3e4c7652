//! Questions about a kind: filter, group, sort, limit, show.

use super::ask::{self, Asked};
use super::budget::Budget;
use super::cells::sort_names;
use super::eval::{Binding, Typed, arithmetic};
use super::knowledge::Knowledge;
use super::scene::{Scene, as_thing};
use super::truth::{Truth, at_points, holds};
use crate::answer::{Answer, Cell, Datum, Shown, Source};
use crate::error::Result;
use crate::model::condition::Field;
use crate::model::question::{About, Aggregate, Column, Function, Limit, Order, OrderBy, Select};
use crate::model::{
    AttributeId, Condition, Expression, KindId, Name, Number, Path, Start, Step, Test, TestForm, ThingId,
    TimeScope, Value,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Answers a question about a kind.
pub fn answer(scene: &Scene, select: &Select) -> Result<Answer> {
    let mut domain = RoaringBitmap::clone(&scene.snapshot.members(select.kind));
    if let Some(about) = &select.about {
        domain &= tied(scene, select.kind, about)?;
    }
    let things = scene.met(&select.condition, &domain)?;
    scene.budget.spend(things.len())?;
    let rows = Rows { scene, asked: None };
    let mut answer = rows.present(select, things.iter().map(ThingId).collect())?;
    if things.is_empty() {
        explain_emptiness(scene, select, &domain, &mut answer)?;
    } else {
        count_open(scene, &select.condition, &things, &mut answer)?;
    }
    Ok(answer)
}

/// Answers a question by description.
pub fn answer_described(
    knowledge: &Knowledge,
    select: &Select,
    scope: &TimeScope,
    budget: &Budget,
) -> Result<Answer> {
    let scene = knowledge.scene(&super::knowledge::reads_of(select), scope, budget)?;
    let Some(description) = &select.description else { return answer(&scene, select) };
    let mut asked = ask::ask(knowledge, &scene, description, scope, budget)?;
    if let Some(about) = &select.about {
        let tied = tied(&scene, select.kind, about)?;
        asked.retain(|asked| tied.contains(asked.thing.0));
    }
    let by_thing: FxHashMap<ThingId, &Asked> = asked.iter().map(|asked| (asked.thing, asked)).collect();
    let rows = Rows { scene: &scene, asked: Some(&by_thing) };
    let mut things = Vec::new();
    for asked in &asked {
        if rows.truth(&select.condition, asked.thing)?.met {
            things.push(asked.thing);
        }
    }
    let mut answer = rows.present(select, things)?;
    if answer.is_empty() && select.aggregate.is_none() {
        answer.note(match asked.len() {
            0 => "no pattern leads from this description to anything".to_string(),
            count => format!("without the conditions on what is asked for, {count} remain"),
        });
    }
    Ok(answer)
}

/// The things of a kind that some claim ties to X, either way round.
fn tied(scene: &Scene, kind: KindId, about: &About) -> Result<RoaringBitmap> {
    let is_meant = |attribute: AttributeId, value: &Value| match value {
        Value::Thing(thing) => about.things.contains(thing),
        Value::Choice(_) => Name::new(&scene.show(attribute, value)) == about.name,
        Value::Text(text) => *text == about.name,
        _ => false,
    };
    let mut found = RoaringBitmap::new();
    for &attribute in scene.vocabulary().attributes_of(kind) {
        for thing in scene.snapshot.members(kind).iter() {
            scene.budget.spend(1)?;
            let said = scene.said(ThingId(thing), attribute);
            let named = about.attributes.contains(&attribute) && said.is_known();
            if named || said.supported().into_iter().any(|value| is_meant(attribute, value)) {
                found.insert(thing);
            }
        }
    }
    if kind == KindId::CLAIM {
        found |= claims_on(scene, about)?;
    }
    for &thing in &about.things {
        for &attribute in scene.vocabulary().attributes_of(scene.snapshot.things().kind(thing)) {
            let said = scene.said(thing, attribute);
            found.extend(said.supported().into_iter().filter_map(as_thing).map(|thing| thing.0));
        }
    }
    Ok(found & &*scene.snapshot.members(kind))
}

/// The claims on attributes of this name or under this heading.
fn claims_on(scene: &Scene, about: &About) -> Result<RoaringBitmap> {
    let Some(step) = scene.vocabulary().step(KindId::CLAIM, "attribute") else {
        return Ok(RoaringBitmap::new());
    };
    let names = about.attributes.iter().map(|id| scene.vocabulary().attribute(*id).name.clone());
    let list = names.map(|name| Expression::Value(Value::Text(name))).collect();
    let left = Expression::Path(Path { start: Start::Variable(0), steps: vec![step] });
    let test = Test { left, form: TestForm::In(list), text: String::new() };
    scene.met(&Condition::Test(test), &scene.snapshot.members(KindId::CLAIM))
}

/// Says which condition removed the last rows, and what remains without it.
fn explain_emptiness(
    scene: &Scene,
    select: &Select,
    domain: &RoaringBitmap,
    answer: &mut Answer,
) -> Result<()> {
    let kind = scene.vocabulary().kind(select.kind);
    if domain.is_empty() {
        answer.note(match &select.about {
            Some(about) if !scene.snapshot.members(select.kind).is_empty() => {
                format!("no claim ties any of the {} to `{}`", kind.plural, about.name)
            }
            _ => format!("there are no {}", kind.plural),
        });
        return Ok(());
    }
    let parts = super::join::conjuncts(&select.condition);
    let mut left = domain.clone();
    for (at, part) in parts.iter().enumerate() {
        let next = scene.met(part, &left)?;
        if next.is_empty() {
            let others: Vec<Condition> = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, part)| (*part).clone())
                .collect();
            let remain = scene.met(&Condition::All(others), domain)?.len();
            let last = match left.len() {
                1 => "the last one".to_string(),
                before => format!("the last {before}"),
            };
            let remains = if remain == 1 { "remains" } else { "remain" };
            answer.note(format!(
                "`{}` removed {last}; without it {remain} of {} {remains}",
                part.text(),
                domain.len()
            ));
            return Ok(());
        }
        left = next;
    }
    Ok(())
}

/// Where `not` let a thing through because nothing is known, the answer says how many.
fn count_open(
    scene: &Scene,
    condition: &Condition,
    things: &RoaringBitmap,
    answer: &mut Answer,
) -> Result<()> {
    for part in super::join::conjuncts(condition) {
        let Condition::Not(inner) = part else { continue };
        let open = things - scene.failed(inner, things)?;
        if !open.is_empty() {
            let text = inner.text();
            answer.note(format!(
                "`not {text}` is open for {} of {}: nothing is known against it",
                open.len(),
                things.len()
            ));
        }
    }
    Ok(())
}

/// The things of an answer, with what a description has found out about each.
pub struct Rows<'a> {
    pub scene: &'a Scene<'a>,
    pub asked: Option<&'a FxHashMap<ThingId, &'a Asked>>,
}

/// What rows are sorted and grouped by: a value that does not depend on how things are numbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Value(Value),
    Unknown,
}

impl Rows<'_> {
    fn present(&self, select: &Select, things: Vec<ThingId>) -> Result<Answer> {
        match &select.aggregate {
            Some(aggregate) => self.aggregate(select, aggregate, &things),
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
        let mut rows = Vec::with_capacity(things.len());
        for thing in things {
            self.scene.budget.spend(1)?;
            let cell = |column: &Column| self.cell(&column.expression, thing, select.with_sources);
            rows.push(columns.iter().map(cell).collect::<Result<Vec<Cell>>>()?);
        }
        Ok(Answer::new(columns.into_iter().map(|column| column.title)).with_rows(rows))
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
            keyed.push((keys, Name::new(self.scene.snapshot.things().name(thing)), thing));
        }
        keyed.sort_by(|(a, a_name, _), (b, b_name, _)| {
            compare_keys(a, b, order).then_with(|| a_name.cmp(b_name))
        });
        Ok(keyed.into_iter().map(|(_, _, thing)| thing).collect())
    }

    /// The key of a cell: its least value, or, descending, its greatest.
    fn key(&self, values: Vec<Typed>, descending: bool) -> Key {
        let keys = values.into_iter().map(|typed| self.comparable(typed));
        let key = if descending { keys.max() } else { keys.min() };
        key.map_or(Key::Unknown, Key::Value)
    }

    fn comparable(&self, (value, attribute): Typed) -> Value {
        match (&value, attribute) {
            (Value::Thing(thing), _) => Value::Text(Name::new(self.scene.snapshot.things().name(*thing))),
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

    // ---- aggregates -----------------------------------------------------------------------------

    fn aggregate(&self, select: &Select, aggregate: &Aggregate, things: &[ThingId]) -> Result<Answer> {
        let mut groups: BTreeMap<Vec<Key>, Group> = BTreeMap::new();
        if select.by.is_empty() {
            groups.insert(Vec::new(), Group::default());
        }
        for thing in things {
            self.scene.budget.spend(1)?;
            let values = match &aggregate.of {
                Some(column) => self.values(&column.expression, *thing)?,
                None => Vec::new(),
            };
            for (key, shown) in self.group_keys(&select.by, *thing)? {
                let group = groups.entry(key).or_insert_with(|| Group { shown, ..Group::default() });
                group.add(&values);
            }
        }
        let titles = select.by.iter().map(|column| column.title.clone());
        let mut titles: Vec<String> = titles.chain([function_name(aggregate.function).to_string()]).collect();
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

    /// The groups a thing belongs to: one for each combination of its values.
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
            combinations = combinations.iter().flat_map(extend).collect();
        }
        Ok(combinations)
    }

    // ---- values in a row ------------------------------------------------------------------------

    /// The supported values of an expression for the thing in a row.
    fn values(&self, expression: &Expression, thing: ThingId) -> Result<Vec<Typed>> {
        let asked = self.asked.and_then(|asked| asked.get(&thing));
        match (expression, asked) {
            (Expression::Field(field), Some(asked)) => {
                let data = asked.field(*field).values.into_iter().map(|shown| shown.datum);
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
                let pairs = left.iter().flat_map(|left| right.iter().map(move |right| (&left.0, &right.0)));
                let results = pairs.filter_map(|(left, right)| arithmetic(*operator, left, right));
                Ok(results.map(|number| (Value::Number(number), None)).collect())
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
        if let Expression::Path(path) = expression
            && let Some(cell) = self.path_cell(path, &[Some(thing)], with_sources)?
        {
            return Ok(cell);
        }
        let values = self.values(expression, thing)?;
        let list = matches!(expression, Expression::Described(_));
        let data = values.iter().map(|typed| self.scene.typed_datum(typed));
        let mut cell = Cell::list(data);
        sort_names(&mut cell.values);
        Ok(Cell { list: list || is_inverse(expression), ..cell })
    }

    /// The cell at the end of a path; `None` where no cell stands there (an inverse, the thing itself).
    fn path_cell(&self, path: &Path, binding: &Binding, with_sources: bool) -> Result<Option<Cell>> {
        let Some((last, hops)) = path.steps.split_last().filter(|(last, _)| !last.inverse) else {
            return Ok(None);
        };
        let Some(start) = super::eval::start(path, binding) else { return Ok(None) };
        let mut merged: Option<Cell> = None;
        for thing in self.scene.walk(start, hops)? {
            let cell = self.scene.cell(thing, last.attribute, with_sources)?;
            match &mut merged {
                None => merged = Some(cell),
                Some(merged) => {
                    merged.list = true;
                    cell.values.into_iter().for_each(|shown| add_shown(&mut merged.values, shown));
                    sort_names(&mut merged.values);
                }
            }
        }
        Ok(Some(merged.unwrap_or_default()))
    }

    /// The truth of a condition on the thing in a row and what the description has found out about it.
    fn truth(&self, condition: &Condition, thing: ThingId) -> Result<Truth> {
        match condition {
            Condition::All(parts) => {
                let mut truth = Truth { met: true, failed: false };
                for part in parts {
                    let part = self.truth(part, thing)?;
                    truth = Truth { met: truth.met && part.met, failed: truth.failed || part.failed };
                }
                Ok(truth)
            }
            Condition::Any(parts) => {
                let mut truth = Truth { met: false, failed: true };
                for part in parts {
                    let part = self.truth(part, thing)?;
                    truth = Truth { met: truth.met || part.met, failed: truth.failed && part.failed };
                }
                Ok(truth)
            }
            Condition::Not(inner) => Ok(Truth::crisp(!self.truth(inner, thing)?.met)),
            Condition::Test(test) if matches!(test.left, Expression::Field(_)) => {
                self.test_field(test, thing)
            }
            Condition::Test(_) => self.scene.truth(condition, &[Some(thing)]),
        }
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

/// Adds a value, or what else is said of it if it is there already: supported somewhere, it is shown as
/// supported, and it keeps only the marks that it has everywhere.
fn add_shown(values: &mut Vec<Shown>, new: Shown) {
    let Some(known) = values.iter_mut().find(|known| known.datum == new.datum) else {
        return values.push(new);
    };
    known.standing = known.standing.min(new.standing);
    known.marks = known.marks.and(new.marks);
    let fresh: Vec<Source> =
        new.sources.into_iter().filter(|source| !known.sources.contains(source)).collect();
    known.sources.extend(fresh);
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

fn compare_key(a: &Key, b: &Key, descending: bool) -> Ordering {
    match (a, b) {
        (Key::Value(a), Key::Value(b)) if descending => b.cmp(a),
        // The variant for what is unknown is the greater one.
        _ => a.cmp(b),
    }
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

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Count => "count",
        Function::Sum => "sum",
        Function::Average => "average",
        Function::Min => "min",
        Function::Max => "max",
    }
}
