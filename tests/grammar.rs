//! The grammar against the parser, both ways: what the grammar makes is read, what is read prints back,
//! and what stands in `grammar/refuse/` is refused in the words it states.

use casebook::syntax::{MAX_NAME, MAX_NESTING, Piece, Splitter, parse, split, tree::Statement};
use casebook::{Casebook, ErrorKind};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "grammar/ebnf.rs"]
mod ebnf;
#[path = "grammar/random.rs"]
mod random;

use ebnf::Grammar;
use random::Random;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The texts of all files in a folder, with their paths, in order.
fn texts(name: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder(name)).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("it is text"))).collect()
}

fn accepted() -> Vec<Piece> {
    texts("grammar/accept").iter().flat_map(|(_, text)| split(text)).collect()
}

fn grammar() -> Grammar {
    let text = fs::read_to_string(folder("grammar/casebook.ebnf")).expect("the grammar is there");
    Grammar::read(&text)
}

/// Reads `text`, and checks that its tree prints to the same tree and in the same words again.
fn check(text: &str, about: &str) -> Statement {
    let tree = parse(text).unwrap_or_else(|error| panic!("{about}\n{text}\n{error:?}"));
    prints_back(text, &tree, about);
    tree
}

fn prints_back(text: &str, tree: &Statement, about: &str) {
    let printed = tree.to_string();
    let again =
        parse(&printed).unwrap_or_else(|error| panic!("{about}\n{text}\nprints {printed}\n{error:?}"));
    assert_eq!(&again, tree, "{about}\n{text}\nprints {printed}");
    assert_eq!(again.to_string(), printed, "{about}\n{text}");
    assert_eq!(split(&printed).len(), 1, "{about}\n{text}\nprints as several statements\n{printed}");
}

#[test]
fn what_is_accepted_prints_back() {
    for piece in accepted() {
        check(&piece.text, "grammar/accept");
    }
}

#[test]
fn every_production_is_a_function_of_the_parser() {
    let sources: String = texts("src/syntax/parser").into_iter().map(|(_, text)| text).collect();
    for name in grammar().names() {
        assert!(sources.contains(&format!("fn {name}(")), "no function is called `{name}`");
    }
}

#[test]
fn sentences_of_the_grammar_are_read_and_print_back() {
    let grammar = grammar();
    for seed in 0..1500 {
        let sentence = grammar.sentence("statement", &mut Random::new(seed));
        check(&sentence, &format!("seed {seed}"));
    }
}

#[test]
fn sentences_of_each_production_are_read() {
    let grammar = grammar();
    for name in [grammar.alternatives("statement"), vec!["asked".to_string()]].concat() {
        for seed in 0..60 {
            check(&grammar.sentence(&name, &mut Random::new(seed)), &format!("{name}, seed {seed}"));
        }
    }
}

#[test]
fn sentences_of_each_form_of_question_are_read() {
    let grammar = grammar();
    for name in grammar.alternatives("question_body") {
        for seed in 0..60 {
            let body = grammar.sentence(&name, &mut Random::new(seed));
            let modifiers = grammar.sentence("modifiers", &mut Random::new(seed + 100));
            check(&format!("{body} {modifiers}"), &format!("{name}, seed {seed}"));
        }
    }
}

/// With `BLESS=1` in the environment the messages are written instead of compared: read them then.
#[test]
fn what_is_refused_is_refused_in_these_words() {
    for (path, text) in texts("grammar/refuse") {
        let mut refused = String::new();
        let mut statement = String::new();
        for line in text.split_inclusive('\n') {
            if line.starts_with("#! ") {
                refused.push_str(&format!("{statement}#! {}\n", refusal(&statement)));
                statement.clear();
            } else {
                statement.push_str(line);
            }
        }
        assert!(statement.is_empty(), "{}: no message behind\n{statement}", path.display());
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &refused).expect("the corpus can be written");
        }
        assert_eq!(refused, fs::read_to_string(&path).expect("it is text"), "{}", path.display());
    }
}

