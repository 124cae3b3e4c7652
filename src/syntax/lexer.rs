//! Text to tokens. What is wrong with a single character, string or bracket is found here.

use super::MAX_NESTING;
use super::splitter::{closing_quote, is_blank};
use super::tokens::{Kind, Token, too_deep, within_name};
use super::words::{continues_word, is_digits, word_length};
use crate::error::{Error, Result};
use crate::report::Span;
use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_till, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{opt, recognize, value, verify};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

/// The tokens of one statement. `offset` is where `statement` stands in the text that spans refer to.
pub(super) fn tokens(statement: &str, offset: usize) -> Result<Vec<Token<'_>>> {
    let mut lexer = Lexer { tokens: Vec::new(), open: Vec::new(), begins_line: true };
    let mut rest = statement;
    while !rest.is_empty() {
        let at = offset + statement.len() - rest.len();
        rest = lexer.next(rest, at)?;
    }
    match lexer.open.last() {
        Some(&opening) => Err(lexer.never_closed(opening)),
        None => Ok(lexer.tokens),
    }
}

struct Lexer<'a> {
    tokens: Vec<Token<'a>>,
    /// Which tokens are brackets still open.
    open: Vec<usize>,
    begins_line: bool,
}

impl<'a> Lexer<'a> {
    /// Takes what stands at the beginning of `rest`, which is `at` in the text; gives what is left.
    fn next(&mut self, rest: &'a str, at: usize) -> Result<&'a str> {
        if let Ok((left, line_ended)) = separator(rest) {
            self.begins_line |= line_ended;
            return Ok(left);
        }
        let Ok((left, (kind, text))) = token(rest) else {
            return Err(unreadable(rest, at));
        };
        let span = Span::new(at, at + text.len());
        self.push(Token { kind, text, span, begins_line: self.begins_line })?;
        self.begins_line = false;
        Ok(left)
    }

    fn push(&mut self, token: Token<'a>) -> Result<()> {
        match token.kind {
            Kind::Word | Kind::Number | Kind::Parameter => within_name(token.text, token.span)?,
            Kind::Opening(_) => {
                if self.open.len() >= MAX_NESTING {
                    return Err(too_deep(token.span));
                }
                self.open.push(self.tokens.len());
            }
            Kind::Closing => self.close(token)?,
            Kind::Text => check_string(token.text, token.span)?,
            Kind::Symbol | Kind::End => {}
        }
        self.tokens.push(token);
        Ok(())
    }

    fn close(&mut self, closing: Token<'a>) -> Result<()> {
        let Some(opening) = self.open.pop() else {
            return Err(Error::syntax(format!("nothing is open that `{}` could close", closing.text))
                .at(closing.span));
        };
        let partner = partner(self.tokens[opening].text);
        if closing.text != partner {
            let open = self.tokens[opening].text;
            return Err(Error::syntax(format!("`{open}` is closed by `{}`", closing.text))
                .at(closing.span)
                .label(format!("expected `{partner}`"))
                .suggest(closing.span, partner));
        }
        self.tokens[opening].kind = Kind::Opening(self.tokens.len() - opening);
        Ok(())
    }

    fn never_closed(&self, opening: usize) -> Error {
        let token = self.tokens[opening];
        Error::syntax(format!("`{}` is never closed", token.text))
            .at(token.span)
            .label(format!("expected a `{}` for this", partner(token.text)))
    }
}

fn partner(opening: &str) -> &'static str {
    match opening {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// Blanks, a comment or a line's `\`; gives whether a line ended.
fn separator(text: &str) -> IResult<&str, bool> {
    alt((
        value(false, continuation),
        take_while1(is_blank).map(|blanks: &str| blanks.contains('\n')),
        value(false, comment),
    ))
    .parse(text)
}

fn comment(text: &str) -> IResult<&str, &str> {
    preceded(char('#'), take_till(|character| character == '\n')).parse(text)
}

/// A `\` with nothing but blanks behind it on its line, and the end of that line.
fn continuation(text: &str) -> IResult<&str, &str> {
    let same_line = take_till(|character| character == '\n' || !is_blank(character));
    preceded(char('\\'), terminated(same_line, char('\n'))).parse(text)
}

fn token(text: &str) -> IResult<&str, (Kind, &str)> {
    alt((
        number.map(|text| (Kind::Number, text)),
        verify(word, |text: &str| !is_digits(text)).map(|text| (Kind::Word, text)),
        string.map(|text| (Kind::Text, text)),
        parameter.map(|text| (Kind::Parameter, text)),
        tag("..").map(|text| (Kind::Symbol, text)),
        alt((tag("!="), tag("<="), tag(">="))).map(|text| (Kind::Symbol, text)),
        alt((tag("("), tag("["), tag("{"))).map(|text| (Kind::Opening(0), text)),
        alt((tag(")"), tag("]"), tag("}"))).map(|text| (Kind::Closing, text)),
        verify(take(1usize), |text: &str| ".:,;=<>+-*/%".contains(text)).map(|text| (Kind::Symbol, text)),
    ))
    .parse(text)
}

/// `2000`, `-3`, `16.1`; but `2005-09-20` and `1990s` are words.
fn number(text: &str) -> IResult<&str, &str> {
    let unsigned = verify(word, is_digits);
    let decimals = opt(pair(char('.'), digit1));
    let (left, number) = recognize((opt(char('-')), unsigned, decimals)).parse(text)?;
    // Letters glued to decimals (`1.5m`) would otherwise be read as the next word.
    match word_length(left) {
        0 => Ok((left, number)),
        _ => Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Digit))),
    }
}

