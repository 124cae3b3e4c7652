//! Arguments for serde: each proof a map, with its premises within.
//!
//! The keys, in order: `statement`; `claim`, or `pattern` and `title`, or `change`, or none of these;
//! `condition`, `truth` and `holds` of a premise; `standing`; `hedged`, `contested_ground`, `by_analogy`;
//! `when`, `note`, `remark`; `sources`; `needs`; `others`; `premises`. What a proof does not have is left out, except
//! for `statement`, `title` and `standing`, which are null.

use super::{Proof, Reason};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

impl Serialize for Proof {
    /// A map, as in the JSON format; the premises are a list of such maps.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("statement", &self.states().then_some(&self.statement))?;
        reason(&self.reason, &mut map)?;
        if let Some(premise) = &self.premise {
            map.serialize_entry("condition", &premise.condition)?;
            map.serialize_entry("truth", premise.truth.name())?;
            map.serialize_entry("holds", &premise.holds)?;
        }
        map.serialize_entry("standing", &self.states().then(|| self.standing.name()))?;
        qualifiers(self, &mut map)?;
        map.serialize_entry("sources", &self.sources)?;
        if !self.needs.is_empty() {
            map.serialize_entry("needs", &self.needs)?;
        }
        if self.others > 0 {
            map.serialize_entry("others", &self.others)?;
        }
        map.serialize_entry("premises", &self.premises)?;
        map.end()
    }
}

fn reason<M: SerializeMap>(reason: &Reason, map: &mut M) -> Result<(), M::Error> {
    match reason {
        Reason::Nothing => Ok(()),
        Reason::Claim(name) => map.serialize_entry("claim", name),
        Reason::Pattern { name, title } => {
            map.serialize_entry("pattern", name)?;
            map.serialize_entry("title", title)
        }
        Reason::Change(statements) => map.serialize_entry("change", statements),
    }
}

fn qualifiers<M: SerializeMap>(proof: &Proof, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("hedged", &proof.marks.hedged)?;
    map.serialize_entry("contested_ground", &proof.marks.contested_ground)?;
    map.serialize_entry("by_analogy", &proof.marks.by_analogy)?;
    if let Some(when) = &proof.when {
        map.serialize_entry("when", when)?;
    }
    for (key, text) in [("note", &proof.note), ("remark", &proof.remark)] {
        if let Some(text) = text {
            map.serialize_entry(key, text)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::answer::format::Format;
    use crate::answer::format::samples::{argument, awkward_argument, shortfall, shown, shows};
    use serde_json::Value;

    #[test]
    fn proofs_are_nested_objects() {
        shows(
            &argument(),
            Format::Json,
            r#"[{"statement":"thai_automotive.interactive_learning = no","pattern":"learning_needs_both","title":"Interactive learning takes both absorptive capacity and networks for exchange","standing":"supported","hedged":false,"contested_ground":true,"by_analogy":true,"sources":["chaminade_vang_2006, section 4, paragraph 3","chaminade_vang_2006, section 4, paragraph 4"],"premises":[{"statement":"thai_automotive.absorptive_capacity = low","pattern":"weak_human_capital_limits_absorption","title":null,"condition":"absorptive_capacity >= adequate","truth":"failed","holds":true,"standing":"supported","hedged":true,"contested_ground":false,"by_analogy":false,"sources":["chaminade_vang_2006, section 2.2"],"premises":[{"statement":"thai_automotive.human_capital = weak","claim":"c1.310","condition":"human_capital <= weak","truth":"met","holds":true,"standing":"supported","hedged":false,"contested_ground":false,"by_analogy":false,"when":"in 1999","note":"few engineers","sources":["techakanont_2004 via chaminade_vang_2006, p. 151"],"others":2,"premises":[]},{"statement":"thai_automotive.social_capital = weak","claim":"c1.312","condition":"social_capital <= weak","truth":"contested","holds":true,"standing":"contested","hedged":false,"contested_ground":false,"by_analogy":false,"sources":["chaminade_vang_2006, table 2"],"premises":[]}]},{"statement":null,"condition":"network_exchange = present","truth":"open","holds":false,"standing":null,"hedged":false,"contested_ground":false,"by_analogy":false,"sources":[],"premises":[]}]}]
"#,
        );
    }

    #[test]
    fn a_proof_a_line() {
        shows(
            &shortfall(),
            Format::Ndjson,
            r#"{"statement":"jepara_furniture.interactive_learning = yes","pattern":"learning_by_trust","title":"Trust makes up for much in learning","standing":"unknown","hedged":true,"contested_ground":false,"by_analogy":false,"sources":["sandee_1998, p. 7"],"needs":["human_capital >= adequate or craft_skills = available","network_exchange = present"],"premises":[{"statement":"jepara_furniture.social_capital = strong","claim":"c1.20","condition":"social_capital >= moderate","truth":"met","holds":true,"standing":"supported","hedged":false,"contested_ground":false,"by_analogy":false,"sources":["sandee_1998"],"premises":[]},{"statement":"jepara_furniture.human_capital = weak","claim":"c1.21","condition":"human_capital >= adequate or craft_skills = available","truth":"failed","holds":false,"standing":"supported","hedged":false,"contested_ground":false,"by_analogy":false,"sources":["sandee_1998"],"premises":[]},{"statement":null,"condition":"network_exchange = present","truth":"open","holds":false,"standing":null,"hedged":false,"contested_ground":false,"by_analogy":false,"sources":[],"premises":[]}]}
{"statement":"jepara_furniture.interactive_learning = yes","change":["jepara_furniture.human_capital = adequate","jepara_furniture.network_exchange = present"],"standing":"unknown","hedged":false,"contested_ground":false,"by_analogy":false,"sources":[],"premises":[]}
"#,
        );
    }

    #[test]
    fn the_answer_serialises_as_it_is_written() {
        for answer in [argument(), shortfall(), awkward_argument()] {
            let read: Value = serde_json::from_str(&shown(&answer, Format::Json)).expect("it is JSON");
            assert_eq!(read, serde_json::to_value(&answer).expect("answers serialise"));
            let lines = shown(&answer, Format::Ndjson);
            let lines: Vec<Value> =
                lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
            assert_eq!(read, Value::Array(lines));
        }
    }

    #[test]
    fn a_premise_without_a_statement_has_no_standing() {
        let read = serde_json::to_value(argument()).expect("answers serialise");
        let open = &read[0]["premises"][1];
        assert_eq!(
            (&open["statement"], &open["standing"], &open["truth"]),
            (&Value::Null, &Value::Null, &"open".into())
        );
    }
}
