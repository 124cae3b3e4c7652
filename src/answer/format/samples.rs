//! Answers that the tests of the formats write out.

use super::{Answer, Format, Options, write};
use crate::answer::{
    Cell, Datum, Marks, Premise, Proof, Reason, Reference, Shown, Source, Standing, Unsaid, Verdict,
};
use crate::model::Number;
use crate::model::question::Beside;
use rust_decimal::Decimal;

/// The answer in this format, with default options.
pub fn shown(answer: &Answer, format: Format) -> String {
    shown_with(answer, format, &Options::default())
}

/// The answer in this format.
pub fn shown_with(answer: &Answer, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    write(answer, format, options, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("formats write text")
}

/// Checks what an answer looks like.
#[track_caller]
pub fn shows(answer: &Answer, format: Format, expected: &str) {
    let found = shown(answer, format);
    assert!(found == expected, "expected:\n{expected}\nfound:\n{found}");
}

/// A number as written: digits kept.
pub fn digits(text: &str) -> Datum {
    Datum::Number(Number::exactly(text.parse::<Decimal>().expect("a decimal")))
}

/// A source without `via`.
pub fn source(key: &str, locator: Option<&str>) -> Source {
    Source { key: key.into(), via: None, locator: locator.map(Into::into) }
}

fn name(text: &str) -> Datum {
    Datum::Name(text.into())
}

/// Two clusters with every sort of cell.
pub fn clusters() -> Answer {
    let columns = ["name", "workers", "export_share", "social_capital", "recommended"];
    let contested = |value: &str, hedged| Shown {
        standing: Standing::Contested,
        marks: Marks { hedged, ..Marks::default() },
        ..Shown::plain(name(value))
    };
    let concluded = Shown {
        marks: Marks { concluded: true, by_analogy: true, ..Marks::default() },
        ..Shown::plain(name("quality_standards"))
    };
    let jepara = vec![
        Cell::name("jepara_furniture"),
        Cell::one(Datum::Number(Number::about(2000.into()))),
        Cell::one(digits("16.10")),
        Cell::name("strong"),
        Cell::list([name("trade_fairs"), name("training")]),
    ];
    let thai = vec![
        Cell::name("thai_automotive"),
        Cell::default(),
        Cell { unsaid: vec![Unsaid { note: "n.a.".into(), sources: vec![] }], ..Cell::default() },
        Cell { values: [contested("weak", true), contested("strong", false)].into(), ..Cell::default() },
        Cell { values: [concluded].into(), list: true, unsaid: vec![] },
    ];
    Answer::new(columns).with_rows([jepara, thai])
}

/// One cluster whose values carry their sources, and a column that is a source.
pub fn cited() -> Answer {
    let second_hand = Source {
        key: "sandee_1998".into(),
        via: Some("chaminade_vang_2006".into()),
        locator: Some("section 3.1".into()),
    };
    let value = Shown {
        sources: vec![source("chaminade_vang_2006", Some("table 2")), second_hand],
        ..Shown::plain(name("strong"))
    };
    let list = Cell {
        values: [
            Shown { sources: vec![source("berry_2002", None)], ..Shown::plain(name("training")) },
            Shown::plain(name("trade_fairs")),
        ]
        .into(),
        list: true,
        unsaid: vec![],
    };
    let row = vec![
        Cell::name("jepara"),
        Cell { values: [value].into(), ..Cell::default() },
        list,
        Cell::list([Datum::Source(source("berry_2002", Some("p. 3")))]),
    ];
    let columns = ["name", "social_capital", "recommended", "read"];
    Answer::new(columns).with_beside(Beside { sources: true, marks: false }).with_rows([row])
}

/// One row of text that every format has to escape.
pub fn awkward() -> Answer {
    let text = "a|b\\c \"50%\" & <i>_x_</i>, [y]\tz\nnext";
    Answer::new(["a|b", "yes"]).with_rows([vec![Cell::text(text), Cell::one(Datum::YesNo(true))]])
}

/// A proof by a claim, with one source.
pub fn step(statement: &str, claim: &str) -> Proof {
    Proof {
        statement: statement.into(),
        reason: Reason::Claim(claim.into()),
        sources: vec![source("sandee_1998", None)],
        ..Proof::default()
    }
}

fn pattern(name: &str, title: Option<&str>) -> Reason {
    Reason::Pattern { name: name.into(), title: title.map(Into::into) }
}

fn premise(condition: &str, truth: Verdict, holds: bool) -> Option<Premise> {
    Some(Premise { condition: condition.into(), truth, holds })
}

fn second_hand(key: &str, place: &str) -> Source {
    Source { key: key.into(), via: Some("chaminade_vang_2006".into()), locator: Some(place.into()) }
}

/// Why something holds: three levels, a contested premise, one that rests on nothing.
pub fn argument() -> Answer {
    let engineers = Proof {
        premise: premise("human_capital <= weak", Verdict::Met, true),
        when: Some("in 1999".into()),
        note: Some("few engineers".into()),
        sources: vec![second_hand("techakanont_2004", "p. 151")],
        others: 2,
        ..step("thai_automotive.human_capital = weak", "c1.310")
    };
    let trust = Proof {
        premise: premise("social_capital <= weak", Verdict::Contested, true),
        standing: Standing::Contested,
        sources: vec![source("chaminade_vang_2006", Some("table 2"))],
        ..step("thai_automotive.social_capital = weak", "c1.312")
    };
    let capacity = Proof {
        statement: "thai_automotive.absorptive_capacity = low".into(),
        reason: pattern("weak_human_capital_limits_absorption", None),
        premise: premise("absorptive_capacity >= adequate", Verdict::Failed, true),
        marks: Marks { concluded: true, hedged: true, ..Marks::default() },
        sources: vec![source("chaminade_vang_2006", Some("section 2.2"))],
        premises: vec![engineers, trust],
        ..Proof::default()
    };
    let exchange =
        Proof { premise: premise("network_exchange = present", Verdict::Open, false), ..Proof::default() };
    let title = "Interactive learning takes both absorptive capacity and networks for exchange";
    let learning = Proof {
        statement: "thai_automotive.interactive_learning = no".into(),
        reason: pattern("learning_needs_both", Some(title)),
        marks: Marks { concluded: true, contested_ground: true, by_analogy: true, ..Marks::default() },
        sources: ["section 4, paragraph 3", "section 4, paragraph 4"]
            .map(|place| source("chaminade_vang_2006", Some(place)))
            .to_vec(),
        premises: vec![capacity, exchange],
        ..Proof::default()
    };
    let paper = "Chaminade and Vang (2006), Innovation policy for Asian SMEs: Exploring cluster differences";
    let references =
        [("chaminade_vang_2006", paper), ("techakanont_2004", "")].map(|(key, text)| reference(key, text));
    Answer::argued(vec![learning], references.to_vec())
}

fn reference(key: &str, text: &str) -> Reference {
    Reference { key: key.into(), text: text.into() }
}

/// Why something does not hold: a pattern that lacks two of three premises, and a change.
pub fn shortfall() -> Answer {
    let conclusion = "jepara_furniture.interactive_learning = yes";
    let ties = Proof {
        premise: premise("social_capital >= moderate", Verdict::Met, true),
        ..step("jepara_furniture.social_capital = strong", "c1.20")
    };
    let crafts = Proof {
        premise: premise("human_capital >= adequate or craft_skills = available", Verdict::Failed, false),
        ..step("jepara_furniture.human_capital = weak", "c1.21")
    };
    let exchange =
        Proof { premise: premise("network_exchange = present", Verdict::Open, false), ..Proof::default() };
    let needs = ["human_capital >= adequate or craft_skills = available", "network_exchange = present"];
    let learning = Proof {
        statement: conclusion.into(),
        reason: pattern("learning_by_trust", Some("Trust makes up for much in learning")),
        standing: Standing::Unknown,
        marks: Marks { hedged: true, ..Marks::default() },
        sources: vec![source("sandee_1998", Some("p. 7"))],
        needs: needs.map(Into::into).to_vec(),
        premises: vec![ties, crafts, exchange],
        ..Proof::default()
    };
    let change = ["human_capital = adequate", "network_exchange = present"];
    let brought_about = Proof {
        statement: conclusion.into(),
        reason: Reason::Change(change.map(|claim| format!("jepara_furniture.{claim}")).to_vec()),
        standing: Standing::Unknown,
        ..Proof::default()
    };
    Answer::argued(vec![learning, brought_about], vec![reference("sandee_1998", "Sandee (1998)")])
}

/// An argument whose every text has to be escaped.
pub fn awkward_argument() -> Answer {
    let text = "# a|b\\c \"50%%{x}\" & <i>_x_</i>, [y]\tz\n1. `n`\x1b[2J style: #1;";
    let leaf = Proof {
        note: Some(text.into()),
        when: Some(text.into()),
        premise: premise(text, Verdict::Met, true),
        sources: vec![source("k", Some(text))],
        ..step(text, text)
    };
    let proof = Proof {
        statement: text.into(),
        reason: pattern(text, Some(text)),
        premises: vec![leaf],
        ..Proof::default()
    };
    Answer::argued(vec![proof], vec![reference("k", text)])
}
