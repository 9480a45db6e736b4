//! How do the shop's items, relations and series read as records of an estate?

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::estate::{Ci, Relation, Series};

use super::calendar::{ROWS, START, time_of};
use super::dice::{Dice, Stream};
use super::grid::Grid;
use super::links::FIXTURES;
use super::metric::{Metric, measured};
use super::nodes::{Class, NODES, Node};
use super::shop::all_relations;
use super::usual::RECENT;

/// Returns the identity of the item with this code: a version 8 UUID of its hash, the same for every seed.
pub(super) fn ci_id(code: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(code.as_bytes()).as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let n = u128::from_be_bytes(bytes);
    let group = |shift: u32, bits: u32| n >> shift & ((1 << bits) - 1);
    let [a, b, c, d, e] = [group(96, 32), group(80, 16), group(64, 16), group(48, 16), group(0, 48)];
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
}

/// Returns facts as attributes of a record.
pub(super) fn attributes(facts: &[(&str, Value)]) -> BTreeMap<String, Value> {
    facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// Returns a value as the metric's collector keeps it.
pub(super) fn rounded(metric: &Metric, value: f64) -> f64 {
    (value * metric.scale).round() / metric.scale
}

/// Returns the record of every item.
pub(super) fn items() -> Vec<Ci> {
    NODES.iter().enumerate().map(|(place, node)| item(place, node)).collect()
}

fn item(place: usize, node: &Node) -> Ci {
    let (ci_type, ci_subtype, category) = node.class.kind();
    Ci {
        ci_id: ci_id(node.code),
        ci_code: node.code.to_owned(),
        ci_name: node.name.to_owned(),
        ci_type: ci_type.to_owned(),
        ci_subtype: ci_subtype.to_owned(),
        ci_category: category.to_owned(),
        status: "active".to_owned(),
        location: location(node.class, place),
        owner: node.owner.to_owned(),
        tags: tags(node),
        attributes: inventory(place, node),
        created_at: START - 86_400 * (120 + 7 * place as i64),
        deleted_at: None,
    }
}

fn location(class: Class, place: usize) -> String {
    match class {
        Class::External => "provider".to_owned(),
        Class::System | Class::Monitoring => "-".to_owned(),
        _ => format!("dc-1/rack-{}", 1 + place % 6),
    }
}

fn tags(node: &Node) -> BTreeMap<String, String> {
    let part_of = |&&(_, kind, part): &&(&str, &str, &str)| kind == "COMPOSED_OF" && part == node.code;
    let system = FIXTURES.iter().find(part_of).map(|&(system, ..)| ("system", system));
    let host = (!node.host.is_empty()).then_some(node.host);
    let pairs = [Some(("role", node.class.kind().2)), system, host.map(|host| ("runs_on", host))];
    let pairs = pairs.into_iter().flatten().chain(host.map(|host| ("host_server", host)));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn inventory(place: usize, node: &Node) -> BTreeMap<String, Value> {
    let zone = ("zone", json!(format!("zone-{}", 1 + place % 2)));
    let runs = |engine: &str, version: &str| vec![("engine", json!(engine)), ("version", json!(version)), zone.clone()];
    let facts = match node.class {
        Class::Database if node.code.starts_with("idx") => runs("opensearch", "2.19"),
        Class::Database => runs("postgresql", "17.4"),
        Class::Cache => runs("valkey", "8.1"),
        Class::Queue => runs("rabbitmq", "4.1"),
        Class::Web => runs("node", "22.14"),
        Class::Gateway | Class::Service | Class::Worker => runs("jvm", "21.0"),
        Class::Server => server(place, 32, 128, zone),
        Class::DataServer => server(place, 64, 512, zone),
        _ => Vec::new(),
    };
    attributes(&facts)
}

fn server(place: usize, cores: u32, memory_gb: u32, zone: (&str, Value)) -> Vec<(&str, Value)> {
    let ip = format!("10.20.{}.{}", 1 + place % 4, 10 + place);
    vec![("cpu_cores", json!(cores)), ("memory_gb", json!(memory_gb)), ("ip", json!(ip)), zone]
}

/// Returns every relation.
pub(super) fn relations() -> Vec<Relation> {
    let record = |(from, kind, to): (&str, &str, &str)| Relation {
        source: ci_id(from),
        rel_type: kind.to_owned(),
        target: ci_id(to),
    };
    all_relations().map(record).collect()
}

/// Returns every series, with the rows that a collector missed left out.
pub(super) fn series(seed: u64, grid: &Grid) -> Vec<Series> {
    let mut dice = Dice::new(seed, Stream::Gaps);
    let dark = dice.below(NODES.len());
    let mut all = Vec::new();
    for (place, node) in NODES.iter().enumerate() {
        let missed = missed(&mut dice, if place == dark { 9 } else { 1 });
        let id = ci_id(node.code);
        let one = |metric: &&Metric| Series {
            ci_id: id.clone(),
            metric: metric.name.to_owned(),
            points: points(grid, metric, place, &missed),
        };
        all.extend(measured(node.class).iter().map(one));
    }
    all
}

/// Throws the rows that the collector of an item missed: up to three times, `rows` at once, none of them recent.
fn missed(dice: &mut Dice, rows: usize) -> Vec<usize> {
    let starts: Vec<usize> = (0..dice.below(3) + rows / 9).map(|_| dice.below(ROWS - RECENT - rows)).collect();
    starts.into_iter().flat_map(|start| start..start + rows).collect()
}

fn points(grid: &Grid, metric: &Metric, node: usize, missed: &[usize]) -> Vec<(i64, f64)> {
    let rows = grid.column(metric.field, node).enumerate().filter(|(row, _)| !missed.contains(row));
    rows.map(|(row, value)| (time_of(row), rounded(metric, value))).collect()
}
