//! A list of things: columns, order, limit.

use super::Query;
use super::compare::Sort;
use super::not_yet;
use super::said::Translator;
use super::side::{quoted, text};
use super::values::{Joined, Values};
use crate::error::Result;
use crate::model::question::{Column, Order, OrderBy, Select};
use crate::model::{AttributeId, Expression, Path, Start, Step};

impl Translator<'_> {
    /// A row for each thing that meets the condition.
    pub fn list(&mut self, select: &Select) -> Result<Query> {
        let columns = if select.show.is_empty() { self.usual_columns(select) } else { select.show.clone() };
        let mut shown = Vec::new();
        for column in &columns {
            shown.push(format!("{} AS {}", self.cell(&column.expression)?, quoted(&column.title)));
        }
        let mut order = Vec::new();
        for by in &select.order {
            order.extend(self.order(by, &columns)?);
        }
        order.push("v0.folded".to_string());
        let limit = select.limit.as_ref().map_or(String::new(), |limit| format!("\nLIMIT {}", limit.rows));
        let (shown, order, found) = (shown.join(",\n  "), order.join(", "), self.found(select)?);
        let select = format!("SELECT {shown}\n{found}\nORDER BY {order}{limit}");
        Ok(Query { tables: Vec::new(), select })
    }

    /// The things of the kind that meet the condition, as `v0`.
    pub fn found(&mut self, select: &Select) -> Result<String> {
        let kind = self.snapshot.vocabulary().kind(select.kind).name.to_string();
        Ok(format!(
            "FROM thing v0 WHERE v0.kind = {} AND {}",
            text(&kind),
            self.truth(&select.condition)?.met
        ))
    }

    /// `name`, `title`, and what the conditions mention.
    fn usual_columns(&self, select: &Select) -> Vec<Column> {
        let own =
            |attribute| Path { start: Start::Variable(0), steps: vec![Step { attribute, inverse: false }] };
        let mut paths = vec![own(AttributeId::NAME), own(AttributeId::TITLE)];
        select.condition.each_test(&mut |test, _| {
            test.each_path(&mut |path, _| {
                if path.start == Start::Variable(0) && !path.steps.is_empty() && !paths.contains(path) {
                    paths.push(path.clone());
                }
            });
        });
        let title = |path: &Path| {
            let step = |step: &Step| {
                let attribute = self.snapshot.vocabulary().attribute(step.attribute);
                attribute.inverse.as_ref().filter(|_| step.inverse).unwrap_or(&attribute.name).to_string()
            };
            path.steps.iter().map(step).collect::<Vec<_>>().join(".")
        };
        let column = |path: Path| Column { title: title(&path), expression: Expression::Path(path) };
        paths.into_iter().map(column).collect()
    }

    /// The values of a cell, joined. Where a cell of the thing itself supports none, it shows what is denied.
    fn cell(&mut self, expression: &Expression) -> Result<String> {
        let values = self.values(expression)?;
        match expression {
            Expression::Path(Path { steps, .. }) => {
                let supported = joined(&values, "");
                let [Step { attribute, inverse: false }] = steps[..] else { return Ok(supported) };
                let denied = self.cell_values(Joined::default(), "v0.id", attribute, 1)?;
                Ok(format!("coalesce({supported}, {})", joined(&denied, "'!= ' || ")))
            }
            Expression::CountOf(_) => Ok(values.side.low),
            _ => Err(not_yet("a column that is computed")),
        }
    }

    /// What rows are sorted by: the least value, or, descending, the greatest; what is unknown last.
    fn order(&mut self, order: &Order, columns: &[Column]) -> Result<Vec<String>> {
        let expression = match &order.by {
            OrderBy::Value(expression) => expression,
            OrderBy::Column(at) => &columns[*at].expression,
        };
        let Values { rows, side, sort } = self.values(expression)?;
        let keys = match sort {
            Sort::Number => {
                vec![(side.low, false), (side.low_open, false), (side.high, false), (side.high_open, true)]
            }
            Sort::Place => vec![(side.low, false)],
            Sort::Thing | Sort::Text => vec![(side.value, false)],
        };
        let directed = |(key, turned): &(String, bool)| {
            format!("{key}{}", if *turned == order.descending { "" } else { " DESC" })
        };
        let all = keys.iter().map(directed).collect::<Vec<_>>().join(", ");
        let best = |key: &str| match rows.from.is_empty() {
            true => key.to_string(),
            false => format!("({} ORDER BY {all} LIMIT 1)", rows.select(key, &[])),
        };
        let unknown = format!("{} IS NULL", best(&keys[0].0));
        let keys = keys.iter().map(|(key, turned)| directed(&(best(key), *turned)));
        Ok(std::iter::once(unknown).chain(keys).collect())
    }
}

/// The distinct values as one text.
fn joined(values: &Values, before: &str) -> String {
    let (value, words) = (&values.side.value, &values.side.words);
    let each = values.rows.select(&format!("{value} AS value, min({words}) AS words"), &[]);
    format!("(SELECT string_agg({before}j.words, '; ' ORDER BY j.value) FROM ({each} GROUP BY {value}) j)")
}
