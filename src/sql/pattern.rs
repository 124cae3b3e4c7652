//! What patterns conclude, as queries: one for each conclusion, over all things that its variables stand for.
//!
//! A premise `A.x = B` between two variables is a join (a *link*), so that nobody tries all pairs of things; any other is
//! a predicate. A pattern that reads what it concludes does so by one link: it follows claims once, and conclusions as
//! often as there are new ones.

use super::condition::Truth;
use super::not_yet;
use super::said::{Tables, Translator};
use super::side::{Side, text};
use super::values::Joined;
use crate::error::Result;
use crate::model::pattern::Conclusion;
use crate::model::{
    AttributeId, Comparison, Condition, Expression, Path, Pattern, Rule, Start, Step, Term, Test, TestForm,
    Value,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The premise that one variable refers to another.
struct Link {
    from: usize,
    attribute: AttributeId,
    to: usize,
}

impl Translator<'_> {
    /// The patterns that conclude an attribute.
    pub fn concluding(&self, attribute: AttributeId) -> Vec<Arc<Pattern>> {
        let concludes = |pattern: &&Arc<Pattern>| {
            pattern.conclusions().any(|(conclusion, _)| conclusion.attribute == attribute)
        };
        self.snapshot.patterns().filter(concludes).cloned().collect()
    }

    /// All that these patterns conclude of an attribute, each once.
    pub fn concluded(
        &mut self,
        attribute: AttributeId,
        patterns: &[Arc<Pattern>],
        tables: &Tables,
    ) -> Result<String> {
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let recursive = reads(pattern).contains(&attribute);
            let own = |(conclusion, _): &(&Conclusion, bool)| conclusion.attribute == attribute;
            for (conclusion, denied) in pattern.conclusions().filter(own) {
                if recursive {
                    first.push(self.instances(pattern, conclusion, denied, Some(&tables.claims))?);
                    then.push(self.instances(pattern, conclusion, denied, Some(&tables.conclusions))?);
                } else {
                    first.push(self.instances(pattern, conclusion, denied, None)?);
                }
            }
        }
        first.append(&mut then);
        Ok(first.join("\nUNION "))
    }

    /// What a pattern concludes, from the attribute itself as this table has it.
    fn instances(
        &mut self,
        pattern: &Pattern,
        conclusion: &Conclusion,
        denied: bool,
        itself: Option<&str>,
    ) -> Result<String> {
        let (links, others) = match &pattern.rule {
            Rule::Sufficient { when, .. } => links(when),
            Rule::Necessary { requires, .. } => (Vec::new(), requires.clone()),
        };
        let recurs = |link: &&Link| link.attribute == conclusion.attribute;
        let is_one_link =
            links.iter().filter(recurs).count() == 1 && !read_by(&others).contains(&conclusion.attribute);
        if itself.is_some() && !is_one_link {
            return Err(not_yet("a pattern that reads what it concludes by other than one `A.x = B`"));
        }
        let mut rows = self.bindings(pattern, links, itself.map(|table| (conclusion.attribute, table)))?;
        if itself.is_some() {
            // SQLite runs this for each row that is new, and keeps to the order of what is joined so.
            rows.from = vec![rows.from.join(" CROSS JOIN ")];
        }
        let Truth { met, failed } = self.truth(&others)?;
        let fires = if matches!(pattern.rule, Rule::Sufficient { .. }) { met } else { failed };
        let (value, denied) = self.stated(conclusion, denied);
        let columns = format!("DISTINCT v{}.id, {denied}, {}", conclusion.variable, value.row());
        Ok(rows.select(&columns, &[fires]))
    }

    /// All that the variables of a pattern stand for together: each link after what it is joined to, first the one
    /// through `itself`, an attribute as this table has it.
    fn bindings(
        &mut self,
        pattern: &Pattern,
        mut links: Vec<Link>,
        itself: Option<(AttributeId, &str)>,
    ) -> Result<Joined> {
        let table_of = |link: &Link| itself.filter(|(own, _)| *own == link.attribute).map(|(_, table)| table);
        links.sort_by_key(|link| table_of(link).is_none());
        let (mut rows, mut bound) = (Joined::default(), BTreeSet::new());
        while !links.is_empty() {
            let is_joined = |link: &Link| bound.contains(&link.from) || bound.contains(&link.to);
            let link = links.remove(links.iter().position(is_joined).unwrap_or(0));
            let table = match table_of(&link) {
                Some(table) => table.to_string(),
                None => self.cells(link.attribute)?,
            };
            let row = self.alias();
            let on = [
                format!("{row}.thing = v{}.id", link.from),
                format!("{row}.denied = 0"),
                format!("{row}.target = v{}.id", link.to),
            ];
            rows = rows.and(format!("{table} {row}"), on);
            for at in [link.from, link.to] {
                rows = self.bind(rows, pattern, at, &mut bound);
            }
        }
        for at in 0..pattern.variables.len() {
            rows = self.bind(rows, pattern, at, &mut bound);
        }
        Ok(rows)
    }

    /// With the things that a variable stands for, once.
    fn bind(&self, rows: Joined, pattern: &Pattern, at: usize, bound: &mut BTreeSet<usize>) -> Joined {
        if !bound.insert(at) {
            return rows;
        }
        let kind = self.snapshot.vocabulary().kind(pattern.variables[at].kind).name.to_string();
        rows.and(format!("thing v{at}"), [format!("v{at}.kind = {}", text(&kind))])
    }

    /// The value concluded, and whether it is denied: that something is not `yes` is the statement that it is `no`.
    fn stated(&self, conclusion: &Conclusion, denied: bool) -> (Side, u8) {
        match &conclusion.value {
            Term::Variable(at) => {
                let name = |column: &str| format!("v{at}.{column}");
                let thing = Side::of_thing(&name("id"));
                (Side { value: name("folded"), words: name("name"), ..thing }, u8::from(denied))
            }
            Term::Value(value) => {
                let (value, denied) = match value {
                    Value::YesNo(yes) if denied => (Value::YesNo(!yes), false),
                    value => (value.clone(), denied),
                };
                let words = self.snapshot.value_in_words(conclusion.attribute, &value);
                (Side::of(&value, &words), u8::from(denied))
            }
        }
    }
}

