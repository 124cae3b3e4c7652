//! The paper's knowledge, held against the paper itself.

mod common;

use casebook::Casebook;
use common::json;
use serde_json::Value;

const PAPER: &str = "chaminade_vang_2006";

const CLUSTERS: [&str; 4] =
    ["bangalore_software", "jepara_furniture", "taiwan_floriculture", "thai_automotive"];

fn paper() -> Casebook {
    Casebook::in_memory_with_paper().expect("the seed loads")
}

fn rows(book: &Casebook, question: &str) -> Vec<Value> {
    serde_json::from_str(&json(book, question)).expect("an array of rows")
}

/// The texts in a cell: none, one, or several.
fn texts(cell: &Value) -> Vec<&str> {
    match cell {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        value => vec![value.as_str().expect("a text")],
    }
}

#[test]
fn what_suits_complex_products_with_weak_ties() {
    let book = paper();
    let rows = rows(&book, "interventions where industry=CoPS and social_capital=weak");
    let named = |name: &str| {
        rows.iter().position(|row| row["name"] == name).unwrap_or_else(|| panic!("no `{name}` in {rows:#?}"))
    };
    let both = [named("collective_action_support"), named("quality_standards_for_groups")];
    for at in both {
        let row = &rows[at];
        assert_eq!((&row["status"], &row["standing"]), (&"applies".into(), &"supported".into()), "{row}");
        assert!(!texts(&row["patterns"]).is_empty(), "{row}");
        assert!(texts(&row["cases"]).contains(&"thai_automotive"), "{row}");
        let located =
            texts(&row["sources"]).iter().any(|source| source.starts_with(&format!("{PAPER}, table 2")));
        assert!(located, "{row}");
    }
    // Every other row rests on the industry alone, or on still less, and stands below.
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| !both.contains(at)) {
        assert!(both.iter().all(|above| *above < at), "{row} stands too high");
        for pattern in texts(&row["patterns"]) {
            let statement = &book.query(&format!("patterns where name = {pattern} show statement")).unwrap();
            let statement = statement.rows()[0]["statement"].to_string();
            assert!(row["status"] != "applies" || !statement.contains("social_capital"), "{statement}");
        }
    }
    for row in &rows {
        assert!(!texts(&row["patterns"]).is_empty() && !texts(&row["cases"]).is_empty(), "{row}");
        assert!(texts(&row["sources"]).iter().all(|source| source.contains(", ")), "no locator: {row}");
    }
    // The paper argues both for and against them.
    for name in ["local_content_rules", "technology_transfer_from_tncs"] {
        let row = &rows[named(name)];
        assert_eq!(row["standing"], "contested", "{row}");
        assert!(texts(&row["patterns"]).len() > 1, "{row}");
    }
}

/// Table 1 as printed: country, sector, % of employment, % of value added in manufacturing.
const TABLE_1: [(&str, &str, &str, &str); 21] = [
    ("india", "food_and_beverages", "16.1", "12.2"),
    ("india", "textiles", "17.1", "12.4"),
    ("india", "chemicals", "9.6", "15.7"),
    ("indonesia", "food_and_beverages", "13.9", "13.6"),
    ("indonesia", "textiles", "15.7", "12.6"),
    ("indonesia", "tobacco", "6.0", "8.9"),
    ("philippines", "food_and_beverages", "16.8", "29.8"),
    ("philippines", "chemicals", "5.0", "12.0"),
    ("philippines", "petroleum_products", "0.2", "9.7"),
    ("korea", "communication_equipment", "9.7", "16.2"),
    ("korea", "chemicals", "5.4", "9.5"),
    ("korea", "motor_vehicles", "8.0", "8.7"),
    ("singapore", "computing_machinery", "12.6", "22.5"),
    ("singapore", "communication_equipment", "17.4", "19.4"),
    ("singapore", "chemicals", "6.4", "18.5"),
    ("china", "chemicals", "11.1", "12.0"),
    ("china", "food_and_beverages", "8.2", "10.2"),
    ("china", "basic_metals", "8.3", "9.0"),
    ("thailand", "food_and_beverages", "19.0", "25.4"),
    ("thailand", "motor_vehicles", "3.9", "10.8"),
    ("thailand", "non_metallic_minerals", "6.4", "8.6"),
];

