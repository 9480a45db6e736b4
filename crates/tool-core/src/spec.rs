//! What does a tool say of itself?

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{ErrorKind, NameError, Redactor, ToolError, ToolName, schema::Schema};

/// What running a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "layers decide by effect; a new one must make each of them think again")]
pub enum Effect {
    /// Nothing is read but the parameters: the same parameters always give the same result.
    Pure,
    /// Something is read; nothing changes.
    Reads,
    /// Something changes. What declares nothing is taken for this: never cached, never retried.
    #[default]
    Writes,
    /// Other tools are called, each with its own effect.
    Composite,
}

/// Whether a tool may run twice for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it may or it may not")]
pub enum Idempotency {
    /// Running it twice may do something twice.
    #[default]
    NotIdempotent,
    /// Running it twice has the effect of running it once.
    Idempotent,
}

/// Who may be given a cached answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a scope is part of every cache key; a new one must be thought through everywhere"
)]
pub enum Scope {
    /// Only the principal that asked, within its tenant.
    #[default]
    Principal,
    /// Everybody in the tenant that asked.
    Tenant,
    /// Everybody.
    Shared,
}

/// How hard a tool's work is, as its author rates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Complexity {
    /// One look-up.
    VeryLow,
    /// A scan of little.
    Low,
    /// An aggregation.
    Medium,
    /// A walk or a wide aggregation.
    High,
}

/// What is expected of a tool before anything was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// How often its answer is the right one, 0 to 1.
    pub accuracy: f64,
    /// How long it takes.
    #[serde(rename = "base_time_ms", serialize_with = "as_millis")]
    pub base_time: Duration,
    /// How hard its work is, where its author says.
    pub complexity: Option<Complexity>,
}

impl Profile {
    /// States accuracy (0 to 1) and base time; [`ToolSpecBuilder::build`] checks the range.
    #[must_use]
    pub fn new(accuracy: f64, base_time: Duration) -> Self {
        Self { accuracy, base_time, complexity: None }
    }

    /// Adds the complexity.
    #[must_use]
    pub fn complexity(mut self, complexity: Complexity) -> Self {
        self.complexity = Some(complexity);
        self
    }
}

impl Default for Profile {
    /// Returns what is assumed of an unknown tool: accuracy 0.5, 100 ms.
    fn default() -> Self {
        Self::new(0.5, Duration::from_millis(100))
    }
}

fn as_millis<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64() * 1000.0)
}

/// The identity of what a tool reads, and a generation that moves when all of it may have changed.
///
/// Clones share the generation. Both are part of every cache key: another estate, or another import of the same one,
/// never answers from the old one's results.
#[derive(Debug, Clone)]
pub struct Source {
    id: Arc<str>,
    generation: Arc<AtomicU64>,
}

impl Source {
    /// Names a source, as in `estate:demo:7`, at a generation.
    #[must_use]
    pub fn new(id: impl Into<Arc<str>>, generation: u64) -> Self {
        Self { id: id.into(), generation: Arc::new(AtomicU64::new(generation)) }
    }

    /// Returns the identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the generation: one relaxed load.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Moves to a generation, for all clones.
    pub fn set_generation(&self, generation: u64) {
        self.generation.store(generation, Ordering::Release);
    }
}

impl Default for Source {
    /// Returns the source of tools that name none: this process.
    fn default() -> Self {
        Self::new("process", 0)
    }
}

/// What a write makes stale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invalidation {
    /// Every result of one tool.
    Tool(ToolName),
    /// Every result of the tools that carry this tag.
    Tag(String),
}

/// What a tool says of itself: all that layers know of it.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use tool_core::{Effect, Scope, ToolSpec};
///
/// let spec = ToolSpec::builder("weather.now", "Returns the weather at a place.")
///     .input(json!({
///         "type": "object",
///         "properties": {"place": {"type": "string"}},
///         "required": ["place"],
///         "additionalProperties": false,
///     }))
///     .effect(Effect::Reads)
///     .scope(Scope::Shared)
///     .build()?;
/// assert_eq!(spec.required_params().collect::<Vec<_>>(), ["place"]);
/// # Ok::<(), tool_core::SpecError>(())
/// ```
#[derive(Debug)]
pub struct ToolSpec {
    name: ToolName,
    description: String,
    input: Schema,
    output: Option<Schema>,
    effect: Effect,
    idempotency: Idempotency,
    scope: Scope,
    source: Source,
    profile: Profile,
    tags: Vec<String>,
    invalidates: Vec<Invalidation>,
    timeout: Option<Duration>,
    ttl: Option<Duration>,
    group: Option<String>,
    fingerprint: [u8; 32],
}

