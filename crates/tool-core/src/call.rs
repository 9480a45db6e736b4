//! What is one call?

use std::{
    fmt,
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{ErrorKind, ToolError, ToolName, ToolSpec, TraceParent};

/// The dense number of a registered tool: what layers index their pre-made handles by. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolId(u32);

impl ToolId {
    pub(crate) fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number, for indexing.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The parameters of a call: one shared JSON object, so that retry, flight and hedge never copy it.
///
/// # Examples
///
/// ```
/// use tool_core::Params;
///
/// let params = Params::parse(r#"{"keywords": ["db"], "limit": 5}"#)?;
/// assert_eq!(params.as_value()["limit"], 5);
/// assert_eq!(Params::parse("{\n\"a\": }").unwrap_err().to_string(), "parameters are not JSON at line 2, column 6");
/// # Ok::<(), tool_core::ToolError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Params(Arc<Value>);

impl Params {
    /// Returns no parameters.
    #[must_use]
    pub fn empty() -> Self {
        Map::new().into()
    }

    /// Parses a JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`], with line and column, if the text is not JSON or not an object.
    pub fn parse(text: &str) -> Result<Self, ToolError> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("parameters are not JSON at line {}, column {}", error.line(), error.column());
            ToolError::new(ErrorKind::InvalidParams, place).with_source(error)
        })?;
        value.try_into()
    }

    /// Returns the parameters as a JSON value, which is an object.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// Returns one parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl From<Map<String, Value>> for Params {
    fn from(map: Map<String, Value>) -> Self {
        Self(Arc::new(Value::Object(map)))
    }
}

impl TryFrom<Value> for Params {
    type Error = ToolError;

    fn try_from(value: Value) -> Result<Self, ToolError> {
        match value {
            Value::Object(map) => Ok(map.into()),
            other => Err(ToolError::new(
                ErrorKind::InvalidParams,
                format!("parameters must be a JSON object, got {}", type_name(&other)),
            )),
        }
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl fmt::Debug for Params {
    /// Shows the names alone: values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.as_object().into_iter().flat_map(Map::keys)).finish()
    }
}

/// What a caller wants of the cache for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CacheMode {
    /// Answer from the cache where that is right; keep what is computed.
    #[default]
    Use,
    /// Neither read nor keep.
    Bypass,
    /// Do not read, but keep what is computed.
    Refresh,
    /// Read, and fail with [`ErrorKind::NotCached`] where there is nothing.
    OnlyIfCached,
}

/// What a caller asks of the cache: how, and how old an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CacheControl {
    /// How the cache takes part.
    pub mode: CacheMode,
    /// The oldest answer that will do, whatever its lifetime.
    pub max_age: Option<Duration>,
    /// How far past its lifetime an answer may be, where policy allows stale answers.
    pub max_stale: Option<Duration>,
}

impl CacheControl {
    /// Asks for one way of taking part.
    #[must_use]
    pub fn mode(mode: CacheMode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// Bounds the age of the answer.
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Allows an answer that is past its lifetime by so much.
    #[must_use]
    pub fn with_max_stale(mut self, stale: Duration) -> Self {
        self.max_stale = Some(stale);
        self
    }
}

/// What a step or a caller wishes of the guard; the guard's own policy bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AttemptPolicy {
    /// How often the tool may be started in all; the guard's default if missing.
    pub max_attempts: Option<NonZeroU32>,
    /// The time limit of one start; the guard's default if missing.
    pub timeout: Option<Duration>,
}

