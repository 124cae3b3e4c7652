//! The binary as a script sees it: arguments and input in; output, messages and exit status out.

mod common;

use common::{Home, Run};
use std::io::{BufRead, BufReader, Write};

/// Runs on a bare store.
fn bare(arguments: &[&str], input: &str) -> Run {
    Home::new().run(&[&["--empty"], arguments].concat(), input.as_bytes())
}

const TWO_CLUSTERS: &str = "\
kind cluster
attribute workers of cluster: number
cluster a { workers: 16.10 }
cluster b { workers: > 700 }
";

#[test]
fn version_and_help_go_to_standard_output() {
    let run = bare(&["--version"], "");
    assert_eq!(run.ends(0).out, format!("casebook {}\n", env!("CARGO_PKG_VERSION")));
    assert!(bare(&["--help"], "").ends(0).out.contains("Exit status:"));
}

#[test]
fn wrong_usage_ends_with_2() {
    bare(&["--nonsense"], "").ends(2).says("--nonsense");
    bare(&["--file"], "").ends(2).says("--file");
    let run = bare(&["--format", "jsno", "clusters"], "");
    run.ends(2).says("json");
    assert_eq!(run.out, "");
}

#[test]
fn a_mistyped_option_is_answered_with_the_right_one() {
    bare(&["--fromat", "json"], "").ends(2).says("--format");
    bare(&["--format", "markdwn"], "").ends(2).says("'markdown'");
}

#[test]
fn update_seed_changes_nothing_where_nothing_has_changed() {
    let home = Home::new();
    home.run(&["--update-seed", "clusters"], b"").ends(0).says("nothing changed");
    home.run(&["commits"], b"").ends(0);
}