impl ToolSpec {
    /// Begins a specification; everything else has a careful default.
    pub fn builder(name: &str, description: impl Into<String>) -> ToolSpecBuilder {
        ToolSpecBuilder::new(name.parse(), description.into())
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &ToolName {
        &self.name
    }

    /// Returns what the tool is for, in a sentence or two.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the JSON Schema of the parameters; `{"type": "object"}` if none was given.
    #[must_use]
    pub fn input_schema(&self) -> &Value {
        self.input.text()
    }

    /// Returns the JSON Schema of the result, if one was given.
    #[must_use]
    pub fn output_schema(&self) -> Option<&Value> {
        self.output.as_ref().map(Schema::text)
    }

    /// Returns what running the tool does to the world.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Returns whether the tool may run twice for one call.
    #[must_use]
    pub fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Returns who may be given a cached answer.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Returns what the tool reads.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Returns what is expected of the tool before anything was measured.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Returns the tags by which results can be invalidated together.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Returns what a run makes stale.
    #[must_use]
    pub fn invalidates(&self) -> &[Invalidation] {
        &self.invalidates
    }

    /// Returns the tool's own time limit for one run.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Returns how long a result stays good, where the tool's author says.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.ttl
    }

    /// Returns the group of tools that answer the same questions and may stand in for each other, if it is in one.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Returns a hash of name, schemas, effect and scope: another definition has another one.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Returns the names of the parameters without which the tool cannot run.
    pub fn required_params(&self) -> impl Iterator<Item = &str> {
        self.input_schema()["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// Checks parameters against the input schema.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParams`] that lists each violation with its path, what was expected and what was there,
    /// secrets replaced by `redactor`.
    pub fn check_params(&self, params: &Value, redactor: &dyn Redactor) -> Result<(), ToolError> {
        if self.input.is_valid(params) {
            return Ok(());
        }
        let shown = redactor.redact(self, params);
        Err(ToolError::invalid_params(self.name.as_str(), self.input.violations(params, &shown)))
    }

    /// Checks a result against the output schema; a tool without one promises nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidOutput`] that names the first places which do not fit; values are not shown.
    pub fn check_output(&self, result: &Value) -> Result<(), ToolError> {
        let Some(output) = self.output.as_ref().filter(|schema| !schema.is_valid(result)) else {
            return Ok(());
        };
        let faults: Vec<String> = output.violations(result, &Value::Null).iter().map(ToString::to_string).collect();
        let message = format!("result of {} does not fit its schema: {}", self.name, faults.join("; "));
        Err(ToolError::new(ErrorKind::InvalidOutput, message))
    }
}

impl Serialize for ToolSpec {
    /// Writes what a catalogue shows; the fingerprint and the source stay inside.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "name": self.name, "description": self.description, "effect": self.effect,
            "idempotency": self.idempotency, "scope": self.scope, "profile": self.profile,
            "tags": self.tags, "invalidates": self.invalidates,
            "timeout_ms": self.timeout.map(|time| time.as_secs_f64() * 1000.0),
            "ttl_ms": self.ttl.map(|time| time.as_secs_f64() * 1000.0), "group": self.group,
            "input_schema": self.input_schema(), "output_schema": self.output_schema(),
        })
        .serialize(serializer)
    }
}

/// Collects a specification; setters only store, [`build`](Self::build) checks all.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct ToolSpecBuilder {
    name: Result<ToolName, NameError>,
    description: String,
    input: Value,
    output: Option<Value>,
    effect: Effect,
    idempotency: Idempotency,
    scope: Scope,
    source: Source,
    profile: Profile,
    tags: Vec<String>,
    invalidates: Vec<Invalidation>,
    timeout: Option<Duration>,
    ttl: Option<Duration>,
    group: Option<String>,
}

impl ToolSpecBuilder {
    fn new(name: Result<ToolName, NameError>, description: String) -> Self {
        Self {
            name,
            description,
            input: json!({"type": "object"}),
            output: None,
            effect: Effect::default(),
            idempotency: Idempotency::default(),
            scope: Scope::default(),
            source: Source::default(),
            profile: Profile::default(),
            tags: Vec::new(),
            invalidates: Vec::new(),
            timeout: None,
            ttl: None,
            group: None,
        }
    }

    /// Sets the JSON Schema of the parameters.
    pub fn input(mut self, schema: Value) -> Self {
        self.input = schema;
        self
    }

    /// Sets the JSON Schema of the result.
    pub fn output(mut self, schema: Value) -> Self {
        self.output = Some(schema);
        self
    }

