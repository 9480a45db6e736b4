//! What kind of item is a node, by the name AWS gave it?

/// Parts of names, and the type, subtype and category they tell; the first that occurs counts.
///
/// A load balancer's host name comes before `_remote`, which only says that it was seen from the outside.
const KINDS: [(&str, &str, &str, &str); 15] = [
    ("AWS::ECS", "SW", "app", "container"),
    ("AWS::Lambda", "SW", "app", "function"),
    ("DynamoDB", "SW", "db", "nosql"),
    ("SQL", "SW", "db", "sql"),
    ("AWS::RDS", "SW", "db", "sql"),
    (".elb.", "HW", "network", "load_balancer"),
    ("ElasticLoadBalancing", "HW", "network", "load_balancer"),
    ("ApiGateway", "HW", "network", "gateway"),
    ("execute-api", "HW", "network", "gateway"),
    ("AWS::S3", "HW", "storage", "object_store"),
    ("AWS::SQS", "SW", "app", "queue"),
    ("AWS::SNS", "SW", "app", "topic"),
    ("StepFunctions", "SW", "app", "workflow"),
    ("_client", "SW", "app", "client"),
    ("_remote", "SW", "app", "external"),
];

/// Returns (type, subtype, category) of a node; a node of no known kind is an application.
pub(super) fn kind(node: &str) -> (&'static str, &'static str, &'static str) {
    let known = KINDS.iter().find(|(part, ..)| node.contains(part));
    known.map_or(("SW", "app", "service"), |&(_, ci_type, subtype, category)| (ci_type, subtype, category))
}

#[cfg(test)]
mod tests;
