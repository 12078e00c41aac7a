//! The answers that follow from what an operation takes, written once instead of at every operation.

use serde_json::{Map, Value, json};

/// Status, name of the shared answer, when it comes.
const REFUSALS: [(&str, &str, &str); 16] = [
    ("400", "Malformed", "The request cannot be read: broken JSON, a broken header or body."),
    ("401", "Unauthenticated", "No credentials were sent, or they are of no use."),
    ("403", "Forbidden", "The caller may see it but not do this."),
    ("404", "NotFound", "There is no such thing, or the caller may not know that there is."),
    ("405", "MethodNotAllowed", "The address does not know the method."),
    ("408", "SlowBody", "The request's body did not arrive in time."),
    ("409", "Conflict", "It clashes with what is already there."),
    (
        "412",
        "Stale",
        "It has changed since the version in `If-Match`, or the version in `Keystead-At-Least` is not there yet.",
    ),
    ("413", "TooLarge", "The request's body is larger than its limit."),
    ("415", "UnsupportedMediaType", "The body is not `application/json`."),
    ("422", "Invalid", "The request was read, but a field or parameter breaks a rule."),
    ("428", "PreconditionRequired", "`If-Match` is missing or is `*`."),
    ("500", "Internal", "A fault of the server."),
    ("503", "Busy", "The server has too much to do: try again after `Retry-After` seconds."),
    ("504", "Timeout", "It takes longer than the server waits; what was begun is being finished."),
    ("304", "NotModified", "The client has it already (`If-None-Match`)."),
];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Adds the shared answers to the document and refers to them from every operation that can give them.
pub(crate) fn complete(document: &mut Value) {
    let shared: Map<String, Value> =
        REFUSALS.iter().map(|(status, name, when)| ((*name).to_owned(), answer(status, when))).collect();
    if let Some(components) = document["components"].as_object_mut() {
        components.insert("responses".to_owned(), Value::Object(shared));
    }
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                complete_operation(path, method, operation);
            }
        }
    }
}

fn answer(status: &str, when: &str) -> Value {
    let mut headers = json!({"X-Request-ID": request_id()});
    match status {
        "401" => headers["WWW-Authenticate"] = text("How to authenticate (RFC 6750)."),
        "503" => {
            headers["Retry-After"] =
                json!({"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}})
        }
        "304" => return json!({"description": when, "headers": headers}),
        _ => {}
    }
    json!({"description": when, "headers": headers, "content": problem()})
}

fn problem() -> Value {
    json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}})
}

fn text(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}

fn request_id() -> Value {
    text("Names the request in the log: the client's own, else a new one.")
}

fn access_version() -> Value {
    json!({
        "description": "The access version of the organization that was written in, not older than this write.",
        "schema": {"type": "integer", "format": "int64"},
    })
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let takes = |place: &str, name: Option<&str>| {
        operation["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["in"] == place && name.is_none_or(|name| one["name"] == name)))
    };
    // Every request may carry a body and every answer may be late, so these need no reason of their own.
    let mut can = vec!["400", "408", "413", "500", "503", "504"];
    // An operation that says nothing about credentials takes the document's bearer token.
    if operation["security"].is_null() {
        // A list of which the caller may read nothing is hidden like a thing that he may not read.
        can.extend(["401", "403", "404"]);
    }
    if operation["requestBody"].is_object() {
        can.extend(["415", "422"]);
    }
    if takes("query", None) {
        can.push("422");
    }
    if takes("header", Some("If-Match")) {
        can.extend(["412", "428"]);
    }
    if takes("header", Some("Keystead-At-Least")) {
        can.push("412");
    }
    if takes("header", Some("Idempotency-Key")) {
        can.push("422");
    }
    if method != "get" && path.starts_with("/api/") {
        can.push("409");
    }
    if takes("header", Some("If-None-Match")) {
        can.push("304");
    }
    let is_signed_write = method != "get" && operation["security"].is_null();
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut() {
        response["headers"]["X-Request-ID"] = request_id();
        if is_signed_write && status.starts_with('2') {
            response["headers"]["Keystead-Access-Version"] = access_version();
        }
        // An operation that explains a refusal in its own words still refuses like all others.
        if status.starts_with('4') && response["content"].is_null() {
            response["content"] = problem();
        }
    }
    for (status, name, _) in REFUSALS.iter().filter(|(status, ..)| can.contains(status)) {
        responses.entry(*status).or_insert_with(|| json!({"$ref": format!("#/components/responses/{name}")}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_follow_from_what_an_operation_takes() {
        let mut document = json!({
            "components": {},
            "paths": {
                "/api/v1/things/{id}": {
                    "get": {
                        "parameters": [{"in": "header", "name": "If-None-Match"}],
                        "responses": {"200": {"description": "It."}},
                    },
                    "patch": {
                        "parameters": [{"in": "header", "name": "If-Match"}],
                        "requestBody": {},
                        "responses": {"200": {"description": "It."}},
                    },
                },
                "/health/live": {"get": {"security": [{}], "responses": {"200": {"description": "Yes."}}}},
            },
        });
        complete(&mut document);
        let of = |path: &str, method: &str| {
            let responses = document["paths"][path][method]["responses"].as_object().unwrap();
            let mut all: Vec<&str> = responses.keys().map(String::as_str).collect();
            all.sort_unstable();
            all.join(" ")
        };
        assert_eq!(of("/api/v1/things/{id}", "get"), "200 304 400 401 403 404 408 413 500 503 504");
        assert_eq!(of("/api/v1/things/{id}", "patch"), "200 400 401 403 404 408 409 412 413 415 422 428 500 503 504");
        assert_eq!(of("/health/live", "get"), "200 400 408 413 500 503 504");
        let tells = |path: &str, method: &str| {
            document["paths"][path][method]["responses"]["200"]["headers"]["Keystead-Access-Version"].is_object()
        };
        assert!(tells("/api/v1/things/{id}", "patch") && !tells("/api/v1/things/{id}", "get"));
    }
}
