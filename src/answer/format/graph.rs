//! An argument as a graph, for the formats that draw: from each conclusion to the pattern or claim that says
//! so, and from a pattern to its premises.

use super::telling::{SIGNS, Voice};
use super::words::{PLAIN, Style};
use super::wrap::wrap;
use crate::answer::{Proof, Reason, Verdict};
use std::collections::HashMap;

/// So wide is a line of a label at most.
const WIDTH: usize = 40;

/// What a drawing consists of: nodes in the order in which the argument first comes to them, edges in the
/// order of their nodes.
#[derive(Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    known: HashMap<(Kind, String), usize>,
}

/// A statement is one node, however often it occurs; so is a claim, and what a pattern concludes from the
/// same premises.
pub(super) struct Node {
    pub kind: Kind,
    /// The lines of its label; neither escaped nor free of control characters.
    pub lines: Vec<String>,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Statement,
    Pattern,
    Claim,
    Change,
    /// A premise that rests on no statement.
    Nothing,
}

/// From what is argued for to what it rests on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// The lines of its label.
    pub lines: Vec<String>,
    pub link: Link,
}

/// How an edge is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// Somebody says so.
    Said,
    /// Somebody would say so.
    Lacking,
    /// A condition, and what became of it.
    Premise(Verdict),
}

impl Node {
    /// Says what it stands for, and is its own: `s1`, `p2`.
    pub fn id(&self, at: usize) -> String {
        let letter = match self.kind {
            Kind::Statement => 's',
            Kind::Pattern => 'p',
            Kind::Claim => 'c',
            Kind::Change => 'd',
            Kind::Nothing => 'n',
        };
        format!("{letter}{}", at + 1)
    }
}

/// Escaping is left to the format: labels are wrapped first.
const STYLE: Style = Style { escape: str::to_string, cite: PLAIN.cite };

impl Graph {
    pub fn of(proofs: &[Proof]) -> Graph {
        let mut graph = Graph::default();
        let voice = Voice::of(&STYLE, SIGNS);
        for proof in proofs {
            graph.step(&voice, proof, true);
        }
        graph.edges.sort();
        graph.edges.dedup();
        graph
    }

    /// Adds a step and all below it; gives the node of what it argues for.
    fn step(&mut self, voice: &Voice, proof: &Proof, is_root: bool) -> usize {
        let conclusion = self.conclusion(voice, proof, is_root);
        let label = match &proof.reason {
            Reason::Nothing => {
                self.premises(voice, proof, conclusion);
                return conclusion;
            }
            Reason::Pattern { .. } if !proof.concludes() => "would conclude",
            Reason::Change(_) => "would be brought about by",
            Reason::Pattern { .. } | Reason::Claim(_) => "",
        };
        let link = if proof.concludes() { Link::Said } else { Link::Lacking };
        let reason = self.reason(voice, proof);
        self.edge(conclusion, reason, label, link);
        self.premises(voice, proof, reason);
        conclusion
    }

    fn premises(&mut self, voice: &Voice, proof: &Proof, from: usize) {
        for premise in &proof.premises {
            let to = self.step(voice, premise, false);
            let truth = premise.premise.as_ref().map_or(Verdict::Met, |premise| premise.truth);
            self.edge(from, to, &voice.condition(proof, premise), Link::Premise(truth));
        }
    }

    fn conclusion(&mut self, voice: &Voice, proof: &Proof, is_root: bool) -> usize {
        if proof.states() {
            return self.node(Kind::Statement, &proof.statement, &[voice.statement(proof)]);
        }
        let open = proof.premise.as_ref().is_none_or(|premise| premise.truth == Verdict::Open);
        let words = match (&proof.premise, open) {
            // At the root no edge tells the condition.
            (Some(premise), true) if is_root => format!("{} is open", premise.condition),
            (_, true) => "nothing is known".to_string(),
            (_, false) => "no statement".to_string(),
        };
        // Not the same as any other: the condition does not tell of which case it holds.
        let key = self.nodes.len().to_string();
        let says = voice.says(proof);
        self.node(Kind::Nothing, &key, &[&[words], &says[..]].concat())
    }

    fn reason(&mut self, voice: &Voice, proof: &Proof) -> usize {
        let says = voice.says(proof);
        match &proof.reason {
            Reason::Claim(name) => self.node(Kind::Claim, name, &says),
            Reason::Change(statements) => self.node(Kind::Change, &format!("{statements:?}"), &says),
            Reason::Pattern { name, .. } => {
                self.node(Kind::Pattern, &format!("{name} {:?}", premises(proof)), &says)
            }
            Reason::Nothing => self.node(Kind::Nothing, "", &says),
        }
    }

    fn node(&mut self, kind: Kind, key: &str, texts: &[String]) -> usize {
        let next = self.nodes.len();
        let at = *self.known.entry((kind, key.to_string())).or_insert(next);
        if at == next {
            self.nodes.push(Node { kind, lines: label(texts) });
        }
        at
    }

    fn edge(&mut self, from: usize, to: usize, text: &str, link: Link) {
        self.edges.push(Edge { from, to, lines: label(&[text.to_string()]), link });
    }
}

/// What tells one use of a pattern from another.
fn premises(proof: &Proof) -> Vec<&str> {
    let premises = proof.premises.iter().map(|premise| premise.statement.as_str());
    [proof.statement.as_str()].into_iter().chain(premises).collect()
}

fn label(texts: &[String]) -> Vec<String> {
    texts.iter().filter(|text| !text.is_empty()).flat_map(|text| wrap(text, WIDTH)).collect()
}
