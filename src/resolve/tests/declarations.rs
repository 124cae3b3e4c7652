//! Declarations and what redeclaring keeps.

use super::Store;
use crate::model::Name;
use crate::model::change::{DeclaredType, Operation};
use crate::resolve::Meaning;

#[test]
fn a_redeclared_attribute_keeps_what_is_left_out_and_may_get_further_choices() {
    let store = Store::new();
    let operations =
        store.change("attribute craft_skills of cluster: scale scarce < available < plenty \"skills\"");
    let [Operation::DeclareAttribute(declared)] = operations.as_slice() else { panic!("{operations:?}") };
    assert_eq!(declared.heading, Some(Name::new("human_capital")));
    assert_eq!(
        declared.value_type,
        DeclaredType::Scale(["scarce", "available", "plenty"].map(Name::new).into())
    );
    assert_eq!(declared.description.as_deref(), Some("skills"));

    let operations = store.change("attribute SMEs of cluster: number");
    let [Operation::DeclareAttribute(declared)] = operations.as_slice() else { panic!("{operations:?}") };
    assert_eq!(declared.name.as_str(), "smes");
    assert_eq!(declared.value_type, DeclaredType::Number(Some("firms".into())));
}

#[test]
fn a_value_keeps_its_meaning_until_it_is_given_another() {
    let mut store = Store::new();
    let skills = "attribute craft_skills of cluster: scale scarce < available";
    store.apply_all(&format!("{skills} {{ available: \"easily found\", Scarce: \"few\" }}"));
    let meanings = |text: &str| {
        let operations = store.change(text);
        let [Operation::DeclareAttribute(declared)] = operations.as_slice() else { panic!("{operations:?}") };
        declared.meanings.iter().map(|(value, text)| format!("{value}: {text}")).collect::<Vec<_>>()
    };
    assert_eq!(meanings(skills), ["scarce: few", "available: easily found"]);
    let longer = format!("{skills} < plenty {{ plenty: \"to spare\", scarce: \"too few\" }}");
    assert_eq!(meanings(&longer), ["scarce: too few", "available: easily found", "plenty: to spare"]);
}

#[test]
fn a_redeclared_kind_keeps_plural_and_description() {
    let operations = Store::new().change("kind country");
    let [Operation::DeclareKind { plural, .. }] = operations.as_slice() else { panic!("{operations:?}") };
    assert_eq!(plural.as_str(), "countries");
}

#[test]
fn an_alias_of_an_alias_stands_for_the_name_itself() {
    let operations = Store::new().change("alias complex_product_systems = automotive");
    let expected = Operation::DeclareAlias { known: Name::new("cops"), alias: Name::new("automotive") };
    assert_eq!(operations, [expected]);
    // A thing, a heading and a kind can have other names, too.
    for text in ["alias thai_automotive = rayong", "alias features = traits", "alias cluster = district"] {
        assert_eq!(Store::new().change(text).len(), 1, "{text}");
    }
}

#[test]
fn an_alias_of_a_kind_names_its_things() {
    let mut store = Store::new();
    store.apply_all("alias cluster = district");
    assert_eq!(store.ask("district where learns = yes"), store.ask("clusters where learns = yes"));
}

#[test]
fn imports_may_name_and_declare_attributes() {
    let store = Store::new();
    let text = "import \"a.csv\" as cluster name from id, SMES from firms, new_one from n [berry_2002 \"t. 3\"] declare";
    let Ok(Meaning::Import(plan)) = store.resolve(text) else { panic!("{:?}", store.resolve(text)) };
    let columns: Vec<_> =
        plan.columns.iter().map(|(name, column)| (name.as_str(), column.as_str())).collect();
    assert_eq!(columns, [("name", "id"), ("smes", "firms"), ("new_one", "n")]);
    assert_eq!(plan.evidence.citations.len(), 1);
    let Ok(Meaning::Export(plan)) = store.resolve("export clusters to \"c.csv\"") else { panic!() };
    assert_eq!((plan.question.is_some(), plan.to.as_deref()), (true, Some("c.csv")));
}
