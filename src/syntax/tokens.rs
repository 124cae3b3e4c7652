//! Tokens, and the small parsers over them from which the productions are made.

use super::words::{CONNECTING_WORDS, is_one_of};
use super::{MAX_NAME, MAX_NESTING};
use crate::error::{Error, ErrorKind};
use crate::report::Span;
use crate::syntax::tree::{Quoted, Root, Word};
use nom::{IResult, Input, Needed, Parser};
use std::iter::{Copied, Enumerate};
use std::slice::Iter;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word.
    Word,
    /// Digits, with a sign or a decimal point perhaps.
    Number,
    /// A string, in its quotes and with its escapes.
    Text,
    /// `$name`
    Parameter,
    Symbol,
    /// A bracket that opens, and how many tokens further its partner stands.
    Opening(usize),
    Closing,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    /// As typed.
    pub text: &'a str,
    pub span: Span,
    /// Whether it is the first on its line.
    pub begins_line: bool,
}

impl Token<'_> {
    pub fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.kind, Kind::Symbol | Kind::Opening(_) | Kind::Closing) && self.text == symbol
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_comparison(&self) -> bool {
        self.kind == Kind::Symbol && matches!(self.text, "=" | "!=" | "<" | "<=" | ">" | ">=")
    }

    pub fn is_arithmetic(&self) -> bool {
        self.kind == Kind::Symbol && matches!(self.text, "+" | "-" | "*" | "/")
    }
}

/// What is left of a statement's tokens. The last token is always the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a [Token<'a>],
    /// Where the token before the first of `rest` ends.
    previous_end: usize,
    end: Token<'a>,
    /// How deep the production at hand stands in others.
    nesting: usize,
}

impl<'a> Tokens<'a> {
    /// All tokens of a statement; `end` is the place behind its last character.
    pub fn new(rest: &'a [Token<'a>], end: usize) -> Self {
        let end = Token { kind: Kind::End, text: "", span: Span::new(end, end), begins_line: false };
        Tokens { rest, previous_end: 0, end, nesting: 0 }
    }

    /// The token that comes after `count` others.
    pub fn nth(&self, count: usize) -> Token<'a> {
        self.rest.get(count).copied().unwrap_or(self.end)
    }

    pub fn first(&self) -> Token<'a> {
        self.nth(0)
    }

    pub fn second(&self) -> Token<'a> {
        self.nth(1)
    }

    /// What stands behind the bracket that closes the one at hand.
    pub fn after_brackets(&self) -> Option<Self> {
        match self.first().kind {
            Kind::Opening(distance) => Some(self.take_from((distance + 1).min(self.rest.len()))),
            _ => None,
        }
    }

    /// Whether a dot follows the `count`th token without a blank between: then that token is a name,
    /// whatever word it is.
    pub fn is_dotted(&self, count: usize) -> bool {
        let dot = self.nth(count + 1);
        dot.is_symbol(".") && dot.span.start == self.nth(count).span.end
    }

    /// Whether the keyword stands here: bare, and not the first step of a path.
    pub fn at_keyword(&self, word: &str) -> bool {
        self.first().is_word(word) && !self.is_dotted(0)
    }

    /// Where the token before the first one ends.
    pub fn previous_end(&self) -> usize {
        self.previous_end
    }

    /// The place of what was read between here and `after`.
    pub fn span_until(&self, after: Tokens<'_>) -> Span {
        let read = self.rest.len().saturating_sub(after.rest.len());
        self.first().span.to(self.nth(read.saturating_sub(1)).span)
    }

    /// What is left, less the first token.
    pub fn advance(&self) -> Self {
        self.take_from(1.min(self.rest.len()))
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Token<'a>;
    type Iter = Copied<Iter<'a, Token<'a>>>;
    type IterIndices = Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.rest.len()
    }

    fn take(&self, index: usize) -> Self {
        Tokens { rest: &self.rest[..index], ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        let previous_end = match index {
            0 => self.previous_end,
            _ => self.nth(index - 1).span.end,
        };
        Tokens { rest: &self.rest[index..], previous_end, ..*self }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Self::Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.rest.iter().position(|token| predicate(*token))
    }

    fn iter_elements(&self) -> Self::Iter {
        self.rest.iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.rest.len() { Ok(count) } else { Err(Needed::new(count - self.rest.len())) }
    }
}

/// Why a parser did not succeed. Cheap to make, since `opt` and `many` throw most of them away.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// Something else was expected where the token at `span` stands. Words in backticks are those that
    /// a misspelled one is compared with.
    Expected {
        what: &'static str,
        span: Span,
    },
    Said(Box<Error>),
}

impl<'a> nom::error::ParseError<Tokens<'a>> for Refusal {
    fn from_error_kind(input: Tokens<'a>, _: nom::error::ErrorKind) -> Self {
        Refusal::Expected { what: "something else", span: input.first().span }
    }

    fn append(_: Tokens<'a>, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Said(Box::new(error))
    }
}

pub(super) type Parsed<'a, T> = IResult<Tokens<'a>, T, Refusal>;

/// Refuses for good, with an error that is already worded.
pub(super) fn refuse<T>(error: Error) -> Result<T, nom::Err<Refusal>> {
    Err(nom::Err::Failure(error.into()))
}

