//! Statements in, meanings and refusals out, over a small store that is itself made of statements.

mod anything;
mod declarations;
mod facts;
mod offers;
mod patterns;
mod questions;
mod reasoning;
mod refusals;
mod selects;

use super::{Meaning, Parameters, Resolver};
use crate::error::{Error, Result};
use crate::model::change::{AttributeDeclaration, DeclaredType, Operation, ThingName};
use crate::model::question::Removal;
use crate::model::{
    Attribute, Context, Directory, Kind, KindId, Name, Question, Text, ThingId, Type, Vocabulary, fold,
};
use crate::syntax::{parse, split, tree};

/// What every test begins with.
const STORE: &str = r#"
kind country plural countries
kind cluster "a geographical concentration of firms"
kind intervention
kind lesson
attribute region of country: one of asia, europe
attribute population of country: number "persons"
attribute industry of cluster: one of traditional, resource_based, cops, specialized_supplier
alias cops = complex_product_systems
attribute country of cluster: country inverse clusters_within
attribute place of cluster: many text
attribute smes of cluster: number "firms" under features
attribute workers of cluster: number under features
attribute export_share of cluster: percent under features
attribute founded of cluster: year under features
attribute opened of cluster: date
attribute human_capital of cluster: scale weak < adequate < strong under human_capital
attribute craft_skills of cluster: scale scarce < available under human_capital
attribute social_capital of cluster: scale none < weak < moderate < strong
attribute learns of cluster: yes/no
attribute recommended of cluster: many intervention inverse recommended_for
attribute partner of cluster: cluster
attribute addresses of intervention: many one of human_capital, market_access
attribute level of intervention: one of regional, central
attribute cost of intervention: number
attribute industry of intervention: text
attribute cites of source: many source inverse cited_by
attribute reaches of source: many source
attribute year of source: year
context cluster.recommended for intervention
source berry_2002 "Berry" { year: 2002 }
source sandee_1998 "Sandee" { }
country thailand { region: asia }
country indonesia { region: asia }
country penang { }
cluster penang "Penang electronics" { }
cluster jepara_furniture "Jepara" { country: indonesia }
cluster thai_automotive "Thai automobiles" { country: thailand }
intervention trade_fairs "Trade fairs" { addresses: market_access }
lesson markets_first { }
"#;

/// Things in order of appearance.
#[derive(Default)]
struct Things(Vec<(KindId, Name)>);

impl Directory for Things {
    fn find(&self, kind: KindId, name: &str) -> Option<ThingId> {
        let here = |(of, known): &(KindId, Name)| *of == kind && known.folded() == fold(name);
        self.0.iter().position(here).map(|at| ThingId(at as u32))
    }

    fn find_all(&self, name: &str) -> Vec<ThingId> {
        let things = self.0.iter().enumerate();
        let named = things.filter(|(_, (_, known))| known.folded() == fold(name));
        named.map(|(at, _)| ThingId(at as u32)).collect()
    }

    fn namesakes(&self, thing: ThingId) -> Vec<ThingId> {
        vec![thing]
    }

    fn kind_of(&self, thing: ThingId) -> KindId {
        self.0[thing.index()].0
    }

    fn name_of(&self, thing: ThingId) -> Name {
        self.0[thing.index()].1.clone()
    }

    fn title_of(&self, _: ThingId) -> Option<Text> {
        None
    }

    fn has_pattern(&self, name: &str) -> bool {
        fold(name) == "localisedknowledge"
    }

    fn names(&self, kind: Option<KindId>) -> Vec<Name> {
        let of_kind = self.0.iter().filter(|(of, _)| kind.is_none_or(|kind| kind == *of));
        // As a store does, it offers aliases of anything beside the names of things.
        of_kind.map(|(_, name)| name.clone()).chain([Name::new("complexproductsystems")]).collect()
    }

    fn pattern_names(&self) -> Vec<Name> {
        vec![Name::new("localised_knowledge")]
    }
}

/// A vocabulary and things that statements can be applied to.
struct Store {
    vocabulary: Vocabulary,
    things: Things,
    parameters: Parameters,
}

impl Store {
    fn empty() -> Store {
        Store { vocabulary: Vocabulary::new(), things: Things::default(), parameters: Parameters::new() }
    }

    fn new() -> Store {
        let mut store = Store::empty();
        store.apply_all(STORE);
        store
    }

    fn with(mut self, name: &str, parameter: impl Into<super::Parameter>) -> Store {
        self.parameters.insert(fold(name), parameter.into());
        self
    }

    fn resolve(&self, text: &str) -> Result<Meaning> {
        let (vocabulary, directory) = (&self.vocabulary, &self.things);
        let statement = parse(text)?;
        Resolver { vocabulary, directory, parameters: &self.parameters }.statement(&statement)
    }

