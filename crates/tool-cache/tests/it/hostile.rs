//! What a snapshot may contain, whoever wrote it: it is refused with a reason, or does no harm.
//!
//! A writer who knows the format can sign what he likes, since the key is in the file. So each document here is whole
//! and signed, and wrong inside.

use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, SnapshotErrorKind};
use tool_core::{Origin, ToolExecutor};

use crate::support::{World, reads};

/// `TOOLCACH` and the version.
const HEAD: &[u8] = b"TOOLCACH\x02\0\0\0";
const SECRET: [u8; 32] = [7; 32];
/// Where the manual clock's wall stands at first, in Unix milliseconds.
const START: u64 = 1_767_225_600_000;
const DAY: u64 = 24 * 60 * 60 * 1_000_000_000;

fn world() -> World {
    let world = World::with(CachePolicy::builder().hard_ttl(Duration::from_secs(3600)));
    world.counting(reads("ci.get"));
    world
}

/// Signs what stands after the version.
fn signed(secret: [u8; 32], written: u64, body: &[u8]) -> Vec<u8> {
    let mut document = [HEAD, &secret, &written.to_le_bytes(), body].concat();
    let checksum = blake3::keyed_hash(&secret, &document);
    document.extend(checksum.as_bytes());
    document
}

fn text(text: &str) -> Vec<u8> {
    [&u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

/// One entry, field by field.
#[derive(Clone)]
struct Entry {
    key: [u8; 32],
    tool: Vec<u8>,
    tags: Vec<u8>,
    tenant: Vec<u8>,
    /// Age, fresh for, usable for and cost, in nanoseconds.
    times: [u64; 4],
    limits: Vec<u8>,
    warnings: Vec<u8>,
    payload: Vec<u8>,
}

impl Entry {
    fn new() -> Self {
        let none = 0u32.to_le_bytes().to_vec();
        Self {
            key: [9; 32],
            tool: text("ci.get"),
            tags: none.clone(),
            tenant: [&[0][..], &none].concat(),
            times: [0, DAY, DAY, 0],
            limits: none.clone(),
            warnings: none,
            payload: text(r#"{"run":77}"#),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let times = self.times.iter().flat_map(|time| time.to_le_bytes()).collect();
        let parts = [&self.tool, &vec![3; 32], &self.tags, &self.tenant, &times, &self.limits, &self.warnings];
        [self.key.to_vec(), parts.into_iter().flatten().copied().collect(), self.payload.clone()].concat()
    }
}

/// Restores an entry that was changed; the cache works afterwards, whatever came of it.
#[track_caller]
fn restored(change: impl FnOnce(&mut Entry)) -> Result<usize, SnapshotErrorKind> {
    let mut entry = Entry::new();
    change(&mut entry);
    restored_body(&entry.bytes(), START)
}

#[track_caller]
fn restored_body(body: &[u8], written: u64) -> Result<usize, SnapshotErrorKind> {
    let world = world();
    let restored = world.cache().restore(&signed(SECRET, written, body));
    if let Err(error) = &restored {
        assert!(world.cache().snapshot_keys().is_empty());
        assert!(!error.to_string().is_empty());
    }
    works(&world);
    restored.map_err(|error| error.kind())
}

/// A cache that answers, keeps and writes what it wrote before.
#[track_caller]
fn works(world: &World) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = || runtime.block_on(world.executor.execute(world.call("ci.get", json!({"n": 1})))).unwrap();
    assert_eq!([ask().report.origin, ask().report.origin], [Origin::Executed, Origin::Hit]);
    world.cache().sweep();
    let stats = world.cache().stats();
    assert_eq!(world.cache().snapshot_keys().len() as u64, stats.entries);
    world.cache().restore(&world.cache().snapshot()).unwrap();
}

const CORRUPT: Result<usize, SnapshotErrorKind> = Err(SnapshotErrorKind::Corrupt);

#[test]
fn whole_entry_is_taken() {
    assert_eq!(restored(|_| ()), Ok(1));
}

#[test]
fn lengths_beyond_the_file_are_refused() {
    for length in [5u32, 1000, u32::MAX] {
        let length = length.to_le_bytes().to_vec();
        assert_eq!(restored(|entry| entry.payload = length.clone()), CORRUPT);
        assert_eq!(restored(|entry| entry.tool = length.clone()), CORRUPT);
        assert_eq!(restored(|entry| entry.tags = length.clone()), CORRUPT);
        assert_eq!(restored(|entry| entry.limits = length.clone()), CORRUPT);
        assert_eq!(restored(|entry| entry.warnings = length.clone()), CORRUPT);
    }
}

#[test]
fn texts_that_are_none_are_refused() {
    assert_eq!(restored(|entry| entry.tool = text("no name")), CORRUPT);
    assert_eq!(restored(|entry| entry.tool = text("")), CORRUPT);
    assert_eq!(restored(|entry| entry.tool = b"\x02\0\0\0\xff\xfe".to_vec()), CORRUPT);
    assert_eq!(restored(|entry| entry.payload = text("{")), CORRUPT);
    assert_eq!(restored(|entry| entry.payload = text("")), CORRUPT);
    assert_eq!(restored(|entry| entry.payload = text("1 2")), CORRUPT);
    assert_eq!(restored(|entry| entry.payload = text(&"[".repeat(1 << 20))), CORRUPT);
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    assert_eq!(restored(|entry| entry.payload = text(&deep)), CORRUPT);
}

#[test]
fn last_of_equal_keys_holds() {
    let entry = Entry::new();
    let body = entry.bytes().repeat(3);
    let world = world();
    world.cache().restore(&signed(SECRET, START, &body)).unwrap();
    assert_eq!(world.cache().stats().entries, 1);
    works(&world);
}

#[test]
fn absurd_times_are_bounded() {
    for time in [0, 1, DAY, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        for at in 0..4 {
            let _ = restored(|entry| entry.times[at] = time);
        }
        let _ = restored(|entry| entry.times = [time; 4]);
    }
    // Whatever it says of itself, nothing is served beyond the age that this policy allows.
    let world = world();
    let entry = Entry { times: [0, u64::MAX, u64::MAX, u64::MAX], ..Entry::new() };
    assert_eq!(world.cache().restore(&signed(SECRET, START, &entry.bytes())).unwrap(), 1);
    world.clock.advance(Duration::from_secs(3600));
    assert_eq!((world.cache().sweep(), world.cache().stats().entries), (1, 0));
}

#[test]
fn answer_older_than_the_policy_allows_stays_behind() {
    let hours = |hours: u64| hours * DAY / 24;
    assert_eq!(restored(|entry| entry.times = [hours(1), DAY, DAY, 0]), Ok(0));
    assert_eq!(restored(|entry| entry.times = [hours(1) - 1, DAY, DAY, 0]), Ok(1));
}

#[test]
fn document_from_the_future_does_no_harm() {
    let body = Entry::new().bytes();
    // The clock of the machine was set back: as old as when it was written, at least.
    assert_eq!(restored_body(&body, START + 1000), Ok(1));
    // Half a billion years on are a date on some systems.
    assert!(matches!(restored_body(&body, u64::MAX), Ok(1) | CORRUPT));
    assert_eq!(restored_body(&body, 0), Ok(0), "older than it may be");
}

#[test]
fn key_of_another_process_is_never_met() {
    let world = world();
    let key = *world.cache().generate_key(&world.call("ci.get", json!({"n": 1}))).as_bytes();
    // An answer under a key that this process would make, in a document with another secret.
    let entry = Entry { key, ..Entry::new() };
    assert_eq!(world.cache().restore(&signed(SECRET, START, &entry.bytes())).unwrap(), 1);
    works(&world);
}

#[test]
fn answer_is_met_by_no_other_tool() {
    // Under the key of one tool, said to be another's: invalidated as it says, found as the key says.
    let world = world();
    world.counting(reads("ci.list"));
    world.cache().restore(&signed(SECRET, START, b"")).unwrap();
    let key = *world.cache().generate_key(&world.call("ci.get", json!({}))).as_bytes();
    let entry = Entry { key, tool: text("ci.list"), ..Entry::new() };
    world.cache().restore(&signed(SECRET, START, &entry.bytes())).unwrap();
    assert!(!world.cache().contains(&world.call("ci.list", json!({}))));
    world.cache().invalidate_tool(&"ci.list".parse().unwrap());
    assert!(!world.cache().contains(&world.call("ci.get", json!({}))));
    works(&world);
}

#[test]
fn every_changed_bit_is_refused() {
    let document = signed(SECRET, START, &Entry::new().bytes());
    let world = world();
    for bit in 0..document.len() * 8 {
        let mut changed = document.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let kind = world.cache().restore(&changed).unwrap_err().kind();
        let expected = match bit / 8 {
            0..8 => SnapshotErrorKind::Foreign,
            8..12 => SnapshotErrorKind::OtherVersion,
            _ => SnapshotErrorKind::Corrupt,
        };
        assert_eq!(kind, expected, "bit {bit}");
    }
    assert_eq!(world.cache().stats().entries, 0);
    works(&world);
}

#[test]
fn every_signed_truncation_and_change_is_borne() {
    let body = Entry::new().bytes();
    for length in 1..body.len() {
        let cut = signed(SECRET, START, &body[..length]);
        assert_eq!(world().cache().restore(&cut).unwrap_err().kind(), SnapshotErrorKind::Corrupt, "{length}");
    }
    let world = world();
    for bit in 0..body.len() * 8 {
        let mut changed = body.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        // Refused or taken, never more than there is.
        let taken = world.cache().restore(&signed(SECRET, START, &changed));
        assert!(taken.is_err() || world.cache().stats().entries <= 1, "bit {bit}");
    }
    works(&world);
}

#[test]
fn foreign_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 6] = [
        ("empty", b""),
        ("text", b"# Notes\n\nNothing to see here.\n"),
        ("json", br#"{"version": 2, "entries": []}"#),
        ("sqlite", b"SQLite format 3\0\x10\0\x01\x01\0"),
        ("zip", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("elf", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
    ];
    let world = world();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(world.cache().load(&path).unwrap_err().kind(), SnapshotErrorKind::Foreign, "{name}");
    }
    assert_eq!(world.cache().load(folder.path()).unwrap_err().kind(), SnapshotErrorKind::Io, "a folder");
    works(&world);
}

#[test]
fn more_entries_than_there_is_room_for_are_left_out() {
    let bodies = (0..100u8).flat_map(|number| Entry { key: [number; 32], ..Entry::new() }.bytes());
    let document = signed(SECRET, START, &bodies.collect::<Vec<u8>>());
    let world = World::with(CachePolicy::builder().max_entries(10));
    world.counting(reads("ci.get"));
    world.cache().restore(&document).unwrap();
    assert!((1..=10).contains(&world.cache().stats().entries));
    works(&world);
}
