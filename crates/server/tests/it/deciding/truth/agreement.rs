//! What the server answers, beside what the rows say.

use super::{
    naive::{Question, Whose, allows},
    rows::{ACTIONS, FEATURES, PEOPLE, VIEWS, a_name, below, one_of},
    world::World,
};
use crate::{
    deciding::place::{answered, done, request, text},
    support::Chance,
};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const QUESTIONS: usize = 40;
const EXPLAINED: usize = 3;
const EXPLAIN: &str = "/api/v1/access/explain";

fn found(answer: &Value, member: &str) -> BTreeSet<String> {
    answer["results"].as_array().unwrap().iter().map(|one| text(&one[member])).collect()
}

impl World {
    fn question<'a>(&self, who: usize, action: &'a str, kind: &'a str, id: &'a str) -> Question<'a> {
        Question { who, action, kind, id, sent: Map::new(), whose: Whose::AsTold }
    }
    fn user(&self, who: usize) -> Value {
        json!({ "type": "user", "id": self.rows.people[who] })
    }
    fn allows(&self, question: &Question<'_>) -> bool {
        allows(&self.rows, question)
    }

    /// Evaluation and explanation say what the rows say. Returns how many questions were allowed.
    pub(super) async fn evaluation_agrees(&self, chance: &mut Chance) -> usize {
        let asked: Vec<_> = (0..QUESTIONS)
            .map(|_| {
                let sent = if chance.below(2) == 0 { self.rows.properties(chance) } else { Map::new() };
                (below(chance, PEOPLE), one_of(chance, &ACTIONS), a_name(chance), sent)
            })
            .collect();
        let questions: Vec<_> = asked
            .iter()
            .map(|(who, action, (kind, id), sent)| {
                let resource = json!({ "type": kind, "id": id, "properties": sent });
                json!({ "subject": self.user(*who), "action": { "name": action }, "resource": resource })
            })
            .collect();
        let body = json!({ "evaluations": questions });
        let path = "/access/v1/evaluations";
        let answer = done(&self.server, &self.place.program, Method::POST, path, body).await;
        let mut allowed = 0;
        for (number, (who, action, (kind, id), sent)) in asked.into_iter().enumerate() {
            let question = Question { sent, ..self.question(who, action, kind, &id) };
            let told = &answer["evaluations"][number];
            let expected = self.allows(&question);
            assert_eq!(told["decision"], json!(expected), "{question:?}: {told}\n{:#?}", self.rows);
            allowed += usize::from(expected);
            if number < EXPLAINED {
                // Ada may read what is explained about everybody.
                let explained =
                    done(&self.server, &self.place.ada, Method::POST, EXPLAIN, questions[number].clone()).await;
                assert_eq!(explained["decision"], json!(expected), "{question:?}: {explained}\n{:#?}", self.rows);
            }
        }
        allowed
    }

    /// Searches find what the rows allow, and nothing else.
    pub(super) async fn searches_agree(&self, chance: &mut Chance) {
        let (who, action, (kind, id)) = (below(chance, PEOPLE), one_of(chance, &ACTIONS), a_name(chance));
        let (named, resource) = (json!({ "name": action }), json!({ "type": kind, "id": id }));
        let search = async |what: &str, body: Value| {
            let path = format!("/access/v1/search/{what}");
            let answer = done(&self.server, &self.place.program, Method::POST, &path, body).await;
            assert_eq!(answer["page"]["next_token"], "", "all of it is on one page");
            answer
        };
        let told = || format!("{who} {action} {kind}:{id}\n{:#?}", self.rows);

        let body = json!({ "subject": { "type": "user" }, "action": named, "resource": resource });
        let mut people = found(&search("subject", body).await, "id");
        // Ada is an administrator, and no rows are about her.
        people.retain(|person| self.rows.people.contains(person));
        let expected = (0..PEOPLE).filter(|who| self.allows(&self.question(*who, action, kind, &id)));
        assert_eq!(people, expected.map(|who| self.rows.people[who].clone()).collect(), "{}", told());

        let body = json!({ "subject": self.user(who), "action": named, "resource": { "type": kind } });
        let things = found(&search("resource", body).await, "id");
        let known = self.rows.entities.keys().filter(|(of, _)| *of == kind).map(|(_, id)| id.as_str());
        let items: &[&str] = match kind {
            "feature" => &FEATURES,
            "view" => &VIEWS,
            _ => &[],
        };
        let known: BTreeSet<_> = known.chain(items.iter().copied()).collect();
        let expected = known.into_iter().filter(|id| self.allows(&self.question(who, action, kind, id)));
        assert_eq!(things, expected.map(str::to_owned).collect(), "{}", told());

        let body = json!({ "subject": self.user(who), "resource": resource });
        let mut actions = found(&search("action", body).await, "name");
        actions.retain(|action| ACTIONS.contains(&action.as_str()));
        let expected = ACTIONS.iter().filter(|action| self.allows(&self.question(who, action, kind, &id)));
        assert_eq!(actions, expected.map(|action| (*action).to_owned()).collect(), "{}", told());
    }

    fn sees(&self, who: usize, view: &str) -> bool {
        self.allows(&self.question(who, "view", "view", view))
    }

    /// The menu has what the rows let the person see: little, where the membership is suspended.
    pub(super) async fn navigation_agrees(&self, who: usize) {
        let asking = request(&self.server, &self.place.members[who].0, Method::GET, "/api/v1/me/navigation");
        let answer = answered(asking).await;
        let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
        let keys =
            |items: &Value| items.as_array().unwrap().iter().map(|item| text(&item["key"])).collect::<BTreeSet<_>>();
        let mut expected: BTreeSet<_> =
            VIEWS.iter().filter(|view| self.sees(who, view)).map(|view| (*view).to_owned()).collect();
        for item in items.iter().filter(|item| item["key"] == "more") {
            assert_eq!(keys(&item["items"]), expected, "{who}: {answer:?}\n{:#?}", self.rows);
        }
        if !expected.is_empty() {
            expected.insert("more".to_owned());
        }
        assert_eq!(keys(&answer.body["items"]), expected, "{who}: {answer:?}\n{:#?}", self.rows);
    }

    /// The list of what the person may do says what the rows say. Returns what is to be kept of it.
    pub(super) async fn permissions_agree(&self, who: usize) -> BTreeMap<String, String> {
        let path = format!("/api/v1/users/{}/permissions", self.rows.people[who]);
        let items = self.place.ada.all(&self.server, &path).await;
        let mut listed = BTreeMap::new();
        for item in &items {
            let (kind, key, action) = (text(&item["kind"]), text(&item["key"]), text(&item["action"]));
            let (kind, id) = if kind == "resource" { (key, String::new()) } else { (kind, key) };
            listed.insert((kind, id, action), item);
        }
        let mut kept = BTreeMap::new();
        for (number, view) in VIEWS.iter().enumerate() {
            let (sees, item) =
                (self.sees(who, view), listed[&("view".to_owned(), (*view).to_owned(), "view".to_owned())]);
            assert_eq!(item["organization"]["allowed"], json!(sees), "{who}: {item}\n{:#?}", self.rows);
            kept.insert(format!("{} view", self.views[number]), if sees { "allow" } else { "deny" }.to_owned());
        }
        for (kind, id) in [("document", ""), ("invoices", ""), ("feature", FEATURES[0]), ("feature", FEATURES[1])] {
            for action in ACTIONS {
                let reaches = [("own", Whose::Own), ("team", Whose::Colleagues), ("organization", Whose::Others)].map(
                    |(name, whose)| (name, self.allows(&Question { whose, ..self.question(who, action, kind, id) })),
                );
                let Some(item) = listed.get(&(kind.to_owned(), id.to_owned(), action.to_owned())) else {
                    let none = reaches.iter().all(|(_, allowed)| !allowed);
                    assert!(none, "{who} {action} {kind}:{id} {reaches:?} is not listed\n{:#?}", self.rows);
                    continue;
                };
                for (name, allowed) in reaches {
                    assert_eq!(item[name]["allowed"], json!(allowed), "{who} {name}: {item}\n{:#?}", self.rows);
                }
                let says = match reaches.map(|(_, allowed)| allowed) {
                    [true, true, true] => "allow organization",
                    [true, true, false] => "allow team",
                    [true, false, false] => "allow own",
                    [false, false, false] => "deny organization",
                    _ => continue,
                };
                if let Some(number) = FEATURES.iter().position(|key| *key == id) {
                    kept.insert(format!("{} {action}", self.features[number]), says.to_owned());
                }
            }
        }
        kept
    }
}
