//! How does a scenario of the PetShop data set, in its published layout, become an estate?
//!
//! Hardt, Orchard, Blöbaum, Kasiviswanathan, Kirschbaum, "The PetShop Dataset: Finding Causes of Performance Issues
//! across Microservices", arXiv:2311.04806.

mod alert;
mod graph;
mod kind;
mod layout;
mod metric;
mod scenario;
mod table;

pub use alert::PetShopAlert;
pub use graph::PetShopGraph;
pub use scenario::PetShop;
pub use table::PetShopTable;
