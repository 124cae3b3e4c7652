//! Trees as text, in the one way that the language would write them: what prints parses back to an equal
//! tree. Questions print on one line, but for blocks that they suppose; the entries of a block and the parts
//! of a pattern have lines of their own.

use super::tree::*;
use super::words::{can_stand_bare, in_quotes, is_one_of};
use std::fmt::{Display, Formatter, Result};

impl Display for Word {
    /// In quotes if it was typed in quotes, or cannot stand without.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.quoted || !can_stand_bare(&self.text) {
            return f.write_str(&in_quotes(&self.text));
        }
        f.write_str(&self.text)
    }
}

impl Display for Quoted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&in_quotes(&self.text))
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Statement::Kind(kind) => kind.fmt(f),
            Statement::Attribute(attribute) => attribute.fmt(f),
            Statement::Alias(alias) => alias.fmt(f),
            Statement::Context(context) => context.fmt(f),
            Statement::Block(block) => block.fmt(f),
            Statement::Assert(assertion) => assertion.fmt(f),
            Statement::Retract(retraction) => retraction.fmt(f),
            Statement::Pattern(pattern) => pattern.fmt(f),
            Statement::Import(import) => import.fmt(f),
            Statement::Export(export) => export.fmt(f),
            Statement::Question(question) => question.fmt(f),
        }
    }
}

/// Writes `before` and the part, if there is one.
fn optional(f: &mut Formatter<'_>, before: &str, part: &Option<impl Display>) -> Result {
    match part {
        Some(part) => write!(f, "{before}{part}"),
        None => Ok(()),
    }
}

/// Writes `before` and the parts with `between`, if there are any.
fn series<T: Display>(f: &mut Formatter<'_>, before: &str, parts: &[T], between: &str) -> Result {
    for (position, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if position == 0 { before } else { between })?;
    }
    Ok(())
}

// ---- vocabulary ---------------------------------------------------------------------------------

impl Display for KindDeclaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "kind {}", self.name)?;
        optional(f, " ", &self.description)?;
        optional(f, " plural ", &self.plural)
    }
}

impl Display for AttributeDeclaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "attribute {}", self.name)?;
        optional(f, " ", &self.description)?;
        write!(f, " of {}: {}{}", self.kind, if self.many { "many " } else { "" }, self.kind_of_value)?;
        optional(f, " under ", &self.heading)?;
        optional(f, " inverse ", &self.inverse)?;
        if self.meanings.is_empty() {
            return Ok(());
        }
        series(f, " {\n  ", &self.meanings, "\n  ")?;
        f.write_str("\n}")
    }
}

impl Display for Meaning {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}: {}", self.value, self.text)
    }
}

impl Display for ValueType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ValueType::Text => f.write_str("text"),
            ValueType::Number { unit } => {
                f.write_str("number")?;
                optional(f, " ", unit)
            }
            ValueType::Percent => f.write_str("percent"),
            ValueType::Year => f.write_str("year"),
            ValueType::Date => f.write_str("date"),
            ValueType::YesNo => f.write_str("yes/no"),
            ValueType::OneOf(values) => series(f, "one of ", values, ", "),
            ValueType::Scale(values) => series(f, "scale ", values, " < "),
            ValueType::Kind(kind) => kind.fmt(f),
        }
    }
}

impl Display for AliasDeclaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "alias {} = {}", self.known, self.alias)
    }
}

impl Display for ContextDeclaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "context {}.{} for {}", self.kind, self.attribute, self.target)
    }
}

// ---- facts --------------------------------------------------------------------------------------

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(kind) = &self.kind {
            write!(f, "{kind} ")?;
        }
        self.name.fmt(f)
    }
}

impl Display for Root {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Root::Word(word) => word.fmt(f),
            Root::Parameter(name) => write!(f, "${}", name.text),
        }
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {}", self.kind, self.name)?;
        optional(f, " ", &self.title)?;
        f.write_str(" {")?;
        series(f, "\n  ", &self.entries, "\n  ")?;
        f.write_str(if self.entries.is_empty() { " }" } else { "\n}" })
    }
}

impl Display for Entry {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{} ", self.attribute, if self.denied { " !=" } else { ":" })?;
        entry_values(f, self)
    }
}

