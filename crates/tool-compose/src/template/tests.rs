use serde_json::json;

use super::*;

fn read(template: &Value) -> Template {
    let mut reader = Reader::default();
    let read = reader.read(template, "t");
    assert_eq!(reader.faults, []);
    read
}

#[track_caller]
fn check(template: &Value, expected: impl Into<Option<Value>>) {
    let params = json!({"n": 5, "text": "it's", "list": [1, 2], "null": null, "obj": {"k": true}});
    let inputs = Inputs { params: &params, done: &[] };
    assert_eq!(read(template).render(&inputs).unwrap(), expected.into(), "{template}");
}

#[test]
fn whole_reference_keeps_its_type() {
    check(&json!("${params.n}"), json!(5));
    check(&json!({"a": ["${params.obj}"]}), json!({"a": [{"k": true}]}));
}

#[test]
fn mixed_text_is_a_text() {
    check(&json!("n=${params.n}, ${params.text}"), json!("n=5, it's"));
    check(&json!("${params.list}${params.obj.k}"), json!("[1,2]true"));
    check(&json!("${params.nope ?? \"-\"}!"), json!("-!"));
}

#[test]
fn omitted_value_takes_its_key() {
    check(&json!({"a": "${params.nope?}", "b": 1}), json!({"b": 1}));
    check(&json!({"a": "${params.null?}"}), json!({}));
    check(&json!(["${params.nope?}", "${params.n?}"]), json!([5]));
    check(&json!("${params.nope?}"), None);
}

#[test]
fn spread_gives_items_to_its_list() {
    check(&json!(["${...params.list}", 3, "${...params.list}"]), json!([1, 2, 3, 1, 2]));
    check(&json!(["${...params.nope?}", "${...params.nope ?? [9]}"]), json!([9]));
}

#[test]
fn spread_of_no_list_is_an_error() {
    let inputs = Inputs { params: &json!({"n": 5}), done: &[] };
    let error = read(&json!(["${...params.n}"])).render(&inputs).unwrap_err();
    assert_eq!(error.to_string(), "`${...params.n}` expects a list");
}

#[test]
fn default_stands_for_absent_and_null() {
    check(&json!("${params.nope ?? []}"), json!([]));
    check(&json!("${params.null ?? 7}"), json!(7));
    check(&json!("${params.n ?? 7}"), json!(5));
}

#[test]
fn dollars_that_begin_nothing_stay() {
    check(&json!("$5 and $${params.n} and }"), json!("$5 and ${params.n} and }"));
    check(&json!(""), json!(""));
}

#[test]
fn literal_parts_are_settled_once() {
    assert_eq!(read(&json!({"a": [1, {"b": "x"}]})), Template::Literal(json!({"a": [1, {"b": "x"}]})));
}

#[track_caller]
fn check_fault(template: &Value, kind: FaultKind, place: &str) {
    let mut reader = Reader::default();
    reader.read(template, "t");
    let found: Vec<_> = reader.faults.iter().map(|fault| (fault.kind, fault.place.as_str())).collect();
    assert_eq!(found, [(kind, place)]);
}

#[test]
fn faults_name_their_place() {
    check_fault(&json!({"a": [1, "${oops}"]}), FaultKind::BadReference, "t.a[1]");
    check_fault(&json!({"${params.n}": 1}), FaultKind::BadReference, "t.${params.n}");
    check_fault(&json!("x${params.n?}"), FaultKind::BadReference, "t");
}

#[test]
fn nesting_is_bounded() {
    let deep = (0..MAX_DEPTH + 2).fold(json!(1), |inner, _| json!([inner]));
    let mut reader = Reader::default();
    reader.read(&deep, "t");
    assert_eq!(reader.faults[0].kind, FaultKind::OutOfBounds);
}

#[test]
fn spread_stands_alone_in_a_list() {
    check_fault(&json!(["${...params.list} and more"]), FaultKind::BadReference, "t[0]");
    check_fault(&json!({"a": "${...params.list}"}), FaultKind::BadReference, "t.a");
}
