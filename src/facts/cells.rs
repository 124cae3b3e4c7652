//! The claims that do not stand in a column: one cell for each thing and attribute.
//!
//! What a view keeps of them lies below, and is read attribute by attribute, page by page, when it is needed; what
//! has changed since lies above it in persistent maps.

use crate::model::view::{CELLS_PER_PAGE, Kept};
use crate::model::{AttributeId, Claim, ThingId};
use imbl::OrdMap;
use imbl::ordmap::DiffItem;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::{Arc, OnceLock};

/// Which cell.
pub(super) type CellId = (AttributeId, ThingId);

/// All cells of a snapshot. Where there is a cell, columns do not count.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    below: Option<Arc<Below>>,
    claims: OrdMap<CellId, Arc<[Claim]>>,
    /// By attribute, the things that have a cell, here or below; of attributes without changes nothing.
    things: OrdMap<AttributeId, Arc<RoaringBitmap>>,
}

/// The cells of a view.
#[derive(Debug)]
struct Below {
    kept: Arc<dyn Kept>,
    attributes: BTreeMap<AttributeId, OfAttribute>,
}

/// The cells of a view on one attribute.
#[derive(Debug, Default)]
struct OfAttribute {
    things: OnceLock<Arc<RoaringBitmap>>,
    pages: OnceLock<Vec<OnceLock<Page>>>,
}

/// Cells, ascending by thing.
type Page = Vec<(ThingId, Arc<[Claim]>)>;

impl Cells {
    /// The cells of a view, which has some on these attributes.
    pub fn kept(kept: Arc<dyn Kept>, attributes: &[AttributeId]) -> Cells {
        let attributes = attributes.iter().map(|attribute| (*attribute, OfAttribute::default())).collect();
        Cells { below: Some(Arc::new(Below { kept, attributes })), ..Cells::default() }
    }

    /// The claims of a cell.
    pub fn get(&self, cell: CellId) -> Option<&Arc<[Claim]>> {
        self.claims.get(&cell).or_else(|| self.below.as_ref()?.get(cell))
    }

    /// Whether there is such a cell.
    pub fn has(&self, (attribute, thing): CellId) -> bool {
        self.things(attribute).is_some_and(|things| things.contains(thing.0))
    }

    /// Puts claims into a cell, in place of what was there.
    pub fn put(&mut self, cell: CellId, claims: Arc<[Claim]>) {
        let (attribute, thing) = cell;
        if !self.has(cell) {
            let things = self.things(attribute).cloned().unwrap_or_default();
            let things = self.things.entry(attribute).or_insert(things);
            Arc::make_mut(things).insert(thing.0);
        }
        self.claims.insert(cell, claims);
    }

    /// The things that have a cell on an attribute, if there are any.
    pub fn things(&self, attribute: AttributeId) -> Option<&Arc<RoaringBitmap>> {
        self.things.get(&attribute).or_else(|| self.below.as_ref()?.things(attribute))
    }

    /// The attributes that have cells, ascending.
    pub fn attributes(&self) -> Vec<AttributeId> {
        let below = self.below.iter().flat_map(|below| below.attributes.keys());
        let mut attributes: Vec<AttributeId> = below.chain(self.things.keys()).copied().collect();
        attributes.sort_unstable();
        attributes.dedup();
        attributes
    }

    /// The cells of an attribute, ascending by thing.
    pub fn of(&self, attribute: AttributeId) -> impl Iterator<Item = (ThingId, &Arc<[Claim]>)> {
        let range = (attribute, ThingId(0))..=(attribute, ThingId(u32::MAX));
        let above = self.claims.range(range).map(|((_, thing), claims)| (*thing, claims));
        let below = self.below.iter().flat_map(move |below| below.of(attribute));
        Merged { above: above.peekable(), below: below.peekable() }
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = (CellId, &Arc<[Claim]>)> {
        let of = |attribute| self.of(attribute).map(move |(thing, claims)| ((attribute, thing), claims));
        self.attributes().into_iter().flat_map(of)
    }

    /// The cells that are not the same in others.
    pub fn differing(&self, others: &Cells) -> Vec<CellId> {
        let same_below = match (&self.below, &others.below) {
            (Some(these), Some(those)) => Arc::ptr_eq(these, those),
            (None, None) => true,
            _ => false,
        };
        if !same_below {
            let is_other = |cells: &Cells, cell, claims: &Arc<[Claim]>| cells.get(cell) != Some(claims);
            let gone = self.iter().filter(|(cell, claims)| is_other(others, *cell, claims));
            let come = others.iter().filter(|(cell, claims)| is_other(self, *cell, claims));
            return gone.chain(come).map(|(cell, _)| cell).collect();
        }
        let cell = |item| match item {
            DiffItem::Add(cell, _) | DiffItem::Remove(cell, _) => *cell,
            DiffItem::Update { new: (cell, _), .. } => *cell,
        };
        self.claims.diff(&others.claims).map(cell).collect()
    }
}

impl Below {
    fn things(&self, attribute: AttributeId) -> Option<&Arc<RoaringBitmap>> {
        let of = self.attributes.get(&attribute)?;
        Some(of.things.get_or_init(|| Arc::new(self.kept.cell_things(attribute))))
    }

    /// The page at this position, and how many there are.
    fn page(&self, attribute: AttributeId, at: u32) -> Option<&Page> {
        let (of, things) = (self.attributes.get(&attribute)?, self.things(attribute)?);
        let count = things.len().div_ceil(CELLS_PER_PAGE.into());
        let pages = of.pages.get_or_init(|| (0..count).map(|_| OnceLock::new()).collect());
        Some(pages.get(at as usize)?.get_or_init(|| self.kept.cells(attribute, at)))
    }

    fn get(&self, (attribute, thing): CellId) -> Option<&Arc<[Claim]>> {
        let things = self.things(attribute)?;
        if !things.contains(thing.0) {
            return None;
        }
        // There is one cell at least up to this thing: its own.
        let before = things.rank(thing.0) - 1;
        let page = self.page(attribute, (before / u64::from(CELLS_PER_PAGE)) as u32)?;
        let at = page.binary_search_by_key(&thing, |(thing, _)| *thing).ok()?;
        Some(&page[at].1)
    }

    fn of(&self, attribute: AttributeId) -> impl Iterator<Item = (ThingId, &Arc<[Claim]>)> {
        let pages = (0..).map_while(move |at| self.page(attribute, at));
        pages.flatten().map(|(thing, claims)| (*thing, claims))
    }
}

/// Cells from above and below, ascending; what is above counts.
struct Merged<A: Iterator, B: Iterator> {
    above: Peekable<A>,
    below: Peekable<B>,
}

impl<'a, A, B> Iterator for Merged<A, B>
where
    A: Iterator<Item = (ThingId, &'a Arc<[Claim]>)>,
    B: Iterator<Item = (ThingId, &'a Arc<[Claim]>)>,
{
    type Item = (ThingId, &'a Arc<[Claim]>);

    fn next(&mut self) -> Option<Self::Item> {
        let (Some((above, _)), Some((below, _))) = (self.above.peek(), self.below.peek()) else {
            return self.above.next().or_else(|| self.below.next());
        };
        if below < above {
            return self.below.next();
        }
        if below == above {
            self.below.next();
        }
        self.above.next()
    }
}