/// The part of an entry behind `:`, `=` or `!=`.
fn entry_values(f: &mut Formatter<'_>, entry: &Entry) -> Result {
    values(f, &entry.values)?;
    optional(f, " ", &entry.note)?;
    backing(f, " ", &entry.evidence)
}

/// One value, or several in parentheses.
fn values(f: &mut Formatter<'_>, values: &[StatedValue]) -> Result {
    match values {
        [value] => value.fmt(f),
        several => {
            f.write_str("(")?;
            series(f, "", several, ", ")?;
            f.write_str(")")
        }
    }
}

/// The evidence behind `before`, if there is any.
fn backing(f: &mut Formatter<'_>, before: &str, evidence: &Evidence) -> Result {
    if evidence.is_empty() { Ok(()) } else { write!(f, "{before}{evidence}") }
}

impl Display for StatedValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            StatedValue::Word(word) => word.fmt(f),
            StatedValue::Thing { kind, name } => write!(f, "{kind} {name}"),
            StatedValue::Quantity(quantity) => quantity.fmt(f),
            StatedValue::Unknown(_) => f.write_str("unknown"),
            StatedValue::Parameter(name) => write!(f, "${}", name.text),
        }
    }
}

impl Evidence {
    /// Whether there is neither a citation nor a qualifier.
    fn is_empty(&self) -> bool {
        self.citations.is_empty() && self.qualifiers().is_empty()
    }

    fn qualifiers(&self) -> Vec<String> {
        let time = |word: &str, time: &Option<Quantity>| time.as_ref().map(|time| format!("{word} {time}"));
        let hedged = self.hedged.then(|| "hedged".to_string());
        let times = [time("in", &self.observed), time("since", &self.since), time("until", &self.until)];
        hedged.into_iter().chain(times.into_iter().flatten()).collect()
    }
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let qualifiers = self.qualifiers();
        if !self.citations.is_empty() {
            series(f, "[", &self.citations, "; ")?;
            f.write_str(if qualifiers.is_empty() { "]" } else { "] " })?;
        }
        if !qualifiers.is_empty() {
            series(f, "(", &qualifiers, ", ")?;
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for Citation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.source.fmt(f)?;
        optional(f, " via ", &self.via)?;
        optional(f, " ", &self.locator)
    }
}

impl Display for Assertion {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("assert ")?;
        fact(f, self)
    }
}

/// An assertion without its `assert`.
fn fact(f: &mut Formatter<'_>, Assertion { subject, entry }: &Assertion) -> Result {
    write!(f, "{subject}.{} {} ", entry.attribute, if entry.denied { "!=" } else { "=" })?;
    entry_values(f, entry)
}

impl Display for Retraction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Retraction::Pattern(name) => write!(f, "retract pattern {name}"),
            Retraction::Claims { subject, attribute, statement, evidence } => {
                write!(f, "retract {subject}")?;
                optional(f, ".", attribute)?;
                if let Some((denied, value)) = statement {
                    write!(f, " {} {value}", if *denied { "!=" } else { "=" })?;
                }
                backing(f, " ", evidence)
            }
        }
    }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.form.fmt(f)?;
        f.write_str(if self.percent { "%" } else { "" })
    }
}

impl Display for QuantityForm {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            QuantityForm::Exact(number) => f.write_str(number),
            QuantityForm::About(number) => write!(f, "about {number}"),
            QuantityForm::Bound(comparison, number) => write!(f, "{comparison} {number}"),
            QuantityForm::Range(low, high) => write!(f, "{low}..{high}"),
            QuantityForm::Decade(None, decade) => write!(f, "{decade:04}s"),
            QuantityForm::Decade(Some(part), decade) => write!(f, "{part} {decade:04}s"),
            QuantityForm::Date { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Part::Early => "early",
            Part::Mid => "mid",
            Part::Late => "late",
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        })
    }
}

// ---- patterns -----------------------------------------------------------------------------------

impl Display for PatternDeclaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "pattern {}", self.name)?;
        optional(f, " ", &self.title)?;
        series(f, " {\n  for ", &self.variables, ", ")?;
        write!(f, "\n  {}", self.rule)?;
        series(f, "\n  seen in ", &self.seen_in, ", ")?;
        series(f, "\n  against ", &self.against, ", ")?;
        backing(f, "\n  ", &self.evidence)?;
        f.write_str("\n}")
    }
}

