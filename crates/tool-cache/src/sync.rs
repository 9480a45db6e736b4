//! What do threads and tasks meet by?
//!
//! The files in which the order of events matters take these names from here: `tests/schedules` builds the same files
//! with others in their place, under which every order can be played.

pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize},
};

pub(crate) use tokio::{
    runtime::Handle,
    task::{AbortHandle, Id, try_id},
};
