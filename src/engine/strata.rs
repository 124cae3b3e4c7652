//! Stratified negation: in which order patterns run, and which sets of them cannot run at all.

use crate::error::{Error, Result};
use crate::model::{AttributeId, Expression, Pattern, Vocabulary};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::sync::Arc;

/// That a pattern reads one attribute to conclude another.
struct Edge {
    from: AttributeId,
    to: AttributeId,
    /// Through `not`, `is unknown` or `count of`.
    negative: bool,
    pattern: usize,
}

/// The attributes that a pattern reads; `true` where it reads them through `not`, `is unknown` or
/// `count of`, and so needs them complete.
pub fn reads(pattern: &Pattern) -> Vec<(AttributeId, bool)> {
    pattern.reads()
}

/// The attributes that an expression reads.
pub fn read_by(expression: &Expression) -> Vec<AttributeId> {
    let mut attributes = Vec::new();
    expression.each_path(&mut |path, _| attributes.extend(path.steps.iter().map(|step| step.attribute)));
    attributes
}

/// The attributes that a pattern concludes.
pub fn concludes(pattern: &Pattern) -> Vec<AttributeId> {
    pattern.concludes()
}

/// The patterns on which these attributes depend, directly or not, in order of declaration.
pub fn relevant(patterns: &[Arc<Pattern>], wanted: &[AttributeId]) -> Vec<Arc<Pattern>> {
    let mut needed: FxHashSet<AttributeId> = wanted.iter().copied().collect();
    let mut chosen = vec![false; patterns.len()];
    loop {
        let mut grew = false;
        for (at, pattern) in patterns.iter().enumerate() {
            if !chosen[at] && concludes(pattern).iter().any(|attribute| needed.contains(attribute)) {
                chosen[at] = true;
                grew = true;
                needed.extend(reads(pattern).into_iter().map(|(attribute, _)| attribute));
                needed.extend(concludes(pattern));
            }
        }
        if !grew {
            break;
        }
    }
    patterns.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(pattern, _)| pattern.clone()).collect()
}

/// Sorts patterns into strata: each reads only what it and earlier ones conclude, and reads through
/// `not`, `is unknown` and `count of` only what earlier ones conclude.
///
/// # Errors
/// If a cycle leads through one of those; the message names it.
pub fn stratify(patterns: &[Arc<Pattern>], vocabulary: &Vocabulary) -> Result<Vec<Vec<Arc<Pattern>>>> {
    let edges = edges(patterns);
    let component = components(patterns, &edges);
    for edge in edges.iter().filter(|edge| edge.negative) {
        if component.get(&edge.from) == component.get(&edge.to) {
            return Err(cycle(edge, &edges, patterns, vocabulary));
        }
    }
    let count = component.values().max().map_or(0, |last| last + 1);
    let mut strata: Vec<Vec<Arc<Pattern>>> = vec![Vec::new(); count];
    for pattern in patterns {
        // It runs wherever one of its conclusions is completed. What it reads is complete at the first.
        let mut at: Vec<usize> =
            concludes(pattern).iter().filter_map(|id| component.get(id)).copied().collect();
        at.sort_unstable();
        at.dedup();
        at.into_iter().for_each(|at| strata[at].push(pattern.clone()));
    }
    strata.retain(|stratum| !stratum.is_empty());
    Ok(strata)
}

/// By attribute, the number of its stratum, as [`stratify`] orders them; what no pattern concludes is in the
/// lowest that reads it.
pub fn strata_of(patterns: &[Arc<Pattern>]) -> FxHashMap<AttributeId, u32> {
    let strata = components(patterns, &edges(patterns));
    strata.into_iter().map(|(attribute, stratum)| (attribute, stratum as u32)).collect()
}

fn edges(patterns: &[Arc<Pattern>]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (at, pattern) in patterns.iter().enumerate() {
        for to in concludes(pattern) {
            let read = reads(pattern).into_iter();
            edges.extend(read.map(|(from, negative)| Edge { from, to, negative, pattern: at }));
        }
    }
    edges
}