impl Display for Variable {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.kind.fmt(f)?;
        optional(f, " ", &self.name)
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Rule::Sufficient { when, then } => {
                write!(f, "when {when}")?;
                series(f, "\n  then ", then, " and ")
            }
            Rule::Necessary { conclusion, requires } => write!(f, "{conclusion} requires {requires}"),
        }
    }
}

impl Display for Conclusion {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {} ", self.target, if self.denied { "!=" } else { "=" })?;
        values(f, &self.values)
    }
}

// ---- conditions ---------------------------------------------------------------------------------

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Condition::All(parts) => joined(f, parts, " and ", |part| matches!(part, Condition::Any(_))),
            Condition::Any(parts) => joined(f, parts, " or ", |_| false),
            Condition::Not(inner) if matches!(**inner, Condition::All(_) | Condition::Any(_)) => {
                write!(f, "not ({inner})")
            }
            Condition::Not(inner) => write!(f, "not {inner}"),
            Condition::Test(test) => test.fmt(f),
        }
    }
}

/// The parts with `between`; those that bind less tightly stand in parentheses.
fn joined(
    f: &mut Formatter<'_>,
    parts: &[Condition],
    between: &str,
    loose: fn(&Condition) -> bool,
) -> Result {
    for (position, part) in parts.iter().enumerate() {
        f.write_str(if position == 0 { "" } else { between })?;
        if loose(part) {
            write!(f, "({part})")?;
        } else {
            part.fmt(f)?;
        }
    }
    Ok(())
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let left = &self.left;
        match &self.form {
            TestForm::Compare { possibly, comparison, right } => {
                write!(f, "{}{left} {comparison} {right}", if *possibly { "possibly " } else { "" })
            }
            TestForm::In(values) => {
                write!(f, "{left} in (")?;
                series(f, "", values, ", ")?;
                f.write_str(")")
            }
            TestForm::Known => write!(f, "{left} is known"),
            TestForm::Unknown => write!(f, "{left} is unknown"),
            TestForm::Contains(words) => write!(f, "{left} contains {words}"),
        }
    }
}

impl Display for Contained {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Contained::Text(text) => text.fmt(f),
            Contained::Parameter(name) => write!(f, "${}", name.text),
        }
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Expression::Path(path) => path.fmt(f),
            Expression::Quantity(quantity) => quantity.fmt(f),
            Expression::CountOf(path) => write!(f, "count of {path}"),
            Expression::Binary { operator, left, right } => {
                side(f, left, tightness(left) < operator.tightness())?;
                write!(f, " {operator} ")?;
                side(f, right, tightness(right) <= operator.tightness())
            }
        }
    }
}

/// One side of an operator, in parentheses if it must.
fn side(f: &mut Formatter<'_>, expression: &Expression, in_parentheses: bool) -> Result {
    if in_parentheses { write!(f, "({expression})") } else { expression.fmt(f) }
}

/// How tightly an expression holds together.
fn tightness(expression: &Expression) -> u8 {
    match expression {
        Expression::Binary { operator, .. } => operator.tightness(),
        _ => u8::MAX,
    }
}

impl Operator {
    /// How tightly it binds: multiplication and division before addition and subtraction.
    pub(super) fn tightness(self) -> u8 {
        match self {
            Operator::Add | Operator::Subtract => 1,
            Operator::Multiply | Operator::Divide => 2,
        }
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        })
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(kind) = &self.kind {
            write!(f, "{kind} ")?;
        }
        self.root.fmt(f)?;
        series(f, ".", &self.steps, ".")
    }
}

// ---- questions ----------------------------------------------------------------------------------

impl Display for Question {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.explain { "explain " } else { "" })?;
        series(f, "suppose ", &self.supposed, " and ")?;
        // Needed only behind a one-line fact, and before a word that would go on with the supposing.
        f.write_str(if self.supposed.is_empty() { "" } else { " then " })?;
        write!(f, "{}{}", self.body, self.modifiers)
    }
}

impl Display for Modifiers {
    /// With a space before each, since they stand behind a question.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        optional(f, " as of ", &self.as_of)?;
        optional(f, " in ", &self.during)?;
        f.write_str(if self.ever { " ever" } else { "" })?;
        series(f, " without ", &self.without, ", ")
    }
}

impl Display for AsOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            AsOf::Commit(commit, _) => write!(f, "commit {commit}"),
            AsOf::Day(day) => day.fmt(f),
        }
    }
}

