//! The whole store as statements that load into an equal store.
//!
//! In this order, so that every statement finds what it names: kinds, attributes, contexts; every thing
//! with its title, sources first; aliases; what is claimed, thing by thing; patterns. Things stand by
//! kind and name, claims by attribute and age, so that two dumps can be compared line by line. What a
//! store has by itself, what was retracted and what was replaced is not in it, nor are commits.

use crate::facts::Snapshot;
use crate::model::change::{
    AttributeDeclaration, DeclaredType, Operation, StatedCitation, StatedEvidence, StatedValue, Statement,
};
use crate::model::{AttributeId, Claim, KindId, Name, Number, Period, Text, ThingId, fold, plural_of};
use crate::syntax::tree::{self, Block, Entry, Quantity, QuantityForm, Quoted, Span, ValueType, Word};
use crate::syntax::{quantity, quote};
use std::io::{self, Write};

/// A thing with more claims than this has them in several blocks, each far from the limit of a statement.
const ENTRIES_IN_A_BLOCK: usize = 1_000;

/// Everything that a snapshot knows, as statements.
pub fn statements(snapshot: &Snapshot) -> String {
    let mut text = Vec::new();
    write(snapshot, &mut text).expect("writing to memory does not fail");
    String::from_utf8(text).expect("statements are UTF-8")
}

/// Writes everything that a snapshot knows, as statements, piece by piece; `out` should be buffered.
///
/// # Errors
/// Those of `out`.
pub fn write(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    let dump = Dump { snapshot, things: sorted_things(snapshot) };
    section(out, snapshot.declarations().into_iter().filter_map(declaration))?;
    section(out, dump.things.iter().map(|&thing| dump.bare_thing(thing)))?;
    section(out, snapshot.alias_declarations().into_iter().filter_map(declaration))?;
    section(out, dump.things.iter().flat_map(|&thing| dump.claims(thing)))?;
    section(out, snapshot.patterns().map(|pattern| &*pattern.statement))
}

/// The statements, one after the other, and an empty line behind them if there were any.
fn section<T: std::fmt::Display>(out: &mut dyn Write, statements: impl Iterator<Item = T>) -> io::Result<()> {
    let mut any = false;
    for statement in statements {
        writeln!(out, "{statement}")?;
        any = true;
    }
    if any { writeln!(out) } else { Ok(()) }
}

/// All things by kind, in order of declaration (`source` comes before every other), and folded name.
fn sorted_things(snapshot: &Snapshot) -> Vec<ThingId> {
    let things = snapshot.things();
    let mut sorted = Vec::with_capacity(things.count() as usize);
    for kind in things.kinds() {
        let members = snapshot.members(kind);
        let mut named: Vec<(String, ThingId)> =
            members.iter().map(ThingId).map(|thing| (fold(&things.name(thing)), thing)).collect();
        named.sort_unstable();
        sorted.extend(named.into_iter().map(|(_, thing)| thing));
    }
    sorted
}

// ---- things and claims --------------------------------------------------------------------------

struct Dump<'a> {
    snapshot: &'a Snapshot,
    things: Vec<ThingId>,
}

