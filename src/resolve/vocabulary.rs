//! Declarations: kinds, attributes, aliases, contexts.

use super::Resolver;
use super::names::{listed, new_name, one};
use crate::error::{Error, Result};
use crate::model::change::{AttributeDeclaration, DeclaredType, Operation};
use crate::model::{Attribute, KindId, Name, Text, Type, fold, plural_of};
use crate::syntax::STATEMENT_WORDS;
use crate::syntax::tree::{self, Quoted, ValueType, Word};

/// What is stated of a thing without being declared.
const OF_EVERY_THING: [&str; 2] = ["name", "title"];

fn text(quoted: &Quoted) -> Text {
    Text::from(quoted.text.as_str())
}

impl Resolver<'_> {
    /// `kind study "a piece of research" plural studies`; what a redeclaration leaves out stays.
    pub(super) fn kind_declaration(&self, declared: &tree::KindDeclaration) -> Result<Operation> {
        let name = self.new_kind_name(&declared.name)?;
        let known = self.vocabulary.find_kind(name.as_str());
        let before = known.map(|kind| self.vocabulary.kind(kind));
        let plural = match (&declared.plural, before) {
            (Some(word), _) => self.new_plural(word, known)?,
            (None, Some(before)) => before.plural.clone(),
            (None, None) => self.made_plural(&declared.name)?,
        };
        let description = declared.description.as_ref().map(text);
        let description = description.or_else(|| before.and_then(|before| before.description.clone()));
        Ok(Operation::DeclareKind { name, plural, description })
    }

    fn new_kind_name(&self, word: &Word) -> Result<Name> {
        let name = new_name(word)?;
        if STATEMENT_WORDS.iter().any(|reserved| fold(reserved) == name.folded()) {
            return Err(Error::meaning(format!("`{name}` begins statements, so it cannot be a kind"))
                .at(word.span)
                .note("choose another name for the kind"));
        }
        let Some(known) = self.vocabulary.find_kind(name.as_str()) else {
            return match self.find_kind(name.as_str()) {
                Some(kind) => {
                    let kind = self.kind_name(kind);
                    Err(Error::meaning(format!("`{name}` is an alias of the kind `{kind}`")).at(word.span))
                }
                None => Ok(name),
            };
        };
        if known.is_catalogue() {
            return Err(Error::meaning(format!("`{name}` is a kind that every store has")).at(word.span));
        }
        let known = self.kind_name(known);
        if *known != name {
            return Err(Error::meaning(format!("`{name}` is the plural of the kind `{known}`")).at(word.span));
        }
        Ok(known.clone())
    }

    fn new_plural(&self, word: &Word, of: Option<KindId>) -> Result<Name> {
        let plural = new_name(word)?;
        match self.vocabulary.find_kind(plural.as_str()) {
            Some(other) if Some(other) != of => Err(self.plural_taken(&plural, other).at(word.span)),
            _ => Ok(plural),
        }
    }

    fn made_plural(&self, word: &Word) -> Result<Name> {
        let plural = Name::new(&plural_of(&word.text));
        match self.vocabulary.find_kind(plural.as_str()) {
            Some(other) => Err(self
                .plural_taken(&plural, other)
                .at(word.span)
                .note(format!("give it another: `kind {} plural ...`", word.text))),
            None => Ok(plural),
        }
    }

    fn plural_taken(&self, plural: &Name, by: KindId) -> Error {
        Error::meaning(format!("the plural `{plural}` names the kind `{}`", self.kind_name(by)))
    }

    // ---- attributes -----------------------------------------------------------------------------

    /// `attribute cites of source: many source inverse cited_by`; what a redeclaration leaves out stays.
    pub(super) fn attribute_declaration(&self, declared: &tree::AttributeDeclaration) -> Result<Operation> {
        let kind = self.stated_kind(&declared.kind)?;
        let name = self.new_attribute_name(kind, &declared.name)?;
        let value_type = self.declared_type(&declared.kind_of_value)?;
        let mut attribute = AttributeDeclaration {
            kind: self.kind_name(kind).clone(),
            name,
            value_type,
            many: declared.many,
            heading: declared.heading.as_ref().map(new_name).transpose()?,
            inverse: self.inverse(kind, declared)?,
            description: declared.description.as_ref().map(text),
            meanings: self.meanings(declared)?,
        };
        let known = self.vocabulary.step(kind, attribute.name.as_str());
        if let Some(step) = known.filter(|step| !step.inverse) {
            let before = self.vocabulary.attribute(step.attribute);
            self.check_redeclared(before, &attribute, declared)?;
            keep_what_is_left_out(before, &mut attribute);
        }
        Ok(Operation::DeclareAttribute(attribute))
    }

    /// What the values mean, in the order of the values.
    fn meanings(&self, declared: &tree::AttributeDeclaration) -> Result<Vec<(Name, Text)>> {
        let choices: &[Word] = match &declared.kind_of_value {
            ValueType::OneOf(choices) | ValueType::Scale(choices) => choices,
            _ => &[],
        };
        let mut meanings: Vec<(usize, (Name, Text))> = Vec::with_capacity(declared.meanings.len());
        for tree::Meaning { value, text: meaning } in &declared.meanings {
            let name = new_name(value)?;
            let Some(place) = choices.iter().position(|choice| Name::new(&choice.text) == name) else {
                return Err(no_such_choice(value, choices));
            };
            if meanings.iter().any(|(taken, _)| *taken == place) {
                return Err(Error::meaning(format!("what `{name}` means is said twice")).at(value.span));
            }
            meanings.push((place, (Name::new(&choices[place].text), text(meaning))));
        }
        meanings.sort_by_key(|(place, _)| *place);
        Ok(meanings.into_iter().map(|(_, meaning)| meaning).collect())
    }

    fn new_attribute_name(&self, kind: KindId, word: &Word) -> Result<Name> {
        let name = new_name(word)?;
        if OF_EVERY_THING.contains(&name.folded()) {
            let message = format!("every thing has a {}; it is not declared", name.folded());
            return Err(Error::meaning(message).at(word.span));
        }
        match self.vocabulary.step(kind, name.as_str()) {
            Some(step) if step.inverse => {
                let attribute = self.vocabulary.attribute(step.attribute);
                let owner = attribute.kind.map(|owner| self.kind_name(owner).to_string()).unwrap_or_default();
                let message = format!("`{name}` is already the inverse of {owner}.{}", attribute.name);
                Err(Error::meaning(message).at(word.span))
            }
            Some(step) => Ok(self.vocabulary.attribute(step.attribute).name.clone()),
            None => Ok(name),
        }
    }

    fn declared_type(&self, declared: &ValueType) -> Result<DeclaredType> {
        Ok(match declared {
            ValueType::Text => DeclaredType::Text,
            ValueType::Number { unit } => DeclaredType::Number(unit.as_ref().map(text)),
            ValueType::Percent => DeclaredType::Percent,
            ValueType::Year => DeclaredType::Year,
            ValueType::Date => DeclaredType::Date,
            ValueType::YesNo => DeclaredType::YesNo,
            ValueType::OneOf(words) => DeclaredType::OneOf(choices(words)?),
            ValueType::Scale(words) => DeclaredType::Scale(choices(words)?),
            ValueType::Kind(word) => DeclaredType::Kind(self.referred_kind(word)?),
        })
    }

    fn referred_kind(&self, word: &Word) -> Result<Name> {
        let kind = self.find_kind(&word.text).ok_or_else(|| {
            self.no_kind(word).note(
                "a type is text, number, percent, year, date, yes/no, one of a, b, scale a < b, or a kind",
            )
        })?;
        if kind.is_catalogue() {
            let plural = &self.vocabulary.kind(kind).plural;
            return Err(Error::meaning(format!("an attribute cannot refer to {plural}")).at(word.span));
        }
        Ok(self.kind_name(kind).clone())
    }

    fn inverse(&self, kind: KindId, declared: &tree::AttributeDeclaration) -> Result<Option<Name>> {
        let Some(word) = &declared.inverse else { return Ok(None) };
        let name = new_name(word)?;
        let ValueType::Kind(target) = &declared.kind_of_value else {
            return Err(Error::meaning("only a reference to a kind has an inverse").at(word.span));
        };
        if OF_EVERY_THING.contains(&name.folded()) {
            let message = format!("every thing has a {}; it cannot be an inverse", name.folded());
            return Err(Error::meaning(message).at(word.span));
        }
        let target = self.kind(target)?;
        let own = (kind, fold(&declared.name.text));
        let taken = self.vocabulary.step(target, name.as_str()).filter(|step| {
            let attribute = self.vocabulary.attribute(step.attribute);
            !(step.inverse && attribute.kind == Some(own.0) && attribute.name.folded() == own.1)
        });
        if taken.is_some() || own == (target, name.folded().to_string()) {
            let target = self.kind_name(target);
            return Err(Error::meaning(format!("{target} already has `{name}`"))
                .at(word.span)
                .note(format!("an inverse is read as an attribute of {target}; choose another name")));
        }
        Ok(Some(name))
    }

    /// Refuses a change that stored values might not survive.
    fn check_redeclared(
        &self,
        before: &Attribute,
        after: &AttributeDeclaration,
        declared: &tree::AttributeDeclaration,
    ) -> Result<()> {
        let name = &after.name;
        let refused = |message: String| {
            Err(Error::meaning(message)
                .at(declared.name.span)
                .note("declare an attribute of another name, state the values there, and retract them here"))
        };
        if before.many != after.many {
            let takes = if before.many { "many values" } else { "one value" };
            return refused(format!("`{name}` takes {takes}; that cannot change"));
        }
        match (&before.value_type, &after.value_type) {
            (Type::Scale(old), DeclaredType::Scale(new)) | (Type::OneOf(old), DeclaredType::OneOf(new)) => {
                if new.starts_with(old) {
                    return Ok(());
                }
                let message = format!("`{name}` must keep its values and their order");
                Err(Error::meaning(message)
                    .at(declared.name.span)
                    .note(format!("begin with {}; new ones follow at the end", in_order(old))))
            }
            (old, new) if self.same_type(old, new) => Ok(()),
            (old, _) => refused(format!("`{name}` is {}; its type cannot change", self.type_words(old))),
        }
    }

    fn same_type(&self, old: &Type, new: &DeclaredType) -> bool {
        match (old, new) {
            (Type::Number { unit: Some(old) }, DeclaredType::Number(Some(new))) => old == new,
            (Type::Thing(old), DeclaredType::Kind(new)) => self.kind_name(*old) == new,
            (Type::Number { .. }, DeclaredType::Number(_))
            | (Type::Text, DeclaredType::Text)
            | (Type::Percent, DeclaredType::Percent)
            | (Type::Year, DeclaredType::Year)
            | (Type::Date, DeclaredType::Date)
            | (Type::YesNo, DeclaredType::YesNo) => true,
            _ => false,
        }
    }

    // ---- aliases and contexts -------------------------------------------------------------------

    /// `alias KNOWN = NEW`
    pub(super) fn alias_declaration(&self, declared: &tree::AliasDeclaration) -> Result<Operation> {
        let alias = new_name(&declared.alias)?;
        let known = match self.vocabulary.alias(&declared.known.text) {
            Some(known) => known.clone(),
            None => self.known_name(&declared.known)?,
        };
        if let Some(other) = self.vocabulary.alias(alias.as_str()).filter(|other| **other != known) {
            let message = format!("`{alias}` is already an alias of `{other}`");
            return Err(Error::meaning(message).at(declared.alias.span));
        }
        if let Some(place) = self.both_named(&known, &alias) {
            return Err(Error::meaning(format!("`{alias}` is already {place} of its own"))
                .at(declared.alias.span)
                .note(format!("an alias of `{known}` must be a name that is not taken beside it")));
        }
        Ok(Operation::DeclareAlias { known, alias })
    }

    /// The name as first written, of whatever has it.
    fn known_name(&self, word: &Word) -> Result<Name> {
        let mut names = self.all_names();
        let typed = Name::new(&word.text);
        if let Some(name) = names.iter().find(|name| **name == typed) {
            return Ok(name.clone());
        }
        if let Some(&thing) = self.directory.find_all(&word.text).first() {
            return Ok(self.directory.name_of(thing));
        }
        names.extend(self.thing_names(None));
        let error = Error::unknown(format!("nothing is named `{}`", word.text));
        Err(self.mend(error, word, &names).note("an alias is written `alias KNOWN = NEW`"))
    }

    /// All kinds, attributes, inverses, headings and choices.
    pub(super) fn all_names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = self.vocabulary.kinds().map(|(_, kind)| kind.name.clone()).collect();
        for (_, attribute) in self.vocabulary.attributes() {
            names.push(attribute.name.clone());
            names.extend(attribute.inverse.clone());
            names.extend(attribute.heading.clone());
            names.extend_from_slice(attribute.value_type.choices());
        }
        names
    }

    /// In which role the two names stand side by side, so that one cannot stand for the other.
    fn both_named(&self, known: &Name, alias: &Name) -> Option<&'static str> {
        let (known, alias) = (known.as_str(), alias.as_str());
        let vocabulary = self.vocabulary;
        let direct = |attribute: &Attribute, name: &str| {
            attribute.value_type.choices().iter().any(|choice| choice.folded() == fold(name))
        };
        if vocabulary.attributes().any(|(_, a)| direct(a, known) && direct(a, alias)) {
            return Some("a value");
        }
        let is_kind = |name: &str| vocabulary.find_kind(name).is_some();
        if is_kind(known) && is_kind(alias) {
            return Some("a kind");
        }
        let is_step = |kind, name: &str| {
            vocabulary.step_names(kind).iter().any(|step: &Name| step.folded() == fold(name))
        };
        if vocabulary.kinds().any(|(kind, _)| is_step(kind, known) && is_step(kind, alias)) {
            return Some("an attribute");
        }
        let both = |kind| Some((self.directory.find(kind, known)?, self.directory.find(kind, alias)?));
        let stated = vocabulary.kinds().filter(|(kind, _)| !kind.is_catalogue());
        let different = |(a, b)| a != b;
        stated.filter_map(|(kind, _)| both(kind)).any(different).then_some("a thing")
    }

    /// `context cluster.recommended for intervention`
    pub(super) fn context_declaration(&self, declared: &tree::ContextDeclaration) -> Result<Operation> {
        let kind = self.stated_kind(&declared.kind)?;
        let attribute = self.attribute(kind, &declared.attribute)?;
        let target = self.stated_kind(&declared.target)?;
        let attribute = self.vocabulary.attribute(attribute);
        if attribute.value_type != Type::Thing(target) {
            let (name, target) = (&attribute.name, self.kind_name(target));
            let leads = self.type_words(&attribute.value_type);
            return Err(Error::meaning(format!("`{name}` is {leads}, not a reference to {}", one(target)))
                .at(declared.attribute.span)
                .note(format!("a context needs an attribute that leads to {}", one(target))));
        }
        Ok(Operation::DeclareContext {
            kind: self.kind_name(kind).clone(),
            attribute: attribute.name.clone(),
            target: self.kind_name(target).clone(),
        })
    }
}