impl Display for QuestionBody {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            QuestionBody::Select(select) => select.fmt(f),
            QuestionBody::Value(expression) => expression.fmt(f),
            QuestionBody::Compare(comparing) => write!(f, "compare {comparing}"),
            QuestionBody::Gaps(comparing) => write!(f, "gaps of {comparing}"),
            QuestionBody::Describe(subject) => write!(f, "describe {subject}"),
            QuestionBody::Search(words) => write!(f, "search {words}"),
            QuestionBody::Conflicts(subject) => {
                f.write_str("conflicts")?;
                optional(f, " of ", subject)
            }
            QuestionBody::History { subject, attribute } => {
                write!(f, "history of {subject}")?;
                optional(f, ".", attribute)
            }
            QuestionBody::Why { all, of } => {
                let argued = of.to_string();
                let (all, read_apart) = if *all { (" all", false) } else { ("", begins_apart(&argued)) };
                if read_apart { write!(f, "why ({argued})") } else { write!(f, "why{all} {argued}") }
            }
            QuestionBody::WhyNot(condition) => write!(f, "why not {condition}"),
            QuestionBody::WhatIf(supposed) => series(f, "what if ", supposed, " and "),
            QuestionBody::RestsOn(removed) => series(f, "rests on ", removed, ", "),
        }
    }
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        optional(f, "", &self.aggregate)?;
        self.kind.fmt(f)?;
        optional(f, " of ", &self.of)?;
        optional(f, " about ", &self.about)?;
        optional(f, " for ", &self.for_thing)?;
        optional(f, " where ", &self.condition)?;
        series(f, " by ", &self.by, ", ")?;
        series(f, " show ", &self.show, ", ")?;
        let Beside { sources, marks } = self.beside;
        let words: Vec<&str> = [(sources, "sources"), (marks, "marks")]
            .into_iter()
            .filter_map(|(asked, word)| asked.then_some(word))
            .collect();
        series(f, " with ", &words, ", ")?;
        series(f, " order by ", &self.order, ", ")?;
        optional(f, " ", &self.limit)
    }
}

impl Display for Aggregate {
    /// With a space behind it, since the kind follows.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} ", self.function)?;
        match &self.of {
            Some(expression) => write!(f, "{expression} of "),
            None => Ok(()),
        }
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.name())
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.expression.fmt(f)?;
        optional(f, " as ", &self.title)
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.by, if self.descending { " desc" } else { "" })
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "limit {}", self.rows)?;
        optional(f, " per ", &self.per)
    }
}

impl Display for Comparing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        series(f, "", &self.of, ", ")?;
        series(f, " by ", &self.by, ", ")?;
        optional(f, " where ", &self.condition)
    }
}

// ---- reasoning ----------------------------------------------------------------------------------

/// Whether what is argued begins with a word that, directly behind `why`, belongs to `why`.
fn begins_apart(argued: &str) -> bool {
    argued.split_once(' ').is_some_and(|(first, _)| is_one_of(first, &["all", "not"]))
}

impl Display for Argued {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Argued::Cell(path) => path.fmt(f),
            Argued::Condition(condition) => condition.fmt(f),
        }
    }
}

impl Display for Supposed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Supposed::Block(block) => block.fmt(f),
            Supposed::Fact(assertion) => fact(f, assertion),
        }
    }
}

impl Display for Removed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Removed::Source(name) => name.fmt(f),
            Removed::Pattern(name) => write!(f, "pattern {name}"),
            // Bare, its dot makes it no word.
            Removed::Claim(name) if name.quoted => write!(f, "claim {name}"),
            Removed::Claim(name) => write!(f, "claim {}", name.text),
        }
    }
}

// ---- in and out ---------------------------------------------------------------------------------

impl Display for Import {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "import {}", self.path)?;
        optional(f, " as ", &self.kind)?;
        let columns: Vec<String> =
            self.columns.iter().map(|(attribute, column)| format!("{attribute} from {column}")).collect();
        series(f, " ", &columns, ", ")?;
        backing(f, " ", &self.evidence)?;
        f.write_str(if self.declare { " declare" } else { "" })
    }
}

impl Display for Export {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("export")?;
        optional(f, " ", &self.question)?;
        optional(f, " to ", &self.to)
    }
}
