use serde_json::json;

use super::*;

fn field(name: &str) -> Segment {
    Segment::Field(name.to_owned())
}

#[track_caller]
fn check(text: &str, root: Root, path: &[Segment], missing: &Missing, rest: &str) {
    let (reference, behind) = parse(text).unwrap();
    assert_eq!((reference.root, reference.path.as_slice(), &reference.missing, behind), (root, path, missing, rest));
}

#[test]
fn paths_are_read() {
    let step = || Root::Step("find".to_owned());
    check(
        "steps.find.output.records[*].ci_id} and",
        step(),
        &[field("records"), Segment::Each, field("ci_id")],
        &Missing::Fail,
        " and",
    );
    check(r#"steps.find.output["a ]b"][ 12 ]}"#, step(), &[field("a ]b"), Segment::Index(12)], &Missing::Fail, "");
    check("params.größe}", Root::Param("größe".to_owned()), &[], &Missing::Fail, "");
}

#[test]
fn gaps_are_read() {
    let param = || Root::Param("x".to_owned());
    check("params.x?}", param(), &[], &Missing::Omit, "");
    check("params.x.y ? }z", param(), &[field("y")], &Missing::Omit, "z");
    check(r#"params.x ?? {"a": "}"} }"#, param(), &[], &Missing::Default(json!({"a": "}"})), "");
    check("params.x ??[]}", param(), &[], &Missing::Default(json!([])), "");
}

#[track_caller]
fn check_refused(text: &str, reason: &str) {
    let error = parse(text).unwrap_err();
    assert!(error.contains(reason), "{text}: {error}");
}

#[test]
fn what_is_no_path_is_refused() {
    check_refused("", "a name is missing");
    check_refused("env.HOME}", "begins with `params.` or `steps.`");
    check_refused("params}", "a parameter's name is missing");
    check_refused("steps.a}", "`output` is missing");
    check_refused("steps.a.result}", "a step has `output`");
    check_refused("params.x", "`${` is not closed");
    check_refused("params.x[1}", "`[` is not closed");
    check_refused("params.x[-1]}", "`[-1]` is no index");
    check_refused("params.x[\"a}", "a quoted name is not closed");
    check_refused("params.x..y}", "a field's name is missing");
    check_refused("params.x + 1}", "`+` is not expected");
    check_refused("params.x ?? }", "`??` is followed by a JSON value");
}

#[test]
fn reference_shows_as_written() {
    let (reference, _) = parse(r#"steps.a.output.b[0][*]["c d"]}"#).unwrap();
    assert_eq!(reference.to_string(), r#"steps.a.output.b[0][*]["c d"]"#);
}
