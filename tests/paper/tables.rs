//! The paper's two tables: answers that print them, held against what the paper prints.

use super::{PAPER, paper, rows, texts};
use casebook::Casebook;
use casebook::answer::format::{self, Format, Options};
use serde_json::Value;

fn printed(book: &Casebook, question: &str, format: Format) -> String {
    let answer = book.query(question).unwrap_or_else(|error| panic!("{question}\n{error}"));
    let mut out = Vec::new();
    format::write(&answer, format, &Options::default(), &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("answers are text")
}

// ---- Table 1 ----------------------------------------------------------------------------------------

/// Table 1 as printed, in its order: country, sector, % of employment, % of value added in manufacturing.
pub const TABLE_1: [(&str, &str, &str, &str); 21] = [
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

const SECTORS: &str = "sector_statistics show country, sector, employment_share, value_added_share";

#[test]
fn table_1_prints_as_the_paper_has_it() {
    let book = paper();
    let question = format!("{SECTORS} order by table_row");
    let (mut markdown, mut html) = (String::new(), String::new());
    for (country, sector, employment, added) in TABLE_1 {
        markdown += &format!("| {country} | {sector} | {employment} | {added} |\n");
        html += &format!(
            "<tr><td>{country}</td><td>{sector}</td><td style=\"text-align: right\">{employment}</td>\
             <td style=\"text-align: right\">{added}</td></tr>\n"
        );
    }
    let header = "| country | sector | employment_share | value_added_share |\n| --- | --- | ---: | ---: |\n";
    assert_eq!(printed(&book, &question, Format::Markdown), header.to_string() + &markdown);
    assert!(printed(&book, &question, Format::Html).contains(&html));
}

#[test]
fn the_shares_of_table_1_are_quoted_second_hand_from_its_cells() {
    let book = paper();
    for row in rows(&book, &format!("{SECTORS} with sources")) {
        for column in ["employment_share_sources", "value_added_share_sources"] {
            let [source] = texts(&row[column])[..] else { panic!("{row}") };
            let cell = source.strip_prefix("unido_2002 via chaminade_vang_2006, table 1, ");
            let country = row["country"].as_str().expect("a country");
            assert!(cell.is_some_and(|cell| cell.to_lowercase().starts_with(country)), "{row}");
        }
    }
}

/// What Table 1 says of small firms, in words of the vocabulary and in its order.
const SMES_OF_TABLE_1: [(&str, &[(&str, &str)]); 7] = [
    (
        "india",
        &[
            ("establishments", "95"),
            ("employment", "80"),
            ("industrial_output", "40"),
            ("manufacturing", "35"),
            ("exports", "40"),
            ("ndp", "7"),
        ],
    ),
    ("indonesia", &[("establishments", "70..90"), ("gdp", "20")]),
    ("philippines", &[("enterprises", "99"), ("employment", "45"), ("value_added", "28")]),
    ("korea", &[("employment", "70"), ("gross_output", "46"), ("value_added", "47")]),
    ("singapore", &[("manufacturing", "40"), ("value_added", "25")]),
    ("china", &[]),
    ("thailand", &[("establishments", "98"), ("industrial_employment", "70"), ("value_added", "4.7")]),
];

#[test]
fn the_weight_of_small_firms_is_as_printed() {
    let book = paper();
    let listed = rows(&book, "countries where table_row is known show name, title order by table_row");
    let names: Vec<_> = listed.iter().map(|row| row["name"].as_str().expect("a name")).collect();
    assert_eq!(names, SMES_OF_TABLE_1.map(|(country, _)| country));
    for (country, shares) in SMES_OF_TABLE_1 {
        let title = rows(&book, &format!("countries where name = {country} show title"))[0]["title"].clone();
        let place = format!("unido_2002 via {PAPER}, table 1, {}, SMEs", title.as_str().expect("a title"));
        for (of, share) in shares {
            let question = format!("{country}.sme_share_of_{of}");
            let answer = book.query(&question).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(answer.row(0).expect("there are rows")["value"].to_string(), *share, "{question}");
            assert_eq!(answer.row(0).expect("there are rows")["sources"].to_string(), place, "{question}");
        }
        // And nothing else is said there.
        let said = rows(&book, &format!("claims where subject = {country} show attribute, value, locator"));
        let of_smes = said.iter().filter(|claim| {
            let attribute = claim["attribute"].as_str().expect("a name");
            attribute.starts_with("sme_share_of") && !claim["value"].is_null()
        });
        assert_eq!(of_smes.count(), shares.len(), "{country}");
    }
    let not_available = &rows(&book, "china.sme_share_of_employment")[0];
    assert_eq!((&not_available["standing"], &not_available["note"]), (&"unknown".into(), &"n.a.".into()));
}

// ---- Table 2 ----------------------------------------------------------------------------------------

const COLUMNS: [&str; 4] =
    ["jepara_furniture", "taiwan_floriculture", "thai_automotive", "bangalore_software"];

const TYPES: [&str; 4] =
    ["traditional_industry", "resource_based_industry", "cops_industry", "specialized_supplier_industry"];

/// The first row, which is about the types of industry: attribute, and what each column says.
const TYPE_ROW: [(&str, [&str; 4]); 25] = [
    (
        "innovation_kinds",
        ["process incremental_product", "", "process incremental_product", "product non_technological"],
    ),
    ("clustering_brings", ["organisational_innovation", "", "", "labour_market_access consumer_access"]),
    (
        "techniques_from",
        [
            "machinery_industry chemical_industry",
            "public_research machinery_industry seed_suppliers chemical_industry scientific_institutions tncs",
            "",
            "advanced_users in_house_research",
        ],
    ),
    (
        "accumulation_through",
        [
            "production_methods inputs product_design",
            "",
            "design_of_complex_systems building_of_complex_systems operation_of_complex_systems",
            "",
        ],
    ),
    ("competition_on", ["cost", "", "", ""]),
    ("information_channels", ["informal_ties worker_rotation", "", "", "worker_rotation"]),
    ("importance_of_research", ["", "important", "", "important"]),
    ("research_led_by", ["", "public_institutes", "", ""]),
    ("most_innovation_from", ["", "suppliers scientific_cooperation", "", "users in_house_research"]),
    ("rising_importance", ["", "sanitary_standards quality_standards patents", "", ""]),
    (
        "upgrading_through",
        [
            "",
            "joint_technology_development coordinated_action tnc_technology",
            "",
            "joint_marketing organisational_change",
        ],
    ),
    ("upgrading_partners", ["", "firms business_associations universities other_actors", "", ""]),
    ("innovation_pace", ["incremental", "", "incremental", ""]),
    ("modular_production", ["", "", "true", ""]),
    ("entry_condition", ["", "", "international_quality_standards", ""]),
    ("scope_of_change_set_by", ["", "", "large_assemblers", ""]),
    ("externalities_of_clustering", ["", "", "scarce", ""]),
    ("lead_firms_operate", ["", "", "globally", ""]),
    ("knowledge_form", ["", "", "codified", ""]),
    ("usual_firm_size", ["", "", "", "small"]),
    ("interaction_with_users", ["", "", "", "important"]),
    ("in_house_research", ["", "", "", "high"]),
    ("formal_cooperation", ["", "", "", "limited"]),
    ("geographically_concentrated", ["true", "", "", "true"]),
    ("interfirm_mobility", ["important", "", "", "important"]),
];

/// The other rows, which are about the cases: heading, row of the paper, and as above.
type CaseRow = (&'static str, &'static str, &'static [(&'static str, [&'static str; 4])]);

const CASE_ROWS: [CaseRow; 9] = [
    (
        "features",
        "features",
        &[
            ("smes", ["about 2000", "", "", ""]),
            ("markets", ["international", "", "", ""]),
            ("farm_size", ["", "1", "", ""]),
            ("dominated_by", ["", "small_farms", "tncs", "smes"]),
            ("tnc_role", ["", "", "dominant", ""]),
            ("sme_tier", ["", "", "second third", ""]),
            ("knowledge_access", ["", "", "limited", ""]),
            ("tnc_presence", ["", "", "", "strong"]),
        ],
    ),
    (
        "human_capital",
        "human capital",
        &[
            ("craft_industry", ["true", "", "", ""]),
            ("learning_mode", ["learning_by_doing", "", "blueprints", ""]),
            ("craft_skills", ["scarce", "", "", ""]),
            ("craft_skills_shared_by", ["smes large_firms", "", "", ""]),
            ("skills_needed", ["managerial marketing", "", "engineering design", "managerial marketing"]),
            ("knowledge_fragmented", ["", "true", "", ""]),
            ("knowledge_groups", ["", "producers marketing_firms researchers", "", ""]),
            ("producers_know", ["", "production_techniques", "", ""]),
            ("marketing_dominated_by", ["", "marketing_firms", "", ""]),
            ("innovation_source", ["", "biotechnology", "", ""]),
            ("researchers_isolated_from", ["", "producers the_market", "", ""]),
            ("workforce", ["", "", "blue_collar", ""]),
            ("competes_on", ["", "", "cost quality_standards just_in_time", ""]),
            ("learning", ["", "", "limited", ""]),
            ("upgrading_requires", ["", "", "engineering_training design_training", ""]),
            ("skilled_workers", ["", "", "", "available"]),
            ("education_institutions", ["", "", "", "many"]),
            ("technical_skills", ["", "", "", "strong"]),
            ("human_capital", ["", "", "", "strong"]),
        ],
    ),
    (
        "social_capital",
        "social capital",
        &[
            ("social_capital", ["strong", "strong", "weak", ""]),
            ("social_capital_basis", ["kinship family", "chinese_values", "", "alumni worker_mobility"]),
            ("collective_action", ["common", "common", "almost_none", ""]),
            (
                "collective_action_for",
                [
                    "machinery economies_of_scale",
                    "",
                    "",
                    "marketing technological_knowledge economies_of_scale",
                ],
            ),
            ("network_reach", ["", "within_activity", "", ""]),
            ("network_activities", ["", "production research commercialisation", "", ""]),
            ("club_initiatives", ["", "", "toyota_club", ""]),
            ("sme_collaboration", ["", "", "almost_none", ""]),
            ("collective_action_hampered_by", ["", "", "", "competition"]),
            ("cooperation_succeeds_with", ["", "", "", "specialization"]),
            ("shared_among_firms", ["machinery", "", "", ""]),
        ],
    ),
    (
        "policy",
        "policy",
        &[
            ("government_presence", ["limited", "", "", ""]),
            ("proved_successful", ["trade_fairs", "", "", ""]),
            (
                "recommended",
                [
                    "managerial_training marketing_training market_information direct_customer_access",
                    "connect_actors scientific_infrastructure market_information ris_infrastructure",
                    "workforce_qualification quality_standards_for_groups collective_action_support \
                     quality_strategy cluster_infrastructure local_content_rules",
                    "complementary_firms_initiatives trade_fairs public_procurement managerial_training",
                ],
            ),
            (
                "success_rests_on",
                ["", "coordination_of_actors information_on_opportunities scientific_infrastructure", "", ""],
            ),
            ("role_for_government", ["present", "great", "present", "important"]),
            ("proved_detrimental", ["", "", "lifting_local_content_rules", ""]),
            ("mandated_linkage", ["", "", "removed", ""]),
        ],
    ),
    // What the rows say of another row's matter.
    ("human_capital", "features", &[("workforce", ["", "farmers", "", ""])]),
    ("social_capital", "human capital", &[("shared_among_firms", ["qualified_people", "", "", ""])]),
    (
        "policy",
        "human capital",
        &[(
            "recommended",
            [
                "craft_knowledge_transfer",
                "",
                "engineering_and_design_training",
                "managerial_training marketing_training",
            ],
        )],
    ),
    (
        "policy",
        "social capital",
        &[
            (
                "recommended",
                [
                    "",
                    "",
                    "quality_standards_for_groups",
                    "complementary_firms_initiatives core_business_information",
                ],
            ),
            ("carried_out", ["", "", "supplier_clubs", ""]),
        ],
    ),
    (
        "human_capital",
        "policy",
        &[("technical_skills", ["", "", "", "strong"]), ("skills_needed", ["", "", "", "managerial"])],
    ),
];

/// The words in a cell of a comparison.
fn words(cell: &Value) -> Vec<String> {
    match cell {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().flat_map(words).collect(),
        Value::Object(interval) => vec![interval["text"].as_str().expect("a text").to_string()],
        Value::String(text) => vec![text.clone()],
        value => vec![value.to_string()],
    }
}

/// What a cell of the paper says, one by one. A quantity is one of several words.
fn statements(cell: &str) -> Vec<&str> {
    if cell.starts_with("about ") { vec![cell] } else { cell.split_whitespace().collect() }
}

/// What is wrong with a row, as far as it stands under a heading: each cell of the paper is in the comparison by that
/// heading, each of its statements is cited from there, and nothing else is.
fn faults(
    book: &Casebook,
    things: [&str; 4],
    heading: &str,
    row: &str,
    expected: &[(&str, [&str; 4])],
) -> Vec<String> {
    let mut faults = Vec::new();
    let compared = rows(book, &format!("compare {} by {heading}", things.join(", ")));
    let columns = ["traditional", "resource-based", "CoPS", "specialized suppliers"];
    for ((at, thing), column) in things.iter().enumerate().zip(columns) {
        let place = format!("table 2, {row}, {column}");
        let all =
            format!("claims where subject = {thing} and locator = \"{place}\" show attribute, value, denied");
        let mut cited: Vec<(String, String)> = Vec::new();
        for claim in rows(book, &all).iter().filter(|claim| claim["denied"] == false) {
            let Some(value) = claim["value"].as_str() else { continue };
            // What stands under another heading is compared there.
            if !compared.iter().any(|line| line["attribute"] == claim["attribute"]) {
                continue;
            }
            let value = if value == "yes" { "true" } else { value };
            cited.push((claim["attribute"].as_str().expect("a name").to_string(), value.to_string()));
        }
        for (attribute, cells) in expected {
            let seen = compared.iter().find(|line| line["attribute"] == *attribute);
            let seen = seen.map_or(Vec::new(), |line| words(&line[*thing]));
            for statement in statements(cells[at]) {
                let said = (attribute.to_string(), statement.to_string());
                if !seen.iter().any(|word| word == statement) {
                    faults.push(format!("{place}: {thing}.{attribute} is {seen:?}, without `{statement}`"));
                }
                match cited.iter().position(|cited| *cited == said) {
                    Some(found) => drop(cited.remove(found)),
                    None => {
                        faults.push(format!("not cited from `{place}`: {thing}.{attribute} = {statement}"))
                    }
                }
            }
        }
        // Several claims may say it in one cell, each with its note.
        let said_again = |said: &(String, String)| {
            let here = expected.iter().filter(|(attribute, _)| *attribute == said.0);
            here.flat_map(|(_, cells)| statements(cells[at])).any(|statement| statement == said.1)
        };
        cited.retain(|said| !said_again(said));
        faults.extend(
            cited.iter().map(|(name, value)| format!("`{place}` does not say {thing}.{name} = {value}")),
        );
    }
    faults
}

#[test]
fn the_first_row_of_table_2_compares_types_of_industry() {
    let faults = faults(&paper(), TYPES, "industry_characteristics", "industry", &TYPE_ROW);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_other_rows_of_table_2_compare_the_cases() {
    let book = paper();
    let faults: Vec<String> = CASE_ROWS
        .iter()
        .flat_map(|(heading, row, expected)| faults(&book, COLUMNS, heading, row, expected))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The types' traits and the cases' facts are kept apart, and yet a case leads to its type.
#[test]
fn a_case_leads_to_the_traits_of_its_type() {
    let book = paper();
    for (cluster, industry_type) in COLUMNS.iter().zip(TYPES) {
        let link = &rows(&book, &format!("clusters where name = {cluster} show industry, industry_type"))[0];
        assert_eq!(link["industry_type"], industry_type);
        let industry = rows(&book, &format!("industry_types where name = {industry_type} show industry"));
        assert_eq!(industry[0]["industry"], link["industry"], "{cluster}");
    }
    for cluster in COLUMNS {
        let of_type = "show attribute, locator";
        for claim in rows(&book, &format!("claims where subject = {cluster} {of_type}")) {
            assert!(
                !texts(&claim["locator"]).iter().any(|place| place.starts_with("table 2, industry")),
                "{claim}"
            );
        }
    }
}

/// Each heading prints with the cases side by side in the paper's order; where the paper was read and gives no figure,
/// it says so, with the place.
#[test]
fn table_2_prints_as_markdown_and_html() {
    let book = paper();
    let question = format!("compare {} by features", COLUMNS.join(", "));
    let markdown = printed(&book, &question, Format::Markdown);
    let header = format!("| attribute | {} |\n| --- | --- | --- | --- | --- |\n", COLUMNS.join(" | "));
    assert!(markdown.starts_with(&header), "{markdown}");
    for line in [
        "| farm_size |  | 1 |  |  |",
        "| dominated_by | international_buyers | small_farms; smes | tncs | smes; tncs |",
        "| sme_tier |  |  | second; third; fourth |  |",
        "| knowledge_access |  |  | limited |  |",
    ] {
        assert!(markdown.lines().any(|printed| printed == line), "no `{line}` in\n{markdown}");
    }
    let unsaid = "(their share of employees is given, their number is not [@chaminade_vang_2006, section 3.3, paragraph 2])";
    assert!(markdown.contains(unsaid), "{markdown}");
    let html = printed(&book, &question, Format::Html);
    let titles = COLUMNS.map(|column| format!("<th scope=\"col\">{column}</th>")).concat();
    assert!(html.contains(&titles), "{html}");
    let tiers = "<tr><td>sme_tier</td><td></td><td></td><td>second; third; fourth</td><td></td></tr>";
    assert!(html.contains(tiers), "{html}");
}
