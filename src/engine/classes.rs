//! Configuration classes: things of one kind of which nothing that matters here tells one from the other.
//!
//! What follows of a thing, or is counted of it, often depends on a few of its own attributes alone, each read no
//! finer than the tests in the patterns and the question tell its values apart. Things that agree in these form a
//! class (in qualitative comparative analysis, a row of the truth table), and what is worked out for one of
//! them, its representative, holds for all. [`Reading`] says what matters; a thing about which more is said than
//! imported columns tell stands outside of every class.

use super::filter::{Side, Wanted, is_constant};
use super::scene::Scene;
use super::truth::Said;
use crate::error::Result;
use crate::facts::{Claims, Column};
use crate::model::{
    AttributeId, Condition, Expression, KindId, Path, Start, Step, Term, Test, TestForm, ThingId,
};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// So many classes at most: beyond, row by row is as good.
const MOST_CLASSES: usize = 65_000;
/// Keys below this are numbered through a table, others through a hash map.
const DIRECT: u32 = 1 << 21;
/// So many things at a time, so that their keys stay in the cache.
const BLOCK: usize = 8_192;
/// Of a kind of fewer things, none is worth a class.
const FEW: u64 = 256;

/// What matters of a thing of one kind: some of its own attributes, each as finely as it is read.
#[derive(Debug)]
pub struct Reading {
    kind: KindId,
    parts: Vec<Part>,
    /// How many combinations of groups there are.
    keys: u32,
}

/// One attribute, its values in groups. Group 0 is that of nothing said.
#[derive(Debug)]
struct Part {
    attribute: AttributeId,
    groups: u32,
    /// Each with what every code adds to the key: its group, times the combinations of the parts after this one.
    columns: Vec<(Arc<Column>, Vec<u32>)>,
}

/// How finely an attribute is read.
enum Grain<'r> {
    /// Every value for itself.
    Whole,
    /// By these tests alone.
    Tests(Vec<&'r TestForm>),
}

/// Things in classes.
#[derive(Debug)]
pub struct Classes {
    /// The thing of the first code.
    first: u32,
    /// By thing: the number of its class, or `OUTSIDE`.
    numbers: Vec<u16>,
    /// By number.
    classes: Vec<Class>,
    /// The things of the kind that are in no class.
    pub outside: RoaringBitmap,
}

/// One class.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// The first of its things.
    pub representative: ThingId,
    /// How many there are.
    pub things: u64,
}

const OUTSIDE: u16 = u16::MAX;

impl<'a> Scene<'a> {
    /// The classes of things of a kind that these expressions on variable 0 cannot tell apart; `None` if it matters
    /// which thing it is, or classes are not worth while.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn classes_of(&self, kind: KindId, expressions: &[&Expression]) -> Result<Option<Arc<Classes>>> {
        let Some(mut reader) = Reader::new(self, kind) else { return Ok(None) };
        if expressions.iter().any(|expression| reader.expression(expression, 0).is_none()) {
            return Ok(None);
        }
        match (&reader.found[..], reader.waiting.is_empty()) {
            // These are kept from question to question.
            ([(attribute, _)], false) => self.classes_on(*attribute),
            _ => match reader.finish() {
                Some(reading) => Ok(reading.classes(self)?.map(Arc::new)),
                None => Ok(None),
            },
        }
    }

    /// What decides all that is said of things of its kind on an attribute.
    pub fn reading_on(&self, attribute: AttributeId) -> Option<Reading> {
        let mut reader = Reader::new(self, self.vocabulary().attribute(attribute).kind?)?;
        reader.reads(Step { attribute, inverse: false }, None)?;
        reader.finish()
    }
}

/// Finds out what matters.
struct Reader<'r> {
    scene: &'r Scene<'r>,
    kind: KindId,
    found: Vec<(AttributeId, Grain<'r>)>,
    /// Attributes whose patterns have been looked at.
    followed: FxHashSet<AttributeId>,
    waiting: Vec<AttributeId>,
}

impl<'r> Reader<'r> {
    /// `None` where a description or a watch needs to know what is read of each single thing.
    fn new(scene: &'r Scene<'r>, kind: KindId) -> Option<Self> {
        let worth_while =
            !scene.strict_not && !scene.is_watching() && scene.snapshot.members(kind).len() >= FEW;
        let (found, followed, waiting) = Default::default();
        worth_while.then_some(Reader { scene, kind, found, followed, waiting })
    }

