//! What is kept of conclusions from one question to the next, and from one snapshot to the one that a change makes
//! of it.

use super::derived::Derived;
use super::rules::Rules;
use super::tables::Tables;
use crate::facts::Snapshot;
use crate::model::{Pattern, TimeScope};
use std::sync::{Arc, Mutex, PoisonError};

/// So many sets of conclusions are kept.
const KEPT_WHOLE: usize = 256;
/// Of so many time scopes are tables kept.
const KEPT_SCOPES: usize = 4;
/// Tables of more goals are not kept.
const MOST_GOALS_KEPT: usize = 200_000;
/// What has been concluded from one snapshot, for all its readers.
#[derive(Debug, Default)]
pub struct Cache {
    whole: Mutex<Vec<Whole>>,
    tables: Mutex<Vec<(TimeScope, Tables)>>,
}

/// A snapshot of which something has been concluded for all things, and from which another was made by a
/// change: what does not depend on the change need not be concluded again.
#[derive(Debug)]
pub struct Base {
    pub snapshot: Arc<Snapshot>,
    pub rules: Arc<Rules>,
    pub whole: Vec<Whole>,
}

impl Base {
    /// What is kept of a snapshot; `None` if nothing is.
    pub fn new(snapshot: &Arc<Snapshot>, rules: &Arc<Rules>, cache: &Cache) -> Option<Base> {
        let whole = Cache::lock(&cache.whole).clone();
        (!whole.is_empty()).then(|| Base { snapshot: snapshot.clone(), rules: rules.clone(), whole })
    }
}

/// What a set of patterns concludes under a time scope.
#[derive(Clone, Debug)]
pub struct Whole {
    pub patterns: Vec<Arc<Pattern>>,
    pub scope: TimeScope,
    pub derived: Arc<Derived>,
}

impl Cache {
    /// Neither holds anything that a panic between two whole entries could have spoilt.
    fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What these very patterns conclude, if it is known.
    pub fn find(&self, patterns: &[Arc<Pattern>], scope: &TimeScope) -> Option<Arc<Derived>> {
        let is_same = |whole: &&Whole| {
            let pairs = || whole.patterns.iter().zip(patterns);
            whole.scope == *scope
                && whole.patterns.len() == patterns.len()
                && pairs().all(|(a, b)| Arc::ptr_eq(a, b))
        };
        Cache::lock(&self.whole).iter().find(is_same).map(|whole| whole.derived.clone())
    }

    /// Keeps what patterns conclude.
    pub fn keep(&self, whole: Whole) {
        let mut kept = Cache::lock(&self.whole);
        if kept.len() >= KEPT_WHOLE {
            kept.remove(0);
        }
        kept.push(whole);
    }

    /// The tables of a time scope, which are the caller's until it puts them back.
    pub fn take(&self, scope: &TimeScope) -> Tables {
        let mut kept = Cache::lock(&self.tables);
        let at = kept.iter().position(|(of, _)| of == scope);
        let mut tables = at.map(|at| kept.remove(at).1).unwrap_or_default();
        tables.begin();
        tables
    }

    /// Puts tables back; of two readers' tables the larger stay.
    pub fn put_back(&self, scope: &TimeScope, tables: Tables) {
        if !tables.are_complete() || tables.len() > MOST_GOALS_KEPT {
            return;
        }
        let mut kept = Cache::lock(&self.tables);
        match kept.iter_mut().find(|(of, _)| of == scope) {
            Some((_, known)) if known.len() >= tables.len() => {}
            Some((_, known)) => *known = tables,
            None => {
                if kept.len() >= KEPT_SCOPES {
                    kept.remove(0);
                }
                kept.push((scope.clone(), tables));
            }
        }
    }
}
