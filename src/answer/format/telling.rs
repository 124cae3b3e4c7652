//! What a step of an argument says, in prose: a head and some details, a paragraph each. Formats differ in
//! how they escape, cite and nest.

use super::words::Style;
use crate::answer::{Premise, Proof, Reason, Source, Standing, Verdict};

/// A format's way with arguments.
pub(super) struct Voice<'a> {
    /// Makes any text harmless in the format.
    pub escape: fn(&str) -> String,
    /// Writes a citation of these sources, at least one.
    pub cite: &'a dyn Fn(&[Source]) -> String,
    /// Before a premise that holds, one that does not, and an open one.
    pub signs: [&'static str; 3],
}

/// For formats whose fonts have them.
pub(super) const SIGNS: [&str; 3] = ["✓", "✗", "?"];

/// What a step says.
pub(super) struct Told {
    /// What is argued for, and for which premise.
    pub head: String,
    /// Who says it, in which words, and what is lacking.
    pub details: Vec<String>,
}

impl<'a> Voice<'a> {
    /// Of a format that cites in the same way everywhere.
    pub fn of(style: &'a Style, signs: [&'static str; 3]) -> Self {
        Voice { escape: style.escape, cite: &style.cite, signs }
    }

    /// What a proof that stands for itself says.
    pub fn proof(&self, proof: &Proof) -> Told {
        match &proof.reason {
            Reason::Change(statements) => {
                let how = match proof.standing {
                    Standing::Contested => "would be brought about, but contested, by",
                    _ => "would be brought about by",
                };
                let change = format!("{how}: {}", self.all_of(statements));
                let details = [self.remark(proof), self.lacking(proof)];
                Told {
                    head: joined([(self.escape)(&proof.statement), change], " "),
                    details: paragraphs(details),
                }
            }
            Reason::Pattern { name, title } if !proof.concludes() => {
                let head = joined([self.pattern(name, proof), self.would_conclude(proof)], " ");
                let title = self.quote(title.as_deref());
                let details = [title, self.remark(proof), self.lacking(proof)];
                Told { head, details: paragraphs(details) }
            }
            _ if proof.premise.as_ref().is_some_and(|asked| asked.truth == Verdict::Open) => {
                self.premise(proof, proof)
            }
            _ if proof.opposes() => Told {
                head: format!("{} stands against it", self.statement(proof)),
                details: self.reasons(proof),
            },
            _ => Told { head: self.statement(proof), details: self.reasons(proof) },
        }
    }

    /// What a premise of this proof says. Where the proof does not conclude, a sign tells what is lacking.
    pub fn premise(&self, of: &Proof, proof: &Proof) -> Told {
        let condition = self.condition(of, proof);
        Told { head: joined([condition, self.statement(proof)], ": "), details: self.reasons(proof) }
    }

    /// `✓ a >= b is met`; empty if the premise names no condition.
    pub fn condition(&self, of: &Proof, proof: &Proof) -> String {
        let Some(premise) = &proof.premise else { return String::new() };
        let words = format!("{} is {}", (self.escape)(&premise.condition), premise.truth.name());
        if of.needs.is_empty() { words } else { format!("{} {words}", self.sign(premise)) }
    }

    fn sign(&self, premise: &Premise) -> &'static str {
        let [holds, fails, open] = self.signs;
        match premise.truth {
            _ if premise.holds => holds,
            Verdict::Open => open,
            _ => fails,
        }
    }

    /// The statement, and in brackets what qualifies it.
    pub fn statement(&self, proof: &Proof) -> String {
        let qualifiers = qualifiers(proof);
        match (self.escape)(&proof.statement) {
            statement if qualifiers.is_empty() || !proof.states() => statement,
            statement => format!("{statement} ({})", qualifiers.join(", ")),
        }
    }

    fn would_conclude(&self, proof: &Proof) -> String {
        // Its present standing is another matter.
        let marks = proof.marks.words().into_iter().filter(|word| *word != "concluded");
        let qualifiers = marks.collect::<Vec<_>>().join(", ");
        match ((self.escape)(&proof.statement), qualifiers.is_empty()) {
            (what, _) if proof.requires => format!("sets a condition for {what}"),
            (what, _) if what.is_empty() => "would conclude it".into(),
            (what, true) => format!("would conclude {what}"),
            (what, false) => format!("would conclude {what} ({qualifiers})"),
        }
    }

    /// Who says the statement and in which words; what is lacking, if anything is.
    fn reasons(&self, proof: &Proof) -> Vec<String> {
        let title = match &proof.reason {
            Reason::Pattern { title, .. } => title.as_deref(),
            _ => None,
        };
        let quotes = [self.quote(title), self.quote(proof.note.as_deref()), self.remark(proof)];
        paragraphs([self.reason(proof)].into_iter().chain(quotes).chain([self.lacking(proof)]))
    }

    fn reason(&self, proof: &Proof) -> String {
        let words = match &proof.reason {
            Reason::Nothing if proof.sources.is_empty() => String::new(),
            Reason::Nothing => format!("see {}", (self.cite)(&proof.sources)),
            Reason::Claim(name) => self.cited(format!("claim {}", (self.escape)(name)), proof),
            Reason::Pattern { name, .. } if proof.concludes() => {
                format!("because of {}", self.pattern(name, proof))
            }
            Reason::Pattern { name, .. } => format!("{} would conclude it", self.pattern(name, proof)),
            Reason::Change(statements) => format!("would be brought about by: {}", self.all_of(statements)),
        };
        let when = proof.when.as_deref().map(self.escape).unwrap_or_default();
        joined([joined([words, when], ", "), others(proof)], " ")
    }

    /// Who says it, as a thing of its own: a line each for name, words and citations.
    pub fn says(&self, proof: &Proof) -> Vec<String> {
        let cited = if proof.sources.is_empty() { String::new() } else { (self.cite)(&proof.sources) };
        let when = proof.when.as_deref().map(self.escape).unwrap_or_default();
        let [name, title] = match &proof.reason {
            Reason::Nothing => [String::new(), String::new()],
            Reason::Claim(name) => [format!("claim {}", (self.escape)(name)), String::new()],
            Reason::Pattern { name, title } => {
                [format!("pattern {}", (self.escape)(name)), self.quote(title.as_deref())]
            }
            Reason::Change(statements) => [self.all_of(statements), String::new()],
        };
        let name = joined([joined([name, when], ", "), others(proof)], " ");
        let note = self.quote(proof.note.as_deref());
        paragraphs([name, title, note, self.remark(proof), cited, self.lacking(proof)])
    }

    fn remark(&self, proof: &Proof) -> String {
        proof.remark.as_deref().map(self.escape).unwrap_or_default()
    }

    fn pattern(&self, name: &str, proof: &Proof) -> String {
        self.cited(format!("pattern {}", (self.escape)(name)), proof)
    }

    fn cited(&self, words: String, proof: &Proof) -> String {
        if proof.sources.is_empty() { words } else { format!("{words} {}", (self.cite)(&proof.sources)) }
    }

    fn quote(&self, text: Option<&str>) -> String {
        text.map(|text| (self.escape)(&format!("\"{text}\""))).unwrap_or_default()
    }

    /// How many premises hold, and what the pattern would need; empty if it concludes.
    fn lacking(&self, proof: &Proof) -> String {
        if proof.needs.is_empty() {
            return String::new();
        }
        if proof.opposes() {
            return format!("would no longer, with {} instead", self.all_of(&proof.needs));
        }
        let would = format!("would need {}", self.all_of(&proof.needs));
        match (proof.held(), proof.premises.len()) {
            (_, 0) => would,
            (0, 1) => format!("its premise does not hold; {would}"),
            (1, 1) => format!("its premise holds; {would}"),
            (1, count) => format!("1 of {count} premises holds; {would}"),
            (held, count) => format!("{held} of {count} premises hold; {would}"),
        }
    }

    fn all_of(&self, statements: &[String]) -> String {
        let several = statements.len() > 1;
        let one = |statement: &String| match (self.escape)(statement) {
            either if several && either.contains(" or ") => format!("({either})"),
            plain => plain,
        };
        statements.iter().map(one).collect::<Vec<_>>().join(" and ")
    }
}

/// Standing, where the words around do not tell it, and marks; that it is concluded is told by the pattern.
fn qualifiers(proof: &Proof) -> Vec<&'static str> {
    let open = proof.premise.as_ref().is_some_and(|premise| premise.truth == Verdict::Open);
    let told = match proof.standing {
        Standing::Supported => true,
        Standing::Unknown => open || !proof.concludes(),
        Standing::Contested | Standing::Denied => false,
    };
    let standing = (!told).then(|| proof.standing.name());
    standing.into_iter().chain(proof.marks.words().into_iter().filter(|word| *word != "concluded")).collect()
}

fn others(proof: &Proof) -> String {
    match proof.others {
        0 => String::new(),
        1 => "(1 other says the same)".into(),
        others => format!("({others} others say the same)"),
    }
}

/// Those that say something.
fn paragraphs(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn joined(texts: impl IntoIterator<Item = String>, separator: &str) -> String {
    paragraphs(texts).join(separator)
}
