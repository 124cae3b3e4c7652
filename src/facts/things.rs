//! The things of a snapshot: dense ids, names, titles, and which belong to which kind.

use super::below::Below;
use crate::model::change::PackedText;
use crate::model::view::{Counted, Kept, NamePage};
use crate::model::{KindId, Name, Text, ThingId, fold};
use imbl::GenericHashMap;
use roaring::RoaringBitmap;
use rustc_hash::{FxBuildHasher, FxHasher};
use std::borrow::Cow;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

type Map<K, V> = GenericHashMap<K, V, FxBuildHasher, imbl::shared_ptr::DefaultSharedPtr>;

/// All things of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Things {
    /// The things of a view: those with the lowest ids.
    below: Option<Arc<Below>>,
    /// Consecutive ranges of ids, in order; the first begins where `below` ends.
    runs: Arc<Vec<Run>>,
    single: imbl::Vector<Arc<Single>>,
    by_name: Map<(KindId, Text), ThingId>,
    /// The imports whose names are not among `by_name`.
    large: Vec<Arc<Packed>>,
    /// By kind; of kinds without things of late nothing.
    members: Vec<Option<Arc<RoaringBitmap>>>,
    /// Titles given later than the names.
    retitled: imbl::OrdMap<ThingId, Text>,
    count: u32,
}

/// An import of so many things has an index of names of its own, made when it is first needed; the names of
/// smaller ones stand with those that were typed, so that thousands of small imports need not be asked in turn.
const LARGE: usize = 4_096;

/// A range of ids, from `first` to the next run's.
#[derive(Clone, Debug)]
struct Run {
    first: u32,
    names: Names,
}

#[derive(Clone, Debug)]
enum Names {
    /// From this position of `Things::single` on.
    Single(usize),
    Packed(Arc<Packed>),
}

#[derive(Clone, Debug)]
struct Single {
    kind: KindId,
    name: Name,
    title: Option<Text>,
}

/// The things that one import added.
#[derive(Debug)]
struct Packed {
    kind: KindId,
    first: u32,
    names: PackedText,
    titles: PackedText,
    /// The names, if they count; else they have an index.
    counted: Option<Counted>,
    /// Hash of the folded name and row, sorted; built when a name is first looked up.
    index: OnceLock<Vec<(u32, u32)>>,
}

impl Packed {
    fn find(&self, folded: &str) -> Option<ThingId> {
        if let Some(counted) = &self.counted {
            return counted.find(folded).map(ThingId);
        }
        let index = self.index.get_or_init(|| {
            let rows = self.names.iter().zip(0..);
            let mut index: Vec<_> = rows.map(|(name, row)| (hash(&fold(name)), row)).collect();
            index.sort_unstable();
            index
        });
        let wanted = hash(folded);
        let from = index.partition_point(|(hash, _)| *hash < wanted);
        let equal = index[from..].iter().take_while(|(hash, _)| *hash == wanted);
        let row = equal
            .map(|(_, row)| *row)
            .find(|&row| self.name(row).is_some_and(|name| fold(name) == folded))?;
        Some(ThingId(self.first + row))
    }

    fn name(&self, row: u32) -> Option<&str> {
        self.names.get(row as usize)
    }
}

fn hash(folded: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(folded.as_bytes());
    (hasher.finish() >> 32) as u32
}

impl Things {
    /// The first `count` things are those of a view.
    pub fn kept(kept: Arc<dyn Kept>, count: u32) -> Things {
        Things { below: Some(Arc::new(Below::new(kept, count))), count, ..Things::default() }
    }

    /// How many things there are; ids are below this.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The things of a kind.
    pub fn members(&self, kind: KindId) -> Arc<RoaringBitmap> {
        let lately = self.members.get(kind.index()).cloned().flatten();
        lately.or_else(|| Some(self.below.as_ref()?.members(kind))).unwrap_or_default()
    }

    /// Adds a thing and gives it the next id. The caller has made sure that its name is free.
    pub fn add(&mut self, kind: KindId, name: Name, title: Option<Text>) -> ThingId {
        let id = ThingId(self.count);
        if !matches!(self.runs.last(), Some(Run { names: Names::Single(_), .. })) {
            let run = Run { first: id.0, names: Names::Single(self.single.len()) };
            Arc::make_mut(&mut self.runs).push(run);
        }
        self.by_name.insert((kind, Text::from(name.folded())), id);
        self.single.push_back(Arc::new(Single { kind, name, title }));
        self.enrol(kind, id.0, 1);
        id
    }

    /// Adds many things of one kind with consecutive ids. The caller has made sure that the names are
    /// free and distinct.
    pub fn add_packed(&mut self, kind: KindId, names: PackedText, titles: PackedText) -> ThingId {
        let first = self.count;
        let count = names.len() as u32;
        if (count as usize) < LARGE {
            for (name, id) in names.iter().zip(first..) {
                self.by_name.insert((kind, Text::from(fold(name))), ThingId(id));
            }
        }
        let is_large = count as usize >= LARGE;
        let counted = if is_large { Counted::all(names.iter(), first) } else { None };
        let packed = Arc::new(Packed { kind, first, names, titles, counted, index: OnceLock::new() });
        if is_large {
            self.large.push(packed.clone());
        }
        let run = Run { first, names: Names::Packed(packed) };
        Arc::make_mut(&mut self.runs).push(run);
        self.enrol(kind, first, count);
        ThingId(first)
    }

    fn enrol(&mut self, kind: KindId, first: u32, count: u32) {
        if self.members.len() <= kind.index() {
            self.members.resize_with(kind.index() + 1, Option::default);
        }
        let mut members = self.members(kind);
        // Nobody else is to hold what is about to grow.
        self.members[kind.index()] = None;
        Arc::make_mut(&mut members).insert_range(first..first + count);
        self.members[kind.index()] = Some(members);
        self.count += count;
    }

