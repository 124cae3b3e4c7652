//! Transitive closures: what a thing reaches by one reference after the other.
//!
//! Patterns that say no more than `A.cites = B` gives `A.reaches = B`, and how to go on from there, need no rounds
//! of joins. From one thing the closure is a breadth-first search; how many things each of all reaches is counted
//! on the condensation of the graph, its strongly connected components (Tarjan 1972), by search where little is
//! reached and by rows of bits where much is (Warshall 1962, block by block), without a single pair written down.

use super::derived::Conclusion;
use super::scene::Scene;
use crate::error::Result;
use crate::facts::Column;
use crate::model::{
    AttributeId, Comparison, Condition, Expression, Pattern, Rule, Start, Step, Term, Test, TestForm,
    ThingId, Value,
};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The attribute whose closure these patterns, all that conclude `closed`, make of it; `None` if they say anything
/// else.
pub fn closure_of(closed: AttributeId, patterns: &[Arc<Pattern>]) -> Option<AttributeId> {
    let mut base = None;
    let (mut begins, mut goes_on) = (false, false);
    for pattern in patterns {
        let links = chain(pattern, closed)?;
        let mut of_base = links.iter().filter(|link| **link != closed);
        let known = match (&links[..], of_base.next()) {
            // A.cites = B
            ([_], Some(base)) => {
                begins = true;
                *base
            }
            // A.cites = B and B.reaches = C, or the other way round
            ([_, _], Some(base)) if of_base.next().is_none() => {
                goes_on = true;
                *base
            }
            // A.reaches = B and B.reaches = C
            ([_, _], None) => {
                goes_on = true;
                continue;
            }
            _ => return None,
        };
        if *base.get_or_insert(known) != known {
            return None;
        }
    }
    base.filter(|_| begins && goes_on)
}

/// The attributes through which a pattern leads from the first to the last of its variables, each link from one
/// variable to the next, where it concludes that the first is `closed` the last, and nothing else.
fn chain(pattern: &Pattern, closed: AttributeId) -> Option<Vec<AttributeId>> {
    let Rule::Sufficient { when, then } = &pattern.rule else { return None };
    let [conclusion] = &then[..] else { return None };
    let Term::Variable(last) = conclusion.value else { return None };
    if conclusion.denied || conclusion.attribute != closed {
        return None;
    }
    let parts = match when {
        Condition::All(parts) => &parts[..],
        one => std::slice::from_ref(one),
    };
    let mut links: FxHashMap<usize, (AttributeId, usize)> = FxHashMap::default();
    for part in parts {
        let (from, attribute, to) = link(part)?;
        if links.insert(from, (attribute, to)).is_some() {
            return None;
        }
    }
    let (mut at, mut attributes) = (conclusion.variable, Vec::new());
    while let Some((attribute, to)) = links.remove(&at) {
        attributes.push(attribute);
        at = to;
    }
    let of_one_kind = pattern.variables.windows(2).all(|pair| pair[0].kind == pair[1].kind);
    let is_whole = links.is_empty() && at == last && pattern.variables.len() == attributes.len() + 1;
    (of_one_kind && is_whole).then_some(attributes)
}

/// `A.attribute = B`
fn link(condition: &Condition) -> Option<(usize, AttributeId, usize)> {
    let Condition::Test(Test { left: Expression::Path(left), form, .. }) = condition else { return None };
    let TestForm::Compare { possibly: false, comparison: Comparison::Equal, right: Expression::Path(right) } =
        form
    else {
        return None;
    };
    match (left.start, &left.steps[..], right.start, &right.steps[..]) {
        (Start::Variable(from), [Step { attribute, inverse: false }], Start::Variable(to), []) => {
            Some((from, *attribute, to))
        }
        _ => None,
    }
}

