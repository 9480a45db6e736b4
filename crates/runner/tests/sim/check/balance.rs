//! Has everything ended, and is everything given back?

use crate::trial::{Finding, Trial};

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    let mut findings = Vec::new();
    for call in trial.calls.iter().filter(|call| call.outcome.is_none()) {
        let what = format!("call {} has no outcome", call.asked.call);
        findings.push(Finding::new("one_outcome_per_call", what).about(call.asked.tool));
    }
    let left = trial.leftovers;
    if (left.tasks, left.runs, left.in_flight) != (0, 0, 0) {
        findings.push(Finding::new("nothing_is_left_over", format!("{left:?}")));
    }
    findings
}
