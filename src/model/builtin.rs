//! The kinds and attributes that every store has.

use super::name::{Name, Text};
use super::value::{AttributeId, KindId};
use super::vocabulary::{Attribute, Kind, Type, Vocabulary, plural_of};

/// Declares them, in the order that the constants of `KindId` and `AttributeId` state.
pub fn declare(vocabulary: &mut Vocabulary) {
    for (name, description) in [
        ("claim", "one statement about a thing, with its citations"),
        ("source", "a publication or another document that is cited"),
        ("pattern", "a rule that holds across cases"),
        ("kind", "a kind of thing"),
        ("attribute", "what is said of the things of a kind"),
        ("commit", "one atomic change of the store"),
        ("value", "a value that an attribute of names can take"),
    ] {
        vocabulary.declare_kind(Kind {
            name: Name::new(name),
            plural: Name::new(&plural_of(name)),
            description: Some(Text::from(description)),
        });
    }
    let number = || Type::Number { unit: None };
    let mut declare =
        |kind: Option<KindId>, name: &str, value_type: Type, many: bool, inverse: Option<&str>| {
            vocabulary.declare_attribute(Attribute {
                name: Name::new(name),
                kind,
                value_type,
                many,
                heading: None,
                inverse: inverse.map(Name::new),
                description: None,
                meanings: Vec::new(),
            })
        };
    let name = declare(None, "name", Type::Text, false, None);
    let title = declare(None, "title", Type::Text, false, None);
    debug_assert_eq!((name, title), (AttributeId::NAME, AttributeId::TITLE));

    for (attribute, value_type, many) in [
        ("subject", Type::AnyThing, false),
        ("attribute", Type::Text, false),
        ("value", Type::Text, false),
        ("denied", Type::YesNo, false),
    ] {
        declare(Some(KindId::CLAIM), attribute, value_type, many, None);
    }
    declare(Some(KindId::CLAIM), "sources", Type::Thing(KindId::SOURCE), true, Some("claims"));
    for (attribute, value_type, many) in [
        ("via", Type::Thing(KindId::SOURCE), true),
        ("locator", Type::Text, true),
        ("hedged", Type::YesNo, false),
        ("in", Type::Date, false),
        ("since", Type::Date, false),
        ("until", Type::Date, false),
        ("note", Type::Text, false),
    ] {
        declare(Some(KindId::CLAIM), attribute, value_type, many, None);
    }
    declare(Some(KindId::CLAIM), "commit", Type::Thing(KindId::COMMIT), false, Some("claims"));

    for (attribute, value_type, many) in [
        ("statement", Type::Text, false),
        ("kinds", Type::Thing(KindId::KIND), true),
        ("concludes", Type::Thing(KindId::ATTRIBUTE), true),
        ("reads", Type::Thing(KindId::ATTRIBUTE), true),
        ("seen_in", Type::Text, true),
        ("against", Type::Text, true),
        ("sources", Type::Thing(KindId::SOURCE), true),
        ("locator", Type::Text, true),
        ("hedged", Type::YesNo, false),
    ] {
        declare(Some(KindId::PATTERN), attribute, value_type, many, None);
    }
    for (attribute, value_type) in [("plural", Type::Text), ("things", number())] {
        declare(Some(KindId::KIND), attribute, value_type, false, None);
    }
    for (attribute, value_type) in [
        ("of", Type::Thing(KindId::KIND)),
        ("type", Type::Text),
        ("many", Type::YesNo),
        ("heading", Type::Text),
        ("inverse", Type::Text),
        ("claims", number()),
    ] {
        declare(Some(KindId::ATTRIBUTE), attribute, value_type, false, None);
    }
    for (attribute, value_type) in
        [("number", number()), ("time", Type::Date), ("author", Type::Text), ("operations", number())]
    {
        declare(Some(KindId::COMMIT), attribute, value_type, false, None);
    }
    for (attribute, value_type, many) in [
        ("of", Type::Thing(KindId::ATTRIBUTE), false),
        ("place", number(), false),
        ("aliases", Type::Text, true),
        ("claims", number(), false),
    ] {
        declare(Some(KindId::VALUE), attribute, value_type, many, None);
    }
}
