//! One `column: value` a line, rows apart by an empty line: for answers with many columns.

use super::words::{PLAIN, printable};
use super::{Answer, Options};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

pub(super) fn write(answer: &Answer, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = answer.columns().iter().map(|name| format!("{}:", printable(name))).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    for (at, row) in answer.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (name, cell) in names.iter().zip(row.cells()) {
            let text = PLAIN.cell(cell);
            if options.header {
                let indented = text.replace('\n', &format!("\n{}", " ".repeat(width + 1)));
                let padding = " ".repeat(if text.is_empty() { 0 } else { width - name.width() + 1 });
                writeln!(out, "{name}{padding}{indented}")?;
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
    use crate::answer::format::samples::{clusters, shows};

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
}
