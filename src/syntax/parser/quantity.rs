//! Numbers, percentages, years and dates, as they are written.

use super::super::tokens::{Kind, Parsed, Tokens, committed, expected, refuse};
use super::super::tree::{Comparison, Part, Quantity, QuantityForm};
use super::super::words::{date_parts, decade};
use crate::error::Error;

/// A quantity in a fact: `> 700` is one there.
pub(super) fn quantity(input: Tokens<'_>) -> Parsed<'_, Quantity> {
    let comparison = match input.first().text {
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return measure(input),
    };
    let (rest, (number, percent)) = committed(number)(input.advance())?;
    Ok((
        rest,
        Quantity { form: QuantityForm::Bound(comparison, number), percent, span: input.span_until(rest) },
    ))
}

/// A quantity beside an operator: `2000`, `about 2000`, `10..15`, `mid 1990s`, `2005-09-20`.
pub(super) fn measure(input: Tokens<'_>) -> Parsed<'_, Quantity> {
    let (rest, (form, percent)) = if input.at_keyword("about") && input.second().kind == Kind::Number {
        let (rest, (number, percent)) = number(input.advance())?;
        (rest, (QuantityForm::About(number), percent))
    } else if input.first().kind == Kind::Number {
        range(input)?
    } else {
        let (rest, form) = moment(input)?;
        (rest, (form, false))
    };
    Ok((rest, Quantity { form, percent, span: input.span_until(rest) }))
}

/// Whether a [`measure`] begins here, and not a name.
pub(super) fn begins_measure(input: Tokens<'_>) -> bool {
    let first = input.first();
    match first.kind {
        Kind::Number => true,
        Kind::Word if input.is_dotted(0) => false,
        Kind::Word => {
            let second = input.second();
            (first.is_word("about") && second.kind == Kind::Number)
                || (part(first.text).is_some() && second.kind == Kind::Word && decade(second.text).is_some())
                || parted_decade(first.text).is_some()
                || date_parts(first.text).is_some()
        }
        _ => false,
    }
}

/// `2000`, `10..15`
fn range(input: Tokens<'_>) -> Parsed<'_, (QuantityForm, bool)> {
    let (input, (low, percent)) = number(input)?;
    if !input.first().is_symbol("..") {
        return Ok((input, (QuantityForm::Exact(low), percent)));
    }
    let (input, (high, percent_of_high)) = committed(number)(input.advance())?;
    Ok((input, (QuantityForm::Range(low, high), percent || percent_of_high)))
}

/// A number and whether a `%` follows it.
fn number(input: Tokens<'_>) -> Parsed<'_, (String, bool)> {
    let token = input.first();
    if token.kind != Kind::Number {
        return expected("a number", input);
    }
    let rest = input.advance();
    let percent = rest.first().is_symbol("%");
    Ok((if percent { rest.advance() } else { rest }, (token.text.to_string(), percent)))
}

/// A decade or a date.
fn moment(input: Tokens<'_>) -> Parsed<'_, QuantityForm> {
    let (first, second) = (input.first(), input.second());
    if first.kind != Kind::Word {
        return expected("a number, a year or a date", input);
    }
    if let Some((part, decade)) = parted_decade(first.text) {
        return Ok((input.advance(), QuantityForm::Decade(part, decade)));
    }
    if let (Some(part), Some(decade)) = (part(first.text), decade(second.text)) {
        return Ok((input.advance().advance(), QuantityForm::Decade(Some(part), decade)));
    }
    match date_parts(first.text) {
        Some((year, month, day)) if is_day(year, month, day) => {
            Ok((input.advance(), QuantityForm::Date { year, month, day }))
        }
        Some(_) => refuse(Error::syntax(format!("there is no day `{}`", first.text)).at(first.span)),
        None => expected("a number, a year or a date", input),
    }
}

fn part(word: &str) -> Option<Part> {
    match word.to_ascii_lowercase().as_str() {
        "early" => Some(Part::Early),
        "mid" => Some(Part::Mid),
        "late" => Some(Part::Late),
        _ => None,
    }
}

/// `1990s`, `mid-1990s`
fn parted_decade(word: &str) -> Option<(Option<Part>, u16)> {
    match word.split_once('-') {
        None => Some((None, decade(word)?)),
        Some((before, after)) => Some((Some(part(before)?), decade(after)?)),
    }
}

fn is_day(year: u16, month: u8, day: u8) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}
