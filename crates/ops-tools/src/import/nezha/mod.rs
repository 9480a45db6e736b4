//! How does a date of the Nezha data set, in its published layout, become an estate?
//!
//! Yu, Chen, Li, Chen, Li, Zheng, "Nezha: Interpretable Fine-Grained Root Causes Analysis for Microservices on
//! Multi-Modal Observability Data", ESEC/FSE 2023. `fault_list.json` beside the metrics is the answer and is never
//! opened.

mod columns;
mod edges;
mod estate;
mod front;
mod gather;
mod pods;
mod services;

pub use estate::import_nezha;
