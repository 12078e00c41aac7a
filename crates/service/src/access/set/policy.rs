//! The policy: model, rules, entities.

use super::{SetEntity, at, import::Work};
use crate::access::policy::{
    entities::{
        DeleteEntities, EntityName, MOST_ENTITIES_AT_ONCE, NewEntity, PutEntities, delete_entities, put_entities,
    },
    model::{DeleteModel, PutModel, delete_model, put_model},
    rules::{
        CreateRules, DeleteRules, MOST_RULES_AT_ONCE, NewRule, ReplaceRules, WhichRules, create_rules, delete_rules,
        replace_rules,
    },
};
use keystead_domain::{Error, Result, RuleId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What of the rules is to be done. A rule that says the same stays the same row.
#[derive(Default)]
struct Rules {
    /// Those that go.
    removed: Vec<RuleId>,
    /// Those that come, with their places in the document.
    added: Vec<(usize, NewRule)>,
    kept: usize,
}

impl Rules {
    fn of(work: &Work<'_>, wanted: &[NewRule]) -> Self {
        let mut there: BTreeMap<NewRule, Vec<RuleId>> = BTreeMap::new();
        for row in &work.rows.rules {
            there.entry(NewRule::from(row)).or_default().push(row.id);
        }
        let mut rules = Self::default();
        for (number, rule) in wanted.iter().enumerate() {
            match there.get_mut(rule).and_then(Vec::pop) {
                Some(_) => rules.kept += 1,
                None => rules.added.push((number, rule.clone())),
            }
        }
        if !work.others_stay {
            rules.removed = there.into_values().flatten().collect();
        }
        rules
    }
    /// Whether it is simpler to write all of them anew.
    fn are_others(&self, others_stay: bool) -> bool {
        let many = self.added.len() > MOST_RULES_AT_ONCE || self.removed.len() > MOST_RULES_AT_ONCE;
        !others_stay && (many || self.kept == 0)
    }
}

/// Writes model, rules and entities. The rules that go do not stand in the way of another model, nor do those that come.
pub(super) async fn write(work: &Work<'_>) -> Result<()> {
    let wanted = work.set.rules.as_deref();
    let rules = wanted.map_or_else(Rules::default, |wanted| Rules::of(work, wanted));
    let anew = wanted.is_some() && rules.are_others(work.others_stay) && !rules.added.is_empty();
    let model_differs = work.set.model.as_ref().is_some_and(|model| model.text != text(work));
    if !rules.removed.is_empty() && (!anew || model_differs) {
        remove_rules(work, &rules, anew).await?;
    }
    if model_differs {
        set_model(work).await?;
    }
    if anew {
        let all = wanted.unwrap_or_default().to_vec();
        let input = ReplaceRules { organization: work.organization, rules: all };
        replace_rules(work.app, work.caller, input).await?;
    } else {
        for some in rules.added.chunks(MOST_RULES_AT_ONCE) {
            let new = some.iter().map(|(_, rule)| rule.clone()).collect();
            let input = CreateRules { organization: work.organization, rules: new };
            let place = |number: usize| some.get(number).map_or(number, |(place, _)| *place);
            let done = create_rules(work.app, work.caller, input, None).await;
            done.map_err(|error| moved(error, "rules", place))?;
        }
    }
    write_entities(work).await
}

async fn remove_rules(work: &Work<'_>, rules: &Rules, all: bool) -> Result<()> {
    if all {
        let input = ReplaceRules { organization: work.organization, rules: Vec::new() };
        return replace_rules(work.app, work.caller, input).await.map(drop);
    }
    for some in rules.removed.chunks(MOST_RULES_AT_ONCE) {
        let input = DeleteRules { organization: work.organization, which: WhichRules::Ids(some.to_vec()) };
        delete_rules(work.app, work.caller, input).await?;
    }
    Ok(())
}

fn text(work: &Work<'_>) -> Option<String> {
    work.rows.snapshot.policy.model.as_ref().map(|model| model.text.clone())
}

async fn set_model(work: &Work<'_>) -> Result<()> {
    let (organization, wanted) = (work.organization, work.set.model.as_ref().and_then(|model| model.text.clone()));
    let version = work.rows.snapshot.policy.model.as_ref().map_or(0, |model| model.version);
    let done = match wanted {
        Some(text) => put_model(work.app, work.caller, PutModel { organization, version, text }).await.map(drop),
        None => delete_model(work.app, work.caller, DeleteModel { organization, version }).await,
    };
    done.map_err(|error| at("model", error))
}

async fn write_entities(work: &Work<'_>) -> Result<()> {
    let Some(wanted) = &work.set.entities else { return Ok(()) };
    let there: HashMap<(&str, &str), _> = work
        .rows
        .snapshot
        .organization
        .entities
        .iter()
        .map(|row| ((row.entity_type.as_str(), row.entity_id.as_str()), &row.properties))
        .collect();
    let differs = |one: &SetEntity| there.get(&(one.kind.as_str(), one.id.as_str())) != Some(&&one.properties);
    let written: Vec<(usize, &SetEntity)> = wanted.iter().enumerate().filter(|(_, one)| differs(one)).collect();
    for some in written.chunks(MOST_ENTITIES_AT_ONCE) {
        let name = |one: &SetEntity| EntityName { kind: one.kind.clone(), id: one.id.clone() };
        let new = some.iter().map(|(_, one)| NewEntity { name: name(one), properties: one.properties.clone() });
        let input = PutEntities { organization: work.organization, entities: new.collect() };
        let place = |number: usize| some.get(number).map_or(number, |(place, _)| *place);
        let done = put_entities(work.app, work.caller, input).await;
        done.map_err(|error| moved(error, "entities", place))?;
    }
    if work.others_stay {
        return Ok(());
    }
    let named: HashSet<(&str, &str)> = wanted.iter().map(|one| (one.kind.as_str(), one.id.as_str())).collect();
    let gone: Vec<EntityName> = there
        .keys()
        .filter(|name| !named.contains(*name))
        .map(|(kind, id)| EntityName { kind: (*kind).to_owned(), id: (*id).to_owned() })
        .collect();
    for some in gone.chunks(MOST_ENTITIES_AT_ONCE) {
        let input = DeleteEntities { organization: work.organization, names: some.to_vec() };
        delete_entities(work.app, work.caller, input).await.map_err(|error| at("entities", error))?;
    }
    Ok(())
}

/// The same error, where only some of `list` were sent on: with the places that they have in the document.
fn moved(error: Error, list: &str, place: impl Fn(usize) -> usize) -> Error {
    let mut error = error;
    for field in &mut error.fields {
        let rest = field.field.strip_prefix(list).and_then(|rest| rest.strip_prefix('['));
        let Some((number, rest)) = rest.and_then(|rest| rest.split_once(']')) else { continue };
        if let Ok(number) = number.parse() {
            field.field = format!("{list}[{}]{rest}", place(number));
        }
    }
    if let Some(first) = error.fields.first() {
        error.message = format!("{}: {}", first.field, first.message);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_domain::FieldError;

    #[test]
    fn places_are_those_of_the_document() {
        let mut error = Error::invalid("rules", "x");
        error.fields = ["rules[1].values[2]", "rules[0]", "rules", "values[1]"]
            .map(|field| FieldError { field: field.to_owned(), message: "m".to_owned() })
            .to_vec();
        let moved = moved(error, "rules", |number| number + 10);
        let fields: Vec<_> = moved.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["rules[11].values[2]", "rules[10]", "rules", "values[1]"]);
        assert_eq!(moved.message, "rules[11].values[2]: m");
    }
}
