use std::{sync::Arc, time::Duration};

use proptest::prelude::*;
use tool_core::{
    AllowAll, CallContext, Clock, ErrorKind, Execution, ToolError, ToolExecutor, ToolRegistry, testing::ManualClock,
};
use tool_guard::{AdmittedExecutor, Quota, Rate, RateLimiter, RateLimits, RateLimitsBuilder};

use crate::scripted::{Bench, Script};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// An executor with limits, a clock moved by hand, and a tool that answers at once.
struct Limited {
    bench: Bench,
    clock: Arc<ManualClock>,
    rates: Arc<RateLimiter>,
    admitted: AdmittedExecutor<Arc<ToolRegistry>>,
}

impl Limited {
    fn new(limits: RateLimitsBuilder) -> Self {
        let bench = Bench::new(Script::Sleep(Duration::ZERO));
        let clock = Arc::new(ManualClock::new());
        let rates = Arc::new(RateLimiter::new(limits.build().unwrap()));
        let admitted = AdmittedExecutor::new(Arc::clone(&bench.registry), Arc::new(AllowAll::new()))
            .with_rates(Arc::clone(&rates))
            .with_clock(clock.clone());
        Self { bench, clock, rates, admitted }
    }

    fn ask(&self, tenant: &str, principal: &str) -> Result<(), ToolError> {
        self.admitted.admit(&self.bench.call(CallContext::new(tenant, principal))).map(drop)
    }

    fn asked(&self, tenant: &str, principal: &str) -> bool {
        self.ask(tenant, principal).is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn used_up_rate_denies_and_says_until_when() {
    let limited = Limited::new(RateLimits::builder().principal_rate(Rate::per_second(4).with_burst(1)));
    let call = || limited.admitted.execute(limited.bench.call(CallContext::new("acme", "ann")));
    call().await.unwrap();
    let error = call().await.unwrap_err();
    assert_eq!((error.kind(), error.execution()), (ErrorKind::Denied, Execution::NotExecuted));
    assert_eq!(error.retry_after(), Some(Duration::from_millis(250)));
    assert_eq!(
        error.to_string(),
        "`ann` may not call x.work: principal `ann` has used up its rate of 4 calls per 1s, 1 at once"
    );
    limited.clock.advance(Duration::from_millis(250));
    call().await.unwrap();
    assert_eq!((limited.bench.started(), limited.admitted.refusals().rate, limited.admitted.denied()), (2, 1, 1));
}

#[test]
fn used_up_quota_denies_until_the_window_ends() {
    let limited = Limited::new(RateLimits::builder().tenant_quota(Quota::new(2, HOUR)));
    assert!(limited.asked("acme", "ann"));
    limited.clock.advance(SECOND);
    assert!(limited.asked("acme", "bob"));
    let error = limited.ask("acme", "cy").unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Denied, Some(HOUR - SECOND)));
    assert_eq!(
        error.to_string(),
        "`cy` may not call x.work: tenant `acme` has used up its quota of 2 calls in each 3600s"
    );
    limited.clock.advance(HOUR - SECOND - Duration::from_nanos(1));
    assert!(!limited.asked("acme", "ann"));
    limited.clock.advance(Duration::from_nanos(1));
    assert!(limited.asked("acme", "ann"));
    assert_eq!((limited.admitted.refusals().quota, limited.admitted.refusals().rate), (2, 0));
}

#[test]
fn tenants_never_share_a_bucket() {
    let limits = RateLimits::builder().tenant_rate(Rate::per_second(1)).principal_rate(Rate::per_second(1));
    let limited = Limited::new(limits);
    for tenant in ["acme", "globex", "initech"] {
        assert!(limited.asked(tenant, "ann"));
        assert!(!limited.asked(tenant, "ann"));
    }
}

#[test]
fn refused_principal_uses_up_nothing_of_its_tenant() {
    let limits = RateLimits::builder().tenant_quota(Quota::new(2, HOUR)).principal_rate(Rate::new(1, HOUR));
    let limited = Limited::new(limits);
    assert!(limited.asked("acme", "ann"));
    for _ in 0..5 {
        assert!(!limited.asked("acme", "ann"));
    }
    assert!(limited.asked("acme", "bob"));
}

