use super::*;

#[test]
fn places_follow_each_other() {
    let mut expected = Vec::new();
    for chunk in 0..6 {
        expected.extend((0..FIRST << chunk).map(|at| (chunk, at)));
    }
    let found: Vec<_> = (0..expected.len()).map(place).collect();
    assert_eq!(found, expected);
    let (chunk, at) = place(u32::MAX as usize);
    assert!(chunk < CHUNKS && at < FIRST << chunk);
}
