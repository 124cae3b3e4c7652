//! Numbers, percentages, years, decades and dates: from digits to intervals.

use crate::error::{Error, Result};
use crate::model::{Number, Period, Text, Type};
use crate::report::Span;
use crate::syntax::tree::{Comparison, Part, Quantity, QuantityForm};
use jiff::civil;
use rust_decimal::Decimal;

/// The number that a quantity is as a value of this type, which is numeric.
pub(super) fn number(quantity: &Quantity, value_type: &Type) -> Result<Number> {
    if quantity.percent && *value_type != Type::Percent {
        return Err(Error::of_type("`%` belongs to percentages").at(quantity.span).note(format!(
            "this is {}; its unit, if any, is declared with the attribute",
            described(value_type)
        )));
    }
    match value_type {
        Type::Year => year_number(quantity),
        Type::Date => date_number(quantity),
        _ => plain_number(quantity, value_type),
    }
}

/// A numeric type in words.
pub(super) fn described(value_type: &Type) -> &'static str {
    match value_type {
        Type::Percent => "a percentage",
        Type::Year => "a year",
        Type::Date => "a date",
        Type::Number { .. } => "a number",
        Type::YesNo => "yes or no",
        Type::OneOf(_) | Type::Scale(_) => "one of a few names",
        Type::Thing(_) | Type::AnyThing => "a reference to a thing",
        Type::Text => "a text",
    }
}

fn plain_number(quantity: &Quantity, value_type: &Type) -> Result<Number> {
    form_number(quantity, &|digits| decimal(digits, quantity.span), value_type)
}

/// The forms that all numbers share, over what reads the digits.
fn form_number(
    quantity: &Quantity,
    read: &dyn Fn(&str) -> Result<Decimal>,
    value_type: &Type,
) -> Result<Number> {
    match &quantity.form {
        QuantityForm::Exact(digits) => Ok(Number::exactly(read(digits)?)),
        QuantityForm::About(digits) => Ok(Number::about(read(digits)?)),
        QuantityForm::Range(low, high) => Ok(Number::between(read(low)?, read(high)?)),
        QuantityForm::Bound(comparison, digits) => {
            let value = read(digits)?;
            bound(*comparison, value, value).ok_or_else(|| no_bound(quantity))
        }
        QuantityForm::Decade(..) | QuantityForm::Date { .. } => Err(unfit(quantity, value_type)),
    }
}

/// The numbers that a bound leaves, of something that reaches from `low` to `high` itself.
fn bound(comparison: Comparison, low: Decimal, high: Decimal) -> Option<Number> {
    match comparison {
        Comparison::Less => Some(Number::below(low, true)),
        Comparison::LessOrEqual => Some(Number::below(high, false)),
        Comparison::Greater => Some(Number::above(high, true)),
        Comparison::GreaterOrEqual => Some(Number::above(low, false)),
        Comparison::Equal => Some(Number::between(low, high)),
        Comparison::NotEqual => None,
    }
}

fn year_number(quantity: &Quantity) -> Result<Number> {
    if let QuantityForm::Decade(part, decade) = quantity.form {
        let (first, last) = decade_years(part, decade);
        return Ok(Number::between(first.into(), last.into()).in_words(&quantity.to_string()));
    }
    if let QuantityForm::About(digits) = &quantity.form {
        return Err(no_about(quantity, digits));
    }
    form_number(quantity, &|digits| year(digits, quantity.span).map(Decimal::from), &Type::Year)
}

/// Days since 1970-01-01, in the words typed.
fn date_number(quantity: &Quantity) -> Result<Number> {
    if let QuantityForm::Bound(comparison, digits) = &quantity.form {
        let (first, last) = year_days(year(digits, quantity.span)?, quantity.span)?;
        let number = bound(*comparison, first.into(), last.into()).ok_or_else(|| no_bound(quantity))?;
        return Ok(number.in_words(&quantity.to_string()));
    }
    if let QuantityForm::About(digits) = &quantity.form {
        return Err(no_about(quantity, digits));
    }
    let (first, last) = days(quantity).ok_or_else(|| unfit(quantity, &Type::Date))??;
    Ok(Number::between(first.into(), last.into()).in_words(&quantity.to_string()))
}

/// The time that a quantity names: a year, years, a decade, a date.
pub(super) fn period(quantity: &Quantity) -> Result<Period> {
    let refused = || {
        Error::of_type(format!("`{quantity}` is not a time"))
            .at(quantity.span)
            .note("a time is a year (`1995`), years (`1994..1996`), a decade (`1990s`, `mid 1990s`) or a date (`2005-09-20`)")
    };
    if quantity.percent {
        return Err(refused());
    }
    let (first, last) = days(quantity).ok_or_else(refused)??;
    Ok(Period { first, last, text: Text::from(quantity.to_string()) })
}

