//! A `table` element, to be set into a page.

use super::words::{Style, numeric_columns};
use super::{Answer, Options};
use crate::answer::Source;
use std::io::{self, Write};

const STYLE: Style = Style { escape, cite };

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table>")?;
    if options.header {
        let names = answer.columns().iter().map(|name| format!("<th scope=\"col\">{}</th>", escape(name)));
        writeln!(out, "<thead>\n<tr>{}</tr>\n</thead>", names.collect::<String>())?;
    }
    writeln!(out, "<tbody>")?;
    let numeric = numeric_columns(answer);
    for row in answer {
        let cells = row.cells().iter().zip(&numeric).map(|(cell, &numeric)| {
            let alignment = if numeric { " style=\"text-align: right\"" } else { "" };
            format!("<td{alignment}>{}</td>", STYLE.cell(cell))
        });
        writeln!(out, "<tr>{}</tr>", cells.collect::<String>())?;
    }
    writeln!(out, "</tbody>\n</table>")
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
    use crate::answer::format::samples::{awkward, cited, shows};

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
}
