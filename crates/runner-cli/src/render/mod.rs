//! How does an answer look in a terminal?

mod bar;
mod investigation;
mod paint;
mod table;
mod time;

pub(crate) use bar::bar;
pub(crate) use investigation::investigation;
pub(crate) use paint::{Paint, Style};
pub(crate) use table::{Align, Table, fit, wrap};
pub(crate) use time::{age, clock_time, duration, millis, wall_time};
