//! Does a walk find what the definition says?

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::estate::{Relation, Resolution};

fn graph(nodes: usize, relations: &[(usize, &str, usize)]) -> Graph {
    let node = |i| GraphNode { id: format!("id-{i}"), code: format!("code-{i}"), ..GraphNode::default() };
    let relation = |&(s, t, o): &(usize, &str, usize)| Relation::new(format!("id-{s}"), t, format!("id-{o}"));
    Graph::build((0..nodes).map(node).collect(), &relations.iter().map(relation).collect::<Vec<_>>())
}

fn at(graph: &Graph, i: usize) -> NodeId {
    graph.find(&format!("id-{i}")).unwrap()
}

fn reached(graph: &Graph, start: usize, view: View, depth: u32) -> BTreeMap<String, u32> {
    let found = graph.expand(&Expand::new(at(graph, start), view, depth));
    found.nodes.iter().map(|r| (graph.node(r.node).id.clone(), r.hops)).collect()
}

/// The chain 0 needs 1 needs 2 needs 3 needs 4.
fn chain() -> Graph {
    graph(5, &[(0, "DEPENDS_ON", 1), (1, "RUNS_ON", 2), (2, "USES", 3), (3, "DEPLOYED_ON", 4)])
}

#[test]
fn impact_follows_dependents() {
    let chain = chain();
    let up: BTreeMap<String, u32> = [("id-2".into(), 0), ("id-1".into(), 1), ("id-0".into(), 2)].into();
    assert_eq!(reached(&chain, 2, View::Impact, 6), up);
    let down: BTreeMap<String, u32> = [("id-2".into(), 0), ("id-3".into(), 1), ("id-4".into(), 2)].into();
    assert_eq!(reached(&chain, 2, View::Dependencies, 6), down);
    assert_eq!(reached(&chain, 2, View::Dependency, 6).len(), 5);
}

#[test]
fn impact_reaches_the_whole_of_a_broken_part() {
    let parts = graph(3, &[(0, "COMPOSED_OF", 1), (1, "PROTECTED_BY", 2)]);
    assert_eq!(reached(&parts, 1, View::Impact, 6).keys().collect::<Vec<_>>(), ["id-0", "id-1"]);
    assert_eq!(reached(&parts, 2, View::Impact, 6).len(), 1);
    assert_eq!(reached(&parts, 0, View::Composition, 3).len(), 2);
}

#[test]
fn cause_four_hops_away_is_in_sight() {
    assert!(View::Dependency.max_depth() >= 4 && View::Impact.max_depth() >= 4);
    assert!(reached(&chain(), 0, View::Dependency, 4).contains_key("id-4"));
}

#[test]
fn unknown_relation_is_never_followed() {
    let odd = graph(2, &[(0, "ADMIRES", 1)]);
    for view in View::ALL {
        assert_eq!(reached(&odd, 0, view, view.max_depth()).len(), 1, "{view:?}");
    }
}

#[test]
fn repeated_relation_is_one_edge() {
    let twice = graph(2, &[(0, "DEPENDS_ON", 1), (0, "DEPENDS_ON", 1), (0, "USES", 1), (0, "DEPENDS_ON", 0)]);
    let found = twice.expand(&Expand::new(at(&twice, 0), View::Dependency, 2));
    assert_eq!(found.edges.len(), 3);
    assert_eq!(found.rel_type_counts.values().sum::<usize>(), 3);
    assert_eq!(found.truncated, None);
}

#[test]
fn limit_names_what_it_cut() {
    let star = graph(10, &(1..10).map(|i| (0, "DEPENDS_ON", i)).collect::<Vec<_>>());
    let mut query = Expand::new(at(&star, 0), View::Dependencies, 1);
    query.max_nodes = 4;
    let found = star.expand(&query);
    assert_eq!((found.nodes.len(), found.edges.len(), found.truncated), (4, 3, Some(WalkLimit::MaxNodes)));
    query.max_nodes = 10;
    query.max_edges = 2;
    let found = star.expand(&query);
    assert_eq!((found.nodes.len(), found.edges.len(), found.truncated), (3, 2, Some(WalkLimit::MaxEdges)));
    query.max_edges = 9;
    assert_eq!(star.expand(&query).truncated, None);
    assert_eq!(star.reach(at(&star, 0), View::Dependencies, 1), (10, 9));
}

#[test]
fn no_path_within_hops_is_none() {
    let chain = chain();
    let path = |hops| chain.shortest_path(at(&chain, 0), at(&chain, 4), View::Path, hops);
    assert_eq!(path(4).unwrap().edges.len(), 4);
    assert_eq!(path(3), None);
    let own = chain.shortest_path(at(&chain, 1), at(&chain, 1), View::Path, 3).unwrap();
    assert_eq!((own.nodes.len(), own.edges.len()), (1, 0));
}

