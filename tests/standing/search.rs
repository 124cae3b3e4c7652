//! `search`: words in names, titles, notes, texts, numbers and the vocabulary.

use super::{book, rows};

fn found(statements: &str, words: &str) -> Vec<String> {
    let found = rows(&book(statements), &format!("search \"{words}\""));
    found.iter().map(|row| row.split(" | ").take(3).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn whole_words_come_before_longer_ones_and_the_inside_of_a_word_is_none() {
    let statements = "
cluster a_italy \"Tiles\" { }
cluster software \"The IT industry\" { }
cluster visitors \"Places to visit\" { }";
    assert_eq!(found(statements, "it"), ["cluster software title", "cluster a_italy name"]);
    assert_eq!(found(statements, "dust"), [""; 0]);
}

#[test]
fn either_number_of_a_word_and_either_spelling_is_found() {
    let statements = "
cluster a \"An industry that modularises its certificates\" { }";
    for words in ["industries", "industry", "modularize", "certificate", "CERTIFICATES modularises"] {
        assert_eq!(found(statements, words)[0], "cluster a title", "{words}");
    }
    assert!(found(statements, "certified industries").is_empty());
}

#[test]
fn numbers_with_their_units_values_with_their_meanings_and_other_words() {
    let statements = "
attribute craft of cluster: scale scarce < common { scarce: \"few who master it\" }
alias traditional = handicraft
cluster a { workers: about 2000, share: 88.5% }";
    assert_eq!(found(statements, "2000 persons"), ["cluster a workers"]);
    assert_eq!(found(statements, "88.5"), ["cluster a share"]);
    assert_eq!(found(statements, "master"), ["value scarce of cluster.craft"]);
    assert_eq!(found(statements, "handicraft"), ["alias handicraft of traditional"]);
}
