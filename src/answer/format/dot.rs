//! An argument for Graphviz.

use super::graph::{Edge, Graph, Kind, Link};
use super::words::printable;
use crate::answer::{Proof, Verdict};
use std::io::{self, Write};

pub(super) fn write(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(proofs);
    writeln!(out, "digraph argument {{")?;
    writeln!(out, "  node [shape=box, fontname=\"Helvetica\"];")?;
    writeln!(out, "  edge [fontname=\"Helvetica\", fontsize=10];")?;
    for (at, node) in graph.nodes.iter().enumerate() {
        writeln!(out, "  {} [label=\"{}\"{}];", node.id(at), label(&node.lines), shape(node.kind))?;
    }
    for edge in &graph.edges {
        let [from, to] = [edge.from, edge.to].map(|at| graph.nodes[at].id(at));
        writeln!(out, "  {from} -> {to}{};", attributes(edge))?;
    }
    writeln!(out, "}}")
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Statement => ", style=rounded",
        Kind::Pattern => ", shape=hexagon",
        Kind::Claim => ", shape=note",
        Kind::Change => ", style=dashed",
        Kind::Nothing => ", shape=plaintext",
    }
}

fn attributes(edge: &Edge) -> String {
    let style = match edge.link {
        Link::Said | Link::Premise(Verdict::Met) => "",
        Link::Lacking => "style=dashed",
        Link::Premise(Verdict::Failed) => "style=dashed, color=\"#b00020\", fontcolor=\"#b00020\"",
        Link::Premise(Verdict::Contested) => "style=bold, color=\"#a05a00\", fontcolor=\"#a05a00\"",
        Link::Premise(Verdict::Open) => "style=dotted, color=\"#606060\", fontcolor=\"#606060\"",
    };
    let label = match edge.lines.as_slice() {
        [] => String::new(),
        lines => format!("label=\"{}\"", label(lines)),
    };
    match [label.as_str(), style].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>() {
        none if none.is_empty() => String::new(),
        parts => format!(" [{}]", parts.join(", ")),
    }
}

fn label(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\\n")
}