#[test]
fn name_in_any_case_resolves_and_ambiguous_gives_all() {
    let named = |id: &str, code: &str, name: &str| GraphNode {
        id: id.to_owned(),
        code: code.to_owned(),
        name: name.to_owned(),
        ..GraphNode::default()
    };
    let graph =
        Graph::build(vec![named("1", "db-a", "Orders"), named("2", "db-b", "Orders"), named("3", "web", "Shop")], &[]);
    assert!(matches!(graph.resolve("WEB"), Resolution::Exact(hint) if hint.ci_id == "3"));
    assert!(matches!(graph.resolve("shop"), Resolution::Exact(hint) if hint.ci_id == "3"));
    assert!(matches!(graph.resolve("orders"), Resolution::Ambiguous(all) if all.len() == 2));
    assert!(matches!(graph.resolve("db-c"), Resolution::Unknown(near) if near.len() == 2));
    assert!(matches!(graph.resolve("zzzzzz"), Resolution::Unknown(near) if near.is_empty()));
}

/// Walks by definition: level by level over a plain list of relations.
fn naive(relations: &[(usize, &str, usize)], start: usize, view: View, depth: u32) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::from([(start, 0)]);
    for hop in 1..=depth {
        let before: BTreeSet<usize> = found.keys().copied().collect();
        for &(source, rel_type, target) in relations.iter().filter(|r| view.relations().contains(&r.1)) {
            let _: &str = rel_type;
            if view.direction() != Direction::In && before.contains(&source) {
                found.entry(target).or_insert(hop);
            }
            if view.direction() != Direction::Out && before.contains(&target) {
                found.entry(source).or_insert(hop);
            }
        }
    }
    found.into_iter().map(|(i, hops)| (format!("id-{i}"), hops)).collect()
}

fn relations() -> impl Strategy<Value = Vec<(usize, &'static str, usize)>> {
    let rel_type = prop::sample::select(vec!["DEPENDS_ON", "RUNS_ON", "COMPOSED_OF", "PROTECTED_BY", "ADMIRES"]);
    prop::collection::vec((0..12_usize, rel_type, 0..12_usize), 0..40)
}

proptest! {
    #[test]
    fn walk_agrees_with_definition(
        relations in relations(),
        start in 0..12_usize,
        view in prop::sample::select(View::ALL.to_vec()),
        depth in 1..7_u32,
    ) {
        let graph = graph(12, &relations);
        let found = graph.expand(&Expand::new(at(&graph, start), view, depth));
        prop_assert_eq!(reached(&graph, start, view, depth), naive(&relations, start, view, depth));
        let unique: BTreeSet<_> = found.edges.iter().map(|e| (e.source, e.target, e.rel_type.clone())).collect();
        prop_assert_eq!(unique.len(), found.edges.len());
        prop_assert_eq!(found.rel_type_counts.values().sum::<usize>(), found.edges.len());
        prop_assert_eq!(graph.reach(at(&graph, start), view, depth), (found.nodes.len(), found.edges.len()));
    }

    #[test]
    fn limited_walk_keeps_both_ends_of_every_edge(
        relations in relations(),
        max_nodes in 1..8_usize,
        max_edges in 0..8_usize,
    ) {
        let graph = graph(12, &relations);
        let mut query = Expand::new(at(&graph, 0), View::Dependency, 6);
        let whole = graph.expand(&query);
        (query.max_nodes, query.max_edges) = (max_nodes, max_edges);
        let found = graph.expand(&query);
        prop_assert!(found.nodes.len() <= max_nodes && found.edges.len() <= max_edges);
        let nodes: BTreeSet<NodeId> = found.nodes.iter().map(|r| r.node).collect();
        prop_assert!(found.edges.iter().all(|e| nodes.contains(&e.source) && nodes.contains(&e.target)));
        let cut = found.nodes.len() < whole.nodes.len() || found.edges.len() < whole.edges.len();
        prop_assert_eq!(found.truncated.is_some(), cut);
    }

    #[test]
    fn path_is_as_short_as_the_walk_says(relations in relations(), target in 0..12_usize) {
        let graph = graph(12, &relations);
        let hops = naive(&relations, 0, View::Path, 12).get(&format!("id-{target}")).copied();
        let path = graph.shortest_path(at(&graph, 0), at(&graph, target), View::Path, 12);
        prop_assert_eq!(path.as_ref().map(|p| p.edges.len()), hops.map(|h| h as usize));
        if let Some(path) = path {
            let joins = |(pair, edge): (&[NodeId], &GraphEdge)| {
                (edge.source, edge.target) == (pair[0], pair[1]) || (edge.source, edge.target) == (pair[1], pair[0])
            };
            prop_assert!(path.nodes.windows(2).zip(&path.edges).all(joins));
        }
    }
}