/// The refusal of a statement as `LINE:COLUMN message`, and its suggestion.
fn refusal(statement: &str) -> String {
    let error = match parse(statement) {
        Ok(tree) => panic!("this is read, and should not be:\n{statement}\nas {tree}"),
        Err(error) => error,
    };
    let report = error.report();
    let start = report.span.expect("every refusal has a place").start;
    let before = &statement[..start];
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let suggestion = report.suggestion.as_ref().map(|suggestion| suggestion.replacement.as_str());
    let suggested = suggestion.map(|words| format!("; did you mean `{words}`?")).unwrap_or_default();
    format!("{}:{column} {}{suggested}", before.matches('\n').count() + 1, report.message)
}

#[test]
fn mutilated_statements_never_panic() {
    let grammar = grammar();
    let mut sentences: Vec<String> = accepted().into_iter().map(|piece| piece.text).collect();
    sentences.extend((0..200).map(|seed| grammar.sentence("statement", &mut Random::new(seed))));
    for (seed, sentence) in sentences.iter().cycle().take(4000).enumerate() {
        let mutilated = Random::new(seed as u64).mutilate(sentence);
        for piece in split(&mutilated) {
            let place = piece.start..piece.start + piece.text.len();
            assert_eq!(mutilated.get(place), Some(piece.text.as_str()), "seed {seed}");
        }
        match parse(&mutilated) {
            Ok(tree) => prints_back(&mutilated, &tree, &format!("seed {seed}")),
            Err(error) => drop(error.report().render(false)),
        }
    }
}

// ---- limits -------------------------------------------------------------------------------------

#[test]
fn nesting_is_limited_and_never_overflows() {
    let many = 30_000;
    for text in [
        format!("clusters where {}a = b", "not ".repeat(many)),
        format!("clusters where {}a = b{}", "(".repeat(many), ")".repeat(many)),
        format!("clusters where {}", "(".repeat(many)),
        format!("a.b{}", " - a.b".repeat(many)),
        format!("clusters where {}a = b{}", "not (".repeat(40), ")".repeat(40)),
    ] {
        assert_eq!(parse(&text).expect_err("too deep").kind(), ErrorKind::Limit, "{}", &text[..40]);
    }
    let (opening, closing) = ("(".repeat(MAX_NESTING), ")".repeat(MAX_NESTING));
    for text in [
        format!("clusters where {}a = b", "not ".repeat(MAX_NESTING)),
        format!("clusters where {opening}a = b{closing}"),
        format!("clusters where {opening}a{closing} = b"),
        format!("{opening}clusters{closing}"),
        format!("explain suppose a.b = c then {opening}clusters{closing}"),
        format!("why not {}a.b = c", "not ".repeat(MAX_NESTING)),
        format!("why {opening}a.b = c{closing}"),
        format!("a.b{}", " - a.b".repeat(MAX_NESTING)),
        format!("{}a.b{}", "a.b - (".repeat(MAX_NESTING), ")".repeat(MAX_NESTING)),
    ] {
        check(&text, "as deep as may be");
    }
    check(&format!("clusters where a = b{}", " and a = b".repeat(10_000)), "long, not deep");
}

#[test]
fn names_are_limited() {
    check(&"x".repeat(MAX_NAME), "as long as may be");
    for text in ["x".repeat(MAX_NAME + 1), format!("kind {}", "x".repeat(300)), "1".repeat(300)] {
        assert_eq!(parse(&text).expect_err("too long").kind(), ErrorKind::Limit);
    }
    assert!(parse(&format!("cluster penang {{ history: \"{}\" }}", "x".repeat(100_000))).is_ok());
}

#[test]
fn control_characters_are_refused_where_they_stand() {
    assert_eq!(refusal("clusters \u{1}"), "1:10 the control character U+0001 cannot stand here");
    assert_eq!(refusal("search \"a\u{0}b\""), "1:10 the control character U+0000 cannot stand here");
    check("\u{feff}clusters\r\n", "a byte order mark and a carriage return are blanks");
}

#[test]
fn every_text_prints_back_in_quotes() {
    let word = "a\"b\\c\nd\te\r\u{0}\u{85}é工";
    let printed = casebook::syntax::quote(word);
    let Statement::Block(block) = check(&format!("cluster x {{ title: {printed} }}"), "quote") else {
        panic!("a block")
    };
    assert!(format!("{:?}", block.entries[0].values).contains(&format!("{word:?}")));
}

// ---- the splitter -------------------------------------------------------------------------------