/// Strongly connected components, numbered so that what is read comes before what reads it (Tarjan 1972,
/// without recursion).
fn components(patterns: &[Arc<Pattern>], edges: &[Edge]) -> FxHashMap<AttributeId, usize> {
    let mut reads: FxHashMap<AttributeId, Vec<AttributeId>> = FxHashMap::default();
    for edge in edges {
        reads.entry(edge.to).or_default().push(edge.from);
        reads.entry(edge.from).or_default();
    }
    let mut roots: Vec<AttributeId> = patterns.iter().flat_map(|pattern| concludes(pattern)).collect();
    roots.sort_unstable();
    let mut search = Search {
        reads: &reads,
        index: FxHashMap::default(),
        stack: Vec::new(),
        component: FxHashMap::default(),
        count: 0,
    };
    for root in roots {
        search.visit(root);
    }
    search.component
}

/// The state of Tarjan's search. An attribute on `stack` has no component yet.
struct Search<'a> {
    reads: &'a FxHashMap<AttributeId, Vec<AttributeId>>,
    index: FxHashMap<AttributeId, usize>,
    stack: Vec<AttributeId>,
    component: FxHashMap<AttributeId, usize>,
    count: usize,
}

impl Search<'_> {
    fn visit(&mut self, root: AttributeId) {
        if self.index.contains_key(&root) {
            return;
        }
        // Each frame: an attribute, how many of what it reads were looked at, the lowest index reached.
        let mut frames = vec![self.enter(root)];
        while let Some((attribute, looked, low)) = frames.pop() {
            let next = self.reads.get(&attribute).and_then(|reads| reads.get(looked)).copied();
            let Some(next) = next else {
                self.leave(attribute, low);
                if let Some((_, _, above)) = frames.last_mut() {
                    *above = low.min(*above);
                }
                continue;
            };
            match self.index.get(&next) {
                None => {
                    frames.push((attribute, looked + 1, low));
                    frames.push(self.enter(next));
                }
                Some(&index) if !self.component.contains_key(&next) => {
                    frames.push((attribute, looked + 1, low.min(index)));
                }
                Some(_) => frames.push((attribute, looked + 1, low)),
            }
        }
    }

    fn enter(&mut self, attribute: AttributeId) -> (AttributeId, usize, usize) {
        let index = self.index.len();
        self.index.insert(attribute, index);
        self.stack.push(attribute);
        (attribute, 0, index)
    }

    fn leave(&mut self, attribute: AttributeId, low: usize) {
        if self.index.get(&attribute) != Some(&low) {
            return;
        }
        while let Some(member) = self.stack.pop() {
            self.component.insert(member, self.count);
            if member == attribute {
                break;
            }
        }
        self.count += 1;
    }
}

fn cycle(edge: &Edge, edges: &[Edge], patterns: &[Arc<Pattern>], vocabulary: &Vocabulary) -> Error {
    // The way back: from what the edge concludes to what it reads.
    let mut came: FxHashMap<AttributeId, &Edge> = FxHashMap::default();
    let mut queue = VecDeque::from([edge.to]);
    while let Some(attribute) = queue.pop_front() {
        for next in edges.iter().filter(|next| next.from == attribute) {
            if next.to != edge.to && !came.contains_key(&next.to) {
                came.insert(next.to, next);
                queue.push_back(next.to);
            }
        }
    }
    let mut way = vec![edge];
    let mut at = edge.from;
    while at != edge.to {
        let Some(step) = came.get(&at) else { break };
        way.push(step);
        at = step.from;
    }
    way.reverse();
    let name = |attribute: AttributeId| &vocabulary.attribute(attribute).name;
    let mut error = Error::meaning(format!(
        "the patterns cannot be stratified: `{}` depends on itself through `not`, `is unknown` or `count of`",
        name(edge.to)
    ));
    for step in way {
        let how = if step.negative { "needs to know all of" } else { "reads" };
        let pattern = &patterns[step.pattern].name;
        error = error.note(format!(
            "pattern `{pattern}` concludes `{}` and {how} `{}`",
            name(step.to),
            name(step.from)
        ));
    }
    error.note("take one of these patterns out of the cycle, or state its condition without negation")
}
