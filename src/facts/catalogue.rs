//! The store about itself: claims, patterns, kinds, attributes, values and commits as things that can be
//! asked for.

use super::column::{Column, Rows};
use super::snapshot::Snapshot;
use crate::model::Directory;
use crate::model::change::PackedText;
use crate::model::view::Distinct;
use crate::model::{
    Attribute, AttributeId, Claim, KindId, Name, Number, Period, Rule, Step, ThingId, Type, Value, Vocabulary,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

impl Snapshot {
    /// The snapshot with its own claims, patterns, kinds, attributes, values and commits as things. Built once.
    pub fn catalogue(&self) -> Arc<Snapshot> {
        let build = || {
            let mut built = self.to_be_changed();
            add_commits(&mut built, self);
            add_kinds(&mut built, self);
            add_attributes(&mut built, self);
            add_values(&mut built, self);
            add_patterns(&mut built, self);
            add_claims(&mut built, self);
            Arc::new(built)
        };
        self.catalogue.get_or_init(build).clone()
    }
}

/// Things of one kind, with columns that grow row by row.
struct Table<'a> {
    vocabulary: &'a Vocabulary,
    kind: KindId,
    names: PackedText,
    titles: PackedText,
    columns: Vec<Growing>,
}

/// A column by dictionary while rows are added.
struct Growing {
    attribute: AttributeId,
    many: bool,
    codes: Vec<u32>,
    ends: Vec<u32>,
    values: Vec<Value>,
    known: FxHashMap<Written, u32>,
}

/// A value together with how it is written: equal texts and numbers keep words of their own.
#[derive(PartialEq, Eq, Hash)]
struct Written(Value, Option<String>);

impl Written {
    fn new(value: &Value) -> Self {
        let words = match value {
            Value::Text(text) => Some(text.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::YesNo(_) | Value::Choice(_) | Value::Thing(_) => None,
        };
        Written(value.clone(), words)
    }
}

impl<'a> Table<'a> {
    fn new(vocabulary: &'a Vocabulary, kind: KindId) -> Self {
        let attributes = vocabulary.attributes_of(kind).iter();
        let empty = |attribute: &AttributeId| Growing {
            attribute: *attribute,
            many: vocabulary.attribute(*attribute).many,
            codes: Vec::new(),
            ends: Vec::new(),
            values: Vec::new(),
            known: FxHashMap::default(),
        };
        let columns = attributes.map(empty).collect();
        Table { vocabulary, kind, names: PackedText::default(), titles: PackedText::default(), columns }
    }

    /// Adds a thing; `values` gives those of an attribute by its name.
    fn add(&mut self, name: &str, title: &str, values: &dyn Fn(&str) -> Vec<Value>) {
        self.names.push(name);
        self.titles.push(title);
        for column in &mut self.columns {
            column.add(values(self.vocabulary.attribute(column.attribute).name.as_str()));
        }
    }