    /// Changes the title of a thing.
    pub fn set_title(&mut self, thing: ThingId, title: Text) {
        self.retitled.insert(thing, title);
    }

    /// What a view tells of a thing, if it is one of a view's.
    fn below(&self, thing: ThingId) -> Option<&Below> {
        self.below.as_deref().filter(|below| thing.0 < below.count())
    }

    fn locate(&self, thing: ThingId) -> Option<(&Names, u32)> {
        let after = self.runs.partition_point(|run| run.first <= thing.0);
        let run = self.runs.get(after.checked_sub(1)?)?;
        (thing.0 < self.count).then_some((&run.names, thing.0 - run.first))
    }

    /// The kind of a thing; `KindId::CLAIM` for an id that is not of this snapshot.
    pub fn kind(&self, thing: ThingId) -> KindId {
        if let Some(below) = self.below(thing) {
            return below.kind(thing);
        }
        match self.locate(thing) {
            Some((Names::Single(start), offset)) => {
                self.single.get(start + offset as usize).map_or(KindId::CLAIM, |single| single.kind)
            }
            Some((Names::Packed(packed), _)) => packed.kind,
            None => KindId::CLAIM,
        }
    }

    /// The name of a thing, as first written.
    pub fn name(&self, thing: ThingId) -> Cow<'_, str> {
        if let Some(below) = self.below(thing) {
            return below.name(thing);
        }
        Cow::Borrowed(match self.locate(thing) {
            Some((Names::Single(start), offset)) => {
                self.single.get(start + offset as usize).map_or("", |single| single.name.as_str())
            }
            Some((Names::Packed(packed), row)) => packed.name(row).unwrap_or(""),
            None => "",
        })
    }

    /// The same at the end of a text, for whoever needs many: no name of a view is then a `String` of its own.
    pub fn write_name(&self, thing: ThingId, to: &mut String) {
        match self.below(thing) {
            Some(below) => below.write_name(thing, to),
            None => to.push_str(&self.name(thing)),
        }
    }

    /// The title of a thing, if it has one.
    pub fn title(&self, thing: ThingId) -> Option<&str> {
        if let Some(title) = self.retitled.get(&thing) {
            return Some(title);
        }
        if let Some(below) = self.below(thing) {
            return below.title(thing);
        }
        match self.locate(thing)? {
            (Names::Single(start), offset) => self.single.get(start + offset as usize)?.title.as_deref(),
            (Names::Packed(packed), row) => packed.titles.get(row as usize).filter(|title| !title.is_empty()),
        }
    }

    /// The names of consecutive things and, if one has a title, their titles.
    pub fn page(&self, things: Range<u32>) -> NamePage {
        let all = || things.clone().map(ThingId);
        let packed = self.packed(&things);
        let names = match packed {
            Some((packed, ref rows)) => {
                let mut names = PackedText::default();
                names.push_all(&packed.names, rows.clone());
                names
            }
            None => all().map(|thing| self.name(thing)).collect(),
        };
        if packed.as_ref().is_some_and(|(packed, _)| packed.titles.is_empty()) && self.retitled.is_empty() {
            return NamePage { names, titles: PackedText::default() };
        }
        let titles: PackedText = all().map(|thing| self.title(thing).unwrap_or("")).collect();
        NamePage { names, titles: if titles.parts().0.is_empty() { PackedText::default() } else { titles } }
    }

    /// The import that added all of these, and which of its rows.
    fn packed(&self, things: &Range<u32>) -> Option<(&Packed, Range<usize>)> {
        let (Names::Packed(packed), row) = self.locate(ThingId(things.start))? else { return None };
        let rows = row as usize..row as usize + things.len();
        (rows.end <= packed.names.len()).then_some((packed, rows))
    }

    /// The thing of this kind and folded name.
    pub fn find(&self, kind: KindId, folded: &str) -> Option<ThingId> {
        let single = || self.by_name.get(&(kind, Text::from(folded))).copied();
        let below = || self.below.as_ref()?.find(kind, folded);
        let large = |counts: bool| {
            let mut large = self.large.iter().filter(|packed| packed.kind == kind);
            large.find_map(|packed| (packed.counted.is_some() == counts).then(|| packed.find(folded))?)
        };
        // Where names count nothing has to be looked up.
        large(true).or_else(single).or_else(below).or_else(|| large(false))
    }

    /// Every kind that has things.
    pub fn kinds(&self) -> impl Iterator<Item = KindId> {
        let below = self.below.iter().flat_map(|below| below.kinds());
        let lately = (0..).map(KindId).zip(&self.members).filter(|(_, members)| members.is_some());
        let mut kinds: Vec<KindId> = below.chain(lately.map(|(kind, _)| kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().filter(|kind| !self.members(*kind).is_empty())
    }

    /// The first of consecutive things of one kind, and which kind, ascending.
    pub fn kind_runs(&self) -> Vec<(u32, KindId)> {
        let mut runs = self.below.as_ref().map(|below| below.kind_runs().to_vec()).unwrap_or_default();
        let mut add = |first: u32, kind: KindId| {
            if runs.last().is_none_or(|(_, last)| *last != kind) {
                runs.push((first, kind));
            }
        };
        let ends = self.runs.iter().skip(1).map(|run| run.first).chain([self.count]);
        for (run, end) in self.runs.iter().zip(ends) {
            match &run.names {
                Names::Packed(packed) => add(packed.first, packed.kind),
                Names::Single(start) => {
                    let singles = self.single.iter().skip(*start).zip(run.first..end);
                    singles.for_each(|(single, thing)| add(thing, single.kind));
                }
            }
        }
        runs
    }
}
