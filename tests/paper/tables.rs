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
        let place = format!("{PAPER}, table 1, {}, SMEs", title.as_str().expect("a title"));
        for (of, share) in shares {
            let question = format!("{country}.sme_share_of_{of}");
            let answer = book.query(&question).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(answer.rows()[0]["value"].to_string(), *share, "{question}");
            assert_eq!(answer.rows()[0]["sources"].to_string(), place, "{question}");
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
    ("importance_of_research", ["", "important", "", ""]),
    ("research_led_by", ["", "public_institutes", "", ""]),
    ("most_innovation_from", ["", "suppliers scientific_cooperation", "", ""]),
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
    ("innovation_pace", ["", "", "incremental", ""]),
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
    ("geographically_concentrated", ["", "", "", "true"]),
    ("interfirm_mobility", ["", "", "", "important"]),
];

/// The other rows, which are about the cases: heading, row of the paper, and as above.
type CaseRow = (&'static str, &'static str, &'static [(&'static str, [&'static str; 4])]);

const CASE_ROWS: [CaseRow; 4] = [
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
                    "connect_actors scientific_infrastructure market_information",
                    "workforce_qualification quality_standards_for_groups collective_action_support \
                     quality_strategy cluster_infrastructure local_content_rules",
                    "complementary_firms_initiatives trade_fairs public_procurement managerial_training",
                ],
            ),
            (
                "success_rests_on",
                ["", "coordination_of_actors information_on_opportunities scientific_infrastructure", "", ""],
            ),
            ("role_for_government", ["", "great", "present", "important"]),
            ("proved_detrimental", ["", "", "lifting_local_content_rules", ""]),
            ("mandated_linkage", ["", "", "removed", ""]),
        ],
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

/// Each cell of the paper stands in the comparison by this heading, and each of its statements is cited from there.
fn compare_holds(
    book: &Casebook,
    things: [&str; 4],
    heading: &str,
    row: &str,
    expected: &[(&str, [&str; 4])],
) {
    let compared = rows(book, &format!("compare {} by {heading}", things.join(", ")));
    let columns = ["traditional", "resource-based", "CoPS", "specialized suppliers"];
    for (attribute, cells) in expected {
        let line = compared.iter().find(|line| line["attribute"] == *attribute);
        let line = line.unwrap_or_else(|| panic!("no `{attribute}` under {heading}"));
        for ((thing, cell), column) in things.iter().zip(cells).zip(columns) {
            let place = format!("table 2, {row}, {column}");
            for statement in statements(cell) {
                let seen = words(&line[*thing]);
                assert!(
                    seen.iter().any(|word| word == statement),
                    "{thing}.{attribute}: {seen:?}, no `{statement}`"
                );
                let value = if statement == "true" { "yes" } else { statement };
                let question = format!(
                    "claims where subject = {thing} and attribute = {attribute} and value = \"{value}\" \
                     and locator = \"{place}\" and denied = no"
                );
                assert!(
                    !rows(book, &question).is_empty(),
                    "not from `{place}`: {thing}.{attribute} = {value}"
                );
            }
        }
    }
    // Nor is anything else said there.
    for (thing, column) in things.iter().zip(columns) {
        let place = format!("table 2, {row}, {column}");
        let all =
            format!("claims where subject = {thing} and locator = \"{place}\" show attribute, value, denied");
        for claim in
            rows(book, &all).iter().filter(|claim| claim["denied"] == false && !claim["value"].is_null())
        {
            let (attribute, value) = (&claim["attribute"], claim["value"].as_str().expect("a text"));
            let at = things.iter().position(|other| other == thing).expect("one of them");
            let value = if value == "yes" { "true" } else { value };
            let said = expected
                .iter()
                .any(|(name, cells)| attribute == name && statements(cells[at]).contains(&value));
            assert!(said, "the cell `{place}` of this test does not have {thing}.{attribute} = {value}");
        }
    }
}

#[test]
fn the_first_row_of_table_2_compares_types_of_industry() {
    compare_holds(&paper(), TYPES, "industry_characteristics", "industry", &TYPE_ROW);
}

#[test]
fn the_other_rows_of_table_2_compare_the_cases() {
    let book = paper();
    for (heading, row, expected) in CASE_ROWS {
        compare_holds(&book, COLUMNS, heading, row, expected);
    }
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
    let from_first_row = "claims where locator contains \"table 2, industry\" show subject";
    for claim in rows(&book, from_first_row) {
        assert!(TYPES.contains(&claim["subject"].as_str().expect("a name")), "{claim}");
    }
}

/// `features` is the one row of Table 2 that the comparison shows and nothing beyond it but the text's own figures.
#[test]
fn the_features_read_like_the_paper() {
    let question = format!("compare {} by features", COLUMNS.join(", "));
    let markdown = printed(&paper(), &question, Format::Markdown);
    assert_eq!(
        markdown,
        "\
| attribute | jepara_furniture | taiwan_floriculture | thai_automotive | bangalore_software |
| --- | --- | --- | --- | --- |
| smes | about 2000 |  |  |  |
| farm_size |  | 1 |  |  |
| markets | international; domestic | domestic; international |  |  |
| dominated_by | international_buyers | small_farms; smes | tncs | smes; tncs |
| tnc_presence |  |  |  | strong |
| tnc_role |  | limited | dominant | dominant |
| sme_tier |  |  | second; third; fourth |  |
| knowledge_access |  |  | limited |  |
"
    );
}
