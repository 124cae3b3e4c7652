//! Changes: what a commit does, in names, so that a record means the same whenever it is read.

use super::name::{Name, Text};
use super::number::Number;
use super::time::When;
use std::ops::Range;
use std::sync::Arc;

/// One step of a commit. Names, not ids: a record must outlive the numbering of one program.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Declare a kind, or change its plural and description.
    DeclareKind {
        /// Its name.
        name: Name,
        /// Its plural, declared or made.
        plural: Name,
        /// What it is.
        description: Option<Text>,
    },
    /// Declare an attribute, or change it.
    DeclareAttribute(AttributeDeclaration),
    /// `alias` stands for `known`.
    DeclareAlias {
        /// What it stands for.
        known: Name,
        /// The new name.
        alias: Name,
    },
    /// `context KIND.ATTRIBUTE for TARGET`
    DeclareContext {
        /// What is described.
        kind: Name,
        /// What leads to the target.
        attribute: Name,
        /// What is asked for.
        target: Name,
    },
    /// Add a thing, or change the title of the one that is there.
    AddThing {
        /// Which thing.
        thing: ThingName,
        /// Its title; `None` leaves the title alone.
        title: Option<Text>,
    },
    /// Make a claim.
    Assert(Statement),
    /// Take back every claim that matches.
    Retract(Retraction),
    /// Declare a pattern, or replace the one of this name; the statement as printed.
    DeclarePattern {
        /// Its name.
        name: Name,
        /// The whole statement.
        statement: Text,
    },
    /// Take back a pattern.
    RetractPattern(Name),
    /// Many things at once, column by column.
    Import(Batch),
}

/// A thing by kind and name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThingName {
    /// Its kind's name.
    pub kind: Name,
    /// Its own.
    pub name: Name,
}

/// An attribute as declared.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeDeclaration {
    /// Whose attribute.
    pub kind: Name,
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub value_type: DeclaredType,
    /// Takes many values.
    pub many: bool,
    /// `under`
    pub heading: Option<Name>,
    /// `inverse`
    pub inverse: Option<Name>,
    /// What it says.
    pub description: Option<Text>,
    /// What its values mean, as far as that is said.
    pub meanings: Vec<(Name, Text)>,
}

/// A type as declared: kinds by name.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclaredType {
    /// `text`
    Text,
    /// `number "unit"`
    Number(Option<Text>),
    /// `percent`
    Percent,
    /// `year`
    Year,
    /// `date`
    Date,
    /// `yes/no`
    YesNo,
    /// `one of a, b`
    OneOf(Vec<Name>),
    /// `scale a < b`
    Scale(Vec<Name>),
    /// A kind.
    Kind(Name),
}

/// A claim as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// About which thing.
    pub subject: ThingName,
    /// Which of its attributes.
    pub attribute: Name,
    /// `None`: `unknown`.
    pub value: Option<StatedValue>,
    /// `!=`
    pub denied: bool,
    /// Citations and qualifiers.
    pub evidence: StatedEvidence,
    /// A string after the value.
    pub note: Option<Text>,
}

/// A value as stated: names, not ids.
#[derive(Clone, Debug, PartialEq)]
pub enum StatedValue {
    /// Number, percentage, year or date (days since 1970-01-01).
    Number(Number),
    /// `yes` or `no`
    YesNo(bool),
    /// A choice by its name.
    Choice(Name),
    /// A reference by its name.
    Thing(ThingName),
    /// Text.
    Text(Text),
}

/// Citations and qualifiers as stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatedEvidence {
    /// In order as written.
    pub citations: Vec<StatedCitation>,
    /// With reserve.
    pub hedged: bool,
    /// When it held.
    pub when: When,
}

/// A citation as stated; sources by name.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedCitation {
    /// The source that says it.
    pub source: Name,
    /// The one that was read.
    pub via: Option<Name>,
    /// The place in the one that was read.
    pub locator: Option<Text>,
}

