//! Arguments as data: why something holds, or does not, down to the claims and their citations.

use super::{Marks, Source, Standing};

/// One step of an argument: a statement, who says it or which pattern concludes it, and on what premises.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proof {
    /// What is argued for: `thai_automotive.network_exchange = absent`; empty where a premise rests on no
    /// statement (nothing is known, or a name decides).
    pub statement: String,
    /// Who says it.
    pub reason: Reason,
    /// Below a pattern: the condition that the statement decides.
    pub premise: Option<Premise>,
    /// Of the statement, from all that is said for and against it.
    pub standing: Standing,
    /// What qualifies this proof: a conclusion from hedged claims is hedged.
    pub marks: Marks,
    /// When the claim held, in words.
    pub when: Option<String>,
    /// What the claim notes, in own words.
    pub note: Option<String>,
    /// What there is to say about this step itself: that it is shown elsewhere, which things a pattern's variables
    /// stand for.
    pub remark: Option<String>,
    /// The citations of the claim or pattern.
    pub sources: Vec<Source>,
    /// What would have to hold for the pattern to conclude it, or where it stands against what was asked for, not
    /// to do so any longer; only in answers to `why not`.
    pub needs: Vec<String>,
    /// Of an answer to `why not`: the pattern only requires the needs for it, and concludes nothing if they are met.
    pub requires: bool,
    /// So many other claims and patterns say the same.
    pub others: usize,
    /// What the pattern rests on, in the order of its condition.
    pub premises: Vec<Proof>,
}

impl Proof {
    /// Whether there is a statement, and so a standing.
    pub fn states(&self) -> bool {
        !self.statement.is_empty()
    }

    /// Whether there is nothing to show but a condition.
    pub(crate) fn is_empty(&self) -> bool {
        !self.states() && self.sources.is_empty() && self.note.is_none()
    }

    /// Whether it shows that the statement holds, and not what would have to be for it to hold.
    pub fn concludes(&self) -> bool {
        self.opposes() || (self.needs.is_empty() && !matches!(self.reason, Reason::Change(_)))
    }

    /// Whether it shows what stands against what was asked for.
    pub fn opposes(&self) -> bool {
        let fails = |asked: &Premise| !asked.holds && asked.truth == Verdict::Failed;
        self.states() && self.premise.as_ref().is_some_and(fails)
    }

    /// How many of its premises are as the pattern needs them.
    pub fn held(&self) -> usize {
        self.premises
            .iter()
            .filter(|proof| proof.premise.as_ref().is_none_or(|premise| premise.holds))
            .count()
    }
}

/// Who says a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Reason {
    /// Nobody: a premise that is open, or that rests on no statement.
    #[default]
    Nothing,
    /// A claim, by its name (`c1.20`).
    Claim(String),
    /// A pattern.
    Pattern {
        /// Its name.
        name: String,
        /// What it says, in own words.
        title: Option<String>,
    },
    /// Claims that are not there and would bring it about, as statements: `penang.size = 3`; only in answers
    /// to `why not`.
    Change(Vec<String>),
}

/// A condition of a pattern, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Premise {
    /// As the pattern has it: `absorptive_capacity >= adequate`.
    pub condition: String,
    /// Whether it is met, failed, both or neither.
    pub truth: Verdict,
    /// Whether it is as the pattern needs it to conclude.
    pub holds: bool,
}

/// What became of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Something speaks for it.
    Met,
    /// Something speaks against it.
    Failed,
    /// Both.
    Contested,
    /// Neither.
    #[default]
    Open,
}

impl Verdict {
    /// From what there is on either side.
    pub fn of(met: bool, failed: bool) -> Verdict {
        match (met, failed) {
            (true, false) => Verdict::Met,
            (false, true) => Verdict::Failed,
            (true, true) => Verdict::Contested,
            (false, false) => Verdict::Open,
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Failed => "failed",
            Verdict::Contested => "contested",
            Verdict::Open => "open",
        }
    }
}

/// A source that an argument cites, for the list at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its key.
    pub key: String,
    /// Who wrote it, when, and its title, as far as the store knows: `Sandee (1998), Promoting ...`.
    pub text: String,
}

/// The proofs of an answer, and the sources they cite.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Argument {
    pub proofs: Vec<Proof>,
    pub references: Vec<Reference>,
}
