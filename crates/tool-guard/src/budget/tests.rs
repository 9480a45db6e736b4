use proptest::prelude::*;
use tool_core::{Clock, testing::ManualClock};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn budget(share: f64, floor: f64) -> (Budget, Instant) {
    let start = ManualClock::new().now();
    (Budget::new(share, floor, 10 * SECOND, start), start)
}

#[test]
fn fifth_of_the_calls_is_granted() {
    let (budget, now) = budget(0.2, 0.0);
    for _ in 0..50 {
        budget.pay_in(now);
    }
    assert_eq!((0..50).filter(|_| budget.draw(now)).count(), 10);
}

#[test]
fn floor_grants_one_at_once() {
    let (budget, now) = budget(0.2, 1.0);
    assert!(budget.draw(now));
    assert!(!budget.draw(now + SECOND / 2));
    assert!(budget.draw(now + 2 * SECOND));
}

#[test]
fn without_floor_nothing_is_free() {
    let (budget, now) = budget(0.2, 0.0);
    assert!(!budget.draw(now + 9 * SECOND));
}

#[test]
fn old_calls_grant_nothing() {
    let (budget, now) = budget(1.0, 0.0);
    budget.pay_in(now);
    assert!(!budget.draw(now + 10 * SECOND));
    budget.pay_in(now + 10 * SECOND);
    assert!(budget.draw(now + 10 * SECOND));
}

#[test]
fn all_down_at_a_hundred_times_the_floor_is_121_percent() {
    let (budget, start) = budget(0.2, 1.0);
    let mut made = 0u32;
    for call in 1..=10_000u32 {
        let now = start + SECOND * call / 100;
        budget.pay_in(now);
        // Each call fails, and wants two more attempts.
        made += 1 + u32::from(budget.draw(now)) + u32::from(budget.draw(now));
        assert!(call < 100 || f64::from(made) <= 1.21 * f64::from(call) + 1e-6, "{made} for {call}");
    }
    assert!(made > 12_000);
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Call,
    Draw,
    Wait(u64),
}

proptest! {
    /// Against the definition: over all time, and over the window, never more than the share and the floor grant.
    #[test]
    fn never_over_the_budget(ops in proptest::collection::vec(
        prop_oneof![Just(Op::Call), Just(Op::Draw), (0u64..3000).prop_map(Op::Wait)], 1..300,
    )) {
        let (budget, start) = budget(0.2, 1.0);
        let (mut now, mut calls, mut drawn) = (start, Vec::new(), Vec::new());
        for op in ops {
            match op {
                Op::Call => { budget.pay_in(now); calls.push(now); }
                Op::Draw if budget.draw(now) => {
                    drawn.push(now);
                    let within = |span: Duration, all: &[Instant]| all.iter().filter(|at| now - **at <= span).count();
                    let recent = 0.2 * within(10 * SECOND, &calls) as f64 + 10.0 + 1e-6;
                    prop_assert!(within(9 * SECOND, &drawn) as f64 <= recent);
                    let ever = 0.2 * calls.len() as f64 + (now - start).as_secs_f64().max(1.0) + 1e-6;
                    prop_assert!(drawn.len() as f64 <= ever);
                }
                Op::Draw => {}
                Op::Wait(millis) => now += Duration::from_millis(millis),
            }
        }
    }
}