impl AttemptPolicy {
    /// Bounds how often the tool may be started in all.
    #[must_use]
    pub fn with_max_attempts(mut self, attempts: NonZeroU32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Bounds the time of one start.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

/// Which compositions a call is inside of, innermost first; bounded by [`CallContext::MAX_DEPTH`].
#[derive(Debug)]
struct Link {
    tool: ToolName,
    outer: Option<Arc<Self>>,
}

/// Who calls, since when, until when, and from inside of what: passed down with every call.
///
/// Parent span and depth travel here, never in a task-local. Cloning copies a few pointers.
///
/// # Examples
///
/// ```
/// use tool_core::CallContext;
///
/// let context = CallContext::new("acme", "ann").with_request_id("r-1");
/// assert_eq!((context.tenant(), context.principal()), ("acme", "ann"));
/// assert_eq!(context.depth(), 0);
/// ```
#[derive(Debug, Clone)]
pub struct CallContext {
    tenant: Arc<str>,
    principal: Arc<str>,
    request_id: Option<Arc<str>>,
    trace: Option<TraceParent>,
    received: Option<Instant>,
    deadline: Option<Instant>,
    cache: CacheControl,
    attempts: AttemptPolicy,
    chain: Option<Arc<Link>>,
    depth: u32,
}

impl CallContext {
    /// How deep compositions may call compositions.
    pub const MAX_DEPTH: u32 = 8;

    /// Names who calls.
    #[must_use]
    pub fn new(tenant: impl Into<Arc<str>>, principal: impl Into<Arc<str>>) -> Self {
        Self {
            tenant: tenant.into(),
            principal: principal.into(),
            request_id: None,
            trace: None,
            received: None,
            deadline: None,
            cache: CacheControl::default(),
            attempts: AttemptPolicy::default(),
            chain: None,
            depth: 0,
        }
    }

    /// Sets the request that this call belongs to.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Arc<str>>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Sets the span that this call is part of.
    #[must_use]
    pub fn with_trace(mut self, parent: TraceParent) -> Self {
        self.trace = Some(parent);
        self
    }

    /// Sets the instant at which the outermost layer took the call; all layers must read the same clock.
    ///
    /// Layers below may use it instead of reading the clock again: an answer that was good when the call came may be
    /// given though it has expired since.
    #[must_use]
    pub fn with_received(mut self, received: Instant) -> Self {
        self.received = Some(received);
        self
    }

    /// Moves the deadline, but never back: the earlier one holds.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(self.deadline.map_or(deadline, |own| own.min(deadline)));
        self
    }

    /// Lifts the deadline: for work that is shared with callers of other deadlines.
    #[must_use]
    pub fn without_deadline(mut self) -> Self {
        self.deadline = None;
        self
    }

    /// Sets what is asked of the cache.
    #[must_use]
    pub fn with_cache(mut self, cache: CacheControl) -> Self {
        self.cache = cache;
        self
    }

    /// Sets what is wished of the guard.
    #[must_use]
    pub fn with_attempts(mut self, attempts: AttemptPolicy) -> Self {
        self.attempts = attempts;
        self
    }

    /// Returns the context of a call that `tool` makes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] if `tool` is already being called further out (recursion) or the depth would exceed
    /// [`MAX_DEPTH`](Self::MAX_DEPTH); the message shows the chain.
    pub fn inside(&self, tool: &ToolName) -> Result<Self, ToolError> {
        let chain: Vec<&ToolName> = self.chain().collect();
        let fault = if chain.contains(&tool) {
            "calls itself"
        } else if self.depth >= Self::MAX_DEPTH {
            "is nested too deeply (8 levels)"
        } else {
            let link = Link { tool: tool.clone(), outer: self.chain.clone() };
            let chain = Some(Arc::new(link));
            // It is received when it is made, not when its caller was.
            return Ok(Self { chain, depth: self.depth + 1, received: None, ..self.clone() });
        };
        let path = chain.iter().rev().map(|name| name.as_str()).chain([tool.as_str()]).collect::<Vec<_>>().join(" > ");
        Err(ToolError::new(ErrorKind::InvalidParams, format!("{tool} {fault}: {path}")))
    }

    /// Returns the tenant: nothing computed for one is ever returned to another.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// Returns who calls, within the tenant.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// Returns the request that this call belongs to.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the tenant, shared; no copy.
    #[must_use]
    pub fn to_tenant(&self) -> Arc<str> {
        Arc::clone(&self.tenant)
    }

    /// Returns who calls, shared; no copy.
    #[must_use]
    pub fn to_principal(&self) -> Arc<str> {
        Arc::clone(&self.principal)
    }

    /// Returns the request that this call belongs to, shared; no copy.
    #[must_use]
    pub fn to_request_id(&self) -> Option<Arc<str>> {
        self.request_id.clone()
    }

    /// Returns the span that this call is part of.
    #[must_use]
    pub fn trace(&self) -> Option<TraceParent> {
        self.trace
    }

    /// Returns the instant at which the outermost layer took the call, if it said so.
    #[must_use]
    pub fn received(&self) -> Option<Instant> {
        self.received
    }

    /// Returns when the caller stops waiting.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns what is asked of the cache.
    #[must_use]
    pub fn cache(&self) -> CacheControl {
        self.cache
    }

    /// Returns what is wished of the guard.
    #[must_use]
    pub fn attempts(&self) -> AttemptPolicy {
        self.attempts
    }

    /// Returns how many compositions this call is inside of.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Returns the compositions this call is inside of, innermost first.
    pub fn chain(&self) -> impl Iterator<Item = &ToolName> {
        std::iter::successors(self.chain.as_deref(), |link| link.outer.as_deref()).map(|link| &link.tool)
    }
}

/// One call: which tool, with what, for whom.
///
/// Made by [`ToolRegistry::call`](crate::ToolRegistry::call) or [`ToolHandle::call`](crate::ToolHandle::call); holds the
/// resolved tool, so that no layer looks a name up again.
///
/// One allocation, made by the caller, and one pointer: the future of every layer holds the call, and so moves 8 bytes.
/// Cloning allocates once and copies a few pointers.
#[derive(Debug, Clone)]
pub struct ToolCall(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    spec: Arc<ToolSpec>,
    id: ToolId,
    params: Params,
    context: CallContext,
}

impl ToolCall {
    pub(crate) fn new(spec: Arc<ToolSpec>, id: ToolId, params: Params, context: CallContext) -> Self {
        Self(Box::new(Inner { spec, id, params, context }))
    }

