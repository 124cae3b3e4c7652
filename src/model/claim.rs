//! Claims and their evidence.

use super::name::Text;
use super::time::When;
use super::value::{ThingId, Value};
use std::fmt;
use std::sync::Arc;

/// Which claim: the commit that made it, and its place among that commit's claims (from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId {
    /// The commit's number.
    pub commit: u32,
    /// Its place in the commit.
    pub ordinal: u32,
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}.{}", self.commit, self.ordinal)
    }
}

/// Where something is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// The source that says it.
    pub source: ThingId,
    /// The source that was read, when `source` is quoted second-hand.
    pub via: Option<ThingId>,
    /// The place in the source that was read: `via` if there is one, else `source`.
    pub locator: Option<Text>,
}

/// Citations and qualifiers, shared by the claims of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// Sorted and distinct: claims are the same only if their citations are.
    pub citations: Vec<Citation>,
    /// The source says it with reserve.
    pub hedged: bool,
    /// When it held.
    pub when: When,
}

/// One statement about a thing, as a source makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which claim.
    pub id: ClaimId,
    /// `None`: a source was read and does not say.
    pub value: Option<Value>,
    /// `!=`: the source denies the value.
    pub denied: bool,
    /// Citations and qualifiers.
    pub evidence: Arc<Evidence>,
    /// In own words.
    pub note: Option<Text>,
}

impl Claim {
    /// Whether two claims about one thing and attribute are the same: value, polarity, time and
    /// citations agree.
    pub fn same_as(&self, other: &Claim) -> bool {
        self.value == other.value && self.denied == other.denied && self.same_origin(other)
    }

    /// Whether time and citations agree.
    pub fn same_origin(&self, other: &Claim) -> bool {
        self.evidence.citations == other.evidence.citations && self.evidence.when == other.evidence.when
    }

    /// Whether, on a one-valued attribute, a later claim takes the place of this one: same citations
    /// and time, and not two denials of different values, which stand side by side.
    pub fn replaced_by(&self, later: &Claim) -> bool {
        if !self.same_origin(later) {
            return false;
        }
        match (&self.value, &later.value) {
            (Some(a), Some(b)) if self.denied && later.denied => a == b,
            (Some(a), Some(b)) if self.denied != later.denied => a == b,
            _ => true,
        }
    }
}
