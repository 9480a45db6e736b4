use proptest::prelude::*;
use tool_core::{Clock, testing::ManualClock};

use super::{super::group::Groups, *};
use crate::BreakerWindow;

const SECOND: Duration = Duration::from_secs(1);

/// Judges by the last 4 calls, two failures or four slow ones being too much; opens for 5 s up to 60 s.
fn policy() -> BreakerPolicy {
    BreakerPolicy::default().window(BreakerWindow::Calls(4)).min_calls(4)
}

struct Bench {
    machine: Machine,
    random: Random,
    now: Instant,
}

impl Bench {
    fn new(policy: BreakerPolicy) -> Self {
        let now = ManualClock::new().now();
        Self { machine: Machine::new(policy, None, now), random: Random::seeded(1), now }
    }

    fn pass(&mut self) -> Ticket {
        self.machine.admit(self.now).unwrap()
    }

    fn tell(&mut self, ticket: Ticket, verdict: Verdict) -> Change {
        self.machine.settle(self.now, ticket, verdict, &self.random)
    }

    fn call(&mut self, verdict: Verdict) -> Change {
        let ticket = self.pass();
        self.tell(ticket, verdict)
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
    }

    fn state(&self) -> BreakerState {
        self.machine.status(self.now).state
    }

    /// Opened by four failures.
    fn opened(policy: BreakerPolicy) -> Self {
        let mut bench = Self::new(policy);
        for _ in 0..4 {
            bench.call(Verdict::Bad);
        }
        assert_eq!(bench.state(), BreakerState::Open);
        bench
    }

    /// Opened, and its time is over.
    fn due(policy: BreakerPolicy) -> Self {
        let mut bench = Self::opened(policy);
        bench.wait(5 * SECOND);
        bench
    }
}

#[track_caller]
fn check_opens(verdicts: &[Verdict], expected: bool) {
    let mut bench = Bench::new(policy());
    let last = verdicts.iter().map(|verdict| bench.call(*verdict)).last();
    assert_eq!((last == Some(Change::Opened), bench.state() == BreakerState::Open), (expected, expected));
}

#[test]
fn share_of_enough_calls_opens() {
    use Verdict::{Bad, Good, Nothing, Slow};
    check_opens(&[Bad, Bad, Bad], false);
    check_opens(&[Bad, Bad, Bad, Bad], true);
    check_opens(&[Good, Good, Bad, Bad], true);
    check_opens(&[Bad, Bad, Good, Good], true);
    check_opens(&[Good, Good, Good, Bad], false);
    check_opens(&[Bad, Good, Good, Good, Bad], false);
    check_opens(&[Bad, Bad, Bad, Nothing, Nothing], false);
    check_opens(&[Slow, Slow, Slow, Good], false);
    check_opens(&[Slow, Slow, Slow, Slow], true);
    check_opens(&[Good, Good, Good, Good], false);
}

#[test]
fn open_lets_nothing_through_until_its_time() {
    let mut bench = Bench::opened(policy());
    let next = bench.machine.admit(bench.now).unwrap_err().next_attempt_at.unwrap();
    assert!((bench.now + 4 * SECOND..=bench.now + 5 * SECOND).contains(&next));
    assert_eq!(bench.machine.status(bench.now).next_attempt_at, Some(next));
    bench.now = next - Duration::from_nanos(1);
    assert!(bench.machine.admit(bench.now).is_err());
    bench.now = next;
    assert_eq!(bench.state(), BreakerState::HalfOpen);
    assert!(bench.machine.admit(bench.now).is_ok());
}

#[test]
fn half_open_lets_the_quota_through() {
    let mut bench = Bench::due(policy().probes(2));
    let (first, second) = (bench.pass(), bench.pass());
    assert!(bench.machine.admit(bench.now).is_err());
    assert_eq!(bench.tell(first, Verdict::Good), Change::None);
    assert_eq!(bench.tell(second, Verdict::Good), Change::Closed);
    assert_eq!(bench.state(), BreakerState::Closed);
}

