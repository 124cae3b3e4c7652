//! Questions with their names resolved.

use super::claim::ClaimId;
use super::condition::{Condition, Expression};
use super::name::Name;
use super::time::TimeScope;
use super::value::{AttributeId, KindId, ThingId};
use super::vocabulary::Context;

/// A question, and how much of the store it sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked.
    pub body: Body,
    /// Which claims are seen by their time. (`as of`, `suppose` and `without` are dealt with before names
    /// are resolved: they choose the snapshot, and with it the vocabulary. `explain` changes no answer.)
    pub scope: TimeScope,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "one question at a time; never stored in bulk")]
pub enum Body {
    /// Things of a kind.
    Select(Select),
    /// A path or an expression alone; the text is as typed.
    Value(Expression, String),
    /// Cases side by side.
    Compare(Compare),
    /// The same, empty cells only.
    Gaps(Compare),
    /// Everything about one thing, or about the attributes and values that share a name: never empty.
    Describe(Vec<ThingId>),
    /// Words in names, titles, notes, texts and locators.
    Search(String),
    /// Contested statements, of all things or of one.
    Conflicts(Option<ThingId>),
    /// What happened to the claims about a thing, or about one of its attributes.
    History(ThingId, Option<AttributeId>),
    /// Why something holds, or what is said of a cell: proofs.
    Why(Why),
    /// What is missing for it to hold.
    WhyNot(Condition),
    /// `what if`, `rests on`: the book makes both sides and compares them, as it answers `History`.
    Difference,
}

/// `why thai_automotive.interactive_learning != yes`
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// What is to be proved.
    pub of: Argued,
    /// Every independent proof, not only the smallest.
    pub all: bool,
}

/// What `why` is asked of.
#[derive(Clone, Debug, PartialEq)]
pub enum Argued {
    /// All that is said of one attribute of one thing.
    Cell(ThingId, AttributeId),
    /// A condition without variables: all its paths begin at things.
    Condition(Condition),
}

/// What `without` and `rests on` take out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A source, with the citations that name it, also as `via`.
    Source(ThingId),
    /// A pattern.
    Pattern(Name),
    /// One claim; whether there is such a claim is not known here.
    Claim(ClaimId),
}

/// A question about a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// Which kind.
    pub kind: KindId,
    /// `about X`
    pub about: Option<About>,
    /// A description through a context, or `for` a stored thing.
    pub description: Option<Description>,
    /// Conditions on the things asked for.
    pub condition: Condition,
    /// Counted, summed ... instead of listed.
    pub aggregate: Option<Aggregate>,
    /// Groups of the aggregate.
    pub by: Vec<Column>,
    /// Columns to show; empty: `name`, `title` and what the conditions mention.
    pub show: Vec<Column>,
    /// What stands beside every value.
    pub beside: Beside,
    /// Sort keys; then by name.
    pub order: Vec<Order>,
    /// At most so many rows.
    pub limit: Option<Limit>,
}

/// What stands beside the values of an answer: `with sources`, `with marks`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Where each value comes from.
    pub sources: bool,
    /// Whether it is hedged, concluded, ...
    pub marks: bool,
}

/// What `about X` may mean: every reading of the name.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Things of this name.
    pub things: Vec<ThingId>,
    /// Attributes of this name, or under this heading.
    pub attributes: Vec<AttributeId>,
    /// The name itself: a choice or text value of this name.
    pub name: Name,
}

/// A description: through which context, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The context.
    pub context: Context,
    /// What is described.
    pub of: Described,
}

/// A hypothetical thing or a stored one.
#[derive(Clone, Debug, PartialEq)]
pub enum Described {
    /// A thing of the context's kind of which exactly this is known (variable 0).
    Hypothetical(Condition),
    /// `for thai_automotive`
    Stored(ThingId),
}

/// A column: what it shows, and its title.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What it shows.
    pub expression: Expression,
    /// As typed, or as given by `as`.
    pub title: String,
}

/// `average export_share of clusters`
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which aggregate.
    pub function: Function,
    /// Of what; `None` only for `count`.
    pub of: Option<Column>,
}

/// A sort key.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is sorted by.
    pub by: OrderBy,
    /// Largest first; what is unknown comes last either way.
    pub descending: bool,
}

/// A column of the answer, by position, or a value of the thing.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderBy {
    /// A column that is shown, by its title (`ratio`), or the aggregate's own.
    Column(usize),
    /// A value of the thing in the row.
    Value(Expression),
}

/// `limit 1 per country`
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// So many rows.
    pub rows: usize,
    /// For each value of this.
    pub per: Option<Expression>,
}

/// What is set side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// One kind, all of whose things that meet the condition are set side by side, or things.
    pub of: Compared,
    /// The rows: attributes in order; headings are already replaced by what stands under them.
    pub by: Vec<AttributeId>,
}

/// Things named, or those of a kind that meet a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// All of one kind; never empty.
    Things(Vec<ThingId>),
    /// Those that meet the condition.
    Kind(KindId, Condition),
}

/// How the values of a group are brought down to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// How many things, or values.
    Count,
    /// All added up.
    Sum,
    /// The sum, shared among the values.
    Average,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

impl Function {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Sum => "sum",
            Function::Average => "average",
            Function::Min => "min",
            Function::Max => "max",
        }
    }
}
