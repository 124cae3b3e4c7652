//! An argument as a tree for a terminal, with numbered references below it. Text wraps within its branch;
//! nothing is cut off.

use super::Options;
use super::telling::{SIGNS, Told, Voice};
use super::tone::{Tone, coloured};
use super::words::printable;
use super::wrap::hanging;
use crate::answer::proof::Argument;
use crate::answer::{Proof, Reference, Source, Standing, Verdict};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The narrowest room for text; where a branch leaves less, its lines are longer than the width.
const NARROWEST: usize = 20;

pub(super) fn write(argument: &Argument, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let numbers = Numbers::of(&argument.proofs);
    let cite = |sources: &[Source]| numbers.cite(sources);
    let voice = Voice { escape: printable, cite: &cite, signs: SIGNS };
    let mut page = Page { options, out };
    for (at, proof) in argument.proofs.iter().enumerate() {
        if at > 0 {
            page.gap()?;
        }
        if let Some(heading) = heading(&argument.proofs, at) {
            page.paragraph(&heading, Tone::Note, "", "")?;
        }
        let tone = if proof.standing == Standing::Contested { Tone::Contested } else { Tone::Heading };
        Tree { voice: &voice, page: &mut page }.step(proof, &voice.proof(proof), tone, ["", ""])?;
    }
    if argument.proofs.is_empty() && options.header {
        page.paragraph("(no proofs)", Tone::Plain, "", "")?;
    }
    page.references(&numbers, &argument.references)
}

/// Proofs are counted if there are several. What does not conclude is not called a proof.
fn heading(proofs: &[Proof], at: usize) -> Option<String> {
    let proves = |proof: &Proof| proof.concludes() && !proof.opposes();
    let word = if proofs.iter().all(proves) { "Proof" } else { "Argument" };
    (proofs.len() > 1).then(|| format!("{word} {} of {}", at + 1, proofs.len()))
}

/// The keys of the sources, in the order in which the argument first cites them.
struct Numbers<'a>(Vec<&'a str>);

impl<'a> Numbers<'a> {
    fn of(proofs: &'a [Proof]) -> Self {
        let mut numbers = Numbers(Vec::new());
        proofs.iter().for_each(|proof| numbers.add(proof));
        numbers
    }

    fn add(&mut self, proof: &'a Proof) {
        for source in &proof.sources {
            for key in [Some(source.key.as_str()), source.via.as_deref()].into_iter().flatten() {
                if !self.0.contains(&key) {
                    self.0.push(key);
                }
            }
        }
        proof.premises.iter().for_each(|premise| self.add(premise));
    }

    fn number(&self, key: &str) -> usize {
        self.0.iter().position(|known| *known == key).map_or(0, |at| at + 1)
    }

    /// `[2 via 1, p. 151; 1, table 2]`: the number is repeated, as a place may be a number too.
    fn cite(&self, sources: &[Source]) -> String {
        let one = |source: &Source| {
            let via = source.via.iter().map(|via| format!(" via {}", self.number(via))).collect::<String>();
            let place = source.locator.iter().map(|place| format!(", {}", printable(place)));
            format!("{}{via}{}", self.number(&source.key), place.collect::<String>())
        };
        format!("[{}]", sources.iter().map(one).collect::<Vec<_>>().join("; "))
    }
}

struct Tree<'a, 'out> {
    voice: &'a Voice<'a>,
    page: &'a mut Page<'out>,
}