    /// What is supposed before a question, in steps, each applied before the next is resolved.
    fn suppose(mut self, text: &str) -> (Store, Vec<Operation>) {
        let question = question(text);
        let mut operations = Vec::new();
        for supposed in &question.supposed {
            let (vocabulary, directory) = (&self.vocabulary, &self.things);
            let resolver = Resolver { vocabulary, directory, parameters: &self.parameters };
            let steps = resolver.supposed(supposed).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            steps.iter().for_each(|step| self.apply(step.clone()));
            operations.extend(steps);
        }
        (self, operations)
    }

    /// What `without` behind a question takes out.
    fn removals(&self, text: &str) -> Result<Vec<Removal>> {
        let (vocabulary, directory) = (&self.vocabulary, &self.things);
        let resolver = Resolver { vocabulary, directory, parameters: &self.parameters };
        resolver.removals(&question(text).modifiers.without)
    }

    fn change(&self, text: &str) -> Vec<Operation> {
        match self.resolve(text).unwrap_or_else(|error| panic!("{}", error.in_text(text, "", 1))) {
            Meaning::Change(operations) => operations,
            other => panic!("not a change: {other:?}"),
        }
    }

    fn ask(&self, text: &str) -> Question {
        match self.resolve(text).unwrap_or_else(|error| panic!("{}", error.in_text(text, "", 1))) {
            Meaning::Question(question) => question,
            other => panic!("not a question: {other:?}"),
        }
    }

    fn refuse(&self, text: &str) -> Error {
        match self.resolve(text) {
            Err(error) => error,
            Ok(meaning) => panic!("{text}: not refused, but {meaning:?}"),
        }
    }

    fn apply_all(&mut self, text: &str) {
        for piece in split(text) {
            for operation in self.change(&piece.text) {
                self.apply(operation);
            }
        }
    }

    fn kind(&self, name: &Name) -> KindId {
        self.vocabulary.find_kind(name.as_str()).expect("a kind that was declared")
    }

    fn apply(&mut self, operation: Operation) {
        match operation {
            Operation::DeclareKind { name, plural, description } => {
                self.vocabulary.declare_kind(Kind { name, plural, description });
            }
            Operation::DeclareAttribute(declared) => self.declare(declared),
            Operation::DeclareAlias { known, alias } => self.vocabulary.declare_alias(&known, &alias),
            Operation::DeclareContext { kind, attribute, target } => {
                let (kind, target) = (self.kind(&kind), self.kind(&target));
                let step = self.vocabulary.step(kind, attribute.as_str()).expect("an attribute");
                self.vocabulary.declare_context(Context { kind, attribute: step.attribute, target });
            }
            Operation::AddThing { thing: ThingName { kind, name }, .. } => {
                let kind = self.kind(&kind);
                if self.things.find(kind, name.as_str()).is_none() {
                    self.things.0.push((kind, name));
                }
            }
            _ => {}
        }
    }

    fn declare(&mut self, declared: AttributeDeclaration) {
        let value_type = match declared.value_type {
            DeclaredType::Text => Type::Text,
            DeclaredType::Number(unit) => Type::Number { unit },
            DeclaredType::Percent => Type::Percent,
            DeclaredType::Year => Type::Year,
            DeclaredType::Date => Type::Date,
            DeclaredType::YesNo => Type::YesNo,
            DeclaredType::OneOf(names) => Type::OneOf(names),
            DeclaredType::Scale(names) => Type::Scale(names),
            DeclaredType::Kind(kind) => Type::Thing(self.kind(&kind)),
        };
        let kind = Some(self.kind(&declared.kind));
        self.vocabulary.declare_attribute(Attribute {
            name: declared.name,
            kind,
            value_type,
            many: declared.many,
            heading: declared.heading,
            inverse: declared.inverse,
            description: declared.description,
            meanings: declared.meanings,
        });
    }
}

/// A question as typed.
fn question(text: &str) -> tree::Question {
    match parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")) {
        tree::Statement::Question(question) => question,
        other => panic!("not a question: {other}"),
    }
}

/// How a statement is refused: kind, the text that the caret stands under, message, suggestion.
fn refusal(store: &Store, text: &str) -> String {
    let error = store.refuse(text);
    let report = error.report();
    let place = report.span.map_or("nowhere", |span| &text[span.start..span.end]);
    let suggested = report.suggestion.as_ref();
    let suggested = suggested.map_or(String::new(), |found| format!("; did you mean {}?", found.replacement));
    format!("{:?} at {place}: {}{suggested}", error.kind(), report.message)
}