#[test]
fn failed_probe_opens_for_longer() {
    let mut bench = Bench::due(policy());
    for longest in [10, 20, 40, 60, 60] {
        let probe = bench.pass();
        assert_eq!(bench.tell(probe, Verdict::Bad), Change::Opened);
        let next = bench.machine.status(bench.now).next_attempt_at.unwrap() - bench.now;
        assert!((SECOND * longest * 4 / 5..=SECOND * longest).contains(&next), "{next:?} of {longest}");
        bench.wait(SECOND * longest);
    }
}

#[test]
fn slow_probe_opens_again() {
    let mut bench = Bench::due(policy());
    assert_eq!(bench.call(Verdict::Slow), Change::Opened);
}

#[test]
fn closing_forgets_what_was() {
    let mut bench = Bench::due(policy());
    assert_eq!(bench.call(Verdict::Good), Change::Closed);
    assert_eq!([Verdict::Bad; 3].map(|verdict| bench.call(verdict)), [Change::None; 3]);
    assert_eq!(bench.call(Verdict::Bad), Change::Opened);
    let next = bench.machine.status(bench.now).next_attempt_at.unwrap() - bench.now;
    assert!(next <= 5 * SECOND, "the time it opens for does not grow any more");
}

#[test]
fn silent_probe_gives_its_place_back() {
    let mut bench = Bench::due(policy());
    let probe = bench.pass();
    bench.tell(probe, Verdict::Nothing);
    let Ticket::Probe { epoch, lease } = bench.pass() else { panic!("it is half open") };
    assert!(bench.machine.admit(bench.now).is_err());
    bench.machine.release(epoch, lease);
    assert!(bench.machine.admit(bench.now).is_ok());
}

#[test]
fn lost_probe_gives_its_place_back_when_its_lease_ends() {
    let mut bench = Bench::due(policy());
    let lost = bench.pass();
    assert_eq!(bench.machine.admit(bench.now).unwrap_err().next_attempt_at, Some(bench.now + 10 * SECOND));
    bench.wait(10 * SECOND);
    let _second = bench.pass();
    // And if it was not lost but late, what it says counts.
    assert_eq!(bench.tell(lost, Verdict::Good), Change::Closed);
}

#[test]
fn late_calls_of_another_state_decide_nothing() {
    let mut bench = Bench::new(policy());
    let (early, probe_to_be) = (bench.pass(), bench.pass());
    for _ in 0..4 {
        bench.call(Verdict::Bad);
    }
    assert_eq!(bench.tell(early, Verdict::Good), Change::None);
    bench.wait(5 * SECOND);
    let probe = bench.pass();
    assert_eq!(bench.tell(probe_to_be, Verdict::Bad), Change::None);
    assert_eq!(bench.tell(probe, Verdict::Good), Change::Closed);
    assert_eq!(bench.tell(probe, Verdict::Bad), Change::None);
}

#[test]
fn force_holds_until_it_is_lifted() {
    let mut bench = Bench::new(policy());
    bench.machine.force(BreakerForce::Open);
    assert_eq!(bench.machine.admit(bench.now), Err(Rejected { next_attempt_at: None }));
    bench.wait(1000 * SECOND);
    assert!(bench.machine.admit(bench.now).is_err());
    bench.machine.force(BreakerForce::Closed);
    assert!((0..20).all(|_| bench.call(Verdict::Bad) == Change::None));
    assert_eq!(bench.state(), BreakerState::Closed);
    bench.machine.force(BreakerForce::None);
    assert_eq!([Verdict::Bad; 3].map(|verdict| bench.call(verdict)), [Change::None; 3]);
    assert_eq!(bench.call(Verdict::Bad), Change::Opened);
}

