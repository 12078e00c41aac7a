//! What holds of every text in a query, said once instead of at every parameter.

use serde_json::{Value, json};

/// No text holds the NUL character: PostgreSQL keeps none.
const NO_NUL: &str = r"^[^\u0000]*$";

/// Says it of every text in a query that the document does not know more of.
pub(super) fn complete(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    let parameters = operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
        let schema = &mut parameter["schema"];
        let is_told = ["format", "enum", "pattern"].iter().any(|key| !schema[*key].is_null());
        if schema["type"] == "string" && !is_told {
            schema["pattern"] = json!(NO_NUL);
        }
    }
}
