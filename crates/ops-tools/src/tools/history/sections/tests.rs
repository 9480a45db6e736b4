use super::detect_section;
use crate::estate::WorkKind::{self, Maintenance, Work};

#[track_caller]
fn check(question: &str, expected: Option<WorkKind>) {
    assert_eq!(detect_section(question), expected, "{question}");
}

#[test]
fn english_words_name_a_history() {
    check("Was there MAINTENANCE on db-orders?", Some(Maintenance));
    check("what changed before the incident", Some(Work));
    check("which deployments were made?", Some(Work));
}

#[test]
fn korean_words_name_a_history() {
    check("지난주 점검이력을 보여줘", Some(Maintenance));
    check("최근 작업은?", Some(Work));
}

#[test]
fn both_or_neither_mean_both() {
    check("work and maintenance of last week", None);
    check("what about the network?", None);
    check("", None);
}
