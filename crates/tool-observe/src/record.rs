//! What is kept of one call, and what does that become when somebody reads it?

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use tool_core::{Redactor, ToolCall, ToolSpec, TraceParent};

use crate::{
    SpanId, ToolExecutionTrace, TraceId, TraceStatus,
    capture::{Captured, decode, json_size},
    facts::Facts,
};

/// One call that ended, as cheap as it can be kept.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) subject: Subject,
    /// The tracer's own number of the tool.
    pub(crate) series: usize,
    pub(crate) started_at: SystemTime,
    pub(crate) duration: Duration,
    pub(crate) facts: Facts,
    pub(crate) params: Kept,
}

/// What the ring keeps of the parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kept {
    /// All of them, as so many bytes beside the record.
    Beside(usize),
    /// Their size as JSON text, in bytes.
    Size(u64),
}

impl Kept {
    pub(crate) fn of(captured: Captured<'_>) -> Self {
        match captured {
            Captured::Kept(bytes) => Self::Beside(bytes.len()),
            Captured::Size(bytes) => Self::Size(bytes),
        }
    }
}

/// Which call it is: pointers that the caller had anyway.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) parent: Option<SpanId>,
    pub(crate) tenant: Arc<str>,
    pub(crate) principal: Arc<str>,
    pub(crate) request_id: Option<Arc<str>>,
}

impl Subject {
    /// Takes note of a call that runs as `span`.
    pub(crate) fn of(call: &ToolCall, span: TraceParent) -> Self {
        let context = call.context();
        Self {
            trace_id: TraceId(span.trace_id()),
            span_id: SpanId(span.span_id()),
            parent: context.trace().map(|parent| SpanId(parent.span_id())),
            tenant: context.to_tenant(),
            principal: context.to_principal(),
            request_id: context.to_request_id(),
        }
    }
}

impl Record {
    /// Returns how many bytes it holds beside its own size.
    pub(crate) fn weight(&self) -> usize {
        let Subject { tenant, principal, request_id, .. } = &self.subject;
        self.beside() + tenant.len() + principal.len() + request_id.as_ref().map_or(0, |id| id.len())
    }

    /// Returns how many bytes its parameters take in the ring.
    pub(crate) fn beside(&self) -> usize {
        match self.params {
            Kept::Beside(bytes) => bytes,
            Kept::Size(_) => 0,
        }
    }

    /// Returns what is told of the call, from it and its kept parameters: the only way out, and it redacts.
    pub(crate) fn trace(&self, params: &[u8], redactor: &dyn Redactor, spec: &ToolSpec) -> ToolExecutionTrace {
        let (subject, facts, tool) = (&self.subject, &self.facts, spec.name());
        let params = decode(params);
        let params_bytes = match self.params {
            Kept::Beside(_) => params.as_ref().map_or(0, json_size),
            Kept::Size(bytes) => bytes,
        };
        let params = params.map(|params| redactor.redact(spec, &params).into_owned());
        ToolExecutionTrace {
            trace_id: subject.trace_id,
            span_id: subject.span_id,
            parent_span_id: subject.parent,
            tool: tool.clone(),
            operation: tool.operation().to_owned(),
            tenant: subject.tenant.to_string(),
            principal: subject.principal.to_string(),
            request_id: subject.request_id.as_deref().map(str::to_owned),
            started_at: self.started_at,
            duration: self.duration,
            status: if facts.error.is_none() { TraceStatus::Ok } else { TraceStatus::Error },
            error_kind: facts.error,
            origin: facts.origin,
            cache_hit: facts.origin.is_cached(),
            age: facts.age,
            attempts: facts.attempts,
            retry_count: facts.retries(),
            fallback_from: facts.fallback_from.clone(),
            params,
            params_bytes,
            result_bytes: facts.result_bytes,
            limited: facts.limited,
        }
    }
}