/// First and last day of a year, years, a decade or a date; `None` for what is none of them.
fn days(quantity: &Quantity) -> Option<Result<(i32, i32)>> {
    let span = quantity.span;
    let years = |first: Result<u16>, last: Result<u16>| {
        let (a, b) = (first?, last?);
        Ok((year_days(a.min(b), span)?.0, year_days(a.max(b), span)?.1))
    };
    match &quantity.form {
        QuantityForm::Exact(digits) => Some(years(year(digits, span), year(digits, span))),
        QuantityForm::Range(low, high) => Some(years(year(low, span), year(high, span))),
        QuantityForm::Decade(part, decade) => {
            let (first, last) = decade_years(*part, *decade);
            Some(years(Ok(first), Ok(last)))
        }
        QuantityForm::Date { year, month, day } => {
            Some(date_day(*year, *month, *day, span).map(|day| (day, day)))
        }
        QuantityForm::About(_) | QuantityForm::Bound(..) => None,
    }
}

/// First and last year of a decade or a part of it.
fn decade_years(part: Option<Part>, decade: u16) -> (u16, u16) {
    let (first, last) = match part {
        None => (0, 9),
        Some(Part::Early) => (0, 3),
        Some(Part::Mid) => (4, 6),
        Some(Part::Late) => (7, 9),
    };
    (decade.saturating_add(first), decade.saturating_add(last))
}

fn year_days(year: u16, span: Span) -> Result<(i32, i32)> {
    Ok((date_day(year, 1, 1, span)?, date_day(year, 12, 31, span)?))
}

/// Days from 1970-01-01 to this day.
fn date_day(year: u16, month: u8, day: u8, span: Span) -> Result<i32> {
    let refused = || Error::of_type(format!("there is no day {year:04}-{month:02}-{day:02}")).at(span);
    let narrow = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(y), Ok(m), Ok(d)) = narrow else { return Err(refused()) };
    let date = civil::Date::new(y, m, d).map_err(|_| refused())?;
    days_since_epoch(date).ok_or_else(refused)
}

fn days_since_epoch(date: civil::Date) -> Option<i32> {
    let span = date.since(civil::date(1970, 1, 1)).ok()?;
    Some(span.get_days())
}

/// A day written `2005-09-20` in a text, as days since 1970-01-01.
pub(super) fn day_of_text(text: &str) -> Option<i32> {
    days_since_epoch(text.parse::<civil::Date>().ok()?)
}

/// A year of four digits.
fn year(digits: &str, span: Span) -> Result<u16> {
    let four = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| four).ok_or_else(|| {
        Error::of_type(format!("`{digits}` is not a year")).at(span).note("a year has four digits: `1995`")
    })
}

fn decimal(digits: &str, span: Span) -> Result<Decimal> {
    Decimal::from_str_exact(digits).map_err(|_| {
        Error::of_type(format!("`{digits}` has too many digits"))
            .at(span)
            .note("numbers are exact decimals of at most 28 digits")
    })
}

fn unfit(quantity: &Quantity, value_type: &Type) -> Error {
    let error = Error::of_type(format!("`{quantity}` is not {}", described(value_type))).at(quantity.span);
    match (&quantity.form, value_type) {
        (QuantityForm::Date { year, .. }, Type::Year) => error.suggest(quantity.span, format!("{year:04}")),
        _ => error,
    }
}

/// `about` is ten per cent either way, which of a year is two centuries.
fn no_about(quantity: &Quantity, digits: &str) -> Error {
    let error = Error::of_type("`about` is ten per cent either way, which means nothing for a year")
        .at(quantity.span);
    match year(digits, quantity.span) {
        Ok(year) => {
            let (decade, low, high) = (year / 10 * 10, year.saturating_sub(2), year.saturating_add(2));
            let part = match year % 10 {
                0..=3 => "early",
                4..=6 => "mid",
                _ => "late",
            };
            error.note(format!("say between which years: `{low:04}..{high:04}`, `{part} {decade:04}s`"))
        }
        Err(no_year) => no_year,
    }
}

fn no_bound(quantity: &Quantity) -> Error {
    Error::of_type(format!("`{quantity}` is not a number")).at(quantity.span)
}

/// The end of a stretch of time that `<=` and `>=` look at: `founded <= 1990s` takes in all of 1999.
pub(super) fn up_to_its_end(number: Number, quantity: &Quantity, comparison: Comparison) -> Number {
    if matches!(quantity.form, QuantityForm::About(_) | QuantityForm::Bound(..)) {
        return number;
    }
    let end = match comparison {
        Comparison::LessOrEqual => number.high(),
        Comparison::GreaterOrEqual => number.low(),
        _ => None,
    };
    match end {
        Some(end) => Number::exactly(end.value).in_words(&number.to_string()),
        None => number,
    }
}
