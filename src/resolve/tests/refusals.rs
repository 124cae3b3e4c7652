//! Each refusal with the shortest statement that provokes it: below it kind, place, message and
//! suggestion.

use super::{Store, refusal};

/// Checks statements against what stands below each of them.
#[track_caller]
fn refused(table: &str) {
    let store = Store::new();
    let mut lines = table.trim().lines();
    let (mut expected, mut found) = (String::new(), String::new());
    while let (Some(text), Some(refused)) = (lines.next(), lines.next()) {
        expected += &format!("{text}\n{refused}\n");
        found += &format!("{text}\n  {}\n", refusal(&store, text));
        check_suggestion(&store, text);
    }
    assert!(expected == found, "expected:\n{expected}\nfound:\n{found}");
}

/// Whoever follows a suggestion is not refused for the same reason again.
#[track_caller]
fn check_suggestion(store: &Store, text: &str) {
    let error = store.refuse(text);
    let Some(suggested) = &error.report().suggestion else { return };
    let mut mended = text.to_string();
    mended.replace_range(suggested.span.start..suggested.span.end, &suggested.replacement);
    if let Err(again) = store.resolve(&mended) {
        assert_ne!(again.report().message, error.report().message, "{mended}");
        assert_ne!(again.kind(), crate::error::ErrorKind::Syntax, "{mended}: {again}");
    }
}

#[test]
fn names_that_are_not_known() {
    refused(
        r#"
clutsers
  Unknown at clutsers: no kind `clutsers`; did you mean clusters?
clutser x { }
  Unknown at clutser: no kind `clutser`; did you mean cluster?
clusters where socal_capital = weak
  Unknown at socal_capital: no attribute `socal_capital` of cluster; did you mean social_capital?
assert jepara_furnitur.learns = yes
  Unknown at jepara_furnitur: no thing `jepara_furnitur`; did you mean jepara_furniture?
cluster x { country: thialand }
  Unknown at thialand: no country `thialand`; did you mean thailand?
cluster x { country: jepara_furniture }
  Unknown at jepara_furniture: no country `jepara_furniture`
cluster x { learns: yes [bery_2002] }
  Unknown at bery_2002: no source `bery_2002`; did you mean berry_2002?
cluster x { country: complex_product_sistems }
  Unknown at complex_product_sistems: no country `complex_product_sistems`
cluster x { smess: 3 }
  Unknown at smess: no attribute `smess` of cluster; did you mean smes?
retract pattern localized_knowledge
  Unknown at localized_knowledge: no pattern `localized_knowledge`; did you mean localised_knowledge?
attribute craft_skills of cluster: scale scarce < available { rare: "few" }
  Unknown at rare: `rare` is not a value of this attribute
attribute craft_skills of cluster: scale scarce < available { scarce: "few", Scarce: "none" }
  Meaning at Scarce: what `Scarce` means is said twice
attribute smes of cluster: number { many: "a lot" }
  Unknown at many: `many` is not a value of this attribute
attributes of clutser
  Unknown at clutser: no kind `clutser`; did you mean cluster?
attributes of cluster.industry
  Meaning at cluster.industry: `cluster.industry` is no kind; attributes are those `of` a kind
values of industri
  Unknown at industri: no kind has an attribute `industri`; did you mean industry?
values of a.b.c
  Meaning at a.b.c: `a.b.c` is no attribute; write `of KIND.ATTRIBUTE`
clusters of indonesia
  Meaning at indonesia: nothing says what a cluster belongs to
countries where clusters.learns = yes
  Unknown at clusters: no attribute `clusters` of country; did you mean clusters_within?
clusters where country.regoin = asia
  Unknown at regoin: no attribute `regoin` of country; did you mean region?
lessons about human_captial
  Unknown at human_captial: nothing is named `human_captial`; did you mean human_capital?
compare clusters by featurs
  Unknown at featurs: no attribute or heading `featurs` of cluster; did you mean features?
compare clusters by humancap
  Unknown at humancap: no attribute or heading `humancap` of cluster; did you mean human_capital?
compare clutsers
  Unknown at clutsers: no kind or thing `clutsers`; did you mean clusters?
clusters where smes = $least
  Unknown at least: no value for `$least`
jepara_furniture
  Unknown at jepara_furniture: `jepara_furniture` is a thing, not a kind; did you mean describe jepara_furniture?
jepara_furnitur
  Unknown at jepara_furnitur: no kind `jepara_furnitur`; did you mean describe jepara_furniture?
human_capital
  Unknown at human_capital: `human_capital` is an attribute of cluster, not a kind; did you mean clusters show human_capital?
interventions where industri = cops
  Unknown at industri: no attribute `industri` of intervention; did you mean industry?
interventions where human_captial = weak
  Unknown at human_captial: no attribute `human_captial` of intervention; did you mean human_capital?
clusters show smes order by smse
  Unknown at smse: no attribute `smse` of cluster; did you mean smes?
count clusters by industry order by smes
  Unknown at smes: `smes` is not a column of this answer
"#,
    );
}

