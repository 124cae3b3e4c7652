//! The claims that do not stand in a column: one cell for each thing and attribute.

use crate::model::{AttributeId, Claim, ThingId};
use imbl::OrdMap;
use imbl::ordmap::DiffItem;
use roaring::RoaringBitmap;
use std::sync::Arc;

/// Which cell.
pub(super) type CellId = (AttributeId, ThingId);

/// All cells of a snapshot. Where there is a cell, columns do not count.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    claims: OrdMap<CellId, Arc<[Claim]>>,
    /// By attribute, the things that have a cell.
    things: OrdMap<AttributeId, Arc<RoaringBitmap>>,
}

impl Cells {
    /// The claims of a cell.
    pub fn get(&self, cell: CellId) -> Option<&Arc<[Claim]>> {
        self.claims.get(&cell)
    }

    /// Whether there is such a cell.
    pub fn has(&self, cell: CellId) -> bool {
        self.claims.contains_key(&cell)
    }

    /// Puts claims into a cell, in place of what was there.
    pub fn put(&mut self, cell: CellId, claims: Arc<[Claim]>) {
        if self.claims.insert(cell, claims).is_none() {
            let (attribute, thing) = cell;
            Arc::make_mut(self.things.entry(attribute).or_default()).insert(thing.0);
        }
    }

    /// The things that have a cell on an attribute, if there are any.
    pub fn things(&self, attribute: AttributeId) -> Option<&Arc<RoaringBitmap>> {
        self.things.get(&attribute)
    }

    /// The cells of an attribute, ascending by thing.
    pub fn of(&self, attribute: AttributeId) -> impl Iterator<Item = (ThingId, &[Claim])> {
        let range = (attribute, ThingId(0))..=(attribute, ThingId(u32::MAX));
        self.claims.range(range).map(|((_, thing), claims)| (*thing, &**claims))
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = (CellId, &Arc<[Claim]>)> {
        self.claims.iter().map(|(cell, claims)| (*cell, claims))
    }

    /// The cells that are not the same in others.
    pub fn differing(&self, others: &Cells) -> Vec<CellId> {
        let cell = |item| match item {
            DiffItem::Add(cell, _) | DiffItem::Remove(cell, _) => *cell,
            DiffItem::Update { new: (cell, _), .. } => *cell,
        };
        self.claims.diff(&others.claims).map(cell).collect()
    }
}
