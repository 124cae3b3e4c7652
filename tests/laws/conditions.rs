//! Random conditions.

use crate::dice::Dice;
use crate::generate::{attributes_of, non_empty, right_number, value};
use crate::interval::{Comparison, Interval};
use crate::world::{Attribute, Condition, Expression, Form, Kind, Path, Step, Type, Value, World};

/// Chooses tests on these variables.
pub struct Conditions<'a> {
    pub world: &'a World,
    pub variables: &'a [Kind],
    /// In percent, how often a test is negated, asks what is unknown, or counts.
    pub negations: usize,
}

impl Conditions<'_> {
    pub fn condition(&self, dice: &mut Dice, depth: usize) -> Option<Condition> {
        if dice.chance(self.negations) {
            let inner =
                if dice.chance(30) { self.condition(dice, depth.saturating_sub(1)) } else { self.test(dice) };
            return inner.map(|inner| Condition::Not(Box::new(inner)));
        }
        if depth == 0 || dice.chance(45) {
            return self.test(dice);
        }
        let count = dice.between(2, 3);
        let parts: Vec<Condition> = (0..count).filter_map(|_| self.condition(dice, depth - 1)).collect();
        if parts.len() < 2 {
            return parts.into_iter().next();
        }
        Some(if dice.chance(50) { Condition::All(parts) } else { Condition::Any(parts) })
    }

    fn test(&self, dice: &mut Dice) -> Option<Condition> {
        let variable = dice.below(self.variables.len());
        let path = self.path(dice, variable)?;
        let last = *path.steps.last().expect("paths have steps");
        if dice.chance(self.negations / 2) {
            return Some(if self.leads_to_many(&path) && dice.chance(50) {
                let right = Expression::Value(Value::Number(Interval::exactly(1), "1".to_string()));
                let comparison = *dice.pick(&COMPARISONS);
                Condition::Test(Expression::Count(path), Form::Compare { possibly: false, comparison, right })
            } else {
                Condition::Test(Expression::Path(path), Form::Unknown)
            });
        }
        if dice.chance(10) {
            return Some(Condition::Test(Expression::Path(path), Form::Known));
        }
        let form = match last.inverse {
            true => {
                let things = non_empty(self.world.things_of(self.world.attributes[last.attribute].of))?;
                let right = Expression::Value(Value::Thing(*dice.pick(&things)));
                let comparison = *dice.pick(&[Comparison::Equal, Comparison::Equal, Comparison::Unequal]);
                Form::Compare { possibly: false, comparison, right }
            }
            false => self.form(dice, variable, last.attribute)?,
        };
        if let (Type::Number, Form::Compare { comparison, right, .. }, true) =
            (&self.world.attributes[last.attribute].takes, &form, dice.chance(8))
        {
            let one = Box::new(Expression::Path(path.clone()));
            let five = Box::new(Expression::Value(Value::Number(Interval::exactly(5), "5".to_string())));
            let left =
                if dice.chance(50) { Expression::Plus(one, five) } else { Expression::Minus(one, five) };
            let form = Form::Compare { possibly: false, comparison: *comparison, right: right.clone() };
            return Some(Condition::Test(left, form));
        }
        Some(Condition::Test(Expression::Path(path), form))
    }

    fn form(&self, dice: &mut Dice, variable: usize, attribute: Attribute) -> Option<Form> {
        let takes = &self.world.attributes[attribute].takes;
        if dice.chance(15) {
            let count = dice.between(1, 3);
            let values = (0..count).map(|_| self.right(dice, attribute)).collect::<Option<Vec<_>>>()?;
            return Some(Form::In(values));
        }
        let comparison = match takes {
            Type::Scale(_) | Type::Number | Type::Year => *dice.pick(&COMPARISONS),
            _ => *dice.pick(&[Comparison::Equal, Comparison::Equal, Comparison::Unequal]),
        };
        let possibly = matches!(takes, Type::Number | Type::Year) && dice.chance(25);
        if dice.chance(15)
            && let Some(right) = self.other(dice, variable, attribute)
        {
            return Some(Form::Compare { possibly, comparison, right: Expression::Path(right) });
        }
        let mut right = self.right(dice, attribute)?;
        if *takes == Type::Year && !matches!(comparison, Comparison::Equal | Comparison::Unequal) {
            let year = dice.between(1990, 1999) as i64;
            right = Value::Number(Interval::exactly(year), year.to_string());
        }
        Some(Form::Compare { possibly, comparison, right: Expression::Value(right) })
    }

    fn right(&self, dice: &mut Dice, attribute: Attribute) -> Option<Value> {
        match &self.world.attributes[attribute].takes {
            Type::Number => Some(right_number(dice)),
            _ => value(dice, self.world, attribute),
        }
    }

    /// Another path to the same sort of values: another variable's, or at the end of a reference.
    fn other(&self, dice: &mut Dice, variable: usize, attribute: Attribute) -> Option<Path> {
        let takes = &self.world.attributes[attribute].takes;
        if let Type::Reference(kind) = takes {
            let others: Vec<usize> =
                (0..self.variables.len()).filter(|at| self.variables[*at] == *kind).collect();
            let several = self.variables.len() > 1;
            return non_empty(others).filter(|_| several).map(|others| {
                let variable = *dice.pick(&others);
                Path { variable, steps: Vec::new() }
            });
        }
        let others = if self.variables.len() > 1 { dice.below(self.variables.len()) } else { variable };
        let mut paths = Vec::new();
        for own in attributes_of(self.world, self.variables[others]) {
            let step = Step { attribute: own, inverse: false };
            if self.world.attributes[own].takes == *takes
                && (*takes == Type::Number || self.variables.len() > 1)
            {
                paths.push(Path { variable: others, steps: vec![step] });
            }
            if let Type::Reference(kind) = self.world.attributes[own].takes {
                for further in attributes_of(self.world, kind) {
                    if self.world.attributes[further].takes == *takes {
                        let further = Step { attribute: further, inverse: false };
                        paths.push(Path { variable: others, steps: vec![step, further] });
                    }
                }
            }
        }
        non_empty(paths).map(|paths| dice.pick(&paths).clone())
    }

    fn leads_to_many(&self, path: &Path) -> bool {
        path.steps.iter().any(|step| step.inverse || self.world.attributes[step.attribute].many)
    }

    /// A path of one to three steps.
    pub fn path(&self, dice: &mut Dice, variable: usize) -> Option<Path> {
        let mut kind = self.variables[variable];
        let mut steps = Vec::new();
        let longest = *dice.pick(&[1, 1, 1, 1, 2, 2, 3]);
        while steps.len() < longest {
            let step = *dice.pick(&non_empty(self.steps(kind))?);
            steps.push(step);
            match (&self.world.attributes[step.attribute].takes, step.inverse) {
                (_, true) => kind = self.world.attributes[step.attribute].of,
                (Type::Reference(to), false) => kind = *to,
                _ => break,
            }
        }
        Some(Path { variable, steps })
    }

    fn steps(&self, kind: Kind) -> Vec<Step> {
        let mut steps = Vec::new();
        for (attribute, declared) in self.world.attributes.iter().enumerate() {
            if declared.of == kind {
                steps.push(Step { attribute, inverse: false });
            }
            if declared.inverse.is_some() && declared.takes == Type::Reference(kind) {
                steps.push(Step { attribute, inverse: true });
            }
        }
        steps
    }
}

pub const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::Unequal,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];
