//! A snapshot given to a view part by part, and made again from one.

use super::apply::Draft;
use super::cells::Cells;
use super::column::Column;
use super::commits::Commits;
use super::patterns::{Patterns, ReadPattern};
use super::snapshot::Snapshot;
use super::things::Things;
use crate::error::Result;
use crate::model::change::CommitLine;
use crate::model::view::{
    CELLS_PER_PAGE, Distinct, Kept, Listed, NAMES_PER_PAGE, NamePage, Outline, Parts, PatternLine,
    VALUES_PER_PAGE,
};
use crate::model::{AttributeId, Claim, Codes, KindId, ThingId};
use roaring::RoaringBitmap;
use std::sync::Arc;

impl Snapshot {
    /// The snapshot of which a view was made. Nothing but the vocabulary is made of it here: all else is read when it
    /// is needed.
    ///
    /// # Errors
    /// If the outline does not fit together.
    pub fn from_view(view: Arc<dyn Kept>, read_pattern: ReadPattern) -> Result<Snapshot> {
        let outline = view.outline();
        let mut draft = Draft::new(&Snapshot::default(), &read_pattern);
        for operation in &outline.vocabulary {
            draft.apply(operation.clone())?;
        }
        let mut snapshot = draft.snapshot;
        snapshot.things = Things::kept(view.clone(), outline.things);
        snapshot.cells = Cells::kept(view.clone(), &outline.cells);
        snapshot.commits = Commits::kept(view.clone(), &outline);
        let columns = Arc::make_mut(&mut snapshot.columns);
        for (at, column) in outline.columns.iter().enumerate() {
            let kept = Column::kept(view.clone(), at, column);
            columns.entry(column.attribute).or_default().push(Arc::new(kept));
        }
        snapshot.view = Some(view.clone());
        snapshot.patterns = Patterns::kept(view, snapshot.clone(), read_pattern);
        Ok(snapshot)
    }

    /// What a view is made of.
    pub fn parts(&self) -> impl Parts {
        let mut columns: Vec<(AttributeId, &Column)> = Vec::new();
        for (attribute, _) in self.vocabulary.attributes() {
            columns.extend(self.columns(attribute).iter().map(|column| (attribute, &**column)));
        }
        Still { snapshot: self, columns }
    }

    /// What is wrong with the view that this snapshot was made of, as far as it has been read: no answer that was
    /// worked out since is to be given out.
    pub fn fault(&self) -> Option<String> {
        self.view.as_ref()?.fault()
    }
}

/// A snapshot, its columns in order.
struct Still<'a> {
    snapshot: &'a Snapshot,
    columns: Vec<(AttributeId, &'a Column)>,
}

impl Parts for Still<'_> {
    fn outline(&self) -> Outline {
        let mut vocabulary = self.snapshot.declarations();
        vocabulary.extend(self.snapshot.alias_declarations());
        Outline {
            commit: self.snapshot.commit(),
            seed: self.snapshot.seed(),
            vocabulary,
            things: self.snapshot.things.count(),
            columns: self.columns.iter().map(|(attribute, column)| column.outline(*attribute)).collect(),
            cells: self.snapshot.cells.attributes(),
        }
    }

    fn commits(&self) -> Vec<Arc<CommitLine>> {
        self.snapshot.commits.iter().cloned().collect()
    }

    fn patterns(&self) -> Vec<PatternLine> {
        self.snapshot.patterns.lines().cloned().collect()
    }

    fn kinds(&self) -> Vec<(u32, KindId)> {
        self.snapshot.things.kind_runs()
    }

    fn names(&self, page: u32) -> NamePage {
        let things = &self.snapshot.things;
        let first = page * NAMES_PER_PAGE;
        things.page(first..things.count().min(first + NAMES_PER_PAGE))
    }

    fn cell_things(&self, attribute: AttributeId) -> RoaringBitmap {
        self.snapshot.cells.things(attribute).map(|things| (**things).clone()).unwrap_or_default()
    }

    fn cells(&self, attribute: AttributeId, page: u32) -> Vec<(ThingId, Arc<[Claim]>)> {
        let cells = &self.snapshot.cells;
        let Some(things) = cells.things(attribute) else { return Vec::new() };
        let Some(first) = things.select(page * CELLS_PER_PAGE) else { return Vec::new() };
        let cell = |thing| Some((ThingId(thing), cells.get((attribute, ThingId(thing)))?.clone()));
        things.range(first..).take(CELLS_PER_PAGE as usize).filter_map(cell).collect()
    }

    fn listed(&self, column: usize) -> Vec<Listed> {
        self.columns[column].1.all_listed()
    }

    fn ends(&self, column: usize) -> Vec<u32> {
        self.columns[column].1.all_ends()
    }

    fn values(&self, column: usize, page: u32) -> Distinct {
        let dictionary = self.columns[column].1.dictionary();
        let first = page * VALUES_PER_PAGE + 1;
        let values = (first..first + VALUES_PER_PAGE).map_while(|code| dictionary.value(code));
        Distinct::Mixed(values.collect())
    }

    fn codes(&self, column: usize) -> Codes {
        self.columns[column].1.all_codes()
    }

    fn fault(&self) -> Option<String> {
        self.snapshot.fault()
    }
}
