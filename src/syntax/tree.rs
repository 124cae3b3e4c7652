//! The tree: a statement as it was typed, with the place of every word.
//!
//! It keeps words as written (`about 2000`, `"complex product systems"`); what they mean begins in
//! `resolve`. Every tree prints back (see `printer`) to text that parses to an equal tree; spans do
//! not take part in equality.

pub use crate::model::condition::{Comparison, Operator};
pub use crate::model::question::{Beside, Function};
pub use crate::report::Span;

/// One name as typed. `quoted` words may hold spaces and are never keywords.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    pub text: String,
    pub quoted: bool,
    pub span: Span,
}

/// A string in double quotes, unescaped: a title, a note, a locator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quoted {
    pub text: String,
    pub span: Span,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one statement at a time; never stored in bulk")]
pub enum Statement {
    /// `kind study "a piece of research" plural studies`
    Kind(KindDeclaration),
    /// `attribute cites of source: many source inverse cited_by`
    Attribute(AttributeDeclaration),
    /// `alias cops = complex_product_systems`
    Alias(AliasDeclaration),
    /// `context cluster.recommended for intervention`
    Context(ContextDeclaration),
    /// `cluster penang "Penang electronics" { industry: cops }`
    Block(Block),
    /// `assert penang.industry = cops [source "p. 1"] (hedged)`
    Assert(Assertion),
    /// `retract penang.industry = cops`, `retract pattern localised_knowledge`
    Retract(Retraction),
    /// `pattern name "title" { for cluster when ... then ... }`
    Pattern(PatternDeclaration),
    /// `import "clusters.csv" as cluster name from id declare`
    Import(Import),
    /// `export clusters where industry = cops to "cops.csv"`, `export to "all.casebook"`, `export`
    Export(Export),
    /// Anything that is answered with rows.
    Question(Question),
}

// ---- vocabulary ---------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDeclaration {
    pub name: Word,
    pub description: Option<Quoted>,
    pub plural: Option<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDeclaration {
    pub name: Word,
    pub kind: Word,
    pub many: bool,
    pub kind_of_value: ValueType,
    pub heading: Option<Word>,
    pub inverse: Option<Word>,
    pub description: Option<Quoted>,
    pub meanings: Vec<Meaning>,
}

/// What one value of an attribute means: `scarce: "few, and hard to replace"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub value: Word,
    pub text: Quoted,
}

/// The type of an attribute: `text`, `number "persons"`, `percent`, `year`, `date`, `yes/no`,
/// `one of a, b, c`, `scale low < medium < high`, or a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    Text,
    Number { unit: Option<Quoted> },
    Percent,
    Year,
    Date,
    YesNo,
    OneOf(Vec<Word>),
    Scale(Vec<Word>),
    Kind(Word),
}

/// `alias KNOWN = NEW`: from now on NEW names what KNOWN names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasDeclaration {
    pub known: Word,
    pub alias: Word,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextDeclaration {
    pub kind: Word,
    pub attribute: Word,
    pub target: Word,
}

// ---- facts --------------------------------------------------------------------------------------

/// A thing by name: `penang`, or `cluster penang` where a bare name is not unique; or `$p`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: Option<Word>,
    pub name: Root,
    pub span: Span,
}

/// A word, or a parameter to be bound (`$name`, kept without the `$`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    Word(Word),
    Parameter(Word),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub kind: Word,
    pub name: Word,
    pub title: Option<Quoted>,
    pub entries: Vec<Entry>,
}

/// One line of a block: `attribute: value`, `attribute: (v1, v2)`, `attribute != value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub attribute: Word,
    pub denied: bool,
    /// One value, or those of a list in parentheses; never empty.
    pub values: Vec<StatedValue>,
    pub note: Option<Quoted>,
    pub evidence: Evidence,
    pub span: Span,
}

/// A value in a fact or a conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatedValue {
    /// A bare or quoted word: a name, a text, `yes`, a thing.
    Word(Word),
    /// `cluster penang`: a thing whose bare name is not unique.
    Thing {
        kind: Word,
        name: Word,
    },
    Quantity(Quantity),
    /// `unknown`: a source was read and does not say. Only in facts.
    Unknown(Span),
    Parameter(Word),
}

