//! Is every cache snapshot taken on whole or refused, and is the cache usable after it?

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::json;
use tool_cache::{CachePolicy, ToolResultCache};
use tool_core::testing::ManualClock;
use tool_core::{CallReport, Limit, Params, ToolCall, ToolOutput};

use crate::desk::call;

/// Where the secret of the keys stands in a snapshot, and how long the checksum behind everything is.
const SECRET: std::ops::Range<usize> = 12..44;
const CHECKSUM: usize = 32;
/// Where the entries begin: magic, version, secret, time.
const HEADER: usize = 52;

/// A snapshot as a cache writes it.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let cache = cache();
    for number in 0..3u8 {
        cache.set(&question(number), &answer(number), Some(Duration::from_secs(60))).expect("the cache has room");
    }
    cache.snapshot()
});

/// Takes a way to spoil a snapshot (first byte) and what to spoil it with.
///
/// 0: the rest is the document. 1: the rest overwrites a sound document in places. 2: likewise, with the checksum made
/// right again, so that what is behind it is read. 3: the rest are the entries of an otherwise sound document.
///
/// # Panics
///
/// If a changed document with its old checksum is taken on, a refused one leaves a trace, or the cache does not keep,
/// answer and write a snapshot afterwards.
pub fn snapshot(input: &[u8]) {
    let Some((way, rest)) = input.split_first() else { return };
    match way % 4 {
        0 => restore(rest),
        1 => restore_changed(&patched(rest)),
        2 => restore(&sealed(patched(rest))),
        _ => restore(&sealed([&SOUND[..HEADER], rest, &[0; CHECKSUM]].concat())),
    }
}

fn restore_changed(document: &[u8]) {
    let is_sound = document == SOUND.as_slice();
    assert_eq!(cache().restore(document).is_ok(), is_sound, "a changed snapshot is taken on, or a sound one is not");
    restore(document);
}

/// Overwrites bytes of the sound document: two bytes say where, one says what; the last, if alone, cuts it there.
fn patched(patches: &[u8]) -> Vec<u8> {
    let mut document = SOUND.clone();
    let mut patches = patches.chunks_exact(3);
    for patch in &mut patches {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % document.len();
        document[at] = patch[2];
    }
    if let [cut] = patches.remainder() {
        document.truncate(document.len().saturating_sub(usize::from(*cut)));
    }
    document
}

/// Makes the checksum fit.
fn sealed(mut document: Vec<u8>) -> Vec<u8> {
    let Some(end) = document.len().checked_sub(CHECKSUM).filter(|end| *end >= SECRET.end) else { return document };
    let secret: [u8; 32] = document[SECRET].try_into().expect("the range has 32 bytes");
    let checksum = blake3::keyed_hash(&secret, &document[..end]);
    document[end..].copy_from_slice(checksum.as_bytes());
    document
}

fn restore(document: &[u8]) {
    let cache = cache();
    let before = call(Params::parse(r#"{"before": true}"#).expect("it is JSON"));
    cache.set(&before, &answer(0), None).expect("the cache has room");
    match cache.restore(document) {
        Ok(good) => assert!(good <= document.len(), "{good} answers in {} bytes", document.len()),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(cache.get(&before).is_some(), "a refused snapshot took what was there: {error}");
        }
    }
    check_usable(&cache);
}

fn check_usable(cache: &ToolResultCache) {
    for number in 0..3 {
        let _ = cache.get(&question(number));
    }
    cache.set(&question(200), &answer(200), None).expect("the cache has room");
    assert_eq!(cache.get(&question(200)).map(|found| found.payload), Some(answer(200).payload));
    let listed = cache.snapshot_keys();
    assert_eq!(cache.stats().entries, listed.len() as u64, "{listed:?}");
    let again = self::cache();
    again.restore(&cache.snapshot()).expect("what a cache wrote, a cache reads");
    assert!(again.get(&question(200)).is_some(), "an answer was lost on the way");
}

fn cache() -> ToolResultCache {
    // As small as a test wants it: hostile entries shall find the bounds.
    let policy = CachePolicy::builder().max_entries(8).max_bytes(64 * 1024).build().expect("the policy is sound");
    ToolResultCache::new(policy).with_clock(Arc::new(ManualClock::new()))
}

fn question(number: u8) -> ToolCall {
    call(Params::try_from(json!({"number": number})).expect("it is an object"))
}

fn answer(number: u8) -> ToolOutput {
    let report = CallReport::executed().with_warning("cut").with_limit(Limit::new("rows", Some(5), 3));
    let output = ToolOutput::json(&json!({"answer": number})).expect("it has a JSON form");
    if number == 0 { output } else { output.with_report(report) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_that_of_the_format() {
        assert_eq!(sealed(SOUND.clone()), *SOUND, "the format changed: adapt SECRET, HEADER and CHECKSUM");
        assert_eq!(cache().restore(&SOUND).unwrap(), 3);
        let empty = sealed([&SOUND[..HEADER], &[0; CHECKSUM]].concat());
        assert_eq!(cache().restore(&empty).unwrap(), 0);
    }

    #[test]
    fn patches_change_and_cut() {
        assert_eq!(patched(&[]), *SOUND);
        assert_eq!(patched(&[1, 0, b'?'])[..4], *b"T?OL");
        assert_eq!(patched(&[7]).len(), SOUND.len() - 7);
    }
}
