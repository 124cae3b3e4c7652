//! Conditions as two predicates each: what makes them met, and what makes them failed. Neither is ever NULL.

use super::not_yet;
use super::said::Translator;
use super::side::{Side, text};
use super::values::{Joined, Values, start};
use crate::error::Result;
use crate::model::{AttributeId, Comparison, Condition, Expression, Path, Step, Test, TestForm, fold};

/// The predicates of a condition, each such that it needs no brackets beside `AND`.
#[derive(Clone, Debug)]
pub struct Truth {
    pub met: String,
    pub failed: String,
}

impl Truth {
    /// What can be neither open nor contested.
    fn crisp(met: String) -> Truth {
        Truth { failed: format!("NOT ({met})"), met }
    }

    fn swap(self) -> Truth {
        Truth { met: self.failed, failed: self.met }
    }

    /// Each predicate in some row.
    fn in_some(self, rows: &Joined) -> Truth {
        Truth { met: rows.some(&self.met), failed: rows.some(&self.failed) }
    }
}

fn all(parts: impl IntoIterator<Item = String>) -> String {
    joined(parts, " AND ", "1 = 1")
}

fn any(parts: impl IntoIterator<Item = String>) -> String {
    joined(parts, " OR ", "1 = 0")
}

/// Parts that need no brackets to one that needs none.
fn joined(parts: impl IntoIterator<Item = String>, word: &str, none: &str) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    match parts.len() {
        0 => none.to_string(),
        1 => parts.concat(),
        _ => format!("({})", parts.join(word)),
    }
}

