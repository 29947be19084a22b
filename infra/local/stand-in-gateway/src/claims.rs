//! Claims in the form in which a function gets them.

use serde_json::{Map, Value};

/// Every claim as a string. Lists are written in brackets without commas, so that a list of one is not that one.
pub(crate) fn as_strings(claims: &Map<String, Value>) -> Map<String, Value> {
    let strings = claims
        .iter()
        .map(|(name, value)| (name.clone(), Value::String(text(value))));
    strings.collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(text).collect();
            format!("[{}]", values.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_one_role_is_not_that_role() {
        let claims =
            json!({"role": ["admin"], "roles": ["admin", "owner"], "tenant": "acme", "exp": 17, "is": true});
        let expected = json!({
            "role": "[admin]", "roles": "[admin owner]", "tenant": "acme", "exp": "17", "is": "true",
        });
        assert_eq!(Value::Object(as_strings(claims.as_object().unwrap())), expected);
    }
}