impl Scene<'_> {
    /// The step whose closure an attribute is: where patterns say just that, and no claim says anything besides.
    pub fn closes(&self, attribute: AttributeId) -> Option<Step> {
        let base = self.concluded.rules()?.closure(attribute)?;
        let is_claimed = !self.snapshot.columns(attribute).is_empty()
            || self.snapshot.cell_things(attribute).is_some_and(|things| !things.is_empty());
        let is_plain = !is_claimed && !self.is_concluded(base) && !self.strict_not && !self.is_watching();
        is_plain.then_some(Step { attribute: base, inverse: false })
    }

    /// What one or more steps lead to from a thing, each with how many it takes at least, the nearest first.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn reached(&self, from: ThingId, step: Step) -> Result<Vec<(ThingId, u32)>> {
        let links = self.links(step);
        let mut seen = FxHashSet::default();
        let mut reached: Vec<(ThingId, u32)> = Vec::new();
        let (mut here, mut distance, mut looked) = (from, 0, 0);
        loop {
            links.each_target(here, |target| {
                if seen.insert(target) {
                    reached.push((target, distance + 1));
                }
            })?;
            let Some(next) = reached.get(looked) else { break };
            (here, distance) = *next;
            looked += 1;
        }
        self.budget.spend(reached.len() as u64)?;
        Ok(reached)
    }

    /// The same as conclusions. A step more is a round later: each rests on one of fewer steps.
    pub fn reached_as_conclusions(&self, from: ThingId, step: Step) -> Result<Vec<Conclusion>> {
        let conclusion = |(thing, round)| Conclusion { value: Value::Thing(thing), denied: false, round };
        Ok(self.reached(from, step)?.into_iter().map(conclusion).collect())
    }

    /// What a step leads to, looked up once for many things.
    fn links(&self, step: Step) -> Links<'_> {
        let seen = |column: &&Arc<Column>| self.scope.sees(&column.evidence().when);
        let columns = self.snapshot.columns(step.attribute).iter().filter(seen).map(|column| &**column);
        let columns = if step.inverse { Vec::new() } else { columns.collect() };
        Links { scene: self, step, cells: self.cell_things(step.attribute), columns }
    }

    /// How many things each thing of a kind reaches by one or more steps.
    ///
    /// # Errors
    /// If the budget is spent.
    pub fn reach_counts(&self, step: Step) -> Result<FxHashMap<ThingId, u64>> {
        let kind = self.vocabulary().attribute(step.attribute).kind;
        let members = kind.map(|kind| self.snapshot.members(kind)).unwrap_or_default();
        let links = self.links(step);
        let mut graph = Graph::default();
        for thing in members.iter().map(ThingId) {
            self.budget.spend(1)?;
            let mut targets = Vec::new();
            links.each_target(thing, |target| targets.push(target))?;
            graph.add(thing, targets);
        }
        let counts = Condensation::new(&graph).counts(&mut |visits| self.budget.spend(visits))?;
        Ok(graph.things.into_iter().zip(counts).collect())
    }
}

/// What a step leads to from any thing.
struct Links<'a> {
    scene: &'a Scene<'a>,
    step: Step,
    /// The things of which columns do not tell.
    cells: Arc<RoaringBitmap>,
    columns: Vec<&'a Column>,
}

impl Links<'_> {
    /// Calls `visit` with what the step leads to from a thing; a thing may come more than once.
    fn each_target(&self, thing: ThingId, mut visit: impl FnMut(ThingId)) -> Result<()> {
        if self.step.inverse || self.cells.contains(thing.0) {
            self.scene.follow(thing, self.step)?.into_iter().for_each(visit);
            return Ok(());
        }
        for column in &self.columns {
            let targets = column.codes_of(thing).filter_map(|code| column.dictionary().thing(code));
            targets.for_each(&mut visit);
        }
        Ok(())
    }
}

/// Things by number, and what each leads to.
#[derive(Default)]
struct Graph {
    numbers: FxHashMap<ThingId, u32>,
    things: Vec<ThingId>,
    targets: Vec<Vec<u32>>,
}

impl Graph {
    fn number(&mut self, thing: ThingId) -> u32 {
        *self.numbers.entry(thing).or_insert_with(|| {
            self.things.push(thing);
            self.targets.push(Vec::new());
            self.things.len() as u32 - 1
        })
    }