/// Distinct names; `unknown` is not among them.
fn choices(words: &[Word]) -> Result<Vec<Name>> {
    let mut names: Vec<Name> = Vec::with_capacity(words.len());
    for word in words {
        let name = new_name(word)?;
        if name.folded() == "unknown" {
            return Err(Error::meaning("`unknown` is a standing, not a value").at(word.span).note(
                "what nobody has said is unknown already; `a: unknown \"n.a.\" [source]` records that a source does not say",
            ));
        }
        if names.contains(&name) {
            return Err(Error::meaning(format!("`{name}` is listed twice")).at(word.span));
        }
        names.push(name);
    }
    Ok(names)
}

fn no_such_choice(value: &Word, choices: &[Word]) -> Error {
    let names: Vec<Name> = choices.iter().map(|choice| Name::new(&choice.text)).collect();
    let error = Error::unknown(format!("`{}` is not a value of this attribute", value.text)).at(value.span);
    match names.is_empty() {
        true => error.note("only the values of `one of` and `scale` have names that can be explained"),
        false => error.note(format!("its values are {}", listed(&names, "and"))),
    }
}

fn in_order(names: &[Name]) -> String {
    listed(names, "and")
}

fn keep_what_is_left_out(before: &Attribute, after: &mut AttributeDeclaration) {
    after.heading = after.heading.take().or_else(|| before.heading.clone());
    after.inverse = after.inverse.take().or_else(|| before.inverse.clone());
    after.description = after.description.take().or_else(|| before.description.clone());
    keep_meanings(before, after);
    if let (DeclaredType::Number(unit @ None), Type::Number { unit: known }) =
        (&mut after.value_type, &before.value_type)
    {
        *unit = known.clone();
    }
}

/// A value that keeps its name keeps its meaning, unless it is given another.
fn keep_meanings(before: &Attribute, after: &mut AttributeDeclaration) {
    let (DeclaredType::OneOf(choices) | DeclaredType::Scale(choices)) = &after.value_type else { return };
    let stated = |name: &Name| after.meanings.iter().find(|(value, _)| value == name).map(|(_, text)| text);
    let meaning = |name: &Name| stated(name).or_else(|| before.meaning(name)).cloned();
    after.meanings =
        choices.iter().filter_map(|name| meaning(name).map(|text| (name.clone(), text))).collect();
}
