//! A pipe table, as Pandoc and GitHub read it, with Pandoc's citations; an argument as a nested list.

use super::telling::{SIGNS, Told, Voice};
use super::words::Style;
use super::{Answer, Options};
use crate::answer::{Proof, Source};
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if options.header {
        line(answer.columns().iter().map(|name| escape(name)), out)?;
        let alignment = |numeric| if numeric { "---:" } else { "---" }.to_string();
        line(answer.numeric_columns().into_iter().map(alignment), out)?;
    }
    for row in answer {
        line(row.cells().iter().map(|cell| STYLE.cell(cell)), out)?;
    }
    Ok(())
}

fn line(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// An item for each step, its premises within.
pub(super) fn list(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let voice = Voice::of(&STYLE, SIGNS);
    proofs.iter().try_for_each(|proof| item(&voice, proof, voice.proof(proof), "", out))
}

/// A backslash at its end breaks a line.
fn item(voice: &Voice, proof: &Proof, told: Told, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let deeper = format!("{indent}  ");
    let lines = [at_start(&told.head)].into_iter().chain(told.details).collect::<Vec<_>>();
    writeln!(out, "{indent}- {}", lines.join(&format!("\\\n{deeper}")))?;
    let mut premises = proof.premises.iter();
    premises.try_for_each(|step| item(voice, step, voice.premise(proof, step), &deeper, out))
}

/// Without what would open a heading or another list at the start of an item.
fn at_start(text: &str) -> String {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    match text[digits..].chars().next() {
        Some('#' | '+' | '-' | '=') if digits == 0 => format!("\\{text}"),
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text.to_string(),
    }
}

/// An underscore within a word is left alone: it has no meaning there, and names are full of them.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            '\n' => escaped.push_str("<br>"),
            '\r' => {}
            '_' if joins => escaped.push('_'),
            _ if r"\`*_|<>[]&~$@^".contains(character) => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
        before = character;
    }
    escaped
}

fn cite(sources: &[Source]) -> String {
    format!("[{}]", sources.iter().map(reference).collect::<Vec<_>>().join("; "))
}

/// `@key, locator`, or `@key; via @read, locator`.
fn reference(source: &Source) -> String {
    let via = source.via.iter().map(|via| format!("; via @{via}")).collect::<String>();
    let locator = source.locator.iter().map(|locator| format!(", {}", escape(locator))).collect::<String>();
    format!("@{}{via}{locator}", source.key)
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{
        argument, awkward, awkward_argument, cited, clusters, shortfall, shows,
    };

    #[test]
    fn a_pipe_table() {
        let expected = "\
| name | workers | export_share | social_capital | recommended |
| --- | ---: | ---: | --- | --- |
| jepara_furniture | about 2000 | 16.10 | strong | trade_fairs; training |
| thai_automotive |  | (n.a.) | weak (contested, hedged); strong (contested) | \
quality_standards (concluded, by analogy) |
";
        shows(&clusters(), Format::Markdown, expected);
    }

    #[test]
    fn citations_are_pandocs() {
        let expected = "\
| name | social_capital | recommended | read |
| --- | --- | --- | --- |
| jepara | strong [@chaminade_vang_2006, table 2; @sandee_1998; via @chaminade_vang_2006, section 3.1] | \
training [@berry_2002]; trade_fairs | [@berry_2002, p. 3] |
";
        shows(&cited(), Format::Markdown, expected);
    }

    #[test]
    fn what_means_something_is_escaped() {
        let expected = "\
| a\\|b | yes |
| --- | --- |
| a\\|b\\\\c \"50%\" \\& \\<i\\>\\_x\\_\\</i\\>, \\[y\\]\tz<br>next | yes |
";
        shows(&awkward(), Format::Markdown, expected);
    }

    #[test]
    fn an_argument_is_a_nested_list() {
        shows(
            &argument(),
            Format::Markdown,
            r#"- thai_automotive.interactive_learning = no (on contested ground, by analogy)\
  because of pattern learning_needs_both [@chaminade_vang_2006, section 4, paragraph 3; @chaminade_vang_2006, section 4, paragraph 4]\
  "Interactive learning takes both absorptive capacity and networks for exchange"
  - absorptive_capacity \>= adequate is failed: thai_automotive.absorptive_capacity = low (hedged)\
    because of pattern weak_human_capital_limits_absorption [@chaminade_vang_2006, section 2.2]
    - human_capital \<= weak is met: thai_automotive.human_capital = weak\
      claim c1.310 [@techakanont_2004; via @chaminade_vang_2006, p. 151], in 1999 (2 others say the same)\
      "few engineers"
    - social_capital \<= weak is contested: thai_automotive.social_capital = weak (contested)\
      claim c1.312 [@chaminade_vang_2006, table 2]
  - network_exchange = present is open
"#,
        );
    }

    #[test]
    fn what_is_lacking_is_listed() {
        shows(
            &shortfall(),
            Format::Markdown,
            r#"- pattern learning_by_trust [@sandee_1998, p. 7] would conclude jepara_furniture.interactive_learning = yes (hedged)\
  "Trust makes up for much in learning"\
  1 of 3 premises holds; would need (human_capital \>= adequate or craft_skills = available) and network_exchange = present
  - ✓ social_capital \>= moderate is met: jepara_furniture.social_capital = strong\
    claim c1.20 [@sandee_1998]
  - ✗ human_capital \>= adequate or craft_skills = available is failed: jepara_furniture.human_capital = weak\
    claim c1.21 [@sandee_1998]
  - ? network_exchange = present is open
- jepara_furniture.interactive_learning = yes would be brought about by: jepara_furniture.human_capital = adequate and jepara_furniture.network_exchange = present
"#,
        );
    }

    #[test]
    fn nothing_in_an_argument_opens_a_heading_or_a_list() {
        shows(
            &awkward_argument(),
            Format::Markdown,
            r##"- \# a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;\
  because of pattern # a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;\
  "# a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;"
  - \# a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1; is met: # a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;\
    claim # a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1; [@k, # a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;], # a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;\
    "# a\|b\\c "50%%{x}" \& \<i\>\_x\_\</i\>, \[y\]	z<br>1. \`n\`\[2J style: #1;"
"##,
        );
        assert_eq!(super::at_start("12. x"), "12\\. x");
        assert_eq!(super::at_start("- x"), "\\- x");
        assert_eq!(super::at_start("12"), "12");
    }
}
