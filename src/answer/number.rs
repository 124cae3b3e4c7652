//! Numbers out of what serde has read: the way back from `serialise`.

use crate::model::{End, Number};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// The name under which a number asks for itself, so that an answer can hand it over whole.
pub(super) const NUMBER: &str = "casebook::Number";

impl<'de> Deserialize<'de> for Number {
    /// From a number, its digits as a string, or the map `{low, high, text}`.
    ///
    /// ```
    /// use casebook::Number;
    /// let number: Number = serde_json::from_str(r#"{"low": 700, "high": null, "text": "> 700"}"#)?;
    /// assert_eq!(number, Number::above(700.into(), true));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        deserializer.deserialize_newtype_struct(NUMBER, NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or an interval {low, high, text}")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Number, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        Ok(Number::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
        Ok(Number::exactly(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<Number, E> {
        let value = digits.parse::<Decimal>().or_else(|_| Decimal::from_scientific(digits));
        value.map(Number::exactly).map_err(|_| E::custom(format!("`{digits}` is not a number")))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
        let mut parts = Parts::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "low" => parts.low = end(map.next_value()?)?,
                "high" => parts.high = end(map.next_value()?)?,
                "text" => parts.text = map.next_value()?,
                "low_open" => parts.low_open = map.next_value()?,
                "high_open" => parts.high_open = map.next_value()?,
                _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
            }
        }
        parts.number().ok_or_else(|| A::Error::custom("nothing lies between `low` and `high`"))
    }
}

fn end<E: Error>(number: Option<Number>) -> Result<Option<Decimal>, E> {
    number.map(|number| number.exact().ok_or_else(|| E::custom("an end of an interval is exact"))).transpose()
}

#[derive(Default)]
struct Parts {
    low: Option<Decimal>,
    high: Option<Decimal>,
    text: Option<String>,
    low_open: Option<bool>,
    high_open: Option<bool>,
}

impl Parts {
    /// JSON says only in `text` that an end is left out, and only where the other end is infinite.
    fn number(self) -> Option<Number> {
        let text = self.text.as_deref().unwrap_or("");
        let open_by_text = |sign: &str| text.starts_with(sign) && !text[sign.len()..].starts_with('=');
        let low_open = self.low_open.unwrap_or_else(|| open_by_text(">"));
        let high_open = self.high_open.unwrap_or_else(|| open_by_text("<"));
        let low = self.low.map(|value| End { value, open: low_open });
        let high = self.high.map(|value| End { value, open: high_open });
        let number = Number::from_ends(low, high)?;
        let plain = text.is_empty() || number.to_string() == text;
        Some(if plain { number } else { number.in_words(text) })
    }
}

/// Everything there is to a number, for a reader that knows the keys above.
pub(super) fn whole(number: &Number) -> serde_json::Value {
    serde_json::json!({
        "low": number.low().map(|end| end.value.to_string()),
        "high": number.high().map(|end| end.value.to_string()),
        "text": number.words(),
        "low_open": number.low().is_some_and(|end| end.open),
        "high_open": number.high().is_some_and(|end| end.open),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_json() {
        let decimal = |text: &str| text.parse::<Decimal>().expect("a decimal");
        for number in [
            Number::from(-3),
            Number::exactly(decimal("16.1")),
            Number::about(2000.into()),
            Number::above(700.into(), true),
            Number::above(700.into(), false),
            Number::below(decimal("0.5"), true),
            Number::between(10.into(), 15.into()).in_words("ten to fifteen"),
        ] {
            let text = serde_json::to_string(&number).expect("numbers serialise");
            let back: Number = serde_json::from_str(&text).expect("and come back");
            assert_eq!((&back, back.to_string()), (&number, number.to_string()), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [r#""weak""#, "true", r#"{"low": 3, "high": 1}"#] {
            assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
        }
    }
}
