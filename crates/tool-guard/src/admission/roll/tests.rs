use super::{FIRST, PAGES, place};

#[test]
fn every_number_has_its_own_place() {
    let mut next = (0, 0);
    for number in 0..10_000 {
        assert_eq!(place(number), next);
        let (page, at) = next;
        next = if at + 1 == FIRST << page { (page + 1, 0) } else { (page, at + 1) };
    }
    assert!(place(u32::MAX as usize).0 < PAGES);
}