/// Which claims to take back: those that agree with all that is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Retraction {
    /// About this thing.
    pub subject: ThingName,
    /// On this attribute; `None`: on any.
    pub attribute: Option<Name>,
    /// Of this polarity (denied?) and value (`None` within: `unknown`).
    pub statement: Option<(bool, Option<StatedValue>)>,
    /// With all of these citations (a locator left out matches any), and these qualifiers where given.
    pub evidence: StatedEvidence,
}

/// Many new or known things of one kind, with the values of some attributes: an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The kind of all of them.
    pub kind: Name,
    /// Row by row, distinct when folded; a name that is there already names the thing that is there.
    pub names: PackedText,
    /// As many as `names` (empty: no title), or none at all.
    pub titles: PackedText,
    /// The claims, attribute by attribute.
    pub columns: Vec<BatchColumn>,
    /// Of every claim.
    pub evidence: StatedEvidence,
}

impl Batch {
    /// Whether every column has one code for each name.
    pub fn is_plain(&self) -> bool {
        self.columns.iter().all(|column| column.ends.is_empty())
    }
}

/// Many short texts in one: what a hundred thousand names are kept in. Copies share them.
///
/// ```
/// use casebook::model::change::PackedText;
/// let packed: PackedText = ["jepara", "penang"].into_iter().collect();
/// assert_eq!((packed.len(), packed.get(1)), (2, Some("penang")));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackedText(Arc<Packed>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Packed {
    /// All of them, one after the other.
    text: String,
    /// Where each ends, in bytes.
    ends: Vec<u32>,
}

impl PackedText {
    /// From the texts run together and the byte at which each ends.
    ///
    /// `None` if the ends do not rise from character boundary to character boundary up to the end of
    /// the text.
    pub fn from_parts(text: String, ends: Vec<u32>) -> Option<Self> {
        let mut before = 0;
        for &end in &ends {
            if end < before || !text.is_char_boundary(end as usize) {
                return None;
            }
            before = end;
        }
        (before as usize == text.len()).then(|| PackedText(Arc::new(Packed { text, ends })))
    }

    /// The texts run together, and the byte at which each ends.
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.0.text, &self.0.ends)
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.push_with(|all| all.push_str(text));
    }

    /// Adds the text that is written at the end of those before it.
    pub fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        let packed = Arc::make_mut(&mut self.0);
        write(&mut packed.text);
        packed.ends.push(packed.text.len() as u32);
    }

    /// Adds some texts of another at the end.
    pub fn push_all(&mut self, others: &PackedText, range: Range<usize>) {
        let Some(ends) = others.0.ends.get(range.clone()) else { return };
        let start = range.start.checked_sub(1).map_or(0, |before| others.0.ends[before]);
        let end = ends.last().map_or(start, |end| *end);
        let packed = Arc::make_mut(&mut self.0);
        let shift = packed.text.len() as u32;
        packed.text.push_str(&others.0.text[start as usize..end as usize]);
        packed.ends.extend(ends.iter().map(|end| end - start + shift));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.ends.is_empty()
    }

    /// The text at this position.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.0.ends.get(at)? as usize;
        let start = if at == 0 { 0 } else { self.0.ends[at - 1] as usize };
        self.0.text.get(start..end)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<S: AsRef<str>> FromIterator<S> for PackedText {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut packed = PackedText::default();
        texts.into_iter().for_each(|text| packed.push(text.as_ref()));
        packed
    }
}

/// One attribute of a batch, by dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchColumn {
    /// Which attribute.
    pub attribute: Name,
    /// The distinct values.
    pub dictionary: Values,
    /// Row by row: 0 claims nothing, `n` claims `dictionary[n - 1]`.
    pub codes: Vec<u32>,
    /// Where the codes of each row end, as many as there are rows; empty where each row has one code.
    pub ends: Vec<u32>,
}

/// Values as stated, in order. Things of one kind are kept as names run together, as are texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(Form);

