//! Counting, adding up, and the least and greatest, by groups.

use super::Query;
use super::compare::Sort;
use super::not_yet;
use super::said::Translator;
use super::side::{NO_HIGH, NO_LOW, quoted};
use super::values::{Joined, Values};
use crate::error::Result;
use crate::model::Expression;
use crate::model::question::{Aggregate, Function, Select};

impl Translator<'_> {
    /// A row for each group, and the aggregate of what is known in it.
    ///
    /// `members` has a row for each thing, group it belongs to, and number that is taken in of it.
    pub fn aggregate(&mut self, select: &Select, aggregate: &Aggregate) -> Result<Query> {
        if !select.order.is_empty() || select.limit.is_some() {
            return Err(not_yet("an order of groups"));
        }
        let mut tables = vec![format!("found AS (SELECT v0.id {})", self.found(select)?)];
        let mut rows = "found v0".to_string();
        let (mut keys, mut members, mut columns) = (Vec::new(), vec!["v0.id".to_string()], Vec::new());
        for (at, column) in select.by.iter().enumerate() {
            tables.push(format!("group{at} AS ({})", self.group(&column.expression)?));
            rows += &format!(" LEFT JOIN group{at} ON group{at}.thing = v0.id");
            members.push(format!("group{at}.value AS key{at}, group{at}.words AS words{at}"));
            keys.push(format!("key{at}"));
            columns.push(format!("min(words{at}) AS {}", quoted(&column.title)));
        }
        if let Some(of) = &aggregate.of {
            tables.push(format!("measured AS ({})", self.measured(&of.expression)?));
            rows += " LEFT JOIN measured m ON m.thing = v0.id";
            members.push("m.thing, m.low, m.low_open, m.high, m.high_open".to_string());
            members.extend(extremes(aggregate.function, &keys));
        }
        tables.push(format!("members AS (SELECT {} FROM {rows})", members.join(", ")));
        columns.extend(results(aggregate));
        let by = if keys.is_empty() { String::new() } else { format!("\nGROUP BY {}", keys.join(", ")) };
        let select = format!("SELECT {}\nFROM members{by}", columns.join(",\n  "));
        Ok(Query { tables, select })
    }

    /// The groups of each thing: one for each value, or of what takes one value one for all.
    fn group(&mut self, expression: &Expression) -> Result<String> {
        let Expression::Path(path) = expression else { return Err(not_yet("a group by what is computed")) };
        if path.steps.is_empty() {
            return Err(not_yet("a group by the thing itself"));
        }
        let Values { rows, side, .. } = self.of_found(expression)?;
        let columns = format!("v0.id AS thing, {} AS value, min({}) AS words", side.value, side.words);
        let each = format!("{} GROUP BY v0.id, {}", rows.select(&columns, &[]), side.value);
        Ok(match self.takes_one_value(expression) {
            false => each,
            true => format!(
                "SELECT j.thing, string_agg(j.value, '; ' ORDER BY j.value) AS value, \
                 string_agg(j.words, '; ' ORDER BY j.value) AS words FROM ({each}) j GROUP BY j.thing"
            ),
        })
    }

    /// The numbers that are taken in of each thing. Contested ones of what takes one value are one, the interval that
    /// holds them all.
    fn measured(&mut self, expression: &Expression) -> Result<String> {
        let Values { rows, side, sort } = self.of_found(expression)?;
        if sort != Sort::Number {
            return Err(not_yet("an aggregate of what is no number"));
        }
        let ends = [
            (&side.low, "low", "low, low_open"),
            (&side.low_open, "low_open", "low, low_open"),
            (&side.high, "high", "high DESC, high_open"),
            (&side.high_open, "high_open", "high DESC, high_open"),
        ];
        let columns = ends.map(|(column, name, _)| format!("{column} AS {name}")).join(", ");
        let each = rows.select(&format!("DISTINCT v0.id AS thing, {columns}"), &[]);
        if !self.takes_one_value(expression) {
            return Ok(each);
        }
        let hull = ends.map(|(_, name, order)| {
            format!("first_value({name}) OVER (PARTITION BY thing ORDER BY {order}) AS {name}")
        });
        Ok(format!("SELECT DISTINCT thing, {} FROM ({each}) j", hull.join(", ")))
    }

    fn of_found(&mut self, expression: &Expression) -> Result<Values> {
        let values = self.values(expression)?;
        let rows = Joined::default().and("found v0".to_string(), []).with(values.rows);
        Ok(Values { rows, ..values })
    }

    /// Whether a thing has one value of it at most, unless it is contested.
    fn takes_one_value(&self, expression: &Expression) -> bool {
        let mut one = true;
        expression.each_path(&mut |path, _| {
            one &= path.steps.iter().all(|step| !step.inverse && !self.takes_many(step.attribute));
        });
        one
    }
}

/// Beside each member the least, or greatest, ends of its group.
fn extremes(function: Function, keys: &[String]) -> Option<String> {
    let best = match function {
        Function::Min => "min",
        Function::Max => "max",
        _ => return None,
    };
    // `members` is being defined: its keys are still the columns of the groups.
    let keys: Vec<String> = (0..keys.len()).map(|at| format!("group{at}.value")).collect();
    let over = if keys.is_empty() { String::new() } else { format!("PARTITION BY {}", keys.join(", ")) };
    Some(format!("{best}(m.low) OVER ({over}) AS best_low, {best}(m.high) OVER ({over}) AS best_high"))
}

/// The columns of the aggregate, from the members of a group.
fn results(aggregate: &Aggregate) -> Vec<String> {
    let unknown = "count(*) - count(thing) AS unknown";
    // Without groups there is a row for no things, too, and `count(*)` counts them; each thing is there once for each
    // number, and of what is unknown once.
    let ends = |low: &str, low_open: &str, high: &str, high_open: &str| {
        vec![
            format!("{low} AS low"),
            format!("{low_open} AS low_open"),
            format!("{high} AS high"),
            format!("{high_open} AS high_open"),
            unknown.to_string(),
        ]
    };
    let total = |end: &str| match aggregate.function {
        // What is counted are whole numbers, and their quotient would be one.
        Function::Average => format!("1.0 * sum({end}) / count(thing)"),
        _ => format!("sum({end})"),
    };
    match aggregate.function {
        Function::Count if aggregate.of.is_none() => vec!["count(*) AS count".to_string()],
        Function::Count => vec!["count(thing) AS count".to_string(), unknown.to_string()],
        Function::Sum | Function::Average => ends(
            &format!("CASE WHEN min(low) = {NO_LOW} THEN {NO_LOW} ELSE {} END", total("low")),
            &format!("CASE WHEN min(low) = {NO_LOW} THEN 0 ELSE max(low_open) END"),
            &format!("CASE WHEN max(high) = {NO_HIGH} THEN {NO_HIGH} ELSE {} END", total("high")),
            &format!("CASE WHEN max(high) = {NO_HIGH} THEN 0 ELSE max(high_open) END"),
        ),
        Function::Min => ends(
            "min(low)",
            "min(CASE WHEN low = best_low THEN low_open END)",
            "min(high)",
            "max(CASE WHEN high = best_high THEN high_open END)",
        ),
        Function::Max => ends(
            "max(low)",
            "max(CASE WHEN low = best_low THEN low_open END)",
            "max(high)",
            "min(CASE WHEN high = best_high THEN high_open END)",
        ),
    }
}
