//! Would the simulation see a defect?

use crate::args::Args;

/// Whether a defect was noticed.
#[derive(Debug, Clone)]
pub(crate) struct Caught {
    pub(crate) bug: &'static str,
    /// By which seed.
    pub(crate) seed: Option<u64>,
    /// As what.
    pub(crate) invariant: Option<&'static str>,
}

/// Within how many seeds a defect must be noticed.
#[cfg(planted)]
const MOST: u64 = 1000;

/// Switches each defect on in turn and runs seeds until one fails.
#[cfg(planted)]
pub(crate) fn all(args: Args) -> Result<Vec<Caught>, String> {
    use runner::tool_core::planted::{Bug, plant};

    use crate::campaign::{Campaign, Until};

    let seeds = args.seeds.min(MOST);
    let campaign = Campaign { first: args.first, seeds, threads: args.threads, until: Until::OneFailed };
    let hunt = |bug: &Bug| {
        plant(Some(*bug));
        let found = campaign.run();
        let first = found.failures.first();
        Caught {
            bug: bug.as_str(),
            seed: first.map(|failure| failure.seed),
            invariant: first.map(|failure| failure.invariant),
        }
    };
    let caught = Bug::ALL.iter().map(hunt).collect();
    plant(None);
    Ok(caught)
}

/// Says that there is nothing to switch on.
#[cfg(not(planted))]
pub(crate) fn all(_args: Args) -> Result<Vec<Caught>, String> {
    Err("this build has no planted defects: `cargo xtask sim --planted` makes one that has".to_owned())
}
