//! How often do other libraries hit, with their defaults?

use super::trace::Trace;

/// Returns the hits of quick_cache.
pub(super) fn quick_cache_hits(trace: &Trace, capacity: usize) -> usize {
    let cache = quick_cache::sync::Cache::new(capacity);
    let ask = |key: &&u64| {
        let hit = cache.get(*key).is_some();
        if !hit {
            cache.insert(**key, ());
        }
        hit
    };
    trace.keys.iter().filter(ask).count()
}

/// Returns the hits of moka at its own pace: it evicts after some dozens of insertions, and holds as many more until then.
///
/// Made to finish after each insertion, it would decide before a key can be asked for again, and hit a good deal less.
pub(super) fn moka_hits(trace: &Trace, capacity: usize) -> usize {
    let cache = moka::sync::Cache::new(capacity as u64);
    let ask = |key: &&u64| {
        let hit = cache.get(*key).is_some();
        if !hit {
            cache.insert(**key, ());
        }
        hit
    };
    trace.keys.iter().filter(ask).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::opt;

    #[test]
    fn nobody_beats_the_optimum() {
        let keys = (0..20_000_u64).map(|at| at * at % 1009 % (at % 700 + 1)).collect();
        let trace = Trace::new(keys);
        assert!((1..=opt::hits(&trace, 100)).contains(&quick_cache_hits(&trace, 100)));
        // It may hold more for a while.
        assert!((1..=opt::hits(&trace, 300)).contains(&moka_hits(&trace, 100)));
    }

    #[test]
    fn all_fits_all_hits_after_the_first() {
        let trace = Trace::new((0..3000).map(|at| at % 30).collect());
        assert_eq!(quick_cache_hits(&trace, 1000), 2970);
        assert_eq!(moka_hits(&trace, 1000), 2970);
    }
}
