//! Values as they are shown, with standing, marks and sources carried along references and through operators:
//! what rests on something contested is contested, and what rests on a source cites it.

use super::eval::{Binding, Typed, arithmetic, start};
use super::scene::{Scene, as_thing};
use super::truth::Said;
use crate::answer::{Marks, Shown, Source, Standing};
use crate::error::Result;
use crate::model::{
    AttributeId, Expression, Number, Operator, Path, Step, ThingId, Type, Value, day_in_words,
};

/// A value, and what is to be said about how it is known.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The value, with the attribute that says how it is shown.
    pub typed: Typed,
    grade: Grade,
}

#[derive(Clone, Debug, Default)]
struct Grade {
    contested: bool,
    marks: Marks,
    sources: Vec<Source>,
}

impl Grade {
    /// Of what rests on both.
    fn join(&self, other: &Grade) -> Grade {
        let mut sources = self.sources.clone();
        add_sources(&mut sources, &other.sources);
        let marks = self.marks.or(other.marks);
        Grade { contested: self.contested || other.contested, marks, sources }
    }
}

fn add_sources(sources: &mut Vec<Source>, more: &[Source]) {
    for source in more {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
}

impl Scene<'_> {
    /// The values of an expression as they are shown, each once; sources only if wanted, since those of
    /// conclusions are dear.
    pub fn graded(
        &self,
        expression: &Expression,
        binding: &Binding,
        with_sources: bool,
    ) -> Result<Vec<Graded>> {
        let plain = |typed| Graded { typed, grade: Grade::default() };
        match expression {
            Expression::Path(path) => self.graded_path(path, binding, with_sources),
            Expression::Binary { operator, left, right } => {
                let left = self.graded(left, binding, with_sources)?;
                let right = self.graded(right, binding, with_sources)?;
                let mut results = Vec::new();
                for left in &left {
                    for right in &right {
                        if let Some(typed) = self.apply(*operator, &left.typed, &right.typed) {
                            results.push(Graded { typed, grade: left.grade.join(&right.grade) });
                        }
                    }
                }
                Ok(merged(results))
            }
            _ => Ok(self.values(expression, binding)?.into_iter().map(plain).collect()),
        }
    }

    /// A value as shown.
    pub fn shown_graded(&self, graded: Graded) -> Shown {
        let Grade { contested, marks, sources } = graded.grade;
        let standing = if contested { Standing::Contested } else { Standing::Supported };
        Shown { datum: self.typed_datum(&graded.typed), standing, marks, sources }
    }

    fn graded_path(&self, path: &Path, binding: &Binding, with_sources: bool) -> Result<Vec<Graded>> {
        let Some(from) = start(path, binding) else { return Ok(Vec::new()) };
        let mut here = vec![Graded { typed: (Value::Thing(from), None), grade: Grade::default() }];
        for step in &path.steps {
            let mut next = Vec::new();
            for graded in here {
                let Some(thing) = as_thing(&graded.typed.0) else { continue };
                for reached in self.graded_step(thing, *step, with_sources)? {
                    next.push(Graded { grade: graded.grade.join(&reached.grade), typed: reached.typed });
                }
            }
            self.budget.spend(next.len() as u64)?;
            here = merged(next);
        }
        Ok(here)
    }

    fn graded_step(&self, thing: ThingId, step: Step, with_sources: bool) -> Result<Vec<Graded>> {
        let attribute = step.attribute;
        if !step.inverse {
            let said = self.said(thing, attribute)?;
            let values = said.supported();
            let graded = values.into_iter().map(|value| {
                let typed = (value.clone(), Some(attribute));
                Ok(Graded { typed, grade: self.grade(thing, attribute, &said, value, with_sources)? })
            });
            return graded.collect();
        }
        let referring = self.follow(thing, step)?.into_iter().map(|referrer| {
            let said = self.said(referrer, attribute)?;
            let grade = self.grade(referrer, attribute, &said, &Value::Thing(thing), with_sources)?;
            Ok(Graded { typed: (Value::Thing(referrer), None), grade })
        });
        referring.collect()
    }

    fn grade(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        said: &Said,
        value: &Value,
        with_sources: bool,
    ) -> Result<Grade> {
        let statement = said.statement(value);
        let contested = statement.standing == Standing::Contested;
        let marks = self.marks_of(thing, attribute, &statement)?;
        let sources = match with_sources {
            true => self.sources_for(thing, attribute, &statement, false)?,
            false => Vec::new(),
        };
        Ok(Grade { contested, marks, sources })
    }

    /// Interval arithmetic; days added to or taken from a date give a date.
    pub fn apply(&self, operator: Operator, left: &Typed, right: &Typed) -> Option<Typed> {
        let number = arithmetic(operator, &left.0, &right.0)?;
        let is_date = |typed: &Typed| {
            typed.1.is_some_and(|attribute| self.vocabulary().attribute(attribute).value_type == Type::Date)
        };
        match (operator, is_date(left), is_date(right)) {
            (Operator::Add | Operator::Subtract, true, false) => {
                Some((Value::Number(in_days(number)), left.1))
            }
            (Operator::Add, false, true) => Some((Value::Number(in_days(number)), right.1)),
            _ => Some((Value::Number(number), None)),
        }
    }
}

/// A number of days since 1970-01-01 in the words of a date, unless it has words.
pub fn in_days(number: Number) -> Number {
    if number.words().is_some() {
        return number;
    }
    let words = |end: Option<crate::model::End>| end.and_then(|end| day_in_words(end.value));
    match (words(number.low()), words(number.high())) {
        (Some(low), Some(high)) if low == high => number.in_words(&low),
        (Some(low), Some(high)) => number.in_words(&format!("{low}..{high}")),
        _ => number,
    }
}

/// Each value once: supported somewhere, it is supported; it keeps the marks that it has everywhere, and all
/// sources.
fn merged(all: Vec<Graded>) -> Vec<Graded> {
    let mut kept: Vec<Graded> = Vec::with_capacity(all.len());
    for graded in all {
        let Some(known) = kept.iter_mut().find(|known| known.typed == graded.typed) else {
            kept.push(graded);
            continue;
        };
        known.grade.marks = known.grade.marks.and(graded.grade.marks);
        known.grade.contested &= graded.grade.contested;
        add_sources(&mut known.grade.sources, &graded.grade.sources);
    }
    kept
}
