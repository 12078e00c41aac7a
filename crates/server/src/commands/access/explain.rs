//! `keystead access check` and `keystead access explain`.

use super::{names::asked, test::word};
use crate::cli::{Output, Table, access::QuestionWords};
use keystead_domain::{Caller, Result};
use keystead_http::documents;
use keystead_service::{
    App,
    access::{
        effective::Why,
        explaining::{self, Explained, Part, RuleSeen, RulesSaid},
    },
};
use serde_json::json;

/// Says whether somebody may.
pub(super) async fn check(app: &App, caller: &Caller, output: Output, words: QuestionWords) -> Result<()> {
    let explained = explaining::explain(app, caller, asked(app, caller, words).await?, None).await?;
    let (decision, why) = (explained.why.allowed, &explained.why);
    if output.is_json() {
        let answer = json!({
            "decision": decision, "reason": why.reason, "access_version": explained.access_version,
            "platform_version": explained.platform_version,
        });
        return output.answer(&answer, || Table::new(&[]));
    }
    output.say(&format!("{}: {}", word(decision), by(why)))
}

/// Says why.
pub(super) async fn explain(app: &App, caller: &Caller, output: Output, words: QuestionWords) -> Result<()> {
    let explained = explaining::explain(app, caller, asked(app, caller, words).await?, None).await?;
    if output.is_json() {
        return output.answer(&documents::explanation(explained)?, || Table::new(&[]));
    }
    let head = format!(
        "{}: {} (access version {}, of the platform {})",
        word(explained.why.allowed),
        by(&explained.why),
        explained.access_version,
        explained.platform_version
    );
    output.say(&head)?;
    output.answer(&(), || considered(&explained))?;
    for (whose, said) in [("The rules", &explained.rules), ("The platform's rules", &explained.platform_rules)] {
        rules(output, whose, said.as_ref())?;
    }
    needed(output, &explained)
}

/// What decided, in words.
fn by(why: &Why) -> String {
    let mut text = why.reason.to_owned();
    if let Some((id, name)) = &why.role {
        text.push_str(&format!(", role {name} ({id})"));
    }
    if let Some((id, name)) = &why.level {
        text.push_str(&format!(", user level {name} ({id})"));
    }
    if let Some(scope) = why.scope {
        text.push_str(&format!(", scope {scope}"));
    }
    if let Some(rule) = why.rule {
        text.push_str(&format!(", rule {rule}"));
    }
    text
}

/// What has a say, in words.
fn part(part: &Part) -> String {
    let mut text = part.source.replace('_', " ");
    for name in [part.role.as_ref().map(|(_, name)| name), part.level.as_ref().map(|(_, name)| name)] {
        text.extend(name.map(|name| format!(" {name}")));
    }
    text.extend(part.module.as_ref().map(|(_, key)| format!(" {key}")));
    text.extend(part.inherited_from.as_ref().map(|(_, name)| format!(", inherited from {name}")));
    text.extend(part.module_state.map(|state| format!(", {state}")));
    text.extend(part.scope.map(|scope| format!(", scope {scope}")));
    if part.in_time == Some(false) {
        text.push_str(", not held at this time");
    }
    text
}

fn considered(explained: &Explained) -> Table {
    let mut table = Table::new(&["considered", "says", "reaches the resource", "rule"]);
    for said in &explained.considered {
        let rule = said.rule.map_or_else(|| "—".to_owned(), |rule| rule.to_string());
        table.row([part(&said.part), said.effect.to_owned(), said.reaches.to_owned(), rule]);
    }
    table
}

fn rules(output: Output, whose: &str, said: Option<&RulesSaid>) -> Result<()> {
    let Some(detail) = said.and_then(|said| said.detail.as_ref()).filter(|detail| detail.asked > 0) else {
        return Ok(());
    };
    output.say(&format!(
        "{whose}: {} of {} matched; roles by rules: {}",
        detail.matched,
        detail.asked,
        detail.roles.join(", ")
    ))?;
    output.answer(&(), || {
        let mut table = Table::new(&["rule", "line", "matched", "failed at"]);
        for rule in &detail.considered {
            table.row([rule.id.to_string(), line(rule), rule.matched.to_owned(), failed(rule)]);
        }
        table
    })
}

fn line(rule: &RuleSeen) -> String {
    let values = rule.values.iter().map(String::as_str).filter(|value| !value.is_empty());
    std::iter::once(rule.ptype.as_str()).chain(values).collect::<Vec<_>>().join(", ")
}

fn failed(rule: &RuleSeen) -> String {
    let terms = rule.failed.iter().map(|term| {
        let values: Vec<_> = term.values.iter().map(|(name, value)| format!("{name} is {value}")).collect();
        format!("{} ({})", term.text, values.join(", "))
    });
    let mut all: Vec<_> = terms.collect();
    if !rule.in_time {
        all.push("not in force at this time".to_owned());
    }
    if all.is_empty() { "—".to_owned() } else { all.join("; ") }
}

fn needed(output: Output, explained: &Explained) -> Result<()> {
    if explained.why.allowed {
        return Ok(());
    }
    let mut lines: Vec<String> = Vec::new();
    for one in &explained.needed {
        let what = part(&one.part);
        lines.push(match (one.need, one.reaches) {
            ("no_denial", _) => format!("that {what} did not deny it"),
            ("active_membership", _) => "an active membership".to_owned(),
            ("within", _) => format!("that the resource were within the reach of {what}"),
            (_, Some(false)) => format!("{what}, which does not reach this resource"),
            _ => what,
        });
    }
    for said in [&explained.rules, &explained.platform_rules].into_iter().flatten() {
        let nearest = said.detail.as_ref().and_then(|detail| detail.nearest.as_ref());
        lines.extend(nearest.map(|rule| format!("that rule {} matched: {}", rule.id, failed(rule))));
    }
    if lines.is_empty() {
        return output.say("Nothing that is there would allow it: a role, a user level or a rule has to be made.");
    }
    output.say("What would have been needed (every denial gone, and one of the others):")?;
    for line in lines {
        output.say(&format!("  - {line}"))?;
    }
    if explained.needed_left_out > 0 {
        output.say(&format!("  and {} more", explained.needed_left_out))?;
    }
    Ok(())
}
