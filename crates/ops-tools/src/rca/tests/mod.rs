//! Does the analysis keep what it promises? Expected values come from the definitions.

mod comparing;
mod numbers;
mod ranking;
mod scene;
mod surging;
mod telling;
