//! Random questions of the subset that has a form in SQL.

use crate::conditions::Conditions;
use crate::dice::Dice;
use crate::generate::{CASE, POLICY, period};
use crate::store::REMARKS;
use crate::world::{Expression, Kind, Path, Type, World};

/// A question, as it is asked.
pub fn question(dice: &mut Dice, world: &World) -> Option<String> {
    let kind = if dice.chance(80) { CASE } else { POLICY };
    let asking = Asking { world, kind };
    let condition = asking.condition(dice)?;
    let mut text = match dice.below(10) {
        0..=5 => asking.list(dice, &condition)?,
        _ => asking.aggregate(dice, &condition)?,
    };
    text += &match dice.below(8) {
        0 => " ever".to_string(),
        1 | 2 => format!(" in {}", period(dice).words),
        _ => String::new(),
    };
    Some(text)
}

struct Asking<'a> {
    world: &'a World,
    kind: Kind,
}

impl Asking<'_> {
    fn plural(&self) -> &'static str {
        ["cases", "policies"][self.kind]
    }

    fn condition(&self, dice: &mut Dice) -> Option<String> {
        let variables = [self.kind];
        let conditions = Conditions { world: self.world, variables: &variables, negations: 15 };
        let random = self.world.condition(&conditions.condition(dice, 2)?, false);
        Some(match dice.below(8) {
            0 => String::new(),
            1 => format!(" where {random} and {}", self.special(dice)?),
            2 => format!(" where {} or not ({random})", self.special(dice)?),
            3 => format!(" where {}", self.special(dice)?),
            _ => format!(" where {random}"),
        })
    }

    /// Forms that the laws' conditions do not have.
    fn special(&self, dice: &mut Dice) -> Option<String> {
        let things = self.world.things_of(self.kind);
        let name = |dice: &mut Dice| {
            things.get(dice.below(things.len())).map(|thing| &self.world.things[*thing].name)
        };
        let remark = *dice.pick(&REMARKS);
        let of_cases = self.kind == CASE;
        Some(match dice.below(13) {
            9 if of_cases => format!("linked = {}", name(dice)?),
            10 if of_cases => format!("count of linked {} {}", dice.pick(&["=", "<", ">"]), dice.below(6)),
            11 if of_cases => format!("not linked.remark = \"{remark}\""),
            12 if of_cases => format!("linked != {} and linked_by is known", name(dice)?),
            0 => format!("name in ({}, {})", name(dice)?, name(dice)?),
            1 => format!("name contains \"{}\"", dice.below(10)),
            2 => "title is unknown".to_string(),
            3 if of_cases => format!("remark {} \"{remark}\"", dice.pick(&["=", "!="])),
            4 if of_cases => format!("remark in (\"{remark}\", \"{}\")", dice.pick(&REMARKS)),
            5 if of_cases => {
                format!("not remark contains \"{}\"", dice.pick(&["TO", "land", "%", "f it-", "d_t"]))
            }
            6 => format!("count of {} {} {}", self.path(dice)?, dice.pick(&["<", "=", ">="]), dice.below(3)),
            7 => {
                let number = self.number(dice)?;
                format!("{number} {} {}.{number}", dice.pick(&["=", ">", "<=", "!="]), name(dice)?)
            }
            _ => {
                let (a, b) = (self.number(dice)?, self.number(dice)?);
                format!("{a} + {b} - 5 {} {}", dice.pick(&["<", ">=", "!="]), 5 * dice.below(7))
            }
        })
    }

    fn path(&self, dice: &mut Dice) -> Option<String> {
        let variables = [self.kind];
        let path = Conditions { world: self.world, variables: &variables, negations: 0 }.path(dice, 0)?;
        Some(self.world.expression(&Expression::Path(path), false))
    }

    /// A number of the thing itself or at the end of a path.
    fn number(&self, dice: &mut Dice) -> Option<String> {
        let variables = [self.kind];
        let conditions = Conditions { world: self.world, variables: &variables, negations: 0 };
        let is_number = |path: &Path| {
            let last = path.steps[path.steps.len() - 1];
            !last.inverse && self.world.attributes[last.attribute].takes == Type::Number
        };
        let path = (0..20).filter_map(|_| conditions.path(dice, 0)).find(is_number)?;
        Some(self.world.expression(&Expression::Path(path), false))
    }

    /// A few different paths.
    fn paths(&self, dice: &mut Dice, most: usize) -> Option<Vec<String>> {
        let count = dice.between(0, most);
        let mut paths: Vec<String> = (0..count).map(|_| self.path(dice)).collect::<Option<_>>()?;
        paths.sort();
        paths.dedup();
        Some(paths)
    }

    fn list(&self, dice: &mut Dice, condition: &str) -> Option<String> {
        let mut text = format!("{}{condition}", self.plural());
        if dice.chance(70) {
            let mut shown = vec!["name".to_string()];
            shown.extend(self.paths(dice, 3)?);
            if self.kind == CASE && dice.chance(30) {
                shown.push("remark".to_string());
            }
            if self.kind == CASE && dice.chance(10) {
                shown.push(dice.pick(&["linked", "count of linked_by as followers"]).to_string());
            }
            if dice.chance(20) {
                shown.push(format!("count of {} as many", self.path(dice)?));
            }
            text += &format!(" show {}", shown.join(", "));
        }
        if dice.chance(50) {
            let order = self.paths(dice, 2)?;
            let order: Vec<String> =
                order.into_iter().map(|path| format!("{path}{}", dice.pick(&["", " desc"]))).collect();
            if !order.is_empty() {
                text += &format!(" order by {}", order.join(", "));
            }
            text += &format!(" limit {}", dice.between(1, 30));
        }
        Some(text)
    }

    fn aggregate(&self, dice: &mut Dice, condition: &str) -> Option<String> {
        let by = self.paths(dice, 2)?;
        let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
        let kinds = self.plural();
        let what = match dice.below(9) {
            6 if self.kind == CASE => {
                format!("sum count of {} of cases", dice.pick(&["linked", "linked_by"]))
            }
            7 => format!("average count of {} of {kinds}", self.path(dice)?),
            8 => format!("max count of {} of {kinds}", self.path(dice)?),
            0 | 1 => format!("count {kinds}"),
            2 => format!("sum {} of {kinds}", self.number(dice)?),
            3 => format!("average {} of {kinds}", self.number(dice)?),
            4 => format!("min {} of {kinds}", self.number(dice)?),
            _ => format!("max {} of {kinds}", self.number(dice)?),
        };
        Some(format!("{what}{condition}{by}"))
    }
}