/// Citations and qualifiers: `[a "p. 1"; b via c "s. 2"] (hedged, in 1995)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    pub citations: Vec<Citation>,
    pub hedged: bool,
    /// `in`: when it was observed.
    pub observed: Option<Quantity>,
    pub since: Option<Quantity>,
    pub until: Option<Quantity>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    pub source: Word,
    pub via: Option<Word>,
    /// Belongs to the last-named source.
    pub locator: Option<Quoted>,
}

/// `assert SUBJECT.attribute = value "note" [..] (..)`; `!=` denies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    pub subject: Subject,
    /// The one entry; its `attribute` is the last step of the path.
    pub entry: Entry,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one statement at a time; never stored in bulk")]
pub enum Retraction {
    /// `retract pattern NAME`
    Pattern(Word),
    /// `retract SUBJECT[.attribute [= value]] [..] (..)`: every claim that matches what is written.
    Claims {
        subject: Subject,
        attribute: Option<Word>,
        /// Whether denied, and the value.
        statement: Option<(bool, StatedValue)>,
        evidence: Evidence,
    },
}

/// A number, percentage, year or date as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub form: QuantityForm,
    /// Written with `%`.
    pub percent: bool,
    pub span: Span,
}

/// Numbers are kept as the digits written: `16.1`, `-3`, `2000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuantityForm {
    /// `2000`
    Exact(String),
    /// `about 2000`
    About(String),
    /// `> 700`, `>= 700`, `< 5`, `<= 5`
    Bound(Comparison, String),
    /// `10..15`
    Range(String, String),
    /// `1990s`, `early 1990s`, `mid 1990s`, `late 1990s`
    Decade(Option<Part>, u16),
    /// `2005-09-20`
    Date { year: u16, month: u8, day: u8 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Early,
    Mid,
    Late,
}

// ---- patterns -----------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternDeclaration {
    pub name: Word,
    pub title: Option<Quoted>,
    /// `for cluster` (no variable) or `for source A, source B`.
    pub variables: Vec<Variable>,
    pub rule: Rule,
    pub seen_in: Vec<Word>,
    pub against: Vec<Word>,
    pub evidence: Evidence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub kind: Word,
    pub name: Option<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `when CONDITION then CONCLUSION [and CONCLUSION ...]`
    Sufficient { when: Condition, then: Vec<Conclusion> },
    /// `CONCLUSION requires CONDITION`
    Necessary { conclusion: Conclusion, requires: Condition },
}

/// `A.cites = B`, `recommended != local_content_rules`, `recommended = (a, b)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    pub target: Path,
    pub denied: bool,
    /// One value, or those of a list in parentheses; never empty.
    pub values: Vec<StatedValue>,
}

// ---- conditions ---------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one statement at a time; never stored in bulk")]
pub enum Condition {
    /// `a and b and c`: two or more, none of them an `All`.
    All(Vec<Condition>),
    /// `a or b`: two or more, none of them an `Any`.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
}

/// A single condition on what stands at its left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    pub left: Expression,
    pub form: TestForm,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestForm {
    /// `a < b`, or `possibly a < b`
    Compare { possibly: bool, comparison: Comparison, right: Expression },
    /// `a in (b, c)`; never empty
    In(Vec<Expression>),
    /// `a is known`
    Known,
    /// `a is unknown`
    Unknown,
    /// `a contains "words"`
    Contains(Contained),
}

/// What a `contains` looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contained {
    Text(Quoted),
    Parameter(Word),
}

/// What stands beside an operator, in `show`, or alone as a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A path; a single word is a path of one step, whatever it turns out to mean (an attribute, a
    /// value, a thing).
    Path(Path),
    Quantity(Quantity),
    /// `count of A.attribute`
    CountOf(Path),
    /// `a - b`; the operator stands between spaces.
    Binary {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
}

/// `country.region`, `A.cites`, `thai_automotive.human_capital`, `cluster penang.founded`, `$c.industry`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Set where a kind precedes the root: `cluster penang.founded`.
    pub kind: Option<Word>,
    pub root: Root,
    pub steps: Vec<Word>,
    pub span: Span,
}

// ---- questions ----------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `explain` before it: the plan is asked for.
    pub explain: bool,
    /// `suppose F and G then`; empty: nothing is supposed.
    pub supposed: Vec<Supposed>,
    pub body: QuestionBody,
    pub modifiers: Modifiers,
}

