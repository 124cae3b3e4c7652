//! The places of the paper: what a locator can name.

/// Sections with the number of their paragraphs. A paragraph that a page's end divides is one.
const SECTIONS: [(&str, usize); 11] = [
    ("section 1", 8),
    ("section 2.1", 5),
    ("section 2.2", 6),
    ("section 3", 2),
    ("section 3.1", 9),
    ("section 3.2", 8),
    ("section 3.3", 7),
    ("section 3.4", 13),
    ("section 4", 4),
    ("section 4, cluster approach", 5),
    ("section 4, interactive learning", 8),
];

/// The rows of Table 1: a country with its sectors.
const TABLE_1: [(&str, [&str; 3]); 7] = [
    ("India", ["food and beverages", "textiles", "chemicals and chemical products"]),
    ("Indonesia", ["food and beverages", "textiles", "tobacco products"]),
    (
        "Philippines",
        ["food and beverages", "chemicals and chemical products", "coke and refined petroleum products"],
    ),
    (
        "Korea",
        [
            "radio, TV and communication equipment",
            "chemicals and chemical products",
            "motor vehicles and trailers",
        ],
    ),
    (
        "Singapore",
        [
            "office and computing machinery",
            "radio, TV and communication equipment",
            "chemicals and chemical products",
        ],
    ),
    ("China", ["chemicals and chemical products", "food and beverages", "basic metals"]),
    ("Thailand", ["food and beverages", "motor vehicles and trailers", "non-metallic mineral products"]),
];

const TABLE_2_ROWS: [&str; 5] = ["industry", "features", "human capital", "social capital", "policy"];
const TABLE_2_COLUMNS: [&str; 4] = ["traditional", "resource-based", "CoPS", "specialized suppliers"];

const ENDNOTES: [&str; 11] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi"];

/// Parts that are not divided further.
const WHOLE: [&str; 6] = ["title page", "abstract", "keywords", "disclaimer", "references", "series list"];

/// Whether the paper has such a place.
pub fn is_in_the_paper(place: &str) -> bool {
    if let Some((section, paragraph)) = place.rsplit_once(", paragraph ") {
        let counted = SECTIONS.iter().find(|(name, _)| *name == section);
        let number: usize = paragraph.parse().unwrap_or(0);
        return counted.is_some_and(|(_, count)| (1..=*count).contains(&number));
    }
    if let Some(cell) = place.strip_prefix("table 1, ") {
        return TABLE_1.iter().any(|(country, sectors)| match cell.strip_prefix(country) {
            Some("" | ", SMEs") => true,
            Some(rest) => sectors.iter().any(|sector| rest == format!(", {sector}")),
            None => false,
        });
    }
    if let Some(cell) = place.strip_prefix("table 2, ") {
        let found = cell.split_once(", ");
        return found
            .is_some_and(|(row, column)| TABLE_2_ROWS.contains(&row) && TABLE_2_COLUMNS.contains(&column));
    }
    if let Some(number) = place.strip_prefix("endnote ") {
        return ENDNOTES.contains(&number);
    }
    WHOLE.contains(&place) || place == "table 1" || place == "table 2"
}

/// The part that a place belongs to: `section 3.1`, `table 2, policy`, `endnote iv`.
pub fn part(place: &str) -> String {
    if let Some((section, _)) = place.rsplit_once(", paragraph ") {
        return section.to_string();
    }
    match place.strip_prefix("table 2, ").and_then(|cell| cell.split_once(", ")) {
        Some((row, _)) => format!("table 2, {row}"),
        None if place.starts_with("table 1") => "table 1".to_string(),
        None => place.to_string(),
    }
}

/// All parts that say something.
pub fn parts() -> Vec<String> {
    let sections = SECTIONS.iter().map(|(section, _)| section.to_string());
    let rows = TABLE_2_ROWS.iter().map(|row| format!("table 2, {row}"));
    let notes = ENDNOTES.iter().map(|number| format!("endnote {number}"));
    let others = ["title page", "abstract", "keywords", "disclaimer", "references", "series list", "table 1"];
    sections.chain(rows).chain(notes).chain(others.map(String::from)).collect()
}