    fn add(&mut self, thing: ThingId, targets: Vec<ThingId>) {
        let number = self.number(thing) as usize;
        self.targets[number] = targets.into_iter().map(|target| self.number(target)).collect();
    }
}

/// The strongly connected components of a graph, numbered so that each leads to lower ones only.
struct Condensation {
    component: Vec<u32>,
    /// How many nodes each has.
    sizes: Vec<u64>,
    /// Whether its nodes reach themselves.
    cyclic: Vec<bool>,
    targets: Vec<Vec<u32>>,
}

/// So many components, on average, may each be visited by search; beyond, rows of bits are cheaper.
const SEARCHED: usize = 256;
/// So many components at a time have a bit in each row.
const ROW: usize = 4_096;

impl Condensation {
    fn new(graph: &Graph) -> Self {
        let (component, count) = components(&graph.targets);
        let mut condensed = Condensation {
            component,
            sizes: vec![0; count],
            cyclic: vec![false; count],
            targets: vec![Vec::new(); count],
        };
        for (node, targets) in graph.targets.iter().enumerate() {
            let from = condensed.component[node];
            condensed.sizes[from as usize] += 1;
            for target in targets {
                match condensed.component[*target as usize] {
                    to if to == from => condensed.cyclic[from as usize] = true,
                    to => condensed.targets[from as usize].push(to),
                }
            }
        }
        for targets in &mut condensed.targets {
            targets.sort_unstable();
            targets.dedup();
        }
        condensed
    }

    /// By node, how many nodes it reaches. `spend` is told how many components were visited.
    fn counts(&self, spend: &mut dyn FnMut(u64) -> Result<()>) -> Result<Vec<u64>> {
        let counts = match self.searched(spend)? {
            Some(counts) => counts,
            None => self.by_bits(spend)?,
        };
        Ok(self.component.iter().map(|component| counts[*component as usize]).collect())
    }

    /// Component by component, breadth first; `None` if that visits too many.
    fn searched(&self, spend: &mut dyn FnMut(u64) -> Result<()>) -> Result<Option<Vec<u64>>> {
        let mut seen = vec![u32::MAX; self.sizes.len()];
        let mut visited = 0;
        let mut counts = Vec::with_capacity(self.sizes.len());
        for from in 0..self.sizes.len() as u32 {
            let mut waiting = vec![from];
            let mut count = if self.cyclic[from as usize] { self.sizes[from as usize] } else { 0 };
            while let Some(next) = waiting.pop() {
                for &to in &self.targets[next as usize] {
                    visited += 1;
                    if std::mem::replace(&mut seen[to as usize], from) != from {
                        count += self.sizes[to as usize];
                        waiting.push(to);
                    }
                }
            }
            counts.push(count);
            if visited > SEARCHED * self.sizes.len() {
                return Ok(None);
            }
        }
        spend(visited as u64)?;
        Ok(Some(counts))
    }

    /// A row of bits for each component, for so many components to be reached at a time.
    fn by_bits(&self, spend: &mut dyn FnMut(u64) -> Result<()>) -> Result<Vec<u64>> {
        let components = self.sizes.len();
        let mut counts: Vec<u64> =
            (0..components).map(|at| if self.cyclic[at] { self.sizes[at] } else { 0 }).collect();
        let words = ROW.min(components.next_multiple_of(64)) / 64;
        let mut rows = vec![0u64; components * words];
        for first in (0..components).step_by(words * 64) {
            rows.fill(0);
            let last = (first + words * 64).min(components);
            let large: Vec<usize> = (first..last).filter(|at| self.sizes[*at] > 1).collect();
            // What a component leads to has a lower number: its row is complete.
            for (from, count) in counts.iter_mut().enumerate().skip(first) {
                spend(1)?;
                let (done, own) = rows.split_at_mut(from * words);
                let own = &mut own[..words];
                for &to in &self.targets[from] {
                    let to = to as usize;
                    own.iter_mut().zip(&done[to * words..]).for_each(|(word, reached)| *word |= reached);
                    if (first..last).contains(&to) {
                        own[(to - first) / 64] |= 1 << ((to - first) % 64);
                    }
                }
                *count += own.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
                let is_reached = |at: usize| own[(at - first) / 64] >> ((at - first) % 64) & 1 == 1;
                let more = large.iter().filter(|at| is_reached(**at)).map(|at| self.sizes[*at] - 1);
                *count += more.sum::<u64>();
            }
        }
        Ok(counts)
    }
}

