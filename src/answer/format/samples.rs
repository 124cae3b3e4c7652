//! Answers that the tests of the formats write out.

use super::{Answer, Format, Options, write};
use crate::answer::{Cell, Datum, Marks, Shown, Source, Standing};
use crate::model::Number;
use rust_decimal::Decimal;

/// The answer in this format, with default options.
pub fn shown(answer: &Answer, format: Format) -> String {
    shown_with(answer, format, &Options::default())
}

/// The answer in this format.
pub fn shown_with(answer: &Answer, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    write(answer, format, options, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("formats write text")
}

/// Checks what an answer looks like.
#[track_caller]
pub fn shows(answer: &Answer, format: Format, expected: &str) {
    let found = shown(answer, format);
    assert!(found == expected, "expected:\n{expected}\nfound:\n{found}");
}

/// A number as written: digits kept.
pub fn digits(text: &str) -> Datum {
    Datum::Number(Number::exactly(text.parse::<Decimal>().expect("a decimal")))
}

/// A source without `via`.
pub fn source(key: &str, locator: Option<&str>) -> Source {
    Source { key: key.into(), via: None, locator: locator.map(Into::into) }
}

fn name(text: &str) -> Datum {
    Datum::Name(text.into())
}

/// Two clusters with every sort of cell.
pub fn clusters() -> Answer {
    let columns = ["name", "workers", "export_share", "social_capital", "recommended"];
    let contested = |value: &str, hedged| Shown {
        standing: Standing::Contested,
        marks: Marks { hedged, ..Marks::default() },
        ..Shown::plain(name(value))
    };
    let concluded = Shown {
        marks: Marks { concluded: true, by_analogy: true, ..Marks::default() },
        ..Shown::plain(name("quality_standards"))
    };
    let jepara = vec![
        Cell::name("jepara_furniture"),
        Cell::one(Datum::Number(Number::about(2000.into()))),
        Cell::one(digits("16.10")),
        Cell::name("strong"),
        Cell::list([name("trade_fairs"), name("training")]),
    ];
    let thai = vec![
        Cell::name("thai_automotive"),
        Cell::default(),
        Cell { note: Some("n.a.".into()), ..Cell::default() },
        Cell { values: vec![contested("weak", true), contested("strong", false)], ..Cell::default() },
        Cell { values: vec![concluded], list: true, note: None },
    ];
    Answer::new(columns).with_rows([jepara, thai])
}

/// One cluster whose values carry their sources, and a column that is a source.
pub fn cited() -> Answer {
    let second_hand = Source {
        key: "sandee_1998".into(),
        via: Some("chaminade_vang_2006".into()),
        locator: Some("section 3.1".into()),
    };
    let value = Shown {
        sources: vec![source("chaminade_vang_2006", Some("table 2")), second_hand],
        ..Shown::plain(name("strong"))
    };
    let list = Cell {
        values: vec![
            Shown { sources: vec![source("berry_2002", None)], ..Shown::plain(name("training")) },
            Shown::plain(name("trade_fairs")),
        ],
        list: true,
        note: None,
    };
    let row = vec![
        Cell::name("jepara"),
        Cell { values: vec![value], ..Cell::default() },
        list,
        Cell::list([Datum::Source(source("berry_2002", Some("p. 3")))]),
    ];
    let columns = ["name", "social_capital", "recommended", "read"];
    Answer::new(columns).with_sources_shown(true).with_rows([row])
}

/// One row of text that every format has to escape.
pub fn awkward() -> Answer {
    let text = "a|b\\c \"50%\" & <i>_x_</i>, [y]\tz\nnext";
    Answer::new(["a|b", "yes"]).with_rows([vec![Cell::text(text), Cell::one(Datum::YesNo(true))]])
}
