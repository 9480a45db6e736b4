//! How are parameters typed?

use std::io::Read;

use runner::tool_core::{ErrorKind, Params, ToolError, nearest};
use serde_json::{Map, Value};

use crate::{cli::ParamArgs, exit::CliError};

/// The largest parameter file or standard input that is read, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Collects parameters: all of `--params`, then each `-p` over it; `schema` is the tool's input schema.
pub(crate) fn collect(args: &ParamArgs, schema: &Value) -> Result<Params, CliError> {
    let mut map = match &args.params {
        Some(whole) => object(whole)?,
        None => Map::new(),
    };
    let mut wrong = Vec::new();
    for pair in &args.param {
        match pair.split_once('=') {
            Some((key, text)) => drop(map.insert(key.to_owned(), value(text, &schema["properties"][key]))),
            None => wrong.push(format!("`-p {pair}` has no `=`: expected KEY=VALUE")),
        }
    }
    if wrong.is_empty() { Ok(map.into()) } else { Err(CliError::bad_input(wrong.join("\n  "))) }
}

/// How the schema's own word about unknown parameters begins; a hint says it better.
const UNDECLARED: &str = "expected only declared fields";

/// Adds to an error about parameters what the names may have meant that the schema does not know.
pub(crate) fn explain(error: ToolError, params: &Params, schema: &Value) -> CliError {
    let hints: Vec<String> = match (error.kind(), schema["properties"].as_object(), params.as_value().as_object()) {
        (ErrorKind::InvalidParams, Some(known), Some(given)) => {
            given.keys().filter(|key| !known.contains_key(*key)).map(|key| hint(key, known)).collect()
        }
        _ => Vec::new(),
    };
    let error = if hints.is_empty() { CliError::from(error) } else { CliError::from(error).without_line(UNDECLARED) };
    hints.iter().fold(error, |error, hint| error.with_line(hint))
}

fn hint(key: &str, known: &Map<String, Value>) -> String {
    let near = nearest(key, known.keys().map(String::as_str), 3);
    if near.is_empty() {
        let all: Vec<&str> = known.keys().map(String::as_str).collect();
        return format!("there is no parameter `{key}`: there are {}", all.join(", "));
    }
    format!("there is no parameter `{key}`: did you mean {}?", near.join(" or "))
}

fn object(whole: &str) -> Result<Map<String, Value>, CliError> {
    let (name, text) = match whole.strip_prefix('@') {
        Some(path) => (path, read_file(path)?),
        None if whole == "-" => ("standard input", read_stdin()?),
        None => ("--params", whole.to_owned()),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(CliError::bad_input(format!("{name}: expected a JSON object"))),
        Err(error) => Err(CliError::bad_input(format!("{name} is not JSON: {error}"))),
    }
}

/// Reads a file of bounded size.
pub(crate) fn read_file(path: &str) -> Result<String, CliError> {
    let file =
        std::fs::File::open(path).map_err(|error| CliError::bad_input(format!("{path} cannot be read: {error}")))?;
    bounded(file, path)
}

/// Reads standard input of bounded size.
pub(crate) fn read_stdin() -> Result<String, CliError> {
    bounded(std::io::stdin().lock(), "standard input")
}

fn bounded(source: impl Read, name: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    source
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::bad_input(format!("{name} cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CliError::bad_input(format!("{name} is larger than 4 MiB")));
    }
    String::from_utf8(bytes).map_err(|_| CliError::bad_input(format!("{name} is not UTF-8 text")))
}

/// Reads one value as its schema wants it: text stays text where text is wanted, a list may be written with commas.
fn value(text: &str, schema: &Value) -> Value {
    let wanted = schema["type"].as_str().unwrap_or_default();
    if wanted == "string" {
        return Value::from(text);
    }
    match serde_json::from_str(text) {
        Ok(Value::Array(list)) => Value::Array(list),
        Ok(one) if wanted != "array" => one,
        _ if wanted == "array" => text.split(',').map(|part| value(part.trim(), &schema["items"])).collect(),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(pairs: &[&str], whole: Option<&str>, expected: Value) {
        let schema = json!({"properties": {
            "code": {"type": "string"}, "limit": {"type": "integer"}, "range": {},
            "keywords": {"type": "array", "items": {"type": "string"}},
        }, "additionalProperties": false});
        let param = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        let args = ParamArgs { param, params: whole.map(str::to_owned) };
        let expected = Params::try_from(expected).unwrap();
        assert_eq!(collect(&args, &schema).unwrap(), expected);
    }

    #[test]
    fn values_follow_the_schema() {
        check(&["code=123", "limit=5"], None, json!({"code": "123", "limit": 5}));
        check(&["keywords=db,1"], None, json!({"keywords": ["db", "1"]}));
        check(&["keywords=[\"a,b\"]"], None, json!({"keywords": ["a,b"]}));
        check(&["range={\"from\":1}"], None, json!({"range": {"from": 1}}));
        check(&["range=last_1h"], None, json!({"range": "last_1h"}));
        check(&["limit=many"], None, json!({"limit": "many"}));
        check(&["limit=7"], Some(r#"{"limit": 5, "code": "x"}"#), json!({"limit": 7, "code": "x"}));
    }

    #[test]
    fn typo_names_the_nearest_parameter() {
        let schema = json!({"properties": {"metric_name": {}}, "additionalProperties": false});
        let params = Params::try_from(json!({"metric_nam": 1})).unwrap();
        let error = explain(ToolError::new(ErrorKind::InvalidParams, "bad"), &params, &schema);
        assert_eq!(error.to_string(), "bad\n  there is no parameter `metric_nam`: did you mean metric_name?");
    }

    #[test]
    fn every_malformed_pair_is_told() {
        let args = ParamArgs { param: vec!["a".to_owned(), "b=1".to_owned(), "c".to_owned()], params: None };
        let error = collect(&args, &json!({})).unwrap_err().to_string();
        assert!(error.contains("`-p a`") && error.contains("`-p c`"), "{error}");
    }
}
