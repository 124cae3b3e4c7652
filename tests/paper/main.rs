//! The paper's knowledge, held against the paper itself.

#[path = "../common/mod.rs"]
mod common;
mod tables;

use casebook::Casebook;
use common::json;
use serde_json::Value;

const PAPER: &str = "chaminade_vang_2006";

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
            let statement = statement.row(0).expect("there are rows")["statement"].to_string();
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
            "china.most_important_sectors = textiles",
            "jepara_furniture.buyer_information = limited",
            "jepara_furniture.buyer_information = privileged",
            "philippines.most_important_sectors = textiles",
            "thai_automotive.recommended = local_content_rules",
            "thai_automotive.recommended = technology_transfer_from_tncs",
            "thailand.most_important_sectors = textiles",
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
    // Those behind what is said of Thailand's clusters and in Table 1.
    let of_thailand = "sources where listed = no and claims.subject = thai_automotive";
    let of_table_1 = "sources where listed = no and claims.subject = india_textiles";
    let unlisted = [rows(&book, of_thailand), rows(&book, of_table_1)].concat();
    let names: Vec<_> = unlisted.iter().map(|row| row["name"].as_str().expect("a key")).collect();
    assert_eq!(names, ["samat_2004", "techakanont_takahashi_2004", "unido_2002"]);
    let changed = rows(&book, &format!("rests on {}", names.join(", ")));
    // Without the table, nothing speaks against what the text says of textiles.
    let (settled, lost): (Vec<_>, Vec<_>) = changed.into_iter().partition(|row| row["change"] == "settled");
    assert_eq!(settled.len(), 3, "{settled:?}");
    assert!(settled.iter().all(|row| row["attribute"] == "most_important_sectors"), "{settled:?}");
    assert!(lost.iter().all(|row| row["change"] == "lost" && row["after"] == "unknown"), "{lost:?}");
    // Sizes, places and the shares of Table 1; nothing that a pattern concludes, and no advice.
    assert!(
        lost.iter().all(|row| row["patterns"].is_null() && row["attribute"] != "recommended"),
        "{lost:?}"
    );
    let of_thailand: Vec<_> = lost.iter().filter(|row| row["name"] == "thai_automotive").collect();
    assert!(of_thailand.iter().any(|row| row["attribute"] == "second_tier_firms"));
    let shares = lost.iter().filter(|row| row["attribute"] == "employment_share").count();
    assert_eq!(shares, tables::TABLE_1.len());
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
    let exchange = &rows(&book, "bangalore_software.network_exchange")[0];
    assert_eq!((&exchange["value"], &exchange["standing"]), (&Value::Null, &"unknown".into()));
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