#[test]
fn a_store_that_cannot_be_opened_ends_with_3() {
    let home = Home::new();
    let file = home.file("not-a-folder", "x");
    home.run(&["--db", &file, "kinds"], b"").ends(3);
    let output = home.command(&["kinds"]).env("CASEBOOK_DB", &file).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn messages_to_a_pipe_have_no_colour() {
    let home = Home::new();
    let file = home.file("not-a-folder", "x");
    assert!(!home.run(&["--db", &file, "kinds"], b"").messages.contains('\x1b'));
}

#[test]
fn statements_are_run_in_order() {
    let run = bare(&[TWO_CLUSTERS, "clusters show name, workers; count clusters"], "");
    assert_eq!(run.ends(0).out, "name\tworkers\na\t16.10\nb\t> 700\n\ncount\n2\n");
}

#[test]
fn every_door_gives_the_same_rows() {
    let home = Home::new();
    let text = format!("{TWO_CLUSTERS}clusters show name, workers\n");
    let file = home.file("clusters.casebook", &text);
    let by_argument = bare(&["--format", "json", &text], "").out;
    assert_eq!(bare(&["--format", "json"], &text).out, by_argument);
    assert_eq!(bare(&["--format", "json", "--file", &file], "").out, by_argument);
    let expected =
        r#"[{"name":"a","workers":16.10},{"name":"b","workers":{"low":700,"high":null,"text":"> 700"}}]"#;
    assert_eq!(by_argument, format!("{expected}\n"));
}

#[test]
fn whether_there_is_a_place_for_sources_does_not_depend_on_them() {
    let question = "clusters where name = a show name, workers with sources";
    let asked = |format, more: &str| bare(&["--format", format, TWO_CLUSTERS, more, question], "").out;
    let json = |sources| {
        format!(r#"[{{"name":"a","name_sources":[],"workers":16.10,"workers_sources":{sources}}}]"#)
    };
    assert_eq!(asked("json", "sources").trim_start_matches("[]\n").trim_end(), json("[]"));
    let cited = "source berry_2002 { }; assert a.workers = 16.10 [berry_2002]";
    assert_eq!(asked("json", cited).trim_end(), json(r#"["berry_2002"]"#));
    assert_eq!(asked("tsv", cited), "name\tname_sources\tworkers\tworkers_sources\na\t\t16.10\tberry_2002\n");
}

#[test]
fn standard_input_is_not_read_beside_statements() {
    let run = bare(&["kinds"], "this is no statement\n");
    assert_eq!(run.ends(0).messages.matches("error").count(), 0, "{}", run.messages);
}

#[test]
fn the_rest_of_a_pipe_runs_after_an_error() {
    let input = format!("{TWO_CLUSTERS}\nclusters were x\ncount clusters\n");
    let run = bare(&[], &input);
    assert_eq!(run.ends(1).says("standard input:6:").out, "count\n2\n");
    assert_eq!(bare(&["--stop-on-error"], &input).ends(1).out, "");
}

#[test]
fn an_invalid_byte_in_the_pipe_is_an_error_and_the_rest_runs() {
    let home = Home::new();
    let run = home.run(&["--empty"], b"kind cluster\ncluster a { title: \"caf\xe9\" }\ncount clusters\n");
    assert_eq!(run.ends(1).says("standard input:2:").says("not UTF-8").out, "count\n0\n");
}

#[test]
fn a_file_is_one_transaction() {
    let home = Home::new();
    let file = home.file("bad.casebook", &format!("{TWO_CLUSTERS}cluster c {{ wrokers: 3 }}\n"));
    home.run(&["--empty", "--file", &file], b"").ends(1).says("bad.casebook:5:").says("workers");
    assert!(!home.run(&["--format", "ndjson", "kinds"], b"").ends(0).out.contains("cluster"));
}

#[test]
fn a_file_is_summed_up_in_one_line() {
    let home = Home::new();
    let file = home.file("clusters.casebook", TWO_CLUSTERS);
    let run = home.run(&["--empty", "--file", &file], b"");
    let summed_up = |run: &Run| {
        let lines = run.ends(0).messages.lines().map(str::to_string);
        lines.filter(|line| line.starts_with("commit") || line.starts_with("nothing")).collect::<Vec<_>>()
    };
    assert_eq!(summed_up(&run), ["commit 1: 2 declarations, 2 things, 2 claims"]);
    let again = home.run(&["--file", &file, "count clusters"], b"");
    assert_eq!(summed_up(&again), ["nothing changed: it was there already"]);
    let asks = home.file("asks.casebook", "count clusters");
    assert_eq!(summed_up(&home.run(&["--file", &asks], b"")), [""; 0]);
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    bare(&["--file", "nowhere.casebook"], "").ends(1).says("nowhere.casebook");
}

#[test]
fn changes_are_summed_up_unless_quiet() {
    bare(&["kind cluster"], "").ends(0).says("commit 1");
    let run = bare(&["--quiet", "kind cluster"], "");
    assert!(!run.ends(0).messages.contains("commit 1"), "{}", run.messages);
    assert_eq!(run.out, "");
}

#[test]
fn a_header_can_be_left_out() {
    let run = bare(&["--no-header", TWO_CLUSTERS, "clusters show name", "clusters show name"], "");
    assert_eq!(run.ends(0).out, "a\nb\na\nb\n");
}

#[test]
fn a_store_is_made_in_the_data_folder_and_its_path_is_said() {
    let home = Home::new();
    home.run(&["kinds"], b"").ends(0).says("casebook/paper");
    assert!(home.path().join("data/casebook/paper").is_dir());
}

#[test]
fn each_answer_is_there_before_the_next_statement_is_read() {
    let home = Home::new();
    let mut child = home.command(&["--empty", "--format", "json"]).spawn().expect("the binary runs");
    let mut input = child.stdin.take().expect("input is piped");
    let mut answers = BufReader::new(child.stdout.take().expect("output is piped")).lines();
    for _ in 0..3 {
        writeln!(input, "sources").expect("the binary reads");
        input.flush().expect("the binary reads");
        assert_eq!(answers.next().expect("an answer").expect("text"), "[]");
    }
    drop(input);
    assert!(child.wait().expect("the run ends").success());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let home = Home::new();
    home.run(&["--empty", "kinds"], b"");
    let mut child = home.command(&["--empty"]).spawn().expect("the binary runs");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("input is piped");
    for _ in 0..1000 {
        if input.write_all(b"kinds\n").is_err() {
            break;
        }
    }
    drop(input);
    let output = child.wait_with_output().expect("the run ends");
    assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true));
}
