//! An argument as a flowchart for Mermaid.

use super::graph::{Edge, Graph, Kind, Link};
use super::words::printable;
use crate::answer::{Proof, Verdict};
use std::io::{self, Write};

pub(super) fn write(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(proofs);
    writeln!(out, "flowchart TD")?;
    for (at, node) in graph.nodes.iter().enumerate() {
        let [open, close] = shape(node.kind);
        writeln!(out, "  {}{open}\"{}\"{close}", node.id(at), label(&node.lines))?;
    }
    for edge in &graph.edges {
        let [from, to] = [edge.from, edge.to].map(|at| graph.nodes[at].id(at));
        writeln!(out, "  {from} {} {to}", arrow(edge))?;
    }
    Ok(())
}

fn shape(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Statement => ["(", ")"],
        Kind::Pattern => ["{{", "}}"],
        Kind::Claim => ["[", "]"],
        Kind::Change => ["[/", "/]"],
        Kind::Nothing => ["([", "])"],
    }
}

/// Whatever is no plain support looks different.
fn arrow(edge: &Edge) -> String {
    let arrow = match edge.link {
        Link::Said | Link::Premise(Verdict::Met) => "-->",
        Link::Premise(Verdict::Contested) => "==>",
        Link::Premise(Verdict::Failed) => "--x",
        Link::Lacking | Link::Premise(Verdict::Open) => "-.->",
    };
    if edge.lines.is_empty() { arrow.into() } else { format!("{arrow}|\"{}\"|", label(&edge.lines)) }
}

fn label(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br/>")
}

/// The inside of a quoted label. Mermaid finds directives, styles and Markdown anywhere, so all signs but a
/// few become entities; of those few, what would open a list or stress a word where it stands.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let text = printable(text).replace('\n', " ");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            '_' | '.' | '-' if joins => escaped.push(character),
            _ if character.is_alphanumeric() || " ,=()/'!?✓✗".contains(character) => {
                escaped.push(character)
            }
            _ => escaped.push_str(&format!("#{};", u32::from(character))),
        }
        before = character;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{argument, awkward_argument, shortfall, shows};

    #[test]
    fn an_argument_is_a_flowchart() {
        shows(
            &argument(),
            Format::Mermaid,
            r#"flowchart TD
  s1("thai_automotive.interactive_learning =<br/>no (on contested ground, by analogy)")
  p2{{"pattern learning_needs_both<br/>#34;Interactive learning takes both<br/>absorptive capacity and networks for<br/>exchange#34;<br/>#91;chaminade_vang_2006, section 4,<br/>paragraph 3#59; section 4, paragraph 4#93;"}}
  s3("thai_automotive.absorptive_capacity =<br/>low (hedged)")
  p4{{"pattern<br/>weak_human_capital_limits_absorption<br/>#91;chaminade_vang_2006, section 2.2#93;"}}
  s5("thai_automotive.human_capital = weak")
  c6["claim c1.310, in 1999 (2 others say the<br/>same)<br/>#34;few engineers#34;<br/>#91;techakanont_2004 via<br/>chaminade_vang_2006, p#46; 151#93;"]
  s7("thai_automotive.social_capital = weak<br/>(contested)")
  c8["claim c1.312<br/>#91;chaminade_vang_2006, table 2#93;"]
  n9(["nothing is known"])
  s1 --> p2
  p2 --x|"absorptive_capacity #62;= adequate is<br/>failed"| s3
  p2 -.->|"network_exchange = present is open"| n9
  s3 --> p4
  p4 -->|"human_capital #60;= weak is met"| s5
  p4 ==>|"social_capital #60;= weak is contested"| s7
  s5 --> c6
  s7 --> c8
"#,
        );
    }

    #[test]
    fn what_is_lacking_is_drawn() {
        shows(
            &shortfall(),
            Format::Mermaid,
            r#"flowchart TD
  s1("jepara_furniture.interactive_learning =<br/>yes (hedged)")
  p2{{"pattern learning_by_trust<br/>#34;Trust makes up for much in learning#34;<br/>#91;sandee_1998, p#46; 7#93;<br/>1 of 3 premises holds#59; would need<br/>(human_capital #62;= adequate or<br/>craft_skills = available) and<br/>network_exchange = present"}}
  s3("jepara_furniture.social_capital = strong")
  c4["claim c1.20<br/>#91;sandee_1998#93;"]
  s5("jepara_furniture.human_capital = weak")
  c6["claim c1.21<br/>#91;sandee_1998#93;"]
  n7(["nothing is known"])
  d8[/"jepara_furniture.human_capital =<br/>adequate and<br/>jepara_furniture.network_exchange =<br/>present"/]
  s1 -.->|"would conclude"| p2
  s1 -.->|"would be brought about by"| d8
  p2 -->|"✓ social_capital #62;= moderate is met"| s3
  p2 --x|"✗ human_capital #62;= adequate or<br/>craft_skills = available is failed"| s5
  p2 -.->|"? network_exchange = present is open"| n7
  s3 --> c4
  s5 --> c6
"#,
        );
    }

    #[test]
    fn any_text_is_safe() {
        shows(
            &awkward_argument(),
            Format::Mermaid,
            r##"flowchart TD
  s1("#35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;")
  p2{{"pattern #35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;,<br/>#91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;<br/>#34;#35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;#34;"}}
  c3["claim #35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;,<br/>#91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;, #35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34;<br/>#38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;<br/>#34;#35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;#34;<br/>#91;k, #35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93;<br/>z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59;#93;"]
  s1 --> p2
  s1 --> c3
  p2 -->|"#35; a#124;b#92;c #34;50#37;#37;#123;x#125;#34; #38; #60;i#62;#95;x#95;#60;/i#62;, #91;y#93; z<br/>1#46; #96;n#96;#92;u#123;1b#125;#91;2J style#58; #35;1#59; is met"| s1
"##,
        );
    }
}