/// The attributes that a pattern reads.
pub fn reads(pattern: &Pattern) -> Vec<AttributeId> {
    read_by(pattern.condition())
}

fn read_by(condition: &Condition) -> Vec<AttributeId> {
    let mut read = Vec::new();
    condition.each_test(&mut |test, _| {
        test.each_path(&mut |path, _| read.extend(path.steps.iter().map(|step| step.attribute)));
    });
    read
}

/// The links that a condition demands, and what it demands besides.
fn links(condition: &Condition) -> (Vec<Link>, Condition) {
    match condition {
        Condition::All(parts) => {
            let (mut all, mut others) = (Vec::new(), Vec::new());
            for (links, rest) in parts.iter().map(links) {
                all.extend(links);
                others.push(rest);
            }
            others.retain(|part| *part != Condition::always());
            (all, Condition::All(others))
        }
        Condition::Test(test) => match link(test) {
            Some(link) => (vec![link], Condition::always()),
            None => (Vec::new(), condition.clone()),
        },
        _ => (Vec::new(), condition.clone()),
    }
}

fn link(test: &Test) -> Option<Link> {
    let Expression::Path(Path { start: Start::Variable(from), steps }) = &test.left else { return None };
    let [Step { attribute, inverse: false }] = steps[..] else { return None };
    let TestForm::Compare { possibly: false, comparison: Comparison::Equal, right } = &test.form else {
        return None;
    };
    match right {
        Expression::Path(Path { start: Start::Variable(to), steps }) if steps.is_empty() => {
            Some(Link { from: *from, attribute, to: *to })
        }
        _ => None,
    }
}