    fn condition(&mut self, condition: &'r Condition, variable: usize) -> Option<()> {
        let mut is_local = true;
        condition.each_test(&mut |test, _| is_local &= self.test(test, variable).is_some());
        is_local.then_some(())
    }

    fn test(&mut self, test: &'r Test, variable: usize) -> Option<()> {
        if let Expression::Path(Path { start, steps }) = &test.left
            && let ([step], true) = (&steps[..], *start == Start::Variable(variable))
            && is_constant(&test.form)
        {
            return self.reads(*step, Some(&test.form));
        }
        let mut is_local = true;
        test.each_path(&mut |path, _| is_local &= self.path(path, variable).is_some());
        is_local.then_some(())
    }

    fn expression(&mut self, expression: &Expression, variable: usize) -> Option<()> {
        if matches!(expression, Expression::Field(_) | Expression::Described(_)) {
            return None;
        }
        let mut is_local = true;
        expression.each_path(&mut |path, _| is_local &= self.path(path, variable).is_some());
        is_local.then_some(())
    }

    /// Beyond its first step a path tells of other things: what is so of them is so whoever asks.
    fn path(&mut self, path: &Path, variable: usize) -> Option<()> {
        if path.start != Start::Variable(variable) {
            return Some(());
        }
        self.reads(*path.steps.first()?, None)
    }

    /// An attribute is read, by a test or as it is.
    fn reads(&mut self, step: Step, form: Option<&'r TestForm>) -> Option<()> {
        let Step { attribute, inverse } = step;
        if inverse || self.scene.vocabulary().attribute(attribute).kind != Some(self.kind) {
            return None;
        }
        match (self.found.iter_mut().find(|(known, _)| *known == attribute), form) {
            (Some((_, grain @ Grain::Tests(_))), None) => *grain = Grain::Whole,
            (Some((_, Grain::Tests(forms))), Some(form)) if !forms.contains(&form) => forms.push(form),
            (Some(_), _) => {}
            (None, Some(form)) => self.found.push((attribute, Grain::Tests(vec![form]))),
            (None, None) => self.found.push((attribute, Grain::Whole)),
        }
        if self.scene.is_concluded(attribute) && self.followed.insert(attribute) {
            self.waiting.push(attribute);
        }
        Some(())
    }

    /// Follows the patterns that conclude what is read, and what they read in turn.
    fn finish(mut self) -> Option<Reading> {
        let scene = self.scene;
        while let Some(attribute) = self.waiting.pop() {
            for pattern in scene.patterns_concluding(attribute) {
                for (conclusion, _) in pattern.conclusions().filter(|(c, _)| c.attribute == attribute) {
                    if conclusion.value == Term::Variable(conclusion.variable) {
                        return None;
                    }
                    self.condition(pattern.condition(), conclusion.variable)?;
                }
            }
        }
        let mut reading = Reading { kind: self.kind, parts: Vec::new(), keys: 1 };
        for (attribute, grain) in self.found {
            if let Some(part) = part(scene, attribute, grain)? {
                reading.keys = reading.keys.checked_mul(part.groups)?;
                reading.parts.push(part);
            }
        }
        let mut after = 1;
        for part in reading.parts.iter_mut().rev() {
            // All combinations are no more than `keys`, which fit.
            part.columns.iter_mut().flat_map(|(_, groups)| groups).for_each(|group| *group *= after);
            after *= part.groups;
        }
        (!reading.parts.is_empty()).then_some(reading)
    }
}

/// The values of an attribute in groups; `Some(None)` if nothing is claimed of it, `None` if rows claim several. What is
/// claimed without a column makes no groups, but keeps its things outside of all classes.
fn part(scene: &Scene, attribute: AttributeId, grain: Grain) -> Option<Option<Part>> {
    let columns = scene.snapshot.columns(attribute);
    let has_cells = scene.snapshot.cell_things(attribute).is_some_and(|things| !things.is_empty());
    if columns.is_empty() && !has_cells {
        return Some(None);
    }
    if columns.iter().any(|column| column.is_many()) {
        return None;
    }
    let grouped = match grain {
        // What patterns conclude stands beside the value itself: tests may see both together.
        Grain::Tests(forms) if !scene.is_concluded(attribute) && forms.len() < 32 => {
            by_tests(scene, attribute, columns, &forms)
        }
        _ => by_value(scene, columns),
    };
    let groups = grouped.iter().flatten().max().map_or(1, |last| last + 1);
    let columns = columns.iter().cloned().zip(grouped).collect();
    Some(Some(Part { attribute, groups, columns }))
}