#[derive(Clone, Debug, PartialEq)]
enum Form {
    Mixed(Vec<StatedValue>),
    Things(Name, PackedText),
    Texts(PackedText),
}

impl Values {
    /// Things of one kind, by name.
    pub fn things(kind: Name, names: PackedText) -> Values {
        if names.is_empty() { Vec::new().into() } else { Values(Form::Things(kind, names)) }
    }

    /// Texts.
    pub fn texts(texts: PackedText) -> Values {
        if texts.is_empty() { Vec::new().into() } else { Values(Form::Texts(texts)) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Mixed(values) => values.len(),
            Form::Things(_, names) => names.len(),
            Form::Texts(texts) => texts.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at this position.
    pub fn get(&self, at: usize) -> Option<StatedValue> {
        match &self.0 {
            Form::Mixed(values) => values.get(at).cloned(),
            Form::Things(kind, names) => {
                let name = Name::new(names.get(at)?);
                Some(StatedValue::Thing(ThingName { kind: kind.clone(), name }))
            }
            Form::Texts(texts) => texts.get(at).map(|text| StatedValue::Text(text.into())),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = StatedValue> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Their kind and names, if they are things of one kind.
    pub fn as_things(&self) -> Option<(&Name, &PackedText)> {
        match &self.0 {
            Form::Things(kind, names) => Some((kind, names)),
            _ => None,
        }
    }

    /// If they are texts, these.
    pub fn as_texts(&self) -> Option<&PackedText> {
        match &self.0 {
            Form::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    /// The values themselves, if they are neither things of one kind nor texts.
    pub fn as_mixed(&self) -> Option<&[StatedValue]> {
        match &self.0 {
            Form::Mixed(values) => Some(values),
            _ => None,
        }
    }
}

impl From<Vec<StatedValue>> for Values {
    fn from(values: Vec<StatedValue>) -> Self {
        let Some(first) = values.first() else { return Values(Form::Mixed(values)) };
        let name = |value: &StatedValue| match (first, value) {
            (StatedValue::Thing(first), StatedValue::Thing(thing)) if first.kind == thing.kind => {
                Some(thing.name.text())
            }
            (StatedValue::Text(_), StatedValue::Text(text)) => Some(text.clone()),
            _ => None,
        };
        match (first, values.iter().map(name).collect::<Option<PackedText>>()) {
            (StatedValue::Thing(first), Some(names)) => Values(Form::Things(first.kind.clone(), names)),
            (_, Some(texts)) => Values(Form::Texts(texts)),
            (_, None) => Values(Form::Mixed(values)),
        }
    }
}

impl BatchColumn {
    /// Where the codes of a row stand.
    pub fn places(&self, row: usize) -> Range<usize> {
        if self.ends.is_empty() {
            return row..row + 1;
        }
        let end = |row: usize| self.ends.get(row).map_or(self.codes.len(), |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }
}

/// A commit: who, when, and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// 1, 2, 3, ...
    pub number: u32,
    /// Seconds since 1970-01-01T00:00Z, by the clock of who wrote it.
    pub time: i64,
    /// Who wrote it: a user name, as far as the system tells.
    pub author: Text,
    /// Set on the seed's commit alone: the digest of its statements.
    pub seed: Option<Text>,
    /// In order.
    pub operations: Vec<Operation>,
}

impl Commit {
    /// The commit in one line.
    pub fn line(&self) -> CommitLine {
        CommitLine {
            number: self.number,
            time: self.time,
            author: self.author.clone(),
            seed: self.seed.clone(),
            operations: self.operations.len() as u32,
        }
    }
}

/// A commit in one line.
#[derive(Clone, Debug, PartialEq)]
pub struct CommitLine {
    /// 1, 2, 3, ...
    pub number: u32,
    /// Seconds since 1970-01-01T00:00Z.
    pub time: i64,
    /// Who wrote it.
    pub author: Text,
    /// Set on the seed's commit alone: the digest of its statements.
    pub seed: Option<Text>,
    /// How many operations it had.
    pub operations: u32,
}
