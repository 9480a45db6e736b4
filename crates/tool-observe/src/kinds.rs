//! Which outcomes and origins are counted apart, and by which number and name?

use tool_core::{ErrorKind, Origin};

/// Every kind of error, by number.
pub(crate) const KINDS: [ErrorKind; 13] = [
    ErrorKind::InvalidParams,
    ErrorKind::NotFound,
    ErrorKind::UnknownTool,
    ErrorKind::Denied,
    ErrorKind::TimedOut,
    ErrorKind::Cancelled,
    ErrorKind::Overloaded,
    ErrorKind::Unavailable,
    ErrorKind::InvalidOutput,
    ErrorKind::TooLarge,
    ErrorKind::Panicked,
    ErrorKind::NotCached,
    ErrorKind::Failed,
];

/// Every origin, by number.
pub(crate) const ORIGINS: [Origin; 4] = [Origin::Executed, Origin::Hit, Origin::Stale, Origin::Shared];

/// How many numbers there are for kinds: one more, for a kind that a later `tool-core` may add.
pub(crate) const KIND_COUNT: usize = KINDS.len() + 1;

/// How many numbers there are for origins: one more, as for kinds.
pub(crate) const ORIGIN_COUNT: usize = ORIGINS.len() + 1;

pub(crate) fn kind_index(kind: ErrorKind) -> usize {
    (kind as usize).min(KINDS.len())
}

pub(crate) fn origin_index(origin: Origin) -> usize {
    (origin as usize).min(ORIGINS.len())
}

pub(crate) fn kind_name(index: usize) -> &'static str {
    KINDS.get(index).map_or("other", |kind| kind.as_str())
}

pub(crate) fn origin_name(index: usize) -> &'static str {
    ORIGINS.get(index).map_or("other", |origin| origin.as_str())
}

pub(crate) fn parse_kind(text: &str) -> Option<ErrorKind> {
    KINDS.into_iter().find(|kind| kind.as_str() == text)
}

pub(crate) fn parse_origin(text: &str) -> Option<Origin> {
    ORIGINS.into_iter().find(|origin| origin.as_str() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_agree() {
        for (index, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(
                (kind_index(kind), kind_name(index), parse_kind(kind.as_str())),
                (index, kind.as_str(), Some(kind))
            );
        }
        for (index, origin) in ORIGINS.into_iter().enumerate() {
            assert_eq!((origin_index(origin), origin_name(index)), (index, origin.as_str()));
            assert_eq!(parse_origin(origin.as_str()), Some(origin));
        }
    }
}