#[test]
fn table_1_is_as_printed() {
    let book = paper();
    let question = "sector_statistics show country, sector, employment_share, value_added_share";
    let answer = book.query(question).expect("it answers");
    let mut stored: Vec<_> = answer
        .iter()
        .map(|row| {
            ["country", "sector", "employment_share", "value_added_share"].map(|name| row[name].to_string())
        })
        .collect();
    let mut printed: Vec<_> = TABLE_1
        .iter()
        .map(|(country, sector, employment, added)| [*country, sector, employment, added].map(String::from))
        .collect();
    stored.sort();
    printed.sort();
    assert_eq!(stored, printed);
    for row in rows(&book, &format!("{question} with sources")) {
        for column in ["employment_share_sources", "value_added_share_sources"] {
            assert_eq!(texts(&row[column]), ["unido_2002 via chaminade_vang_2006, table 1"]);
        }
    }
}

/// The second column of Table 1, in words of the vocabulary.
#[test]
fn the_weight_of_small_firms_is_as_printed() {
    let book = paper();
    let printed = [
        ("india", "establishments", "95"),
        ("india", "employment", "80"),
        ("india", "industrial_output", "40"),
        ("india", "manufacturing", "35"),
        ("india", "exports", "40"),
        ("india", "ndp", "7"),
        ("indonesia", "establishments", "70..90"),
        ("indonesia", "gdp", "20"),
        ("philippines", "enterprises", "99"),
        ("philippines", "employment", "45"),
        ("philippines", "value_added", "28"),
        ("korea", "employment", "70"),
        ("korea", "gross_output", "46"),
        ("korea", "value_added", "47"),
        ("singapore", "manufacturing", "40"),
        ("singapore", "value_added", "25"),
        ("thailand", "establishments", "98"),
        ("thailand", "industrial_employment", "70"),
        ("thailand", "value_added", "4.7"),
    ];
    for (country, of, share) in printed {
        let question = format!("{country}.sme_share_of_{of}");
        let answer = book.query(&question).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(answer.rows()[0]["value"].to_string(), share, "{question}");
        assert_eq!(answer.rows()[0]["sources"].to_string(), "chaminade_vang_2006, table 1", "{question}");
    }
    let not_available = &rows(&book, "china.sme_share_of_employment")[0];
    assert_eq!((&not_available["standing"], &not_available["note"]), (&"unknown".into(), &"n.a.".into()));
}

/// How many claims about a thing are cited from a place whose name has this in it.
fn cited_from(book: &Casebook, thing: &str, place: &str) -> usize {
    let claims = rows(book, &format!("claims where subject = {thing} show attribute, locator"));
    claims
        .iter()
        .filter(|claim| texts(&claim["locator"]).iter().any(|locator| locator.contains(place)))
        .count()
}

#[test]
fn every_cluster_has_every_row_of_table_2() {
    let book = paper();
    for cluster in CLUSTERS {
        let link = &rows(&book, &format!("clusters where name = {cluster} show industry, industry_type"))[0];
        let industry_type = link["industry_type"].as_str().expect("a type of industry");
        let industry = rows(&book, &format!("industry_types where name = {industry_type} show industry"));
        assert_eq!(industry[0]["industry"], link["industry"], "{cluster}");
        let of_type = cited_from(&book, industry_type, "table 2, industry");
        assert!(of_type >= 5, "{industry_type} has {of_type} claims of the first row");
        for (row, least) in [("features", 1), ("human capital", 4), ("social capital", 3), ("policy", 3)] {
            let claims = cited_from(&book, cluster, &format!("table 2, {row}"));
            assert!(claims >= least, "{cluster} has {claims} claims of the row `{row}`");
        }
    }
}

#[test]
fn every_claim_about_a_cluster_says_where_it_stands() {
    let book = paper();
    for cluster in CLUSTERS {
        let claims =
            rows(&book, &format!("claims where subject = {cluster} show attribute, value, sources, locator"));
        assert!(claims.len() > 30, "{cluster} has {} claims", claims.len());
        for claim in claims {
            assert!(!texts(&claim["sources"]).is_empty(), "{cluster}: uncited: {claim}");
            assert!(!texts(&claim["locator"]).is_empty(), "{cluster}: no locator: {claim}");
        }
    }
}

