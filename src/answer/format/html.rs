//! A `table` element, to be set into a page; an argument as nested lists.

use super::telling::{SIGNS, Told, Voice};
use super::words::Style;
use super::{Answer, Options};
use crate::answer::proof::Argument;
use crate::answer::{Proof, Source};
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table>")?;
    if options.header {
        let names = answer.columns().iter().map(|name| format!("<th scope=\"col\">{}</th>", escape(name)));
        writeln!(out, "<thead>\n<tr>{}</tr>\n</thead>", names.collect::<String>())?;
    }
    writeln!(out, "<tbody>")?;
    let numeric = answer.numeric_columns();
    for row in answer {
        let cells = row.cells().iter().zip(&numeric).map(|(cell, &numeric)| {
            let alignment = if numeric { " style=\"text-align: right\"" } else { "" };
            format!("<td{alignment}>{}</td>", STYLE.cell(cell))
        });
        writeln!(out, "<tr>{}</tr>", cells.collect::<String>())?;
    }
    writeln!(out, "</tbody>\n</table>")
}

/// An item for each step, its premises in a list within; below, what the keys stand for, as nothing else in a
/// page will tell.
pub(super) fn list(argument: &Argument, out: &mut dyn Write) -> io::Result<()> {
    let voice = Voice::of(&STYLE, SIGNS);
    writeln!(out, "<ul class=\"argument\">")?;
    argument.proofs.iter().try_for_each(|proof| item(&voice, proof, voice.proof(proof), out))?;
    writeln!(out, "</ul>")?;
    let mut references = argument.references.iter().filter(|reference| !reference.text.is_empty()).peekable();
    if references.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "<dl class=\"references\">")?;
    for reference in references {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(&reference.key), escape(&reference.text))?;
    }
    writeln!(out, "</dl>")
}

fn item(voice: &Voice, proof: &Proof, told: Told, out: &mut dyn Write) -> io::Result<()> {
    let lines = [told.head].into_iter().chain(told.details).collect::<Vec<_>>();
    write!(out, "<li>{}", lines.join("<br>"))?;
    if !proof.premises.is_empty() {
        writeln!(out, "\n<ul>")?;
        let mut premises = proof.premises.iter();
        premises.try_for_each(|step| item(voice, step, voice.premise(proof, step), out))?;
        write!(out, "</ul>")?;
    }
    writeln!(out, "</li>")
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("<br>"),
            '\t' => escaped.push(' '),
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

fn cite(sources: &[Source]) -> String {
    let references = sources.iter().map(|source| escape(&source.to_string())).collect::<Vec<_>>();
    format!("<cite>[{}]</cite>", references.join("; "))
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{argument, awkward, awkward_argument, cited, shortfall, shows};

    #[test]
    fn what_means_something_is_escaped() {
        let expected = "\
<table>
<thead>
<tr><th scope=\"col\">a|b</th><th scope=\"col\">yes</th></tr>
</thead>
<tbody>
<tr><td>a|b\\c &quot;50%&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>next</td><td>yes</td></tr>
</tbody>
</table>
";
        shows(&awkward(), Format::Html, expected);
    }

    #[test]
    fn sources_are_cited() {
        let expected = "\
<table>
<thead>
<tr><th scope=\"col\">name</th><th scope=\"col\">social_capital</th><th scope=\"col\">recommended</th>\
<th scope=\"col\">read</th></tr>
</thead>
<tbody>
<tr><td>jepara</td><td>strong <cite>[chaminade_vang_2006, table 2; \
sandee_1998 via chaminade_vang_2006, section 3.1]</cite></td>\
<td>training <cite>[berry_2002]</cite>; trade_fairs</td><td><cite>[berry_2002, p. 3]</cite></td></tr>
</tbody>
</table>
";
        shows(&cited(), Format::Html, expected);
    }

    #[test]
    fn an_argument_is_a_nested_list() {
        shows(
            &argument(),
            Format::Html,
            r#"<ul class="argument">
<li>thai_automotive.interactive_learning = no (on contested ground, by analogy)<br>because of pattern learning_needs_both <cite>[chaminade_vang_2006, section 4, paragraph 3; chaminade_vang_2006, section 4, paragraph 4]</cite><br>&quot;Interactive learning takes both absorptive capacity and networks for exchange&quot;
<ul>
<li>absorptive_capacity &gt;= adequate is failed: thai_automotive.absorptive_capacity = low (hedged)<br>because of pattern weak_human_capital_limits_absorption <cite>[chaminade_vang_2006, section 2.2]</cite>
<ul>
<li>human_capital &lt;= weak is met: thai_automotive.human_capital = weak<br>claim c1.310 <cite>[techakanont_2004 via chaminade_vang_2006, p. 151]</cite>, in 1999 (2 others say the same)<br>&quot;few engineers&quot;</li>
<li>social_capital &lt;= weak is contested: thai_automotive.social_capital = weak (contested)<br>claim c1.312 <cite>[chaminade_vang_2006, table 2]</cite></li>
</ul></li>
<li>network_exchange = present is open</li>
</ul></li>
</ul>
<dl class="references">
<dt>chaminade_vang_2006</dt><dd>Chaminade and Vang (2006), Innovation policy for Asian SMEs: Exploring cluster differences</dd>
</dl>
"#,
        );
    }

    #[test]
    fn what_is_lacking_is_listed() {
        shows(
            &shortfall(),
            Format::Html,
            r#"<ul class="argument">
<li>pattern learning_by_trust <cite>[sandee_1998, p. 7]</cite> would conclude jepara_furniture.interactive_learning = yes (hedged)<br>&quot;Trust makes up for much in learning&quot;<br>1 of 3 premises holds; would need (human_capital &gt;= adequate or craft_skills = available) and network_exchange = present
<ul>
<li>✓ social_capital &gt;= moderate is met: jepara_furniture.social_capital = strong<br>claim c1.20 <cite>[sandee_1998]</cite></li>
<li>✗ human_capital &gt;= adequate or craft_skills = available is failed: jepara_furniture.human_capital = weak<br>claim c1.21 <cite>[sandee_1998]</cite></li>
<li>? network_exchange = present is open</li>
</ul></li>
<li>jepara_furniture.interactive_learning = yes would be brought about by: jepara_furniture.human_capital = adequate and jepara_furniture.network_exchange = present</li>
</ul>
<dl class="references">
<dt>sandee_1998</dt><dd>Sandee (1998)</dd>
</dl>
"#,
        );
    }

    #[test]
    fn what_means_something_in_an_argument_is_escaped() {
        shows(
            &awkward_argument(),
            Format::Html,
            r#"<ul class="argument">
<li># a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;<br>because of pattern # a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;<br>&quot;# a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;&quot;
<ul>
<li># a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1; is met: # a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;<br>claim # a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1; <cite>[k, # a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;]</cite>, # a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;<br>&quot;# a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;&quot;</li>
</ul></li>
</ul>
<dl class="references">
<dt>k</dt><dd># a|b\c &quot;50%%{x}&quot; &amp; &lt;i&gt;_x_&lt;/i&gt;, [y] z<br>1. `n`[2J style: #1;</dd>
</dl>
"#,
        );
    }
}
