//! Kinds, things and attributes by name; what a misspelt name may have meant.

use super::Resolver;
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::ThingName;
use crate::model::{Attribute, AttributeId, KindId, Name, Step, ThingId, Type, fold};
use crate::syntax::quote;
use crate::syntax::tree::{Root, Subject, Word};
use std::borrow::Cow;

/// The most characters that a declared name may have.
const MAX_NAME: usize = 200;

/// How many names a message lists before it says how many more there are.
const LISTED: usize = 8;

/// A name for something new: not too long, and not empty once folded.
pub(crate) fn new_name(word: &Word) -> Result<Name> {
    if word.text.chars().count() > MAX_NAME {
        let message = format!("a name has at most {MAX_NAME} characters");
        return Err(Error::new(ErrorKind::Limit, message).at(word.span));
    }
    let name = Name::new(&word.text);
    if name.folded().is_empty() {
        return Err(Error::meaning(format!("`{name}` cannot be a name"))
            .at(word.span)
            .note("`-`, `_` and blanks do not count in names; one letter or digit is needed"));
    }
    Ok(name)
}

/// The names in a row, as in "a, b or c"; long rows are cut.
pub(crate) fn listed(names: &[Name], last: &str) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match (names.len().saturating_sub(LISTED), shown.as_slice()) {
        (0, [start @ .., end]) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        (0, _) => shown.concat(),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The name with its article: "a cluster", "an intervention".
pub(super) fn one(kind: &Name) -> String {
    let vowel = kind.folded().starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}

/// How far a typed name is from a known one; `None` where nobody would take one for the other.
///
/// Both are folded. Near are names that differ by a few letters (at most a third of them, at most
/// four), and those that the typed one begins.
fn distance(typed: &str, known: &str) -> Option<usize> {
    let length = typed.chars().count();
    if length < 2 {
        return None;
    }
    let longest = length.max(known.chars().count());
    let reach = (longest / 3).clamp(1, 4);
    let letters = strsim::osa_distance(typed, known);
    if letters <= reach && letters < length {
        return Some(letters);
    }
    (length >= 4 && known.starts_with(typed)).then_some(reach + 1)
}

impl Resolver<'_> {
    /// The one of `names` that `typed` may have meant, by its own name or by an alias of it.
    pub(super) fn closest(&self, typed: &str, names: &[Name]) -> Option<Name> {
        let typed = fold(typed);
        let direct = names.iter().map(|name| (name.folded(), name));
        let aliases = self.vocabulary.aliases();
        let aliased = aliases.iter().filter(|(_, known)| names.contains(known));
        let other = aliased.map(|(alias, known)| (alias.folded(), *known));
        let near = direct.chain(other).filter_map(|(spelt, name)| Some((distance(&typed, spelt)?, name)));
        near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name.clone())
    }

    /// The error at the word, with the nearest of `names` as a suggestion.
    pub(crate) fn mend(&self, error: Error, word: &Word, names: &[Name]) -> Error {
        let error = error.at(word.span);
        match self.closest(&word.text, names) {
            Some(name) => error.suggest(word.span, quote(name.as_str())),
            None => error,
        }
    }

    // ---- kinds ----------------------------------------------------------------------------------

    /// The kind of this name, singular, plural or alias.
    pub(super) fn find_kind(&self, name: &str) -> Option<KindId> {
        let vocabulary = self.vocabulary;
        vocabulary.find_kind(name).or_else(|| vocabulary.find_kind(vocabulary.alias(name)?.as_str()))
    }

    /// The kind that a word names.
    pub(super) fn kind(&self, word: &Word) -> Result<KindId> {
        self.find_kind(&word.text).ok_or_else(|| self.no_kind(word))
    }

    /// That no kind has this name.
    pub(super) fn no_kind(&self, word: &Word) -> Error {
        let names: Vec<Name> =
            self.vocabulary.kinds().flat_map(|(_, kind)| [kind.name.clone(), kind.plural.clone()]).collect();
        let error = self.mend(Error::unknown(format!("no kind `{}`", word.text)), word, &names);
        if error.report().suggestion.is_some() {
            return error;
        }
        error.note("`kinds` lists them; a new one is declared: `kind NAME \"what it is\"`")
    }

    /// The kind that a word names, unless its things are made by the store itself.
    pub(super) fn stated_kind(&self, word: &Word) -> Result<KindId> {
        let kind = self.kind(word)?;
        if kind.is_catalogue() { Err(self.catalogue(kind).at(word.span)) } else { Ok(kind) }
    }

    /// That nothing can be stated of things of this kind.
    pub(super) fn catalogue(&self, kind: KindId) -> Error {
        let plural = &self.vocabulary.kind(kind).plural;
        Error::meaning(format!("{plural} are kept by the store itself; nothing can be stated of them"))
    }

    /// The name of a kind, for messages.
    pub(crate) fn kind_name(&self, kind: KindId) -> &Name {
        &self.vocabulary.kind(kind).name
    }

    // ---- things ---------------------------------------------------------------------------------

    /// A root as the word it is or is bound to.
    pub(super) fn root_word<'t>(&self, root: &'t Root) -> Result<Cow<'t, Word>> {
        match root {
            Root::Word(word) => Ok(Cow::Borrowed(word)),
            Root::Parameter(name) => self.parameter_word(name).map(Cow::Owned),
        }
    }

    /// The thing that a subject names.
    pub(super) fn subject(&self, subject: &Subject) -> Result<ThingId> {
        let name = self.root_word(&subject.name)?;
        match &subject.kind {
            Some(kind) => self.thing_of(self.kind(kind)?, &name),
            None => self.thing(&name),
        }
    }

    /// The things of this name over all kinds; those that the store makes itself only where there is no
    /// other.
    pub(super) fn things(&self, name: &str) -> Vec<ThingId> {
        let all = self.directory.find_all(name);
        let stated = |thing: &ThingId| !self.directory.kind_of(*thing).is_catalogue();
        if all.iter().any(stated) { all.into_iter().filter(stated).collect() } else { all }
    }

    /// The one thing of this name over all kinds.
    pub(super) fn thing(&self, word: &Word) -> Result<ThingId> {
        match self.things(&word.text).as_slice() {
            [] => Err(self.no_thing(word)),
            [thing] => Ok(*thing),
            several => Err(self.ambiguous(word, several)),
        }
    }

    /// The thing of this kind and name.
    pub(super) fn thing_of(&self, kind: KindId, word: &Word) -> Result<ThingId> {
        self.directory.find(kind, &word.text).ok_or_else(|| self.no_thing_of(kind, word))
    }

    /// The names of things that a misspelt one may have meant; aliases are left to [`Self::closest`].
    pub(super) fn thing_names(&self, kind: Option<KindId>) -> Vec<Name> {
        let names = self.directory.names(kind).into_iter();
        names.filter(|name| self.vocabulary.alias(name.as_str()).is_none()).collect()
    }

    /// A thing as commits name it.
    pub(super) fn thing_name(&self, thing: ThingId) -> ThingName {
        let kind = self.kind_name(self.directory.kind_of(thing)).clone();
        ThingName { kind, name: self.directory.name_of(thing) }
    }

    /// That no thing has this name.
    pub(super) fn no_thing(&self, word: &Word) -> Error {
        let error = Error::unknown(format!("no thing `{}`", word.text));
        let error = self.mend(error, word, &self.thing_names(None));
        let name = quote(&word.text);
        let headed =
            |(_, attribute): &(AttributeId, &Attribute)| attribute.heading == Some(Name::new(&word.text));
        match self.vocabulary.attributes().find(headed).and_then(|(_, attribute)| attribute.kind) {
            Some(kind) => error.note(format!(
                "it is a heading: `compare {} by {name}`, `attributes where heading = {name}`",
                self.vocabulary.kind(kind).plural
            )),
            None => error.note(format!(
                "a new thing is stated with its kind and braces: `KIND {name} \"Title\" {{ }}`"
            )),
        }
    }

    fn no_thing_of(&self, kind: KindId, word: &Word) -> Error {
        let name = self.kind_name(kind);
        let error = Error::unknown(format!("no {name} `{}`", word.text));
        let error = self.mend(error, word, &self.thing_names(Some(kind)));
        if kind.is_catalogue() {
            return error;
        }
        match self.things(&word.text).first() {
            Some(&other) => {
                let other = self.kind_name(self.directory.kind_of(other));
                error.note(format!("`{}` is {}", word.text, one(other)))
            }
            None => error.note(format!("add it first: `{name} {} \"Title\" {{ }}`", quote(&word.text))),
        }
    }

    fn ambiguous(&self, word: &Word, things: &[ThingId]) -> Error {
        let kinds: Vec<Name> =
            things.iter().map(|&thing| self.kind_name(self.directory.kind_of(thing)).clone()).collect();
        let full: Vec<String> =
            kinds.iter().map(|kind| format!("{} {}", quote(kind.as_str()), quote(&word.text))).collect();
        let error = Error::meaning(format!("`{}` names things of several kinds", word.text)).at(word.span);
        let error = error.note(format!("write `{}`", full.join("` or `")));
        match full.into_iter().next() {
            Some(first) => error.suggest(word.span, first),
            None => error,
        }
    }

    // ---- patterns -------------------------------------------------------------------------------

    /// The name of a pattern that there is.
    pub(super) fn pattern_named(&self, word: &Word) -> Result<Name> {
        if self.directory.has_pattern(&word.text) {
            return Ok(Name::new(&word.text));
        }
        let error = Error::unknown(format!("no pattern `{}`", word.text));
        Err(self.mend(error, word, &self.directory.pattern_names()))
    }

    // ---- attributes -----------------------------------------------------------------------------

    /// What the word means as a step from a thing of this kind.
    pub(super) fn step(&self, kind: KindId, word: &Word) -> Result<Step> {
        self.vocabulary.step(kind, &word.text).ok_or_else(|| self.no_attribute(kind, word, &[]))
    }

    /// The attribute of this kind of which something can be stated: declared, and not an inverse.
    pub(crate) fn attribute(&self, kind: KindId, word: &Word) -> Result<AttributeId> {
        let step = self.step(kind, word)?;
        let attribute = self.vocabulary.attribute(step.attribute);
        let Some(owner) = attribute.kind else {
            let name = &attribute.name;
            let error = Error::meaning(format!("the {name} of a thing is not an attribute to be stated"));
            return Err(error.at(word.span).note(
                "name and title stand before the braces: `cluster penang \"Penang electronics\" { }`",
            ));
        };
        if step.inverse {
            let (owner, name) = (self.kind_name(owner), &attribute.name);
            let error =
                Error::meaning(format!("`{}` is only read, as the inverse of {owner}.{name}", word.text));
            return Err(error.at(word.span).note(format!("state `{name}` of the {owner} instead")));
        }
        Ok(step.attribute)
    }

    /// That this kind has no such attribute; `more` are further names that were possible.
    pub(crate) fn no_attribute(&self, kind: KindId, word: &Word, more: &[Name]) -> Error {
        let owner = self.kind_name(kind);
        let mut names = self.vocabulary.step_names(kind);
        names.extend_from_slice(more);
        let error = Error::unknown(format!("no attribute `{}` of {owner}", word.text));
        let error = self.mend(error, word, &names);
        let others: Vec<Name> =
            self.owners(&word.text).into_iter().map(|(kind, _)| self.kind_name(kind).clone()).collect();
        if let Some(back) = self.way_to(kind, &word.text) {
            return error.note(format!("`{back}` leads from {} to its {}", one(owner), word.text));
        }
        if !self.vocabulary.under(kind, &word.text).is_empty() {
            let plural = &self.vocabulary.kind(kind).plural;
            return error.note(format!("it is a heading: `compare {plural} by {}`", quote(&word.text)));
        }
        if others.is_empty() { error } else { error.note(format!("{} has it", listed(&others, "and"))) }
    }

    /// Where the name is that of another kind: the inverse that leads from a thing of this kind to those of that.
    fn way_to(&self, kind: KindId, name: &str) -> Option<&Name> {
        let other = self.vocabulary.find_kind(name)?;
        let mut back = self.vocabulary.attributes_of(other).iter().map(|id| self.vocabulary.attribute(*id));
        back.find_map(|attribute| {
            attribute.inverse.as_ref().filter(|_| attribute.value_type == Type::Thing(kind))
        })
    }

    /// The kinds that can be stated and from which this name is a step, with the step.
    pub(super) fn owners(&self, name: &str) -> Vec<(KindId, Step)> {
        let kinds = self.vocabulary.kinds().filter(|(kind, _)| !kind.is_catalogue());
        kinds.filter_map(|(kind, _)| Some((kind, self.vocabulary.step(kind, name)?))).collect()
    }

    /// What a step leads to, and whether to many.
    pub(super) fn reached(&self, step: Step) -> (Type, bool) {
        let attribute = self.vocabulary.attribute(step.attribute);
        match attribute.kind {
            Some(owner) if step.inverse => (Type::Thing(owner), true),
            _ => (attribute.value_type.clone(), attribute.many),
        }
    }
}