#[test]
fn every_pattern_was_seen_or_is_cited() {
    let book = paper();
    assert!(rows(&book, "patterns").len() > 50);
    assert_eq!(json(&book, "patterns where seen_in is unknown and sources is unknown"), "[]\n");
    assert_eq!(json(&book, "patterns where sources is known and locator is unknown"), "[]\n");
}

/// What the paper says in two ways, and nothing else.
#[test]
fn what_the_paper_contradicts_is_contested() {
    let book = paper();
    let mut contested: Vec<String> = rows(&book, "conflicts")
        .iter()
        .map(|row| {
            for side in ["for", "against"] {
                assert!(!texts(&row[side]).is_empty(), "{row}");
            }
            format!("{}.{} = {}", row["name"], row["attribute"], row["value"]).replace('"', "")
        })
        .collect();
    contested.sort();
    assert_eq!(
        contested,
        [
            "bangalore_software.high_value_work = false",
            "bangalore_software.high_value_work = true",
            "jepara_furniture.buyer_information = limited",
            "jepara_furniture.buyer_information = privileged",
            "thai_automotive.recommended = local_content_rules",
            "thai_automotive.recommended = technology_transfer_from_tncs",
        ]
    );
}

/// What the paper leaves open, says of several times, or says side by side stays that way.
#[test]
fn what_the_paper_leaves_open_is_not_smoothed_over() {
    let book = paper();
    let one = |question: &str| rows(&book, question).remove(0);
    let unrated = one("bangalore_software.social_capital");
    assert_eq!((&unrated["value"], &unrated["standing"]), (&Value::Null, &"unknown".into()));
    assert_eq!(
        texts(&unrated["sources"]),
        ["chaminade_vang_2006, table 2, social capital, specialized suppliers"]
    );
    // A distant centre is advised against everywhere; no form is assigned to this case.
    assert_eq!(
        one("clusters where name = taiwan_floriculture show decision_structure")["decision_structure"],
        serde_json::json!({"not": "centralized"})
    );
    let tiers = one("clusters where name = thai_automotive show sme_tier, former_sme_tier");
    assert_eq!(texts(&tiers["sme_tier"]), ["second", "third", "fourth"]);
    assert_eq!(texts(&tiers["former_sme_tier"]), ["first", "second"]);
    assert_eq!(
        json(&book, "clusters where name = jepara_furniture show small_firms, smes"),
        "[{\"small_firms\":{\"low\":2000,\"high\":null,\"text\":\"> 2000\"},\
         \"smes\":{\"low\":1800,\"high\":2200,\"text\":\"about 2000\"}}]\n"
    );
    assert_eq!(
        json(&book, "clusters where name = bangalore_software show dominated_by"),
        "[{\"dominated_by\":[\"smes\",\"tncs\"]}]\n"
    );
    // Both are needed, so either missing is enough to deny it; both there are not enough to have it.
    assert_eq!(one("thai_automotive.interactive_learning")["value"], false);
    assert_eq!(
        json(&book, "clusters where interactive_learning = yes show name"),
        "[{\"name\":\"bangalore_software\"}]\n"
    );
}

