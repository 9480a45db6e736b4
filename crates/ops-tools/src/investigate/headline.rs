//! What is the answer in one sentence?

use super::answer::{SubjectLine, SuspectLine};

/// Says who is the probable cause, or that nothing is wrong.
pub(super) fn headline(subject: &SubjectLine, first: Option<&SuspectLine>, abnormal: bool) -> String {
    let place = &subject.ci;
    match first {
        _ if !abnormal => format!("nothing abnormal at {place} or in what it needs"),
        _ if subject.is_probable_cause => format!("probable cause: {place} itself: {}", subject.explanation),
        Some(first) => format!("probable cause: {}", first.explanation),
        None => format!("{place} is in trouble, and nothing that it needs explains it"),
    }
}
