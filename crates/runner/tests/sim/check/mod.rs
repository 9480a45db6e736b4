//! What must hold, whatever happened?

mod answers;
mod balance;
mod counts;
mod failures;
mod fresh;
mod limits;
mod once;
mod retries;
mod time;

use crate::trial::{Finding, Trial};

pub(crate) use time::overruns;

/// Returns everything that does not hold.
pub(crate) fn all(trial: &Trial) -> Vec<Finding> {
    let checks = [
        answers::check,
        balance::check,
        counts::check,
        failures::check,
        fresh::check,
        limits::check,
        once::check,
        retries::check,
        time::check,
    ];
    let found = checks.into_iter().flat_map(|check| check(trial));
    trial.findings.iter().cloned().chain(found).collect()
}