#[test]
fn the_examples_of_the_design_answer() {
    let book = paper();
    let questions = [
        ("clusters where industry = CoPS and social_capital <= weak", 1),
        (
            "clusters where country.region = asia and recommended != trade_fairs \
             show name, country, export_share order by export_share desc limit 10",
            0,
        ),
        ("jepara_furniture.small_firms", 1),
        ("india_textiles.employment_share - indonesia_textiles.employment_share", 1),
        (
            "sector_statistics show country, sector, value_added_share / employment_share as ratio \
             order by ratio desc limit 1 per country",
            7,
        ),
        ("interventions where addresses in (human_capital, social_capital)", 1),
        ("lessons about human_capital", 1),
        ("claims about jepara_furniture", 1),
        ("sources where year >= 2000 and claims.subject = jepara_furniture order by year", 1),
        ("count clusters by industry", 4),
        ("average employment_share of sector_statistics by country", 7),
        ("compare clusters by human_capital, social_capital, policy", 1),
        ("gaps of clusters", 1),
        ("describe thai_automotive", 1),
        ("search \"quality standards\"", 1),
        ("conflicts", 1),
        ("interventions for thai_automotive", 1),
        ("clusters as of commit 1", 4),
        ("claims where subject = jepara_furniture", 1),
        ("sources", 1),
        ("patterns", 1),
        ("kinds", 1),
        ("attributes", 1),
        ("commits", 1),
        ("history of jepara_furniture.small_firms", 1),
    ];
    for (question, least) in questions {
        let answer = book.query(question).unwrap_or_else(|error| panic!("{question}\n{error}"));
        assert!(answer.len() >= least, "{question}: {} rows", answer.len());
    }
    assert_eq!(
        json(&book, "india_textiles.employment_share - indonesia_textiles.employment_share")
            .matches("1.4")
            .count(),
        1
    );
}

// ---- the researcher's questions ---------------------------------------------------------------------

/// The statements of proofs and of what they rest on, at any depth.
fn walk<'a>(proofs: &'a [Value], see: &mut impl FnMut(&'a Value)) {
    for proof in proofs {
        see(proof);
        walk(proof["premises"].as_array().expect("a list"), see);
    }
}

fn said_by<'a>(proofs: &'a [Value], who: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    walk(proofs, &mut |proof| found.extend(proof[who].as_str()));
    found
}

/// The claims about an attribute of a thing, as `without` takes them.
fn claims(book: &Casebook, thing: &str, attribute: &str) -> String {
    let found = rows(book, &format!("claims where subject = {thing} and attribute = {attribute}"));
    let names = found.iter().map(|row| format!("claim {}", row["name"].as_str().expect("a name")));
    names.collect::<Vec<_>>().join(", ")
}

fn notes(book: &Casebook, question: &str) -> String {
    book.query(question).unwrap_or_else(|error| panic!("{error}")).notes().join("\n")
}

/// Whatever an argument names as a claim or pattern has its citation.
#[track_caller]
fn cites(proofs: &[Value]) {
    assert!(!proofs.is_empty(), "nothing is argued");
    walk(proofs, &mut |proof| {
        let is_said = proof["claim"].is_string() || proof["pattern"].is_string();
        assert!(!is_said || !texts(&proof["sources"]).is_empty(), "uncited: {proof}");
    });
}

#[test]
fn why_the_thai_clusters_do_not_learn_together() {
    let book = paper();
    let why = rows(&book, "why thai_automotive.interactive_learning != yes");
    cites(&why);
    assert_eq!(why.len(), 1);
    assert_eq!(why[0]["pattern"], "learning_needs_both");
    assert_eq!((&why[0]["hedged"], &why[0]["by_analogy"]), (&false.into(), &false.into()));
    assert!(texts(&why[0]["sources"]).contains(&"chaminade_vang_2006, section 4, paragraph 4"));
    assert_eq!(why[0]["premises"][0]["statement"], "thai_automotive.absorptive_capacity = low");
    // Both that it takes are missing, and each alone is enough.
    let why_not = rows(&book, "why not thai_automotive.interactive_learning = yes");
    cites(&why_not);
    let needs = texts(&why_not[0]["needs"]);
    assert_eq!(needs, ["absorptive_capacity >= adequate", "network_exchange = present"]);
    let exchange = rows(&book, "why thai_automotive.network_exchange = absent");
    assert_eq!(
        texts(&exchange[0]["sources"]),
        ["sevilla_2000 via chaminade_vang_2006, section 3.3, paragraph 6"]
    );
    // Neither is the other's reason: without the one, the other still denies it.
    let rated = claims(&book, "thai_automotive", "absorptive_capacity");
    let left = rows(
        &book,
        &format!(
            "why thai_automotive.interactive_learning != yes \
             without pattern weak_human_capital_limits_absorption, {rated}"
        ),
    );
    assert_eq!(left[0]["premises"][0]["statement"], "thai_automotive.network_exchange = absent");
}