/// Fails, leaving it to others to try, because `what` does not stand here.
pub(super) fn expected<'a, T>(what: &'static str, input: Tokens<'a>) -> Parsed<'a, T> {
    Err(nom::Err::Error(Refusal::Expected { what, span: input.first().span }))
}

/// Runs `parser` one level deeper; refuses beyond [`MAX_NESTING`].
pub(super) fn nested<'a, T>(
    parser: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, T> {
    move |input| {
        within_nesting(input.nesting + 1, input.first().span)?;
        let (rest, tree) = parser(Tokens { nesting: input.nesting + 1, ..input })?;
        Ok((Tokens { nesting: input.nesting, ..rest }, tree))
    }
}

/// Refuses a depth beyond [`MAX_NESTING`].
pub(super) fn within_nesting(depth: usize, span: Span) -> Result<(), nom::Err<Refusal>> {
    if depth <= MAX_NESTING { Ok(()) } else { refuse(too_deep(span)) }
}

pub(super) fn too_deep(span: Span) -> Error {
    Error::new(ErrorKind::Limit, format!("this is nested more than {MAX_NESTING} deep"))
        .at(span)
        .label("one level too many")
}

/// The keyword, without regard to case.
pub(super) fn keyword<'a>(word: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token<'a>> {
    phrase(word, word)
}

/// The keyword; `what` is what is said to be expected where it is missing.
pub(super) fn phrase<'a>(
    word: &'static str,
    what: &'static str,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token<'a>> {
    move |input| {
        if input.at_keyword(word) { Ok((input.advance(), input.first())) } else { expected(what, input) }
    }
}

/// The symbol or bracket; `what` is what is said to be expected where it is missing.
pub(super) fn symbol<'a>(
    symbol: &'static str,
    what: &'static str,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, Token<'a>> {
    move |input| {
        if input.first().is_symbol(symbol) {
            Ok((input.advance(), input.first()))
        } else {
            expected(what, input)
        }
    }
}

/// A bare word, whatever it is.
pub(super) fn word<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Word> {
    move |input| {
        let token = input.first();
        if token.kind != Kind::Word {
            return expected(what, input);
        }
        Ok((input.advance(), Word { text: token.text.to_string(), quoted: false, span: token.span }))
    }
}

/// A bare word, or a name in quotes.
pub(super) fn name<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Word> {
    move |input| {
        if input.first().kind != Kind::Text {
            return word(what)(input);
        }
        let (rest, Quoted { text, span }) = text(what)(input)?;
        if text.trim().is_empty() {
            return refuse(Error::syntax("a name cannot be empty").at(span));
        }
        Ok((rest, Word { text, quoted: true, span }))
    }
}

/// A [`name`] of something that is declared here, so no longer than [`MAX_NAME`].
pub(super) fn new_name<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Word> {
    move |input| {
        let (rest, word) = name(what)(input)?;
        within_name(&word.text, word.span).or_else(refuse)?;
        Ok((rest, word))
    }
}

/// Refuses what is longer than [`MAX_NAME`].
pub(super) fn within_name(text: &str, span: Span) -> Result<(), Error> {
    if text.len() <= MAX_NAME || text.chars().count() <= MAX_NAME {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Limit, format!("a name or number has at most {MAX_NAME} characters")).at(span))
}

/// A name that may be the second of a pair (`cluster penang`): in quotes, followed by a dot, or none of
/// the connecting words.
pub(super) fn second_name(input: Tokens<'_>) -> Parsed<'_, Word> {
    let token = input.first();
    let connects = token.kind == Kind::Word && is_one_of(token.text, CONNECTING_WORDS);
    if connects && !input.is_dotted(0) { expected("a name", input) } else { name("a name")(input) }
}

/// A string in double quotes, unescaped.
pub(super) fn text<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Quoted> {
    move |input| {
        let token = input.first();
        if token.kind != Kind::Text {
            return expected(what, input);
        }
        Ok((input.advance(), Quoted { text: super::lexer::unescaped(token.text), span: token.span }))
    }
}

/// `$name`, without the `$`.
pub(super) fn parameter(input: Tokens<'_>) -> Parsed<'_, Word> {
    let token = input.first();
    match token.text.strip_prefix('$') {
        Some(name) if token.kind == Kind::Parameter => {
            let span = Span::new(token.span.start + 1, token.span.end);
            Ok((input.advance(), Word { text: name.to_string(), quoted: false, span }))
        }
        _ => expected("a parameter", input),
    }
}

/// A name or a parameter.
pub(super) fn root<'a>(what: &'static str) -> impl Fn(Tokens<'a>) -> Parsed<'a, Root> {
    move |input| {
        if input.first().kind == Kind::Parameter {
            return parameter.map(Root::Parameter).parse(input);
        }
        name(what).map(Root::Word).parse(input)
    }
}

/// One or more, with commas between.
pub(super) fn list<'a, T>(
    item: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, Vec<T>> {
    move |input| {
        let (mut rest, first) = item(input)?;
        let mut items = vec![first];
        while rest.first().is_symbol(",") {
            let (after, next) = committed(&item)(rest.advance())?;
            items.push(next);
            rest = after;
        }
        Ok((rest, items))
    }
}

/// `item`, and no going back: what is missing now is an error.
pub(super) fn committed<'a, T>(
    item: impl Fn(Tokens<'a>) -> Parsed<'a, T>,
) -> impl Fn(Tokens<'a>) -> Parsed<'a, T> {
    move |input| nom::combinator::cut(&item).parse(input)
}
