//! How does an answer look in a terminal?

pub(crate) mod advice;
mod answered;
mod bar;
mod command;
mod investigation;
mod paint;
mod payload;
mod table;
mod time;
mod timeline;

pub(crate) use answered::answered;
pub(crate) use bar::bar;
pub(crate) use command::command;
pub(crate) use investigation::investigation;
pub(crate) use paint::{Paint, Style};
pub(crate) use payload::{payload, payload_among};
pub(crate) use table::{Align, Table, fit, wrap};
pub(crate) use time::{age, clock_time, day_time, duration, millis, wall_time};
