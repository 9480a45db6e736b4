//! With which parameters does a tool answer a question?

use serde_json::{Map, Value, json};

use super::cues::Cue;
use super::facts::{Facts, First, Number};
use super::kinds::filter;
use super::vocabulary::Vocabulary;
use super::want::{Want, counts_metric, ranked_by_metric};
use crate::estate::NodeId;

/// How many items a tool takes at most.
const MAX_ITEMS: usize = 300;

/// What parameters are made of.
pub(super) struct Maker<'a> {
    pub(super) facts: &'a Facts,
    pub(super) known: &'a Vocabulary,
}

type Made = Option<Map<String, Value>>;

impl Maker<'_> {
    /// Returns the parameters for `tool`, or nothing if it cannot answer all that was asked, or lacks what it needs.
    pub(super) fn params(&self, tool: &str, want: Want) -> Made {
        let made = match tool {
            "ci.get" => self.item().map(|code| map([("ci_id", Some(code))])),
            "ci.get_by_code" => self.item().map(|code| map([("ci_code", Some(code))])),
            "ci.search" => self.search(),
            "ci.list_preview" => self.preview(),
            "ci.aggregate" => self.item_count(),
            "metric.exists" => self.exists(),
            "metric.aggregate" => self.metric_number(),
            "metric.list" => Some(map([("ci_id", self.item()), ("contains", self.contains())])),
            "metric.series" => self.series(),
            "metric.compare" => self.normal(),
            "graph.expand" => self.relations(want),
            "graph.path" => self.path(),
            "history.event_log" => self.events(),
            "history.work" => self.work(),
            "cep.simulate" => self.facts.rule.clone().map(|rule| map([("rule_id", Some(json!(rule)))])),
            "compose.investigate" => self.cause(),
            _ => None,
        };
        made.filter(|_| self.fits_time(tool) && self.leaves_nothing_out(tool))
    }

    /// Returns whether the tool heeds every name of the question that only some tools take: one that answers half of a
    /// question answers another question.
    fn leaves_nothing_out(&self, tool: &str) -> bool {
        let facts = self.facts;
        let metric = matches!(
            tool,
            "metric.exists" | "metric.aggregate" | "metric.series" | "metric.compare" | "compose.investigate"
        );
        let taken = [
            facts.metrics.is_empty() || metric,
            facts.odd_metric.is_none() || tool == "metric.exists",
            facts.event_types.is_empty() || tool == "history.event_log",
            facts.group_by.is_empty() || tool == "ci.aggregate",
            facts.keywords.is_empty() || matches!(tool, "ci.search" | "metric.list"),
            facts.depth.is_none() || tool.starts_with("graph."),
            facts.rule.is_none() || tool == "cep.simulate",
        ];
        taken.into_iter().all(|taken| taken)
    }

    /// Returns whether the tool heeds the time that is named, if one is.
    fn fits_time(&self, tool: &str) -> bool {
        let takes = [
            "metric.aggregate",
            "metric.series",
            "metric.compare",
            "history.event_log",
            "history.work",
            "compose.investigate",
        ];
        let timed = self.facts.range().is_some();
        !timed || takes.contains(&tool)
    }

    fn code(&self, node: NodeId) -> Value {
        json!(self.known.graph.node(node).code)
    }

    /// Returns the code of the one item that is named.
    fn item(&self) -> Option<Value> {
        match (self.facts.items.as_slice(), self.facts.group.is_empty()) {
            ([(node, _)], true) => Some(self.code(*node)),
            _ => None,
        }
    }

    fn codes(&self) -> Vec<Value> {
        let named = self.facts.items.iter().map(|(node, _)| *node);
        named.chain(self.facts.group.iter().copied()).map(|node| self.code(node)).collect()
    }

    /// Returns the codes of all items that are meant: those that are named, else those of the kinds that are.
    fn members(&self) -> Option<Vec<Value>> {
        let codes = self.codes();
        if !codes.is_empty() {
            return Some(codes).filter(|codes| codes.len() <= MAX_ITEMS);
        }
        let conditions = &self.facts.conditions;
        let graph = &self.known.graph;
        let fits = |node: NodeId| {
            let item = graph.node(node);
            conditions.iter().all(|condition| match condition.field.as_str() {
                "ci_category" => condition.value == item.ci_category.as_str(),
                "ci_subtype" => condition.value == item.ci_subtype.as_str(),
                _ => condition.value == item.ci_type.as_str(),
            })
        };
        let known = |field: &str| matches!(field, "ci_category" | "ci_subtype" | "ci_type");
        if conditions.is_empty() || !conditions.iter().all(|condition| known(&condition.field)) {
            return None;
        }
        let members: Vec<Value> = graph.nodes().filter(|node| fits(*node)).map(|node| self.code(node)).collect();
        (1..=MAX_ITEMS).contains(&members.len()).then_some(members)
    }

    /// Returns one item under `one`, or several under `ci_ids`.
    fn subject(&self, one: &'static str) -> Option<(&'static str, Value)> {
        let mut members = self.members()?;
        Some(if members.len() == 1 { (one, members.remove(0)) } else { ("ci_ids", json!(members)) })
    }

    fn filters(&self) -> Vec<Value> {
        let facts = self.facts;
        let conditions = facts.conditions.iter();
        let mut filters: Vec<Value> = conditions.map(|known| filter(&known.field, known.op, &known.value)).collect();
        let codes = self.codes();
        match (facts.items.as_slice(), facts.has(Cue::RunsOn)) {
            ([(host, _)], true) => filters.push(filter("tags.host_server", "=", &self.code(*host))),
            _ if !codes.is_empty() => filters.push(filter("ci_code", "in", &json!(codes))),
            _ => {}
        }
        filters
    }

    fn search(&self) -> Made {
        let facts = self.facts;
        let sort = facts.sort.as_ref().filter(|(field, _)| !field.contains('.'));
        let sort = sort.map(|(field, direction)| json!({"column": field, "direction": direction}));
        Some(map([
            ("keywords", list(facts.keywords.clone())),
            ("filters", list(self.filters())),
            ("limit", facts.limit.map(Value::from)),
            ("sort", sort),
        ]))
    }

    fn preview(&self) -> Made {
        let plain = self.facts.keywords.is_empty() && self.facts.sort.is_none();
        plain.then(|| map([("filters", list(self.filters())), ("limit", self.facts.limit.map(Value::from))]))
    }

    fn item_count(&self) -> Made {
        let facts = self.facts;
        Some(map([
            ("group_by", list(facts.group_by.clone())),
            ("filters", list(self.filters())),
            ("top_n", facts.limit.map(Value::from)),
        ]))
    }

    fn metric(&self) -> Option<Value> {
        self.facts.metrics.first().map(|metric| json!(metric))
    }

    fn exists(&self) -> Made {
        let name = self.facts.odd_metric.clone().map(Value::from).or_else(|| self.metric())?;
        Some(map([("metric_name", Some(name)), ("ci_id", self.item())]))
    }

    fn contains(&self) -> Option<Value> {
        self.facts.keywords.first().map(|word| json!(word))
    }

    fn metric_number(&self) -> Made {
        let facts = self.facts;
        if ranked_by_metric(facts) || !facts.group_by.is_empty() || facts.metrics.len() != 1 {
            return None;
        }
        let number = facts.number.or_else(|| counts_metric(facts).then_some(Number::Sum));
        let (key, items) = self.subject("ci_id")?;
        Some(map([
            ("metric_name", self.metric()),
            (key, Some(items)),
            ("agg", number.map(|number| json!(number.name()))),
            ("time_range", facts.range()),
        ]))
    }

    fn series(&self) -> Made {
        let facts = self.facts;
        if facts.metrics.len() != 1 {
            return None;
        }
        let newest = facts.has(Cue::Newest) && facts.limit.is_none() && facts.when.is_none();
        let limit = if newest && !facts.has(Cue::Series) { Some(1) } else { facts.limit };
        Some(map([
            ("ci_id", Some(self.item()?)),
            ("metric_name", self.metric()),
            ("limit", limit.map(Value::from)),
            ("time_range", facts.range()),
        ]))
    }

    fn normal(&self) -> Made {
        let members = self.members()?;
        let at = self.facts.when.and_then(super::time::When::instant);
        Some(map([
            ("ci_ids", Some(json!(members))),
            ("metrics", list(self.facts.metrics.clone())),
            ("at", at.map(Value::from)),
        ]))
    }

    fn relations(&self, want: Want) -> Made {
        let Want::Relations(view) = want else { return None };
        let one_hop = self.facts.has(Cue::RunsOn) && !self.facts.any(&[Cue::Impact, Cue::Needs]);
        let depth = self.facts.depth.or(one_hop.then_some(1));
        Some(map([
            ("ci_id", Some(self.item()?)),
            ("view", Some(json!(view.name()))),
            ("depth", depth.map(Value::from)),
        ]))
    }

    fn path(&self) -> Made {
        let [(from, _), (to, _)] = self.facts.items.as_slice() else { return None };
        let hops = self.facts.depth.filter(|hops| *hops > 1).map(Value::from);
        Some(map([("ci_id", Some(self.code(*from))), ("target_ci_id", Some(self.code(*to))), ("max_hops", hops)]))
    }

    /// Returns the items whose history is asked for: none for all, nothing if they cannot be told.
    fn whose(&self) -> Option<(&'static str, Option<Value>)> {
        if !self.facts.is_about_items() {
            return Some(("ci", None));
        }
        self.subject("ci").map(|(key, items)| (key, Some(items)))
    }

    fn events(&self) -> Made {
        let facts = self.facts;
        let (key, items) = self.whose()?;
        let oldest = (facts.first == Some(First::Oldest)).then(|| json!("oldest"));
        Some(map([
            (key, items),
            ("event_types", list(facts.event_types.clone())),
            ("min_severity", facts.min_severity.map(Value::from)),
            ("limit", facts.limit.map(Value::from)),
            ("order", oldest),
            ("time_range", facts.range()),
        ]))
    }

    fn work(&self) -> Made {
        let facts = self.facts;
        let (key, items) = self.whose()?;
        let section = match (facts.has(Cue::Work), facts.has(Cue::Maintenance)) {
            (true, false) => Some(json!("work")),
            (false, true) => Some(json!("maintenance")),
            _ => None,
        };
        Some(map([
            (key, items),
            ("section", section),
            ("limit", facts.limit.map(Value::from)),
            ("time_range", facts.range()),
        ]))
    }

    fn cause(&self) -> Made {
        let at = self.facts.when.and_then(super::time::When::instant);
        Some(map([("ci", Some(self.item()?)), ("metric", self.metric()), ("at", at.map(Value::from))]))
    }
}

fn list<T: Into<Value>>(values: Vec<T>) -> Option<Value> {
    (!values.is_empty()).then(|| values.into_iter().map(Into::into).collect())
}

fn map<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    given.collect()
}
