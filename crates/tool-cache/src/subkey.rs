//! Who shares answers with whom?
//!
//! All that separates answers besides the parameters — tenant, principal, source and its generation, the tool and its
//! definition — goes into a subkey of the keyed hash. Deriving one costs a hash, so each thread remembers the last few.

use std::{
    cell::RefCell,
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tool_core::{Scope, ToolCall, ToolSpec};

use crate::{
    CacheKey,
    encode::{self, Skip, encode},
};

/// What keeps keys of one cache from being guessed or built; lives as long as the process, or its snapshot.
pub(crate) type Secret = [u8; 32];

/// How many subkeys a thread remembers.
const SLOTS: usize = 64;
/// The largest buffer that a thread keeps for the next key.
const MAX_KEPT: usize = 64 * 1024;

/// Returns a secret from the operating system's randomness, 128 bits of it, by way of the standard library's hasher.
pub(crate) fn fresh_secret() -> Secret {
    let (one, two) = (RandomState::new(), RandomState::new());
    let mut hasher = blake3::Hasher::new_derive_key("tool-cache 2026 secret of a process");
    for number in 0..4u8 {
        hasher.update(&one.hash_one(number).to_le_bytes());
        hasher.update(&two.hash_one(number).to_le_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Makes keys.
pub(crate) struct KeyMaker {
    /// Which secret of which cache: unique in the process, so that threads may remember subkeys of several.
    epoch: AtomicU64,
    secret: Mutex<Secret>,
    skip: Skip,
}

impl KeyMaker {
    pub(crate) fn new(skip: &[String]) -> Self {
        Self { epoch: AtomicU64::new(next_epoch()), secret: Mutex::new(fresh_secret()), skip: Skip::new(skip) }
    }

    pub(crate) fn secret(&self) -> Secret {
        *self.secret.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes another secret: keys made so far are never made again.
    pub(crate) fn adopt(&self, secret: Secret) {
        let mut current = self.secret.lock().unwrap_or_else(PoisonError::into_inner);
        *current = secret;
        self.epoch.store(next_epoch(), Ordering::Release);
    }

    /// Returns the key of a call: one pass over the parameters and one hash; allocates nothing once a thread is warm.
    pub(crate) fn key(&self, call: &ToolCall) -> CacheKey {
        SCRATCH
            .try_with(|scratch| self.key_with(&mut scratch.borrow_mut(), call))
            .unwrap_or_else(|_| self.key_with(&mut Scratch::new(), call))
    }

    fn key_with(&self, scratch: &mut Scratch, call: &ToolCall) -> CacheKey {
        scratch.buffer.clear();
        if let Some(params) = call.params().as_value().as_object() {
            encode(params, &self.skip, &mut scratch.buffer);
        }
        let subkey = scratch.subkey(self, call);
        let key = blake3::keyed_hash(&subkey, &scratch.buffer);
        scratch.buffer.shrink_to(MAX_KEPT);
        CacheKey::new(*key.as_bytes())
    }
}

/// Returns the subkey of a namespace of values that are no tool calls.
pub(crate) fn namespace_key(secret: &Secret, namespace: &str) -> Secret {
    let mut hasher = blake3::Hasher::new_keyed(secret);
    hasher.update(b"tool-cache namespace 1").update(namespace.as_bytes());
    *hasher.finalize().as_bytes()
}

/// Returns the key of a value under a subkey.
pub(crate) fn value_key(subkey: &Secret, value: &Value) -> CacheKey {
    let key = |buffer: &mut Vec<u8>| {
        buffer.clear();
        encode::value(buffer, value);
        let key = blake3::keyed_hash(subkey, buffer);
        buffer.shrink_to(MAX_KEPT);
        CacheKey::new(*key.as_bytes())
    };
    SCRATCH.try_with(|scratch| key(&mut scratch.borrow_mut().buffer)).unwrap_or_else(|_| key(&mut Vec::new()))
}

impl fmt::Debug for KeyMaker {
    /// Keeps the secret to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyMaker").field("skip", &self.skip).finish_non_exhaustive()
    }
}

fn next_epoch() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
}

/// What a thread keeps from one key to the next.
struct Scratch {
    buffer: Vec<u8>,
    slots: Vec<Slot>,
}

/// A derived subkey, and all that it was derived from.
struct Slot {
    epoch: u64,
    generation: u64,
    /// Holds the allocation, so that the address stays this specification's; not the specification.
    spec: Weak<ToolSpec>,
    tenant: Option<Box<str>>,
    principal: Option<Box<str>>,
    subkey: Secret,
}

/// Whose answers a call may be given, as far as the tool's scope looks.
#[derive(Clone, Copy, PartialEq)]
struct Owner<'a> {
    tenant: Option<&'a str>,
    principal: Option<&'a str>,
}

impl<'a> Owner<'a> {
    fn of(call: &'a ToolCall) -> Self {
        let context = call.context();
        #[cfg(planted)]
        if let Some(owner) = Self::mistaken(call) {
            return owner;
        }
        match call.spec().scope() {
            Scope::Principal => Self { tenant: Some(context.tenant()), principal: Some(context.principal()) },
            Scope::Tenant => Self { tenant: Some(context.tenant()), principal: None },
            Scope::Shared => Self { tenant: None, principal: None },
        }
    }
}

#[cfg(planted)]
impl<'a> Owner<'a> {
    /// Returns what the owner is taken for where a defect forgets a part of it.
    fn mistaken(call: &'a ToolCall) -> Option<Self> {
        let (tenant, principal) = (Some(call.context().tenant()), Some(call.context().principal()));
        match call.spec().scope() {
            Scope::Tenant if tool_core::planted::active(tool_core::planted::Bug::TenantNotInKey) => {
                Some(Self { tenant: None, principal: None })
            }
            Scope::Principal if tool_core::planted::active(tool_core::planted::Bug::TenantNotInKey) => {
                Some(Self { tenant: None, principal })
            }
            Scope::Principal if tool_core::planted::active(tool_core::planted::Bug::PrincipalNotInKey) => {
                Some(Self { tenant, principal: None })
            }
            _ => None,
        }
    }
}

impl Scratch {
    const fn new() -> Self {
        Self { buffer: Vec::new(), slots: Vec::new() }
    }

    fn subkey(&mut self, maker: &KeyMaker, call: &ToolCall) -> Secret {
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, Slot::vacant);
        }
        let epoch = maker.epoch.load(Ordering::Acquire);
        let (owner, generation) = (Owner::of(call), call.spec().source().generation());
        #[cfg(planted)]
        let generation =
            if tool_core::planted::active(tool_core::planted::Bug::GenerationNotInKey) { 0 } else { generation };
        let slot = &mut self.slots[place(call, owner)];
        if !slot.is_for(epoch, call, owner, generation) {
            *slot = Slot::derive(epoch, &maker.secret(), call, owner, generation);
        }
        slot.subkey
    }
}

