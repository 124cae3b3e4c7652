//! The commits of a snapshot, a line each. Those of a view are read when somebody asks for them.

use crate::model::Text;
use crate::model::change::CommitLine;
use crate::model::view::{Kept, Outline};
use imbl::Vector;
use std::sync::{Arc, OnceLock};

/// All commits, in order.
#[derive(Clone, Debug, Default)]
pub struct Commits {
    below: Option<Arc<Below>>,
    later: Vector<Arc<CommitLine>>,
}

/// The commits of a view.
#[derive(Debug)]
struct Below {
    view: Arc<dyn Kept>,
    last: u32,
    seed: Option<Text>,
    lines: OnceLock<Vec<Arc<CommitLine>>>,
}

impl Below {
    fn lines(&self) -> &[Arc<CommitLine>] {
        self.lines.get_or_init(|| self.view.commits())
    }
}

impl Commits {
    /// The commits of a view.
    pub fn kept(view: Arc<dyn Kept>, outline: &Outline) -> Commits {
        let below = Below { view, last: outline.commit, seed: outline.seed.clone(), lines: OnceLock::new() };
        Commits { below: Some(Arc::new(below)), later: Vector::new() }
    }

    /// The number of the last one; 0 if there is none.
    pub fn last(&self) -> u32 {
        let below = || self.below.as_ref().map(|below| below.last);
        self.later.last().map(|line| line.number).or_else(below).unwrap_or(0)
    }

    /// What the last commit of a seed says.
    pub fn seed(&self) -> Option<Text> {
        let later = self.later.iter().rev().find_map(|line| line.seed.clone());
        later.or_else(|| self.below.as_ref()?.seed.clone())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CommitLine>> {
        self.below.iter().flat_map(|below| below.lines()).chain(&self.later)
    }

    /// Adds the next one.
    pub fn push(&mut self, line: CommitLine) {
        self.later.push_back(Arc::new(line));
    }
}
