//! A `tabular` with the rules of booktabs and the citations of biblatex; an argument as nested lists.

use super::telling::{Told, Voice};
use super::words::Style;
use super::{Answer, Options};
use crate::answer::{Proof, Source};
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

/// Those that every font has.
const SIGNS: [&str; 3] = ["(+)", "(--)", "(?)"];

/// LaTeX nests no more lists of items than this.
const DEEPEST: usize = 4;

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let alignment = |numeric| if numeric { 'r' } else { 'l' };
    let alignments: String = answer.numeric_columns().into_iter().map(alignment).collect();
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

/// A list for the proofs, and one within for the premises of each step.
pub(super) fn list(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let mut items = Items { voice: Voice::of(&STYLE, SIGNS), out };
    items.begin(1)?;
    for proof in proofs {
        items.item(proof, items.voice.proof(proof), 1)?;
    }
    if proofs.is_empty() {
        writeln!(items.out, "\\item[] (no proofs)")?;
    }
    items.end(1)
}

struct Items<'a> {
    voice: Voice<'a>,
    out: &'a mut dyn Write,
}

impl Items<'_> {
    /// What is too deep for a list of its own stands in the deepest one, moved to the right.
    fn item(&mut self, proof: &Proof, told: Told, depth: usize) -> io::Result<()> {
        let space = match depth.saturating_sub(DEEPEST) {
            0 => String::new(),
            levels => format!("\\hspace*{{{levels}em}}"),
        };
        let lines = [format!("{space}{}", told.head)].into_iter().chain(told.details).collect::<Vec<_>>();
        let indent = "  ".repeat(depth);
        writeln!(self.out, "{indent}\\item {}", lines.join(&format!("\\newline\n{indent}  ")))?;
        if proof.premises.is_empty() {
            return Ok(());
        }
        self.begin(depth + 1)?;
        for premise in &proof.premises {
            self.item(premise, self.voice.premise(proof, premise), depth + 1)?;
        }
        self.end(depth + 1)
    }

    fn begin(&mut self, depth: usize) -> io::Result<()> {
        if depth > DEEPEST {
            Ok(())
        } else {
            writeln!(self.out, "{}\\begin{{itemize}}", "  ".repeat(depth - 1))
        }
    }

    fn end(&mut self, depth: usize) -> io::Result<()> {
        if depth > DEEPEST {
            Ok(())
        } else {
            writeln!(self.out, "{}\\end{{itemize}}", "  ".repeat(depth - 1))
        }
    }
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
    use crate::answer::format::samples::{
        argument, awkward, awkward_argument, cited, clusters, shortfall, shown, shows, step,
    };
    use crate::answer::{Answer, Proof};

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

    #[test]
    fn an_argument_is_a_nested_list() {
        shows(
            &argument(),
            Format::Latex,
            r"\begin{itemize}
  \item thai\_automotive.interactive\_learning = no (on contested ground, by analogy)\newline
    because of pattern learning\_needs\_both \parencite[section 4, paragraph 3]{chaminade_vang_2006} \parencite[section 4, paragraph 4]{chaminade_vang_2006}\newline
    \symbol{34}Interactive learning takes both absorptive capacity and networks for exchange\symbol{34}
  \begin{itemize}
    \item absorptive\_capacity \textgreater{}= adequate is failed: thai\_automotive.absorptive\_capacity = low (hedged)\newline
      because of pattern weak\_human\_capital\_limits\_absorption \parencite[section 2.2]{chaminade_vang_2006}
    \begin{itemize}
      \item human\_capital \textless{}= weak is met: thai\_automotive.human\_capital = weak\newline
        claim c1.310 \parencites{techakanont_2004}[via][p. 151]{chaminade_vang_2006}, in 1999 (2 others say the same)\newline
        \symbol{34}few engineers\symbol{34}
      \item social\_capital \textless{}= weak is contested: thai\_automotive.social\_capital = weak (contested)\newline
        claim c1.312 \parencite[table 2]{chaminade_vang_2006}
    \end{itemize}
    \item network\_exchange = present is open
  \end{itemize}
\end{itemize}
",
        );
    }

    #[test]
    fn what_is_lacking_is_listed() {
        shows(
            &shortfall(),
            Format::Latex,
            r"\begin{itemize}
  \item pattern learning\_by\_trust \parencite[p. 7]{sandee_1998} would conclude jepara\_furniture.interactive\_learning = yes (hedged)\newline
    \symbol{34}Trust makes up for much in learning\symbol{34}\newline
    1 of 3 premises holds; would need (human\_capital \textgreater{}= adequate or craft\_skills = available) and network\_exchange = present
  \begin{itemize}
    \item (+) social\_capital \textgreater{}= moderate is met: jepara\_furniture.social\_capital = strong\newline
      claim c1.20 \parencite{sandee_1998}
    \item (--) human\_capital \textgreater{}= adequate or craft\_skills = available is failed: jepara\_furniture.human\_capital = weak\newline
      claim c1.21 \parencite{sandee_1998}
    \item (?) network\_exchange = present is open
  \end{itemize}
  \item jepara\_furniture.interactive\_learning = yes would be brought about by: jepara\_furniture.human\_capital = adequate and jepara\_furniture.network\_exchange = present
\end{itemize}
",
        );
    }

    #[test]
    fn what_means_something_in_an_argument_is_escaped() {
        shows(
            &awkward_argument(),
            Format::Latex,
            r"\begin{itemize}
  \item \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\newline
    because of pattern \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\newline
    \symbol{34}\# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\symbol{34}
  \begin{itemize}
    \item \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1; is met: \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\newline
      claim \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1; \parencite[\# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;]{k}, \# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\newline
      \symbol{34}\# a\textbar{}b\textbackslash{}c \symbol{34}50\%\%\{x\}\symbol{34} \& \textless{}i\textgreater{}\_x\_\textless{}/i\textgreater{}, {[}y{]} z 1. `n` {[}2J style: \#1;\symbol{34}
  \end{itemize}
\end{itemize}
",
        );
    }

    #[test]
    fn no_list_is_too_deep() {
        let chain = (2..=6).rev().fold(step("s1 = x", "c1.1"), |below, depth| Proof {
            premises: vec![below],
            ..step(&format!("s{depth} = x"), "c1.1")
        });
        let found = shown(&Answer::argued(vec![chain], Vec::new()), Format::Latex);
        assert_eq!(found.matches("\\begin{itemize}").count(), 4);
        assert_eq!(found.matches("\\end{itemize}").count(), 4);
        assert!(found.contains("\\item \\hspace*{1em}s6 = x"), "{found}");
        assert!(found.contains("\\item \\hspace*{2em}s1 = x"), "{found}");
    }
}
