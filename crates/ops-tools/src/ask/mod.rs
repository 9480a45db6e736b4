//! What does a question in plain English ask of an estate?

mod conditions;
mod cues;
mod facts;
mod find;
mod grammar;
mod kinds;
mod metrics;
mod moment;
mod names;
mod numbers;
mod params;
mod sheet;
mod spelling;
mod stop;
mod time;
mod vocabulary;
mod want;

pub use grammar::{AskGiven, AskGrammar, MAX_QUESTION_BYTES};
