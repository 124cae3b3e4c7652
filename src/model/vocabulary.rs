//! The vocabulary: kinds, attributes, aliases and contexts.

use super::name::{Name, Text, fold};
use super::value::{AttributeId, KindId};
use rustc_hash::FxHashMap;

/// A kind of thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `cluster`
    pub name: Name,
    /// `clusters`: as declared, or the name with `s` (`y` gives `ies`, a hiss `es`).
    pub plural: Name,
    /// What it is, in a sentence.
    pub description: Option<Text>,
}

/// The type of an attribute's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Words, compared as names are.
    Text,
    /// A number, with the unit it is counted in.
    Number {
        /// `persons`
        unit: Option<Text>,
    },
    /// A number of hundredths.
    Percent,
    /// A year of the common era.
    Year,
    /// A day.
    Date,
    /// `yes` or `no`.
    YesNo,
    /// One of these names, in no order.
    OneOf(Vec<Name>),
    /// One of these names, ordered from low to high.
    Scale(Vec<Name>),
    /// A thing of this kind.
    Thing(KindId),
    /// A thing of any kind; only the built-in `claim.subject` has it.
    AnyThing,
}

impl Type {
    /// The names that a `one of` or a `scale` allows; empty for other types.
    pub fn choices(&self) -> &[Name] {
        match self {
            Type::OneOf(names) | Type::Scale(names) => names,
            _ => &[],
        }
    }

    /// Whether it names all its values, so that support for one tells the others apart.
    pub fn is_closed(&self) -> bool {
        matches!(self, Type::OneOf(_) | Type::Scale(_) | Type::YesNo)
    }

    /// Whether values are numbers: number, percent, year and date.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Type::Number { .. } | Type::Percent | Type::Year | Type::Date)
    }

    /// Whether `<` means something.
    pub fn is_ordered(&self) -> bool {
        self.is_numeric() || matches!(self, Type::Scale(_))
    }
}

/// An attribute of the things of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `social_capital`
    pub name: Name,
    /// Whose attribute; `None` for `name` and `title`, which every thing has.
    pub kind: Option<KindId>,
    /// What its values are.
    pub value_type: Type,
    /// Whether a thing may have several values at once.
    pub many: bool,
    /// The heading under which it stands in comparisons.
    pub heading: Option<Name>,
    /// For a reference: the name under which it is read from the other end.
    pub inverse: Option<Name>,
    /// What it says, in a sentence.
    pub description: Option<Text>,
    /// What its values mean, as far as that is said: in the order of the type's choices.
    pub meanings: Vec<(Name, Text)>,
}

impl Attribute {
    /// What a value means.
    pub fn meaning(&self, value: &Name) -> Option<&Text> {
        self.meanings.iter().find(|(name, _)| name == value).map(|(_, meaning)| meaning)
    }
}

/// `context cluster.recommended for intervention`: questions about `target` may describe a `kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// What is described.
    pub kind: KindId,
    /// The attribute that leads from it to the target.
    pub attribute: AttributeId,
    /// What is asked for.
    pub target: KindId,
}

/// A step from a thing to what it has under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Which attribute.
    pub attribute: AttributeId,
    /// Read from the value's end.
    pub inverse: bool,
}

impl Step {
    /// The same step from its other end.
    pub fn turned(self) -> Step {
        Step { inverse: !self.inverse, ..self }
    }
}

impl KindId {
    /// The claims of the store, as things.
    pub const CLAIM: KindId = KindId(0);
    /// Publications and other documents that are cited.
    pub const SOURCE: KindId = KindId(1);
    /// The patterns of the store, as things.
    pub const PATTERN: KindId = KindId(2);
    /// The kinds themselves, as things.
    pub const KIND: KindId = KindId(3);
    /// The attributes themselves, as things.
    pub const ATTRIBUTE: KindId = KindId(4);
    /// The commits of the store, as things.
    pub const COMMIT: KindId = KindId(5);
    /// The values that attributes name, as things.
    pub const VALUE: KindId = KindId(6);

    /// Whether things of this kind are made by the store itself, and cannot be stated.
    pub fn is_catalogue(self) -> bool {
        self.0 < 7 && self != KindId::SOURCE
    }
}

