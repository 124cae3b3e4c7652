//! `compare` and `gaps`: cases side by side, by attributes and headings.

use super::Resolver;
use super::names::listed;
use super::path::Scope;
use crate::error::{Error, Result};
use crate::model::question::{Compare, Compared};
use crate::model::{AttributeId, Condition, KindId, Name, ThingId, Variable};
use crate::syntax::tree::{Comparing, Word};

impl Resolver<'_> {
    /// What is set side by side, and by what.
    pub(super) fn comparison_of(&self, comparing: &Comparing) -> Result<Compare> {
        let (kind, of) = match comparing.of.as_slice() {
            [word] if self.find_kind(&word.text).is_some() => self.compared_kind(word, comparing)?,
            words => self.compared_things(words, comparing)?,
        };
        let by = if comparing.by.is_empty() {
            self.vocabulary.attributes_of(kind).to_vec()
        } else {
            self.rows(kind, &comparing.by)?
        };
        Ok(Compare { of, by })
    }

    fn compared_kind(&self, word: &Word, comparing: &Comparing) -> Result<(KindId, Compared)> {
        let kind = self.kind(word)?;
        let variables = [Variable { kind, name: None }];
        let scope = Scope { variables: &variables, ..Scope::default() };
        let condition = comparing.condition.as_ref().map(|condition| self.condition(condition, scope));
        let condition = condition.transpose()?.unwrap_or_else(Condition::always);
        Ok((kind, Compared::Kind(kind, condition)))
    }

    fn compared_things(&self, words: &[Word], comparing: &Comparing) -> Result<(KindId, Compared)> {
        let kind = self.common_kind(words)?;
        if comparing.condition.is_some()
            && let (Some(first), Some(last)) = (words.first(), words.last())
        {
            let plural = &self.vocabulary.kind(kind).plural;
            return Err(Error::meaning(
                "a condition chooses among the things of a kind, not among named ones",
            )
            .at(first.span.to(last.span))
            .note(format!("`compare {plural} where ...`")));
        }
        let mut things: Vec<ThingId> = Vec::with_capacity(words.len());
        for word in words {
            let thing = self.thing_of(kind, word)?;
            if things.contains(&thing) {
                return Err(Error::meaning(format!("`{}` is listed twice", word.text)).at(word.span));
            }
            things.push(thing);
        }
        Ok((kind, Compared::Things(things)))
    }

    /// The one kind of which all these words name a thing.
    fn common_kind(&self, words: &[Word]) -> Result<KindId> {
        let kinds_of = |word: &Word| -> Result<Vec<KindId>> {
            let things = self.things(&word.text);
            if things.is_empty() {
                return Err(self.no_compared(word, words.len()));
            }
            Ok(things.into_iter().map(|thing: ThingId| self.directory.kind_of(thing)).collect())
        };
        let mut common: Option<Vec<KindId>> = None;
        for word in words {
            let kinds = kinds_of(word)?;
            let shared: Vec<KindId> = match &common {
                None => kinds,
                Some(before) => before.iter().copied().filter(|kind| kinds.contains(kind)).collect(),
            };
            if shared.is_empty() {
                return Err(Error::meaning(format!("`{}` is not of the same kind as the others", word.text))
                    .at(word.span)
                    .note("cases that are compared are of one kind"));
            }
            common = Some(shared);
        }
        match (common.as_deref(), words) {
            (Some([kind]), _) => Ok(*kind),
            (_, [word]) => self.thing(word).map(|thing| self.directory.kind_of(thing)),
            (Some([kind, ..]), _) => Ok(*kind),
            _ => Err(Error::meaning("there is nothing to compare")),
        }
    }

    fn no_compared(&self, word: &Word, among: usize) -> Error {
        if among > 1 && self.find_kind(&word.text).is_some() {
            return Error::meaning(format!("`{}` is a kind, not a thing", word.text))
                .at(word.span)
                .note("compare all things of one kind, or things by their names");
        }
        if among > 1 {
            return self.no_thing(word);
        }
        let mut names: Vec<Name> = self.vocabulary.kinds().map(|(_, kind)| kind.plural.clone()).collect();
        names.extend(self.thing_names(None));
        self.mend(Error::unknown(format!("no kind or thing `{}`", word.text)), word, &names)
    }

    /// The rows: a heading stands for all attributes under it.
    fn rows(&self, kind: KindId, words: &[Word]) -> Result<Vec<AttributeId>> {
        let mut rows: Vec<AttributeId> = Vec::new();
        for word in words {
            let attribute = self.own_attribute(kind, &Word { quoted: false, ..word.clone() });
            let under = self.under(kind, &word.text);
            if attribute.is_none() && under.is_empty() {
                return Err(self.no_row(kind, word));
            }
            let alone = attribute.filter(|attribute| !under.contains(attribute));
            for row in alone.into_iter().chain(under) {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        Ok(rows)
    }

    /// The attributes of a kind under a heading, or under what the name is an alias for.
    pub(super) fn under(&self, kind: KindId, heading: &str) -> Vec<AttributeId> {
        let under = self.vocabulary.under(kind, heading);
        match self.vocabulary.alias(heading) {
            Some(known) if under.is_empty() => self.vocabulary.under(kind, known.as_str()),
            _ => under,
        }
    }

    fn no_row(&self, kind: KindId, word: &Word) -> Error {
        let headings = self.vocabulary.headings(kind);
        let owner = self.kind_name(kind);
        let mut names: Vec<Name> = headings.clone();
        let attributes = self.vocabulary.attributes_of(kind);
        names.extend(attributes.iter().map(|&id| self.vocabulary.attribute(id).name.clone()));
        let error = Error::unknown(format!("no attribute or heading `{}` of {owner}", word.text));
        let error = self.mend(error, word, &names);
        if headings.is_empty() {
            return error;
        }
        error.note(format!("the headings of {owner} are {}", listed(&headings, "and")))
    }
}
