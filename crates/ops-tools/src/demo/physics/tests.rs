use super::super::calendar::{DAY_ROWS, END};
use super::super::force::{Driver, Profile, Push};
use super::super::grid::Field;
use super::super::nodes::index;
use super::super::noise::Noise;
use super::super::shop::Shop;
use super::super::{calendar, nodes};
use super::{World, crowding};

/// The row at which pushes begin, and one when they have reached everything.
const HIT: usize = DAY_ROWS;
const LATER: usize = HIT + 20;

/// A day and some rows, without and with a push from [`HIT`] on.
struct Twins<'a> {
    calm: World<'a>,
    hit: World<'a>,
}

impl Twins<'_> {
    /// How much a quantity of an item changed at a row.
    fn change(&self, row: usize, field: Field, code: &str) -> f64 {
        let node = node(code);
        self.hit.grid.get(row, field, node) - self.calm.grid.get(row, field, node)
    }

    #[track_caller]
    fn check_unmoved(&self, field: Field, codes: &[&str]) {
        for code in codes {
            let change = self.change(LATER, field, code);
            assert!(change.abs() < 1e-12, "{field:?} of {code} changed by {change}");
        }
    }
}

#[track_caller]
fn node(code: &str) -> usize {
    index(code).expect("the item exists")
}

fn twins(code: &str, driver: Driver, amount: f64, check: impl FnOnce(&Twins<'_>)) {
    let (shop, noise) = (Shop::new(1), Noise::new(1));
    let time = calendar::time_of(HIT - 1)..END;
    let push = Push { node: node(code), driver, amount, time, profile: Profile::Step };
    let run = |pushes: &[Push]| {
        let mut world = World::new(&shop, &noise);
        world.run(0..LATER + 1, pushes);
        world
    };
    check(&Twins { calm: run(&[]), hit: run(&[push]) });
}

#[test]
fn callers_wait_for_what_they_call() {
    twins("svc-payment", Driver::Delay, 0.1, |twins| {
        let moved = |code| twins.change(LATER, Field::Latency, code);
        assert!((moved("svc-payment") - 0.1).abs() < 1e-9);
        // Checkout calls it once per request, the gateway calls checkout 0.14 times.
        assert!((moved("svc-checkout") - 0.1).abs() < 1e-9);
        assert!((moved("gw-api") - 0.014).abs() < 1e-9);
        twins.check_unmoved(Field::Latency, &["svc-fraud", "db-payment", "svc-search", "web-admin"]);
    });
}

#[test]
fn delay_needs_time_to_travel() {
    twins("svc-payment", Driver::Delay, 0.1, |twins| {
        let first = twins.change(HIT, Field::Latency, "svc-checkout");
        assert!(first > 0.0 && first < 0.08, "checkout moved by {first} at once");
    });
}

#[test]
fn lost_requests_are_lost_upstream() {
    twins("ext-psp", Driver::Fault, 0.1, |twins| {
        let lost = |code| -twins.change(LATER, Field::Availability, code);
        assert!(lost("ext-psp") > 8.0);
        assert!((lost("svc-checkout") - lost("ext-psp")).abs() < 1.0);
        assert!(lost("lb-edge") > 0.5 && lost("lb-edge") < lost("svc-checkout"));
        twins.check_unmoved(Field::Availability, &["svc-fraud", "svc-search"]);
    });
}

#[test]
fn busy_host_slows_its_guests_only() {
    twins("srv-app-2", Driver::Cpu, 0.2, |twins| {
        for guest in ["svc-payment", "svc-fraud", "svc-auth", "svc-customer"] {
            assert!(twins.change(LATER, Field::Latency, guest) > 0.0, "{guest}");
        }
        twins.check_unmoved(Field::Latency, &["svc-pricing", "db-customer"]);
        twins.check_unmoved(Field::Load, &["svc-payment", "srv-app-1"]);
    });
}

#[test]
fn queue_delays_workers_but_no_producer() {
    twins("mq-orders", Driver::Drain, 0.7, |twins| {
        assert!(twins.change(LATER, Field::Depth, "mq-orders") > 500.0);
        assert!(twins.change(LATER, Field::Lag, "wrk-fulfilment") > 10.0);
        assert!(twins.change(LATER, Field::Lag, "wrk-shipping") > 10.0);
        twins.check_unmoved(Field::Requests, &["svc-order", "mq-orders"]);
        twins.check_unmoved(Field::Latency, &["idx-search", "ext-psp"]);
        // Nothing waits, and what the workers share with others is even less busy.
        assert!(twins.change(LATER, Field::Latency, "svc-order") <= 0.0);
    });
}

#[test]
fn surge_flows_down_the_calls() {
    twins("web-storefront", Driver::Surge, 0.5, |twins| {
        let grown = |code| {
            let node = node(code);
            twins.hit.grid.get(LATER, Field::Requests, node) / twins.calm.grid.get(LATER, Field::Requests, node)
        };
        assert!((grown("web-storefront") - 1.5).abs() < 1e-3);
        assert!(grown("db-payment") > 1.2);
        twins.check_unmoved(Field::Requests, &["web-mobile", "gw-partner"]);
        assert!(twins.change(LATER, Field::Latency, "svc-search") > 0.0);
    });
}

#[test]
fn full_memory_costs_time() {
    twins("svc-cart", Driver::Heap, 20.0, |twins| {
        assert!(twins.change(LATER, Field::Latency, "svc-cart") > 0.0);
        assert!(twins.change(LATER, Field::Latency, "svc-checkout") > 0.0);
    });
}

#[test]
fn calls_lead_to_later_items() {
    let shop = Shop::new(1);
    for (from, part) in shop.parts.iter().enumerate() {
        let later = |to: usize| assert!(from < to, "{} before {}", nodes::NODES[to].code, nodes::NODES[from].code);
        part.calls.iter().map(|call| call.to).chain(part.shares.iter().copied()).chain(part.host).for_each(later);
        part.callers.iter().for_each(|&(caller, _)| assert!(caller < from));
        assert!(part.queue.is_none_or(|queue| queue < from));
    }
}

#[test]
fn crowding_grows_without_a_jump() {
    assert!((crowding(0.5) - 2.0).abs() < 1e-12);
    assert!((crowding(0.9 + 1e-9) - crowding(0.9 - 1e-9)).abs() < 1e-5);
    assert!(crowding(1.2) > crowding(1.0));
}
