//! Patterns with their names resolved.

use super::Store;
use crate::model::change::Operation;
use crate::model::pattern::{Conclusion, Rule, Term};
use crate::model::{Condition, Expression, Pattern, Start, TestForm, Value};
use crate::resolve::Resolver;
use crate::syntax::{parse, tree};

fn pattern(text: &str) -> Pattern {
    let store = Store::new();
    let Ok(tree::Statement::Pattern(declared)) = parse(text) else { panic!("{:?}", parse(text)) };
    let resolver =
        Resolver { vocabulary: &store.vocabulary, directory: &store.things, parameters: &store.parameters };
    resolver.pattern(&declared).unwrap_or_else(|error| panic!("{}", error.in_text(text, "", 1)))
}

#[test]
fn a_sufficient_pattern() {
    let found = pattern(
        "pattern p \"P\" { for cluster when craft_skills = scarce and smes > workers then recommended = trade_fairs \
         and learns != yes seen in penang against jepara_furniture [berry_2002; sandee_1998; berry_2002] (hedged) }",
    );
    let Rule::Sufficient { then, when: Condition::All(parts) } = &found.rule else { panic!("{found:?}") };
    assert_eq!(parts.len(), 2);
    assert_eq!(found.condition().text(), "craft_skills = scarce and smes > workers");
    let [fairs, Conclusion { denied: false, value: Term::Value(Value::YesNo(false)), .. }] = then.as_slice()
    else {
        panic!("{then:?}")
    };
    assert!(!fairs.denied);
    // `penang` is a country, too; a case is of the pattern's kind first.
    let store = Store::new();
    let cluster = store.vocabulary.find_kind("cluster");
    let of = |thing| Some(crate::model::Directory::kind_of(&store.things, thing));
    assert_eq!((of(found.seen_in[0]), found.against.len()), (cluster, 1));
    assert_eq!((found.evidence.citations.len(), found.evidence.hedged), (2, true));
}

#[test]
fn a_necessary_pattern_keeps_its_conclusion_as_written() {
    let found = pattern("pattern p { for cluster learns = yes requires human_capital >= adequate }");
    let Rule::Necessary { conclusion, .. } = &found.rule else { panic!("{found:?}") };
    assert_eq!((conclusion.denied, &conclusion.value), (false, &Term::Value(Value::YesNo(true))));
}

#[test]
fn variables_join() {
    let found = pattern(
        "pattern p { for source A, source B, source C when A.cites = B and B.reaches = C then A.reaches = C }",
    );
    let Condition::All(parts) = found.condition() else { panic!() };
    let Condition::Test(test) = &parts[0] else { panic!() };
    let TestForm::Compare { right: Expression::Path(path), .. } = &test.form else { panic!("{test:?}") };
    assert_eq!((path.start, path.steps.len()), (Start::Variable(1), 0));
    let Rule::Sufficient { then, .. } = &found.rule else { panic!() };
    assert_eq!((then[0].variable, &then[0].value), (0, &Term::Variable(2)));
    // A kind's name stands for its only variable, also in a conclusion.
    let found =
        pattern("pattern p { for cluster, source B when cluster.smes > B.year then B.reaches = berry_2002 }");
    let Rule::Sufficient { then, .. } = &found.rule else { panic!() };
    assert_eq!(then[0].variable, 1);
}

#[test]
fn the_operation_keeps_the_statement_as_printed() {
    let text = "pattern p {\n  for cluster\n  when learns = yes\n  then human_capital = strong\n}";
    let operations = Store::new().change(text);
    let [Operation::DeclarePattern { name, statement }] = operations.as_slice() else {
        panic!("{operations:?}")
    };
    assert_eq!(name.as_str(), "p");
    assert_eq!(parse(statement).expect("it parses"), parse(text).expect("it parses"));
}