impl Dump<'_> {
    /// `cluster penang "Penang electronics" { }`
    fn bare_thing(&self, thing: ThingId) -> Block {
        let title = self.snapshot.things().title(thing).map(quoted);
        Block { title, ..self.block(thing, Vec::new()) }
    }

    /// The blocks with all that is claimed of a thing; none if nothing is.
    fn claims(&self, thing: ThingId) -> Vec<Block> {
        let mut entries = self.entries(thing);
        let mut blocks = Vec::new();
        while !entries.is_empty() {
            let rest = entries.split_off(entries.len().min(ENTRIES_IN_A_BLOCK));
            blocks.push(self.block(thing, entries));
            entries = rest;
        }
        blocks
    }

    fn block(&self, thing: ThingId, entries: Vec<Entry>) -> Block {
        let things = self.snapshot.things();
        let kind = &self.snapshot.vocabulary().kind(things.kind(thing)).name;
        Block { kind: bare(kind), name: word(&things.name(thing)), title: None, entries }
    }

    /// Attribute by attribute in order of declaration, the oldest claim first: later ones replace
    /// earlier ones when they are loaded as they did when they were made.
    fn entries(&self, thing: ThingId) -> Vec<Entry> {
        let mut entries = Vec::new();
        let kind: KindId = self.snapshot.things().kind(thing);
        for &attribute in self.snapshot.vocabulary().attributes_of(kind) {
            let claims = self.snapshot.claims(thing, attribute);
            let mut claims: Vec<&Claim> = claims.iter().collect();
            claims.sort_by_key(|claim| claim.id);
            entries.extend(claims.into_iter().map(|claim| self.entry(thing, attribute, claim)));
        }
        entries
    }

    fn entry(&self, thing: ThingId, attribute: AttributeId, claim: &Claim) -> Entry {
        let Statement { attribute, value, denied, evidence, note, .. } =
            self.snapshot.stated(thing, attribute, claim);
        Entry {
            attribute: bare(&attribute),
            denied,
            values: vec![value.map_or(tree::StatedValue::Unknown(Span::default()), stated_value)],
            note: note.map(|note| quoted(&note)),
            evidence: stated_evidence(evidence),
            span: Span::default(),
        }
    }
}

fn stated_value(value: StatedValue) -> tree::StatedValue {
    match value {
        StatedValue::Number(number) => stated_number(&number),
        StatedValue::YesNo(yes) => tree::StatedValue::Word(word(if yes { "yes" } else { "no" })),
        StatedValue::Choice(name) => tree::StatedValue::Word(word(name.as_str())),
        StatedValue::Thing(thing) => tree::StatedValue::Word(word(thing.name.as_str())),
        StatedValue::Text(text) => tree::StatedValue::Word(Word { quoted: true, ..word(&text) }),
    }
}

/// A number in the words of the source. A day that was given as a text (`"20050920"`) stays one.
fn stated_number(number: &Number) -> tree::StatedValue {
    let words = number.to_string();
    let reads_as_itself = |quantity: &Quantity| match &quantity.form {
        QuantityForm::Exact(digits) => number.words().is_none() || digits.len() == 4,
        _ => true,
    };
    match quantity(&words).filter(reads_as_itself) {
        Some(quantity) => tree::StatedValue::Quantity(quantity),
        None => tree::StatedValue::Word(Word { quoted: true, ..word(&words) }),
    }
}

/// Citations stand by the names of their sources: their order in the store is that of its ids.
fn stated_evidence(evidence: StatedEvidence) -> tree::Evidence {
    let StatedEvidence { mut citations, hedged, when } = evidence;
    citations.sort_by(|a, b| (&a.source, &a.via, &a.locator).cmp(&(&b.source, &b.via, &b.locator)));
    tree::Evidence {
        citations: citations.into_iter().map(stated_citation).collect(),
        hedged,
        observed: when.observed.as_ref().and_then(time),
        since: when.since.as_ref().and_then(time),
        until: when.until.as_ref().and_then(time),
    }
}

fn stated_citation(citation: StatedCitation) -> tree::Citation {
    tree::Citation {
        source: word(citation.source.as_str()),
        via: citation.via.map(|via| word(via.as_str())),
        locator: citation.locator.map(|locator| quoted(&locator)),
    }
}

/// A period's text is a quantity as printed, so it reads as one.
fn time(period: &Period) -> Option<Quantity> {
    quantity(&period.text)
}

// ---- vocabulary ---------------------------------------------------------------------------------

/// A declaration as a statement; `None` for other operations.
fn declaration(operation: Operation) -> Option<tree::Statement> {
    Some(match operation {
        Operation::DeclareKind { name, plural, description } => {
            let is_made = plural == Name::new(&plural_of(name.as_str()));
            tree::Statement::Kind(tree::KindDeclaration {
                plural: (!is_made).then(|| bare(&plural)),
                name: bare(&name),
                description: description.map(described),
            })
        }
        Operation::DeclareAttribute(declared) => tree::Statement::Attribute(attribute(declared)),
        Operation::DeclareContext { kind, attribute, target } => {
            let (kind, attribute, target) = (bare(&kind), bare(&attribute), bare(&target));
            tree::Statement::Context(tree::ContextDeclaration { kind, attribute, target })
        }
        Operation::DeclareAlias { known, alias } => {
            let (known, alias) = (word(known.as_str()), word(alias.as_str()));
            tree::Statement::Alias(tree::AliasDeclaration { known, alias })
        }
        _ => return None,
    })
}