    /// Sets what running the tool does to the world; [`Effect::Writes`] until then.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Declares that the tool may run twice for one call.
    pub fn idempotent(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Sets who may be given a cached answer; [`Scope::Principal`] until then.
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Sets what the tool reads.
    pub fn source(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Sets what is expected of the tool before anything was measured.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Adds a tag by which results can be invalidated together.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Adds what a run makes stale.
    pub fn invalidates(mut self, what: Invalidation) -> Self {
        self.invalidates.push(what);
        self
    }

    /// Sets the tool's own time limit for one run.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long a result stays good.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Puts the tool into a group of tools that answer the same questions, such as replicas: guards keep some of a
    /// group open, selection balances over it.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Checks everything and compiles the schemas.
    ///
    /// # Errors
    ///
    /// [`SpecError`] that names the field and what is wrong with it: a malformed name, an empty description, a schema
    /// that does not compile or refers outside itself, an accuracy outside 0 to 1, a timeout of zero.
    pub fn build(self) -> Result<ToolSpec, SpecError> {
        let name = self.name.map_err(|error| SpecError::new("name", error.to_string()))?;
        let fail = |field, reason: String| Err(SpecError { tool: name.to_string(), field, reason });
        if self.description.trim().is_empty() {
            return fail("description", "it is empty".to_owned());
        }
        if !(0.0..=1.0).contains(&self.profile.accuracy) {
            return fail("profile", format!("accuracy {} is not within 0 to 1", self.profile.accuracy));
        }
        if self.timeout == Some(Duration::ZERO) {
            return fail("timeout", "it is zero".to_owned());
        }
        let fingerprint = fingerprint(&name, &self.input, self.output.as_ref(), self.effect, self.scope);
        let input = match Schema::compile(self.input) {
            Ok(schema) => schema,
            Err(reason) => return fail("input schema", reason),
        };
        let output = match self.output.map(Schema::compile).transpose() {
            Ok(schema) => schema,
            Err(reason) => return fail("output schema", reason),
        };
        Ok(ToolSpec {
            name,
            description: self.description,
            input,
            output,
            effect: self.effect,
            idempotency: self.idempotency,
            scope: self.scope,
            source: self.source,
            profile: self.profile,
            tags: self.tags,
            invalidates: self.invalidates,
            timeout: self.timeout,
            ttl: self.ttl,
            group: self.group,
            fingerprint,
        })
    }
}

fn fingerprint(name: &ToolName, input: &Value, output: Option<&Value>, effect: Effect, scope: Scope) -> [u8; 32] {
    let definition = json!([name, input, output, effect, scope]).to_string();
    *blake3::hash(definition.as_bytes()).as_bytes()
}

/// Says what is wrong with a specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    tool: String,
    field: &'static str,
    reason: String,
}

impl SpecError {
    fn new(field: &'static str, reason: String) -> Self {
        Self { tool: String::new(), field, reason }
    }

    /// Returns the field that is wrong.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.tool.is_empty() {
            return write!(f, "tool specification: {}: {}", self.field, self.reason);
        }
        write!(f, "specification of {}: {}: {}", self.tool, self.field, self.reason)
    }
}

impl std::error::Error for SpecError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SchemaRedactor;

    fn builder() -> ToolSpecBuilder {
        ToolSpec::builder("a.b", "Does it.")
    }

    #[test]
    fn undeclared_tool_is_treated_with_care() {
        let spec = builder().build().unwrap();
        assert_eq!((spec.effect(), spec.scope()), (Effect::Writes, Scope::Principal));
        assert_eq!(spec.idempotency(), Idempotency::NotIdempotent);
        assert!(spec.check_params(&json!([]), &SchemaRedactor::new()).is_err());
    }

    #[track_caller]
    fn check_refused(builder: ToolSpecBuilder, field: &str) {
        assert_eq!(builder.build().unwrap_err().field(), field);
    }

    #[test]
    fn faults_are_found_when_built() {
        check_refused(ToolSpec::builder("nodot", "x"), "name");
        check_refused(ToolSpec::builder("a.b", " "), "description");
        check_refused(builder().profile(Profile::new(f64::NAN, Duration::ZERO)), "profile");
        check_refused(builder().timeout(Duration::ZERO), "timeout");
        check_refused(builder().input(json!({"type": "objekt"})), "input schema");
        check_refused(builder().output(json!({"$ref": "#/$defs/none"})), "output schema");
    }

    #[test]
    fn no_reference_is_fetched() {
        for url in ["http://127.0.0.1:1/x.json", "https://json-schema.example/x", "file:///etc/hostname"] {
            check_refused(builder().input(json!({"$ref": url})), "input schema");
        }
    }

    #[test]
    fn another_definition_has_another_fingerprint() {
        let of = |builder: ToolSpecBuilder| *builder.build().unwrap().fingerprint();
        let plain = of(builder());
        assert_eq!(plain, of(builder().ttl(Duration::from_secs(1)).group("replicas")));
        assert_ne!(plain, of(builder().scope(Scope::Shared)));
        assert_ne!(plain, of(builder().input(json!({"type": "object", "required": ["x"]}))));
    }

    #[test]
    fn result_is_checked_without_showing_it() {
        let spec =
            builder().output(json!({"type": "object", "properties": {"n": {"type": "integer"}}})).build().unwrap();
        assert!(spec.check_output(&json!({"n": 1})).is_ok());
        let error = spec.check_output(&json!({"n": "s3cret"})).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOutput);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[test]
    fn clones_share_a_generation() {
        let source = Source::new("estate", 1);
        let clone = source.clone();
        source.set_generation(2);
        assert_eq!(clone.generation(), 2);
    }
}
