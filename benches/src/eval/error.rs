//! What can go wrong while answers are judged?

/// Any failure, which threads may hand to each other.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// What a part of an evaluation returns.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Says an error with its causes.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
