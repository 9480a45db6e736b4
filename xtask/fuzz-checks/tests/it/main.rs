//! Do the committed inputs of every target still pass?
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corpus;