impl Translator<'_> {
    /// The predicates of a condition.
    pub fn truth(&mut self, condition: &Condition) -> Result<Truth> {
        let mut each = |parts: &[Condition]| -> Result<(Vec<String>, Vec<String>)> {
            let truths = parts.iter().map(|part| self.truth(part)).collect::<Result<Vec<Truth>>>()?;
            Ok(truths.into_iter().map(|truth| (truth.met, truth.failed)).unzip())
        };
        Ok(match condition {
            Condition::All(parts) => {
                let (met, failed) = each(parts)?;
                Truth { met: all(met), failed: any(failed) }
            }
            Condition::Any(parts) => {
                let (met, failed) = each(parts)?;
                Truth { met: any(met), failed: all(failed) }
            }
            Condition::Not(inner) => {
                let met = self.truth(inner)?.met;
                Truth { met: format!("NOT ({met})"), failed: met }
            }
            Condition::Test(test) => self.test(test)?,
        })
    }

    fn test(&mut self, test: &Test) -> Result<Truth> {
        match &test.left {
            Expression::Path(path) if !path.steps.is_empty() => self.test_path(path, &test.form),
            left => {
                let left = self.values(left)?;
                self.test_values(left, &test.form)
            }
        }
    }

    /// A test of the statements at the end of a path: of several ends, any may meet it and any may fail it.
    fn test_path(&mut self, path: &Path, form: &TestForm) -> Result<Truth> {
        let (hops, last) = path.steps.split_at(path.steps.len() - 1);
        let (rows, end) = self.walk(start(path), hops)?;
        if let TestForm::Known | TestForm::Unknown = form {
            let known = rows.some(&self.is_known(last[0], &end)?);
            return Ok(match form {
                TestForm::Known => Truth { met: known, failed: any([]) },
                _ => Truth::crisp(format!("NOT {known}")),
            });
        }
        Ok(self.test_end(last[0], &end, form)?.in_some(&rows))
    }

    fn is_known(&mut self, step: Step, end: &str) -> Result<String> {
        let (table, row) = (self.cells(step.attribute)?, self.alias());
        let on = match step.inverse {
            true => format!("{row}.target = {end} AND {row}.denied = 0"),
            false => format!("{row}.thing = {end}"),
        };
        Ok(format!("EXISTS (SELECT 1 FROM {table} {row} WHERE {on})"))
    }

    /// A test of one cell, or of what refers to one thing.
    fn test_end(&mut self, step: Step, end: &str, form: &TestForm) -> Result<Truth> {
        match form {
            TestForm::Compare { possibly, comparison, right } => {
                let right = self.values(right)?;
                let truth = match step.inverse {
                    true => self.compare_referrer(step.attribute, end, *comparison, &right.side)?,
                    false => self.compare_cell(step.attribute, end, (*comparison, *possibly), &right.side)?,
                };
                Ok(truth.in_some(&right.rows))
            }
            TestForm::In(list) => {
                let mut each = Vec::new();
                for item in list {
                    let right = self.values(item)?;
                    let truth = match step.inverse {
                        true => self.compare_referrer(step.attribute, end, Comparison::Equal, &right.side)?,
                        false => self.equals(step.attribute, end, &right.side)?,
                    };
                    each.push(truth.in_some(&right.rows));
                }
                let failed = each.iter().map(|truth| truth.failed.clone()).collect::<Vec<_>>();
                Ok(Truth { met: any(each.into_iter().map(|truth| truth.met)), failed: all(failed) })
            }
            TestForm::Contains(words) => self.contains(step, end, words),
            TestForm::Known | TestForm::Unknown => {
                let known = self.is_known(step, end)?;
                Ok(Truth { met: known.clone(), failed: format!("NOT {known}") })
            }
        }
    }

    /// Seen from the other end of the reference: what is said of the statement that this thing has it.
    fn compare_referrer(
        &mut self,
        attribute: AttributeId,
        end: &str,
        comparison: Comparison,
        right: &Side,
    ) -> Result<Truth> {
        let equal = self.equals(attribute, &right.target, &Side::of_thing(end))?;
        Ok(if comparison == Comparison::NotEqual { equal.swap() } else { equal })
    }

    fn compare_cell(
        &mut self,
        attribute: AttributeId,
        end: &str,
        (comparison, possibly): (Comparison, bool),
        right: &Side,
    ) -> Result<Truth> {
        let sort = self.sort(attribute);
        let plain = match comparison {
            Comparison::Equal => Some(self.equals(attribute, end, right)?),
            Comparison::NotEqual => Some(self.equals(attribute, end, right)?.swap()),
            _ => None,
        };
        if let (Some(plain), false) = (&plain, possibly) {
            return Ok(plain.clone());
        }
        let (table, row) = (self.cells(attribute)?, self.alias());
        let side = Side::of_row(&row);
        let in_some = |predicate: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {table} {row} WHERE {row}.thing = {end} AND {row}.denied = 0 AND ({predicate}))"
            )
        };
        let nowhere = sort.nowhere(comparison, &side, right);
        let met = match possibly {
            true => in_some(&format!("NOT ({nowhere})")),
            false => in_some(&sort.everywhere(comparison, &side, right)),
        };
        Ok(match plain {
            // Beside some point of a value seen, an explicit denial counts, as without `possibly`.
            Some(plain) => Truth { met: any([plain.met, met]), failed: plain.failed },
            None => Truth { met, failed: in_some(&nowhere) },
        })
    }

    /// Met by support, failed by denial, and where one value is taken by support for what excludes it. Against support,
    /// a denial counts only if their times overlap.
    fn equals(&mut self, attribute: AttributeId, thing: &str, wanted: &Side) -> Result<Truth> {
        let (table, sort) = (self.cells(attribute)?, self.sort(attribute));
        let [supporting, against, at_once] = [(); 3].map(|()| self.alias());
        let supports = |row: &str| {
            let amounts = sort.amounts_to(&Side::of_row(row), wanted);
            format!(
                "SELECT 1 FROM {table} {row} WHERE {row}.thing = {thing} AND {row}.denied = 0 AND {amounts}"
            )
        };
        let met = format!("EXISTS ({})", supports(&supporting));
        let side = Side::of_row(&against);
        let denied = format!("({against}.denied = 1 AND {})", sort.amounts_to(wanted, &side));
        let excluded = match self.takes_many(attribute) {
            true => String::new(),
            false => format!(" OR ({against}.denied = 0 AND {})", sort.excludes(&side, wanted)),
        };
        let overlaps = format!(
            "{at_once}.first_day <= {against}.last_day AND {against}.first_day <= {at_once}.last_day"
        );
        let failed = format!(
            "EXISTS (SELECT 1 FROM {table} {against} WHERE {against}.thing = {thing} AND ({denied}{excluded}) \
             AND (NOT {met} OR EXISTS ({} AND {overlaps})))",
            supports(&at_once)
        );
        Ok(Truth { met, failed })
    }

    /// Whether a supported value, or the name of what refers to it, holds these words.
    fn contains(&mut self, step: Step, end: &str, words: &str) -> Result<Truth> {
        let Values { rows, side, .. } = self.step_values(Joined::default(), end, step)?;
        let held = like(&side.value, words);
        Ok(Truth { met: held.clone(), failed: format!("NOT {held}") }.in_some(&rows))
    }

    /// A test of what no claim is made of: a computed number, or a thing itself.
    fn test_values(&mut self, left: Values, form: &TestForm) -> Result<Truth> {
        Ok(match form {
            TestForm::Compare { possibly, comparison, right } => {
                let right = self.values(right)?;
                let everywhere = left.sort.everywhere(*comparison, &left.side, &right.side);
                let nowhere = left.sort.nowhere(*comparison, &left.side, &right.side);
                let met = if *possibly { format!("NOT ({nowhere})") } else { everywhere };
                Truth { met, failed: nowhere }.in_some(&left.rows.with(right.rows))
            }
            TestForm::In(list) => {
                let mut each = Vec::new();
                for item in list {
                    let right = self.values(item)?;
                    each.push(right.rows.some(&left.sort.amounts_to(&left.side, &right.side)));
                }
                Truth::crisp(any(each)).in_some(&left.rows)
            }
            TestForm::Known => Truth { met: left.rows.some("1 = 1"), failed: any([]) },
            TestForm::Unknown => Truth::crisp(format!("NOT {}", left.rows.some("1 = 1"))),
            TestForm::Contains(_) => return Err(not_yet("`contains` of a thing itself")),
        })
    }
}

/// Both folded; `%` and `_` are signs like others.
fn like(folded: &str, words: &str) -> String {
    let words = fold(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("({folded} LIKE {} ESCAPE '\\')", text(&format!("%{words}%")))
}