    fn finish(self, snapshot: &mut Snapshot) {
        if self.names.is_empty() {
            return;
        }
        let first = snapshot.things.add_packed(self.kind, self.names, self.titles);
        let columns = Arc::make_mut(&mut snapshot.columns);
        for Growing { attribute, codes, ends, values, .. } in self.columns {
            let column = Column::new(
                Rows::From(first),
                Distinct::Mixed(values),
                codes,
                ends,
                (0, 0, 0),
                Arc::default(),
            );
            columns.entry(attribute).or_default().push(Arc::new(column));
        }
    }
}

impl Growing {
    /// Adds a row.
    fn add(&mut self, values: Vec<Value>) {
        if values.is_empty() && !self.many {
            self.codes.push(0);
        }
        let takes = if self.many { usize::MAX } else { 1 };
        for value in values.into_iter().take(takes) {
            let next = self.values.len() as u32 + 1;
            let code = *self.known.entry(Written::new(&value)).or_insert(next);
            if code == next {
                self.values.push(value);
            }
            self.codes.push(code);
        }
        if self.many {
            self.ends.push(self.codes.len() as u32);
        }
    }
}

fn text(text: &str) -> Vec<Value> {
    vec![Value::Text(Name::new(text))]
}

fn texts(text: Option<&str>) -> Vec<Value> {
    text.map(|text| Value::Text(Name::new(text))).into_iter().collect()
}

/// A period as an interval of days, in its own words.
fn in_days(period: &Period) -> Value {
    Value::Number(Number::between(period.first.into(), period.last.into()).in_words(&period.text))
}

fn number(number: u64) -> Vec<Value> {
    vec![Value::Number(Number::from(i64::try_from(number).unwrap_or(i64::MAX)))]
}

fn things(things: impl IntoIterator<Item = ThingId>) -> Vec<Value> {
    let mut values: Vec<Value> = things.into_iter().map(Value::Thing).collect();
    values.sort();
    values.dedup();
    values
}

fn add_commits(built: &mut Snapshot, from: &Snapshot) {
    let mut table = Table::new(from.vocabulary(), KindId::COMMIT);
    for commit in from.commits() {
        let time = jiff::Timestamp::from_second(commit.time).map(|time| time.to_string()).unwrap_or_default();
        let title = format!("{} by {}", time, commit.author);
        table.add(&commit.number.to_string(), &title, &|attribute| match attribute {
            "number" => number(commit.number.into()),
            "time" => vec![Value::Number(Number::from(commit.time.div_euclid(86_400)).in_words(&time))],
            "author" => text(&commit.author),
            "operations" => number(commit.operations.into()),
            _ => Vec::new(),
        });
    }
    table.finish(built);
}

fn add_kinds(built: &mut Snapshot, from: &Snapshot) {
    let mut table = Table::new(from.vocabulary(), KindId::KIND);
    for (id, kind) in from.vocabulary().kinds() {
        let title = kind.description.as_deref().unwrap_or("");
        table.add(kind.name.as_str(), title, &|attribute| match attribute {
            "plural" => text(kind.plural.as_str()),
            "things" => number(how_many(from, id)),
            _ => Vec::new(),
        });
    }
    table.finish(built);
}

/// How many things of a kind there are, those of the catalogue included.
fn how_many(from: &Snapshot, kind: KindId) -> u64 {
    let vocabulary = from.vocabulary();
    match kind {
        KindId::CLAIM => {
            let mut count = 0;
            from.each_claim(&mut |_, _, _| count += 1);
            count
        }
        KindId::PATTERN => from.patterns().count() as u64,
        KindId::KIND => vocabulary.kinds().count() as u64,
        KindId::ATTRIBUTE => {
            vocabulary.attributes().filter(|(_, declared)| declared.kind.is_some()).count() as u64
        }
        KindId::COMMIT => from.commits().count() as u64,
        KindId::VALUE => vocabulary.attributes().map(|(_, declared)| choices(declared) as u64).sum(),
        _ => from.members(kind).len(),
    }
}

fn add_attributes(built: &mut Snapshot, from: &Snapshot) {
    let vocabulary = from.vocabulary();
    let counts = claims_by_attribute(from);
    let mut table = Table::new(vocabulary, KindId::ATTRIBUTE);
    for (id, declared) in vocabulary.attributes() {
        let Some(kind) = declared.kind else { continue };
        let title = declared.description.as_deref().unwrap_or("");
        let of = built.things.find(KindId::KIND, vocabulary.kind(kind).name.folded());
        let heading = declared.heading.as_ref().map(Name::as_str);
        let inverse = declared.inverse.as_ref().map(Name::as_str);
        table.add(declared.name.as_str(), title, &|attribute| match attribute {
            "of" => things(of),
            "type" => text(&type_in_words(&declared.value_type, vocabulary)),
            "many" => vec![Value::YesNo(declared.many)],
            "heading" => texts(heading),
            "inverse" => texts(inverse),
            "claims" => number(counts.get(&id).copied().unwrap_or(0)),
            _ => Vec::new(),
        });
    }
    table.finish(built);
}

/// How many values an attribute names.
fn choices(declared: &Attribute) -> usize {
    declared.value_type.choices().len()
}

/// The values that attributes name: one thing for each, although several may share a name.
fn add_values(built: &mut Snapshot, from: &Snapshot) {
    let vocabulary = from.vocabulary();
    let mut counts: FxHashMap<(AttributeId, u32), u64> = FxHashMap::default();
    from.each_claim(&mut |_, attribute, claim| {
        if let Some(Value::Choice(at)) = claim.value {
            *counts.entry((attribute, at)).or_insert(0) += 1;
        }
    });
    let mut aliases: FxHashMap<&Name, Vec<Value>> = FxHashMap::default();
    for (alias, known) in vocabulary.aliases() {
        aliases.entry(known).or_default().push(Value::Text(alias.clone()));
    }
    let mut table = Table::new(vocabulary, KindId::VALUE);
    for (id, declared) in vocabulary.attributes() {
        for (at, value) in (0..).zip(declared.value_type.choices()) {
            let title = declared.meaning(value).map_or("", |meaning| meaning);
            table.add(value.as_str(), title, &|attribute| match attribute {
                "of" => things(attribute_thing(built, vocabulary, id)),
                "place" => number(u64::from(at) + 1),
                "aliases" => aliases.get(value).cloned().unwrap_or_default(),
                "claims" => number(counts.get(&(id, at)).copied().unwrap_or(0)),
                _ => Vec::new(),
            });
        }
    }
    table.finish(built);
}

/// The thing of an attribute; attributes of several kinds may share a name, and this very one is meant.
fn attribute_thing(built: &Snapshot, vocabulary: &Vocabulary, id: AttributeId) -> Option<ThingId> {
    let mut declared = vocabulary.attributes().filter(|(_, attribute)| attribute.kind.is_some());
    let at = declared.position(|(other, _)| other == id)?;
    built.things.members(KindId::ATTRIBUTE).select(at as u32).map(ThingId)
}

fn claims_by_attribute(from: &Snapshot) -> FxHashMap<AttributeId, u64> {
    let mut counts = FxHashMap::default();
    from.each_claim(&mut |_, attribute, _| *counts.entry(attribute).or_insert(0) += 1);
    counts
}

/// A type as it is declared.
pub fn type_in_words(value_type: &Type, vocabulary: &Vocabulary) -> String {
    let list = |names: &[Name], between: &str| {
        names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(between)
    };
    match value_type {
        Type::Text => "text".to_string(),
        Type::Number { unit: Some(unit) } => format!("number \"{unit}\""),
        Type::Number { unit: None } => "number".to_string(),
        Type::Percent => "percent".to_string(),
        Type::Year => "year".to_string(),
        Type::Date => "date".to_string(),
        Type::YesNo => "yes/no".to_string(),
        Type::OneOf(names) => format!("one of {}", list(names, ", ")),
        Type::Scale(names) => format!("scale {}", list(names, " < ")),
        Type::Thing(kind) => vocabulary.kind(*kind).name.to_string(),
        Type::AnyThing => "any thing".to_string(),
    }
}

fn add_patterns(built: &mut Snapshot, from: &Snapshot) {
    let vocabulary = from.vocabulary();
    let mut table = Table::new(vocabulary, KindId::PATTERN);
    let attribute_thing = |id: AttributeId| attribute_thing(built, vocabulary, id);
    for pattern in from.patterns() {
        let title = pattern.title.as_deref().unwrap_or("");
        let mut reads: Vec<Step> = Vec::new();
        pattern.condition().each_test(&mut |test, _| {
            test.each_path(&mut |path, _| reads.extend(path.steps.iter().copied()));
        });
        let conclusions = match &pattern.rule {
            Rule::Sufficient { then, .. } => then.iter().collect::<Vec<_>>(),
            Rule::Necessary { conclusion, .. } => vec![conclusion],
        };
        let kinds = pattern.variables.iter();
        let kind_thing = |kind: KindId| built.things.find(KindId::KIND, vocabulary.kind(kind).name.folded());
        let kinds: Vec<Value> = things(kinds.filter_map(|variable| kind_thing(variable.kind)));
        let names = |cases: &[ThingId]| {
            cases.iter().map(|case| Value::Text(Name::new(&from.things.name(*case)))).collect::<Vec<_>>()
        };
        let citations = &pattern.evidence.citations;
        table.add(pattern.name.as_str(), title, &|attribute| match attribute {
            "statement" => text(&pattern.statement),
            "kinds" => kinds.clone(),
            "concludes" => things(conclusions.iter().filter_map(|c| attribute_thing(c.attribute))),
            "reads" => things(reads.iter().filter_map(|step| attribute_thing(step.attribute))),
            "seen_in" => names(&pattern.seen_in),
            "against" => names(&pattern.against),
            "sources" => things(citations.iter().map(|citation| citation.source)),
            "locator" => citations.iter().filter_map(|c| texts(c.locator.as_deref()).pop()).collect(),
            "hedged" => vec![Value::YesNo(pattern.evidence.hedged)],
            _ => Vec::new(),
        });
    }
    table.finish(built);
}

fn add_claims(built: &mut Snapshot, from: &Snapshot) {
    let mut claims: Vec<(ThingId, AttributeId, Claim)> = Vec::new();
    from.each_claim(&mut |thing, attribute, claim| claims.push((thing, attribute, claim.clone())));
    claims.sort_by_key(|(_, _, claim)| claim.id);
    let mut table = Table::new(from.vocabulary(), KindId::CLAIM);
    for (thing, attribute, claim) in &claims {
        let value = claim.value.as_ref().map(|value| from.value_in_words(*attribute, value));
        let evidence = &claim.evidence;
        let commit = built.things.find(KindId::COMMIT, &claim.id.commit.to_string());
        let period = |period: &Option<Period>| period.iter().map(in_days).collect::<Vec<_>>();
        table.add(
            &claim.id.to_string(),
            &from.claim_in_words(*thing, *attribute, claim),
            &|name| match name {
                "subject" => vec![Value::Thing(*thing)],
                "attribute" => text(from.vocabulary().attribute(*attribute).name.as_str()),
                "value" => texts(value.as_deref()),
                "denied" => vec![Value::YesNo(claim.denied)],
                "sources" => things(evidence.citations.iter().map(|citation| citation.source)),
                "via" => things(evidence.citations.iter().filter_map(|citation| citation.via)),
                "locator" => {
                    let locators = evidence
                        .citations
                        .iter()
                        .filter_map(|citation| texts(citation.locator.as_deref()).pop());
                    let mut locators: Vec<Value> = locators.collect();
                    locators.dedup();
                    locators
                }
                "hedged" => vec![Value::YesNo(evidence.hedged)],
                "in" => period(&evidence.when.observed),
                "since" => period(&evidence.when.since),
                "until" => period(&evidence.when.until),
                "note" => texts(claim.note.as_deref()),
                "commit" => things(commit),
                _ => Vec::new(),
            },
        );
    }
    table.finish(built);
}

impl Snapshot {
    /// A value in words.
    pub fn value_in_words(&self, attribute: AttributeId, value: &Value) -> String {
        match value {
            Value::Number(number) => number.to_string(),
            Value::YesNo(true) => "yes".to_string(),
            Value::YesNo(false) => "no".to_string(),
            Value::Choice(at) => {
                let choices = self.vocabulary.attribute(attribute).value_type.choices();
                choices.get(*at as usize).map(|name| name.to_string()).unwrap_or_default()
            }
            Value::Thing(thing) => self.things.name(*thing).to_string(),
            Value::Text(text) => text.to_string(),
        }
    }

