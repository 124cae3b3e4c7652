//! Conditions and the questions that are not about a kind.

use super::Store;
use crate::model::question::{Body, Compared};
use crate::model::{
    Comparison, Condition, Expression, Name, Number, Start, Test, TestForm, TimeScope, Value,
};

/// The one test of a question about a kind.
fn test(text: &str) -> Test {
    let Body::Select(select) = Store::new().ask(text).body else { panic!() };
    match select.condition {
        Condition::Test(test) => test,
        other => panic!("{other:?}"),
    }
}

/// Comparison and right side of the one test.
fn compared(condition: &str) -> (Comparison, Expression) {
    match test(&format!("clusters where {condition}")).form {
        TestForm::Compare { comparison, right, .. } => (comparison, right),
        other => panic!("{other:?}"),
    }
}

fn value(condition: &str) -> Value {
    match compared(condition).1 {
        Expression::Value(value) => value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_type_of_the_left_decides_what_stands_at_the_right() {
    assert_eq!(value("industry = complex_product_systems"), Value::Choice(2));
    // `smes` is an attribute, but a text is compared with values.
    assert_eq!(value("place = smes"), Value::Text(Name::new("smes")));
    assert_eq!(value("place = 1995"), Value::Text(Name::new("1995")));
    assert_eq!(value("social_capital <= weak"), Value::Choice(1));
    assert!(matches!(value("country = Thailand"), Value::Thing(_)));
    assert!(matches!(value("partner = cluster penang"), Value::Thing(_)));
    assert_eq!(value("name = thailand"), Value::Text(Name::new("thailand")));
    assert!(matches!(compared("smes > workers").1, Expression::Path(_)));
    assert!(matches!(compared("smes > workers / 2").1, Expression::Binary { .. }));
    assert!(matches!(compared("smes > country.population").1, Expression::Path(_)));
    assert!(matches!(compared("country = thai_automotive.country").1, Expression::Path(_)));
}

#[test]
fn not_yes_is_no_where_one_value_is_taken() {
    assert_eq!(compared("learns != yes"), compared("learns = no"));
    assert_eq!(test("clusters where learns != yes").text, "learns != yes");
}

#[test]
fn a_stretch_of_time_is_taken_whole() {
    assert_eq!(value("founded <= 1990s"), Value::Number(Number::from(1999)));
    assert_eq!(value("founded >= 1990s"), Value::Number(Number::from(1990)));
    assert_eq!(value("founded < 1990s"), Value::Number(Number::between(1990.into(), 1999.into())));
    assert_eq!(value("opened <= 1970"), Value::Number(Number::from(364)));
    assert_eq!(value("opened > 1970"), Value::Number(Number::between(0.into(), 364.into())));
}

#[test]
fn paths_go_through_references_both_ways() {
    let steps = |text: &str| match test(text).left {
        Expression::Path(path) => path.steps.iter().map(|step| step.inverse).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(steps("clusters where country.region = asia"), [false, false]);
    assert_eq!(steps("countries where clusters_within.industry = cops"), [true, false]);
    assert_eq!(steps("sources where claims.subject = jepara_furniture"), [true, false]);
    assert_eq!(steps("claims where subject.smes > 3"), [false, false]);
    assert_eq!(steps("claims where subject.name = x"), [false, false]);
    let left = test("clusters where jepara_furniture.smes < workers").left;
    assert!(matches!(left, Expression::Path(path) if matches!(path.start, Start::Thing(_))));
    assert!(matches!(test("clusters where cluster.smes > 3").left, Expression::Path(_)));
    assert!(matches!(test("sources where count of cites > 3").left, Expression::CountOf(_)));
    assert!(matches!(test("clusters where smes is unknown").form, TestForm::Unknown));
    assert!(
        matches!(test("clusters where place contains \"java\"").form, TestForm::Contains(words) if words == "java")
    );
    assert!(
        matches!(test("clusters where industry in (cops, traditional)").form, TestForm::In(list) if list.len() == 2)
    );
}

#[test]
fn parameters_stand_for_values() {
    let store = Store::new().with("kind of industry", "CoPS").with("c", "thai_automotive").with("n", 3);
    for text in [
        "clusters where industry = $kind_of_industry",
        "$c.smes",
        "clusters where smes > $n and country = $c.country",
        "describe $c",
        "search $c",
    ] {
        store.ask(text);
    }
}

#[test]
fn values_and_calculations() {
    let Body::Value(Expression::Path(path), text) = Store::new().ask("jepara_furniture.country.region").body
    else {
        panic!()
    };
    assert_eq!((path.steps.len(), text.as_str()), (2, "jepara_furniture.country.region"));
    let body = Store::new().ask("jepara_furniture.export_share - thai_automotive.export_share").body;
    assert!(matches!(body, Body::Value(Expression::Binary { .. }, _)));
    assert!(matches!(Store::new().ask("cluster penang.smes").body, Body::Value(..)));
    assert!(matches!(Store::new().ask("count of thailand.clusters_within").body, Body::Value(..)));
}

#[test]
fn compare_takes_headings_and_attributes() {
    let store = Store::new();
    let rows = |text: &str| match store.ask(text).body {
        Body::Compare(compare) | Body::Gaps(compare) => {
            compare.by.iter().map(|&id| store.vocabulary.attribute(id).name.to_string()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    // `human_capital` is an attribute and the heading over it.
    assert_eq!(
        rows("compare clusters by human_capital, learns"),
        ["human_capital", "craft_skills", "learns"]
    );
    assert_eq!(rows("gaps of clusters by features"), ["smes", "workers", "export_share", "founded"]);
    assert_eq!(rows("compare jepara_furniture, penang").len(), 14);
    let Body::Compare(compare) = store.ask("compare clusters where smes > 3").body else { panic!() };
    assert!(matches!(compare.of, Compared::Kind(_, Condition::Test(_))));
    let Body::Compare(compare) = store.ask("compare penang, jepara_furniture by smes").body else { panic!() };
    assert!(matches!(compare.of, Compared::Things(things) if things.len() == 2));
}

#[test]
fn other_questions_and_times() {
    let store = Store::new();
    assert!(matches!(store.ask("describe cluster penang").body, Body::Describe(_)));
    assert!(matches!(store.ask("conflicts").body, Body::Conflicts(None)));
    assert!(matches!(store.ask("conflicts of thailand").body, Body::Conflicts(Some(_))));
    assert!(matches!(store.ask("history of thai_automotive.smes").body, Body::History(_, Some(_))));
    assert_eq!(store.ask("clusters").scope, TimeScope::Standing);
    assert_eq!(store.ask("clusters ever").scope, TimeScope::Ever);
    assert!(
        matches!(store.ask("clusters in mid 1990s").scope, TimeScope::During(period) if (period.first, period.last) == (8766, 9861))
    );
}