impl AttributeId {
    /// The name of any thing, as text.
    pub const NAME: AttributeId = AttributeId(0);
    /// The title of any thing, as text.
    pub const TITLE: AttributeId = AttributeId(1);
}

/// All kinds, attributes, aliases and contexts at one commit.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    kinds: Vec<Kind>,
    attributes: Vec<Attribute>,
    contexts: Vec<Context>,
    /// By folded alias: the alias as written, and the name it stands for.
    aliases: FxHashMap<String, (Name, Name)>,
    kind_names: FxHashMap<String, KindId>,
    steps: FxHashMap<(KindId, String), Step>,
    of_kind: Vec<Vec<AttributeId>>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Vocabulary::new()
    }
}

impl Vocabulary {
    /// The built-in kinds and attributes alone.
    pub fn new() -> Self {
        let mut vocabulary = Vocabulary {
            kinds: Vec::new(),
            attributes: Vec::new(),
            contexts: Vec::new(),
            aliases: FxHashMap::default(),
            kind_names: FxHashMap::default(),
            steps: FxHashMap::default(),
            of_kind: Vec::new(),
        };
        super::builtin::declare(&mut vocabulary);
        vocabulary
    }

    /// Adds a kind, or changes the plural and description of the one with this name.
    pub fn declare_kind(&mut self, kind: Kind) -> KindId {
        let id = match self.kind_names.get(kind.name.folded()) {
            Some(&id) => {
                // The old plural is no name of it any more.
                let plural = self.kinds[id.index()].plural.folded();
                if self.kind_names.get(plural) == Some(&id) {
                    self.kind_names.remove(plural);
                }
                self.kinds[id.index()] = kind.clone();
                id
            }
            None => {
                self.kinds.push(kind.clone());
                self.of_kind.push(Vec::new());
                KindId(self.kinds.len() as u32 - 1)
            }
        };
        self.kind_names.insert(kind.name.folded().to_string(), id);
        self.kind_names.entry(kind.plural.folded().to_string()).or_insert(id);
        id
    }

    /// Adds an attribute, or changes the one with this kind and name (`resolve` allows only changes
    /// that keep stored values valid).
    pub fn declare_attribute(&mut self, attribute: Attribute) -> AttributeId {
        let known = attribute.kind.and_then(|kind| self.step(kind, attribute.name.as_str()));
        let id = match known.filter(|step| !step.inverse) {
            Some(step) => {
                self.forget_inverse(step.attribute);
                self.attributes[step.attribute.index()] = attribute.clone();
                step.attribute
            }
            None => {
                self.attributes.push(attribute.clone());
                AttributeId(self.attributes.len() as u32 - 1)
            }
        };
        if let Some(kind) = attribute.kind {
            let step = Step { attribute: id, inverse: false };
            self.steps.insert((kind, attribute.name.folded().to_string()), step);
            if !self.of_kind[kind.index()].contains(&id) {
                self.of_kind[kind.index()].push(id);
            }
        }
        if let (Some(inverse), Type::Thing(target)) = (&attribute.inverse, &attribute.value_type) {
            let step = Step { attribute: id, inverse: true };
            self.steps.insert((*target, inverse.folded().to_string()), step);
        }
        id
    }

    /// The old inverse is no name of the attribute any more.
    fn forget_inverse(&mut self, attribute: AttributeId) {
        let old = &self.attributes[attribute.index()];
        if let (Some(inverse), Type::Thing(target)) = (&old.inverse, &old.value_type) {
            let key = (*target, inverse.folded().to_string());
            if self.steps.get(&key) == Some(&Step { attribute, inverse: true }) {
                self.steps.remove(&key);
            }
        }
    }

    /// From now on `alias` stands for `known`.
    pub fn declare_alias(&mut self, known: &Name, alias: &Name) {
        self.aliases.insert(alias.folded().to_string(), (alias.clone(), known.clone()));
    }

    /// Adds a context; one already there is left alone.
    pub fn declare_context(&mut self, context: Context) {
        if !self.contexts.contains(&context) {
            self.contexts.push(context);
        }
    }

