//! Is every answer young enough?

use std::time::Duration;

use runner::tool_core::{Origin, Scope};

use super::answers::{self, Answer};
use crate::{
    fault::Fault,
    record::{Certainty, Upheaval},
    tools::SHORT_LIFE,
    trial::{Finding, Trial},
    world::Target,
};

/// What two readings of the clock may differ by.
const GRAIN: Duration = Duration::from_millis(1);

pub(crate) fn check(trial: &Trial) -> Vec<Finding> {
    answers::all(trial).flat_map(|answer| judge(trial, answer)).collect()
}

fn judge(trial: &Trial, answer: Answer<'_>) -> Vec<Finding> {
    let Answer { call, asked, run, origin, age, .. } = answer;
    let mut findings = Vec::new();
    let mut found = |invariant, what: String| {
        let what = format!("call {} got run {} ({origin:?}): {what}", asked.call, run.id);
        findings.push(Finding::new(invariant, what).about(asked.tool));
    };
    if run.generation < asked.generation {
        found("no_answer_of_an_old_source", format!("of generation {}, now {}", run.generation, asked.generation));
    }
    let outdated = |upheaval: &&Upheaval| {
        upheaval.certainty == Certainty::Sure
            && upheaval.by.order < call.started.order
            && run.started.order < upheaval.after.order
            && concerns(trial, answer, upheaval)
    };
    if let Some(upheaval) = trial.upheavals.iter().find(outdated) {
        found("no_answer_older_than_an_invalidation", format!("{:?} had been made stale", upheaval.target));
    }
    let (Some(ended), Some(stored)) = (call.ended, run.ended) else { return findings };
    let (least, most) = (call.started.at.saturating_sub(stored.at), ended.at.saturating_sub(stored.at));
    let real = if origin.is_cached() { least..=most } else { Duration::ZERO..=Duration::ZERO };
    if age + GRAIN < *real.start() || age > *real.end() + GRAIN {
        found("age_is_true", format!("it says {age:?}, and is {real:?} old"));
    }
    if !origin.is_cached() {
        return findings;
    }
    let life = life(trial, answer);
    if age >= life && origin == Origin::Hit {
        found("no_hit_past_its_time", format!("{age:?} old, good for {life:?}"));
    }
    let stale = trial.world.settings.cache.stale();
    let stale = asked.max_stale.map_or(stale, |own| own.min(stale));
    if age >= life + stale && origin == Origin::Stale {
        found("stale_only_by_policy", format!("{age:?} old, good for {life:?} and {stale:?} more"));
    }
    if age >= trial.world.settings.cache.hard_ttl {
        found("stale_only_by_policy", format!("{age:?} old, nothing may be"));
    }
    if asked.max_age.is_some_and(|most| least > most) {
        found("cache_control_is_obeyed", format!("{least:?} old, asked for {:?}", asked.max_age));
    }
    findings
}

/// Returns how long an answer is fresh at most.
fn life(trial: &Trial, Answer { asked, run, failure, .. }: Answer<'_>) -> Duration {
    let rule = trial.world.ttl(asked.tool);
    match (failure, run.fault) {
        (Some(_), _) => rule.min(trial.world.settings.cache.negative_ttl),
        (None, Some(Fault::ShortLived)) => rule.min(SHORT_LIFE),
        (None, _) => rule,
    }
}

/// Returns whether something made stale what an answer would otherwise be.
fn concerns(trial: &Trial, Answer { asked, .. }: Answer<'_>, upheaval: &Upheaval) -> bool {
    let plan = &trial.world.tools[asked.tool];
    match upheaval.target {
        Target::Tool(tool) => tool == asked.tool,
        Target::Tag(tag) => plan.tag == Some(tag),
        Target::All => true,
        Target::Key { tool, tenant, principal, n } => {
            let theirs = match plan.scope {
                Scope::Principal => tenant == asked.tenant && principal == asked.principal,
                Scope::Tenant => tenant == asked.tenant,
                Scope::Shared => true,
            };
            tool == asked.tool && n == asked.n && theirs
        }
    }
}
