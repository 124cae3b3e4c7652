//! Changes made by a program: claims and statements that are committed together.

use super::{Casebook, Changed};
use crate::error::{Error, Result};
use crate::resolve::Parameter;
use crate::syntax;
use crate::syntax::tree::{
    Assertion, Block, Citation, Entry, Evidence, Quantity, QuantityForm, Quoted, Root, Span, StatedValue,
    Statement, Subject, Word,
};

/// A change on its way: nothing is stored before [`Change::commit`], and then all of it or nothing.
///
/// ```
/// # let book = casebook::Casebook::in_memory();
/// # book.run("kind cluster")?;
/// # book.run("attribute human_capital of cluster: scale weak < adequate < strong")?;
/// let mut change = book.change();
/// change.thing("source", "techakanont_2004", "Inter-firm technology transfer");
/// change.thing("cluster", "thai_automotive", "Thailand's automobile clusters");
/// change.claim("thai_automotive", "human_capital", "weak").cite("techakanont_2004", "p. 151").hedged();
/// assert_eq!(change.commit()?.summary, "commit 3: 2 things, 1 claim");
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a change does nothing before it is committed"]
pub struct Change {
    book: Casebook,
    statements: Vec<Statement>,
    /// The first thing that was wrong; said by `commit`.
    wrong: Option<Error>,
}

/// The claim that was added last, to be qualified.
#[derive(Debug)]
pub struct ClaimDraft<'a> {
    change: &'a mut Change,
    /// Where in the change's statements it stands; `None` if it was refused.
    at: Option<usize>,
}

impl Change {
    pub(super) fn new(book: Casebook) -> Self {
        Change { book, statements: Vec::new(), wrong: None }
    }

    /// Adds a thing, or gives the one that is there this title.
    pub fn thing(&mut self, kind: &str, name: &str, title: &str) -> &mut Self {
        let title = Some(Quoted { text: title.to_string(), span: Span::default() });
        let block = Block { kind: word(kind), name: word(name), title, entries: Vec::new() };
        self.statements.push(Statement::Block(block));
        self
    }

    /// Claims `attribute = value` of a thing. A text is read as a value of the attribute's type: a name, a
    /// number with its words (`about 2000`), yes or no.
    pub fn claim(&mut self, thing: &str, attribute: &str, value: impl Into<Parameter>) -> ClaimDraft<'_> {
        self.state(thing, attribute, value.into(), false)
    }

    /// Claims that `attribute` of a thing is not `value`.
    pub fn deny(&mut self, thing: &str, attribute: &str, value: impl Into<Parameter>) -> ClaimDraft<'_> {
        self.state(thing, attribute, value.into(), true)
    }

    /// Adds a statement of the language.
    pub fn statement(&mut self, text: &str) -> &mut Self {
        match syntax::parse(text) {
            Ok(statement) => self.statements.push(statement),
            Err(error) => self.refuse(error.in_text(text, "", 1)),
        }
        self
    }

    /// Commits; the change is durable when this returns.
    ///
    /// # Errors
    /// If any part of the change is refused: then nothing of it is stored.
    pub fn commit(self) -> Result<Changed> {
        match self.wrong {
            Some(error) => Err(error),
            None => self.book.shared.run_together(&self.statements, None),
        }
    }

    fn refuse(&mut self, error: Error) {
        self.wrong.get_or_insert(error);
    }

    fn state(&mut self, thing: &str, attribute: &str, value: Parameter, denied: bool) -> ClaimDraft<'_> {
        let value = match value {
            Parameter::Text(text) => text_value(&text),
            Parameter::Number(number) => StatedValue::Quantity(exactly(number.to_string())),
            Parameter::YesNo(yes) => StatedValue::Word(word(if yes { "yes" } else { "no" })),
        };
        let name = Root::Word(word(thing));
        let entry = Entry {
            attribute: word(attribute),
            denied,
            values: vec![value],
            note: None,
            evidence: Evidence::default(),
            span: Span::default(),
        };
        let subject = Subject { kind: None, name, span: Span::default() };
        self.statements.push(Statement::Assert(Assertion { subject, entry }));
        let at = Some(self.statements.len() - 1);
        ClaimDraft { change: self, at }
    }
}