fn attribute(declared: AttributeDeclaration) -> tree::AttributeDeclaration {
    tree::AttributeDeclaration {
        name: bare(&declared.name),
        kind: bare(&declared.kind),
        many: declared.many,
        kind_of_value: value_type(declared.value_type),
        heading: declared.heading.as_ref().map(bare),
        inverse: declared.inverse.as_ref().map(bare),
        description: declared.description.map(described),
        meanings: declared.meanings.into_iter().map(meaning).collect(),
    }
}

fn meaning((value, text): (Name, Text)) -> tree::Meaning {
    tree::Meaning { value: word(value.as_str()), text: described(text) }
}

fn value_type(declared: DeclaredType) -> ValueType {
    let words = |names: Vec<Name>| names.iter().map(|name| word(name.as_str())).collect();
    match declared {
        DeclaredType::Text => ValueType::Text,
        DeclaredType::Number(unit) => ValueType::Number { unit: unit.map(described) },
        DeclaredType::Percent => ValueType::Percent,
        DeclaredType::Year => ValueType::Year,
        DeclaredType::Date => ValueType::Date,
        DeclaredType::YesNo => ValueType::YesNo,
        DeclaredType::OneOf(names) => ValueType::OneOf(words(names)),
        DeclaredType::Scale(names) => ValueType::Scale(words(names)),
        DeclaredType::Kind(kind) => ValueType::Kind(bare(&kind)),
    }
}

// ---- words --------------------------------------------------------------------------------------

/// The name of a kind, an attribute or a heading, which the grammar takes without quotes only.
fn bare(name: &Name) -> Word {
    Word { text: name.as_str().to_string(), quoted: false, span: Span::default() }
}

/// A name where the grammar takes one in quotes, too: quoted if it would mean something else bare.
fn word(text: &str) -> Word {
    Word { text: text.to_string(), quoted: quote(text) != text, span: Span::default() }
}

fn quoted(text: &str) -> Quoted {
    Quoted { text: text.to_string(), span: Span::default() }
}

fn described(text: Text) -> Quoted {
    quoted(&text)
}

#[cfg(test)]
mod tests {
    use super::super::csv;
    use super::super::tests::{import_plan, seed, with_operations, with_statements};
    use super::statements;
    use crate::facts::Snapshot;

    /// Every claim as it would be stated, sorted; citations sorted, ids and order left out.
    fn claims(snapshot: &Snapshot) -> Vec<String> {
        let mut claims = Vec::new();
        snapshot.each_claim(&mut |thing, attribute, claim| {
            let mut stated = snapshot.stated(thing, attribute, claim);
            stated.evidence.citations.sort_by_key(|citation| format!("{citation:?}"));
            claims.push(format!("{stated:?}"));
        });
        claims.sort();
        claims
    }

    /// Dumps, loads and dumps again; gives the dump.
    fn round_trip(snapshot: &Snapshot) -> String {
        let dump = statements(snapshot);
        let loaded = with_statements(&Snapshot::default(), "dump", &dump);
        assert_eq!(claims(snapshot), claims(&loaded));
        assert_eq!(snapshot.things().count(), loaded.things().count());
        let again = statements(&loaded);
        for (number, (line, other)) in dump.lines().zip(again.lines()).enumerate() {
            assert_eq!(line, other, "line {}", number + 1);
        }
        assert_eq!(dump.len(), again.len());
        dump
    }

    fn dumped(text: &str) -> String {
        round_trip(&with_statements(&Snapshot::default(), "", text))
    }

    #[test]
    fn the_seed_comes_back() {
        assert!(round_trip(&seed()).contains("pattern learning_needs_both"));
    }

    #[test]
    fn an_empty_store_is_an_empty_text() {
        assert_eq!(statements(&Snapshot::default()), "");
    }

