//! What may stand at the cursor of a statement that is being typed: the names that fit there, each with what it
//! is. A newcomer reads the vocabulary here.

use super::Resolver;
use crate::model::{AttributeId, KindId, Name, Step, ThingId, Type, fold};
use crate::syntax::{Cursor, STATEMENT_WORDS, quote};

/// A name that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name as it is typed: in quotes where it must be.
    pub text: String,
    /// What it is; empty for a word of the language.
    pub description: String,
}

/// So many offers are worth reading.
pub const MOST_OFFERS: usize = 500;

/// With these a clause of a question begins, or goes on.
const CLAUSES: [&str; 14] = [
    "where",
    "show",
    "about",
    "for",
    "by",
    "order by",
    "limit",
    "with sources",
    "as of commit",
    "in",
    "ever",
    "without",
    "and",
    "or",
];

/// The signs between an attribute and its value.
const COMPARISONS: [&str; 7] = ["=", "!=", "<", "<=", ">", ">=", ":"];

impl Resolver<'_> {
    /// The names that fit at the cursor and begin with what is typed of them; at most [`MOST_OFFERS`].
    pub fn offers(&self, cursor: &Cursor<'_>) -> Vec<Offer> {
        let mut offers = Offers { prefix: fold(cursor.prefix), found: Vec::new() };
        self.offer(&cursor.before, &mut offers);
        offers.found.truncate(MOST_OFFERS);
        offers.found
    }

    fn offer(&self, before: &[&str], offers: &mut Offers) {
        let Some((&last, earlier)) = before.split_last() else { return self.offer_statements(offers) };
        let word = last.to_ascii_lowercase();
        if word == "." {
            return self.offer_steps(before, offers);
        }
        if let Some(attributes) = self.attributes_compared(before) {
            return attributes.into_iter().for_each(|attribute| self.offer_values(attribute, offers));
        }
        match word.as_str() {
            "where" | "and" | "or" | "not" | "when" | "then" | "possibly" | "show" | "per" | "requires" => {
                self.offer_attributes(before, offers);
            }
            "of" if is(earlier.last(), &["attributes"]) => self.offer_kinds(offers),
            "of" if is(earlier.last(), &["values"]) => {
                self.offer_own_attributes(|of| !of.choices().is_empty(), offers);
            }
            "of" if is(earlier.last(), &["count"]) => self.offer_attributes(before, offers),
            "of" => {
                self.offer_kinds(offers);
                self.offer_things(None, offers);
            }
            "describe" | "about" | "history" | "compare" | "for" | "gaps" => {
                if matches!(word.as_str(), "compare" | "for") {
                    self.offer_kinds(offers);
                }
                self.offer_things(None, offers);
                if word == "describe" {
                    self.offer_own_attributes(|_| true, offers);
                    self.offer_all_values(offers);
                }
            }
            "without" | "on" | "via" | "[" => self.offer_things(Some(KindId::SOURCE), offers),
            "by" => {
                self.offer_headings(before, offers);
                self.offer_attributes(before, offers);
            }
            "why" | "assert" | "retract" | "suppose" | "if" => self.offer_things(None, offers),
            "," | "{" | "(" => self.offer_further(before, offers),
            _ => CLAUSES.iter().for_each(|clause| offers.add_word(clause)),
        }
    }

    /// Behind a comma or an opening bracket: as behind the word that began the list.
    fn offer_further(&self, before: &[&str], offers: &mut Offers) {
        const OPENING: [&str; 9] = ["show", "by", "where", "and", "or", "compare", "without", "on", "{"];
        let began = before.iter().rposition(|word| OPENING.contains(&word.to_ascii_lowercase().as_str()));
        match began {
            Some(at) if before[at] == "{" => self.offer_attributes(before, offers),
            Some(at) if at + 1 < before.len() => self.offer(&before[..=at], offers),
            Some(_) => self.offer_attributes(before, offers),
            None => self.offer_statements(offers),
        }
    }

    // ---- what fits ------------------------------------------------------------------------------

    fn offer_statements(&self, offers: &mut Offers) {
        for (_, kind) in self.vocabulary.kinds() {
            offers.add(kind.plural.as_str(), kind.description.as_deref().unwrap_or(""));
        }
        STATEMENT_WORDS.iter().for_each(|word| offers.add_word(word));
        // There are many things; whoever means one has begun its name.
        if !offers.prefix.is_empty() {
            self.offer_things(None, offers);
        }
    }

    fn offer_kinds(&self, offers: &mut Offers) {
        for (_, kind) in self.vocabulary.kinds() {
            offers.add(kind.name.as_str(), kind.description.as_deref().unwrap_or(""));
        }
    }

    fn offer_things(&self, kind: Option<KindId>, offers: &mut Offers) {
        for name in self.thing_names(kind) {
            let thing = match kind {
                Some(kind) => self.directory.find(kind, name.as_str()),
                None => self.things(name.as_str()).first().copied(),
            };
            let description = thing.map(|thing| self.described_as(thing)).unwrap_or_default();
            offers.add(name.as_str(), &description);
        }
    }

    /// The title of a thing, or its kind.
    fn described_as(&self, thing: ThingId) -> String {
        let kind = || self.kind_name(self.directory.kind_of(thing)).to_string();
        self.directory.title_of(thing).map_or_else(kind, |title| title.to_string())
    }

    /// The attributes that a condition or a column can name: of what is asked for, and of what it may describe.
    fn offer_attributes(&self, before: &[&str], offers: &mut Offers) {
        for kind in self.kinds_asked(before) {
            self.offer_steps_of(kind, offers);
        }
        if is(before.last(), &["where", "and", "or", "when", "requires"]) {
            ["not", "possibly", "count of"].iter().for_each(|word| offers.add_word(word));
        }
    }

    fn offer_steps_of(&self, kind: KindId, offers: &mut Offers) {
        for name in self.vocabulary.step_names(kind) {
            let description = match self.vocabulary.step(kind, name.as_str()) {
                Some(step) if step.inverse => self.way_back(step),
                Some(step) => self.attribute_described(step.attribute),
                None => String::new(),
            };
            offers.add(name.as_str(), &description);
        }
    }

    fn way_back(&self, step: Step) -> String {
        let attribute = self.vocabulary.attribute(step.attribute);
        let owner = attribute.kind.map(|kind| self.vocabulary.kind(kind).plural.to_string());
        format!("the {} whose {} it is", owner.unwrap_or_default(), attribute.name)
    }

    fn attribute_described(&self, id: AttributeId) -> String {
        self.vocabulary.attribute(id).description.as_deref().unwrap_or("").to_string()
    }

    /// The attributes of all kinds that can be stated, as far as their type fits.
    fn offer_own_attributes(&self, fits: impl Fn(&Type) -> bool, offers: &mut Offers) {
        for (id, attribute) in self.vocabulary.attributes() {
            let stated = attribute.kind.is_some_and(|kind| !kind.is_catalogue());
            if stated && fits(&attribute.value_type) {
                offers.add(attribute.name.as_str(), &self.attribute_described(id));
            }
        }
    }

    fn offer_headings(&self, before: &[&str], offers: &mut Offers) {
        for heading in self.kinds_asked(before).into_iter().flat_map(|kind| self.vocabulary.headings(kind)) {
            offers.add(heading.as_str(), "a heading: all attributes under it");
        }
    }

    fn offer_values(&self, id: AttributeId, offers: &mut Offers) {
        let attribute = self.vocabulary.attribute(id);
        match &attribute.value_type {
            Type::YesNo => ["yes", "no"].iter().for_each(|value| offers.add_word(value)),
            Type::Thing(kind) => self.offer_things(Some(*kind), offers),
            value_type => {
                for value in value_type.choices() {
                    offers.add(value.as_str(), attribute.meaning(value).map_or("", |meaning| meaning));
                }
                self.offer_aliases(value_type.choices(), offers);
            }
        }
    }

    fn offer_all_values(&self, offers: &mut Offers) {
        for (_, attribute) in self.vocabulary.attributes() {
            for value in attribute.value_type.choices() {
                offers.add(value.as_str(), attribute.meaning(value).map_or("", |meaning| meaning));
            }
        }
    }

    /// Other words for the values, for whoever has begun one.
    fn offer_aliases(&self, values: &[Name], offers: &mut Offers) {
        if offers.prefix.is_empty() {
            return;
        }
        for (alias, known) in self.vocabulary.aliases() {
            if values.contains(known) {
                offers.add(alias.as_str(), &format!("another word for {known}"));
            }
        }
    }

    // ---- what is meant by what stands before ------------------------------------------------------

    /// The kinds whose attributes may stand in the conditions and columns of a statement.
    fn kinds_asked(&self, before: &[&str]) -> Vec<KindId> {
        // `pattern name { for cluster ...` is about clusters.
        let declares = usize::from(is(before.first(), &["pattern"]));
        let named = before.iter().skip(declares).find_map(|word| {
            let word = word.trim_matches('"');
            let of_thing = || self.things(word).first().map(|thing| self.directory.kind_of(*thing));
            self.vocabulary.find_kind(word).or_else(of_thing)
        });
        let Some(kind) = named else {
            return self
                .vocabulary
                .kinds()
                .map(|(kind, _)| kind)
                .filter(|kind| !kind.is_catalogue())
                .collect();
        };
        let described = self.vocabulary.context_for(kind).map(|context| context.kind);
        described.into_iter().chain([kind]).collect()
    }

    /// The attributes to whose values the last sign compares, or that an entry of a block states.
    fn attributes_compared(&self, before: &[&str]) -> Option<Vec<AttributeId>> {
        let (last, earlier) = before.split_last()?;
        let path = match *last {
            sign if COMPARISONS.contains(&sign) => earlier,
            "(" | "," => {
                // `industry in (cops, ...)`, `recommended: (a, ...)`: the list began behind the attribute.
                let opening = before.iter().rposition(|word| *word == "(")?;
                let (sign, path) = before[..opening].split_last()?;
                let begins_list = sign.eq_ignore_ascii_case("in") || COMPARISONS.contains(sign);
                if begins_list { path } else { return None }
            }
            _ => return None,
        };
        let steps = dotted(path);
        let (name, owners) = steps.split_last()?;
        let kinds =
            if owners.is_empty() { self.kinds_asked(before) } else { self.reached_kinds(owners, before) };
        let find = |kind: KindId| self.vocabulary.step(kind, name).filter(|step| !step.inverse);
        let found: Vec<AttributeId> = kinds.into_iter().filter_map(find).map(|step| step.attribute).collect();
        Some(found)
    }

    /// Behind a `.`: what the path before it leads to.
    fn offer_steps(&self, before: &[&str], offers: &mut Offers) {
        let steps = dotted(&before[..before.len() - 1]);
        for kind in self.reached_kinds(&steps, before) {
            self.offer_steps_of(kind, offers);
        }
    }

    /// The kinds of what a path leads to. It begins with a thing, a kind (`values of cluster.industry`) or an
    /// attribute.
    fn reached_kinds(&self, steps: &[&str], before: &[&str]) -> Vec<KindId> {
        let Some((root, steps)) = steps.split_first() else { return Vec::new() };
        let root = root.trim_matches('"');
        let things = self.things(root);
        let mut kinds: Vec<KindId> = match self.vocabulary.find_kind(root) {
            _ if !things.is_empty() => things.iter().map(|thing| self.directory.kind_of(*thing)).collect(),
            Some(kind) => vec![kind],
            None => self.kinds_asked(before).into_iter().filter_map(|kind| self.led_to(kind, root)).collect(),
        };
        for step in steps {
            kinds = kinds.into_iter().filter_map(|kind| self.led_to(kind, step)).collect();
        }
        kinds
    }

    fn led_to(&self, kind: KindId, step: &str) -> Option<KindId> {
        match self.reached(self.vocabulary.step(kind, step)?).0 {
            Type::Thing(kind) => Some(kind),
            _ => None,
        }
    }
}

/// Whether the word is one of these.
fn is(word: Option<&&str>, words: &[&str]) -> bool {
    word.is_some_and(|word| words.iter().any(|other| other.eq_ignore_ascii_case(word)))
}

/// The names of the path that the words end in.
fn dotted<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut steps = Vec::new();
    let mut rest = words;
    while let Some((name, before)) = rest.split_last() {
        steps.push(*name);
        match before.split_last() {
            Some((&".", further)) => rest = further,
            _ => break,
        }
    }
    steps.reverse();
    steps
}

/// Offers that begin with what is typed.
struct Offers {
    prefix: String,
    found: Vec<Offer>,
}

impl Offers {
    /// A name, in quotes where it could not stand bare.
    fn add(&mut self, name: &str, description: &str) {
        self.add_as(name, quote(name), description);
    }

    /// Words of the language.
    fn add_word(&mut self, word: &str) {
        self.add_as(word, word.to_string(), "");
    }

    fn add_as(&mut self, name: &str, text: String, description: &str) {
        let fits = fold(name).starts_with(&self.prefix) && self.found.len() < MOST_OFFERS;
        if fits && !self.found.iter().any(|offer| offer.text == text) {
            self.found.push(Offer { text, description: description.to_string() });
        }
    }
}