#[test]
fn refused_tenant_uses_up_nothing_of_its_principal() {
    let limits = RateLimits::builder().tenant_rate(Rate::per_second(1)).principal_quota(Quota::new(2, HOUR));
    let limited = Limited::new(limits);
    assert!(limited.asked("acme", "ann"));
    assert!(!limited.asked("acme", "ann"));
    limited.clock.advance(SECOND);
    assert!(limited.asked("acme", "ann"));
}

#[test]
fn denial_by_policy_uses_up_nothing() {
    let bench = Bench::new(Script::Hang);
    let rates = RateLimits::builder().tenant_quota(Quota::new(1, HOUR)).build().unwrap();
    let policy =
        tool_guard::AccessPolicy::builder().rule(tool_guard::AccessRule::deny().principals(["eve"])).build().unwrap();
    let admitted = AdmittedExecutor::new((), Arc::new(policy)).with_rates(Arc::new(RateLimiter::new(rates)));
    let ask = |who: &str| admitted.admit(&bench.call(CallContext::new("acme", who))).map(drop);
    assert!(ask("eve").is_err() && ask("ann").is_ok() && ask("ann").is_err());
    assert_eq!((admitted.refusals().policy, admitted.refusals().quota), (1, 1));
}

#[test]
fn steps_of_a_composition_use_up_nothing() {
    let limited = Limited::new(RateLimits::builder().tenant_quota(Quota::new(1, HOUR)));
    assert!(limited.asked("acme", "ann"));
    let inside = CallContext::new("acme", "ann").inside(&"compose.outer".parse().unwrap()).unwrap();
    for _ in 0..5 {
        assert!(limited.admitted.admit(&limited.bench.call(inside.clone())).is_ok());
    }
}

#[test]
fn longer_wait_is_told() {
    let limits = RateLimits::builder().tenant_rate(Rate::per_second(1)).principal_quota(Quota::new(1, HOUR));
    let limited = Limited::new(limits);
    assert!(limited.asked("acme", "ann"));
    let error = limited.ask("acme", "ann").unwrap_err();
    assert_eq!(error.retry_after(), Some(HOUR));
    assert!(error.to_string().contains("principal `ann` has used up its quota"), "{error}");
}

#[test]
fn newcomers_beyond_the_bound_share_and_are_counted() {
    let limits = RateLimits::builder().tenant_quota(Quota::new(2, HOUR)).max_tenants(2);
    let limited = Limited::new(limits);
    assert!(limited.asked("a", "x") && limited.asked("b", "x"));
    assert!(limited.asked("c", "x") && limited.asked("d", "x"));
    assert!(!limited.asked("e", "x"), "the shared bucket is used up");
    assert!(limited.asked("a", "x") && limited.asked("b", "x"), "those told apart keep their own");
    assert_eq!((limited.rates.tenants(), limited.rates.overflowed()), (2, 3));
    limited.clock.advance(HOUR);
    assert!(limited.asked("e", "x"), "the windows of the others are over: there is room");
    assert_eq!((limited.rates.tenants(), limited.rates.overflowed()), (1, 3));
}

#[test]
fn flood_of_principals_hurts_its_own_tenant_alone() {
    let limits = RateLimits::builder().principal_quota(Quota::new(1, HOUR)).max_principals(10);
    let limited = Limited::new(limits);
    let admitted = (0..1000).filter(|n| limited.asked("evil", &format!("p{n}"))).count();
    assert_eq!(admitted, 11, "ten of their own and one of the shared bucket");
    assert_eq!(limited.rates.principals(), 10);
    for n in 0..10 {
        assert!(limited.asked("acme", &format!("p{n}")));
    }
    assert_eq!(limited.rates.principals(), 20);
}

#[test]
fn idle_principals_are_forgotten() {
    let limited = Limited::new(RateLimits::builder().principal_rate(Rate::per_second(1)));
    for n in 0..100 {
        assert!(limited.asked("acme", &format!("p{n}")));
    }
    assert_eq!(limited.rates.principals(), 100);
    limited.clock.advance(Duration::from_secs(61));
    assert!(limited.asked("acme", "new"));
    assert_eq!(limited.rates.principals(), 1);
}

