//! Which tools does a text describe? The parts of the answer.

mod fit;
mod lists;
mod live;
mod rank;
mod scratch;
mod search;
mod store;
mod strength;
mod view;

pub use live::LiveIndex;
pub use search::{FieldPoints, Found, Hit, Search, WordPoints};
pub use store::{CardError, Index};
pub use view::View;
