use proptest::prelude::*;

use super::Truth::{self, False, True, Unknown};

/// The tables as Kleene prints them, rows and columns in the order true, unknown, false.
const AND: [[Truth; 3]; 3] = [[True, Unknown, False], [Unknown, Unknown, False], [False, False, False]];
const OR: [[Truth; 3]; 3] = [[True, True, True], [True, Unknown, Unknown], [True, Unknown, False]];
const ORDER: [Truth; 3] = [True, Unknown, False];

#[test]
fn tables_are_those_of_kleene() {
    for (row, left) in ORDER.into_iter().enumerate() {
        for (column, right) in ORDER.into_iter().enumerate() {
            assert_eq!(Truth::all([left, right]), AND[row][column], "{left:?} and {right:?}");
            assert_eq!(Truth::any([left, right]), OR[row][column], "{left:?} or {right:?}");
        }
    }
    assert_eq!(ORDER.map(Truth::not), [False, Unknown, True]);
}

#[test]
fn nothing_is_neutral() {
    assert_eq!((Truth::all([]), Truth::any([])), (True, False));
}

fn truths() -> impl Strategy<Value = Vec<Truth>> {
    proptest::collection::vec(proptest::sample::select(&ORDER[..]), 0..8)
}

proptest! {
    #[test]
    fn order_and_grouping_do_not_matter(left in truths(), right in truths()) {
        let forth = left.iter().chain(&right).copied();
        let back = right.iter().chain(&left).rev().copied();
        prop_assert_eq!(Truth::all(forth.clone()), Truth::all(back));
        let grouped = [Truth::all(left.iter().copied()), Truth::all(right.iter().copied())];
        prop_assert_eq!(Truth::all(forth), Truth::all(grouped));
    }

    /// What is decided stays decided, whatever the unknown turns out to be.
    #[test]
    fn knowing_more_never_overturns(values in truths(), filler in proptest::bool::ANY) {
        let filled = || values.iter().map(|truth| if *truth == Unknown { Truth::from(filler) } else { *truth });
        for (before, after) in [
            (Truth::all(values.iter().copied()), Truth::all(filled())),
            (Truth::any(values.iter().copied()), Truth::any(filled())),
        ] {
            prop_assert!(before == Unknown || before == after);
        }
    }
}