/// The component of each node, and how many there are (Tarjan's algorithm without recursion).
fn components(targets: &[Vec<u32>]) -> (Vec<u32>, usize) {
    const NONE: u32 = u32::MAX;
    let nodes = targets.len();
    let (mut index, mut low) = (vec![NONE; nodes], vec![0; nodes]);
    let mut component = vec![NONE; nodes];
    let (mut stack, mut frames) = (Vec::new(), Vec::new());
    let (mut next, mut count) = (0, 0);
    for root in 0..nodes as u32 {
        if index[root as usize] == NONE {
            frames.push((root, 0));
        }
        while let Some((node, looked)) = frames.pop() {
            let at = node as usize;
            if looked == 0 {
                (index[at], low[at]) = (next, next);
                next += 1;
                stack.push(node);
            } else {
                // Back from the target that was looked at last.
                low[at] = low[at].min(low[targets[at][looked - 1] as usize]);
            }
            let rest = targets[at].iter().enumerate().skip(looked);
            let mut entered = false;
            for (position, &target) in rest {
                let to = target as usize;
                if index[to] == NONE {
                    frames.push((node, position + 1));
                    frames.push((target, 0));
                    entered = true;
                    break;
                }
                if component[to] == NONE {
                    low[at] = low[at].min(index[to]);
                }
            }
            if !entered && low[at] == index[at] {
                while let Some(member) = stack.pop() {
                    component[member as usize] = count as u32;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    (component, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph(nodes: usize, links: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::default();
        (0..nodes).for_each(|node| graph.add(ThingId(node as u32), Vec::new()));
        links.iter().for_each(|(from, to)| graph.targets[from % nodes].push((to % nodes) as u32));
        graph
    }

    /// By node, how many others a search from it meets.
    fn one_by_one(graph: &Graph) -> Vec<u64> {
        let from = |node: usize| {
            let mut waiting = graph.targets[node].clone();
            let mut seen = FxHashSet::from_iter(waiting.iter().copied());
            while let Some(next) = waiting.pop() {
                waiting.extend(graph.targets[next as usize].iter().copied().filter(|to| seen.insert(*to)));
            }
            seen.len() as u64
        };
        (0..graph.targets.len()).map(from).collect()
    }

    fn by_bits(graph: &Graph) -> Vec<u64> {
        let condensed = Condensation::new(graph);
        let counts = condensed.by_bits(&mut |_| Ok(())).expect("nothing is refused");
        condensed.component.iter().map(|component| counts[*component as usize]).collect()
    }

    fn searched(graph: &Graph) -> Option<Vec<u64>> {
        let condensed = Condensation::new(graph);
        let counts = condensed.searched(&mut |_| Ok(())).expect("nothing is refused")?;
        Some(condensed.component.iter().map(|component| counts[*component as usize]).collect())
    }

    proptest! {
        #[test]
        fn all_that_is_reached_is_counted_once(
            nodes in 1usize..150,
            links in prop::collection::vec((0usize..150, 0usize..150), 0..400),
        ) {
            let graph = graph(nodes, &links);
            let counts = one_by_one(&graph);
            prop_assert_eq!(&by_bits(&graph), &counts);
            prop_assert_eq!(searched(&graph), Some(counts));
        }
    }

    #[test]
    fn a_long_chain_needs_several_blocks_of_bits() {
        let nodes = 2 * ROW + 100;
        let links: Vec<_> = (1..nodes).map(|node| (node - 1, node)).collect();
        let graph = graph(nodes, &links);
        let counts: Vec<u64> = (0..nodes as u64).rev().collect();
        assert_eq!(by_bits(&graph), counts);
        assert_eq!(searched(&graph), None);
    }
}
