//! Facts as commits keep them.

use super::Store;
use crate::model::change::{Operation, StatedValue, Statement};
use crate::model::{Name, Number};
use rust_decimal::Decimal;

fn statements(operations: Vec<Operation>) -> Vec<Statement> {
    let statement = |operation| match operation {
        Operation::Assert(statement) => Some(statement),
        _ => None,
    };
    operations.into_iter().filter_map(statement).collect()
}

/// The value of the one entry of a block of `cluster x`.
fn value(entry: &str) -> StatedValue {
    let found = statements(Store::new().change(&format!("cluster x {{ {entry} }}")));
    let [statement] = found.as_slice() else { panic!("{found:?}") };
    statement.value.clone().expect("a value")
}

fn number(entry: &str) -> Number {
    match value(entry) {
        StatedValue::Number(number) => number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_block_adds_a_thing_once_and_names_it_as_first_written() {
    let store = Store::new();
    let operations = store.change("cluster Jepara-Furniture { learns: yes }");
    assert_eq!(operations.len(), 1, "no thing is added: {operations:?}");
    assert_eq!(statements(operations)[0].subject.name.as_str(), "jepara_furniture");
    assert!(matches!(store.change("cluster x { }").as_slice(), [Operation::AddThing { title: None, .. }]));
}

#[test]
fn values_are_typed_by_the_attribute() {
    assert_eq!(value("industry: Complex-Product-Systems"), StatedValue::Choice(Name::new("cops")));
    assert_eq!(value("learns: yes"), StatedValue::YesNo(true));
    assert_eq!(value("place: \"Central Java\""), StatedValue::Text("Central Java".into()));
    assert_eq!(value("place: 1990s"), StatedValue::Text("1990s".into()));
    let StatedValue::Thing(thing) = value("country: Thailand") else { panic!() };
    assert_eq!((thing.kind.as_str(), thing.name.as_str()), ("country", "thailand"));
    let StatedValue::Thing(itself) = value("partner: X") else { panic!() };
    assert_eq!(itself.name.as_str(), "x");
}

#[test]
fn numbers_are_intervals_in_the_words_of_the_source() {
    let between = |low: i64, high: i64| Number::between(low.into(), high.into());
    assert_eq!(number("smes: 2000"), Number::from(2000));
    assert_eq!(number("smes: about 2000"), between(1800, 2200));
    assert_eq!(number("smes: > 700"), Number::above(700.into(), true));
    assert_eq!(number("smes: 15..10"), between(10, 15));
    assert_eq!(number("export_share: 16.1 %"), Number::exactly(Decimal::new(161, 1)));
    assert_eq!(number("founded: mid 1990s"), between(1994, 1996));
    assert_eq!(number("founded: early 1990s"), between(1990, 1993));
    assert_eq!(number("founded: late 1990s"), between(1997, 1999));
    assert_eq!(number("founded: mid 1990s").to_string(), "mid 1990s");
    assert_eq!(number("opened: 1970-01-02"), Number::from(1));
    assert_eq!(number("opened: 1969-12-31").to_string(), "1969-12-31");
    assert_eq!(number("opened: 1971"), between(365, 729));
    assert_eq!(number("opened: > 1970"), Number::above(364.into(), true));
    assert_eq!(number("opened: \"1970-01-02\""), Number::from(1));
}

#[test]
fn not_yes_is_no() {
    let found = statements(Store::new().change("cluster x { learns != yes }"));
    assert_eq!((found[0].denied, &found[0].value), (false, &Some(StatedValue::YesNo(false))));
    let found = statements(Store::new().change("cluster x { industry != (cops, traditional) }"));
    assert!(found.len() == 2 && found.iter().all(|statement| statement.denied));
    let [Operation::Retract(retraction)] = &Store::new().change("retract jepara_furniture.learns != no")[..]
    else {
        panic!()
    };
    assert_eq!(retraction.statement, Some((false, Some(StatedValue::YesNo(true)))));
}

#[test]
fn unknown_records_that_a_source_does_not_say() {
    let found = statements(Store::new().change("cluster x { smes: unknown \"n.a.\" [berry_2002 \"t. 1\"] }"));
    assert_eq!((&found[0].value, found[0].denied, found[0].note.as_deref()), (&None, false, Some("n.a.")));
}

#[test]
fn evidence_is_named_and_dated() {
    let text =
        "assert cluster penang.learns = yes [Sandee-1998 via berry_2002 \"p. 2\"] (hedged, in mid 1990s)";
    let found = statements(Store::new().change(text));
    let evidence = &found[0].evidence;
    let cited = &evidence.citations[0];
    assert_eq!(
        (cited.source.as_str(), cited.via.as_ref().map(Name::as_str)),
        ("sandee_1998", Some("berry_2002"))
    );
    assert_eq!((evidence.hedged, evidence.when.words().as_str()), (true, "in mid 1990s"));
    // 1994-01-01 to 1996-12-31.
    assert_eq!(evidence.when.extent(), (8766, 9861));
}

#[test]
fn a_new_source_may_cite_itself() {
    assert_eq!(
        Store::new().change("source new_2020 { year: 2020 [new_2020 \"cover\"]; cites: new_2020 }").len(),
        3
    );
}

#[test]
fn parameters_are_values_as_typed() {
    let store = Store::new().with("who", "Thai Automotive").with("n", 7).with("sure", true);
    let found = statements(store.change("assert $who.smes = $n"));
    assert_eq!(found[0].subject.name.as_str(), "thai_automotive");
    assert_eq!(found[0].value, Some(StatedValue::Number(Number::from(7))));
    let found = statements(store.change("assert $who.learns = $sure"));
    assert_eq!(found[0].value, Some(StatedValue::YesNo(true)));
    let tenth = crate::resolve::Parameter::try_from(0.1).expect("a decimal");
    assert_eq!(tenth, crate::resolve::Parameter::Number(Decimal::new(1, 1)));
    assert!(crate::resolve::Parameter::try_from(f64::NAN).is_err());
}
