use super::*;

const SECOND: Duration = Duration::from_secs(1);
const WINDOWS: Windows = Windows {
    while_revalidate: Duration::from_secs(20),
    if_error: Duration::from_secs(60),
    hard_ttl: Duration::from_secs(1_000_000),
    early_refresh: 0.0,
};

fn start() -> Moment {
    Moment::from_nanos(0)
}

/// An answer that is fresh for 10 s, served stale for 20 s more, and in place of an error for 60 s.
fn span() -> Span {
    Span::new(start(), Duration::ZERO, 10 * SECOND, &WINDOWS).unwrap()
}

fn judge(span: &Span, at: u32, wish: Wish) -> Verdict {
    span.judge(start().plus(at * SECOND), wish, &WINDOWS, Duration::ZERO, 0)
}

#[track_caller]
fn check(wish: Wish, expected: [(u32, Verdict); 5]) {
    let found = expected.map(|(at, _)| (at, judge(&span(), at, wish)));
    assert_eq!(found, expected);
}

#[test]
fn windows_follow_each_other() {
    let expected = [
        (9, Verdict::Fresh),
        (10, Verdict::StaleAndDue),
        (29, Verdict::StaleAndDue),
        (30, Verdict::Spare),
        (70, Verdict::Over),
    ];
    check(Wish::default(), expected);
}

#[test]
fn caller_tightens_and_loosens_within_policy() {
    let most = |seconds: u32| Wish { max_stale: Some(seconds * SECOND), ..Wish::default() };
    let none = [
        (9, Verdict::Fresh),
        (10, Verdict::Unwanted),
        (29, Verdict::Unwanted),
        (30, Verdict::Unwanted),
        (70, Verdict::Over),
    ];
    check(most(0), none);
    let five = [
        (9, Verdict::Fresh),
        (14, Verdict::StaleAndDue),
        (15, Verdict::Unwanted),
        (30, Verdict::Unwanted),
        (70, Verdict::Over),
    ];
    check(most(5), five);
    let all = [
        (9, Verdict::Fresh),
        (29, Verdict::StaleAndDue),
        (30, Verdict::StaleAndDue),
        (69, Verdict::StaleAndDue),
        (70, Verdict::Over),
    ];
    check(most(1000), all);
}

#[test]
fn too_old_for_one_is_kept_for_others() {
    let young = Wish { max_age: Some(5 * SECOND), ..Wish::default() };
    assert_eq!(judge(&span(), 5, young), Verdict::Fresh);
    assert_eq!(judge(&span(), 6, young), Verdict::Unwanted);
}

#[test]
fn failed_load_is_not_repeated_at_once() {
    let span = span();
    span.retry_after(start().plus(40 * SECOND));
    assert_eq!(judge(&span, 12, Wish::default()), Verdict::Stale);
    assert_eq!(judge(&span, 35, Wish::default()), Verdict::Stale);
    assert_eq!(judge(&span, 40, Wish::default()), Verdict::Spare);
}

#[test]
fn hard_lifetime_ends_everything() {
    let windows = Windows { hard_ttl: 15 * SECOND, ..WINDOWS };
    let span = Span::new(start(), 4 * SECOND, 60 * SECOND, &windows).unwrap();
    let at = |second: u32| span.judge(start().plus(second * SECOND), Wish::default(), &windows, Duration::ZERO, 0);
    assert_eq!((at(10), at(11)), (Verdict::Fresh, Verdict::Over));
    assert!(Span::new(start(), 15 * SECOND, SECOND, &windows).is_none(), "it is over before it begins");
}

#[test]
fn early_refresh_needs_a_cost() {
    let windows = Windows { early_refresh: 1.0, ..WINDOWS };
    let span = Span::new(start(), Duration::ZERO, 10 * SECOND, &windows).unwrap();
    let due = |cost: Duration, seed: u64| {
        span.judge(start().plus(9 * SECOND), Wish::default(), &windows, cost, seed) == Verdict::FreshAndDue
    };
    assert!((0..1000).all(|seed| !due(Duration::ZERO, seed)));
    let share = (0..10_000).filter(|seed| due(SECOND, *seed)).count();
    // exp(-1) of 10,000
    assert!((3400..3960).contains(&share), "{share}");
}

#[test]
fn jitter_only_shortens_and_repeats() {
    let cut = |seed| jittered(100 * SECOND, 0.2, seed);
    let all: Vec<Duration> = (0..10_000).map(cut).collect();
    assert!(all.iter().all(|ttl| *ttl > 80 * SECOND - SECOND / 1000 && *ttl < 100 * SECOND));
    for second in 80..100 {
        let within = all.iter().filter(|ttl| ttl.as_secs() == second).count();
        assert!((400..600).contains(&within), "{second}: {within}");
    }
    assert_eq!(cut(7), cut(7));
    assert_eq!(jittered(SECOND, 0.0, 7), SECOND);
}
