//! Many things at once: how a batch becomes columns, and joins what is there.

use super::apply::{Draft, missing};
use super::column::{Column, Rows};
use crate::error::{Error, ErrorKind, Result};
use crate::model::change::{Batch, BatchColumn, PackedText, Values};
use crate::model::view::{Distinct, Listed};
use crate::model::{
    AttributeId, Claim, ClaimId, Directory, Evidence, KindId, Name, Text, ThingId, Value, fold, folded,
};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

impl Draft<'_> {
    pub(super) fn import(&mut self, batch: &Batch) -> Result<bool> {
        let claims: usize = batch.columns.iter().map(|column| column.codes.len()).sum();
        let ordinal = self.ordinal;
        let (tally, snapshot) = (self.tally, self.snapshot.clone());
        self.import_as(self.commit, ordinal, batch)?;
        if self.tally == tally {
            // All of it was there: no trace of it, not even empty columns.
            self.snapshot = snapshot;
            return Ok(false);
        }
        // Every place in the batch has an ordinal, whether it claims something or not.
        let after = u32::try_from(claims).ok().and_then(|claims| ordinal.checked_add(claims));
        self.ordinal =
            after.ok_or_else(|| Error::new(ErrorKind::Limit, "one commit makes more than 2^32 claims"))?;
        Ok(true)
    }

    /// Adds the things of a batch, and its claims under given identities.
    pub(super) fn import_as(&mut self, commit: u32, first_ordinal: u32, batch: &Batch) -> Result<()> {
        let kind = self.kind(&batch.kind)?;
        let before = self.snapshot.things.count();
        let rows = self.import_things(kind, batch);
        let all_new = rows.iter().all(|thing| thing.0 >= before);
        let evidence = self.evidence(&batch.evidence)?;
        let mut first = first_ordinal;
        for column in &batch.columns {
            let identity = (commit, first_ordinal, first);
            self.import_column(kind, &rows, all_new, column, identity, &evidence)?;
            first += column.codes.len() as u32;
        }
        Ok(())
    }

    /// The thing of each row.
    fn import_things(&mut self, kind: KindId, batch: &Batch) -> Vec<ThingId> {
        if self.snapshot.patterns.len() > 0 {
            // Of millions of names few stand in a pattern.
            let words = self.words_of_patterns();
            let concerning = batch.names.iter().map(folded).filter(|name| words.contains(&**name));
            self.added.extend(concerning.map(Cow::into_owned));
        }
        let things = &mut self.snapshot.things;
        let known: Vec<Option<ThingId>> = match things.members(kind).is_empty() {
            true => Vec::new(),
            false => batch.names.iter().map(|name| things.find(kind, &fold(name))).collect(),
        };
        let count = batch.names.len();
        let mut ids = Vec::with_capacity(count);
        if known.iter().all(Option::is_none) {
            let first = things.add_packed(kind, batch.names.clone(), batch.titles.clone());
            ids.extend((first.0..).map(ThingId).take(count));
        } else {
            let title_of = |row: usize| batch.titles.get(row).filter(|title| !title.is_empty());
            let (mut names, mut titles) = (PackedText::default(), PackedText::default());
            for (row, name) in batch.names.iter().enumerate().filter(|(row, _)| known[*row].is_none()) {
                names.push(name);
                titles.push(title_of(row).unwrap_or(""));
            }
            let added = names.len();
            let mut next = things.add_packed(kind, names, titles).0;
            for (row, thing) in known.iter().enumerate() {
                match (thing, title_of(row)) {
                    (Some(thing), title) => {
                        if let Some(title) = title.filter(|title| things.title(*thing) != Some(title)) {
                            things.set_title(*thing, Text::from(title));
                        }
                        ids.push(*thing);
                    }
                    (None, _) => {
                        ids.push(ThingId(next));
                        next += 1;
                    }
                }
            }
            self.tally.things += added;
            return ids;
        }
        self.tally.things += ids.len();
        ids
    }

    fn import_column(
        &mut self,
        kind: KindId,
        rows: &[ThingId],
        all_new: bool,
        column: &BatchColumn,
        identity: (u32, u32, u32),
        evidence: &Arc<Evidence>,
    ) -> Result<()> {
        let attribute = self.attribute(kind, &column.attribute)?;
        let values = self.values(attribute, &column.dictionary)?;
        self.tally.claims += column.codes.iter().filter(|code| **code != 0).count();

        let mut codes = column.codes.clone();
        let mut ends = column.ends.clone();
        if !all_new {
            self.import_into_cells(attribute, rows, column, &mut codes, &values, identity, evidence);
        }
        let consecutive = rows.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
        let things = match rows.first() {
            None => return Ok(()),
            Some(first) if consecutive => Rows::From(*first),
            Some(_) => {
                let place = |row: u32| column.places(row as usize).start as u32;
                let listed =
                    rows.iter().zip(0..).map(|(thing, row)| Listed { thing: *thing, row, place: place(row) });
                let mut listed: Vec<Listed> = listed.collect();
                listed.sort_unstable();
                (codes, ends) = reordered(column, &codes, listed.iter().map(|listed| listed.row as usize));
                Rows::Listed(OnceLock::from(listed))
            }
        };
        let column = Column::new(things, values, codes, ends, identity, evidence.clone());
        Arc::make_mut(&mut self.snapshot.columns).entry(attribute).or_default().push(Arc::new(column));
        Ok(())
    }

    fn values(&self, attribute: AttributeId, stated: &Values) -> Result<Distinct> {
        let Some((kind, names)) = stated.as_things() else {
            let values = stated.iter().map(|value| self.value(attribute, &value));
            return values.collect::<Result<_>>().map(Distinct::Mixed);
        };
        let (kind, mut last) = (self.kind(kind)?, None);
        let mut things = Vec::with_capacity(names.len());
        for name in names.iter() {
            last = self.snapshot.find_after(kind, name, last);
            things.push(last.ok_or_else(|| missing("thing", &Name::new(name)))?);
        }
        Ok(Distinct::Things(things))
    }

    /// Where something is claimed already, an import's claim joins it in a cell; its code becomes 0.
    #[allow(clippy::too_many_arguments, reason = "the parts of a column that is not made yet")]
    fn import_into_cells(
        &mut self,
        attribute: AttributeId,
        rows: &[ThingId],
        column: &BatchColumn,
        codes: &mut [u32],
        values: &Distinct,
        (commit, _, first_ordinal): (u32, u32, u32),
        evidence: &Arc<Evidence>,
    ) {
        let many = self.snapshot.vocabulary.attribute(attribute).many;
        let (mut repeated, mut replaced) = (0, 0);
        for (row, thing) in rows.iter().enumerate() {
            let standing = self.snapshot.claims(*thing, attribute);
            if standing.is_empty() && !self.snapshot.cells.has((attribute, *thing)) {
                continue;
            }
            let claim = |place: usize| {
                let at = (codes[place] as usize).checked_sub(1)?;
                let value = match values {
                    Distinct::Things(things) => Value::Thing(*things.get(at)?),
                    Distinct::Mixed(values) => values.get(at)?.clone(),
                };
                let id = ClaimId { commit, ordinal: first_ordinal + place as u32 };
                let (value, evidence) = (Some(value), evidence.clone());
                Some(Claim { id, value, denied: false, evidence, note: None })
            };
            let stated: Vec<Claim> = column.places(row).filter_map(claim).collect();
            codes[column.places(row)].fill(0);
            let count = stated.len();
            let is_there = |claim: &Claim| standing.iter().any(|old| old.same_as(claim));
            let fresh: Vec<Claim> = stated.into_iter().filter(|claim| !is_there(claim)).collect();
            // What is claimed already stays where it is.
            repeated += count - fresh.len();
            if fresh.is_empty() {
                continue;
            }
            let gives_way = |old: &&Claim| !many && fresh.iter().any(|claim| old.replaced_by(claim));
            let kept: Vec<Claim> = standing.iter().filter(|old| !gives_way(old)).cloned().collect();
            replaced += standing.len() - kept.len();
            self.snapshot.cells.put((attribute, *thing), kept.into_iter().chain(fresh).collect());
        }
        self.tally.claims -= repeated;
        self.tally.replaced += replaced;
    }
}

/// The codes of a column row by row in another order, and where each row ends, if rows have several.
fn reordered(
    column: &BatchColumn,
    codes: &[u32],
    order: impl Iterator<Item = usize>,
) -> (Vec<u32>, Vec<u32>) {
    let (mut reordered, mut ends) = (Vec::with_capacity(codes.len()), Vec::new());
    for row in order {
        reordered.extend_from_slice(&codes[column.places(row)]);
        if !column.ends.is_empty() {
            ends.push(reordered.len() as u32);
        }
    }
    (reordered, ends)
}