/// The inside of a quoted string. Graphviz reads entities in it, and a backslash before a letter as the name
/// of something.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            '&' => escaped.push_str("&amp;"),
            '\n' => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::answer::format::samples::{
        argument, awkward_argument, clusters, shortfall, shown, shows, step,
    };
    use crate::answer::format::{Format, Options, write};
    use crate::answer::{Answer, Proof, Reason};
    use std::io::ErrorKind;

    #[test]
    fn an_argument_is_a_graph() {
        shows(
            &argument(),
            Format::Dot,
            r##"digraph argument {
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  s1 [label="thai_automotive.interactive_learning =\nno (on contested ground, by analogy)", style=rounded];
  p2 [label="pattern learning_needs_both\n\"Interactive learning takes both\nabsorptive capacity and networks for\nexchange\"\n[chaminade_vang_2006, section 4,\nparagraph 3; section 4, paragraph 4]", shape=hexagon];
  s3 [label="thai_automotive.absorptive_capacity =\nlow (hedged)", style=rounded];
  p4 [label="pattern\nweak_human_capital_limits_absorption\n[chaminade_vang_2006, section 2.2]", shape=hexagon];
  s5 [label="thai_automotive.human_capital = weak", style=rounded];
  c6 [label="claim c1.310, in 1999 (2 others say the\nsame)\n\"few engineers\"\n[techakanont_2004 via\nchaminade_vang_2006, p. 151]", shape=note];
  s7 [label="thai_automotive.social_capital = weak\n(contested)", style=rounded];
  c8 [label="claim c1.312\n[chaminade_vang_2006, table 2]", shape=note];
  n9 [label="nothing is known", shape=plaintext];
  s1 -> p2;
  p2 -> s3 [label="absorptive_capacity >= adequate is\nfailed", style=dashed, color="#b00020", fontcolor="#b00020"];
  p2 -> n9 [label="network_exchange = present is open", style=dotted, color="#606060", fontcolor="#606060"];
  s3 -> p4;
  p4 -> s5 [label="human_capital <= weak is met"];
  p4 -> s7 [label="social_capital <= weak is contested", style=bold, color="#a05a00", fontcolor="#a05a00"];
  s5 -> c6;
  s7 -> c8;
}
"##,
        );
    }

    #[test]
    fn what_is_lacking_is_drawn() {
        shows(
            &shortfall(),
            Format::Dot,
            r##"digraph argument {
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  s1 [label="jepara_furniture.interactive_learning =\nyes (hedged)", style=rounded];
  p2 [label="pattern learning_by_trust\n\"Trust makes up for much in learning\"\n[sandee_1998, p. 7]\n1 of 3 premises holds; would need\n(human_capital >= adequate or\ncraft_skills = available) and\nnetwork_exchange = present", shape=hexagon];
  s3 [label="jepara_furniture.social_capital = strong", style=rounded];
  c4 [label="claim c1.20\n[sandee_1998]", shape=note];
  s5 [label="jepara_furniture.human_capital = weak", style=rounded];
  c6 [label="claim c1.21\n[sandee_1998]", shape=note];
  n7 [label="nothing is known", shape=plaintext];
  d8 [label="jepara_furniture.human_capital =\nadequate and\njepara_furniture.network_exchange =\npresent", style=dashed];
  s1 -> p2 [label="would conclude", style=dashed];
  s1 -> d8 [label="would be brought about by", style=dashed];
  p2 -> s3 [label="✓ social_capital >= moderate is met"];
  p2 -> s5 [label="✗ human_capital >= adequate or\ncraft_skills = available is failed", style=dashed, color="#b00020", fontcolor="#b00020"];
  p2 -> n7 [label="? network_exchange = present is open", style=dotted, color="#606060", fontcolor="#606060"];
  s3 -> c4;
  s5 -> c6;
}
"##,
        );
    }

    #[test]
    fn any_text_is_safe() {
        shows(
            &awkward_argument(),
            Format::Dot,
            r##"digraph argument {
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  s1 [label="# a|b\\c \"50%%{x}\" &amp; <i>_x_</i>, [y] z\n1. `n`\\u{1b}[2J style: #1;", style=rounded];
  p2 [label="pattern # a|b\\c \"50%%{x}\" &amp; <i>_x_</i>,\n[y] z\n1. `n`\\u{1b}[2J style: #1;\n\"# a|b\\c \"50%%{x}\" &amp; <i>_x_</i>, [y] z\n1. `n`\\u{1b}[2J style: #1;\"", shape=hexagon];
  c3 [label="claim # a|b\\c \"50%%{x}\" &amp; <i>_x_</i>,\n[y] z\n1. `n`\\u{1b}[2J style: #1;, # a|b\\c \"50%%{x}\"\n&amp; <i>_x_</i>, [y] z\n1. `n`\\u{1b}[2J style: #1;\n\"# a|b\\c \"50%%{x}\" &amp; <i>_x_</i>, [y] z\n1. `n`\\u{1b}[2J style: #1;\"\n[k, # a|b\\c \"50%%{x}\" &amp; <i>_x_</i>, [y]\nz\n1. `n`\\u{1b}[2J style: #1;]", shape=note];
  s1 -> p2;
  s1 -> c3;
  p2 -> s1 [label="# a|b\\c \"50%%{x}\" &amp; <i>_x_</i>, [y] z\n1. `n`\\u{1b}[2J style: #1; is met"];
}
"##,
        );
    }

    #[test]
    fn what_occurs_twice_is_one_node() {
        let reached = |statement: &str, premises: Vec<Proof>| Proof {
            reason: Reason::Pattern { name: "reaches_further".into(), title: None },
            sources: Vec::new(),
            premises,
            ..step(statement, "")
        };
        let leaf = step("b.cites = c", "c1.2");
        let near = reached("a.reaches = c", vec![leaf.clone()]);
        let far = reached("a.reaches = d", vec![near.clone(), leaf]);
        shows(
            &Answer::argued(vec![near, far], Vec::new()),
            Format::Dot,
            r#"digraph argument {
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  s1 [label="a.reaches = c", style=rounded];
  p2 [label="pattern reaches_further", shape=hexagon];
  s3 [label="b.cites = c", style=rounded];
  c4 [label="claim c1.2\n[sandee_1998]", shape=note];
  s5 [label="a.reaches = d", style=rounded];
  p6 [label="pattern reaches_further", shape=hexagon];
  s1 -> p2;
  p2 -> s3;
  s3 -> c4;
  s5 -> p6;
  p6 -> s1;
  p6 -> s3;
}
"#,
        );
    }

    #[test]
    fn no_proofs() {
        let none = Answer::argued(Vec::new(), Vec::new());
        shows(&none, Format::Mermaid, "flowchart TD\n");
        assert!(shown(&none, Format::Dot).ends_with("fontsize=10];\n}\n"));
    }

    #[test]
    fn only_arguments_are_drawn() {
        for format in [Format::Dot, Format::Mermaid] {
            let mut out = Vec::new();
            let error = write(&clusters(), format, &Options::default(), &mut out).expect_err("a table");
            assert_eq!((error.kind(), out.len()), (ErrorKind::InvalidInput, 0));
            let message = "only arguments (`why`, `why not`) can be drawn; this answer is a table: choose \
                           another format";
            assert_eq!(error.to_string(), message);
        }
    }
}
