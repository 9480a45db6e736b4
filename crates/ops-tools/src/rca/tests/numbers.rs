use super::super::{
    plan::{ComparePlan, Period, infer_step},
    role::MetricRole,
    stats::{Sample, Sorted, rarity, spread},
    trouble::Weights,
};

#[track_caller]
fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9, "{left} is not {right}");
}

#[test]
fn quantile_lies_between_neighbours() {
    let sorted = Sorted::new([4.0, 1.0, f64::NAN, 3.0, 2.0]);
    close(sorted.median(), 2.5);
    close(sorted.quantile(0.0), 1.0);
    close(sorted.quantile(1.0), 4.0);
    close(Sorted::default().median(), 0.0);
}

#[test]
fn sample_and_sorted_agree() {
    let values = [5.0, -1.0, 3.5, f64::NAN, 3.5, 0.0, 9.0, 2.0];
    for q in [0.0, 0.1, 0.25, 0.5, 0.9, 0.99, 1.0] {
        assert_eq!(Sample::new(values).quantile(q).to_bits(), Sorted::new(values).quantile(q).to_bits(), "{q}");
    }
    assert_eq!(Sample::default().median().to_bits(), 0.0_f64.to_bits());
}

#[test]
fn spread_ignores_one_wild_value() {
    let mut residuals = vec![1.0; 50];
    residuals.extend([-1.0; 50]);
    residuals.push(1e6);
    close(spread(&residuals), 1.4826);
}

#[test]
fn rarity_is_share_of_normal_rows() {
    close(rarity(4, 99, 10.0, 5.0), 0.05);
}

#[test]
fn rarity_beyond_maximum_falls_with_square() {
    close(rarity(0, 99, 10.0, 20.0), 0.01 / 4.0);
}

#[test]
fn window_holds_five_steps_before_instant() {
    let plan = ComparePlan::at(10_000, 300, None);
    assert_eq!(plan.window, Period { from: 8_500, to: 10_000 });
    assert_eq!(plan.slots(), 5);
    assert_eq!(plan.slot(8_500), Some(0));
    assert_eq!(plan.slot(9_999), Some(4));
    assert_eq!(plan.slot(10_000), None);
}

#[test]
fn window_is_never_its_own_normal() {
    let plan = ComparePlan::at(10_000, 300, Some(Period { from: 0, to: 20_000 }));
    assert!(plan.is_normal(8_499) && plan.is_normal(10_000));
    assert!(!plan.is_normal(9_000));
}

#[test]
fn step_is_median_gap() {
    assert_eq!(infer_step(&[0, 60, 120, 600, 660]), Some(60));
    assert_eq!(infer_step(&[7]), None);
}

#[test]
fn rows_count_by_subjects_trouble() {
    let weights = Weights::new(&[Some(-5.0), None, Some(1.0), Some(3.0)]);
    close(weights.apply(&[Some(0.0), Some(0.0), Some(4.0), Some(8.0)]), 0.25 * 4.0 + 0.75 * 8.0);
}

#[test]
fn standing_excess_is_taken_off() {
    let weights = Weights::new(&[Some(-1.0), Some(-1.0), Some(2.0)]);
    close(weights.apply(&[Some(7.0), Some(9.0), Some(10.0)]), 3.0);
}

#[test]
fn equal_weights_stand_for_all_rows() {
    close(Weights::new(&[Some(0.0); 5]).effective_rows(), 5.0);
    close(Weights::new(&[Some(0.0), Some(2.0)]).effective_rows(), 1.0);
}

#[test]
fn names_tell_roles() {
    for (name, unit, role) in [
        ("latency", "s", MetricRole::Latency),
        ("latency_p90", "s", MetricRole::LatencyTail),
        ("PodClientLatencyP90(s)", "s", MetricRole::Other),
        ("latency_seen_by:frontend", "s", MetricRole::LatencySeen),
        ("requests", "count", MetricRole::Requests),
        ("availability", "percent", MetricRole::Availability),
        ("error_count", "count", MetricRole::Errors),
        ("cpu_usage", "percent", MetricRole::Saturation),
        ("CpuUsage(m)", "millicores", MetricRole::Other),
        ("queue_depth", "count", MetricRole::Backlog),
        ("network_in", "MB", MetricRole::Throughput),
        ("temperature", "celsius", MetricRole::Other),
    ] {
        assert_eq!(MetricRole::from_name(name, unit), role, "{name}");
    }
}