#[test]
fn values_of_the_wrong_type() {
    refused(
        r#"
cluster x { industry: traditonal }
  Type at traditonal: `traditonal` is not a value of `industry`; did you mean traditional?
clusters where industry = complex_product_system
  Type at complex_product_system: `complex_product_system` is not a value of `industry`; did you mean cops?
clusters where industry < cops
  Type at industry: `industry` has no order, so `<` means nothing
clusters where learns = perhaps
  Type at perhaps: `learns` is yes or no, not `perhaps`
cluster x { smes: many }
  Type at many: `smes` is a number, not `many`
cluster x { smes: 3 % }
  Type at 3 %: `%` belongs to percentages
cluster x { smes: 1990s }
  Type at 1990s: `1990s` is not a number
cluster x { founded: 199 }
  Type at 199: `199` is not a year
cluster x { founded: 2005-09-20 }
  Type at 2005-09-20: `2005-09-20` is not a year; did you mean 2005?
cluster x { opened: about 2005 }
  Type at about 2005: `about` is ten per cent either way, which means nothing for a year
cluster x { founded: about 1990 }
  Type at about 1990: `about` is ten per cent either way, which means nothing for a year
clusters where founded = about 19
  Type at about 19: `19` is not a year
cluster x { learns: yes (in about 1990) }
  Type at about 1990: `about 1990` is not a time
cluster x { industry: (cops, traditional) }
  Type at traditional: `industry` takes one value
clusters where industry = country.region
  Type at country.region: `industry` and `country.region` cannot be compared
clusters where industry.name = cops
  Type at name: `industry` is one of a few names, so it has no `name`
clusters where smes contains "1"
  Type at smes: `smes` is a number; `contains` looks into texts and names
clusters where possibly industry = cops
  Type at industry: `possibly` asks about numbers; `industry` is one of a few names
average industry of clusters
  Type at industry: `industry` is one of a few names; `average` needs numbers
max country of clusters
  Type at country: `country` has no order, so `max` means nothing
clusters where smes > country * 2
  Type at country: `country` is a country
clusters where opened * 2 > smes
  Type at opened * 2: a date cannot be used like this
clusters where country = cluster penang
  Type at cluster penang: `country` is a country, not a cluster
clusters where count of industry > 79228162514264337593543950336
  Type at 79228162514264337593543950336: `79228162514264337593543950336` has too many digits
"#,
    );
}

#[test]
fn statements_that_cannot_hold_together() {
    refused(
        r#"
assert penang.learns = yes
  Meaning at penang: `penang` names things of several kinds; did you mean country penang?
cluster x { learns != unknown }
  Meaning at unknown: `unknown` cannot be denied
cluster x { place: (a, unknown) }
  Meaning at unknown: `unknown` stands alone, not in a list
cluster x { learns: yes (since 1998, until 1990) }
  Meaning at 1990: `until 1990` lies before `since 1998`
claim x { }
  Meaning at claim: claims are kept by the store itself; nothing can be stated of them
source x { cited_by: berry_2002 }
  Meaning at cited_by: `cited_by` is only read, as the inverse of source.cites
cluster x { title: "X" }
  Meaning at title: the title of a thing is not an attribute to be stated
cluster "__" { }
  Meaning at "__": `__` cannot be a name
clusters by industry
  Meaning at industry: `by` groups what is counted, summed or averaged; did you mean count clusters?
count clusters show name
  Meaning at name: an aggregate shows its groups and its result; `show` adds nothing
clusters show name, industry, name
  Meaning at name: two columns are called `name`
clusters show industry as x, country as x
  Meaning at x: two columns are called `x`
clusters show industry, country as industry_sources with sources
  Meaning at industry_sources: two columns are called `industry_sources`
count clusters by industry, industry
  Meaning at industry: `industry` is grouped by twice
compare jepara_furniture, jepara_furniture
  Meaning at jepara_furniture: `jepara_furniture` is listed twice
clusters in 1995 ever
  Meaning at 1995: `ever` sees all times, `in` only one; write one of them
clusters where "industry" = cops
  Meaning at "industry": `"industry"` is a thing or a value, not an attribute
cluster.industry
  Meaning at cluster: `cluster` is a kind, not a thing; did you mean clusters show industry?
interventions where industry = cops or level = regional
  Meaning at level: one condition speaks of the cluster described and of the intervention asked for
interventions for thai_automotive where smes > 3
  Meaning at smes: `for thai_automotive` already says what is described
lessons for thai_automotive
  Meaning at thai_automotive: nothing says which lessons are for a cluster
compare thai_automotive, thailand
  Meaning at thailand: `thailand` is not of the same kind as the others
compare thai_automotive, clusters
  Meaning at clusters: `clusters` is a kind, not a thing
compare thai_automotive where learns = yes
  Meaning at thai_automotive: a condition chooses among the things of a kind, not among named ones
search "--"
  Meaning at "--": there are no words to look for
claims where subject.industry = cops
  Meaning at industry: several kinds have an attribute `industry`: `cluster` and `intervention`
"#,
    );
}