#[test]
fn why_not_jepara() {
    let book = paper();
    let question = "why not jepara_furniture.interactive_learning = yes";
    let why_not = rows(&book, question);
    cites(&why_not);
    // The paper does not say it of Jepara: it is concluded, from other cases.
    assert_eq!((why_not.len(), &why_not[0]["by_analogy"]), (1, &true.into()));
    let premises = why_not[0]["premises"].as_array().expect("a list");
    let verdicts: Vec<_> =
        premises.iter().map(|premise| premise["truth"].as_str().expect("a word")).collect();
    // How much its networks carry stays open.
    assert_eq!(verdicts, ["failed", "open"]);
    // The paper says what learning takes, and of nothing that it is enough.
    assert!(notes(&book, question).contains("no pattern concludes"));
    let enough = format!(
        "suppose jepara_furniture.absorptive_capacity = adequate and jepara_furniture.network_exchange = present \
         then jepara_furniture.interactive_learning without pattern weak_management_limits_absorption, {}",
        claims(&book, "jepara_furniture", "absorptive_capacity")
    );
    assert_eq!(json(&book, &enough), "[]\n");
}

#[test]
fn what_would_follow_if_demand_came_to_bangalore() {
    let book = paper();
    // More of the same is advised against; demand is what it is to go with.
    assert_eq!(
        rows(&book, "why bangalore_software.recommended != more_human_capital_alone")[0]["standing"],
        "denied"
    );
    let with_demand = rows(&book, "why all bangalore_software.recommended = demand_side_investment");
    cites(&with_demand);
    assert_eq!(said_by(&with_demand, "pattern"), ["supplier_skills_need_demand"]);
    // Users nearby would take away what the pattern denies; that real competence follows, nobody concludes.
    let question = format!(
        "suppose bangalore_software.user_producer_interaction = yes \
         then why not bangalore_software.real_competencies = yes without {}",
        claims(&book, "bangalore_software", "user_producer_interaction")
    );
    let left = rows(&book, &question);
    assert_eq!((left.len(), said_by(&left, "pattern").len()), (1, 0), "{left:?}");
    assert_eq!(left[0]["hedged"], true);
    assert!(notes(&book, &question).contains("no pattern concludes"));
    let difference = rows(&book, "what if bangalore_software.lead_users = public_body");
    assert!(difference.iter().all(|row| row["attribute"] == "lead_users"), "{difference:?}");
}

#[test]
fn what_a_cluster_described_in_three_attributes_should_do() {
    let book = paper();
    let supposed = "suppose cluster penang { industry: specialized_supplier, human_capital: strong, lead_users: absent } then";
    let advised = rows(&book, &format!("{supposed} interventions for penang where addresses = demand"));
    let names: Vec<_> = advised.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["demand_side_investment", "public_procurement"]);
    for row in &advised {
        assert_eq!((&row["status"], &row["standing"]), (&"applies".into(), &"supported".into()), "{row}");
        assert_eq!(texts(&row["cases"]), ["bangalore_software"], "{row}");
    }
    // Every pattern that leads there was seen elsewhere, and the proof rests on what is supposed.
    let why = rows(&book, &format!("{supposed} why all penang.recommended = public_procurement"));
    assert_eq!(said_by(&why, "pattern"), ["supplier_procurement", "supplier_missing_lead_users"]);
    assert!(said_by(&why, "claim").iter().all(|claim| *claim == "supposed"));
    assert!(why.iter().all(|proof| proof["by_analogy"] == true));
    // Asked by describing it is the same.
    let described = "interventions where industry = specialized_supplier and human_capital = strong \
                     and lead_users = absent and addresses = demand";
    assert_eq!(rows(&book, described), advised);
    assert_eq!(json(&book, "count clusters"), "[{\"count\":4}]\n");
}

