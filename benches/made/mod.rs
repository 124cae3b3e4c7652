//! Made-up clusters.

use std::fmt::Write;

/// Ten attributes of made-up clusters, the same at every run.
pub fn clusters(cases: u32) -> String {
    let mut state = 1u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let industries = ["traditional", "resource_based", "cops", "specialized_supplier"];
    let countries = ["it", "us", "de", "cn", "in", "jp", "gb", "fr", "br", "kr"];
    let degrees = ["weak", "medium", "strong"];
    let mut text = String::from(
        "id,industry,country,social_capital,human_capital,knowledge,lead,export_share,employees,founded,rating\n",
    );
    for id in 0..cases {
        let _ = writeln!(
            text,
            "c{id},{},{},{},{},{},{},{}.{},{},{},{}",
            industries[next(4) as usize],
            countries[next(10) as usize],
            degrees[next(3) as usize],
            degrees[next(3) as usize],
            ["localized", "codified", "fragmented"][next(3) as usize],
            ["sme", "tnc", "state"][next(3) as usize],
            next(100),
            next(10),
            next(20_000),
            1850 + next(165),
            next(11),
        );
    }
    text
}