#[test]
fn declarations_that_cannot_be() {
    refused(
        r#"
kind count
  Meaning at count: `count` begins statements, so it cannot be a kind
kind commit
  Meaning at commit: `commit` is a kind that every store has
kind clusters
  Meaning at clusters: `clusters` is the plural of the kind `cluster`
kind x plural clusters
  Meaning at clusters: the plural `clusters` names the kind `cluster`
attribute name of cluster: text
  Meaning at name: every thing has a name; it is not declared
attribute x of claim: text
  Meaning at claim: claims are kept by the store itself; nothing can be stated of them
attribute x of cluster: pattern
  Meaning at pattern: an attribute cannot refer to patterns
attribute x of cluster: contry
  Unknown at contry: no kind `contry`; did you mean country?
attribute x of cluster: one of a, unknown
  Meaning at unknown: `unknown` is a standing, not a value
attribute x of cluster: one of a, b, A
  Meaning at A: `A` is listed twice
attribute x of cluster: text inverse y
  Meaning at y: only a reference to a kind has an inverse
attribute x of cluster: country inverse region
  Meaning at region: country already has `region`
attribute cited_by of source: text
  Meaning at cited_by: `cited_by` is already the inverse of source.cites
attribute smes of cluster: text
  Meaning at smes: `smes` is a number; its type cannot change
attribute smes of cluster: number "persons"
  Meaning at smes: `smes` is a number; its type cannot change
attribute place of cluster: text
  Meaning at place: `place` takes many values; that cannot change
attribute craft_skills of cluster: scale available < scarce
  Meaning at craft_skills: `craft_skills` must keep its values and their order
alias cosp = automotive
  Unknown at cosp: nothing is named `cosp`; did you mean cops?
alias cops = traditional
  Meaning at traditional: `traditional` is already a value of its own
alias traditional = complex_product_systems
  Meaning at complex_product_systems: `complex_product_systems` is already an alias of `cops`
context cluster.country for intervention
  Meaning at country: `country` is a country, not a reference to an intervention
import "a.csv" name from id
  Meaning at name: columns belong to things of a kind
import "a.csv" as cluster smess from n
  Unknown at smess: no attribute `smess` of cluster; did you mean smes?
"#,
    );
}

#[test]
fn patterns_that_cannot_be() {
    refused(
        r#"
pattern p { for source A, source A when A.cites = A then A.reaches = A }
  Meaning at A: two variables are named `A`
pattern p { for claim when denied = yes then denied = no }
  Meaning at claim: a pattern cannot be for claims
pattern p { for cluster when learns = yes then country.region = asia }
  Meaning at country.region: a pattern cannot conclude on `country.region`
pattern p { for country when region = asia then clusters_within = penang }
  Meaning at clusters_within: `clusters_within` is only read, as the inverse of cluster.country
pattern p { for source A, source B when A.year > 2000 then A.reaches = B }
  Meaning at A.reaches: the condition says nothing about `B`
pattern p { for source A, cluster B when A.year > 2000 and B.smes > 3 then A.reaches = B }
  Type at B: `reaches` is a source, but `B` stands for a cluster
pattern p { for cluster recommended = (trade_fairs, trade_fairs) requires learns = yes }
  Meaning at recommended: `requires` takes one value at its left
pattern p { for cluster when smes > 3 then industry = (cops, traditional) }
  Type at traditional: `industry` takes one value
"#,
    );
}

#[test]
fn a_name_of_more_than_200_characters() {
    let quoted = format!("\"{}\"", "x".repeat(201));
    let expected = format!("Limit at {quoted}: a name or number has at most 200 characters");
    assert_eq!(refusal(&Store::new(), &format!("cluster {quoted} {{ }}")), expected);
}

#[test]
fn notes_say_what_to_do() {
    let notes = |text: &str| Store::new().refuse(text).report().notes.join("\n");
    assert_eq!(notes("assert penang.learns = yes"), "write `country penang` or `cluster penang`");
    assert_eq!(
        notes("cluster x { industry: service }"),
        "it is one of `traditional`, `resource_based`, `cops` and `specialized_supplier`"
    );
    assert_eq!(notes("cluster x { country: laos }"), "add it first: `country laos \"Title\" { }`");
    assert_eq!(notes("cluster x { country: trade_fairs }"), "`trade_fairs` is an intervention");
    assert_eq!(notes("clusters where level = regional"), "`intervention` has it");
    let back = "`recommended_for` leads from an intervention to its clusters";
    assert_eq!(notes("interventions where intervention.clusters.learns = yes"), back);
    let heading = "it is a heading: `compare clusters by features`";
    assert_eq!(notes("jepara_furniture.features"), heading);
}
