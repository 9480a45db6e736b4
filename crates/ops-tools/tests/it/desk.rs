//! Who answers a test's calls: the tools over a small estate of two tenants.

use std::sync::Arc;

use ops_tools::{Ci, EstateData, Event, Relation, Rule, SqliteEstate, Work, WorkKind, parse_instant, tools};
use serde_json::{Value, json};
use tool_core::{CallContext, ErrorKind, Params, ToolError, ToolExecutor, ToolOutput, ToolRegistry};

/// The tools over an estate.
pub(crate) struct Desk(ToolRegistry);

impl Desk {
    /// Returns the tools over an estate that holds this.
    pub(crate) fn over(data: &[EstateData]) -> Self {
        let estate: Arc<dyn ops_tools::Estate> = Arc::new(SqliteEstate::in_memory(data).unwrap());
        let registry = ToolRegistry::new();
        for tool in tools(&estate) {
            registry.register_arc(tool).unwrap();
        }
        Self(registry)
    }

    /// Returns the tools over the small shop of tenant `acme`, beside which `rival` has items of the same codes.
    pub(crate) fn small() -> Self {
        let mut rival = EstateData::default();
        rival.tenant = "rival".to_owned();
        rival.cis = vec![Ci::new("r-1", "web-shop"), Ci::new("r-2", "rival-only")];
        rival.rules = vec![Rule::new("rival-rule", "metric", json!({"field": "x", "op": ">", "value": 1}))];
        Self::over(&[acme(), rival])
    }

    pub(crate) fn registry(&self) -> &ToolRegistry {
        &self.0
    }

    /// Calls a tool as `acme`.
    pub(crate) async fn call(&self, tool: &str, params: Value) -> Result<ToolOutput, ToolError> {
        self.call_as("acme", tool, params).await
    }

    /// Calls a tool as a tenant; the result fits the tool's output schema.
    pub(crate) async fn call_as(&self, tenant: &str, tool: &str, params: Value) -> Result<ToolOutput, ToolError> {
        let params = Params::try_from(params).unwrap();
        let call = self.0.call(tool, params, CallContext::new(tenant, "ann")).unwrap();
        let spec = Arc::clone(call.spec());
        let output = self.0.execute(call).await?;
        spec.check_output(output.payload.value()).unwrap();
        Ok(output)
    }

    /// Calls a tool as `acme`, which must succeed.
    pub(crate) async fn ask(&self, tool: &str, params: Value) -> Value {
        self.call(tool, params).await.unwrap().payload.value().clone()
    }

    /// Calls a tool as `acme`, which must fail.
    pub(crate) async fn fail(&self, tool: &str, params: Value) -> (ErrorKind, String, Vec<String>) {
        let error = self.call(tool, params).await.unwrap_err();
        (error.kind(), error.to_string(), error.suggestions().to_vec())
    }
}

fn at(text: &str) -> i64 {
    parse_instant(text).unwrap()
}

fn item(id: &str, code: &str, name: &str, kind: (&str, &str), owner: &str, created: &str) -> Ci {
    let mut ci = Ci::new(id, code);
    name.clone_into(&mut ci.ci_name);
    (ci.ci_type, ci.ci_subtype) = (kind.0.to_owned(), kind.1.to_owned());
    owner.clone_into(&mut ci.owner);
    ci.created_at = at(created);
    ci
}

fn event(time: &str, ci: &str, kind: &str, severity: u8, title: &str) -> Event {
    let mut event = Event::new(at(time), ci, kind);
    event.severity = severity;
    title.clone_into(&mut event.title);
    event
}

fn done(kind: WorkKind, ci: &str, summary: &str, start: &str, end: Option<&str>) -> Work {
    let mut work = Work::new(kind, ci, "patch", at(start));
    summary.clone_into(&mut work.summary);
    work.end = end.map(at);
    work
}

/// Six items, one of them deleted, two of one name; events and work of 2026-03-01 and 2026-03-02.
pub(crate) fn acme() -> EstateData {
    let mut data = EstateData::default();
    data.tenant = "acme".to_owned();
    data.origin = "test".to_owned();
    data.cis = vec![
        item("id-1", "web-shop", "Shop", ("SW", "web"), "ann", "2026-01-01T00:00:00Z"),
        item("id-2", "db-orders", "Orders", ("SW", "db"), "bob", "2026-01-02T00:00:00Z"),
        item("id-3", "db-users", "Orders", ("SW", "db"), "bob", "2026-01-03T00:00:00Z"),
        item("id-4", "srv-erp-01", "ERP 100%", ("HW", "server"), "", "2026-01-04T00:00:00Z"),
        item("id-5", "srv_erp_02", "ERP 100 of 200", ("HW", "server"), "eve", "2026-01-04T00:00:00Z"),
        item("id-9", "db-gone", "Gone", ("SW", "db"), "bob", "2026-01-05T00:00:00Z"),
    ];
    data.cis[0].tags.insert("role".to_owned(), "front".to_owned());
    data.cis[1].attributes.insert("engine".to_owned(), json!("postgres"));
    data.cis[1].attributes.insert("cpu_cores".to_owned(), json!(8));
    data.cis[5].deleted_at = Some(at("2026-02-01T00:00:00Z"));
    data.relations = vec![Relation::new("id-1", "DEPENDS_ON", "id-2"), Relation::new("id-2", "RUNS_ON", "id-4")];
    data.events = vec![
        event("2026-03-01T10:00:00Z", "id-2", "deployment", 1, "orders 2.1"),
        event("2026-03-01T11:00:00Z", "id-1", "threshold_alarm", 4, "slow"),
        event("2026-03-02T09:00:00Z", "id-9", "deployment", 5, "of a deleted item"),
        event("2026-03-02T10:00:00Z", "id-1", "threshold_alarm", 3, "slow again"),
    ];
    data.work = vec![
        done(WorkKind::Maintenance, "id-2", "vacuum", "2026-02-20T00:00:00Z", Some("2026-02-20T01:00:00Z")),
        done(WorkKind::Work, "id-2", "index dropped", "2026-03-01T09:00:00Z", None),
        done(WorkKind::Work, "id-9", "of a deleted item", "2026-03-01T09:30:00Z", None),
    ];
    let mut inactive = Rule::new("slow-shop", "metric", json!({"field": "metric.latency", "op": ">", "value": 0.5}));
    inactive.active = false;
    let broken = Rule::new("broken", "metric", json!({"field": "a", "op": "~", "value": 1}));
    data.rules = vec![inactive, broken];
    data
}
