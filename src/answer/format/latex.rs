//! A `tabular` with the rules of booktabs and the citations of biblatex.

use super::words::{Style, numeric_columns};
use super::{Answer, Options};
use crate::answer::Source;
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let alignment = |numeric| if numeric { 'r' } else { 'l' };
    let alignments: String = numeric_columns(answer).into_iter().map(alignment).collect();
    writeln!(out, "\\begin{{tabular}}{{{alignments}}}\n\\toprule")?;
    if options.header {
        line(answer.columns().iter().map(|name| escape(name)), out)?;
        writeln!(out, "\\midrule")?;
    }
    for row in answer {
        line(row.cells().iter().map(|cell| STYLE.cell(cell)), out)?;
    }
    writeln!(out, "\\bottomrule\n\\end{{tabular}}")
}

fn line(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} \\\\", cells.collect::<Vec<_>>().join(" & "))
}

/// Brackets are wrapped: after `\\` and within an optional argument a bare one would be read as an
/// argument's.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '"' => escaped.push_str("\\symbol{34}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => escaped.extend(['\\', character]),
            '[' | ']' => escaped.extend(['{', character, '}']),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn cite(sources: &[Source]) -> String {
    sources.iter().map(reference).collect::<Vec<_>>().join(" ")
}

/// `\parencite[locator]{key}`, or `\parencites{key}[via][locator]{read}`.
fn reference(source: &Source) -> String {
    let locator = source.locator.as_deref().map(escape);
    match (&source.via, locator) {
        (Some(via), locator) => {
            let locator = locator.unwrap_or_default();
            format!("\\parencites{{{}}}[via][{locator}]{{{}}}", key(&source.key), key(via))
        }
        (None, Some(locator)) => format!("\\parencite[{locator}]{{{}}}", key(&source.key)),
        (None, None) => format!("\\parencite{{{}}}", key(&source.key)),
    }
}

/// Without the characters that no key of a bibliography can have.
fn key(key: &str) -> String {
    key.chars().filter(|character| !"{}\\%#~$&^,\"".contains(*character)).collect()
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{awkward, cited, clusters, shows};

    #[test]
    fn a_tabular() {
        let expected = r"\begin{tabular}{lrrll}
\toprule
name & workers & export\_share & social\_capital & recommended \\
\midrule
jepara\_furniture & about 2000 & 16.10 & strong & trade\_fairs; training \\
thai\_automotive &  & (n.a.) & weak (contested, hedged); strong (contested) & quality\_standards (concluded, by analogy) \\
\bottomrule
\end{tabular}
";
        shows(&clusters(), Format::Latex, expected);
    }

    #[test]
    fn citations_are_biblatexs() {
        let expected = r"\begin{tabular}{llll}
\toprule
name & social\_capital & recommended & read \\
\midrule
jepara & strong \parencite[table 2]{chaminade_vang_2006} \parencites{sandee_1998}[via][section 3.1]{chaminade_vang_2006} & training \parencite{berry_2002}; trade\_fairs & \parencite[p. 3]{berry_2002} \\
\bottomrule
\end{tabular}
";
        shows(&cited(), Format::Latex, expected);
    }

    #[test]
    fn what_means_something_is_escaped() {
        let expected = r"\begin{tabular}{ll}
\toprule
a\textbar{}b & yes \\
\midrule
a\textbar{}b\textbackslash{}c \symbol{34}50\%\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z next & yes \\
\bottomrule
\end{tabular}
";
        shows(&awkward(), Format::Latex, expected);
    }
}
