//! One `column: value` a line, rows apart by an empty line: for answers with many columns.

use super::words::{PLAIN, printable};
use super::wrap::wrap;
use super::{Answer, Options};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// The narrowest room for values; where there is less, lines are left as long as they are.
const NARROWEST: usize = 8;

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = answer.columns().iter().map(|name| format!("{}:", printable(name))).collect();
    let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let indent = if options.header { widest + 1 } else { 0 };
    let room = options.width.and_then(|width| width.checked_sub(indent)).filter(|room| *room >= NARROWEST);
    for (at, row) in answer.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (name, cell) in names.iter().zip(row.cells()) {
            let text = PLAIN.cell(cell);
            let lines = match room {
                Some(room) => wrap(&text, room),
                None => text.split('\n').map(str::to_string).collect(),
            };
            let text = lines.join(&format!("\n{}", " ".repeat(indent)));
            if options.header {
                let padding = " ".repeat(if text.is_empty() { 0 } else { indent - name.width() });
                writeln!(out, "{name}{padding}{text}")?;
            } else {
                writeln!(out, "{text}")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::Options;
    use crate::answer::format::samples::{clusters, shown_with, shows};

    #[test]
    fn a_line_a_column() {
        let expected = "\
name:           jepara_furniture
workers:        about 2000
export_share:   16.10
social_capital: strong
recommended:    trade_fairs; training

name:           thai_automotive
workers:
export_share:   (n.a.)
social_capital: weak (contested, hedged); strong (contested)
recommended:    quality_standards (concluded, by analogy)
";
        shows(&clusters(), Format::Line, expected);
    }

    #[test]
    fn values_wrap_to_the_width_under_themselves() {
        let options = Options { width: Some(40), ..Options::default() };
        let found = shown_with(&clusters(), Format::Line, &options);
        let expected = "
social_capital: weak (contested,
                hedged); strong
                (contested)
recommended:    quality_standards
                (concluded, by analogy)
";
        assert!(found.ends_with(expected), "{found}");
        let bare = Options { header: false, ..options };
        assert!(shown_with(&clusters(), Format::Line, &bare).contains("\n(contested)\n"));
        let narrow = Options { width: Some(20), ..Options::default() };
        assert!(shown_with(&clusters(), Format::Line, &narrow).contains("strong (contested)\n"));
    }
}