/// Every value of every column that is seen is a group of its own.
fn by_value(scene: &Scene, columns: &[Arc<Column>]) -> Vec<Vec<u32>> {
    let mut next = 0;
    let mut grouped = Vec::with_capacity(columns.len());
    for column in columns {
        let (codes, is_seen) = (column.dictionary().len() as u32, scene.scope.sees(&column.evidence().when));
        let group = |code: u32| if code > 0 && is_seen { next + code } else { 0 };
        grouped.push((0..=codes).map(group).collect());
        next += codes;
    }
    grouped
}

/// Values that no test tells apart are one group.
fn by_tests(
    scene: &Scene,
    attribute: AttributeId,
    columns: &[Arc<Column>],
    forms: &[&TestForm],
) -> Vec<Vec<u32>> {
    let wanted = || {
        let sides = forms.iter().flat_map(|form| [(form, Side::Met), (form, Side::Failed)]);
        (0..).zip(sides.map(|(form, side)| Wanted::Test(form, side)))
    };
    let many = scene.vocabulary().attribute(attribute).many;
    let nothing = Said::new(Claims::Kept(&[]), super::derived::Conclusions::Kept(&[]), scene.scope, many);
    let holds = wanted().filter(|(_, wanted)| scene.is_wanted(&nothing, attribute, wanted));
    let of_nothing = holds.fold(0u64, |holds, (bit, _)| holds | 1 << bit);
    // What is cited differs from column to column, and where nothing is said.
    let mut numbers = FxHashMap::from_iter([((None, of_nothing), 0)]);
    let mut grouped = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let is_seen = scene.scope.sees(&column.evidence().when);
        let mut holds = vec![0u64; column.dictionary().len() + 1];
        for (bit, wanted) in wanted() {
            let codes = scene.codes_where(attribute, column, &wanted, usize::MAX);
            for range in codes.into_iter().flatten() {
                holds[range.start as usize..range.end as usize].iter_mut().for_each(|h| *h |= 1 << bit);
            }
        }
        let number = |(code, holds): (usize, u64)| {
            let next = numbers.len() as u32;
            let said = if code > 0 && is_seen { (Some(at), holds) } else { (None, of_nothing) };
            *numbers.entry(said).or_insert(next)
        };
        grouped.push(holds.into_iter().enumerate().map(number).collect());
    }
    grouped
}

impl Reading {
    /// What tells the class of a thing from others; `None` if it stands outside of all.
    pub fn key(&self, scene: &Scene, thing: ThingId) -> Option<u32> {
        let mut key = 0;
        for part in &self.parts {
            if scene.snapshot.cell_things(part.attribute).is_some_and(|things| things.contains(thing.0)) {
                return None;
            }
            let adds = |(column, added): &(Arc<Column>, Vec<u32>)| {
                column.codes_of(thing).next().and_then(|code| added.get(code as usize).copied())
            };
            key += part.columns.iter().find_map(adds).unwrap_or(0);
        }
        Some(key)
    }

    /// All things of the kind in their classes; `None` if these are too many.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn classes(&self, scene: &Scene) -> Result<Option<Classes>> {
        let members = scene.snapshot.members(self.kind);
        let (Some(first), Some(last)) = (members.min(), members.max()) else { return Ok(None) };
        let mut outside = RoaringBitmap::new();
        for part in &self.parts {
            if let Some(things) = scene.snapshot.cell_things(part.attribute) {
                outside |= &**things & &*members;
            }
        }
        let inside = &*members - &outside;
        let span = (last - first) as usize + 1;
        let mut numbering = Numbering::new(self.keys, first, span);
        let mut keys = vec![0; BLOCK.min(span)];
        for start in (0..span).step_by(BLOCK) {
            scene.budget.check()?;
            let keys = &mut keys[..BLOCK.min(span - start)];
            keys.fill(0);
            // Of several columns of an attribute at most one speaks of a thing; what is not said adds nothing.
            for (column, added) in self.parts.iter().flat_map(|part| &part.columns) {
                column.add_by_code(keys, first + start as u32, added);
            }
            match inside.len() == span as u64 {
                true => numbering.number(keys, start, 0..keys.len()),
                false => {
                    let from = first + start as u32;
                    let among = inside.range(from..=from + (keys.len() as u32 - 1));
                    numbering.number(keys, start, among.map(|thing| (thing - from) as usize));
                }
            }
            if numbering.classes.len() > MOST_CLASSES {
                return Ok(None);
            }
        }
        Ok(Some(Classes { first, classes: numbering.counted(), numbers: numbering.numbers, outside }))
    }
}

