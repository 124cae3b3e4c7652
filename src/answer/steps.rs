//! Arguments as rows, for formats and programs that know nothing else: a row a step, depth first.

use super::{Cell, Datum, Proof, Reason};

/// The columns of an argument.
pub(super) const COLUMNS: [&str; 11] = [
    "step",
    "statement",
    "condition",
    "truth",
    "by",
    "standing",
    "marks",
    "when",
    "note",
    "needs",
    "sources",
];

/// A row for each step of these proofs. `1.2` is the second premise of the first proof.
pub(super) fn rows(proofs: &[Proof]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (at, proof) in proofs.iter().enumerate() {
        add(proof, (at + 1).to_string(), &mut rows);
    }
    rows
}

fn add(proof: &Proof, step: String, rows: &mut Vec<Vec<Cell>>) {
    rows.push(row(proof, &step));
    for (at, premise) in proof.premises.iter().enumerate() {
        add(premise, format!("{step}.{}", at + 1), rows);
    }
}

fn row(proof: &Proof, step: &str) -> Vec<Cell> {
    let premise = proof.premise.as_ref();
    let standing = proof.states().then(|| Cell::name(proof.standing.name()));
    vec![
        Cell::text(step),
        known(proof.states().then_some(proof.statement.as_str())),
        known(premise.map(|premise| premise.condition.as_str())),
        premise.map_or_else(Cell::default, |premise| Cell::name(premise.truth.name())),
        known(by(&proof.reason).as_deref()),
        standing.unwrap_or_default(),
        Cell::list(proof.marks.words().into_iter().map(|word| Datum::Name(word.into()))),
        known(proof.when.as_deref()),
        known(proof.note.as_deref().or(proof.remark.as_deref())),
        Cell::list(needs(proof).map(|need| Datum::Text(need.clone()))),
        Cell::list(proof.sources.iter().cloned().map(Datum::Source)),
    ]
}

fn known(text: Option<&str>) -> Cell {
    text.map_or_else(Cell::default, Cell::text)
}

fn by(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Nothing => None,
        Reason::Claim(name) => Some(format!("claim {name}")),
        Reason::Pattern { name, .. } => Some(format!("pattern {name}")),
        Reason::Change(_) => Some("change".into()),
    }
}

/// What would have to hold: of a change, the statements that it consists of.
fn needs(proof: &Proof) -> impl Iterator<Item = &String> {
    let change: &[String] = match &proof.reason {
        Reason::Change(statements) => statements,
        _ => &[],
    };
    proof.needs.iter().chain(change)
}

#[cfg(test)]
mod tests {
    use crate::answer::Answer;
    use crate::answer::format::Format;
    use crate::answer::format::samples::{argument, shortfall, shows};
    use serde::Deserialize;

    #[test]
    fn a_row_a_step() {
        shows(
            &argument(),
            Format::Tsv,
            r"step	statement	condition	truth	by	standing	marks	when	note	needs	sources
1	thai_automotive.interactive_learning = no			pattern learning_needs_both	supported	concluded; on contested ground; by analogy				chaminade_vang_2006, section 4, paragraph 3; chaminade_vang_2006, section 4, paragraph 4
1.1	thai_automotive.absorptive_capacity = low	absorptive_capacity >= adequate	failed	pattern weak_human_capital_limits_absorption	supported	concluded; hedged				chaminade_vang_2006, section 2.2
1.1.1	thai_automotive.human_capital = weak	human_capital <= weak	met	claim c1.310	supported		in 1999	few engineers		techakanont_2004 via chaminade_vang_2006, p. 151
1.1.2	thai_automotive.social_capital = weak	social_capital <= weak	contested	claim c1.312	contested					chaminade_vang_2006, table 2
1.2		network_exchange = present	open							
",
        );
    }

    #[test]
    fn what_is_needed_has_a_column() {
        shows(&shortfall(), Format::Csv, &r#"step,statement,condition,truth,by,standing,marks,when,note,needs,sources
1,jepara_furniture.interactive_learning = yes,,,pattern learning_by_trust,unknown,hedged,,,human_capital >= adequate or craft_skills = available; network_exchange = present,"sandee_1998, p. 7"
1.1,jepara_furniture.social_capital = strong,social_capital >= moderate,met,claim c1.20,supported,,,,,sandee_1998
1.2,jepara_furniture.human_capital = weak,human_capital >= adequate or craft_skills = available,failed,claim c1.21,supported,,,,,sandee_1998
1.3,,network_exchange = present,open,,,,,,,
2,jepara_furniture.interactive_learning = yes,,,change,unknown,,,,jepara_furniture.human_capital = adequate; jepara_furniture.network_exchange = present,
"#.replace('\n', "\r\n"));
    }

    #[test]
    fn rows_work_as_those_of_other_answers() {
        let answer = argument();
        assert_eq!(
            (answer.len(), answer.row(1).expect("there are rows")["step"].to_string().as_str()),
            (5, "1.1")
        );
        assert_eq!(answer.row(0).expect("there are rows").get("holds"), None);
        assert!(Answer::argued(Vec::new(), Vec::new()).is_empty());
    }

    #[test]
    fn rows_become_structs() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Step {
            step: String,
            truth: Option<String>,
            marks: Vec<String>,
            sources: Vec<String>,
        }
        let found: Vec<Step> = argument().deserialize().expect("the columns fit");
        let expected = Step {
            step: "1.1".into(),
            truth: Some("failed".into()),
            marks: vec!["concluded".into(), "hedged".into()],
            sources: vec!["chaminade_vang_2006, section 2.2".into()],
        };
        assert_eq!(found[1], expected);
    }
}