    /// A statement in words: `jepara_furniture.small_firms = > 2000`, or its denial.
    pub fn statement_in_words(
        &self,
        thing: ThingId,
        attribute: AttributeId,
        value: &Value,
        denied: bool,
    ) -> String {
        let (subject, name) = (self.things.name(thing), &self.vocabulary.attribute(attribute).name);
        let sign = if denied { "!=" } else { "=" };
        format!("{subject}.{name} {sign} {}", self.value_in_words(attribute, value))
    }

    /// A statement as it can be asserted or supposed: names are quoted where they must be, and have their
    /// kind before them where another kind has the same name.
    pub fn assertable(&self, thing: ThingId, attribute: AttributeId, value: &Value, denied: bool) -> String {
        let name = |thing: ThingId| {
            let name = bare_or_quoted(&self.things.name(thing));
            match self.find_all(&self.things.name(thing)).len() {
                0 | 1 => name,
                _ => format!("{} {name}", self.vocabulary.kind(self.things.kind(thing)).name),
            }
        };
        let value = match value {
            Value::Thing(thing) => name(*thing),
            Value::Text(text) => quoted(text.as_str()),
            Value::Choice(_) => bare_or_quoted(&self.value_in_words(attribute, value)),
            Value::Number(_) | Value::YesNo(_) => self.value_in_words(attribute, value),
        };
        let sign = if denied { "!=" } else { "=" };
        format!("{}.{} {sign} {value}", name(thing), self.vocabulary.attribute(attribute).name)
    }

    /// A claim in words: `jepara_furniture.small_firms = > 2000`.
    pub fn claim_in_words(&self, thing: ThingId, attribute: AttributeId, claim: &Claim) -> String {
        match &claim.value {
            Some(value) => self.statement_in_words(thing, attribute, value, claim.denied),
            None => {
                format!("{}.{} unknown", self.things.name(thing), self.vocabulary.attribute(attribute).name)
            }
        }
    }
}

/// A name as it is typed; words that mean something else where a value may stand are quoted.
fn bare_or_quoted(name: &str) -> String {
    const TAKEN: [&str; 7] = ["unknown", "about", "early", "mid", "late", "count", "possibly"];
    let is_letter = |c: char| c.is_alphabetic() || c == '_';
    let is_word = name.starts_with(is_letter)
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && !TAKEN.contains(&name.to_lowercase().as_str());
    if is_word { name.to_string() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t")
    )
}
