//! A pipe table, as Pandoc and GitHub read it, with Pandoc's citations.

use super::words::{Style, numeric_columns};
use super::{Answer, Options};
use crate::answer::Source;
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if options.header {
        line(answer.columns().iter().map(|name| escape(name)), out)?;
        let alignment = |numeric| if numeric { "---:" } else { "---" }.to_string();
        line(numeric_columns(answer).into_iter().map(alignment), out)?;
    }
    for row in answer {
        line(row.cells().iter().map(|cell| STYLE.cell(cell)), out)?;
    }
    Ok(())
}

fn line(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
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
    use crate::answer::format::samples::{awkward, cited, clusters, shows};

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
}