#[test]
fn used_quota_is_never_forgotten() {
    let limits = RateLimits::builder().principal_quota(Quota::new(1, HOUR)).max_principals(2);
    let limited = Limited::new(limits);
    assert!(limited.asked("acme", "ann"));
    for n in 0..50 {
        limited.clock.advance(Duration::from_secs(2));
        let _ = limited.ask("acme", &format!("p{n}"));
    }
    assert!(!limited.asked("acme", "ann"));
}

#[test]
fn many_threads_take_no_more_than_there_is() {
    let limits = RateLimits::builder().tenant_quota(Quota::new(500, HOUR)).principal_quota(Quota::new(200, HOUR));
    let limited = Limited::new(limits);
    let took = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (limited, took) = (&limited, &took);
            scope.spawn(move || {
                let own = (0..400).filter(|n| limited.asked("acme", &format!("p{}", (thread + n) % 4))).count();
                took.fetch_add(own, std::sync::atomic::Ordering::SeqCst);
            });
        }
    });
    assert_eq!(took.into_inner(), 500);
    assert_eq!(limited.admitted.refusals().total(), 1100);
}

#[track_caller]
fn refused(limits: RateLimitsBuilder, place: &str, message: &str) {
    let error = limits.build().unwrap_err();
    assert_eq!((error.place(), error.to_string().as_str()), (place, message));
}

#[test]
fn limits_out_of_bounds_are_refused() {
    let builder = RateLimits::builder;
    refused(
        builder().principal_rate(Rate::per_second(5).with_burst(0)),
        "principal_rate",
        "`principal_rate` allows 0 calls at once, but must allow at least 1",
    );
    refused(
        builder().tenant_rate(Rate::new(5, Duration::ZERO)),
        "tenant_rate",
        "`tenant_rate` has a time of 0s, but must have more",
    );
    refused(
        builder().tenant_quota(Quota::new(0, HOUR)),
        "tenant_quota",
        "`tenant_quota` allows 0 calls, but must allow at least 1",
    );
    refused(
        builder().principal_quota(Quota::new(1, 745 * HOUR)),
        "principal_quota",
        "`principal_quota` has a time of 2682000s, but must have at most 31 days",
    );
    refused(builder().max_tenants(0), "max_tenants", "`max_tenants` is 0, but must be 1 to 1000000");
    refused(
        builder().max_principals(1_000_001),
        "max_principals",
        "`max_principals` is 1000001, but must be 1 to 1000000",
    );
}

/// A quota and a rate by the book, kept for each name apart.
#[derive(Default)]
struct Book {
    taken: Vec<Duration>,
}

impl Book {
    /// Whether a quota of `calls` in windows of 10 s has room.
    fn has_room(&self, calls: usize, now: Duration) -> bool {
        let mut window: Vec<Duration> = Vec::new();
        for at in &self.taken {
            if window.first().is_some_and(|first| *at >= *first + 10 * SECOND) {
                window.clear();
            }
            window.push(*at);
        }
        window.first().is_none_or(|first| now >= *first + 10 * SECOND) || window.len() < calls
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Tenants and principals at random: admitted is who has room in both books, and only they are written in.
    #[test]
    fn limiter_does_as_the_books_say(steps in prop::collection::vec((0..3_usize, 0..3_usize, 0..3000_u64), 1..120)) {
        let quota = |calls| Quota::new(calls, 10 * SECOND);
        let limited = Limited::new(RateLimits::builder().tenant_quota(quota(5)).principal_quota(quota(3)));
        let (mut tenants, mut principals): ([Book; 3], [Book; 9]) = Default::default();
        let start = limited.clock.now();
        for (tenant, principal, step) in steps {
            limited.clock.advance(Duration::from_millis(step));
            let now = limited.clock.now() - start;
            let (own, all) = (&mut principals[tenant * 3 + principal], &mut tenants[tenant]);
            let expected = own.has_room(3, now) && all.has_room(5, now);
            prop_assert_eq!(limited.asked(&format!("t{tenant}"), &format!("p{principal}")), expected);
            if expected {
                own.taken.push(now);
                all.taken.push(now);
            }
        }
    }
}