#[test]
fn what_falls_without_the_works_that_the_paper_does_not_list() {
    let book = paper();
    let unlisted = rows(&book, "sources where listed = no and claims is known");
    let names: Vec<_> = unlisted.iter().map(|row| row["name"].as_str().expect("a key")).collect();
    assert_eq!(names, ["samat_2004", "techakanont_takahashi_2004", "unido_2002"]);
    let lost = rows(&book, &format!("rests on {}", names.join(", ")));
    assert!(lost.iter().all(|row| row["change"] == "lost" && row["after"] == "unknown"), "{lost:?}");
    // Sizes, places and the shares of Table 1; nothing that a pattern concludes, and no advice.
    assert!(
        lost.iter().all(|row| row["patterns"].is_null() && row["attribute"] != "recommended"),
        "{lost:?}"
    );
    let of_thailand: Vec<_> = lost.iter().filter(|row| row["name"] == "thai_automotive").collect();
    assert!(of_thailand.iter().any(|row| row["attribute"] == "second_tier_firms"));
    let shares = lost.iter().filter(|row| row["attribute"] == "employment_share").count();
    assert_eq!(shares, TABLE_1.len());
    // All that was quoted there was read in the paper: without it, it falls as well.
    assert_eq!(json(&book, "india_textiles.employment_share without chaminade_vang_2006"), "[]\n");
}

#[test]
fn no_decision_structure_is_concluded_for_taiwan() {
    let book = paper();
    let said = rows(&book, "why taiwan_floriculture.decision_structure");
    assert_eq!(said_by(&said, "pattern"), ["decide_locally"]);
    assert_eq!((&said[0]["standing"], &said[0]["hedged"]), (&"denied".into(), &true.into()));
    for (form, missing) in [
        ("regional_government", vec!["knowledge_locality = localised"]),
        ("central_branches", vec!["standards = global", "scale_economies = important"]),
    ] {
        let question = format!("why not taiwan_floriculture.decision_structure = {form}");
        let why_not = rows(&book, &question);
        cites(&why_not);
        let needs: Vec<_> = why_not.iter().flat_map(|proof| texts(&proof["needs"])).collect();
        assert_eq!(needs.len(), missing.len(), "{question}: {needs:?}");
        for (needed, missing) in needs.iter().zip(missing) {
            assert!(needed.contains(missing), "{question}: {needs:?}");
        }
        for proof in why_not.iter().filter(|proof| proof["pattern"].is_string()) {
            assert_eq!(proof["premises"][0]["truth"], "open", "{proof}");
        }
    }
}

#[test]
fn no_strength_of_bangalores_social_capital_is_concluded() {
    let book = paper();
    for strength in ["none", "weak", "moderate", "strong"] {
        let question = format!("why not bangalore_software.social_capital = {strength}");
        let answer = book.query(&question).unwrap_or_else(|error| panic!("{error}"));
        // All there is to show is that the paper was read and does not say.
        let [open] = answer.proofs() else { panic!("{question}: {:?}", answer.proofs()) };
        assert!(!open.states() && open.reason == casebook::Reason::Nothing, "{question}");
        assert_eq!(open.sources.len(), 1, "{question}");
        assert!(notes(&book, &question).contains("no pattern concludes"), "{question}");
    }
    assert_eq!(notes(&book, "why bangalore_software.social_capital"), "nothing is known of it");
    // Nor is what the patterns make of weak ties said of Bangalore.
    assert_eq!(json(&book, "bangalore_software.network_exchange"), "[]\n");
}

#[test]
fn obligations_to_buy_locally_are_argued_on_both_sides() {
    let book = paper();
    let question = "thai_automotive.recommended = local_content_rules";
    let why = rows(&book, &format!("why all {question}"));
    cites(&why);
    assert!(why.iter().all(|proof| proof["standing"] == "contested"), "{why:?}");
    assert_eq!(said_by(&why, "pattern"), ["cops_restore_obligations", "cops_obligations_do_not_teach"]);
    let side = |denied: bool| {
        let of_side = why
            .iter()
            .filter(|proof| proof["statement"].as_str().expect("a statement").contains("!=") == denied);
        of_side.flat_map(|proof| texts(&proof["sources"])).collect::<Vec<_>>()
    };
    assert_eq!(side(false), vec![format!("{PAPER}, table 2, policy, CoPS"); 2]);
    assert_eq!(side(true), vec![format!("{PAPER}, section 4, interactive learning, paragraph 6"); 2]);
    assert!(notes(&book, &format!("why {question}")).contains("is contested"));
}
