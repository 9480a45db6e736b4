use serde_json::{Value, json};

use super::{Op, compare};

/// Checks the six operators in the order `> < >= <= == !=`; `-` is "does not compare".
#[track_caller]
fn check(left: &Value, right: &Value, expected: &str) {
    let shown: String = Op::NAMES
        .iter()
        .map(|(_, op)| match compare(left, *op, right) {
            Ok(true) => 'y',
            Ok(false) => 'n',
            Err(_) => '-',
        })
        .collect();
    assert_eq!(shown, expected, "{left} with {right}");
}

#[test]
fn numbers_have_an_order() {
    check(&json!(2), &json!(1), "ynynny");
    check(&json!(1), &json!(1.0), "nnyyyn");
    check(&json!(-0.5), &json!(0), "nynyny");
}

#[test]
fn numeric_text_counts_beside_a_number() {
    check(&json!("80.5"), &json!(80), "ynynny");
    check(&json!(80), &json!(" 80 "), "nnyyyn");
    check(&json!("80"), &json!("80.0"), "nnyyny");
}

#[test]
fn text_is_equal_or_not() {
    check(&json!("up"), &json!("up"), "----yn");
    check(&json!("up"), &json!("down"), "----ny");
    check(&json!(true), &json!(true), "----yn");
}

#[test]
fn unlike_types_do_not_compare() {
    for (left, right) in [
        (json!("up"), json!(1)),
        (json!(null), json!(1)),
        (json!(true), json!(1)),
        (json!([1]), json!(1)),
        (json!("NaN"), json!(1)),
        (json!("inf"), json!(1)),
        (json!(true), json!("true")),
    ] {
        check(&left, &right, "------");
    }
}

#[test]
fn large_whole_numbers_compare_exactly() {
    check(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64), "ynynny");
    check(&json!(u64::MAX), &json!(i64::MIN), "ynynny");
}