impl Slot {
    /// Returns a slot that is for no call: no cache has epoch 0.
    fn vacant() -> Self {
        Self { epoch: 0, generation: 0, spec: Weak::new(), tenant: None, principal: None, subkey: [0; 32] }
    }

    fn is_for(&self, epoch: u64, call: &ToolCall, owner: Owner<'_>, generation: u64) -> bool {
        self.epoch == epoch
            && self.generation == generation
            && std::ptr::eq(self.spec.as_ptr(), &raw const **call.spec())
            && owner == Owner { tenant: self.tenant.as_deref(), principal: self.principal.as_deref() }
    }

    fn derive(epoch: u64, secret: &Secret, call: &ToolCall, owner: Owner<'_>, generation: u64) -> Self {
        Self {
            epoch,
            generation,
            spec: Arc::downgrade(call.spec()),
            tenant: owner.tenant.map(Into::into),
            principal: owner.principal.map(Into::into),
            subkey: derive(secret, call.spec(), owner, generation),
        }
    }
}

fn derive(secret: &Secret, spec: &ToolSpec, owner: Owner<'_>, generation: u64) -> Secret {
    let mut hasher = blake3::Hasher::new_keyed(secret);
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    field(b"tool-cache subkey 1");
    field(spec.name().as_str().as_bytes());
    field(spec.fingerprint());
    field(spec.source().id().as_bytes());
    field(&generation.to_le_bytes());
    for part in [owner.tenant, owner.principal] {
        field(&[u8::from(part.is_some())]);
        field(part.unwrap_or_default().as_bytes());
    }
    // Answers that are invalidated by other tags are other answers.
    spec.tags().iter().for_each(|tag| field(tag.as_bytes()));
    *hasher.finalize().as_bytes()
}

/// Chooses a slot; who forces two owners into one slot wins nothing but their derivations.
fn place(call: &ToolCall, owner: Owner<'_>) -> usize {
    let mut hash = Arc::as_ptr(call.spec()) as usize as u64;
    for part in [owner.tenant, owner.principal].into_iter().flatten() {
        hash = part.as_bytes().chunks(8).fold(hash ^ part.len() as u64, |hash, chunk| {
            let word = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        });
    }
    // The highest bits are the best mixed.
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize % SLOTS
}
