//! Questions about a kind: descriptions, columns, aggregates, `about`.

use super::Store;
use crate::model::condition::Field;
use crate::model::question::{Body, Described, Description, OrderBy, Select};
use crate::model::{Condition, Expression};

fn select(text: &str) -> Select {
    match Store::new().ask(text).body {
        Body::Select(select) => select,
        other => panic!("{other:?}"),
    }
}

/// The description's text (`-` if there is none) and that of the condition.
fn split(text: &str) -> (String, String) {
    let select = select(text);
    let description = match &select.description {
        None => "-".to_string(),
        Some(Description { of: Described::Stored(_), .. }) => "stored".to_string(),
        Some(Description { of: Described::Hypothetical(condition), .. }) => condition.text(),
    };
    (description, select.condition.text())
}

#[test]
fn an_attribute_that_clusters_have_describes_a_cluster() {
    let texts = |a: &str, b: &str| (a.to_string(), b.to_string());
    assert_eq!(split("interventions"), texts("-", ""));
    assert_eq!(
        split("interventions where industry = cops and social_capital = weak"),
        texts("industry = cops and social_capital = weak", "")
    );
    assert_eq!(
        split("interventions where industry = cops and level = regional and status = applies"),
        texts("industry = cops", "level = regional and status = applies")
    );
    assert_eq!(split("interventions where level = regional"), texts("-", "level = regional"));
    assert_eq!(split("interventions where name = trade_fairs"), texts("-", "name = trade_fairs"));
    assert_eq!(
        split("interventions where intervention.industry = food"),
        texts("-", "intervention.industry = food")
    );
    assert_eq!(
        split("interventions where cluster.industry = cops and cost < 3"),
        texts("cluster.industry = cops", "cost < 3")
    );
    assert_eq!(
        split("interventions where not (industry = cops or smes > 3) and hedged = no"),
        texts("not (industry = cops or smes > 3)", "hedged = no")
    );
    assert_eq!(
        split("interventions for thai_automotive where industry = food and standing = contested"),
        texts("stored", "industry = food and standing = contested")
    );
    assert_eq!(
        split("interventions where recommended_for.country = thailand"),
        texts("-", "recommended_for.country = thailand")
    );
}

#[test]
fn fields_exist_only_beside_a_description() {
    let select = select("interventions where smes > 3 and status = \"would apply\" and hedged != yes");
    let Condition::All(parts) = &select.condition else { panic!("{select:?}") };
    let Condition::Test(test) = &parts[0] else { panic!() };
    assert_eq!(test.left, Expression::Field(Field::Status));
    let error = Store::new().refuse("interventions where status = applies");
    assert_eq!(error.report().message, "no attribute `status` of intervention");
    let note = "`status` is known only where the question describes a cluster or names one: \
                `interventions for NAME`";
    assert!(error.report().notes.iter().any(|said| said == note), "{error}");
    let error = Store::new().refuse("clusters where status = applies");
    assert!(!error.to_string().contains("is known only"), "{error}");
    let error = Store::new().refuse("interventions where smes > 3 and status = aplies");
    assert_eq!(error.report().suggestion.as_ref().map(|s| s.replacement.as_str()), Some("applies"));
}

#[test]
fn columns_of_a_description_show_what_the_proofs_say() {
    let select = select(
        "interventions where smes > 3 show name, status, industry, intervention.industry as own, level",
    );
    let shown: Vec<&Expression> = select.show.iter().map(|column| &column.expression).collect();
    assert!(matches!(
        shown.as_slice(),
        [
            Expression::Path(_),
            Expression::Field(Field::Status),
            Expression::Described(_),
            Expression::Path(_),
            Expression::Path(_)
        ]
    ));
    assert_eq!(select.show[3].title, "own");
}

#[test]
fn sorting_by_titles_and_values() {
    let by = |text: &str| select(text).order.into_iter().map(|order| order.by).collect::<Vec<_>>();
    let ratio = "clusters show name, smes / workers as ratio order by";
    assert_eq!(by(&format!("{ratio} Ratio desc")), [OrderBy::Column(1)]);
    assert_eq!(by(&format!("{ratio} smes / workers")).len(), 1);
    assert!(matches!(by("clusters order by smes").as_slice(), [OrderBy::Value(_)]));
    assert_eq!(
        by("count clusters by industry order by count desc, industry"),
        [OrderBy::Column(1), OrderBy::Column(0)]
    );
    assert_eq!(by("average smes of clusters by country order by average"), [OrderBy::Column(1)]);
    assert_eq!(by("average smes of clusters by country order by smes"), [OrderBy::Column(1)]);
    let limit = select("clusters show smes limit 1 per country").limit;
    assert!(limit.is_some_and(|limit| limit.rows == 1 && limit.per.is_some()));
}

#[test]
fn about_is_every_reading_of_a_name() {
    let about = |text: &str| select(text).about.expect("about");
    let human_capital = about("lessons about human_capital");
    // Two attributes stand under the heading; one of them has its name.
    assert_eq!((human_capital.things.len(), human_capital.attributes.len()), (0, 2));
    assert_eq!(about("claims about penang").things.len(), 2);
    assert_eq!(about("claims about cluster penang").things.len(), 1);
    assert_eq!(about("claims about complex_product_systems").name.as_str(), "cops");
    assert_eq!(about("claims about \"Central Java\"").name.as_str(), "Central Java");
}
