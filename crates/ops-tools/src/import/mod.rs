//! Importers: a directory in a documented layout becomes an [`EstateData`](crate::EstateData), whole or not at all.

mod cell;
mod csv;
mod error;
mod nezha;
mod petshop;
mod series;
mod sheet;

pub use self::csv::import_csv;
pub use error::{ImportError, ImportErrorKind};
pub use nezha::import_nezha;
pub use petshop::{PetShop, PetShopAlert, PetShopGraph, PetShopTable};