impl Tree<'_, '_> {
    /// A step and what it rests on. It begins behind `first`, everything below stands behind `below`.
    fn step(&mut self, proof: &Proof, told: &Told, tone: Tone, [first, below]: [&str; 2]) -> io::Result<()> {
        let stem = if proof.premises.is_empty() { ' ' } else { '│' };
        let further = format!("{below}{stem}   ");
        self.page.paragraph(&told.head, tone, first, &further)?;
        for detail in &told.details {
            self.page.paragraph(detail, Tone::Plain, &format!("{below}{stem} "), &further)?;
        }
        for (at, premise) in proof.premises.iter().enumerate() {
            let is_last = at + 1 == proof.premises.len();
            let [fork, line] = if is_last { ["└─ ", "   "] } else { ["├─ ", "│  "] };
            let place = [&*format!("{below}{fork}"), &*format!("{below}{line}")];
            self.step(premise, &self.voice.premise(proof, premise), tone_of(premise), place)?;
        }
        Ok(())
    }
}

fn tone_of(premise: &Proof) -> Tone {
    match premise.premise.as_ref().map(|premise| premise.truth) {
        _ if premise.standing == Standing::Contested => Tone::Contested,
        Some(Verdict::Contested) => Tone::Contested,
        Some(Verdict::Failed) => Tone::Failed,
        _ => Tone::Plain,
    }
}

struct Page<'out> {
    options: &'out Options,
    out: &'out mut dyn Write,
}