fn statements(text: &str) -> Vec<String> {
    split(text).into_iter().map(|piece| piece.text).collect()
}

#[test]
fn splitting_what_is_put_together_gives_it_back() {
    let pieces: Vec<String> = accepted().into_iter().map(|piece| piece.text).collect();
    for between in ["\n", ";", " ; # a comment; with a [\n", "\r\n\n"] {
        assert_eq!(statements(&pieces.join(between)), pieces);
    }
}

#[test]
fn lines_and_the_whole_split_alike() {
    for (_, text) in texts("grammar/accept").into_iter().chain(texts("grammar/refuse")) {
        let mut splitter = Splitter::default();
        let mut pieces: Vec<Piece> =
            text.split_inclusive('\n').flat_map(|line| splitter.feed(line)).collect();
        pieces.extend(splitter.finish());
        assert_eq!(pieces, split(&text));
        for piece in pieces {
            assert_eq!(&text[piece.start..piece.start + piece.text.len()], piece.text);
            assert_eq!(text[..piece.start].matches('\n').count() + 1, piece.line);
        }
    }
}

#[test]
fn what_ends_a_statement() {
    assert_eq!(statements("a; b\n\n# c\n;;d # e"), ["a", "b", "d"]);
    assert_eq!(statements("a \\\n b\nc"), ["a \\\n b", "c"]);
    assert_eq!(statements("x { a: \"}\" # }\n b: c; }\ny"), ["x { a: \"}\" # }\n b: c; }", "y"]);
    assert_eq!(statements("a # \\\nb"), ["a", "b"]);
    assert_eq!(statements("(a\nb"), ["(a\nb"]);
    assert!(statements(" \n\t\r\n # nothing").is_empty());
}

#[test]
fn a_string_never_closed_does_not_swallow_the_rest() {
    assert_eq!(statements("search \"a; b (\nclusters"), ["search \"a; b (", "clusters"]);
    assert_eq!(statements("x { a: \"b }\nclusters"), ["x { a: \"b }", "clusters"]);
    assert_eq!(statements("x {\n a: b [c \"p. 1]\n d: e }\ny"), ["x {\n a: b [c \"p. 1]\n d: e }", "y"]);
    assert_eq!(statements("search \"a \\\nb"), ["search \"a \\", "b"]);
}

#[test]
fn megabytes_in_one_bracket_split_in_linear_time() {
    let mut splitter = Splitter::default();
    splitter.feed("cluster x {\n");
    for _ in 0..100_000 {
        assert!(splitter.feed("  note: \"a line of a long block\"\n").is_empty());
        assert!(splitter.pending());
    }
    assert_eq!(splitter.feed("}\n").len(), 1);
    assert_eq!(split(&"a;".repeat(300_000)).len(), 300_000);
    assert_eq!(split(&"\"\\".repeat(300_000)).len(), 1);
}

/// Somebody may ask for completions at any place of anything, and only what begins as typed is offered.
#[test]
fn names_are_offered_at_every_place_of_every_text() {
    let book = Casebook::in_memory();
    let store = "
kind country plural countries
kind cluster
attribute country of cluster: country inverse clusters_within
attribute industry of cluster: many one of traditional, cops { cops: \"cars\" }
source berry_2002 { }
country indonesia { }
cluster jepara_furniture \"Jepara\" { }";
    book.run_file(store, "").expect("a store");
    let ask = |text: &str| {
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (start, offers) =
                book.offers(text, at).unwrap_or_else(|error| panic!("{text:?} at {at}: {error}"));
            assert!(start <= at, "{text:?} at {at}");
            let typed = casebook::model::fold(&text[start..at]);
            for offer in offers {
                assert!(
                    casebook::model::fold(offer.text.trim_matches('"')).starts_with(&typed),
                    "{text:?} at {at}: {offer:?}"
                );
            }
        }
    };
    for (_, text) in texts("grammar/accept").into_iter().chain(texts("grammar/refuse")) {
        text.lines().for_each(ask);
    }
    let signs = [
        "", ",", "(", ")", ".", "{", "[", "=", "of", "in", "by", "\"", "#", ";", "clusters", "industry", "é-",
    ];
    for first in signs {
        for second in signs {
            for third in signs {
                ask(&format!("{first} {second}{third}"));
            }
        }
    }
}
