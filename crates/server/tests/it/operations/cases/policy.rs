//! Model, rules and entities.

use super::{Admin, Case, Create, Delete, Read, Update, World, case};
use serde_json::{Value, json};

/// The rule of every world fits it.
const MODEL: &str = "[request_definition]\nr = sub, dom, obj, act\n[policy_definition]\np = sub, dom, obj, act\n\
    [role_definition]\ng = _, _, _\n[policy_effect]\ne = some(where (p.eft == allow))\n\
    [matchers]\nm = g(r.sub, p.sub, r.dom) && keyMatch(r.obj, p.obj) && r.act == p.act\n";

pub(super) fn cases() -> Vec<Case> {
    let rules = |_: &World| json!({ "rules": [{ "ptype": "g", "values": ["alice", "clerk", "*"] }] });
    let csv = |_: &World| Value::from("g, alice, clerk, *\n");
    vec![
        // About somebody who is none of the callers: everybody may ask about themselves.
        case("POST /api/v1/access/explain", Admin).needs("access", Read).with(|world| {
            let (subject, resource) =
                (json!({ "type": "user", "id": "dan" }), json!({ "type": "document", "id": world.entity_id }));
            json!({ "subject": subject, "action": { "name": "read" }, "resource": resource })
        }),
        case("POST /api/v1/access/preview", Admin).needs("access", Read).with(|_| {
            let entity = json!({ "type": "document", "id": "d2" });
            json!({ "changes": [{ "put_entities": { "entities": [entity] } }], "actions": ["read"] })
        }),
        case("GET /api/v1/access/model", Admin).needs("policy_models", Read),
        case("PUT /api/v1/access/model", Admin)
            .needs("policy_models", Update)
            .with(|_| json!({ "text": MODEL }))
            .version_at("/api/v1/access/model")
            .events(&["policy_model.updated"]),
        case("DELETE /api/v1/access/model", Admin)
            .needs("policy_models", Delete)
            .after_body("PUT", "/api/v1/access/model", |_| json!({ "text": MODEL }))
            .version_at("/api/v1/access/model")
            .events(&["policy_model.deleted"]),
        case("GET /api/v1/access/set", Admin).needs("policy_models", Read),
        case("PUT /api/v1/access/set", Admin)
            .needs("policy_models", Update)
            .query("?keep_others=true")
            .with(|_| json!({ "permissions": [{ "name": "reports:sign:organization" }] }))
            .events(&["access_set.imported", "permission.created"]),
        case("GET /api/v1/access/rules", Admin).needs("policy_rules", Read),
        case("POST /api/v1/access/rules", Admin)
            .needs("policy_rules", Create)
            .with(rules)
            .events(&["policy_rules.created"]),
        case("PUT /api/v1/access/rules", Admin)
            .needs("policy_rules", Create)
            .with(rules)
            .events(&["policy_rules.replaced"]),
        case("POST /api/v1/access/rules/delete", Admin)
            .needs("policy_rules", Delete)
            .with(|world| json!({ "ids": [world.rule_id] }))
            .events(&["policy_rules.deleted"]),
        case("GET /api/v1/access/rules/{rule_id}", Admin).needs("policy_rules", Read),
        case("PATCH /api/v1/access/rules/{rule_id}", Admin)
            .needs("policy_rules", Update)
            .with(|_| json!({ "is_active": false }))
            .version_at("/api/v1/access/rules/{rule_id}")
            .events(&["policy_rule.updated"]),
        case("DELETE /api/v1/access/rules/{rule_id}", Admin)
            .needs("policy_rules", Delete)
            .version_at("/api/v1/access/rules/{rule_id}")
            .events(&["policy_rule.deleted"]),
        case("GET /api/v1/access/rules.csv", Admin).needs("policy_rules", Read),
        case("POST /api/v1/access/rules.csv", Admin)
            .needs("policy_rules", Create)
            .with(csv)
            .events(&["policy_rules.created"]),
        case("PUT /api/v1/access/rules.csv", Admin)
            .needs("policy_rules", Create)
            .with(csv)
            .events(&["policy_rules.replaced"]),
        case("GET /api/v1/access/entities", Admin).needs("policy_entities", Read),
        case("PUT /api/v1/access/entities", Admin)
            .needs("policy_entities", Update)
            .with(|_| json!({ "entities": [{ "type": "document", "id": "d2", "properties": { "status": "draft" } }] }))
            .events(&["policy_entities.written"]),
        case("POST /api/v1/access/entities/delete", Admin)
            .needs("policy_entities", Delete)
            .with(|world| json!({ "entities": [{ "type": "document", "id": world.entity_id }] }))
            .events(&["policy_entities.deleted"]),
        case("GET /api/v1/access/entities/{entity_type}/{entity_id}", Admin).needs("policy_entities", Read),
        case("DELETE /api/v1/access/entities/{entity_type}/{entity_id}", Admin)
            .needs("policy_entities", Delete)
            .version_at("/api/v1/access/entities/{entity_type}/{entity_id}")
            .events(&["policy_entity.deleted"]),
    ]
}
