//! The things of a view: their names are read page by page when they are needed, and those that count are not read.

use crate::model::view::{Counted, Kept, NAMES_PER_PAGE, NamePage};
use crate::model::{KindId, ThingId, fold};
use roaring::RoaringBitmap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The things of a view: those below `count`.
#[derive(Debug)]
pub struct Below {
    kept: Arc<dyn Kept>,
    count: u32,
    kinds: OnceLock<Kinds>,
    pages: OnceLock<Vec<OnceLock<Box<NamePage>>>>,
}

/// Which things are of which kind.
#[derive(Debug)]
struct Kinds {
    /// The first of consecutive things of one kind, and which kind.
    runs: Vec<(u32, KindId)>,
    members: BTreeMap<KindId, OnceLock<Arc<RoaringBitmap>>>,
}

impl Below {
    pub fn new(kept: Arc<dyn Kept>, count: u32) -> Below {
        Below { kept, count, kinds: OnceLock::new(), pages: OnceLock::new() }
    }

    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn kind_runs(&self) -> &[(u32, KindId)] {
        &self.by_kind().runs
    }

    pub fn kinds(&self) -> impl Iterator<Item = KindId> {
        self.by_kind().members.keys().copied()
    }

    fn by_kind(&self) -> &Kinds {
        self.kinds.get_or_init(|| {
            let runs = self.kept.kinds();
            let members = runs.iter().map(|(_, kind)| (*kind, OnceLock::new())).collect();
            Kinds { runs, members }
        })
    }

    pub fn kind(&self, thing: ThingId) -> KindId {
        let runs = self.kind_runs();
        let after = runs.partition_point(|(first, _)| *first <= thing.0);
        after.checked_sub(1).map_or(KindId::CLAIM, |at| runs[at].1)
    }

    pub fn members(&self, kind: KindId) -> Arc<RoaringBitmap> {
        let kinds = self.by_kind();
        let Some(members) = kinds.members.get(&kind) else { return Arc::default() };
        let find = || {
            let mut members = RoaringBitmap::new();
            let ends = kinds.runs.iter().skip(1).map(|(first, _)| *first).chain([self.count]);
            for ((first, _), end) in kinds.runs.iter().zip(ends).filter(|((_, of), _)| *of == kind) {
                members.insert_range(*first..end);
            }
            Arc::new(members)
        };
        members.get_or_init(find).clone()
    }

    pub fn name(&self, thing: ThingId) -> Cow<'_, str> {
        match self.counted(thing) {
            Some(counted) => Cow::Owned(counted.name(thing.0)),
            None => Cow::Borrowed(self.page(thing).names.get(place(thing)).unwrap_or("")),
        }
    }

    /// The name at the end of a text.
    pub fn write_name(&self, thing: ThingId, to: &mut String) {
        match self.counted(thing) {
            Some(counted) => counted.write_name(thing.0, to),
            None => to.push_str(self.page(thing).names.get(place(thing)).unwrap_or("")),
        }
    }

    pub fn title(&self, thing: ThingId) -> Option<&str> {
        self.page(thing).titles.get(place(thing)).filter(|title| !title.is_empty())
    }

    /// The thing of this kind and folded name.
    pub fn find(&self, kind: KindId, folded: &str) -> Option<ThingId> {
        let mut counting = self.kept.counted().iter().filter_map(|counted| counted.find(folded)).map(ThingId);
        let is_wanted = |thing: &ThingId| self.kind(*thing) == kind;
        let is_named = |thing: &ThingId| is_wanted(thing) && fold(&self.name(*thing)) == folded;
        counting.find(is_wanted).or_else(|| self.kept.named(folded).into_iter().find(is_named))
    }

    fn counted(&self, thing: ThingId) -> Option<&Counted> {
        let all = self.kept.counted();
        let after = all.partition_point(|counted| counted.things.start <= thing.0);
        all[..after].last().filter(|counted| counted.things.contains(&thing.0))
    }

    fn page(&self, thing: ThingId) -> &NamePage {
        let count = self.count.div_ceil(NAMES_PER_PAGE);
        let pages = self.pages.get_or_init(|| (0..count).map(|_| OnceLock::new()).collect());
        let at = thing.0 / NAMES_PER_PAGE;
        // A view's things are below `count`: nobody asks for others.
        pages[at as usize].get_or_init(|| Box::new(self.kept.names(at)))
    }
}

fn place(thing: ThingId) -> usize {
    (thing.0 % NAMES_PER_PAGE) as usize
}
