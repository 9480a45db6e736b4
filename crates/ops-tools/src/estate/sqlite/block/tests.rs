//! Does a block give back what was put in?

use proptest::prelude::*;

use super::*;

fn decode(points: &[(i64, f64)], window: Window) -> Vec<(i64, f64)> {
    let blocks = encode(points);
    blocks.iter().flat_map(|(start, bytes)| Block::decode(*start, bytes, window).unwrap().points()).collect()
}

proptest! {
    #[test]
    fn window_of_blocks_is_window_of_points(
        start in -1_000_000_i64..1_000_000,
        gaps in prop::collection::vec(1..5_000_i64, 0..1_500),
        from in -2_000_000_i64..6_000_000,
        length in 0..4_000_000_i64,
    ) {
        let times = gaps.iter().scan(start, |time, gap| { *time += gap; Some(*time) });
        let points: Vec<(i64, f64)> = times.zip((0..).map(f64::from)).collect();
        let window = Window::new(from, from + length);
        let expected: Vec<(i64, f64)> = points.iter().copied().filter(|(t, _)| window.contains(*t)).collect();
        prop_assert_eq!(decode(&points, window), expected);
    }
}

#[test]
fn gap_longer_than_a_block_can_tell_begins_another() {
    let points = vec![(0, 1.0), (i64::from(u32::MAX), 2.0), (i64::from(u32::MAX) + 1, 3.0), (i64::MAX - 1, 4.0)];
    assert_eq!(encode(&points).len(), 3);
    assert_eq!(decode(&points, Window::new(0, i64::MAX)), points);
}

#[test]
fn block_of_wrong_length_is_damage() {
    assert!(Block::decode(0, &[0; 13], Window::new(0, 1)).is_err());
}
