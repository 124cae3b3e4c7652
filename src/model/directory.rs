//! Looking things up by name.

use super::name::{Name, Text};
use super::value::{KindId, ThingId};

/// What `resolve` asks of a snapshot: which things there are, by name.
pub trait Directory {
    /// The thing of this kind and name, or alias.
    fn find(&self, kind: KindId, name: &str) -> Option<ThingId>;

    /// The same where things are likely to be named in the order in which they came, after this one.
    fn find_after(&self, kind: KindId, name: &str, last: Option<ThingId>) -> Option<ThingId> {
        let _ = last;
        self.find(kind, name)
    }

    /// The things of this name, or alias, over all kinds.
    fn find_all(&self, name: &str) -> Vec<ThingId>;

    /// The things of the same kind and name, the thing itself among them: the store's own attributes and values
    /// may share a name, stated things cannot.
    fn namesakes(&self, thing: ThingId) -> Vec<ThingId>;

    /// The kind of a thing.
    fn kind_of(&self, thing: ThingId) -> KindId;

    /// The name of a thing.
    fn name_of(&self, thing: ThingId) -> Name;

    /// Whether a thing's name is written so.
    fn is_named(&self, thing: ThingId, text: &str) -> bool {
        self.name_of(thing).as_str() == text
    }

    /// The title of a thing.
    fn title_of(&self, thing: ThingId) -> Option<Text>;

    /// Whether a pattern has this name.
    fn has_pattern(&self, name: &str) -> bool;

    /// Names that a misspelt one may have meant: of things of this kind, or of all; as many as a
    /// suggestion is worth (some thousands), not necessarily all.
    fn names(&self, kind: Option<KindId>) -> Vec<Name>;

    /// The names of all patterns.
    fn pattern_names(&self) -> Vec<Name>;
}
