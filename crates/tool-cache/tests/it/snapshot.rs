//! A cache outlives its process.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tool_cache::{CachePolicy, SnapshotErrorKind};
use tool_core::{Limit, Origin, ToolOutput};

use crate::support::{World, reads};

fn world() -> World {
    let world = World::new();
    world.counting(reads("ci.get"));
    world
}

async fn written() -> Vec<u8> {
    let world = world();
    for n in 0..3 {
        world.ask("ci.get", json!({ "n": n })).await.unwrap();
    }
    world.cache().snapshot()
}

#[tokio::test]
async fn answers_age_across_restart() {
    let before = world();
    before.ask("ci.get", json!({})).await.unwrap();
    before.clock.advance(Duration::from_secs(100));
    let document = before.cache().snapshot();

    let after = world();
    after.clock.advance(Duration::from_secs(150));
    assert_eq!(after.cache().restore(&document).unwrap(), 1);
    let hit = after.ask("ci.get", json!({})).await.unwrap();
    assert_eq!((hit.report.origin, hit.report.age), (Origin::Hit, Duration::from_secs(150)));
    after.clock.advance(Duration::from_secs(149));
    assert_eq!(after.origin("ci.get", json!({})).await.0, Origin::Hit);
    after.clock.advance(Duration::from_secs(1));
    assert_eq!(after.origin("ci.get", json!({})).await.0, Origin::Executed);
}

#[tokio::test]
async fn expired_answers_stay_behind() {
    let document = written().await;
    let after = world();
    after.clock.advance(Duration::from_secs(300));
    assert_eq!(after.cache().restore(&document).unwrap(), 0);
}

#[tokio::test]
async fn facts_come_back_whole() {
    let tool = |world: &World| {
        world.add(reads("ci.search").tag("items"), |_| async {
            let output = ToolOutput::json(&json!({"größe": "\u{1F600}"}))?;
            Ok(output.limited(Limit::new("limit", None, 50)).limited(Limit::new("d", Some(9), 6)).warning("clamped"))
        });
    };
    let (before, after) = (World::new(), World::new());
    tool(&before);
    tool(&after);
    before.ask("ci.search", json!({})).await.unwrap();
    let wanted = before.ask("ci.search", json!({})).await.unwrap();
    after.cache().restore(&before.cache().snapshot()).unwrap();
    let found = after.ask("ci.search", json!({})).await.unwrap();
    assert_eq!((found.payload, found.report), (wanted.payload, wanted.report));
    after.cache().invalidate_tag("items");
    assert!(!after.cache().contains(&after.call("ci.search", json!({}))));
}

#[tokio::test]
async fn secrets_stay_in_the_process() {
    let world = world();
    let secret = json!({"type": "object", "properties": {"auth": {"type": "object", "properties": {
        "password": {"type": "string", "writeOnly": true}}}}});
    world.add(reads("db.query").input(secret), |call| async move { ToolOutput::json(call.params().as_value()) });
    let call = json!({"auth": {"password": "s3cret-s3cret"}});
    world.ask("db.query", call.clone()).await.unwrap();
    world.ask("ci.get", json!({})).await.unwrap();
    assert_eq!(world.ask("db.query", call).await.unwrap().report.origin, Origin::Hit);
    let document = world.cache().snapshot();
    assert!(!document.windows(6).any(|bytes| bytes == b"s3cret"));
    assert_eq!(self::world().cache().restore(&document).unwrap(), 1);
}

#[track_caller]
fn check_refused(document: &[u8], kind: SnapshotErrorKind) {
    let world = world();
    let error = world.cache().restore(document).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(world.cache().snapshot_keys().is_empty());
}

#[tokio::test]
async fn foreign_and_newer_documents_are_refused() {
    check_refused(b"", SnapshotErrorKind::Foreign);
    check_refused(b"SQLite format 3\0 and so on", SnapshotErrorKind::Foreign);
    check_refused(b"TOOLCACH", SnapshotErrorKind::Corrupt);
    let mut newer = written().await;
    newer[8] = 3;
    check_refused(&newer, SnapshotErrorKind::OtherVersion);
}

#[tokio::test]
async fn every_truncation_is_refused() {
    let document = written().await;
    for length in 8..document.len() {
        check_refused(&document[..length], SnapshotErrorKind::Corrupt);
    }
}

#[tokio::test]
async fn every_changed_byte_is_refused() {
    let document = written().await;
    for at in 12..document.len() {
        let mut changed = document.clone();
        changed[at] ^= 1;
        check_refused(&changed, SnapshotErrorKind::Corrupt);
    }
}

proptest! {
    #[test]
    fn signed_rubbish_is_refused(body in prop::collection::vec(any::<u8>(), 0..200), long in any::<bool>()) {
        // What a hostile writer can do who knows the format: a true checksum over anything.
        let mut document = b"TOOLCACH\x02\0\0\0".to_vec();
        document.extend([7; 32]);
        document.extend(1_767_225_600_000_u64.to_le_bytes());
        document.extend(&body);
        if long {
            document.extend([0xFF; 64]);
        }
        let checksum = blake3::keyed_hash(&[7; 32], &document);
        document.extend(checksum.as_bytes());
        let restored = world().cache().restore(&document);
        prop_assert!(restored.is_err() || body.is_empty() && !long);
    }
}

#[tokio::test]
async fn refusal_leaves_the_cache_as_it_was() {
    let world = world();
    world.ask("ci.get", json!({})).await.unwrap();
    world.cache().restore(b"nonsense").unwrap_err();
    assert_eq!(world.origin("ci.get", json!({})).await, (Origin::Hit, 1));
}

#[tokio::test]
async fn restoring_replaces_what_was_there() {
    let document = written().await;
    let world = world();
    world.ask("ci.get", json!({"n": 77})).await.unwrap();
    world.cache().restore(&document).unwrap();
    assert!(!world.cache().contains(&world.call("ci.get", json!({"n": 77}))));
    assert!(world.cache().contains(&world.call("ci.get", json!({"n": 2}))));
}

#[tokio::test]
async fn file_is_read_by_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache");
    let before = world();
    before.ask("ci.get", json!({})).await.unwrap();
    for _ in 0..2 {
        before.cache().save(&path).unwrap();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(world().cache().load(&path).unwrap(), 1);
}

#[test]
fn file_errors_say_which() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/cache");
    let world = World::with(CachePolicy::builder().max_bytes(1024));
    assert_eq!(world.cache().load(&path).unwrap_err().kind(), SnapshotErrorKind::Missing);
    let error = world.cache().save(&path).unwrap_err();
    assert!(error.to_string().starts_with("failed to write the cache snapshot `"), "{error}");
    let large = folder.path().join("large");
    std::fs::write(&large, vec![0; 2_000_000]).unwrap();
    assert_eq!(world.cache().load(&large).unwrap_err().kind(), SnapshotErrorKind::TooLarge);
}