impl Page<'_> {
    /// A text behind `first`, its further lines behind `further`.
    fn paragraph(&mut self, text: &str, tone: Tone, first: &str, further: &str) -> io::Result<()> {
        let room = |before: &str| match self.options.width {
            Some(width) => width.saturating_sub(before.width()).max(NARROWEST),
            None => usize::MAX,
        };
        for (at, line) in hanging(text, room(first), room(further)).iter().enumerate() {
            let before = if at == 0 { first } else { further };
            let line = if self.options.colour { coloured(line, tone) } else { line.clone() };
            writeln!(self.out, "{}", format!("{before}{line}").trim_end())?;
        }
        Ok(())
    }

    fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn references(&mut self, numbers: &Numbers<'_>, references: &[Reference]) -> io::Result<()> {
        if numbers.0.is_empty() {
            return Ok(());
        }
        self.gap()?;
        self.paragraph("References", Tone::Heading, "", "")?;
        for (at, key) in numbers.0.iter().enumerate() {
            let number = format!("[{}] ", at + 1);
            let text = references.iter().find(|reference| reference.key == *key).map(|found| &found.text);
            let text = text.filter(|text| !text.is_empty()).map(|text| format!("  {}", printable(text)));
            let text = format!("{}{}", printable(key), text.unwrap_or_default());
            self.paragraph(&text, Tone::Plain, &number, &" ".repeat(number.len()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::format::Format;
    use crate::answer::format::samples::{
        argument, awkward_argument, shortfall, shown, shown_with, shows, source, step,
    };
    use crate::answer::{Answer, Premise, Reason};

    fn at_60() -> Options {
        Options { width: Some(60), ..Options::default() }
    }

    #[track_caller]
    fn shows_at_60(answer: &Answer, expected: &str) {
        let found = shown_with(answer, Format::Table, &at_60());
        assert!(found.lines().all(|line| line.width() <= 60), "{found}");
        assert!(found == expected, "found:\n{found}");
    }

    #[test]
    fn an_argument_is_a_tree() {
        shows(
            &argument(),
            Format::Table,
            r#"thai_automotive.interactive_learning = no (on contested ground, by analogy)
│ because of pattern learning_needs_both [1, section 4, paragraph 3; 1, section 4, paragraph 4]
│ "Interactive learning takes both absorptive capacity and networks for exchange"
├─ absorptive_capacity >= adequate is failed: thai_automotive.absorptive_capacity = low (hedged)
│  │ because of pattern weak_human_capital_limits_absorption [1, section 2.2]
│  ├─ human_capital <= weak is met: thai_automotive.human_capital = weak
│  │    claim c1.310 [2 via 1, p. 151], in 1999 (2 others say the same)
│  │    "few engineers"
│  └─ social_capital <= weak is contested: thai_automotive.social_capital = weak (contested)
│       claim c1.312 [1, table 2]
└─ network_exchange = present is open

References
[1] chaminade_vang_2006  Chaminade and Vang (2006), Innovation policy for Asian SMEs: Exploring cluster differences
[2] techakanont_2004
"#,
        );
    }

    #[test]
    fn text_wraps_within_its_branch() {
        shows_at_60(
            &argument(),
            r#"thai_automotive.interactive_learning = no (on contested
│   ground, by analogy)
│ because of pattern learning_needs_both [1, section 4,
│   paragraph 3; 1, section 4, paragraph 4]
│ "Interactive learning takes both absorptive capacity and
│   networks for exchange"
├─ absorptive_capacity >= adequate is failed:
│  │   thai_automotive.absorptive_capacity = low (hedged)
│  │ because of pattern weak_human_capital_limits_absorption
│  │   [1, section 2.2]
│  ├─ human_capital <= weak is met:
│  │      thai_automotive.human_capital = weak
│  │    claim c1.310 [2 via 1, p. 151], in 1999 (2 others
│  │      say the same)
│  │    "few engineers"
│  └─ social_capital <= weak is contested:
│         thai_automotive.social_capital = weak (contested)
│       claim c1.312 [1, table 2]
└─ network_exchange = present is open

References
[1] chaminade_vang_2006  Chaminade and Vang (2006),
    Innovation policy for Asian SMEs: Exploring cluster
    differences
[2] techakanont_2004
"#,
        );
    }

    #[test]
    fn what_would_conclude_is_headed_by_the_pattern() {
        shows(
            &shortfall(),
            Format::Table,
            r#"Argument 1 of 2
pattern learning_by_trust [1, p. 7] would conclude jepara_furniture.interactive_learning = yes (hedged)
│ "Trust makes up for much in learning"
│ 1 of 3 premises holds; would need (human_capital >= adequate or craft_skills = available) and network_exchange = present
├─ ✓ social_capital >= moderate is met: jepara_furniture.social_capital = strong
│    claim c1.20 [1]
├─ ✗ human_capital >= adequate or craft_skills = available is failed: jepara_furniture.human_capital = weak
│    claim c1.21 [1]
└─ ? network_exchange = present is open

Argument 2 of 2
jepara_furniture.interactive_learning = yes would be brought about by: jepara_furniture.human_capital = adequate and jepara_furniture.network_exchange = present

References
[1] sandee_1998  Sandee (1998)
"#,
        );
    }

    #[test]
    fn what_is_needed_wraps_too() {
        shows_at_60(
            &shortfall(),
            r#"Argument 1 of 2
pattern learning_by_trust [1, p. 7] would conclude
│   jepara_furniture.interactive_learning = yes (hedged)
│ "Trust makes up for much in learning"
│ 1 of 3 premises holds; would need (human_capital >=
│   adequate or craft_skills = available) and
│   network_exchange = present
├─ ✓ social_capital >= moderate is met:
│      jepara_furniture.social_capital = strong
│    claim c1.20 [1]
├─ ✗ human_capital >= adequate or craft_skills = available
│      is failed: jepara_furniture.human_capital = weak
│    claim c1.21 [1]
└─ ? network_exchange = present is open

Argument 2 of 2
jepara_furniture.interactive_learning = yes would be brought
    about by: jepara_furniture.human_capital = adequate and
    jepara_furniture.network_exchange = present

References
[1] sandee_1998  Sandee (1998)
"#,
        );
    }

    #[test]
    fn several_proofs_are_counted() {
        let proofs = vec![step("a.b = c", "c1.1"), Proof { others: 2, ..step("a.b = c", "c1.2") }];
        shows(
            &Answer::argued(proofs, Vec::new()),
            Format::Table,
            r"Proof 1 of 2
a.b = c
  claim c1.1 [1]

Proof 2 of 2
a.b = c
  claim c1.2 [1] (2 others say the same)

References
[1] sandee_1998
",
        );
    }

    #[test]
    fn what_is_open_may_have_been_looked_for() {
        let condition = |condition: &str| {
            Some(Premise { condition: condition.into(), truth: Verdict::Open, holds: false })
        };
        let read = Proof {
            premise: condition("export_share > 10"),
            note: Some("n.a.".into()),
            sources: vec![source("berry_2002", Some("table 1"))],
            ..Proof::default()
        };
        let within = Proof {
            statement: "a.size = 3".into(),
            reason: Reason::Pattern { name: "sized".into(), title: None },
            premise: condition("size > 2"),
            standing: Standing::Unknown,
            needs: vec!["export_share > 10".into()],
            premises: vec![read],
            ..Proof::default()
        };
        let unsaid = Proof {
            statement: "a.b = c".into(),
            standing: Standing::Unknown,
            premises: vec![within],
            ..Proof::default()
        };
        shows(
            &Answer::argued(vec![unsaid], Vec::new()),
            Format::Table,
            r#"a.b = c (unknown)
└─ size > 2 is open: a.size = 3
   │ pattern sized would conclude it
   │ its premise does not hold; would need export_share > 10
   └─ ? export_share > 10 is open
        see [1, table 1]
        "n.a."

References
[1] berry_2002
"#,
        );
    }

    #[test]
    fn lines_show_arguments_as_tables_do() {
        for options in [at_60(), Options::default(), Options { header: false, ..Options::default() }] {
            let [table, line] =
                [Format::Table, Format::Line].map(|format| shown_with(&argument(), format, &options));
            assert_eq!(table, line);
            assert!(line.contains("\nReferences\n[1] chaminade_vang_2006"), "{line}");
        }
    }

    #[test]
    fn nothing_is_cut_off_where_there_is_no_room() {
        let options = Options { width: Some(1), ..Options::default() };
        let found = shown_with(&argument(), Format::Table, &options);
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        assert_eq!(letters(&found), letters(&shown(&argument(), Format::Table)));
    }

    #[test]
    fn awkward_text_stays_in_its_branch() {
        shows(
            &awkward_argument(),
            Format::Table,
            r##"# a|b\c "50%%{x}" & <i>_x_</i>, [y] z
│   1. `n`\u{1b}[2J style: #1;
│ because of pattern # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
│   1. `n`\u{1b}[2J style: #1;
│ "# a|b\c "50%%{x}" & <i>_x_</i>, [y] z
│   1. `n`\u{1b}[2J style: #1;"
└─ # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1; is met: # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1;
     claim # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1; [1, # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1;], # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1;
     "# a|b\c "50%%{x}" & <i>_x_</i>, [y] z
       1. `n`\u{1b}[2J style: #1;"

References
[1] k  # a|b\c "50%%{x}" & <i>_x_</i>, [y] z
    1. `n`\u{1b}[2J style: #1;
"##,
        );
    }

    #[test]
    fn colour_marks_what_is_contested_or_failed() {
        let options = Options { colour: true, ..Options::default() };
        let found = shown_with(&argument(), Format::Table, &options);
        assert!(found.starts_with("\x1b[1mthai_automotive.interactive_learning = no"), "{found}");
        assert!(found.contains("├─ \x1b[31mabsorptive_capacity"), "{found}");
        assert!(found.contains("\x1b[33msocial_capital"), "{found}");
        let plain = shown(&argument(), Format::Table);
        let bare = ["1", "31", "33", "2", "0"]
            .iter()
            .fold(found, |text, code| text.replace(&format!("\x1b[{code}m"), ""));
        assert_eq!(bare, plain);
    }

    #[test]
    fn no_proofs() {
        let none = Answer::argued(Vec::new(), Vec::new());
        shows(&none, Format::Table, "(no proofs)\n");
        assert_eq!(shown_with(&none, Format::Table, &Options { header: false, ..Options::default() }), "");
    }
}