impl ClaimDraft<'_> {
    /// Adds a citation; an empty locator cites the whole source.
    pub fn cite(self, source: &str, locator: &str) -> Self {
        self.add_citation(source, None, locator)
    }

    /// Adds a second-hand citation: `source` as quoted in `via`, where `locator` is the place.
    pub fn cite_via(self, source: &str, via: &str, locator: &str) -> Self {
        self.add_citation(source, Some(via), locator)
    }

    /// The source says it with reserve.
    pub fn hedged(mut self) -> Self {
        if let Some(entry) = self.entry() {
            entry.evidence.hedged = true;
        }
        self
    }

    /// When it was observed: `1995`, `mid 1990s`, `2005-09-20`.
    pub fn observed(self, time: &str) -> Self {
        self.qualify(time, |evidence, time| evidence.observed = Some(time))
    }

    /// Since when it has held.
    pub fn since(self, time: &str) -> Self {
        self.qualify(time, |evidence, time| evidence.since = Some(time))
    }

    /// Until when it held.
    pub fn until(self, time: &str) -> Self {
        self.qualify(time, |evidence, time| evidence.until = Some(time))
    }

    /// A note, in own words.
    pub fn note(mut self, note: &str) -> Self {
        if let Some(entry) = self.entry() {
            entry.note = Some(Quoted { text: note.to_string(), span: Span::default() });
        }
        self
    }

    fn add_citation(mut self, source: &str, via: Option<&str>, locator: &str) -> Self {
        let locator = Some(locator).filter(|locator| !locator.is_empty());
        let locator = locator.map(|text| Quoted { text: text.to_string(), span: Span::default() });
        if let Some(entry) = self.entry() {
            entry.evidence.citations.push(Citation { source: word(source), via: via.map(word), locator });
        }
        self
    }

    fn qualify(mut self, time: &str, set: impl FnOnce(&mut Evidence, Quantity)) -> Self {
        match read_value(time) {
            Some(StatedValue::Quantity(quantity)) => {
                if let Some(entry) = self.entry() {
                    set(&mut entry.evidence, quantity);
                }
            }
            _ => self.change.refuse(
                Error::of_type(format!("`{time}` is not a time"))
                    .note("write `1995`, `mid 1990s` or `2005-09-20`"),
            ),
        }
        self
    }

    fn entry(&mut self) -> Option<&mut Entry> {
        match self.change.statements.get_mut(self.at?) {
            Some(Statement::Assert(assertion)) => Some(&mut assertion.entry),
            _ => None,
        }
    }
}

fn word(text: &str) -> Word {
    Word { text: text.to_string(), quoted: true, span: Span::default() }
}

fn exactly(digits: String) -> Quantity {
    Quantity { form: QuantityForm::Exact(digits), percent: false, span: Span::default() }
}

/// A text as a value: what reads as a number with its words is one, everything else is a quoted word.
fn text_value(text: &str) -> StatedValue {
    match read_value(text) {
        Some(StatedValue::Quantity(quantity)) => StatedValue::Quantity(quantity),
        _ => StatedValue::Word(word(text)),
    }
}

/// The value that a text is, if it is one and nothing else.
fn read_value(text: &str) -> Option<StatedValue> {
    let Ok(Statement::Assert(assertion)) = syntax::parse(&format!("assert a.b = {text}")) else {
        return None;
    };
    let Entry { values, note, evidence, .. } = assertion.entry;
    let [value] = <[StatedValue; 1]>::try_from(values).ok()?;
    (note.is_none() && evidence == Evidence::default()).then_some(value)
}