    /// Returns the tool's specification.
    #[must_use]
    pub fn spec(&self) -> &Arc<ToolSpec> {
        &self.0.spec
    }

    /// Returns the tool's dense number.
    #[must_use]
    pub fn id(&self) -> ToolId {
        self.0.id
    }

    /// Returns the parameters.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.0.params
    }

    /// Returns who calls, until when, and from inside of what.
    #[must_use]
    pub fn context(&self) -> &CallContext {
        &self.0.context
    }

    /// Replaces the context.
    #[must_use]
    pub fn with_context(mut self, context: CallContext) -> Self {
        self.0.context = context;
        self
    }

    /// Changes the context in place of a copy: what a layer adds on the way down costs no clone.
    #[must_use]
    pub fn map_context(mut self, change: impl FnOnce(CallContext) -> CallContext) -> Self {
        self.0.context = change(self.0.context);
        self
    }

    /// Notes, in place, that the call runs as `span` and when it was [received](CallContext::with_received): what the
    /// outermost layer adds, without moving the call.
    pub fn enter(&mut self, span: TraceParent, received: Instant) {
        self.0.context.trace = Some(span);
        self.0.context.received = Some(received);
    }

    /// Moves the deadline in place, but never back: the earlier one holds, as with [`CallContext::with_deadline`].
    pub fn limit_deadline(&mut self, deadline: Instant) {
        let own = &mut self.0.context.deadline;
        *own = Some(own.map_or(deadline, |own| own.min(deadline)));
    }

    /// Parses the parameters into a type of the tool's choice.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] if they have another shape than the input schema promised.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        T::deserialize(self.params().as_value()).map_err(|error| {
            let message = format!("parameters of {} do not have the shape it expects", self.spec().name());
            ToolError::new(ErrorKind::InvalidParams, message).with_source(error)
        })
    }
}

