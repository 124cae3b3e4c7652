//! A snapshot laid flat for a view, and built again from one.

use super::apply::{Draft, PatternReader};
use super::column::Column;
use super::snapshot::Snapshot;
use crate::error::Result;
use crate::model::change::{Batch, BatchColumn, Image, ImageBatch, Operation, PackedText};
use crate::model::{AttributeId, ThingId};
use roaring::RoaringBitmap;
use std::sync::Arc;

/// The columns of one import, in its order.
struct Group<'a> {
    first: &'a Column,
    /// The thing of each row.
    things: Vec<ThingId>,
    columns: Vec<(AttributeId, &'a Column)>,
}

impl Snapshot {
    /// Everything that stands, laid flat.
    pub fn image(&self) -> Image {
        let mut operations = self.declarations();
        operations.extend(self.single_things());
        operations.extend(self.alias_declarations());
        operations.extend(self.pattern_declarations());
        let mut claims = Vec::new();
        for ((attribute, thing), cell) in self.cells.iter() {
            claims.extend(cell.iter().map(|claim| (claim.id, self.stated(thing, attribute, claim))));
        }
        claims.sort_by_key(|(id, _)| *id);
        let groups = self.groups();
        let mut batches = self.bare_imports(&groups);
        batches.extend(groups.iter().map(|group| self.image_batch(group)));
        Image { commits: self.commits().cloned().collect(), operations, claims, batches }
    }

    /// The snapshot that this image was made of.
    ///
    /// # Errors
    /// If the image does not fit together.
    pub fn from_image(image: &Image, read_pattern: PatternReader) -> Result<Snapshot> {
        let mut draft = Draft::new(&Snapshot::default(), read_pattern);
        let is_pattern = |operation: &&Operation| matches!(operation, Operation::DeclarePattern { .. });
        for operation in image.operations.iter().filter(|operation| !is_pattern(operation)) {
            draft.apply(operation.clone())?;
        }
        for batch in &image.batches {
            draft.import_as(batch.commit, batch.first_ordinal, &batch.batch)?;
        }
        draft.keep_all(&image.claims)?;
        for operation in image.operations.iter().filter(is_pattern) {
            draft.apply(operation.clone())?;
        }
        let mut snapshot = draft.snapshot;
        snapshot.commits = image.commits.iter().cloned().map(Arc::new).collect();
        Ok(snapshot)
    }

    fn groups(&self) -> Vec<Group<'_>> {
        let all = self.columns.iter();
        let mut columns: Vec<(AttributeId, &Column)> = all
            .flat_map(|(attribute, columns)| columns.iter().map(|column| (*attribute, &**column)))
            .collect();
        columns.sort_by_key(|(_, column)| (column.commit, column.first_ordinal));
        let mut groups: Vec<Group> = Vec::new();
        for (attribute, column) in columns {
            match groups.last_mut() {
                Some(group) if group.continues_with(column) => group.columns.push((attribute, column)),
                _ => {
                    let things = column.rows_as_imported().into_iter().map(|(thing, _)| thing).collect();
                    groups.push(Group { first: column, things, columns: vec![(attribute, column)] });
                }
            }
        }
        groups
    }

    /// The things of imports of which no column tells: of imports of names alone, or without values.
    fn bare_imports(&self, groups: &[Group]) -> Vec<ImageBatch> {
        let told: RoaringBitmap =
            groups.iter().flat_map(|group| &group.things).map(|thing| thing.0).collect();
        let mut bare = Vec::new();
        for (kind, first, names, _) in self.things.imports() {
            let all = (first.0..).take(names.len());
            let things: Vec<ThingId> = all.filter(|thing| !told.contains(*thing)).map(ThingId).collect();
            if things.is_empty() {
                continue;
            }
            let batch = Batch {
                kind: self.vocabulary.kind(kind).name.clone(),
                names: things.iter().map(|thing| self.things.name(*thing)).collect(),
                titles: self.packed_titles(things.iter().copied()),
                columns: Vec::new(),
                evidence: Default::default(),
            };
            bare.push(ImageBatch { commit: 0, first_ordinal: 0, batch });
        }
        bare
    }

    fn image_batch(&self, group: &Group) -> ImageBatch {
        let things = &group.things;
        let kind = things.first().map_or(crate::model::KindId::SOURCE, |thing| self.things.kind(*thing));
        let columns = group.columns.iter().map(|(attribute, column)| self.batch_column(*attribute, column));
        let batch = Batch {
            kind: self.vocabulary.kind(kind).name.clone(),
            names: things.iter().map(|thing| self.things.name(*thing)).collect(),
            titles: self.packed_titles(things.iter().copied()),
            columns: columns.collect(),
            evidence: self.stated_evidence(&group.first.evidence),
        };
        ImageBatch { commit: group.first.commit, first_ordinal: group.first.first_ordinal, batch }
    }

    /// A column row by row; what no longer stands, or stands in a cell, is 0.
    fn batch_column(&self, attribute: AttributeId, column: &Column) -> BatchColumn {
        let mut batch = BatchColumn {
            attribute: self.vocabulary.attribute(attribute).name.clone(),
            dictionary: column
                .dictionary()
                .iter()
                .map(|(_, value)| self.stated_value(attribute, value))
                .collect::<Vec<_>>()
                .into(),
            codes: Vec::new(),
            ends: Vec::new(),
        };
        let in_cells = self.cells.things(attribute);
        for (thing, mut codes) in column.rows_as_imported() {
            if in_cells.is_some_and(|things| things.contains(thing.0)) {
                codes.fill(0);
            }
            batch.codes.extend(codes);
            if column.is_many() {
                batch.ends.push(batch.codes.len() as u32);
            }
        }
        batch
    }

    fn packed_titles(&self, things: impl Iterator<Item = ThingId>) -> PackedText {
        let titles: PackedText = things.map(|thing| self.things.title(thing).unwrap_or("")).collect();
        if titles.parts().0.is_empty() { PackedText::default() } else { titles }
    }
}

impl Group<'_> {
    fn continues_with(&self, column: &Column) -> bool {
        (column.commit, column.import) == (self.first.commit, self.first.import)
    }
}