    /// The kind of this id.
    ///
    /// # Panics
    /// If the id is not of this vocabulary; ids come from nowhere else.
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.index()]
    }

    /// The attribute of this id.
    ///
    /// # Panics
    /// If the id is not of this vocabulary; ids come from nowhere else.
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.attributes[id.index()]
    }

    /// All kinds in order of declaration.
    pub fn kinds(&self) -> impl Iterator<Item = (KindId, &Kind)> {
        self.kinds.iter().enumerate().map(|(index, kind)| (KindId(index as u32), kind))
    }

    /// All attributes in order of declaration.
    pub fn attributes(&self) -> impl Iterator<Item = (AttributeId, &Attribute)> {
        self.attributes.iter().enumerate().map(|(index, attribute)| (AttributeId(index as u32), attribute))
    }

    /// The attributes of a kind in order of declaration, `name` and `title` not among them.
    pub fn attributes_of(&self, kind: KindId) -> &[AttributeId] {
        &self.of_kind[kind.index()]
    }

    /// The attributes of a kind that stand under a heading, in order of declaration.
    pub fn under(&self, kind: KindId, heading: &str) -> Vec<AttributeId> {
        let heading = fold(heading);
        let stands = |id: &&AttributeId| {
            self.attribute(**id).heading.as_ref().is_some_and(|name| name.folded() == heading)
        };
        self.attributes_of(kind).iter().filter(stands).copied().collect()
    }

    /// All headings of a kind's attributes, in order of appearance.
    pub fn headings(&self, kind: KindId) -> Vec<Name> {
        let mut headings: Vec<Name> = Vec::new();
        for &id in self.attributes_of(kind) {
            if let Some(heading) = &self.attribute(id).heading
                && !headings.contains(heading)
            {
                headings.push(heading.clone());
            }
        }
        headings
    }

    /// The kind of this name, singular or plural, however written.
    pub fn find_kind(&self, name: &str) -> Option<KindId> {
        self.kind_names.get(&fold(name)).copied()
    }

    /// What a name means as a step from a thing of this kind: an attribute, an inverse, `name`, `title`.
    pub fn step(&self, kind: KindId, name: &str) -> Option<Step> {
        let folded = fold(name);
        let everywhere = [("name", AttributeId::NAME), ("title", AttributeId::TITLE)];
        if let Some((_, attribute)) = everywhere.iter().find(|(name, _)| *name == folded) {
            return Some(Step { attribute: *attribute, inverse: false });
        }
        let find = |folded: String| self.steps.get(&(kind, folded)).copied();
        find(folded.clone()).or_else(|| find(self.aliases.get(&folded)?.1.folded().to_string()))
    }

    /// The names of all steps from a kind: what a misspelt one may have meant.
    pub fn step_names(&self, kind: KindId) -> Vec<Name> {
        let mut names: Vec<Name> =
            self.attributes_of(kind).iter().map(|&id| self.attribute(id).name.clone()).collect();
        names.extend(self.attributes.iter().filter_map(|attribute| {
            attribute.inverse.clone().filter(|_| attribute.value_type == Type::Thing(kind))
        }));
        names.extend([Name::new("name"), Name::new("title")]);
        names
    }

    /// What an alias stands for.
    pub fn alias(&self, name: &str) -> Option<&Name> {
        self.aliases.get(&fold(name)).map(|(_, known)| known)
    }

    /// All aliases with what they stand for, sorted.
    pub fn aliases(&self) -> Vec<(&Name, &Name)> {
        let mut all: Vec<_> = self.aliases.values().map(|(alias, known)| (alias, known)).collect();
        all.sort();
        all
    }

    /// The position of a value's name, or of what it is an alias for, among an attribute's choices.
    pub fn choice(&self, value_type: &Type, name: &str) -> Option<u32> {
        let position = |name: &str| {
            let folded = fold(name);
            value_type.choices().iter().position(|choice| choice.folded() == folded).map(|at| at as u32)
        };
        position(name).or_else(|| position(self.alias(name)?.as_str()))
    }

    /// All contexts in order of declaration.
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// The context through which a kind can be asked for by describing.
    pub fn context_for(&self, target: KindId) -> Option<Context> {
        self.contexts.iter().copied().find(|context| context.target == target)
    }
}

/// The plural that a kind has unless it declares one.
pub fn plural_of(name: &str) -> String {
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if hisses => format!("{name}es"),
        _ => format!("{name}s"),
    }
}