impl Serialize for Params {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Clock, SystemClock};

    #[test]
    fn recursion_is_refused_with_its_chain() {
        let (a, b): (ToolName, ToolName) = ("x.a".parse().unwrap(), "x.b".parse().unwrap());
        let inside = CallContext::new("t", "p").inside(&a).unwrap().inside(&b).unwrap();
        assert_eq!(inside.chain().map(ToolName::as_str).collect::<Vec<_>>(), ["x.b", "x.a"]);
        assert_eq!(inside.inside(&a).unwrap_err().to_string(), "x.a calls itself: x.a > x.b > x.a");
    }

    #[test]
    fn depth_is_bounded() {
        let mut context = CallContext::new("t", "p");
        for level in 0..CallContext::MAX_DEPTH {
            context = context.inside(&format!("x.n{level}").parse().unwrap()).unwrap();
        }
        assert!(context.inside(&"x.last".parse().unwrap()).is_err());
    }

    #[test]
    fn deadline_only_shrinks() {
        let now = SystemClock::new().now();
        let (early, late) = (now + Duration::from_secs(1), now + Duration::from_secs(9));
        let context = CallContext::new("t", "p").with_deadline(early).with_deadline(late);
        assert_eq!(context.deadline(), Some(early));
    }

    #[test]
    fn shared_names_are_no_copies() {
        let context = CallContext::new("t", "p").with_request_id("r");
        assert!(std::ptr::eq(context.tenant(), &*context.to_tenant()));
        assert!(std::ptr::eq(context.principal(), &*context.to_principal()));
        assert!(std::ptr::eq(context.request_id().unwrap(), &*context.to_request_id().unwrap()));
    }

    #[test]
    fn mapped_context_keeps_the_rest() {
        let spec = ToolSpec::builder("x.a", "A.").build().unwrap();
        let call = ToolCall::new(Arc::new(spec), ToolId::new(3), Params::empty(), CallContext::new("t", "p"));
        let mapped = call.clone().map_context(|context| context.with_request_id("r"));
        assert_eq!((mapped.context().tenant(), mapped.context().request_id()), ("t", Some("r")));
        assert!(Arc::ptr_eq(mapped.spec(), call.spec()));
        assert_eq!(mapped.id(), call.id());
    }

    #[test]
    fn entered_call_says_since_when() {
        let spec = ToolSpec::builder("x.a", "A.").build().unwrap();
        let mut call = ToolCall::new(Arc::new(spec), ToolId::new(3), Params::empty(), CallContext::new("t", "p"));
        let (span, now) = (TraceParent::new(1, 2, 0).unwrap(), SystemClock::new().now());
        call.enter(span, now);
        assert_eq!((call.context().trace(), call.context().received()), (Some(span), Some(now)));
        assert_eq!(call.context().inside(call.spec().name()).unwrap().received(), None);
    }

    #[test]
    fn limited_deadline_only_shrinks() {
        let spec = ToolSpec::builder("x.a", "A.").build().unwrap();
        let mut call = ToolCall::new(Arc::new(spec), ToolId::new(3), Params::empty(), CallContext::new("t", "p"));
        let late = SystemClock::new().now() + Duration::from_secs(9);
        let early = late - Duration::from_secs(8);
        for (limit, expected) in [(late, late), (early, early), (late, early)] {
            call.limit_deadline(limit);
            assert_eq!(call.context().deadline(), Some(expected));
        }
    }

    #[test]
    fn debug_shows_no_values() {
        let params = Params::parse(r#"{"password": "s3"}"#).unwrap();
        assert_eq!(format!("{params:?}"), r#"{"password"}"#);
    }

    #[test]
    fn only_objects_are_parameters() {
        assert_eq!(Params::parse("[1]").unwrap_err().to_string(), "parameters must be a JSON object, got an array");
    }
}