/// Gives keys numbers, in order of appearance.
struct Numbering {
    first: u32,
    numbers: Vec<u16>,
    classes: Vec<Class>,
    known: Known,
}

/// The numbers of the keys seen so far, 0 being none: number `n` is kept as `n + 1`.
enum Known {
    Table(Vec<u16>),
    Map(FxHashMap<u32, u16>),
}

impl Numbering {
    fn new(keys: u32, first: u32, span: usize) -> Self {
        let known = match keys <= DIRECT {
            true => Known::Table(vec![0; keys as usize]),
            false => Known::Map(FxHashMap::default()),
        };
        Numbering { first, numbers: vec![OUTSIDE; span], classes: Vec::new(), known }
    }

    /// Numbers the things at these positions of a block that begins at `start`.
    fn number(&mut self, keys: &[u32], start: usize, positions: impl Iterator<Item = usize>) {
        let Numbering { first, numbers, classes, known } = self;
        let numbers = &mut numbers[start..start + keys.len()];
        for at in positions {
            let known = match known {
                Known::Table(table) => &mut table[keys[at] as usize],
                Known::Map(map) => map.entry(keys[at]).or_default(),
            };
            if *known == 0 {
                let representative = ThingId(*first + (start + at) as u32);
                classes.push(Class { representative, things: 0 });
                // A block adds fewer than 8,192 to at most `MOST_CLASSES`, which are looked at behind it: what
                // does not fit is never used.
                *known = u16::try_from(classes.len()).unwrap_or(OUTSIDE);
            }
            numbers[at] = *known - 1;
        }
    }

    /// The classes with the number of their things.
    fn counted(&self) -> Vec<Class> {
        // Several counts of each, since one that has just been written is slow to read again.
        let mut counts = vec![[0_u32; 4]; self.classes.len()];
        for four in self.numbers.chunks(4) {
            for (at, number) in four.iter().enumerate() {
                if let Some(counts) = counts.get_mut(usize::from(*number)) {
                    counts[at] += 1;
                }
            }
        }
        let all = |counts: &[u32; 4]| counts.iter().map(|count| u64::from(*count)).sum();
        self.classes
            .iter()
            .zip(&counts)
            .map(|(class, counts)| Class { things: all(counts), ..*class })
            .collect()
    }
}

impl Classes {
    /// All classes, in order of their first things.
    pub fn iter(&self) -> impl Iterator<Item = &Class> {
        self.classes.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// The number of the class of a thing; `None` if it is in none.
    pub fn number(&self, thing: ThingId) -> Option<usize> {
        let number = *self.numbers.get(thing.0.checked_sub(self.first)? as usize)?;
        (number != OUTSIDE).then_some(number.into())
    }

    /// The things of the classes that are chosen, by number.
    pub fn select(&self, chosen: &[bool]) -> RoaringBitmap {
        let is_chosen = |number: &u16| chosen.get(*number as usize).copied().unwrap_or(false);
        let byte = |eight: &[u16]| {
            (0..).zip(eight).fold(0u8, |byte, (at, number)| byte | u8::from(is_chosen(number)) << at)
        };
        let bits: Vec<u8> = self.numbers.chunks(8).map(byte).collect();
        RoaringBitmap::from_lsb0_bytes(self.first, &bits)
    }

    /// How many of these things are in each class, by number.
    pub fn count_in(&self, things: &RoaringBitmap) -> Vec<u64> {
        let inside = self.classes.iter().map(|class| class.things).sum::<u64>();
        if things.len() == inside + self.outside.len() {
            return self.classes.iter().map(|class| class.things).collect();
        }
        let mut counts = vec![0; self.classes.len()];
        for thing in things {
            let number = thing.checked_sub(self.first).and_then(|at| self.numbers.get(at as usize));
            if let Some(count) = number.and_then(|number| counts.get_mut(*number as usize)) {
                *count += 1;
            }
        }
        counts
    }
}
