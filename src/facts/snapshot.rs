//! A snapshot: vocabulary, things, claims and patterns at one commit.

use super::cells::Cells;
use super::column::Column;
use super::commits::Commits;
use super::patterns::Patterns;
use super::things::Things;
use super::without::Cited;
use crate::model::change::CommitLine;
use crate::model::view::Kept;
use crate::model::{
    AttributeId, Claim, Directory, KindId, Name, Pattern, Text, ThingId, Vocabulary, fold, same_name,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// So many things are looked at before a name that is likely to be the next one is looked up.
const LOOKED_AHEAD: u32 = 8;

/// One commit's knowledge. Cloning is cheap; a clone can be changed without touching the original.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) things: Things,
    pub(super) columns: Arc<FxHashMap<AttributeId, Vec<Arc<Column>>>>,
    /// All claims about a thing on an attribute; where there is a cell, the columns do not count.
    pub(super) cells: Cells,
    pub(super) patterns: Patterns,
    pub(super) commits: Commits,
    /// The view that keeps what has not changed since.
    pub(super) view: Option<Arc<dyn Kept>>,
    pub(super) catalogue: OnceLock<Arc<Snapshot>>,
    pub(super) cited: OnceLock<Arc<Cited>>,
}

/// The claims about one thing on one attribute, in order of appearance.
#[derive(Debug)]
pub enum Claims<'a> {
    /// From a cell.
    Kept(&'a [Claim]),
    /// Read off a column.
    Made(Vec<Claim>),
}

impl Deref for Claims<'_> {
    type Target = [Claim];

    fn deref(&self) -> &[Claim] {
        match self {
            Claims::Kept(claims) => claims,
            Claims::Made(claims) => claims,
        }
    }
}

impl Snapshot {
    /// A copy that is going to be changed: what was found out about the original does not hold for it.
    pub(super) fn to_be_changed(&self) -> Snapshot {
        Snapshot { catalogue: OnceLock::new(), cited: OnceLock::new(), ..self.clone() }
    }

    /// The number of the last commit; 0 if there is none.
    pub fn commit(&self) -> u32 {
        self.commits.last()
    }

    /// All commits, in order.
    pub fn commits(&self) -> impl Iterator<Item = &CommitLine> {
        self.commits.iter().map(|commit| &**commit)
    }

    /// What the last commit of a seed says of it.
    pub fn seed(&self) -> Option<Text> {
        self.commits.seed()
    }

    /// Kinds, attributes, aliases, contexts.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Names and titles.
    pub fn things(&self) -> &Things {
        &self.things
    }

    /// The things of a kind.
    pub fn members(&self, kind: KindId) -> Arc<RoaringBitmap> {
        self.things.members(kind)
    }

    /// The patterns, in order of declaration.
    pub fn patterns(&self) -> impl Iterator<Item = &Arc<Pattern>> {
        self.patterns.iter()
    }

    /// The patterns, read or not.
    pub fn all_patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The imported columns of an attribute. Where [`Snapshot::cells`] has a cell for a thing, the cell
    /// counts instead.
    pub fn columns(&self, attribute: AttributeId) -> &[Arc<Column>] {
        self.columns.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The cells of an attribute, ascending by thing. A cell without claims says that what a column
    /// claims was taken back.
    pub fn cells(&self, attribute: AttributeId) -> impl Iterator<Item = (ThingId, &[Claim])> {
        self.cells.of(attribute).map(|(thing, claims)| (thing, &**claims))
    }

    /// The things that have a cell on an attribute, if there are any.
    pub fn cell_things(&self, attribute: AttributeId) -> Option<&Arc<RoaringBitmap>> {
        self.cells.things(attribute)
    }

    /// All claims about a thing on an attribute.
    pub fn claims(&self, thing: ThingId, attribute: AttributeId) -> Claims<'_> {
        if let Some(claims) = self.cells.get((attribute, thing)) {
            return Claims::Kept(claims);
        }
        let columns = self.columns(attribute).iter();
        Claims::Made(
            columns.map(|column| column.claims(thing)).find(|claims| !claims.is_empty()).unwrap_or_default(),
        )
    }

    /// Calls `visit` for every claim of the store, attribute by attribute, then by thing.
    pub fn each_claim(&self, visit: &mut dyn FnMut(ThingId, AttributeId, &Claim)) {
        for (attribute, _) in self.vocabulary.attributes() {
            for column in self.columns(attribute) {
                let mut last = None;
                for (thing, _) in column.entries() {
                    if last.replace(thing) != Some(thing) && !self.cells.has((attribute, thing)) {
                        column.claims(thing).iter().for_each(|claim| visit(thing, attribute, claim));
                    }
                }
            }
            for (thing, claims) in self.cells(attribute) {
                claims.iter().for_each(|claim| visit(thing, attribute, claim));
            }
        }
    }
}

/// So many names are offered to a suggestion.
const NAMES_OFFERED: u64 = 5_000;

impl Directory for Snapshot {
    fn find(&self, kind: KindId, name: &str) -> Option<ThingId> {
        let aliased = || self.things.find(kind, self.vocabulary.alias(name)?.folded());
        self.things.find(kind, &fold(name)).or_else(aliased)
    }

    fn find_after(&self, kind: KindId, name: &str, last: Option<ThingId>) -> Option<ThingId> {
        let Some(ThingId(first)) = last else { return self.find(kind, name) };
        let near = (first..first.saturating_add(LOOKED_AHEAD)).map(ThingId);
        let has_name =
            |thing: &ThingId| self.things.kind(*thing) == kind && same_name(&self.things.name(*thing), name);
        near.take_while(|thing| thing.0 < self.things.count())
            .find(has_name)
            .or_else(|| self.find(kind, name))
    }

    fn find_all(&self, name: &str) -> Vec<ThingId> {
        self.things.kinds().filter_map(|kind| self.find(kind, name)).collect()
    }

    fn namesakes(&self, thing: ThingId) -> Vec<ThingId> {
        let (kind, name) = (self.things.kind(thing), fold(&self.things.name(thing)));
        if !kind.is_catalogue() {
            return vec![thing];
        }
        let members = self.members(kind);
        members.iter().map(ThingId).filter(|other| fold(&self.things.name(*other)) == name).collect()
    }

    fn kind_of(&self, thing: ThingId) -> KindId {
        self.things.kind(thing)
    }

    fn name_of(&self, thing: ThingId) -> Name {
        Name::new(&self.things.name(thing))
    }

    fn is_named(&self, thing: ThingId, text: &str) -> bool {
        *self.things.name(thing) == *text
    }

    fn title_of(&self, thing: ThingId) -> Option<Text> {
        self.things.title(thing).map(Text::from)
    }

    fn has_pattern(&self, name: &str) -> bool {
        let folded = fold(name);
        self.patterns.lines().any(|line| line.name.folded() == folded)
    }

    fn names(&self, kind: Option<KindId>) -> Vec<Name> {
        let kinds: Vec<KindId> = match kind {
            Some(kind) => vec![kind],
            None => self.things.kinds().collect(),
        };
        let mut names: Vec<Name> = Vec::new();
        for kind in kinds {
            let members = self.members(kind);
            let offered = members.iter().take(NAMES_OFFERED.min(members.len()) as usize);
            names.extend(offered.map(|thing| Name::new(&self.things.name(ThingId(thing)))));
        }
        names
    }

    fn pattern_names(&self) -> Vec<Name> {
        self.patterns.lines().map(|line| line.name.clone()).collect()
    }
}