#[test]
fn group_spares_no_more_than_its_share() {
    let (groups, now) = (Groups::default(), ManualClock::new().now());
    let mut machines: Vec<_> = (0..4).map(|_| Machine::new(policy(), Some(groups.join("replicas")), now)).collect();
    let random = Random::seeded(1);
    let mut fail = |machine: &mut Machine, at: Instant| {
        let ticket = machine.admit(at).unwrap();
        machine.settle(at, ticket, Verdict::Bad, &random)
    };
    let last = |machine: &mut Machine, fail: &mut dyn FnMut(&mut Machine, Instant) -> Change| {
        (0..4).map(|_| fail(machine, now)).last().unwrap()
    };
    let changes: Vec<_> = machines.iter_mut().map(|machine| last(machine, &mut fail)).collect();
    assert_eq!(changes, [Change::Opened, Change::Opened, Change::Spared, Change::Spared]);
    // One of the two comes back: its place is free for the third.
    let later = now + 5 * SECOND;
    let probe = machines[0].admit(later).unwrap();
    assert_eq!(machines[0].settle(later, probe, Verdict::Good, &random), Change::Closed);
    assert_eq!(fail(&mut machines[2], later), Change::Opened);
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Admit,
    Settle(usize, u8),
    Lose(usize),
    Drop(usize),
    Wait(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => Just(Op::Admit),
        4 => (any::<usize>(), 0u8..4).prop_map(|(at, verdict)| Op::Settle(at, verdict)),
        1 => any::<usize>().prop_map(Op::Lose),
        1 => any::<usize>().prop_map(Op::Drop),
        2 => (0u64..20_000).prop_map(Op::Wait),
    ]
}

proptest! {
    /// Whatever happened: no more live probes than the quota, and a healthy tool is closed again within its longest
    /// open time, one lease and one probe.
    #[test]
    fn never_stuck(ops in proptest::collection::vec(op(), 0..200), probes in 1u32..4) {
        let mut bench = Bench::new(policy().probes(probes));
        let (mut tickets, mut leases): (Vec<Ticket>, Vec<(Ticket, Instant)>) = (Vec::new(), Vec::new());
        for op in ops {
            match op {
                Op::Admit => {
                    let before = bench.state();
                    let ticket = bench.machine.admit(bench.now);
                    match before {
                        BreakerState::Closed => {
                            let passes = matches!(ticket, Ok(Ticket::Pass { .. }));
                            prop_assert!(passes);
                        }
                        BreakerState::Open => prop_assert!(ticket.is_err()),
                        BreakerState::HalfOpen => {
                            let is_probe = matches!(ticket, Ok(Ticket::Probe { .. }));
                            prop_assert!(is_probe || ticket.is_err());
                        }
                    }
                    tickets.extend(ticket);
                    if let Ok(probe @ Ticket::Probe { .. }) = ticket {
                        leases.push((probe, bench.now + 10 * SECOND));
                        let Ticket::Probe { epoch, .. } = probe else { unreachable!() };
                        leases.retain(|(held, ends)| {
                            *ends > bench.now && matches!(held, Ticket::Probe { epoch: of, .. } if *of == epoch)
                        });
                        prop_assert!(leases.len() <= probes as usize);
                    }
                }
                Op::Settle(at, verdict) if !tickets.is_empty() => {
                    let ticket = tickets.swap_remove(at % tickets.len());
                    leases.retain(|(held, _)| *held != ticket);
                    let verdicts = [Verdict::Good, Verdict::Slow, Verdict::Bad, Verdict::Nothing];
                    bench.tell(ticket, verdicts[usize::from(verdict)]);
                }
                Op::Drop(at) if !tickets.is_empty() => {
                    let ticket = tickets.swap_remove(at % tickets.len());
                    leases.retain(|(held, _)| *held != ticket);
                    if let Ticket::Probe { epoch, lease } = ticket {
                        bench.machine.release(epoch, lease);
                    }
                }
                Op::Lose(at) if !tickets.is_empty() => drop(tickets.swap_remove(at % tickets.len())),
                Op::Wait(millis) => bench.wait(Duration::from_millis(millis)),
                Op::Settle(..) | Op::Drop(_) | Op::Lose(_) => {}
            }
        }
        bench.wait(60 * SECOND + 10 * SECOND);
        // The window may hold failures from before, and open once more.
        for _ in 0..12 {
            match bench.machine.admit(bench.now) {
                Ok(ticket) => {
                    bench.tell(ticket, Verdict::Good);
                },
                Err(_) => bench.wait(60 * SECOND),
            }
        }
        prop_assert_eq!(bench.state(), BreakerState::Closed);
    }
}