/// `as of commit 3`, `as of 2026-01-31`, `in 1995`, `ever`, `without berry_2002`: after the question, in
/// any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub as_of: Option<AsOf>,
    /// `in T`
    pub during: Option<Quantity>,
    pub ever: bool,
    pub without: Vec<Removed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    Commit(u64, Span),
    Day(Quantity),
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one question at a time; never stored in bulk")]
pub enum QuestionBody {
    /// A question about a kind: `clusters where ...`, `count clusters by industry`.
    Select(Select),
    /// A path or an expression alone: `jepara_furniture.small_firms`.
    Value(Expression),
    /// `compare clusters by human_capital, policy`, `compare a, b by c`
    Compare(Comparing),
    /// `gaps of clusters by human_capital`
    Gaps(Comparing),
    /// `describe thai_automotive`
    Describe(Subject),
    /// `search "quality standards"`
    Search(Contained),
    /// `conflicts`, `conflicts of thai_automotive`
    Conflicts(Option<Subject>),
    /// `history of thai_automotive.human_capital`, `history of thai_automotive`
    History { subject: Subject, attribute: Option<Word> },
    /// `why thai_automotive.interactive_learning != yes`; `all` asks for every independent proof.
    Why { all: bool, of: Argued },
    /// `why not jepara_furniture.interactive_learning = yes`
    WhyNot(Condition),
    /// `what if thai_automotive.human_capital = strong`; never empty
    WhatIf(Vec<Supposed>),
    /// `rests on berry_2002`; never empty
    RestsOn(Vec<Removed>),
}

/// The clauses may be typed in any order, each once; they print in the order of the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// `count` alone, or `average employment_share of` before the kind.
    pub aggregate: Option<Aggregate>,
    pub kind: Word,
    /// `of cluster`, `of cluster.industry`: whose attributes, or the values of which attribute
    pub of: Option<Path>,
    /// `about X`
    pub about: Option<Subject>,
    /// `for thai_automotive`
    pub for_thing: Option<Subject>,
    pub condition: Option<Condition>,
    /// `by industry, country.region`: the groups of an aggregate.
    pub by: Vec<Expression>,
    pub show: Vec<Shown>,
    /// `with sources, marks`
    pub beside: Beside,
    pub order: Vec<Order>,
    pub limit: Option<Limit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    pub function: Function,
    /// What is summed or averaged; `None` only for `count`.
    pub of: Option<Expression>,
}

/// `value_added_share / employment_share as ratio`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub expression: Expression,
    pub title: Option<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub by: Expression,
    pub descending: bool,
}

/// `limit 10`, `limit 1 per country`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub rows: u64,
    pub per: Option<Expression>,
}

/// What is set side by side, and by which attributes or headings (none: by all).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparing {
    /// Kinds (singular or plural) or things.
    pub of: Vec<Word>,
    pub by: Vec<Word>,
    pub condition: Option<Condition>,
}

// ---- reasoning ----------------------------------------------------------------------------------

/// What `suppose` and `what if` take for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "a few at a time; never stored in bulk")]
pub enum Supposed {
    /// `cluster penang { industry: cops }`
    Block(Block),
    /// `penang.human_capital = weak [berry_2002] (hedged)`: what follows `assert`.
    Fact(Assertion),
}

/// What `why` is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one question at a time; never stored in bulk")]
pub enum Argued {
    /// `why thai_automotive.human_capital`: all that is said of it. (The path may have any number of steps.)
    Cell(Path),
    /// `why thai_automotive.human_capital = weak`
    Condition(Condition),
}

/// What `without` and `rests on` take out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// `berry_2002`
    Source(Word),
    /// `pattern learning_needs_both`
    Pattern(Word),
    /// `claim c1.20`: commit and place in it, or whatever stood in quotes.
    Claim(Word),
}

// ---- in and out ---------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub path: Quoted,
    /// `as cluster`; required for CSV.
    pub kind: Option<Word>,
    /// `ATTRIBUTE from COLUMN`; `name` and `title` count as attributes.
    pub columns: Vec<(Word, Word)>,
    pub evidence: Evidence,
    /// `declare`: add the attributes that are not known.
    pub declare: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// `None`: the whole store, as statements.
    pub question: Option<Question>,
    /// `None`: the answer itself.
    pub to: Option<Quoted>,
}