fn word(text: &str) -> IResult<&str, &str> {
    take(match word_length(text) {
        0 => return Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Alpha))),
        length => text[..length].chars().count(),
    })
    .parse(text)
}

fn string(text: &str) -> IResult<&str, &str> {
    let closes = text.starts_with('"').then(|| closing_quote(text)).flatten();
    match closes {
        Some(at) => Ok((&text[at + 1..], &text[..=at])),
        None => Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Char))),
    }
}

fn parameter(text: &str) -> IResult<&str, &str> {
    recognize(preceded(char('$'), word)).parse(text)
}

/// The error for what no token begins with.
fn unreadable(rest: &str, at: usize) -> Error {
    let first = rest.chars().next().unwrap_or(' ');
    let here = Span::new(at, at + first.len_utf8());
    let unexpected = || Error::syntax(format!("`{first}` has no meaning here")).at(here);
    match first {
        '"' => {
            let line = rest.lines().next().unwrap_or(rest).trim_end().len();
            Error::syntax("this string is not closed")
                .at(Span::new(at, at + line.max(1)))
                .label("expected a `\"` before the end of the line")
                .note("a string ends on the line on which it begins; `\\n` in it stands for a new line")
        }
        control if control.is_control() => {
            let code = u32::from(control);
            Error::syntax(format!("the control character U+{code:04X} cannot stand here")).at(here)
        }
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' => unexpected().suggest(here, "\""),
        '!' => unexpected().suggest(here, "!="),
        '≠' => unexpected().suggest(here, "!="),
        '≤' => unexpected().suggest(here, "<="),
        '≥' => unexpected().suggest(here, ">="),
        '–' | '−' | '—' => unexpected().suggest(here, "-"),
        '$' => unexpected().label("expected the name of a parameter behind it"),
        '\\' => unexpected().note("a `\\` at the end of a line continues the statement on the next"),
        digit if digit.is_ascii_digit() => glued_number(rest, at),
        _ => unexpected(),
    }
}

/// `1.5m`: a number with letters glued to it.
fn glued_number(rest: &str, at: usize) -> Error {
    let glued = |character: char| character == '.' || continues_word(character);
    let length = rest.find(|character| !glued(character)).unwrap_or(rest.len());
    Error::syntax("this is neither a number nor a name")
        .at(Span::new(at, at + length))
        .note("a name that holds a dot stands in quotes; a unit belongs to the attribute")
}

/// Refuses an escape or a control character that a string cannot hold; `string` has its quotes.
fn check_string(string: &str, span: Span) -> Result<()> {
    let mut at = 0;
    while let Some(character) = string[at..].chars().next() {
        let here = span.start + at;
        if character == '\\' {
            let (_, length) = escape(&string[at..]).ok_or_else(|| unknown_escape(here))?;
            at += length;
        } else if character.is_control() && character != '\t' {
            return Err(unreadable(&string[at..], here));
        } else {
            at += character.len_utf8();
        }
    }
    Ok(())
}

fn unknown_escape(at: usize) -> Error {
    Error::syntax("a string knows no such escape")
        .at(Span::new(at, at + 2))
        .note("it knows `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{..}` with a character's number in hexadecimal")
}

/// What a string says, without quotes and escapes; `string` has passed [`check_string`].
pub(super) fn unescaped(string: &str) -> String {
    let inner = string.get(1..string.len().saturating_sub(1)).unwrap_or_default();
    let mut plain = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(character) = rest.chars().next() {
        let (character, length) = escape(rest).unwrap_or((character, character.len_utf8()));
        plain.push(character);
        rest = &rest[length..];
    }
    plain
}

/// The character that the escape at the beginning of `text` stands for, and the length of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let escaped = text.strip_prefix('\\')?;
    match escaped.chars().next()? {
        'n' => Some(('\n', 2)),
        't' => Some(('\t', 2)),
        itself @ ('"' | '\\') => Some((itself, 2)),
        'u' => {
            let (digits, _) = escaped.strip_prefix("u{")?.split_once('}')?;
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            Some((character, digits.len() + 4))
        }
        _ => None,
    }
}
