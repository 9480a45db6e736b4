//! Behaviour of `ops-tools`, through its public face.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ask;
mod catalog;
mod data;
mod desk;
mod estate;
mod folder;
mod graph;
mod import_csv;
mod import_nezha;
mod import_petshop;
mod metric;
mod tools_cep;
mod tools_ci;
mod tools_history;
