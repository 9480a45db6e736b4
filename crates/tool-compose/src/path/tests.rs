use serde_json::json;

use super::*;
use crate::reference::parse;

fn path(text: &str) -> Vec<Segment> {
    parse(&format!("params.x{text}}}")).unwrap().0.path
}

fn sample() -> Value {
    json!({
        "total": 2,
        "none": null,
        "records": [
            {"id": "a", "tags": ["x", "y"]},
            {"id": null, "tags": []},
            {"tags": ["z"]},
        ],
    })
}

#[track_caller]
fn check(text: &str, gaps: Gaps, expected: Option<Value>) {
    assert_eq!(find(&sample(), &path(text), gaps), Ok(expected), "{text}");
}

#[test]
fn values_keep_their_type() {
    check(".total", Gaps::Fail, Some(json!(2)));
    check(".records[0].tags", Gaps::Fail, Some(json!(["x", "y"])));
    check(".none", Gaps::Fail, Some(Value::Null));
    check("", Gaps::Fail, Some(sample()));
}

#[test]
fn each_gives_one_flat_list() {
    check(".records[*].tags[*]", Gaps::Fail, Some(json!(["x", "y", "z"])));
    check(".records[*].tags", Gaps::Fail, Some(json!([["x", "y"], [], ["z"]])));
    check(".records[1].tags[*]", Gaps::Fail, Some(json!([])));
}

#[test]
fn gaps_are_left_out() {
    check(".none", Gaps::LeaveOut, None);
    check(".none.deeper", Gaps::LeaveOut, None);
    check(".absent[*].id", Gaps::LeaveOut, None);
    check(".records[9]", Gaps::LeaveOut, None);
    check(".records[*].id", Gaps::LeaveOut, Some(json!(["a"])));
}

#[track_caller]
fn check_miss(text: &str, gaps: Gaps, place: &str, message: &str) {
    let miss = find(&sample(), &path(text), gaps).unwrap_err();
    assert_eq!((miss.place.as_str(), miss.to_string().as_str()), (place, message));
}

#[test]
fn miss_says_what_is_there() {
    check_miss(".recods", Gaps::Fail, ".recods", "is missing: there is an object with `none`, `records`, `total`");
    check_miss(".records[*].id", Gaps::Fail, ".records[2].id", "is missing: there is an object with `tags`");
    check_miss(".records[7].id", Gaps::Fail, ".records[7]", "is missing: there is a list of 3");
}

#[test]
fn wrong_shape_is_never_left_out() {
    check_miss(".total.x", Gaps::LeaveOut, ".total.x", "expects an object: there is a number");
    check_miss(".total[*].x", Gaps::LeaveOut, ".total[*]", "expects a list: there is a number");
    check_miss(".records[*].tags.x", Gaps::LeaveOut, ".records[0].tags.x", "expects an object: there is a list of 2");
}

#[test]
fn miss_shows_no_values() {
    let many: serde_json::Map<String, Value> = (0..20).map(|n| (format!("k{n:02}"), json!("s3cret"))).collect();
    let miss = find(&Value::Object(many), &path(".x"), Gaps::Fail).unwrap_err().to_string();
    assert!(miss.ends_with("`k07`, …") && !miss.contains("s3cret"), "{miss}");
}