    #[test]
    fn statements_stand_in_an_order_in_which_they_load() {
        let dump = dumped(
            r#"
kind country plural countries
kind cluster "a place"
attribute country of cluster: country inverse clusters_within
attribute partner of cluster: cluster
attribute industry "of what" of cluster: one of cops, "in", "2005" under features
cluster penang "Penang" { }
country malaysia { }
source b_2002 { }
cluster bayan { partner: penang; country: malaysia [b_2002 "p. \"1\""] }
cluster penang { partner: bayan, industry: "in", industry: cops [b_2002] (hedged, in mid 1990s) }
assert penang.partner != penang
source a_1999 "A" { }
alias cops = complex_product_systems
alias penang = georgetown
assert penang.industry = "2005" "two\nlines" [b_2002 via a_1999 "p. 2"; a_1999]
retract bayan.partner = penang
"#,
        );
        let wanted = r#"kind country
kind cluster "a place"
attribute country of cluster: country inverse clusters_within
attribute partner of cluster: cluster
attribute industry "of what" of cluster: one of cops, "in", "2005" under features

source a_1999 "A" { }
source b_2002 { }
country malaysia { }
cluster bayan { }
cluster penang "Penang" { }

alias cops = complex_product_systems
alias penang = georgetown

cluster bayan {
  country: malaysia [b_2002 "p. \"1\""]
}
cluster penang {
  partner: bayan
  partner != penang
  industry: "in"
  industry: cops [b_2002] (hedged, in mid 1990s)
  industry: "2005" "two\nlines" [a_1999; b_2002 via a_1999 "p. 2"]
}

"#;
        assert_eq!(dump, wanted);
    }

    #[test]
    fn values_keep_the_words_of_the_source() {
        let dump = dumped(
            r#"
kind cluster
attribute size of cluster: number "firms"
attribute share of cluster: percent
attribute founded of cluster: year
attribute opened of cluster: date
attribute learns of cluster: yes/no
attribute place of cluster: many text
source a { }; source b { }; source c { }; source d { }
cluster penang {
  size: about 2000 [a]; size: > -5 [b]; size: 10..15.50 [c]; size: unknown "n.a." [d]
  share: 16.10% [a]; share: <= 5% [b]
  founded: mid 1990s [a]; founded: >= 1990 [b]; founded: 1990..1995 [c]; founded: 1988..1992 [d]
  opened: 2005-09-20 [a]; opened: 1995 [b]; opened: "20050920" [c]; opened: >= 1990 [d]
  learns != yes (since 1990, until 1998-02-01)
  place: ("Ward 1", soon, "unknown", "2000", "about 5")
  place != "\\ \"x\""
}
"#,
        );
        for line in [
            "  size: > -5 [b]",
            "  size: 10..15.50 [c]",
            "  size: unknown \"n.a.\" [d]",
            "  share: 16.10 [a]",
            "  founded: mid 1990s [a]",
            "  opened: \"20050920\" [c]",
            "  opened: >= 1990 [d]",
            "  learns: no (since 1990, until 1998-02-01)",
            "  place: \"unknown\"",
            "  place != \"\\\\ \\\"x\\\"\"",
        ] {
            assert!(dump.lines().any(|other| other == line), "{line}: {dump}");
        }
    }

    #[test]
    fn imported_things_come_back() {
        let store = with_statements(&Snapshot::default(), "", "kind cluster\nsource survey { }\n");
        let rows: String =
            (0..500).map(|row| format!("c {row},Title {row},{},{}%\n", row % 7, row % 5)).collect();
        let file = format!("id,title,size,share\n{rows}");
        let plan = import_plan(&store, "import \"c.csv\" as cluster name from id [survey \"t. 1\"] declare");
        let operations =
            csv::read(file.as_bytes(), "c.csv", &plan, store.vocabulary(), &store, &mut |_| Ok(())).unwrap();
        let dump = round_trip(&with_operations(&store, operations));
        assert!(
            dump.contains("cluster \"c 7\" {\n  size: 0 [survey \"t. 1\"]\n  share: 2 [survey \"t. 1\"]\n}")
        );
    }
}
